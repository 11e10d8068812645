"""Rating a requirement and noting what was seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy import scoring
from consultancy.actions.engagements import measure_levels, measure_progress, refuse_closed, touch_ratings
from consultancy.actions.rating_locks import refuse_locked, unlocked_rating
from consultancy.models.assessment import Assessment, Observation, Rating, RatingChange, as_written
from consultancy.models.standard import METHODS
from consultancy.queries import assessments, engagements
from consultancy.standards import catalogue
from consultancy.standards.catalogue import Requirement
from tenants import audit
from tenants.database import db, now
from tenants.limits import NOTE_CHARACTERS
from tenants.refusal import NotValid, Refusal

POINTS = {f"{method}_points": method for method in METHODS}
AT_ONCE = "assessments whose ratings change in one go"
JUDGED = {"state", "level", *POINTS}
FIELDS = ("state", "level", "reason", "recommendation", "priority", "effort_text", "owner_text", "due", *POINTS)

DECIDES = frozenset(("state", "level", "carried_over"))  # what makes a requirement decided, apart from a plan


class RatedMeanwhile(Refusal):
    """Somebody changed the same field of this rating after the page was opened. Carries what stands there now."""


class StandardLeft(Refusal):
    """The engagement moved to another standard since: what was rated against this one stays as it was."""


class ReasonMissing(NotValid):
    """Not applicable needs a reason: an auditor will ask for it."""


class LevelMissing(NotValid):
    """A rating is a level from 0 to 3, or a state."""


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
    confirmed: bool = False,
    **fields: Any,
) -> Rating:
    """Rate or correct one requirement; only the fields given change. `revision` is the one the page showed, 0 for none.
    `site`: rated at one site in scope, or None for the whole client. Where the standard asks for methods, their points
    decide level and state. What was carried over, from last year or from another version of the standard, waits until
    it is judged otherwise or `confirmed`: the same again, as a whole form sends it, is nobody's judgement.

    When somebody else saved meanwhile, fields they did not touch are merged; the same field with another value raises
    RatedMeanwhile.
    Raises UnknownRequirement, SiteOutOfScope, ReasonMissing, LevelMissing, PointsMissing, PointsOutOfRange,
    NoteTooLong, EngagementClosed, StandardLeft, RatingsLocked.
    """
    refuse_closed(assessment.engagement)
    refuse_left(assessment)
    rating = unlocked_rating(assessment, requirement, site)
    asked = catalogue.find(assessment.standard).requirement(requirement)
    if site is not None:
        refuse_out_of_scope(assessment, site)
    carried = fields.pop("carried_over", None)  # only who goes back through the history says so
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
        own = own if carried is None else own | {"carried_over": carried}
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
    if carried is None:
        carried = rating.carried_over and not confirmed and not JUDGED & changed.keys()
    if carried != rating.carried_over:
        before["carried_over"], rating.carried_over = rating.carried_over, carried
    for name, value in changed.items():
        setattr(rating, name, value)
    if {"state", "level"} & changed.keys():
        rating.source = None  # judged here, not accepted from elsewhere
    if rating.state == "not_applicable" and not rating.reason.strip():
        raise ReasonMissing(requirement)
    db.session.flush()
    if before:
        keep_history(rating, before, by)
        judged = not DECIDES.isdisjoint(before)
        planned = rating.state == scoring.NOT_VERIFIED
        count_rating(assessment, judged=judged and site is None, planned=planned and site is None)
        audit.record("rating.changed", rating, by=by, requirement=requirement, fields=sorted(before))
    return rating


@contextmanager
def at_once(assessment: Assessment) -> Iterator[None]:
    """Many ratings and notes at once: the assessment's revision and the engagement's percent move once, at its end."""
    moved: set[UUID] = set()
    db.session.info[AT_ONCE] = moved
    try:
        yield
    finally:
        del db.session.info[AT_ONCE]
    if assessment.id in moved:
        count_rating(assessment)


def count_rating(assessment: Assessment, *, judged: bool = True, planned: bool = True) -> None:
    """`judged`: a level of the whole client came or went, and not only words. `planned`: what is not verified may have
    got its plan, or lost it, which is what decides it."""
    if not count_change(assessment):
        return
    if judged:
        measure_progress(assessment.engagement, measure_levels(assessment))
    elif planned:
        measure_progress(assessment.engagement)


def count_change(assessment: Assessment) -> bool:
    """Answers whether it was counted now, and not left for the end of many."""
    waiting = db.session.info.get(AT_ONCE)
    if waiting is not None:
        waiting.add(assessment.id)
        return False
    touch_ratings(assessment)
    return True


def refuse_left(assessment: Assessment) -> None:
    if assessment.standard != assessment.engagement.standard:
        raise StandardLeft(assessment.engagement.title)


def refuse_out_of_scope(assessment: Assessment, site: UUID) -> None:
    if site not in {one.id for one in engagements.sites_in_scope(assessment.engagement)}:
        raise SiteOutOfScope(assessment.engagement.title)


def points_of(asked: Requirement) -> dict[str, int]:
    """The fields of its points, each with the most it can bring; none where the question is not asked by points."""
    return {f"{method.name}_points": method.most for method in asked.methods}


def judged_by_points(asked: Requirement, rating: Rating, fields: dict[str, Any]) -> dict[str, Any]:
    """Level and state as the points of the methods say, our own reading of them: all points are effective, half of them
    developing, any at all informal. One method without points leaves the question not verified."""
    most = points_of(asked)
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
            before=as_written(old),
            after=as_written(getattr(rating, name)),
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
    refuse_left(assessment)
    refuse_locked(assessment.engagement)
    if len(text) > NOTE_CHARACTERS or len(evidence) > NOTE_CHARACTERS:
        raise NoteTooLong(rating.requirement)
    observation = Observation(
        rating_id=rating.id, text=text, method=method, evidence=evidence, seen_on=seen_on, by_id=by, imported=imported
    )
    db.session.add(observation)
    db.session.flush()
    count_change(assessment)
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
    refuse_left(assessment)
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
    count_change(assessment)
    audit.record("observation.corrected", observation, by=by)


def remove_observation(observation: Observation, *, assessment: Assessment, by: UUID) -> None:
    """Take an observation away; its words stay in the history of the rating."""
    refuse_closed(assessment.engagement)
    refuse_left(assessment)
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
    count_change(assessment)
