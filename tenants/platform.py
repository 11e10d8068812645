"""The platform's own operator: sees no consultancy's content, except behind a broken glass that everybody hears."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tenants import audit, messages
from tenants.audit import AuditChain, AuditEntry
from tenants.database import db, now, tenant_session
from tenants.keys import TenantOwned
from tenants.models import Membership, Person, Tenant
from tenants.permissions import Role
from tenants.refusal import NotValid, Refusal

GLASS_LASTS = timedelta(minutes=60)
Letter = Callable[[str], tuple[str, str]]  # language -> subject and body of a mail


class PlatformAudit(db.Model):
    """What operators did, and what happened to consultancies as a whole. Inserted, never changed."""

    __tablename__ = "platform_audit"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    verb: Mapped[str] = mapped_column(sa.String(60))
    by_person_id: Mapped[UUID | None]
    tenant_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class BreakGlass(TenantOwned, db.Model):
    """An operator's leave to read one consultancy for an hour, with the reason the owner was told."""

    __tablename__ = "break_glass"
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reason: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime]


class NoReason(NotValid):
    """An operator looks into a consultancy for a reason, or not at all."""


class ConsultancySuspended(Refusal):
    """Nobody enters a suspended consultancy, the operator neither."""


class GlassIsOpen(Refusal):
    """The operator already reads this consultancy; one reason at a time."""


def note(verb: str, *, by: UUID | None, tenant_id: UUID | None = None, **details: Any) -> None:
    """Write down what an operator (a person; None for the command line) did."""
    plain = json.loads(json.dumps(details, default=str))
    db.session.add(PlatformAudit(verb=verb, by_person_id=by, tenant_id=tenant_id, details=plain))


def appoint(person: Person, *, by: UUID | None) -> None:
    """The person runs the platform from now on."""
    person.operator = True
    note("operator.appointed", by=by, person=person.id)


def dismiss(person: Person, *, by: UUID | None) -> None:
    """The person no longer runs the platform; a glass they broke lets them in no more."""
    person.operator = False
    note("operator.dismissed", by=by, person=person.id)


def consultancies() -> list[Tenant]:
    return list(db.session.scalars(sa.select(Tenant).order_by(sa.func.lower(Tenant.name), Tenant.id)))


def consultancy(tenant_id: UUID) -> Tenant | None:
    return db.session.get(Tenant, tenant_id)


def trail(*, page: int = 1, per_page: int = 100) -> list[tuple[PlatformAudit, str | None, str | None]]:
    """What happened to the platform, newest first, with the operator's name and the consultancy's."""
    rows = db.session.execute(
        sa.select(PlatformAudit, Person.name, Tenant.name)
        .outerjoin(Person, Person.id == PlatformAudit.by_person_id)
        .outerjoin(Tenant, Tenant.id == PlatformAudit.tenant_id)
        .order_by(PlatformAudit.at.desc(), PlatformAudit.id)
        .limit(per_page)
        .offset((page - 1) * per_page)
    )
    return [(entry, operator, tenant) for entry, operator, tenant in rows]


def suspend(tenant: Tenant, *, reason: str, by: UUID | None) -> None:
    """Nobody enters the consultancy from now on and its queued documents wait; what is stored stays."""
    if not reason.strip():
        raise NoReason
    if tenant.suspended_at:
        return
    tenant_session().enter(tenant.id)
    tenant.suspended_at = now()
    for glass, _name in open_glasses():
        heal(glass, by=None, person_id=by)
    _tell_the_trail("consultancy.suspended", tenant, reason=reason)
    note("consultancy.suspended", by=by, tenant_id=tenant.id, reason=reason)


def resume(tenant: Tenant, *, by: UUID | None) -> None:
    if tenant.suspended_at is None:
        return
    tenant_session().enter(tenant.id)
    tenant.suspended_at = None
    _tell_the_trail("consultancy.resumed", tenant)
    note("consultancy.resumed", by=by, tenant_id=tenant.id)


def break_glass(tenant: Tenant, *, person: Person, reason: str, letter: Letter) -> BreakGlass:
    """The operator may read the consultancy for an hour. Its owners are told, and both trails remember.

    `letter` writes the mail in an owner's language. Raises NoReason, ConsultancySuspended, GlassIsOpen.
    """
    if not reason.strip():
        raise NoReason
    if tenant.suspended_at:
        raise ConsultancySuspended(tenant.name)
    tenant_session().enter(tenant.id)
    moment = now()
    # the consultancy's row is the lock: two presses of the button break one glass
    db.session.execute(sa.select(Tenant.id).where(Tenant.id == tenant.id).with_for_update())
    if any(glass.person_id == person.id for glass, _name in open_glasses()):
        raise GlassIsOpen(tenant.name)
    glass = BreakGlass(person_id=person.id, reason=reason, opened_at=moment, until=moment + GLASS_LASTS)
    db.session.add(glass)
    db.session.flush()
    for owner in owners():
        subject, body = letter(owner.language)
        messages.write(to_email=owner.email, subject=subject, body=body)
    audit.record("glass.broken", glass, by=None, operator=person.id, reason=reason, until=glass.until)
    note("glass.broken", by=person.id, tenant_id=tenant.id, glass=glass.id, reason=reason)
    return glass


def heal(glass: BreakGlass, *, by: UUID | None, person_id: UUID | None) -> None:
    """The operator reads no further. `by`: the member who ended it; None when the platform did."""
    glass.until = now()
    audit.record("glass.healed", glass, by=by)
    note("glass.healed", by=person_id, tenant_id=glass.tenant_id, glass=glass.id)


def open_glasses() -> list[tuple[BreakGlass, str]]:
    """The broken glasses of the entered consultancy that have not healed, with the operators' names."""
    rows = db.session.execute(
        sa.select(BreakGlass, Person.name)
        .join(Person, Person.id == BreakGlass.person_id)
        .where(BreakGlass.until > now())
        .order_by(BreakGlass.opened_at)
    )
    return [(glass, name) for glass, name in rows]


def find_glass(glass_id: UUID) -> BreakGlass | None:
    """A glass of the entered consultancy that has not healed."""
    return db.session.scalar(sa.select(BreakGlass).where(BreakGlass.id == glass_id, BreakGlass.until > now()))


def page_read(glass_id: UUID, path: str) -> None:
    """Note in the consultancy's trail that a page was read behind the glass; once per address is enough."""
    glass = db.session.execute(sa.select(BreakGlass).where(BreakGlass.id == glass_id)).scalar_one()
    read = sa.select(AuditEntry.id).where(
        AuditEntry.verb == "glass.page_read",
        AuditEntry.subject_id == glass_id,
        AuditEntry.details["path"].as_string() == path,
    )
    if db.session.scalar(read.limit(1)) is None:
        audit.record("glass.page_read", glass, by=None, path=path, operator=glass.person_id)


def owners() -> list[Person]:
    """Who answers for the entered consultancy today."""
    return list(
        db.session.scalars(
            sa.select(Person)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.role == Role.OWNER, Membership.left_on.is_(None))
            .order_by(Person.email)
        )
    )


def _tell_the_trail(verb: str, tenant: Tenant, **details: Any) -> None:
    """A consultancy that nobody joined yet has no trail to tell."""
    if db.session.scalar(sa.select(AuditChain.id)) is not None:
        audit.record(verb, tenant, by=None, **details)
