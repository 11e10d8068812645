"""What a reviewer remarks on a draft before it goes to the client."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.deliverable import Deliverable
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant
from tenants.models import Membership


class ReviewNote(TenantOwned, db.Model):
    """A remark on one page of a draft, or on the whole; open until somebody settles it. The client never sees it."""

    __tablename__ = "review_note"
    __table_args__ = (
        refers_to("deliverable"),
        refers_to("membership", by="by_id"),
        refers_to("membership", by="settled_by_id"),
        sa.Index(None, "tenant_id", "deliverable_id"),
        sa.CheckConstraint("page between 1 and 2000", name="page"),
        sa.CheckConstraint("(settled_at is null) = (settled_by_id is null)", name="settled"),
    )
    deliverable_id: Mapped[UUID]
    page: Mapped[int | None] = mapped_column(sa.SmallInteger)
    text: Mapped[str]
    by_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(default=now)
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None]

    deliverable: Mapped[Deliverable] = relationship(
        primaryjoin=lambda: within_tenant(ReviewNote.deliverable_id, Deliverable)
    )
    by: Mapped[Membership] = relationship(primaryjoin=lambda: within_tenant(ReviewNote.by_id, Membership))
