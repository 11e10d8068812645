"""Composite keys (tenant, id) that read like ordinary ones."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, foreign, mapped_column, remote


class TenantOwned:
    """A row that belongs to exactly one consultancy and is known by (tenant_id, id).

    `portal_column` and `portal_rule` say what a client user may see of the table; without a rule it is closed to
    them.
    `portal_writes` is for the audit trail alone: a client user's download is recorded too. So is a rule without a
    column, which holds for every employer of the consultancy.
    """

    tenant_id: Mapped[UUID] = mapped_column(sa.ForeignKey("tenant.id"), primary_key=True, sort_order=-2)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, sort_order=-1)

    portal_column: ClassVar[str | None] = "client_id"
    portal_writes: ClassVar[bool] = False

    @classmethod
    def portal_rule(cls) -> Any:
        """The rows a client user of their own employer may read; None closes the table."""
        return None

    def portal_accepts(self, session: Any) -> bool:
        """May a client user add this row for their own employer? They change none. Asked while the session flushes."""
        return False


def refers_to(table: str, *, by: str | None = None) -> sa.ForeignKeyConstraint:
    """A foreign key that cannot leave the tenant."""
    return sa.ForeignKeyConstraint(["tenant_id", by or f"{table}_id"], [f"{table}.tenant_id", f"{table}.id"])


def within_tenant(reference: Any, target: Any) -> Any:
    """Join condition of a many-to-one: it follows the whole key and writes only the reference."""
    return sa.and_(remote(target.tenant_id) == reference.class_.tenant_id, remote(target.id) == foreign(reference))
