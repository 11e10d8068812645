"""What a deliverable looks like, page by page."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.deliverable import Deliverable
from tenants.database import db
from tenants.keys import TenantOwned, refers_to, within_tenant


class PageImage(TenantOwned, db.Model):
    """The picture of one page of a deliverable. The client never sees it: it has the file."""

    __tablename__ = "page_image"
    __table_args__ = (
        refers_to("deliverable"),
        sa.UniqueConstraint("tenant_id", "deliverable_id", "page"),
        sa.CheckConstraint("page >= 1", name="page"),
    )
    deliverable_id: Mapped[UUID]
    page: Mapped[int] = mapped_column(sa.SmallInteger)
    file_key: Mapped[str]

    deliverable: Mapped[Deliverable] = relationship(
        primaryjoin=lambda: within_tenant(PageImage.deliverable_id, Deliverable)
    )
