"""What an employer pays to the WSIB, and amounts of rebates that nobody publishes, as the consultancy entered them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.client import Client
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant
from tenants.models import Membership

DOLLARS = sa.Numeric(12, 2)


class Premium(TenantOwned, db.Model):
    """The premiums of one WSIB year, in dollars, and how far the employer's own claims foretell its rate."""

    __tablename__ = "premium"
    __table_args__ = (
        refers_to("client"),
        refers_to("membership", by="by_id"),
        sa.UniqueConstraint("tenant_id", "client_id", "year"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("predictability in ('low', 'high', 'unknown')", name="predictability"),
    )
    client_id: Mapped[UUID]
    year: Mapped[int] = mapped_column(sa.SmallInteger)
    amount: Mapped[Decimal] = mapped_column(DOLLARS)
    predictability: Mapped[str] = mapped_column(sa.String(8), default="unknown")
    by_id: Mapped[UUID | None]
    entered_at: Mapped[datetime] = mapped_column(default=now)

    client: Mapped[Client] = relationship(primaryjoin=lambda: within_tenant(Premium.client_id, Client))
    by: Mapped[Membership | None] = relationship(primaryjoin=lambda: within_tenant(Premium.by_id, Membership))


class OwnPremiumBand(TenantOwned, db.Model):
    """A band of premiums that is not shipped, in whole dollars, with what the consultancy read and when."""

    __tablename__ = "own_premium_band"
    __table_args__ = (
        refers_to("membership", by="by_id"),
        sa.CheckConstraint("lowest >= 1", name="lowest"),
        sa.CheckConstraint("highest >= lowest", name="highest"),
        sa.CheckConstraint("per_topic > 0", name="per_topic"),
        sa.CheckConstraint("source <> ''", name="source"),
    )
    lowest: Mapped[int]
    highest: Mapped[int | None]
    per_topic: Mapped[Decimal] = mapped_column(DOLLARS)
    source: Mapped[str] = mapped_column(sa.String(200))
    seen_on: Mapped[date]
    by_id: Mapped[UUID | None]

    by: Mapped[Membership | None] = relationship(primaryjoin=lambda: within_tenant(OwnPremiumBand.by_id, Membership))


class SoseAmount(TenantOwned, db.Model):
    """What somebody was told that a client would be paid for a year of the SOSE program: no formula is published."""

    __tablename__ = "sose_amount"
    __table_args__ = (
        refers_to("client"),
        refers_to("membership", by="by_id"),
        sa.UniqueConstraint("tenant_id", "client_id", "program_year"),
        sa.CheckConstraint("program_year between 1 and 3", name="program_year"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("source <> ''", name="source"),
    )
    client_id: Mapped[UUID]
    program_year: Mapped[int] = mapped_column(sa.SmallInteger)
    amount: Mapped[Decimal] = mapped_column(DOLLARS)
    source: Mapped[str] = mapped_column(sa.String(200))
    seen_on: Mapped[date]
    by_id: Mapped[UUID | None]

    client: Mapped[Client] = relationship(primaryjoin=lambda: within_tenant(SoseAmount.client_id, Client))
