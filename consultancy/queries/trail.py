"""Reading the audit trail: what happened, with the names that belong to its ids today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from consultancy.calendar import ONTARIO
from consultancy.models.client import Client
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from tenants.audit import AuditEntry
from tenants.boundary import owned_models
from tenants.database import db, tenant_session
from tenants.models import Membership

PER_PAGE = 50
# Who took something away or read what names workers.
CARRIED_OUT = ("downloaded", "exported", "read", "page_read")


@dataclass(frozen=True)
class Wanted:
    """What of the trail is asked for; all empty is everything."""

    person: UUID | None = None
    group: str = ""  # the part of a verb before its point
    subject: UUID | None = None
    since: date | None = None
    until: date | None = None
    carried_out: bool = False

    @property
    def anything(self) -> bool:
        return self != Wanted()


class Told(NamedTuple):
    """An entry with the names its ids have today; a name is empty when the row is gone."""

    entry: AuditEntry
    by_name: str
    subject_name: str


def page_of(wanted: Wanted, page: int) -> tuple[list[Told], int]:
    """One page, newest first, and how many there are in all. The same number of statements whatever is on it."""
    conditions = _conditions(wanted)
    total = db.session.scalar(sa.select(sa.func.count(AuditEntry.id)).where(*conditions)) or 0
    entries = db.session.scalars(
        sa.select(AuditEntry)
        .where(*conditions)
        .order_by(AuditEntry.number.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return list(_told(entries)), total


def everything(wanted: Wanted) -> Iterator[Told]:
    """All of it, oldest first, a piece at a time: a trail may hold a million entries."""
    conditions, last = _conditions(wanted), 0
    while entries := db.session.scalars(
        sa.select(AuditEntry)
        .where(*conditions, AuditEntry.number > last)
        .order_by(AuditEntry.number)
        .limit(2_000)
        .execution_options(populate_existing=True)
    ).all():
        last = entries[-1].number
        yield from _told(entries)
        for entry in entries:
            db.session.expunge(entry)


def people() -> list[tuple[UUID, str]]:
    """Everybody who could have done something, former members included."""
    rows = db.session.execute(sa.select(Membership.id, Membership.name).order_by(Membership.name))
    return [(key, name) for key, name in rows]


def member(membership_id: UUID) -> Membership:
    return db.session.get_one(Membership, (tenant_session().tenant_id, membership_id))


def groups() -> list[str]:
    """What entries can be about: the tables of a consultancy."""
    return sorted(owned_models())


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.person:
        conditions.append(AuditEntry.by_id == wanted.person)
    if wanted.group:
        conditions.append(AuditEntry.verb.startswith(f"{wanted.group}.", autoescape=True))
    if wanted.subject:
        conditions.append(AuditEntry.subject_id == wanted.subject)
    if wanted.since:
        conditions.append(AuditEntry.at >= _midnight(wanted.since))
    if wanted.until:
        conditions.append(AuditEntry.at < _midnight(wanted.until + timedelta(days=1)))
    if wanted.carried_out:
        conditions.append(sa.func.split_part(AuditEntry.verb, ".", 2).in_(CARRIED_OUT))
    return conditions


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ONTARIO)


def _told(entries: Any) -> Iterator[Told]:
    people = _names(Membership, Membership.name, {entry.by_id for entry in entries})
    subjects = {entry.subject_id for entry in entries}
    names: dict[UUID, str] = {}
    for model, name in (
        (Client, sa.func.coalesce(sa.func.nullif(Client.trade_name, ""), Client.legal_name)),
        (Engagement, Engagement.title),
        (Deliverable, Deliverable.number.concat(" v").concat(Deliverable.version)),
        (Finding, Finding.title),
        (Membership, Membership.name),
    ):
        names |= _names(model, name, subjects)
    for entry in entries:
        yield Told(entry, people.get(entry.by_id, ""), names.get(entry.subject_id, ""))


def _names(model: Any, name: Any, ids: set[UUID | None]) -> dict[UUID, str]:
    wanted = [key for key in ids if key]
    rows = db.session.execute(sa.select(model.id, name).where(model.id.in_(wanted)))
    return {row.id: row[1] for row in rows}
