"""The plan of a pre-audit: what it is for, who looks at what and when, who came to its meetings, how long it takes."""

from datetime import date, time
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.client import Site
from consultancy.models.engagement import Engagement
from tenants.database import db
from tenants.keys import TenantOwned, refers_to, within_tenant
from tenants.models import Membership


class AuditPlan(TenantOwned, db.Model):
    """One for each pre-audit. `stage_2_on` is the registrar's day: what is to be mended is due before it.

    `personnel` to `adjustment_reason` are the inputs of the estimate of audit days (consultancy/audit_days.py);
    `adjustment` is in whole percent of the table's days. The revision counts for the head, the attendance and the days
    together; which of them changed is told by their marks (consultancy/queries/audit_plans.py).
    """

    __tablename__ = "audit_plan"
    __table_args__ = (
        refers_to("engagement"),
        sa.UniqueConstraint("tenant_id", "engagement_id"),
        sa.CheckConstraint("stage_2_on >= stage_1_on", name="stages"),
        sa.CheckConstraint("risk in ('', 'high', 'medium', 'low')", name="risk"),
    )
    engagement_id: Mapped[UUID]
    objectives: Mapped[str] = mapped_column(default="")
    criteria: Mapped[str] = mapped_column(default="")
    scope: Mapped[str] = mapped_column(default="")
    registrar: Mapped[str] = mapped_column(sa.String(120), default="")
    stage_1_on: Mapped[date | None]
    stage_2_on: Mapped[date | None]
    personnel: Mapped[int | None]
    risk: Mapped[str] = mapped_column(sa.String(8), default="")
    shifts: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    sites: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    adjustment: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    adjustment_reason: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship(
        primaryjoin=lambda: within_tenant(AuditPlan.engagement_id, Engagement)
    )

    __mapper_args__ = {"version_id_col": revision}


class PlanLine(TenantOwned, db.Model):
    """From when to when somebody audits something. Without an auditor it is the whole team's: meetings, meals."""

    __tablename__ = "plan_line"
    __table_args__ = (
        refers_to("engagement"),
        refers_to("site"),
        refers_to("membership", by="auditor_id"),
        sa.Index(None, "tenant_id", "engagement_id"),
        sa.CheckConstraint("ends > starts", name="times"),
    )
    engagement_id: Mapped[UUID]
    day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    site_id: Mapped[UUID | None]
    place: Mapped[str] = mapped_column(sa.String(120), default="")
    activity: Mapped[str] = mapped_column(sa.String(200))
    requirements: Mapped[str] = mapped_column(sa.String(120), default="")  # clauses or elements, as typed
    auditor_id: Mapped[UUID | None]
    auditee: Mapped[str] = mapped_column(sa.String(120), default="")
    revision: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship(primaryjoin=lambda: within_tenant(PlanLine.engagement_id, Engagement))
    site: Mapped[Site | None] = relationship(primaryjoin=lambda: within_tenant(PlanLine.site_id, Site))
    auditor: Mapped[Membership | None] = relationship(
        primaryjoin=lambda: within_tenant(PlanLine.auditor_id, Membership)
    )

    __mapper_args__ = {"version_id_col": revision}


class Attendee(TenantOwned, db.Model):
    """Somebody who signed the list of the opening or of the closing meeting. Nobody else's name is kept here."""

    __tablename__ = "attendee"
    __table_args__ = (
        refers_to("engagement"),
        sa.UniqueConstraint("tenant_id", "engagement_id", "position"),
        sa.CheckConstraint("opening or closing", name="came"),
    )
    engagement_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    name: Mapped[str] = mapped_column(sa.String(120))
    role: Mapped[str] = mapped_column(sa.String(120), default="")
    opening: Mapped[bool] = mapped_column(default=False)
    closing: Mapped[bool] = mapped_column(default=False)
