"""What client users say about a released document; the consultancy answers in the same thread."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.deliverable import Deliverable
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant


class Comment(TenantOwned, db.Model):
    """A comment on a deliverable, seen by the consultancy and by the employer's own client users."""

    __tablename__ = "comment"
    __table_args__ = (
        refers_to("deliverable"),
        refers_to("client"),
        refers_to("membership", by="by_id"),
        sa.Index(None, "tenant_id", "deliverable_id"),
    )
    client_id: Mapped[UUID]
    deliverable_id: Mapped[UUID]
    text: Mapped[str]
    by_id: Mapped[UUID]
    by_name: Mapped[str] = mapped_column(sa.String(120))  # memberships are closed to the portal; the name stands here
    created_at: Mapped[datetime] = mapped_column(default=now)

    deliverable: Mapped[Deliverable] = relationship(
        primaryjoin=lambda: within_tenant(Comment.deliverable_id, Deliverable)
    )

    @classmethod
    def portal_rule(cls) -> Any:
        return sa.true()

    def portal_accepts(self, session: Any) -> bool:
        """Only on a document that was released to the same employer: a client user's session sees no other."""
        released = sa.select(Deliverable.id).where(
            Deliverable.id == self.deliverable_id,
            Deliverable.client_id == self.client_id,
            Deliverable.standing == "released",
        )
        return session.scalar(released) is not None
