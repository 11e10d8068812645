"""Many deliverables asked for at once: one request, an item for each engagement."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant
from tenants.models import Membership


class BulkRequest(TenantOwned, db.Model):
    """`not_before`: work on it begins then, and the data of each engagement is taken as it stands at that time."""

    __tablename__ = "bulk_request"
    __table_args__ = (
        refers_to("membership", by="requested_by_id"),
        sa.UniqueConstraint("tenant_id", "request_key"),
    )
    kind: Mapped[str] = mapped_column(sa.String(24))
    language: Mapped[str] = mapped_column(sa.String(4))  # en, fr, both, or "": each engagement's own
    request_key: Mapped[str] = mapped_column(sa.String(64))  # one per form shown: a double click is one request
    not_before: Mapped[datetime]
    requested_by_id: Mapped[UUID]
    requested_at: Mapped[datetime] = mapped_column(default=now)

    requested_by: Mapped[Membership] = relationship(
        primaryjoin=lambda: within_tenant(BulkRequest.requested_by_id, Membership)
    )


class BulkItem(TenantOwned, db.Model):
    """One engagement of a bulk request: waiting for its turn, then a deliverable or the reason why there is none.

    `problem` is a sentence, or one of closed, left, fault. `not_before` and `asked_by_id` are the request's until
    somebody tries again; `tries` counts how often.
    """

    __tablename__ = "bulk_item"
    __table_args__ = (
        refers_to("bulk_request"),
        refers_to("engagement"),
        refers_to("deliverable"),
        refers_to("deliverable", by="other_edition_id"),
        refers_to("membership", by="asked_by_id"),
        sa.UniqueConstraint("tenant_id", "bulk_request_id", "engagement_id"),
        sa.Index(
            "ix_bulk_item_due",
            "tenant_id",
            "not_before",
            postgresql_where=sa.text("deliverable_id is null and problem = ''"),
        ),
    )
    bulk_request_id: Mapped[UUID]
    engagement_id: Mapped[UUID]
    deliverable_id: Mapped[UUID | None]
    other_edition_id: Mapped[UUID | None]  # the French one, where both languages were asked for
    problem: Mapped[str] = mapped_column(default="")
    not_before: Mapped[datetime]
    asked_by_id: Mapped[UUID]
    tries: Mapped[int] = mapped_column(sa.SmallInteger, default=1)

    request: Mapped[BulkRequest] = relationship(
        primaryjoin=lambda: within_tenant(BulkItem.bulk_request_id, BulkRequest)
    )
    engagement: Mapped[Engagement] = relationship(primaryjoin=lambda: within_tenant(BulkItem.engagement_id, Engagement))
    deliverable: Mapped[Deliverable | None] = relationship(
        primaryjoin=lambda: within_tenant(BulkItem.deliverable_id, Deliverable)
    )
    asked_by: Mapped[Membership] = relationship(primaryjoin=lambda: within_tenant(BulkItem.asked_by_id, Membership))
    other_edition: Mapped[Deliverable | None] = relationship(
        primaryjoin=lambda: within_tenant(BulkItem.other_edition_id, Deliverable)
    )

    @property
    def editions(self) -> list[Deliverable]:
        """What it became: nothing yet, one document, or one in each language."""
        return [one for one in (self.deliverable, self.other_edition) if one is not None]
