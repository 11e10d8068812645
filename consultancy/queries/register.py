"""Reading the register of program documents."""

import sqlalchemy as sa

from consultancy.models.engagement import Engagement
from consultancy.models.register_entry import RegisterEntry
from tenants.database import db


def of_engagement(engagement: Engagement) -> dict[str, RegisterEntry]:
    """Entries by the code of their document."""
    entries = db.session.scalars(sa.select(RegisterEntry).where(RegisterEntry.engagement_id == engagement.id))
    return {entry.document: entry for entry in entries}
