"""Rating a requirement and noting what was seen."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy import scoring
from consultancy.actions.engagements import measure_progress, refuse_closed, touch_ratings
from consultancy.actions.rating_locks import refuse_locked, unlocked_rating
from consultancy.models.assessment import Assessment, Observation, Rating, RatingChange
from consultancy.models.standard import METHODS
from consultancy.queries import assessments, engagements
from consultancy.standards import catalogue
from consultancy.standards.catalogue import Requirement
from tenants import audit
from tenants.database import db, now
from tenants.limits import NOTE_CHARACTERS
from tenants.refusal import NotValid, Refusal

POINTS = {f"{method}_points": method for method in METHODS}
FIELDS = ("state", "level", "reason", "recommendation", "priority", "effort_text", "owner_text", "due", *POINTS)

DECIDES = frozenset(("state", "level", "carried_over"))  # what makes a requirement decided, apart from a plan


class RatedMeanwhile(Refusal):
    """Somebody changed the same field of this rating after the page was opened. Carries what stands there now."""


class ReasonMissing(NotValid):
    """Not applicable needs a reason: an auditor will ask for it."""


class LevelMissing(NotValid):
    """A rating is a level from 0 to 3, or a state."""


class NothingMarked(NotValid):
    """At least one requirement is marked before something is done to all that are marked."""


class PointsMissing(NotValid):
    """A question by points is judged by the points of its methods, not by a level."""


class PointsOutOfRange(NotValid):
    """A method brings 0 points to the most it can. Carries the question's number, the method and the most."""


class SiteOutOfScope(NotValid):
    """Ratings are kept for the sites that lie in the scope of the engagement."""


class NoteTooLong(NotValid):
    """A note holds 50,000 characters at most."""


def rate_requirement(
    assessment: Assessment,
    *,
    requirement: str,
    revision: int,
    by: UUID | None,
    site: UUID | None = None,
    **fields: Any,
) -> Rating:
    """Rate or correct one requirement; only the fields given change. `revision` is the one the page showed, 0 for none.
    `site`: rated at one site in scope, or None for the whole client. Where the standard asks for methods, their points
    decide level and state. To judge again what was carried over, from last year or from another version of the
    standard, is to confirm it.

    When somebody else saved meanwhile, fields they did not touch are merged; the same field with another value raises
    RatedMeanwhile.
    Raises UnknownRequirement, SiteOutOfScope, ReasonMissing, LevelMissing, PointsMissing, PointsOutOfRange,
    NoteTooLong, EngagementClosed, RatingsLocked.
    """
    refuse_closed(assessment.engagement)
    rating = unlocked_rating(assessment, requirement, site)
    asked = catalogue.find(assessment.standard).requirement(requirement)
    if site is not None:
        refuse_out_of_scope(assessment, site)
    carried_again = fields.pop("carried_over", False)
    if asked.methods and fields.get("state") == "rated" and not POINTS.keys() & fields.keys():
        raise PointsMissing(asked.code)
    if rating is None:
        rating = Rating(
            assessment_id=assessment.id, requirement=requirement, site_id=site, state="not_rated", level=None
        )
        rating.reason = rating.recommendation = rating.priority = rating.effort_text = rating.owner_text = ""
        rating.carried_over, rating.ignored = False, []
        db.session.add(rating)
    elif rating.revision != revision:
        # The state of a question by points follows from its points; only setting it aside is somebody's own doing.
        own = fields if not asked.methods else {name: fields[name] for name in fields if name not in ("state", "level")}
        refuse_overwriting(rating, own, assessments.moved_since(rating, revision))
    fields = judged_by_points(asked, rating, fields) if asked.methods else without_points(fields)
    if fields.get("state", rating.state) != "rated":
        fields["level"] = None
    elif fields.get("level", rating.level) not in scoring.GRADE_OF_LEVEL:
        raise LevelMissing(requirement)
    changed = {name: value for name, value in fields.items() if name in FIELDS and getattr(rating, name) != value}
    if any(isinstance(value, str) and len(value) > NOTE_CHARACTERS for value in changed.values()):
        raise NoteTooLong(requirement)
    before = {name: getattr(rating, name) for name in changed}
    if rating.carried_over and {"state", "level"} & set(fields):
        before["carried_over"], rating.carried_over = True, False
    elif carried_again and not rating.carried_over:
        before["carried_over"], rating.carried_over = False, True
    for name, value in changed.items():
        setattr(rating, name, value)
    if {"state", "level"} & changed.keys():
        rating.source = None  # judged here, not accepted from elsewhere
    if rating.state == "not_applicable" and not rating.reason.strip():
        raise ReasonMissing(requirement)
    db.session.flush()
    if before:
        keep_history(rating, before, by)
        touch_ratings(assessment)
        if DECIDES & before.keys() or rating.state == scoring.NOT_VERIFIED:  # which is decided once there is a plan
            measure_progress(assessment.engagement)
        audit.record("rating.changed", rating, by=by, requirement=requirement, fields=sorted(before))
    return rating


