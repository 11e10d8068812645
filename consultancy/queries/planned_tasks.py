"""Reading what was planned for the tasks of a roadmap."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.engagement import Engagement
from consultancy.models.planned_task import PlannedTask
from tenants.database import db
from tenants.moments import each_of


def of_engagement(engagement: Engagement) -> list[PlannedTask]:
    return each_of(engagement, _of_engagements)


def _of_engagements(ids: Sequence[UUID]) -> Iterator[tuple[UUID, PlannedTask]]:
    for one in db.session.scalars(
        sa.select(PlannedTask).where(PlannedTask.engagement_id.in_(ids)).order_by(PlannedTask.source, PlannedTask.key)
    ):
        yield one.engagement_id, one
