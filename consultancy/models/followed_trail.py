"""Audit trails: one thing followed across requirements, as an auditor does with an incident or a new machine."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.engagement import Engagement
from tenants.database import db
from tenants.keys import TenantOwned, refers_to, within_tenant

RESULTS = ("open", "holds", "breaks")


class FollowedTrail(TenantOwned, db.Model):
    """What was followed and how it ended: it holds, it breaks somewhere, or it is not at its end yet."""

    __tablename__ = "followed_trail"
    __table_args__ = (
        refers_to("engagement"),
        sa.Index(None, "tenant_id", "engagement_id"),
        sa.CheckConstraint("result in ('open', 'holds', 'breaks')", name="result"),
    )
    engagement_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(sa.String(120))
    result: Mapped[str] = mapped_column(sa.String(8), default="open")
    conclusion: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship(
        primaryjoin=lambda: within_tenant(FollowedTrail.engagement_id, Engagement)
    )

    __mapper_args__ = {"version_id_col": revision}


class TrailStep(TenantOwned, db.Model):
    """One requirement on the way, what was seen of it and how: document, interview or observation."""

    __tablename__ = "trail_step"
    __table_args__ = (
        refers_to("followed_trail"),
        sa.UniqueConstraint("tenant_id", "followed_trail_id", "position"),
        sa.CheckConstraint("method in ('document', 'interview', 'observation')", name="method"),
    )
    followed_trail_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    requirement: Mapped[str] = mapped_column(sa.String(20))
    seen: Mapped[str]
    method: Mapped[str] = mapped_column(sa.String(12))

    trail: Mapped[FollowedTrail] = relationship(
        primaryjoin=lambda: within_tenant(TrailStep.followed_trail_id, FollowedTrail)
    )
