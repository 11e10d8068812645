"""Reading the register of program documents."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.engagement import Engagement
from consultancy.models.register_entry import RegisterEntry
from tenants.database import db
from tenants.moments import each_of


def of_engagement(engagement: Engagement) -> dict[str, RegisterEntry]:
    """Entries by the code of their document."""
    return {entry.document: entry for entry in each_of(engagement, _of_engagements)}


def _of_engagements(ids: Sequence[UUID]) -> Iterator[tuple[UUID, RegisterEntry]]:
    for entry in db.session.scalars(sa.select(RegisterEntry).where(RegisterEntry.engagement_id.in_(ids))):
        yield entry.engagement_id, entry
