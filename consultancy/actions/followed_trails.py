"""Following one thing across requirements, and saying how it ended."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions.audit_plans import refuse_other_kinds
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.actions.engagements import refuse_closed
from consultancy.actions.rating_locks import refuse_locked
from consultancy.models.engagement import Engagement
from consultancy.models.followed_trail import RESULTS, FollowedTrail, TrailStep
from consultancy.standards import catalogue
from consultancy.standards.words import choices
from tenants import audit
from tenants.database import db
from tenants.limits import NOTE_CHARACTERS
from tenants.refusal import NotValid

MOST_STEPS = 100


class StepIncomplete(NotValid):
    """A step says which requirement, what was seen and how. Carries the number of the row."""


class UnknownResult(NotValid):
    """A trail holds, breaks, or is not at its end."""


class ResultWithoutSteps(NotValid):
    """Nothing is said to hold or to break before anything was followed."""


class TooManySteps(NotValid):
    """A trail takes so many. Carries how many."""


class Step(NamedTuple):
    """A row as it was typed; an empty one counts for nothing."""

    requirement: str
    seen: str
    method: str


def follow_trail(engagement: Engagement, *, name: str, by: UUID | None) -> FollowedTrail:
    """Raises OnlyForPreAudit, EngagementClosed, RatingsLocked."""
    _refuse(engagement)
    trail = FollowedTrail(engagement_id=engagement.id, name=name)
    db.session.add(trail)
    db.session.flush()
    audit.record("followed_trail.begun", trail, by=by)
    return trail


def keep_trail(
    trail: FollowedTrail,
    *,
    name: str,
    result: str,
    conclusion: str,
    steps: Sequence[Step],
    revision: int,
    by: UUID | None,
) -> None:
    """The whole trail as it lies on the page. Raises StepIncomplete, TooManySteps, UnknownResult,
    ResultWithoutSteps, UnknownRequirement, ChangedMeanwhile, OnlyForPreAudit, EngagementClosed, RatingsLocked."""
    _refuse(trail.engagement)
    if trail.revision != revision:
        raise ChangedMeanwhile(trail.name)
    if result not in RESULTS:
        raise UnknownResult(result)
    kept = _sound(trail.engagement, steps)
    if result != "open" and not kept:
        raise ResultWithoutSteps
    trail.name, trail.result, trail.conclusion = name, result, conclusion
    db.session.execute(sa.delete(TrailStep).where(TrailStep.followed_trail_id == trail.id))
    db.session.add_all(
        TrailStep(followed_trail_id=trail.id, position=place, **step._asdict()) for place, step in enumerate(kept, 1)
    )
    trail.revision += 1
    db.session.flush()
    audit.record("followed_trail.kept", trail, by=by)


def remove_trail(trail: FollowedTrail, *, by: UUID | None) -> None:
    _refuse(trail.engagement)
    audit.record("followed_trail.removed", trail.engagement, by=by)
    db.session.execute(sa.delete(TrailStep).where(TrailStep.followed_trail_id == trail.id))
    db.session.delete(trail)
    db.session.flush()


def _sound(engagement: Engagement, steps: Sequence[Step]) -> list[Step]:
    standard = catalogue.find(engagement.standard)
    methods = dict(choices("methods"))
    kept = []
    for place, step in enumerate(steps, start=1):
        if not step.requirement and not step.seen:
            continue
        if not step.requirement or not step.seen or step.method not in methods or len(step.seen) > NOTE_CHARACTERS:
            raise StepIncomplete(place)
        if step.requirement not in standard.heading_codes:  # 6.1.2 as a whole is followed too
            standard.requirement(step.requirement)
        kept.append(step)
    if len(kept) > MOST_STEPS:
        raise TooManySteps(MOST_STEPS)
    return kept


def _refuse(engagement: Engagement) -> None:
    refuse_other_kinds(engagement)
    refuse_closed(engagement)
    refuse_locked(engagement)
