"""One piece of work for one client: a gap analysis, a program development or a pre-audit."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.client import Client, Site
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant
from tenants.models import Membership


class Engagement(TenantOwned, db.Model):
    """`standard` pins a version of the catalogue. `percent` follows the stages and the decided requirements
    (measure_progress), kept here so that the portfolio and the partner board never read ratings.

    `texts` are the paragraphs typed for the report: headline, lead, scope, method, effort, decision, limits, …
    `sample_people` and `sample_shifts` are what the sample was worked out for; without people the client's headcount.
    `interviews_numbered`: the last number given to an interview; a number is never given twice, nor is one taken back.
    """

    __tablename__ = "engagement"
    __table_args__ = (
        refers_to("client"),
        refers_to("membership", by="lead_id"),
        refers_to("engagement", by="follows_id"),
        sa.Index(None, "tenant_id", "client_id"),
        sa.CheckConstraint("kind in ('gap_analysis', 'program_development', 'pre_audit')", name="kind"),
    )
    client_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(sa.String(24))
    standard: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(120))
    language: Mapped[str] = mapped_column(sa.String(2), default="en")
    lead_id: Mapped[UUID | None]
    follows_id: Mapped[UUID | None]
    stage: Mapped[str] = mapped_column(sa.String(20))
    percent: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    opened_on: Mapped[date]
    kick_off_on: Mapped[date | None]
    site_visit_from: Mapped[date | None]
    site_visit_to: Mapped[date | None]
    report_due_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    audit_window: Mapped[str] = mapped_column(sa.String(60), default="")
    independence_note: Mapped[str] = mapped_column(default="")
    legal_hold: Mapped[str] = mapped_column(default="")  # why nothing of it may be destroyed; empty for no hold
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sample_people: Mapped[int | None]
    sample_shifts: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    interviews_numbered: Mapped[int] = mapped_column(default=0)
    ratings_reopened_at: Mapped[datetime | None]  # a report released before that no longer locks them
    created_at: Mapped[datetime] = mapped_column(default=now)
    revision: Mapped[int] = mapped_column(default=1)

    client: Mapped[Client] = relationship(primaryjoin=lambda: within_tenant(Engagement.client_id, Client))
    lead: Mapped[Membership | None] = relationship(primaryjoin=lambda: within_tenant(Engagement.lead_id, Membership))

    __mapper_args__ = {"version_id_col": revision}

    @classmethod
    def portal_rule(cls) -> Any:
        return sa.true()


class EngagementStage(TenantOwned, db.Model):
    """A stage with its planned and real dates; finished once `finished_on` is set."""

    __tablename__ = "engagement_stage"
    __table_args__ = (refers_to("engagement"), sa.UniqueConstraint("tenant_id", "engagement_id", "stage"))
    engagement_id: Mapped[UUID]
    stage: Mapped[str] = mapped_column(sa.String(20))
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    planned_from: Mapped[date | None]
    planned_to: Mapped[date | None]
    started_on: Mapped[date | None]
    finished_on: Mapped[date | None]


class EngagementSite(TenantOwned, db.Model):
    """A workplace that lies in the scope of the engagement."""

    __tablename__ = "engagement_site"
    __table_args__ = (
        refers_to("engagement"),
        refers_to("site"),
        sa.UniqueConstraint("tenant_id", "engagement_id", "site_id"),
    )
    engagement_id: Mapped[UUID]
    site_id: Mapped[UUID]

    site: Mapped[Site] = relationship(primaryjoin=lambda: within_tenant(EngagementSite.site_id, Site))


class Assignment(TenantOwned, db.Model):
    """A member on an engagement: lead, reviewer or consultant. `independence_reason` says why somebody audits a client
    they helped within the scheme's period; empty where nothing is on record, or nobody gave a reason yet."""

    __tablename__ = "assignment"
    __table_args__ = (
        refers_to("engagement"),
        refers_to("membership"),
        sa.UniqueConstraint("tenant_id", "engagement_id", "membership_id"),
    )
    engagement_id: Mapped[UUID]
    membership_id: Mapped[UUID]
    part: Mapped[str] = mapped_column(sa.String(20))
    independence_reason: Mapped[str] = mapped_column(default="")

    membership: Mapped[Membership] = relationship(
        primaryjoin=lambda: within_tenant(Assignment.membership_id, Membership)
    )
