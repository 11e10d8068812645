"""Reading the answers to the checklist of Stage 1."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.engagement import Engagement
from consultancy.models.stage1_answer import Stage1Answer
from consultancy.stage1 import Checklist, asked_in, latest
from tenants.database import db
from tenants.moments import each_of


def answers(engagement: Engagement) -> dict[str, Stage1Answer]:
    return {one.item: one for one in each_of(engagement, _answers)}


def checklist(engagement: Engagement) -> Checklist:
    """The version that was answered first, so that a newer one changes nothing; else the one of the opening day."""
    answered = sorted({one.version for one in answers(engagement).values()})
    return asked_in(answered[0]) if answered else latest(engagement.opened_on)


def _answers(ids: Sequence[UUID]) -> Iterator[tuple[UUID, Stage1Answer]]:
    for one in db.session.scalars(
        sa.select(Stage1Answer).where(Stage1Answer.engagement_id.in_(ids)).order_by(Stage1Answer.item)
    ):
        yield one.engagement_id, one
