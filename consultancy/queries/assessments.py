"""Reading ratings and observations of an assessment."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.orm import joinedload

from consultancy.models.assessment import Assessment, Observation, Rating, RatingChange
from consultancy.models.client import Site
from consultancy.models.engagement import Engagement
from consultancy.models.standard import METHODS
from consultancy.points import Answer
from consultancy.scoring import Rated
from tenants.database import db
from tenants.models import Membership
from tenants.moments import each_of

# What scoring reads of a rating.
COUNTED: tuple[Any, ...] = (
    Rating.level, Rating.state, Rating.carried_over, Rating.recommendation, Rating.owner_text, Rating.due,
    Rating.source,
)  # fmt: skip
EXCERPT = 160  # characters of an observation on the page of all requirements


class Judged(NamedTuple):
    """A requirement's rating with what was seen for it, oldest first."""

    rating: Rating
    observations: list[Observation]


class OnePage(NamedTuple):
    """What the page of all requirements shows of one: no row is loaded whole for it."""

    rated: Rated
    revision: int = 0
    owner_text: str = ""
    due: date | None = None
    excerpt: str = ""  # the beginning of the oldest observation with words; one character more than is shown
    observations: int = 0  # with words


def find(assessment_id: UUID) -> Assessment | None:
    return db.session.scalar(
        sa.select(Assessment)
        .options(joinedload(Assessment.engagement).joinedload(Engagement.client))
        .where(Assessment.id == assessment_id)
    )


def of_engagement(engagement: Engagement) -> Assessment:
    """The engagement's assessment against the standard it pinned; made when the engagement was opened."""
    [pinned] = [one for one in each_of(engagement, _of_engagements) if one.standard == engagement.standard]
    return pinned


def _of_engagements(ids: Sequence[UUID]) -> Iterator[tuple[UUID, Assessment]]:
    for one in db.session.scalars(sa.select(Assessment).where(Assessment.engagement_id.in_(ids))):
        yield one.engagement_id, one


def find_observation(observation_id: UUID) -> Observation | None:
    return db.session.scalar(
        sa.select(Observation).options(joinedload(Observation.rating)).where(Observation.id == observation_id)
    )


def rating_of(assessment: Assessment, requirement: str, site: UUID | None = None) -> Rating | None:
    return db.session.scalar(
        sa.select(Rating).where(
            Rating.assessment_id == assessment.id, Rating.requirement == requirement, at(site)
        )
    )


def judgement(assessment: Assessment, requirement: str, site: UUID | None = None) -> Judged | None:
    """The rating of one requirement with what was seen for it, oldest first; one statement."""
    rows = db.session.execute(
        sa.select(Rating, Observation)
        .outerjoin(
            Observation, sa.and_(Observation.tenant_id == Rating.tenant_id, Observation.rating_id == Rating.id)
        )
        .where(Rating.assessment_id == assessment.id, Rating.requirement == requirement, at(site))
        .order_by(Observation.created_at, Observation.id)
    ).all()
    return Judged(rows[0][0], [seen for _rating, seen in rows if seen is not None]) if rows else None


def at(site: UUID | None) -> sa.ColumnElement[bool]:
    """Ratings of one site, or of the whole client."""
    return Rating.site_id.is_(None) if site is None else Rating.site_id == site


def observations_of(rating: Rating | None) -> list[Observation]:
    if rating is None:
        return []
    return list(
        db.session.scalars(
            sa.select(Observation)
            .where(Observation.rating_id == rating.id)
            .order_by(Observation.created_at, Observation.id)
        )
    )


def ratings(assessment: Assessment, site: UUID | None = None) -> list[Rating]:
    """Everything rated so far for the whole client, or at one site."""
    return list(db.session.scalars(sa.select(Rating).where(Rating.assessment_id == assessment.id, at(site))))


