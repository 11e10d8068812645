"""The filters that a member keeps for a list."""

from uuid import UUID

import sqlalchemy as sa

from consultancy.models.saved_filter import SavedFilter
from tenants.database import db


def of_member(membership_id: UUID, list_name: str) -> list[SavedFilter]:
    return list(
        db.session.scalars(
            sa.select(SavedFilter)
            .where(SavedFilter.membership_id == membership_id, SavedFilter.list_name == list_name)
            .order_by(sa.func.lower(SavedFilter.name))
        )
    )
