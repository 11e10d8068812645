"""Who of the consultancy helped a client with its system, as the consultancy declares it beside what is on record."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.client import Client
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant
from tenants.models import Membership

PARTS = ("consulted", "wrote")


class Involvement(TenantOwned, db.Model):
    """A person consulted for a client, or wrote part of its system, before the platform knew either. Without
    `until_on` it goes on. What engagements and documents on record say is read from them, never copied here."""

    __tablename__ = "involvement"
    __table_args__ = (
        refers_to("client"),
        refers_to("membership"),
        refers_to("membership", by="by_id"),
        sa.Index(None, "tenant_id", "client_id"),
        sa.CheckConstraint("part in ('consulted', 'wrote')", name="part"),
        sa.CheckConstraint("until_on >= from_on", name="dates"),
    )
    client_id: Mapped[UUID]
    membership_id: Mapped[UUID]
    part: Mapped[str] = mapped_column(sa.String(12))
    what: Mapped[str] = mapped_column(sa.String(120))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    by_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    client: Mapped[Client] = relationship(primaryjoin=lambda: within_tenant(Involvement.client_id, Client))
    membership: Mapped[Membership] = relationship(
        primaryjoin=lambda: within_tenant(Involvement.membership_id, Membership)
    )
