"""What is done about a finding: correction now, cause, action, proof, and a check of effect by someone else."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.finding import Finding
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant

TO_DO = ("open", "planned")  # these can be late
WHYS = ("why_1", "why_2", "why_3", "why_4", "why_5")
BONES = ("bone_people", "bone_method", "bone_machine", "bone_material", "bone_environment", "bone_measurement")


class CorrectiveAction(TenantOwned, db.Model):
    """`status`: open, planned, done, verified, closed. Overdue is derived from `due`, never stored.

    The cause is sought by up to five whys, each asked of the answer before, or along the six bones of a fishbone;
    `root_cause` is what came out. `effect_due` is the day on which it is looked at whether the action worked.
    """

    __tablename__ = "corrective_action"
    __table_args__ = (
        refers_to("finding"),
        refers_to("engagement"),
        sa.UniqueConstraint("tenant_id", "engagement_id", "number"),
        sa.Index("ix_corrective_action_finding", "tenant_id", "finding_id"),
        sa.CheckConstraint("status in ('open', 'planned', 'done', 'verified', 'closed')", name="status"),
        sa.CheckConstraint("effect_result in ('', 'effective', 'partly', 'not_effective')", name="effect_result"),
    )
    engagement_id: Mapped[UUID]
    finding_id: Mapped[UUID]
    number: Mapped[int]
    correction: Mapped[str] = mapped_column(default="")
    root_cause: Mapped[str] = mapped_column(default="")
    why_1: Mapped[str] = mapped_column(default="")
    why_2: Mapped[str] = mapped_column(default="")
    why_3: Mapped[str] = mapped_column(default="")
    why_4: Mapped[str] = mapped_column(default="")
    why_5: Mapped[str] = mapped_column(default="")
    bone_people: Mapped[str] = mapped_column(default="")
    bone_method: Mapped[str] = mapped_column(default="")
    bone_machine: Mapped[str] = mapped_column(default="")
    bone_material: Mapped[str] = mapped_column(default="")
    bone_environment: Mapped[str] = mapped_column(default="")
    bone_measurement: Mapped[str] = mapped_column(default="")
    action: Mapped[str] = mapped_column(default="")
    control_level: Mapped[str] = mapped_column(sa.String(20), default="")
    owner_text: Mapped[str] = mapped_column(sa.String(120), default="")
    due: Mapped[date | None]
    status: Mapped[str] = mapped_column(sa.String(10), default="open")
    completed_on: Mapped[date | None]
    proof: Mapped[str] = mapped_column(default="")
    verified_by: Mapped[str] = mapped_column(sa.String(120), default="")
    verified_on: Mapped[date | None]
    effect_due: Mapped[date | None]
    effect_result: Mapped[str] = mapped_column(sa.String(16), default="")
    effect_check: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    revision: Mapped[int] = mapped_column(default=1)

    finding: Mapped[Finding] = relationship(primaryjoin=lambda: within_tenant(CorrectiveAction.finding_id, Finding))

    __mapper_args__ = {"version_id_col": revision}

    @property
    def label(self) -> str:
        return f"CA-{self.number:02d}"

    def overdue(self, today: date) -> bool:
        return self.due is not None and self.due < today and self.status in TO_DO


class AlsoAnswers(TenantOwned, db.Model):
    """A further finding that the same action answers: another clause, or another standard of the same client."""

    __tablename__ = "also_answers"
    __table_args__ = (
        refers_to("corrective_action"),
        refers_to("finding"),
        sa.UniqueConstraint("tenant_id", "corrective_action_id", "finding_id"),
        sa.Index("ix_also_answers_finding", "tenant_id", "finding_id"),
    )
    corrective_action_id: Mapped[UUID]
    finding_id: Mapped[UUID]
