"""What a consultancy plans for a task of the roadmap. The task itself is never kept: it is read from its gap."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.engagement import Engagement
from tenants.database import db
from tenants.keys import TenantOwned, refers_to, within_tenant

SOURCES = ("finding", "requirement", "document", "training")
SIDES = ("client", "consultancy")


class PlannedTask(TenantOwned, db.Model):
    """Owner, phase, dates and order of one task. `source` and `key` say which: the id of a finding, or the
    code of a requirement, of a document of the program or of a course. Whether it is done follows from the gap, not
    from `percent`."""

    __tablename__ = "planned_task"
    __table_args__ = (
        refers_to("engagement"),
        refers_to("planned_task", by="depends_on_id"),
        sa.UniqueConstraint("tenant_id", "engagement_id", "source", "key"),
        sa.CheckConstraint("source in ('finding', 'requirement', 'document', 'training')", name="source"),
        sa.CheckConstraint("side in ('', 'client', 'consultancy')", name="side"),
        sa.CheckConstraint("due >= starts_on", name="dates"),
        sa.CheckConstraint("effort_days > 0", name="effort_days"),
        sa.CheckConstraint("percent between 0 and 100", name="percent"),
    )
    engagement_id: Mapped[UUID]
    source: Mapped[str] = mapped_column(sa.String(12))
    key: Mapped[str] = mapped_column(sa.String(40))
    side: Mapped[str] = mapped_column(sa.String(12), default="")  # whose owner: the client's or the consultancy's
    owner_text: Mapped[str] = mapped_column(sa.String(120), default="")
    phase: Mapped[str] = mapped_column(sa.String(12), default="")
    starts_on: Mapped[date | None]
    due: Mapped[date | None]
    effort_days: Mapped[float | None]
    depends_on_id: Mapped[UUID | None]
    percent: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    done_when: Mapped[str] = mapped_column(default="")  # what is there once it is done
    revision: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship(
        primaryjoin=lambda: within_tenant(PlannedTask.engagement_id, Engagement)
    )

    __mapper_args__ = {"version_id_col": revision}
