"""All that one engagement recorded against its standard, read at once: five statements, however much there is."""

from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from consultancy import scoring
from consultancy.conclusions import Conclusion, conclude
from consultancy.models.assessment import Assessment, Observation, Rating
from consultancy.models.client import Site
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from consultancy.queries import assessments, findings
from consultancy.queries.assessments import Judged
from consultancy.scoring import Rated, Score
from consultancy.standards import catalogue
from consultancy.standards.catalogue import Standard
from tenants.database import db

STILL_OPEN = ("open", "verification")
GRADES = ("major", "minor", "ofi", "strength")


@dataclass(frozen=True)
class Record:
    engagement: Engagement
    standard: Standard
    judged: dict[str, Judged]
    at_sites: dict[str, list[tuple[str, Observation]]]  # requirement -> (name of the site, what was seen there)
    findings: list[Finding]

    @cached_property
    def rated(self) -> dict[str, Rated]:
        return {
            code: Rated(
                level=rating.level,
                state=rating.state,
                planned=bool(rating.recommendation or (rating.owner_text and rating.due)),
            )
            for code, (rating, _seen) in self.judged.items()
        }

    @cached_property
    def score(self) -> Score:
        return scoring.score(self.standard, self.rated)

    @property
    def anything_rated(self) -> bool:
        tally = self.score.overall
        return tally.total > tally.not_rated

    def rating(self, requirement: str) -> Rating | None:
        return self.judged[requirement].rating if requirement in self.judged else None

    def findings_on(self, requirement: str) -> list[Finding]:
        return [one for one in self.findings if one.requirement == requirement]

    def by_grade(self, *grades: str) -> list[Finding]:
        """Findings of these grades, grade by grade, each in the order of their numbers."""
        return [one for grade in grades for one in self.findings if one.grade == grade]

    @cached_property
    def conclusion(self) -> Conclusion:
        musts = {one.code: self.rated.get(one.code, scoring.UNRATED) for one in self.standard.must_items()}
        return conclude(((one.label, one.grade) for one in self.findings if one.status in STILL_OPEN), musts)


def read(engagement: Engagement, language: str = "en") -> Record:
    assessment = assessments.of_engagement(engagement)
    return Record(
        engagement=engagement,
        standard=catalogue.find(engagement.standard, language),
        judged=assessments.judged(assessment),
        at_sites=_at_sites(assessment),
        findings=findings.of_engagement(engagement),
    )


def _at_sites(assessment: Assessment) -> dict[str, list[tuple[str, Observation]]]:
    """What was seen at single sites: it belongs into the annex too, with the site's name."""
    seen: dict[str, list[tuple[str, Observation]]] = {}
    rows = db.session.execute(
        sa.select(Rating.requirement, Site.name, Observation)
        .join(Rating, sa.and_(Rating.tenant_id == Observation.tenant_id, Rating.id == Observation.rating_id))
        .join(Site, sa.and_(Site.tenant_id == Rating.tenant_id, Site.id == Rating.site_id))
        .where(Rating.assessment_id == assessment.id)
        .order_by(Site.name, Observation.created_at, Observation.id)
    )
    for requirement, name, observation in rows:
        seen.setdefault(requirement, []).append((name, observation))
    return seen