def mark_not_applicable(
    assessment: Assessment, *, requirements: Sequence[str], reason: str, by: UUID | None, site: UUID | None = None
) -> list[Rating]:
    """Several requirements at once do not apply, for one reason; all of them or none.

    Raises NothingMarked, ReasonMissing, UnknownRequirement, EngagementClosed.
    """
    if not requirements:
        raise NothingMarked
    marked = []
    for requirement in requirements:
        rating = assessments.rating_of(assessment, requirement, site)
        marked.append(
            rate_requirement(
                assessment, requirement=requirement, revision=rating.revision if rating else 0, by=by, site=site,
                state=scoring.NOT_APPLICABLE, reason=reason,
            )
        )  # fmt: skip
    return marked


def refuse_out_of_scope(assessment: Assessment, site: UUID) -> None:
    if site not in {one.id for one in engagements.sites_in_scope(assessment.engagement)}:
        raise SiteOutOfScope(assessment.engagement.title)


def judged_by_points(asked: Requirement, rating: Rating, fields: dict[str, Any]) -> dict[str, Any]:
    """Level and state as the points of the methods say, our own reading of them: all points are effective, half of them
    developing, any at all informal. One method without points leaves the question not verified."""
    most = {f"{method.name}_points": method.most for method in asked.methods}
    fields = {name: value for name, value in fields.items() if name not in POINTS or name in most}
    for name, limit in most.items():
        if fields.get(name) is not None and not 0 <= fields[name] <= limit:
            raise PointsOutOfRange(asked.code, POINTS[name], limit)
    if not POINTS.keys() & fields.keys() and "state" not in fields:
        return fields
    if fields.get("state", rating.state) == "not_applicable":
        return fields
    got = [fields.get(name, getattr(rating, name)) for name in most]
    if None in got:
        some = any(points is not None for points in got) or fields.get("state") == "not_verified"
        return fields | {"state": "not_verified" if some else "not_rated", "level": None}
    share = Fraction(sum(got), sum(most.values()))
    level = 3 if share == 1 else 2 if 2 * share >= 1 else 1 if share else 0
    return fields | {"state": "rated", "level": level}


def without_points(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in POINTS}


def refuse_overwriting(rating: Rating, fields: dict[str, Any], moved: set[str]) -> None:
    clashing = [name for name, value in fields.items() if name in moved and getattr(rating, name) != value]
    if clashing:
        raise RatedMeanwhile(rating, clashing)


def keep_history(rating: Rating, before: dict[str, Any], by: UUID | None) -> None:
    moment = now()  # one for all: the fields of one saving belong together (assessments.moved_since)
    db.session.add_all(
        RatingChange(
            rating_id=rating.id,
            at=moment,
            by_id=by,
            field=name,
            before=_written(old),
            after=_written(getattr(rating, name)),
        )
        for name, old in before.items()
    )


def note_observation(
    rating: Rating,
    *,
    assessment: Assessment,
    text: str,
    by: UUID | None,
    method: str = "",
    evidence: str = "",
    seen_on: date | None = None,
    imported: bool = False,
) -> Observation:
    """Add what was seen, read or told. Never conflicts with anybody."""
    refuse_closed(assessment.engagement)
    refuse_locked(assessment.engagement)
    if len(text) > NOTE_CHARACTERS or len(evidence) > NOTE_CHARACTERS:
        raise NoteTooLong(rating.requirement)
    observation = Observation(
        rating_id=rating.id, text=text, method=method, evidence=evidence, seen_on=seen_on, by_id=by, imported=imported
    )
    db.session.add(observation)
    db.session.flush()
    touch_ratings(assessment)
    audit.record("observation.noted", observation, by=by, requirement=rating.requirement)
    return observation


def correct_observation(
    observation: Observation,
    *,
    assessment: Assessment,
    text: str,
    method: str,
    evidence: str,
    seen_on: date | None,
    revision: int,
    by: UUID | None,
) -> None:
    """Change the words of an observation. Raises RatedMeanwhile when somebody else did first."""
    refuse_closed(assessment.engagement)
    refuse_locked(assessment.engagement)
    if observation.revision != revision:
        raise RatedMeanwhile(observation, ["text"])
    if len(text) > NOTE_CHARACTERS or len(evidence) > NOTE_CHARACTERS:
        raise NoteTooLong(observation.rating.requirement)
    before = (observation.text, observation.method, observation.evidence, observation.seen_on)
    if before == (text, method, evidence, seen_on):
        return
    if observation.text != text:
        db.session.add(
            RatingChange(
                rating_id=observation.rating_id, observation_id=observation.id, by_id=by, field="observation",
                before=observation.text, after=text,
            )  # fmt: skip
        )
    observation.text, observation.method, observation.evidence = text, method, evidence
    observation.seen_on = seen_on
    db.session.flush()
    touch_ratings(assessment)
    audit.record("observation.corrected", observation, by=by)


def remove_observation(observation: Observation, *, assessment: Assessment, by: UUID) -> None:
    """Take an observation away; its words stay in the history of the rating."""
    refuse_closed(assessment.engagement)
    refuse_locked(assessment.engagement)
    db.session.add(
        RatingChange(rating_id=observation.rating_id, by_id=by, field="observation", before=observation.text, after="")
    )
    audit.record("observation.removed", observation, by=by)
    db.session.execute(
        sa.update(RatingChange).where(RatingChange.observation_id == observation.id).values(observation_id=None)
    )
    db.session.delete(observation)
    db.session.flush()
    touch_ratings(assessment)


def _written(value: Any) -> str:
    return "" if value is None else str(value)
