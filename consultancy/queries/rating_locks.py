"""Which released report locks the ratings of an engagement."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from tenants.database import db

REPORTS = ("gap_report", "pre_audit_report")  # the documents that say how each requirement was rated


class Released(NamedTuple):
    name: str
    at: datetime


def released_report(engagement: Engagement) -> Released | None:
    """The report that stands released since the ratings were last open; the newest where there are several, or two
    languages. A withdrawn report locks nothing, nor does one that was out before the ratings were reopened."""
    wanted = sa.select(Deliverable.number, Deliverable.version, Deliverable.released_at).where(
        Deliverable.engagement_id == engagement.id,
        Deliverable.kind.in_(REPORTS),
        Deliverable.standing == "released",
    )
    if engagement.ratings_reopened_at is not None:
        wanted = wanted.where(Deliverable.released_at > engagement.ratings_reopened_at)
    found = db.session.execute(wanted.order_by(Deliverable.released_at.desc()).limit(1)).first()
    return Released(f"{found.number} v{found.version}", found.released_at) if found else None
