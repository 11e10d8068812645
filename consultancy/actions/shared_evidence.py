"""Evidence that several engagements rest on outlives the first of them that ends."""

from uuid import UUID

import sqlalchemy as sa

from consultancy.models.engagement import Engagement
from consultancy.models.evidence import Evidence
from consultancy.queries.evidence import needed_elsewhere
from tenants import audit
from tenants.database import db


def hand_on(engagement: Engagement, *, by: UUID | None) -> int:
    """The pieces of a closed engagement that an open or a held one rests on belong to that one from now on; answers
    how many. A held engagement gives nothing away: its hold covers what belongs to it.
    """
    if engagement.legal_hold:
        return 0
    needed = needed_elsewhere(engagement)
    # Past the revision: whoever describes a piece at the same time is not in the way of this.
    for piece, other in needed.items():
        db.session.execute(sa.update(Evidence).where(Evidence.id == piece).values(engagement_id=other.id))
        evidence = db.session.scalar(sa.select(Evidence).where(Evidence.id == piece))
        db.session.refresh(evidence, ["engagement_id", "engagement"])
        audit.record("evidence.handed_on", evidence, by=by, before=engagement.id, after=other.id)
    return len(needed)
