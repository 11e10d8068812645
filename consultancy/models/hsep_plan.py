"""A client's plan of the WSIB's Health and Safety Excellence program: its topics, their five steps, what shows them."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.client import Client
from consultancy.models.evidence import Evidence
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant

ORDER = "approved_on >= joined_on and submitted_on >= approved_on and returned_on >= submitted_on"


class HsepPlan(TenantOwned, db.Model):
    """`provider` approves the plan; from then on there are 12 months to submit. `return_by`: until when the WSIB wants
    what it sent back, as it said. `level` is the highest that was achieved, `badge` how the WSIB calls what it gave."""

    __tablename__ = "hsep_plan"
    __table_args__ = (
        refers_to("client"),
        refers_to("membership", by="by_id"),
        sa.Index(None, "tenant_id", "client_id"),
        sa.CheckConstraint(ORDER, name="in_order"),
        sa.CheckConstraint("level in ('', 'foundation', 'intermediate', 'advanced')", name="level"),
    )
    client_id: Mapped[UUID]
    provider: Mapped[str] = mapped_column(sa.String(120))
    joined_on: Mapped[date | None]
    approved_on: Mapped[date | None]
    submitted_on: Mapped[date | None]
    returned_on: Mapped[date | None]
    return_by: Mapped[date | None]
    remarks: Mapped[str] = mapped_column(default="")
    achieved_on: Mapped[date | None]
    level: Mapped[str] = mapped_column(sa.String(12), default="")
    badge: Mapped[str] = mapped_column(sa.String(80), default="")
    by_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    revision: Mapped[int] = mapped_column(default=1)

    client: Mapped[Client] = relationship(primaryjoin=lambda: within_tenant(HsepPlan.client_id, Client))

    __mapper_args__ = {"version_id_col": revision}


class HsepTopic(TenantOwned, db.Model):
    """A topic that was chosen for a plan, and the gaps it was chosen for, as they were called then.

    `title`: its name as the consultancy read it with the WSIB, where the shipped one is not verified or not known.
    """

    __tablename__ = "hsep_topic"
    __table_args__ = (refers_to("hsep_plan"), sa.UniqueConstraint("tenant_id", "hsep_plan_id", "code"))
    hsep_plan_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(sa.String(12))
    title: Mapped[str] = mapped_column(sa.String(120), default="")
    chosen_for: Mapped[str] = mapped_column(sa.String(240), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)

    plan: Mapped[HsepPlan] = relationship(primaryjoin=lambda: within_tenant(HsepTopic.hsep_plan_id, HsepPlan))


class HsepStep(TenantOwned, db.Model):
    """One of the five steps of a topic: what is done, by whom, by when. `remark`: what the validator said of it."""

    __tablename__ = "hsep_step"
    __table_args__ = (
        refers_to("hsep_topic"),
        sa.UniqueConstraint("tenant_id", "hsep_topic_id", "step"),
        sa.CheckConstraint("step between 1 and 5", name="step"),
    )
    hsep_topic_id: Mapped[UUID]
    step: Mapped[int] = mapped_column(sa.SmallInteger)
    what: Mapped[str] = mapped_column(default="")
    who: Mapped[str] = mapped_column(sa.String(120), default="")
    due: Mapped[date | None]
    done_on: Mapped[date | None]
    remark: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)

    topic: Mapped[HsepTopic] = relationship(primaryjoin=lambda: within_tenant(HsepStep.hsep_topic_id, HsepTopic))

    __mapper_args__ = {"version_id_col": revision}


class HsepProof(TenantOwned, db.Model):
    """A file of the client's evidence shows a step."""

    __tablename__ = "hsep_proof"
    __table_args__ = (
        refers_to("hsep_step"),
        refers_to("evidence"),
        sa.UniqueConstraint("tenant_id", "hsep_step_id", "evidence_id"),
        sa.Index(None, "tenant_id", "evidence_id"),
    )
    hsep_step_id: Mapped[UUID]
    evidence_id: Mapped[UUID]

    step: Mapped[HsepStep] = relationship(primaryjoin=lambda: within_tenant(HsepProof.hsep_step_id, HsepStep))
    evidence: Mapped[Evidence] = relationship(primaryjoin=lambda: within_tenant(HsepProof.evidence_id, Evidence))
