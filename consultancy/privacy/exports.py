"""Which exports were made and still lie in the storage. The audit trail is their record: there is no other table."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from tenants.audit import AuditEntry
from tenants.database import db, now
from tenants.models import Membership

SHELF = "exports"
EXPORTED = ("client.exported", "tenant.exported")
KEPT = timedelta(days=7)  # then the copy is taken away: an export is for carrying out, not for keeping here


class Export(NamedTuple):
    """An archive that somebody made; `key` is where it lies."""

    entry: AuditEntry
    by_name: str | None

    @property
    def key(self) -> str:
        return self.entry.details["key"]

    @property
    def lies_there(self) -> bool:
        return self.entry.at > now() - KEPT


def made(subject_id: UUID | None = None) -> list[Export]:
    """The latest exports of one client, or of the whole consultancy."""
    which = (
        (AuditEntry.verb == "client.exported", AuditEntry.subject_id == subject_id)
        if subject_id
        else (AuditEntry.verb == "tenant.exported",)
    )
    rows = db.session.execute(
        sa.select(AuditEntry, Membership.name)
        .outerjoin(Membership, sa.and_(Membership.tenant_id == AuditEntry.tenant_id, Membership.id == AuditEntry.by_id))
        .where(*which)
        .order_by(AuditEntry.number.desc())
        .limit(20)
    )
    return [Export(entry, name) for entry, name in rows]


def find(entry_id: UUID) -> Export | None:
    entry = db.session.scalar(sa.select(AuditEntry).where(AuditEntry.id == entry_id, AuditEntry.verb.in_(EXPORTED)))
    return Export(entry, None) if entry else None


def find_whole(entry_id: UUID) -> Export | None:
    found = find(entry_id)
    return found if found and found.entry.verb == "tenant.exported" else None


def holding(client_id: UUID) -> list[str]:
    """Where the exports lie, or once lay, that hold this client: its own and those of the whole consultancy."""
    details = db.session.scalars(
        sa.select(AuditEntry.details).where(
            sa.or_(
                AuditEntry.verb == "tenant.exported",
                sa.and_(AuditEntry.verb == "client.exported", AuditEntry.subject_id == client_id),
            )
        )
    )
    return [each["key"] for each in details]


def outlived() -> list[str]:
    """Exports whose time is over."""
    details = db.session.scalars(
        sa.select(AuditEntry.details).where(AuditEntry.verb.in_(EXPORTED), AuditEntry.at <= now() - KEPT)
    )
    return [each["key"] for each in details]
