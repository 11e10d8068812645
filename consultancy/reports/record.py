"""All that one engagement recorded against its standard, read at once: four statements, however much there is, and no
more for several engagements that are read together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from consultancy import scoring
from consultancy.conclusions import Conclusion, conclude
from consultancy.models.assessment import Assessment, Observation, Rating
from consultancy.models.client import Site
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from consultancy.queries import assessments, evidence, findings
from consultancy.queries.evidence import Filed
from consultancy.scoring import Rated, Score
from consultancy.standards import catalogue
from consultancy.standards.catalogue import Standard
from tenants.database import db
from tenants.moments import each_of

STILL_OPEN = ("open", "verification")
GRADES = ("major", "minor", "ofi", "strength")


class Seen(NamedTuple):
    """An observation as reports print it. A report has hundreds and changes none, so they are no mapped rows."""

    text: str
    method: str
    evidence: str


class Judged(NamedTuple):
    """A requirement's rating with what was seen for it, oldest first."""

    rating: Rating
    observations: list[Seen]


@dataclass(frozen=True)
class Record:
    engagement: Engagement
    assessment: Assessment
    standard: Standard
    judged: dict[str, Judged]
    at_sites: dict[str, list[tuple[str, Seen]]]  # requirement -> (name of the site, what was seen there)
    site_ratings: list[tuple[str, str, Rating]]  # requirement, name of the site, how it was rated there
    findings: list[Finding]

    @cached_property
    def files(self) -> list[Filed]:
        """The evidence on file, for who prints an index of it."""
        return evidence.filed(self.assessment)

    @cached_property
    def rated(self) -> dict[str, Rated]:
        return {code: Rated.of(rating) for code, (rating, _seen) in self.judged.items()}

    @cached_property
    def score(self) -> Score:
        return scoring.score(self.standard, self.rated)

    @property
    def anything_rated(self) -> bool:
        tally = self.score.overall
        return tally.total > tally.not_rated

    def rating(self, requirement: str) -> Rating | None:
        return self.judged[requirement].rating if requirement in self.judged else None

    def as_counted(self, requirement: str) -> Rated:
        return self.rated.get(requirement, scoring.UNRATED)

    def findings_on(self, requirement: str) -> list[Finding]:
        return [one for one in self.findings if one.requirement == requirement]

    def by_grade(self, *grades: str) -> list[Finding]:
        """Findings of these grades, grade by grade, each in the order of their numbers."""
        return [one for grade in grades for one in self.findings if one.grade == grade]

    @cached_property
    def conclusion(self) -> Conclusion:
        musts = {one.code: self.as_counted(one.code) for one in self.standard.must_items()}
        raised = ((one.label, one.grade) for one in self.findings if one.status in STILL_OPEN)
        return conclude(raised, musts, findings.open_before(self.engagement))


def read(engagement: Engagement, language: str = "en") -> Record:
    assessment = assessments.of_engagement(engagement)
    everywhere, at_sites = _seen(assessment)
    ratings = each_of(assessment, _ratings)
    return Record(
        engagement=engagement,
        assessment=assessment,
        standard=catalogue.find(engagement.standard, language),
        judged={
            rating.requirement: Judged(rating, everywhere.get(rating.requirement, []))
            for rating, site in ratings
            if site is None
        },
        at_sites=at_sites,
        site_ratings=[(rating.requirement, site, rating) for rating, site in ratings if site is not None],
        findings=findings.of_engagement(engagement),
    )


def _seen(assessment: Assessment) -> tuple[dict[str, list[Seen]], dict[str, list[tuple[str, Seen]]]]:
    """What was seen for the whole client, and at single sites: that belongs into the annex too, with its site."""
    everywhere: dict[str, list[Seen]] = {}
    at_sites: dict[str, list[tuple[str, Seen]]] = {}
    for requirement, site, seen in each_of(assessment, _observations):
        if site is None:
            everywhere.setdefault(requirement, []).append(seen)
        else:
            at_sites.setdefault(requirement, []).append((site, seen))
    return everywhere, at_sites


def _observations(ids: Sequence[UUID]) -> Iterator[tuple[UUID, tuple[str, str | None, Seen]]]:
    """What was seen, each with its requirement and the name of its site, none for the whole client."""
    for assessment_id, requirement, site, *words in db.session.execute(
        sa.select(
            Rating.assessment_id, Rating.requirement, Site.name, Observation.text, Observation.method,
            Observation.evidence,
        )
        .join(Rating, sa.and_(Rating.tenant_id == Observation.tenant_id, Rating.id == Observation.rating_id))
        .outerjoin(Site, sa.and_(Site.tenant_id == Rating.tenant_id, Site.id == Rating.site_id))
        .where(Rating.assessment_id.in_(ids))
        .order_by(Site.name, Observation.created_at, Observation.id)
    ):  # fmt: skip
        yield assessment_id, (requirement, site, Seen(*words))


def _ratings(ids: Sequence[UUID]) -> Iterator[tuple[UUID, tuple[Rating, str | None]]]:
    """Every rating with the name of its site, none for the whole client."""
    for rating, site in db.session.execute(
        sa.select(Rating, Site.name)
        .outerjoin(Site, sa.and_(Site.tenant_id == Rating.tenant_id, Site.id == Rating.site_id))
        .where(Rating.assessment_id.in_(ids))
        .order_by(Site.name, Site.id, Rating.requirement)
    ):
        yield rating.assessment_id, (rating, site)
