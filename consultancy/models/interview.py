"""What people of the client were asked and what they confirmed. Who they are is stored nowhere."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.engagement import Engagement
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant


class Interview(TenantOwned, db.Model):
    """One person asked, known by a number of the engagement only: what a worker says must not come back to them.

    `by_id` is the consultant who asked. `changed_at` moves with every saving of the sheet, and with it the revision.
    """

    __tablename__ = "interview"
    __table_args__ = (
        refers_to("engagement"),
        refers_to("site"),
        refers_to("membership", by="by_id"),
        sa.UniqueConstraint("tenant_id", "engagement_id", "number"),
        sa.CheckConstraint("shift between 1 and 6", name="shift"),
    )
    engagement_id: Mapped[UUID]
    number: Mapped[int]
    role: Mapped[str] = mapped_column(sa.String(20))  # a key of the roles in sampling.json
    site_id: Mapped[UUID | None]
    shift: Mapped[int | None] = mapped_column(sa.SmallInteger)
    held_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    revision: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship(
        primaryjoin=lambda: within_tenant(Interview.engagement_id, Engagement)
    )

    __mapper_args__ = {"version_id_col": revision}

    @property
    def label(self) -> str:
        return f"I-{self.number:02}"


class InterviewAnswer(TenantOwned, db.Model):
    """What one person confirmed of one requirement. The same number may mean something else in another standard, so
    the answer names the one it was asked for."""

    __tablename__ = "interview_answer"
    __table_args__ = (
        refers_to("interview"),
        sa.UniqueConstraint("tenant_id", "interview_id", "standard", "requirement"),
        sa.CheckConstraint("confirmed in ('yes', 'partly', 'no', 'unknown')", name="confirmed"),
    )
    interview_id: Mapped[UUID]
    standard: Mapped[str] = mapped_column(sa.String(40))
    requirement: Mapped[str] = mapped_column(sa.String(20))
    confirmed: Mapped[str] = mapped_column(sa.String(8))
    note: Mapped[str] = mapped_column(default="")

    interview: Mapped[Interview] = relationship(
        primaryjoin=lambda: within_tenant(InterviewAnswer.interview_id, Interview)
    )