def judged(assessment: Assessment | None, site: UUID | None = None) -> dict[str, Judged]:
    """Everything rated so far, by requirement, for the whole client or at one site. Two statements."""
    if assessment is None:
        return {}
    seen = observations_by_rating(assessment)
    return {rating.requirement: Judged(rating, seen.get(rating.id, [])) for rating in ratings(assessment, site)}


def judged_by_site(assessment: Assessment) -> dict[tuple[str, UUID | None], Judged]:
    """Everything rated so far, for the whole client (no site) and at each site. Two statements."""
    seen = observations_by_rating(assessment)
    every = db.session.scalars(sa.select(Rating).where(Rating.assessment_id == assessment.id))
    return {(one.requirement, one.site_id): Judged(one, seen.get(one.id, [])) for one in every}


def observations_by_rating(assessment: Assessment) -> dict[UUID, list[Observation]]:
    seen: dict[UUID, list[Observation]] = {}
    for observation in db.session.scalars(
        sa.select(Observation)
        .join(Rating, sa.and_(Rating.tenant_id == Observation.tenant_id, Rating.id == Observation.rating_id))
        .where(Rating.assessment_id == assessment.id)
        .order_by(Observation.created_at, Observation.id)
    ):
        seen.setdefault(observation.rating_id, []).append(observation)
    return seen


def rated(assessment: Assessment | None, site: UUID | None = None) -> dict[str, Rated]:
    """What scoring needs of each requirement, and nothing else; for the whole client, or at one site. One statement."""
    if assessment is None:
        return {}
    wanted = sa.select(Rating.requirement, *COUNTED).where(Rating.assessment_id == assessment.id, at(site))
    return {row.requirement: Rated.of(row) for row in db.session.execute(wanted)}


def has_levels() -> sa.ColumnElement[bool]:
    """Something of the whole client has a level that somebody judged there."""
    return Assessment.clause_levels != sa.literal({}, JSONB)


def on_one_page(assessment: Assessment, site: UUID | None = None) -> dict[str, OnePage]:
    """Everything rated so far with the first words of what was seen, by requirement. Two statements."""
    mine = (Rating.assessment_id == assessment.id, at(site))
    noted = {
        rating_id: (excerpt, count)
        for rating_id, excerpt, count in db.session.execute(
            sa.select(
                Observation.rating_id,
                sa.func.left(Observation.text, EXCERPT + 1),
                sa.func.count().over(partition_by=Observation.rating_id),
            )
            .ext(distinct_on(Observation.rating_id))
            .join(Rating, sa.and_(Rating.tenant_id == Observation.tenant_id, Rating.id == Observation.rating_id))
            .where(*mine, Observation.text != "")
            .order_by(Observation.rating_id, Observation.created_at, Observation.id)
        )
    }
    return {
        row.requirement: OnePage(
            Rated.of(row), row.revision, row.owner_text, row.due, *noted.get(row.id, ("", 0))
        )
        for row in db.session.execute(sa.select(Rating.requirement, Rating.id, Rating.revision, *COUNTED).where(*mine))
    }


def levels_at_sites(assessment: Assessment, requirement: str) -> list[tuple[str, int]]:
    """How the sites are rated on one requirement, as far as they are: the name of the site and its level."""
    rows = db.session.execute(
        sa.select(Site.name, Rating.level)
        .join(Site, sa.and_(Site.tenant_id == Rating.tenant_id, Site.id == Rating.site_id))
        .where(
            Rating.assessment_id == assessment.id,
            Rating.requirement == requirement,
            Rating.level.is_not(None),
            Rating.carried_over.is_(False),
        )
        .order_by(Site.name)
    )
    return [(name, level) for name, level in rows if level is not None]


def answers(assessment: Assessment) -> dict[str, Answer]:
    """The points by method of every question, as scoring by points wants them; of one that was carried over and not
    confirmed, none: nobody verified it. One statement."""
    columns = (
        Rating.requirement, Rating.state, Rating.document_points, Rating.interview_points, Rating.observation_points,
    )  # fmt: skip
    return {
        requirement: Answer(dict(zip(METHODS, got, strict=True)), not_applicable=state == "not_applicable")
        for requirement, state, *got in db.session.execute(
            sa.select(*columns).where(
                Rating.assessment_id == assessment.id, Rating.site_id.is_(None), Rating.carried_over.is_(False)
            )
        )
    }


