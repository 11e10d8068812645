"""A filter of a list that a member looks through again and again, under a name of their own."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import db
from tenants.keys import TenantOwned, refers_to


class SavedFilter(TenantOwned, db.Model):
    """`list_name`: findings or corrective_actions. `query` is what stands in the address, without the page.

    It holds for every engagement; at most one of a list is the member's default.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (
        refers_to("membership"),
        sa.UniqueConstraint("tenant_id", "membership_id", "list_name", "name"),
        sa.CheckConstraint("list_name in ('findings', 'corrective_actions')", name="list_name"),
    )
    membership_id: Mapped[UUID]
    list_name: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(40))
    query: Mapped[str] = mapped_column(sa.String(500))
    is_default: Mapped[bool] = mapped_column(default=False)
