"""Several requirements of an assessment decided at once."""

from collections.abc import Collection, Mapping
from uuid import UUID

from consultancy import scoring
from consultancy.actions.ratings import JUDGED, at_once, rate_requirement
from consultancy.models.assessment import Assessment, Rating
from consultancy.queries import assessments
from tenants.refusal import NotValid, Refusal

DECIDED = JUDGED | {"reason", "carried_over"}


class NothingMarked(NotValid):
    """At least one requirement is marked before something is done to all that are marked."""


class JudgedMeanwhile(Refusal):
    """Somebody judged marked requirements after the page was opened. Carries their numbers."""


def mark_not_applicable(
    assessment: Assessment, *, requirements: Mapping[str, int], reason: str, by: UUID | None, site: UUID | None = None
) -> list[Rating]:
    """Several requirements at once do not apply, for one reason; all of them or none. `requirements`: each with the
    revision of its rating that the page showed, 0 for none. What somebody judged since is not written over.

    Raises NothingMarked, JudgedMeanwhile, ReasonMissing, UnknownRequirement, EngagementClosed.
    """
    if not requirements:
        raise NothingMarked
    there = {one.requirement: one for one in assessments.ratings(assessment, site) if one.requirement in requirements}
    judged = judged_since(there.values(), requirements, reason)
    if judged:
        raise JudgedMeanwhile([code for code in requirements if code in judged])
    with at_once(assessment):
        return [
            rate_requirement(
                assessment, requirement=code, revision=there[code].revision if code in there else 0, by=by, site=site,
                confirmed=True, state=scoring.NOT_APPLICABLE, reason=reason,
            )
            for code in requirements
        ]  # fmt: skip


def judged_since(ratings: Collection[Rating], seen: Mapping[str, int], reason: str) -> set[str]:
    """The numbers of those that say something else now than the page showed; who says the same agrees."""
    moved = {one.id: (seen[one.requirement], one.revision) for one in ratings if one.revision != seen[one.requirement]}
    replaced = assessments.replaced_since(moved)
    return {
        one.requirement
        for one in ratings
        if DECIDED & replaced.get(one.id, {}).keys()
        and (one.state, one.reason, one.carried_over) != (scoring.NOT_APPLICABLE, reason, False)
    }
