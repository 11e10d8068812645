"""Going back: the last saving of a rating undone, an earlier wording put back. What stood there stays in history."""

from datetime import date
from typing import Any
from uuid import UUID

from consultancy.actions.ratings import (
    JUDGED,
    POINTS,
    RatedMeanwhile,
    correct_observation,
    note_observation,
    points_of,
    rate_requirement,
)
from consultancy.models.assessment import Assessment, Observation, Rating, RatingChange, as_written
from consultancy.queries import assessments
from consultancy.standards import catalogue
from tenants.refusal import Refusal


class NothingToUndo(Refusal):
    """The person changed nothing of this rating."""


def undo_last(
    assessment: Assessment, *, requirement: str, revision: int, by: UUID, site: UUID | None = None
) -> Rating:
    """Undo one's own latest saving of a rating; done twice, it is there again.

    Raises NothingToUndo, RatedMeanwhile (somebody saved the same fields since, or judged what was confirmed),
    EngagementClosed.
    """
    rating = assessments.rating_of(assessment, requirement, site)
    saving = assessments.last_saving(rating, by) if rating else []
    if rating is None or not saving:
        raise NothingToUndo(requirement)
    moved = [change.field for change in saving if as_written(getattr(rating, change.field)) != change.after]
    if moved:
        raise RatedMeanwhile(rating, moved)
    return _put_back(assessment, rating, saving, revision=revision, by=by)


def restore(change: RatingChange, *, assessment: Assessment, revision: int, by: UUID) -> Rating:
    """Put back what stood there before a change: a rating's fields as they were saved together, or the words of an
    observation. An observation that was taken away since is added anew.

    Raises RatedMeanwhile (somebody saved the same field after `revision`), EngagementClosed.
    """
    rating = change.rating
    if change.field != "observation":
        saving = assessments.saving_of(change)
        return _put_back(assessment, rating, saving, revision=revision, by=by)
    observation = assessments.find_observation(change.observation_id) if change.observation_id else None
    if observation is None:
        note_observation(rating, assessment=assessment, text=change.before, by=by)
    else:
        _reword(observation, change.before, assessment=assessment, by=by)
    return rating


def _put_back(
    assessment: Assessment, rating: Rating, saving: list[RatingChange], *, revision: int, by: UUID
) -> Rating:
    fields = {change.field: _read(change.field, change.before) for change in saving}
    if fields.get("carried_over"):
        _refuse_judged_since(rating, saving)
    if fields.get("state") == "rated":
        # Of a question by points the points say what it was rated: those that stand, with what this saving changed.
        asked = catalogue.find(assessment.standard).requirement(rating.requirement)
        fields = {name: getattr(rating, name) for name in points_of(asked)} | fields
    return rate_requirement(
        assessment, requirement=rating.requirement, site=rating.site_id, revision=revision, by=by, **fields
    )


def _refuse_judged_since(rating: Rating, saving: list[RatingChange]) -> None:
    """What somebody judged after this saving, and what does not go back with it, is this year's own."""
    then = assessments.held_before(saving[0])
    moved = JUDGED - {change.field for change in saving}
    judged = sorted(name for name in moved & then.keys() if then[name] != as_written(getattr(rating, name)))
    if judged:
        raise RatedMeanwhile(rating, judged)


def _reword(observation: Observation, text: str, *, assessment: Assessment, by: UUID) -> None:
    correct_observation(
        observation, assessment=assessment, text=text, method=observation.method, evidence=observation.evidence,
        seen_on=observation.seen_on, revision=observation.revision, by=by,
    )  # fmt: skip


def _read(field: str, written: str) -> Any:
    if field == "level" or field in POINTS:
        return int(written) if written else None
    if field == "carried_over":
        return written == "True"
    if field == "due":
        return date.fromisoformat(written) if written else None
    return written
