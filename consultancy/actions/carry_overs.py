"""Last year's assessment as a beginning of this year's: copied where nothing is rated yet, and never counted as decided
until somebody says of each requirement that it is still true."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions.engagements import measure_levels, measure_progress, refuse_closed, touch_ratings
from consultancy.actions.rating_locks import refuse_locked
from consultancy.actions.ratings import POINTS, keep_history, rate_requirement
from consultancy.actions.standard_moves import refit
from consultancy.models.assessment import Assessment, Observation, Rating
from consultancy.models.engagement import Engagement
from consultancy.queries import assessments, carry_overs, engagements
from consultancy.standards import catalogue
from tenants import audit
from tenants.database import db
from tenants.refusal import NotValid

PARTS: dict[str, tuple[str, ...]] = {
    "ratings": ("state", "level", "reason", *POINTS),
    # a date of last year is no date for this year
    "recommendations": ("recommendation", "priority", "effort_text", "owner_text"),
    "notes": (),
}
SEEN = ("text", "method", "evidence", "seen_on", "by_id")
Place = tuple[str, UUID | None]  # a requirement, and the site it is rated for or none for the whole client


class NothingChosen(NotValid):
    """Ratings, recommendations or notes: something is to be carried over."""


class NotEarlier(NotValid):
    """Only an engagement of the same client against the same standard, or a version of it, can be carried over."""


class Copying(NamedTuple):
    """What would be copied, or was: how many of each part, how many requirements stay as they are rated here already,
    and the numbers that this standard does not have."""

    ratings: int
    recommendations: int
    notes: int
    rated_here: int
    gone: tuple[str, ...]


class Plan(NamedTuple):
    copying: Copying
    open_places: dict[Place, Rating]  # last year's rating by the place here that nobody judged yet
    here: dict[Place, Rating]
    notes: dict[UUID, list[Observation]]  # last year's notes by its rating, without those that came along before


def plan(engagement: Engagement, source: Engagement) -> Plan:
    """What there is to copy, before anything is. Raises NotEarlier."""
    if source.id not in {one.id for one in carry_overs.sources(engagement)}:
        raise NotEarlier(source.title)
    asked = catalogue.find(engagement.standard)
    sites = {site.id for site in engagements.sites_in_scope(engagement)} | {None}
    assessment = assessments.of_engagement(engagement)
    here = {place(one): one for one in carry_overs.everywhere(assessment)}
    there = [
        one
        for one in carry_overs.everywhere(assessments.of_engagement(source))
        if one.site_id in sites and not one.carried_over
    ]
    fitting = [one for one in there if one.requirement in asked]
    waiting = {place(one): one for one in fitting if is_open(here.get(place(one)))}
    seen = assessments.observations_by_rating(assessment)
    told = carry_overs.notes(waiting.values())
    notes = {
        one.id: unknown_here(told.get(one.id, []), seen.get(here[at].id, []) if at in here else [])
        for at, one in waiting.items()
    }
    return Plan(
        Copying(
            ratings=sum("state" in wanted(here.get(at), one, PARTS["ratings"]) for at, one in waiting.items()),
            recommendations=sum(
                "recommendation" in wanted(here.get(at), one, PARTS["recommendations"]) for at, one in waiting.items()
            ),
            notes=sum(len(some) for some in notes.values()),
            rated_here=len(fitting) - len(waiting),
            gone=tuple(sorted({one.requirement for one in there if one.requirement not in asked})),
        ),
        waiting, here, notes,
    )  # fmt: skip


def place(rating: Rating) -> Place:
    return rating.requirement, rating.site_id


def is_open(rating: Rating | None) -> bool:
    """Nobody judged it here: what was carried over and not confirmed takes what an earlier time left out."""
    return rating is None or rating.state == "not_rated" or rating.carried_over


def unknown_here(there: Iterable[Observation], here: Iterable[Observation]) -> list[Observation]:
    known = {one.text for one in here}
    return [one for one in there if one.text not in known]


def wanted(here: Rating | None, before: Rating, names: Iterable[str]) -> dict[str, Any]:
    """What of these fields comes along. A judgement is one thing: it comes whole where none stands, or not at all."""
    judged = here is not None and here.state != "not_rated"
    return {
        name: value
        for name in names
        if (value := getattr(before, name)) not in (None, "")
        and not (name == "state" and value == "not_rated")
        and not (judged if name in PARTS["ratings"] else here is not None and getattr(here, name))
    }


def carry_forward(engagement: Engagement, *, source: Engagement, parts: Collection[str], by: UUID) -> Copying:
    """Copy the chosen parts of an earlier engagement to every requirement that is not rated here. What stands here
    already is never overwritten; the same again changes nothing. What was told in interviews stays where it was told.

    Raises NothingChosen, NotEarlier, EngagementClosed, RatingsLocked.
    """
    refuse_closed(engagement)
    refuse_locked(engagement)
    if not set(parts) & PARTS.keys():
        raise NothingChosen
    assessment = assessments.of_engagement(engagement)
    db.session.execute(sa.select(Assessment.id).where(Assessment.id == assessment.id).with_for_update())
    planned = plan(engagement, source)
    names = [name for part in PARTS if part in parts for name in PARTS[part]]
    notes = planned.notes if "notes" in parts else {}
    copied = [
        copy_rating(assessment, planned.here.get(at), rating, names, notes.get(rating.id, []), by)
        for at, rating in planned.open_places.items()
    ]
    offered = planned.copying
    if any(copied):
        touch_ratings(assessment)
        measure_progress(engagement, measure_levels(assessment))
        audit.record(
            "assessment.carried_forward", assessment, by=by, source=source.id, parts=sorted(set(parts) & PARTS.keys()),
            requirements=sum(copied),
        )  # fmt: skip
    return offered._replace(
        ratings=offered.ratings if "ratings" in parts else 0,
        recommendations=offered.recommendations if "recommendations" in parts else 0,
        notes=offered.notes if any(copied) and "notes" in parts else 0,
    )


def copy_rating(
    assessment: Assessment, here: Rating | None, before: Rating, names: Iterable[str], notes: Iterable[Observation],
    by: UUID,
) -> bool:  # fmt: skip
    """One requirement; answers whether there was anything to copy."""
    fields = wanted(here, before, names)
    if not fields and not notes:
        return False
    rating = here or empty_rating(assessment, before)
    old = {name: getattr(rating, name) for name in fields}
    for name, value in fields.items():
        setattr(rating, name, value)
    if not rating.carried_over:
        old["carried_over"], rating.carried_over = None, True
    refit(rating, catalogue.find(assessment.standard).requirement(rating.requirement))
    db.session.add(rating)
    db.session.flush()
    keep_history(rating, {name: value for name, value in old.items() if getattr(rating, name) != value}, by)
    db.session.add_all(Observation(rating_id=rating.id, **{name: getattr(one, name) for name in SEEN}) for one in notes)
    db.session.flush()
    return True


def empty_rating(assessment: Assessment, before: Rating) -> Rating:
    rating = Rating(
        assessment_id=assessment.id, requirement=before.requirement, site_id=before.site_id, state="not_rated",
        level=None,
    )  # fmt: skip
    rating.carried_over, rating.ignored = False, []
    rating.reason = rating.recommendation = rating.priority = rating.effort_text = rating.owner_text = ""
    return rating


def confirm(rating: Rating, *, assessment: Assessment, revision: int, by: UUID) -> Rating:
    """Still true: what was carried over is this year's own judgement from now on, and counts.

    Raises EngagementClosed, RatingsLocked.
    """
    return rate_requirement(
        assessment, requirement=rating.requirement, site=rating.site_id, revision=revision, by=by, confirmed=True
    )
