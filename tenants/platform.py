"""The platform's own operator: sees no consultancy's content, except behind a broken glass that everybody hears."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import db, now
from tenants.keys import TenantOwned


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