def earlier(engagement: Engagement) -> list[Assessment]:
    """What was rated against other versions of the standard before the engagement moved on."""
    return list(
        db.session.scalars(
            sa.select(Assessment)
            .where(Assessment.engagement_id == engagement.id, Assessment.standard != engagement.standard)
            .order_by(Assessment.standard)
        )
    )


def moved_since(rating: Rating, revision: int) -> set[str]:
    """The fields of a rating that were saved after a revision, by its history: one moment for every saving."""
    return set(replaced_since({rating.id: (revision, rating.revision)}).get(rating.id, {}))


def replaced_since(seen: Mapping[UUID, tuple[int, int]]) -> dict[UUID, dict[str, str]]:
    """What the fields of ratings held at an earlier revision, where they were saved since. `seen`: rating -> (the
    earlier revision, the one of now). One statement."""
    if not seen:
        return {}
    changes: dict[UUID, list[RatingChange]] = {}
    for change in db.session.scalars(
        sa.select(RatingChange)
        .where(RatingChange.rating_id.in_(seen), RatingChange.field != "observation")
        .order_by(RatingChange.at)
    ):
        changes.setdefault(change.rating_id, []).append(change)
    found: dict[UUID, dict[str, str]] = {}
    for rating_id, (revision, current) in seen.items():
        moments = sorted({change.at for change in changes.get(rating_id, ())})
        first = current - len(moments) + 1  # the revision that the oldest moment made
        later = set(moments[max(0, revision - first + 1) :])
        for change in changes.get(rating_id, ()):
            if change.at in later:
                found.setdefault(rating_id, {}).setdefault(change.field, change.before)
    return found


def held_before(change: RatingChange) -> dict[str, str]:
    """What the fields of a rating held when a saving was made, where they were saved again since."""
    held: dict[str, str] = {}
    for later in db.session.scalars(
        sa.select(RatingChange)
        .where(
            RatingChange.rating_id == change.rating_id,
            RatingChange.at > change.at,
            RatingChange.field != "observation",
        )
        .order_by(RatingChange.at)
    ):
        held.setdefault(later.field, later.before)
    return held


def find_change(change_id: UUID) -> RatingChange | None:
    return db.session.scalar(
        sa.select(RatingChange).options(joinedload(RatingChange.rating)).where(RatingChange.id == change_id)
    )


def saving_of(change: RatingChange) -> list[RatingChange]:
    """All fields of a rating that were saved together with this one."""
    return list(
        db.session.scalars(
            sa.select(RatingChange).where(
                RatingChange.rating_id == change.rating_id,
                RatingChange.at == change.at,
                RatingChange.field != "observation",
            )
        )
    )


def last_saving(rating: Rating, by_id: UUID) -> list[RatingChange]:
    """What a person saved last of this rating, observations left out."""
    last = db.session.scalar(
        sa.select(RatingChange)
        .where(RatingChange.rating_id == rating.id, RatingChange.by_id == by_id, RatingChange.field != "observation")
        .order_by(RatingChange.at.desc())
        .limit(1)
    )
    return saving_of(last) if last else []


def history(rating: Rating | None) -> list[tuple[RatingChange, str | None]]:
    """The latest changes of a rating with the name of who made them."""
    if rating is None:
        return []
    rows = db.session.execute(
        sa.select(RatingChange, Membership.name)
        .outerjoin(
            Membership, sa.and_(Membership.tenant_id == RatingChange.tenant_id, Membership.id == RatingChange.by_id)
        )
        .where(RatingChange.rating_id == rating.id)
        .order_by(RatingChange.at.desc())
        .limit(30)
    )
    return [(change, name) for change, name in rows]
