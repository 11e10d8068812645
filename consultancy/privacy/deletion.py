"""Destroying what is no longer ours to keep: rows now, files right after, a certificate for good."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.client import Client
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.models.retention import DeletionCertificate
from consultancy.privacy import inventory
from consultancy.privacy.exports import holding
from tenants import audit
from tenants.database import db, now, tenant_session
from tenants.files import Files, prefix_of, sha256_in
from tenants.models import Consent, Membership, Person, SignIn, Tenant
from tenants.platform import PlatformAudit
from tenants.refusal import NotValid, Refusal
from tenants.sign_ins import memberships_of
from tenants.tokens import Token


class UnderLegalHold(Refusal):
    """Somebody forbade the destruction: a dispute, an inspection, a claim."""


class StillOpen(Refusal):
    """An engagement that is not closed is still worked on."""


class StillWriting(Refusal):
    """A document of it is being written right now."""


class NotTheName(NotValid):
    """What was typed to confirm is not what is to be destroyed."""


def delete_client(client: Client, *, typed: str, reason: str, by: UUID) -> DeletionCertificate:
    """Destroy everything of one client. Raises NotTheName, UnderLegalHold, StillOpen, StillWriting."""
    if typed.strip().upper() != client.code:
        raise NotTheName(client.code)
    db.session.execute(sa.select(Client.id).where(Client.id == client.id).with_for_update())
    engagements = list(db.session.scalars(sa.select(Engagement).where(Engagement.client_id == client.id)))
    refuse_held(engagements)
    still_open = next((one for one in engagements if one.closed_on is None), None)
    if still_open:
        raise StillOpen(still_open.title)
    certificate = destroy(
        Client, [client.id], subject="client", subject_id=client.id, label=client.code, reason=reason, by=by,
        exports=holding(client.id),
    )  # fmt: skip
    audit.record("client.deleted", certificate, by=by, client=client.id)
    return certificate


def refuse_held(engagements: Iterable[Engagement]) -> None:
    held = next((one for one in engagements if one.legal_hold), None)
    if held:
        raise UnderLegalHold(held.title)


def destroy(
    top: Any,
    roots: list[UUID],
    *,
    subject: str,
    subject_id: UUID,
    label: str,
    reason: str,
    by: UUID,
    exports: Iterable[str] = (),
) -> DeletionCertificate:
    """Everything below these rows, with the certificate that it happened. Files follow by `remove_files`.

    `exports` hold copies of what goes, so they go with it.
    """
    rows = inventory.rows_below(top, roots)
    refuse_writing(rows.get(Deliverable, []))
    keys = inventory.file_keys(rows)
    counts = inventory.counts(rows)
    people = _people(rows.get(Membership, []))
    consents = _delete_consents(rows.get(Engagement, []))
    _delete_rows(rows)
    _end_sign_ins(people)
    return certify(
        subject=subject,
        subject_id=subject_id,
        label=label,
        reason=reason,
        by=by,
        counts=counts | ({"consent": consents} if consents else {}),
        keys=(keys - inventory.still_named(keys)) | set(exports),
    )


def certify(*, counts: dict[str, int], keys: Iterable[str], **facts: Any) -> DeletionCertificate:
    files = {key: sha256_in(key) for key in sorted(keys)}
    by = facts.pop("by")
    certificate = DeletionCertificate(
        **facts, by_id=by, counts=counts | {"files": len(files)}, files_sha256=files, at=now()
    )
    db.session.add(certificate)
    db.session.flush()
    return certificate


def remove_files(certificate: DeletionCertificate, files: Files) -> int:
    """After the rows are gone for good. May be done again: what is named by a row once more is left where it lies."""
    keys = set(certificate.files_sha256)
    for key in sorted(keys - inventory.still_named(keys)):
        files.delete(key)
    return len(keys)


def delete_tenant(tenant: Tenant, *, typed: str, reason: str, by: UUID, by_person: UUID, files: Files) -> None:
    """Destroy everything of the entered consultancy. Its trail and its certificates stay, with ids only; its name goes.

    Raises NotTheName, UnderLegalHold, StillWriting.
    """
    tenant_id = tenant_session().tenant_id
    if typed.strip() != tenant.name:
        raise NotTheName(tenant.name)
    refuse_held(db.session.scalars(sa.select(Engagement).where(Engagement.legal_hold != "")))
    doomed = [model for model in inventory.of_tenant() if model.__tablename__ not in inventory.SURVIVES]
    rows = {model: list(db.session.scalars(sa.select(model.id))) for model in doomed}
    refuse_writing(rows[Deliverable])
    counts = inventory.counts(rows)
    people = _people(rows[Membership])
    counts["consent"] = _delete_consents(None)
    _delete_rows(rows)
    counts["token"] = _rowcount(sa.delete(Token).where(Token.tenant_id == tenant_id))
    certificate = certify(
        subject="tenant",
        subject_id=tenant_id,
        label=str(tenant_id),
        reason=reason,
        by=by,
        counts=counts,
        keys=files.listing(prefix_of(tenant_id)),
    )
    audit.record("tenant.deleted", certificate, by=by)
    db.session.add(
        PlatformAudit(
            verb="tenant.deleted",
            by_person_id=by_person,
            tenant_id=tenant_id,
            details={"certificate": str(certificate.id)},
        )
    )
    tenant.suspended_at = now()
    tenant.slug = f"gone-{tenant_id.hex[:12]}"
    tenant.name = tenant.legal_name = tenant.address = tenant.email = tenant.phone = ""
    db.session.flush()
    _end_sign_ins(people)


def remove_all_files(tenant_id: UUID, files: Files) -> int:
    """Empty a destroyed consultancy's place in the storage."""
    keys = list(files.listing(prefix_of(tenant_id)))
    for key in keys:
        files.delete(key)
    return len(keys)


