"""What ratings elsewhere suggest for a requirement: other standards, other engagements of the same client."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from consultancy import scoring
from consultancy.models.assessment import Assessment, Rating, RatingChange
from consultancy.models.engagement import Engagement
from consultancy.standards import catalogue
from consultancy.standards.catalogue import Standard
from consultancy.standards.crosswalk import Relation, suggestions
from tenants.database import db

OWN_EVIDENCE_UP_TO = 2  # effective is shown by records of its own where the other requirement does not ask for as much


class Source(NamedTuple):
    """A requirement that somebody rated in another assessment of the client."""

    engagement: UUID
    standard: str
    requirement: str
    level: int | None  # none: no longer rated
    at: datetime | None

    @property
    def key(self) -> str:
        """What is accepted or ignored: this requirement there, at this level."""
        return f"{self.engagement} {self.standard} {self.requirement} {self.level}"


class Suggestion(NamedTuple):
    source: Source
    relation: Relation
    level: int


class Elsewhere(NamedTuple):
    """What waits for a decision, and of a rating that was accepted whether its source says something else now."""

    waiting: list[Suggestion]
    source_changed: bool


NOTHING = Elsewhere([], source_changed=False)


def elsewhere(assessment: Assessment, requirement: str, rating: Rating | None, site: UUID | None = None) -> Elsewhere:
    """One statement, and none where no other standard meets this requirement."""
    standard = catalogue.find(assessment.standard)
    relations = relations_to(standard, requirement)
    if not relations or standard.requirement(requirement).methods:
        return NOTHING
    found = rated_elsewhere(assessment, {one.from_code for one in relations}, site)
    ignored = set(rating.ignored) if rating else set()
    accepted = rating.source if rating else None
    waiting = [
        Suggestion(source, relation, suggested(relation, source.level))
        for relation in relations
        for source in found
        if source.level is not None and (base_of(source.standard), source.requirement) == place(relation)
        and source.key not in ignored and not is_as_accepted(accepted, source)
    ]  # fmt: skip
    if rating is not None and rating.state != scoring.NOT_RATED and not rating.carried_over:
        # Judged here already: what says the same, or asks for its own evidence anyway, is no news.
        waiting = [
            one
            for one in waiting
            if is_source(accepted, one.source)
            or (one.level != rating.level and not one.relation.needs_own_evidence)
        ]
    return Elsewhere(waiting, source_changed=accepted is not None and has_changed(accepted, found))


def relations_to(standard: Standard, requirement: str) -> tuple[Relation, ...]:
    """From every other shipped standard to this requirement."""
    others = tuple(key for key in catalogue.OFFERED if key not in (standard.key, standard.based_on))
    return suggestions(standard, requirement, others)


def place(relation: Relation) -> tuple[str, str]:
    return relation.from_standard, relation.from_code


def base_of(key: str) -> str:
    """A consultancy's own overlay keeps the numbers of what it lies on."""
    return catalogue.find(key).based_on or key


def suggested(relation: Relation, level: int) -> int:
    return min(level, OWN_EVIDENCE_UP_TO) if relation.needs_own_evidence else level


def is_source(accepted: dict[str, Any] | None, source: Source) -> bool:
    return accepted is not None and (accepted["engagement"], accepted["standard"], accepted["requirement"]) == (
        str(source.engagement), source.standard, source.requirement,
    )  # fmt: skip


def is_as_accepted(accepted: dict[str, Any] | None, source: Source) -> bool:
    return accepted is not None and is_source(accepted, source) and accepted["level"] == source.level


def has_changed(accepted: dict[str, Any], found: list[Source]) -> bool:
    now = next((one for one in found if is_source(accepted, one)), None)
    return now is None or now.level != accepted["level"]


def rated_elsewhere(assessment: Assessment, codes: set[str], site: UUID | None) -> list[Source]:
    """The client's ratings of these numbers against other standards, the newest first. At a site, that site's count and
    the whole client's; what was carried over and not confirmed says nothing, nor does what was rated before its
    engagement moved to another standard."""
    rated_at = (
        sa.select(sa.func.max(RatingChange.at))
        .where(
            RatingChange.tenant_id == Rating.tenant_id,
            RatingChange.rating_id == Rating.id,
            RatingChange.field.in_(("state", "level")),
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Engagement.id, Assessment.standard, Rating.requirement, Rating.level, rated_at.label("at"))
        .join(Assessment, sa.and_(Assessment.tenant_id == Rating.tenant_id, Assessment.id == Rating.assessment_id))
        .join(
            Engagement, sa.and_(Engagement.tenant_id == Assessment.tenant_id, Engagement.id == Assessment.engagement_id)
        )
        .where(
            Engagement.client_id == assessment.engagement.client_id,
            Assessment.standard == Engagement.standard,
            Assessment.standard != assessment.standard,
            Rating.requirement.in_(codes),
            Rating.carried_over.is_(False),
            sa.or_(Rating.site_id.is_(None), Rating.site_id == site),
        )
        .order_by(rated_at.desc().nulls_last(), Rating.id)
    )
    return [Source(*row) for row in rows]
