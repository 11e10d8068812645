"""What does not conform, and what is done about it."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.engagement import Engagement
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant


class Finding(TenantOwned, db.Model):
    """A graded finding: requirement, statement, evidence. `number` n prints as F-0n, in order of raising."""

    __tablename__ = "finding"
    __table_args__ = (
        refers_to("engagement"),
        refers_to("membership", by="raised_by_id"),
        sa.UniqueConstraint("tenant_id", "engagement_id", "number"),
        sa.Index(
            "ix_finding_open_majors", "tenant_id", "engagement_id",
            postgresql_where=sa.text("grade = 'major' and status in ('open', 'verification')"),
        ),
        sa.Index(
            "uq_finding_training_course", "tenant_id", "engagement_id", "training_course", unique=True,
            postgresql_where=sa.text("training_course <> '' and status <> 'closed'"),
        ),
        sa.CheckConstraint("grade in ('major', 'minor', 'ofi', 'strength')", name="grade"),
        sa.CheckConstraint("status in ('open', 'verification', 'closed', 'noted')", name="status"),
    )  # fmt: skip
    engagement_id: Mapped[UUID]
    number: Mapped[int]
    requirement: Mapped[str] = mapped_column(sa.String(20))
    grade: Mapped[str] = mapped_column(sa.String(10))
    title: Mapped[str] = mapped_column(sa.String(200))
    statement: Mapped[str] = mapped_column(default="")
    evidence: Mapped[str] = mapped_column(default="")
    risk: Mapped[str] = mapped_column(sa.String(40), default="")
    why: Mapped[str] = mapped_column(default="")
    recommendation: Mapped[str] = mapped_column(default="")
    legal_duty: Mapped[str] = mapped_column(sa.String(160), default="")
    owner_text: Mapped[str] = mapped_column(sa.String(120), default="")
    due: Mapped[date | None]
    status: Mapped[str] = mapped_column(sa.String(12), default="open")
    training_course: Mapped[str] = mapped_column(sa.String(12), default="")  # the gap in training it speaks of
    raised_on: Mapped[date]
    raised_by_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    revision: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship(primaryjoin=lambda: within_tenant(Finding.engagement_id, Engagement))

    __mapper_args__ = {"version_id_col": revision}

    @property
    def label(self) -> str:
        return f"F-{self.number:02d}"
