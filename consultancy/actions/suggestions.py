"""A rating elsewhere suggests a level here: a person accepts it or sets it aside, and nothing applies itself."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from consultancy import calendar
from consultancy.actions.engagements import refuse_closed
from consultancy.actions.rating_locks import refuse_locked
from consultancy.actions.ratings import rate_requirement
from consultancy.models.assessment import Assessment, Rating
from consultancy.queries import assessments, suggestions
from consultancy.queries.suggestions import Suggestion
from tenants import audit
from tenants.database import db
from tenants.refusal import Refusal


class SuggestionGone(Refusal):
    """The rating elsewhere is not what the page showed any more."""


def accept(
    assessment: Assessment, *, requirement: str, key: str, revision: int, by: UUID, site: UUID | None = None
) -> Rating:
    """Rate as suggested, and remember where it comes from. The source may change later: that is shown, and this rating
    stays until a person changes it. `key` is the suggestion's as the page showed it.

    Raises SuggestionGone, RatedMeanwhile, EngagementClosed, RatingsLocked.
    """
    chosen = waiting(assessment, requirement, key, site)
    rating = rate_requirement(
        assessment, requirement=requirement, site=site, revision=revision, by=by, confirmed=True,
        state="rated", level=chosen.level,
    )  # fmt: skip
    source = chosen.source
    remember(
        rating,
        source={
            "engagement": str(source.engagement),
            "standard": source.standard,
            "requirement": source.requirement,
            "level": source.level,
            "accepted_on": calendar.today().isoformat(),
        },
    )
    audit.record(
        "rating.suggestion_accepted", rating, by=by, requirement=requirement, standard=source.standard,
        source=source.requirement, level=chosen.level,
    )  # fmt: skip
    return rating


def ignore(
    assessment: Assessment, *, requirement: str, key: str, revision: int, by: UUID, site: UUID | None = None
) -> Rating:
    """Set a suggestion aside. It comes back only when the rating elsewhere changes.

    Raises SuggestionGone, EngagementClosed, RatingsLocked.
    """
    refuse_closed(assessment.engagement)
    refuse_locked(assessment.engagement)
    chosen = waiting(assessment, requirement, key, site)
    rating = assessments.rating_of(assessment, requirement, site)
    if rating is None:
        rating = rate_requirement(
            assessment, requirement=requirement, site=site, revision=revision, by=by, state="not_rated", level=None
        )
    remember(rating, ignored=[*rating.ignored, key])
    audit.record(
        "rating.suggestion_ignored", rating, by=by, requirement=requirement, standard=chosen.source.standard,
        source=chosen.source.requirement,
    )  # fmt: skip
    return rating


def waiting(assessment: Assessment, requirement: str, key: str, site: UUID | None) -> Suggestion:
    rating = assessments.rating_of(assessment, requirement, site)
    offered = suggestions.elsewhere(assessment, requirement, rating, site).waiting
    chosen = next((one for one in offered if one.source.key == key), None)
    if chosen is None:
        raise SuggestionGone(requirement)
    return chosen


def remember(rating: Rating, **columns: Any) -> None:
    """Past the revision: no field that anybody types is changed, so nobody's saving is in the way."""
    db.session.execute(
        sa.update(Rating).where(Rating.id == rating.id).values(**columns).execution_options(synchronize_session=False)
    )
    for name, value in columns.items():
        set_committed_value(rating, name, value)
