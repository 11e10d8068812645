"""On whose assessment a roadmap rests."""

import sqlalchemy as sa

from consultancy.models.assessment import Assessment, Rating
from consultancy.models.engagement import Engagement
from consultancy.queries import engagements
from tenants.database import db


def source(engagement: Engagement) -> Engagement:
    """Whose ratings count: its own; a program takes those of what it follows, else of the latest that has any."""
    if engagement.kind != "program_development":
        return engagement
    if engagement.follows_id:
        return engagements.find(engagement.follows_id) or engagement
    latest = db.session.scalar(
        sa.select(Engagement)
        .join(
            Assessment, sa.and_(Assessment.tenant_id == Engagement.tenant_id, Assessment.engagement_id == Engagement.id)
        )
        .where(
            Engagement.client_id == engagement.client_id,
            Assessment.standard == Engagement.standard,
            sa.exists().where(
                Rating.tenant_id == Assessment.tenant_id, Rating.assessment_id == Assessment.id,
                Rating.carried_over.is_(False),
            ),
        )
        .order_by(Engagement.opened_on.desc(), Engagement.id)
        .limit(1)
    )
    return latest or engagement