def refuse_writing(deliverables: list[UUID]) -> None:
    for some in inventory.in_batches(deliverables):
        busy = db.session.scalar(
            sa.select(Deliverable.number).where(Deliverable.id.in_(some), Deliverable.production == "writing").limit(1)
        )
        if busy:
            raise StillWriting(busy)


def _delete_rows(rows: inventory.Ids) -> None:
    """Owned before owners. A row that points at one of its own kind lets go of it first."""
    for model, ids in rows.items():
        for reference in inventory.references(model):
            if reference.target is model:
                _let_go(model, reference.column, ids)
    for model in reversed([model for model in inventory.of_tenant() if model in rows]):
        for some in inventory.in_batches(rows[model]):
            _rowcount(sa.delete(model).where(model.id.in_(some)))


def _let_go(model: Any, column: str, ids: list[UUID]) -> None:
    for some in inventory.in_batches(ids):
        _rowcount(sa.update(model).where(getattr(model, column).in_(some)).values({column: None}))


def _delete_consents(engagements: list[UUID] | None) -> int:
    return _rowcount(sa.delete(Consent).where(inventory.consents(tenant_session().tenant_id, engagements)))


def _people(memberships: list[UUID]) -> list[UUID]:
    if not memberships:
        return []
    return list(db.session.scalars(sa.select(Membership.person_id).where(Membership.id.in_(memberships))))


def _end_sign_ins(people: list[UUID]) -> None:
    """Whoever belongs nowhere any more is signed out everywhere, and no link of theirs opens anything."""
    for person_id in people:
        elsewhere = db.session.scalar(
            sa.select(Person.id).where(
                Person.id == person_id, sa.or_(Person.partner_id.is_not(None), Person.operator.is_(True))
            )
        )
        if elsewhere or memberships_of(person_id):
            continue
        _rowcount(sa.update(SignIn).where(SignIn.person_id == person_id).values(revoked_at=now()))
        _rowcount(sa.delete(Token).where(Token.person_id == person_id))


def _rowcount(statement: Any) -> int:
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return result.rowcount
