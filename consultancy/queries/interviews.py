"""Reading interviews: who was asked (by number), what they confirmed, how much of the sample is held."""

from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy import sampling, tallies
from consultancy.models.client import Site
from consultancy.models.engagement import Engagement
from consultancy.models.interview import Interview, InterviewAnswer
from consultancy.queries import clients, engagements
from consultancy.tallies import Coverage, Held, Tally
from tenants.database import db
from tenants.models import Membership


class Shown(NamedTuple):
    """An interview with the names around it, and of how many requirements something was confirmed or denied."""

    interview: Interview
    site: str
    by_name: str | None
    answers: int


def find(interview_id: UUID) -> Interview | None:
    return db.session.scalar(
        sa.select(Interview)
        .options(joinedload(Interview.engagement).joinedload(Engagement.client))
        .where(Interview.id == interview_id)
    )


def of_engagement(engagement: Engagement) -> list[Shown]:
    """By number. One statement."""
    return _shown(Interview.engagement_id == engagement.id, engagement.standard)


def shown(interview: Interview) -> Shown:
    (found,) = _shown(Interview.id == interview.id, interview.engagement.standard)
    return found


def answers_of(interview: Interview) -> dict[str, InterviewAnswer]:
    """By requirement of the standard that the engagement is measured against now."""
    rows = db.session.scalars(
        sa.select(InterviewAnswer).where(
            InterviewAnswer.interview_id == interview.id, InterviewAnswer.standard == interview.engagement.standard
        )
    )
    return {row.requirement: row for row in rows}


def has_notes(interview: Interview) -> bool:
    """Is there anything on the sheet that somebody said?"""
    said = sa.exists().where(InterviewAnswer.interview_id == Interview.id, InterviewAnswer.note != "")
    found = sa.select(Interview.id).where(Interview.id == interview.id, sa.or_(Interview.note != "", said))
    return db.session.scalar(found) is not None


def tallies_of(engagement: Engagement) -> dict[str, Tally]:
    """What all the people asked confirmed, by requirement. One statement."""
    rows = db.session.execute(
        sa.select(InterviewAnswer.requirement, InterviewAnswer.confirmed, sa.func.count())
        .join(Interview, sa.and_(*_of_interview()))
        .where(Interview.engagement_id == engagement.id, InterviewAnswer.standard == engagement.standard)
        .group_by(InterviewAnswer.requirement, InterviewAnswer.confirmed)
    )
    counts: dict[str, dict[str, int]] = {}
    for code, confirmed, count in rows:
        counts.setdefault(code, {})[confirmed] = count
    return {code: Tally(**found) for code, found in counts.items()}


def tally_of(engagement: Engagement, requirement: str, site: UUID | None = None) -> Tally:
    """What people confirmed of one requirement, at one site or anywhere."""
    return Tally(**db.session.scalars(sa.select(counted_of(engagement, requirement, site))).one())


def counted_of(engagement: Engagement, requirement: str, site: UUID | None) -> sa.ScalarSelect[Any]:
    """The four counts of a tally as one column, for a statement that asks for something else anyway."""
    counts = [
        one
        for key in sampling.RULES["confirmed"]
        for one in (sa.literal(key, sa.Text), sa.func.count().filter(InterviewAnswer.confirmed == key))
    ]
    wanted = (
        sa.select(sa.func.json_build_object(*counts))
        .select_from(InterviewAnswer)
        .join(Interview, sa.and_(*_of_interview()))
        .where(
            Interview.engagement_id == engagement.id,
            InterviewAnswer.standard == engagement.standard,
            InterviewAnswer.requirement == requirement,
        )
    )
    return (wanted if site is None else wanted.where(Interview.site_id == site)).scalar_subquery()


def coverage(engagement: Engagement) -> Coverage:
    """The sample agreed on against what was held: the one count that the page and the reports show."""
    rows = db.session.execute(
        sa.select(Interview.role, sa.func.coalesce(Site.name, ""), Interview.shift)
        .outerjoin(Site, sa.and_(Site.tenant_id == Interview.tenant_id, Site.id == Interview.site_id))
        .where(Interview.engagement_id == engagement.id)
    )
    return tallies.coverage(plan(engagement), [Held(*row) for row in rows])


def plan(engagement: Engagement, people: int | None = None, shifts: int | None = None) -> sampling.Plan:
    """The sample of an engagement, for the figures agreed on or for others to try."""
    committee = engagement.client.participation_body not in ("", "none")
    return sampling.plan(
        people_of(engagement) if people is None else people,
        [sampling.Workplace(site.name, site.high_hazard) for site in workplaces(engagement)],
        shifts or engagement.sample_shifts,
        committee=committee,
    )


def people_of(engagement: Engagement) -> int:
    """How many people the sample is drawn of."""
    return (engagement.client.headcount or 0) if engagement.sample_people is None else engagement.sample_people


def workplaces(engagement: Engagement) -> list[Site]:
    """Those in scope, or all of the client where none was chosen."""
    return engagements.sites_in_scope(engagement) or clients.sites(engagement.client)


def _of_interview() -> tuple[sa.ColumnElement[bool], ...]:
    return Interview.tenant_id == InterviewAnswer.tenant_id, Interview.id == InterviewAnswer.interview_id


def _shown(which: sa.ColumnElement[bool], standard: str) -> list[Shown]:
    answers = (
        sa.select(sa.func.count(InterviewAnswer.id))
        .where(
            InterviewAnswer.tenant_id == Interview.tenant_id,
            InterviewAnswer.interview_id == Interview.id,
            InterviewAnswer.standard == standard,
        )
        .correlate(Interview)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Interview, sa.func.coalesce(Site.name, ""), Membership.name, answers)
        .outerjoin(Site, sa.and_(Site.tenant_id == Interview.tenant_id, Site.id == Interview.site_id))
        .outerjoin(
            Membership, sa.and_(Membership.tenant_id == Interview.tenant_id, Membership.id == Interview.by_id)
        )
        .where(which)
        .order_by(Interview.number)
    )
    return [Shown(*row) for row in rows]
