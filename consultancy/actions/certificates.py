"""Keeping a client's certificates."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions.clients import ChangedMeanwhile
from consultancy.certification import overlaps, renews, same_scope
from consultancy.models.certificate import Certificate
from consultancy.models.client import Client
from consultancy.models.recognition import Recognition
from tenants import audit
from tenants.database import db
from tenants.refusal import NotValid, Refusal

FIELDS = (
    "standard", "title", "registrar", "accreditation", "number", "scope", "standing", "issued_on", "expires_on",
    "stage_1_on", "stage_2_on", "lead_auditor", "audit_on", "audit_closed_on", "second_year_on", "third_year_on",
    "further_on", "fourth_year_on", "next_audit_on", "note",
)  # fmt: skip
AUDITS = ("second_year_on", "third_year_on", "further_on", "fourth_year_on")  # held after the issue, in this order


class NameMissing(NotValid):
    """A certificate for a standard that is not in the list says which."""


class IssueMissing(NotValid):
    """A certificate that is more than planned has a day on which it was issued."""


class ExpiresBeforeIssue(NotValid):
    """A certificate cannot end before it begins."""


class StagesOutOfOrder(NotValid):
    """Stage 2 follows Stage 1."""


class ClosedBeforeAudit(NotValid):
    """An audit is closed after it was held."""


class YearsOutOfOrder(NotValid):
    """The audits of the years after the certificate are held after its issue, one after the other."""


class HeldInFuture(NotValid):
    """What is said to be held or closed lies behind us. The argument: the field."""


class IssuedInFuture(NotValid):
    """A certificate of a later day is planned."""


class ClosedAfterApplication(NotValid):
    """An application for recognition rests on this audit and was made before it is said to be closed."""


class CertificateInUse(Refusal):
    """An application for recognition rests on it."""


class Overlapping(NotValid):
    """Another certificate of the client, for the same standard and scope, holds on some of the same days, and neither
    renews the other."""


def add_certificate(client: Client, *, today: date, by: UUID | None, **fields: Any) -> Certificate:
    """Record a certificate, or one that is planned.

    Raises NameMissing, IssueMissing, IssuedInFuture, ExpiresBeforeIssue, StagesOutOfOrder, ClosedBeforeAudit,
    HeldInFuture, YearsOutOfOrder, Overlapping.
    """
    certificate = Certificate(client_id=client.id, **{name: fields[name] for name in FIELDS if name in fields})
    _check(client, certificate, None, today)
    db.session.add(certificate)
    db.session.flush()
    audit.record("certificate.added", certificate, by=by)
    return certificate


def change_certificate(certificate: Certificate, *, revision: int, today: date, by: UUID | None, **fields: Any) -> None:
    """Correct a certificate, or say that the next audit was held. Raises what add_certificate raises, and
    ChangedMeanwhile."""
    if certificate.revision != revision:
        raise ChangedMeanwhile(certificate.number or certificate.registrar)
    kept = {name: getattr(certificate, name) for name in FIELDS}
    wanted = kept | {name: fields[name] for name in FIELDS if name in fields}
    _check(certificate.client, Certificate(**wanted), certificate.id, today)
    _refuse_closed_after(certificate, wanted["audit_closed_on"])
    changed = [name for name in FIELDS if wanted[name] != kept[name]]
    for name in changed:
        setattr(certificate, name, wanted[name])
    db.session.flush()
    if changed:
        audit.record("certificate.changed", certificate, by=by, fields=changed)


def remove_certificate(certificate: Certificate, *, by: UUID | None) -> None:
    """Take away what was recorded by mistake; what ended is withdrawn or simply expires. Raises CertificateInUse."""
    if db.session.scalar(sa.select(Recognition.id).where(Recognition.certificate_id == certificate.id).limit(1)):
        raise CertificateInUse(certificate.number)
    audit.record("certificate.removed", certificate, by=by)
    db.session.delete(certificate)
    db.session.flush()


def _check(client: Client, one: Certificate, itself: UUID | None, today: date) -> None:
    if one.standard == "other" and not one.title:
        raise NameMissing
    if one.standing != "planned" and one.issued_on is None:
        raise IssueMissing
    if one.standing != "planned" and one.issued_on and one.issued_on > today:
        raise IssuedInFuture(one.issued_on)
    if one.issued_on and one.expires_on and one.expires_on <= one.issued_on:
        raise ExpiresBeforeIssue(one.issued_on)
    if one.stage_1_on and one.stage_2_on and one.stage_2_on < one.stage_1_on:
        raise StagesOutOfOrder(one.stage_1_on)
    if one.audit_on and one.audit_closed_on and one.audit_closed_on < one.audit_on:
        raise ClosedBeforeAudit(one.audit_on)
    for name in ("audit_closed_on", *AUDITS):
        if (day := getattr(one, name)) and day > today:
            raise HeldInFuture(name)
    years = [day for day in (one.issued_on, *(getattr(one, name) for name in AUDITS)) if day]
    if years != sorted(years):
        raise YearsOutOfOrder
    _refuse_overlap(client, one, itself)


def _refuse_closed_after(certificate: Certificate, closed_on: date | None) -> None:
    applied = db.session.scalar(
        sa.select(sa.func.min(Recognition.applied_on)).where(Recognition.certificate_id == certificate.id)
    )
    if applied and (closed_on is None or closed_on > applied):
        raise ClosedAfterApplication(applied)


def _refuse_overlap(client: Client, one: Certificate, itself: UUID | None) -> None:
    """Asked while the client is locked: two forms sent at once could each find the other not there yet."""
    if one.standing not in ("in_force", "suspended") or one.issued_on is None:
        return
    db.session.execute(sa.select(Client.id).where(Client.id == client.id).with_for_update())
    rows = db.session.execute(
        sa.select(Certificate.number, Certificate.scope, Certificate.issued_on, Certificate.expires_on).where(
            Certificate.client_id == client.id,
            Certificate.id.is_distinct_from(itself),
            Certificate.standard == one.standard,
            Certificate.title == (one.title or ""),
            Certificate.standing.in_(("in_force", "suspended")),
        )
    )
    for number, scope, issued, expires in rows:
        mine, theirs = (one.issued_on, one.expires_on or date.max), (issued or date.min, expires or date.max)
        if renews(mine, theirs) or renews(theirs, mine):
            continue
        if same_scope(scope, one.scope or "") and overlaps(mine, theirs):
            raise Overlapping(number, issued, expires)
