"""What an earlier engagement of the same client has to offer to a new one."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.assessment import Assessment, Observation, Rating
from consultancy.models.engagement import Engagement
from consultancy.standards import catalogue
from consultancy.standards.catalogue import Standard
from tenants.database import db


def sources(engagement: Engagement) -> list[Engagement]:
    """Other engagements of the client that rated something against this standard or a version of it, newest first."""
    rated = sa.exists().where(
        Rating.tenant_id == Assessment.tenant_id, Rating.assessment_id == Assessment.id, Rating.state != "not_rated"
    )
    others = db.session.scalars(
        sa.select(Engagement)
        .join(
            Assessment,
            sa.and_(
                Assessment.tenant_id == Engagement.tenant_id,
                Assessment.engagement_id == Engagement.id,
                Assessment.standard == Engagement.standard,
            ),
        )
        .where(Engagement.client_id == engagement.client_id, Engagement.id != engagement.id, rated)
        .order_by(Engagement.opened_on.desc(), Engagement.created_at.desc())
    )
    asked = catalogue.find(engagement.standard)
    return [one for one in others if is_version_of(catalogue.find(one.standard), asked)]


def is_version_of(one: Standard, other: Standard) -> bool:
    """The same standard, or one that asks for half of the same under the same numbers and titles or more."""
    if one.key == other.key:
        return True
    shared = {(asked.code, asked.title) for asked in one.requirements} & {
        (asked.code, asked.title) for asked in other.requirements
    }
    return 2 * len(shared) >= len(other.requirements)


def everywhere(assessment: Assessment) -> list[Rating]:
    """Every rating, of the whole client and of its sites."""
    return list(db.session.scalars(sa.select(Rating).where(Rating.assessment_id == assessment.id)))


def notes(ratings: Iterable[Rating]) -> dict[UUID, list[Observation]]:
    """What was read and seen for these ratings. What people told in interviews is not carried from year to year."""
    found: dict[UUID, list[Observation]] = {}
    for seen in db.session.scalars(
        sa.select(Observation)
        .where(
            Observation.rating_id.in_([one.id for one in ratings]),
            Observation.method != "interview",
            Observation.text != "",
        )
        .order_by(Observation.created_at, Observation.id)
    ):
        found.setdefault(seen.rating_id, []).append(seen)
    return found
