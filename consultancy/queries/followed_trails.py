"""Reading the audit trails that were followed, with their steps in order."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.engagement import Engagement
from consultancy.models.followed_trail import FollowedTrail, TrailStep
from tenants.database import db
from tenants.moments import each_of


def of_engagement(engagement: Engagement) -> list[FollowedTrail]:
    return each_of(engagement, _trails)


def steps(engagement: Engagement) -> dict[UUID, list[TrailStep]]:
    """By trail."""
    found: dict[UUID, list[TrailStep]] = {}
    for one in each_of(engagement, _steps):
        found.setdefault(one.followed_trail_id, []).append(one)
    return found


def steps_of(trail: FollowedTrail) -> list[TrailStep]:
    return list(
        db.session.scalars(
            sa.select(TrailStep).where(TrailStep.followed_trail_id == trail.id).order_by(TrailStep.position)
        )
    )


def find(trail_id: UUID) -> FollowedTrail | None:
    return db.session.scalar(
        sa.select(FollowedTrail).options(joinedload(FollowedTrail.engagement)).where(FollowedTrail.id == trail_id)
    )


def _trails(ids: Sequence[UUID]) -> Iterator[tuple[UUID, FollowedTrail]]:
    for one in db.session.scalars(
        sa.select(FollowedTrail)
        .where(FollowedTrail.engagement_id.in_(ids))
        .order_by(FollowedTrail.name, FollowedTrail.id)
    ):
        yield one.engagement_id, one


def _steps(ids: Sequence[UUID]) -> Iterator[tuple[UUID, TrailStep]]:
    rows = db.session.execute(
        sa.select(FollowedTrail.engagement_id, TrailStep)
        .join(
            FollowedTrail,
            sa.and_(
                FollowedTrail.tenant_id == TrailStep.tenant_id, FollowedTrail.id == TrailStep.followed_trail_id
            ),
        )
        .where(FollowedTrail.engagement_id.in_(ids))
        .order_by(TrailStep.position)
    )
    return ((engagement, step) for engagement, step in rows)
