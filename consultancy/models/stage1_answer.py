"""Answers to the checklist of Stage 1: whether a registrar would find what the first day asks for."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.engagement import Engagement
from tenants.database import db
from tenants.keys import TenantOwned, refers_to, within_tenant

ANSWERS = ("yes", "partly", "no", "not_seen")


class Stage1Answer(TenantOwned, db.Model):
    """`version` is the list that was asked (standards/stage1.json): a later one asks anew and changes no answer."""

    __tablename__ = "stage1_answer"
    __table_args__ = (
        refers_to("engagement"),
        sa.UniqueConstraint("tenant_id", "engagement_id", "version", "item"),
        sa.CheckConstraint("answer in ('yes', 'partly', 'no', 'not_seen')", name="answer"),
    )
    engagement_id: Mapped[UUID]
    version: Mapped[str] = mapped_column(sa.String(12))
    item: Mapped[str] = mapped_column(sa.String(12))
    answer: Mapped[str] = mapped_column(sa.String(8))
    note: Mapped[str] = mapped_column(default="")
    evidence: Mapped[str] = mapped_column(sa.String(200), default="")
    revision: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship(
        primaryjoin=lambda: within_tenant(Stage1Answer.engagement_id, Engagement)
    )

    __mapper_args__ = {"version_id_col": revision}
