"""The register of documents a client's program needs, and how far each is."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.engagement import Engagement
from tenants.database import db
from tenants.keys import TenantOwned, refers_to, within_tenant


class RegisterEntry(TenantOwned, db.Model):
    """A program document at a client: have, needs_work, missing or not_needed (then with a reason in `note`)."""

    __tablename__ = "register_entry"
    __table_args__ = (
        refers_to("engagement"),
        sa.UniqueConstraint("tenant_id", "engagement_id", "document"),
        sa.CheckConstraint("state in ('have', 'needs_work', 'missing', 'not_needed')", name="state"),
    )
    engagement_id: Mapped[UUID]
    document: Mapped[str] = mapped_column(sa.String(4))  # its code in the catalogue of program documents: P1, R2, …
    state: Mapped[str] = mapped_column(sa.String(12))
    number: Mapped[str] = mapped_column(sa.String(40), default="")
    issue: Mapped[str] = mapped_column(sa.String(20), default="")  # the client's own revision mark
    dated: Mapped[date | None]
    effective_on: Mapped[date | None]  # from when it holds
    author: Mapped[str] = mapped_column(sa.String(120), default="")  # who wrote it, and so may not approve it
    approver: Mapped[str] = mapped_column(sa.String(120), default="")
    review_due: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship(
        primaryjoin=lambda: within_tenant(RegisterEntry.engagement_id, Engagement)
    )

    __mapper_args__ = {"version_id_col": revision}
