"""Reading findings and corrective actions."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.corrective_action import AlsoAnswers, CorrectiveAction
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from consultancy.queries.sifting import PER_PAGE, Counts, Wanted, count, grouped, in_order, in_order_of, said, under
from consultancy.standards import catalogue
from tenants.database import db
from tenants.moments import each_of

GRADES = ("major", "minor", "ofi", "strength")
STATUSES = ("open", "verification", "closed", "noted")
STILL_OPEN = ("open", "verification")


class Line(NamedTuple):
    """A finding as the list shows it."""

    id: UUID
    number: int
    title: str
    requirement: str
    grade: str
    status: str
    owner_text: str
    due: date | None
    legal_duty: str
    revision: int

    @property
    def label(self) -> str:
        return f"F-{self.number:02d}"


def find(finding_id: UUID) -> Finding | None:
    return db.session.scalar(
        sa.select(Finding)
        .options(joinedload(Finding.engagement).joinedload(Engagement.client))
        .where(Finding.id == finding_id)
    )


def of_engagement(engagement: Engagement) -> list[Finding]:
    return each_of(engagement, _of_engagements)


def _of_engagements(ids: Sequence[UUID]) -> Iterator[tuple[UUID, Finding]]:
    for one in db.session.scalars(
        sa.select(Finding).where(Finding.engagement_id.in_(ids)).order_by(Finding.number)
    ):
        yield one.engagement_id, one


def on_requirement(engagement: Engagement, requirement: str) -> list[Finding]:
    return list(
        db.session.scalars(
            sa.select(Finding)
            .where(Finding.engagement_id == engagement.id, Finding.requirement == requirement)
            .order_by(Finding.number)
        )
    )


def find_action(action_id: UUID) -> CorrectiveAction | None:
    return db.session.scalar(
        sa.select(CorrectiveAction)
        .options(joinedload(CorrectiveAction.finding).joinedload(Finding.engagement).joinedload(Engagement.client))
        .where(CorrectiveAction.id == action_id)
    )


def actions_of(engagement: Engagement) -> list[CorrectiveAction]:
    return list(
        db.session.scalars(
            sa.select(CorrectiveAction)
            .options(joinedload(CorrectiveAction.finding))
            .where(CorrectiveAction.engagement_id == engagement.id)
            .order_by(CorrectiveAction.number)
        )
    )


def page_of(engagement: Engagement, wanted: Wanted, *, page: int, today: date) -> tuple[list[Line], Counts]:
    """One page of the engagement's findings, and how many each filter would show. Three statements."""
    late = _late(today)
    kept = [Finding.engagement_id == engagement.id]
    everything = db.session.scalar(sa.select(sa.func.count(Finding.id)).where(*kept)) or 0
    if wanted.clause:
        kept.append(under(Finding.requirement, wanted.clause))
    if wanted.owner:
        kept.append(Finding.owner_text == wanted.owner)
    if wanted.text:
        kept.append(said(wanted.text, Finding.number, Finding.title, Finding.statement, Finding.requirement))
    is_late = sa.func.coalesce(late, sa.false()).label("late")
    groups = sa.select(Finding.grade, Finding.status, is_late).where(*kept)
    counts = count(grouped(groups), everything=everything, wanted=wanted)
    if wanted.grade:
        kept.append(Finding.grade == wanted.grade)
    if wanted.status:
        kept.append(Finding.status == wanted.status)
    if wanted.overdue:
        kept.append(late)
    columns = [getattr(Finding, name) for name in Line._fields]
    rows = db.session.execute(
        sa.select(*columns)
        .where(*kept)
        .order_by(*_order(engagement, wanted))
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return [Line(*row) for row in rows], counts


def action_counts(finding_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many corrective actions answer each of these findings, as their own or among others."""
    ids = list(finding_ids)
    answers = sa.union_all(
        sa.select(CorrectiveAction.finding_id).where(CorrectiveAction.finding_id.in_(ids)),
        sa.select(AlsoAnswers.finding_id).where(AlsoAnswers.finding_id.in_(ids)),
    ).subquery()
    rows = db.session.execute(
        sa.select(answers.c.finding_id, sa.func.count().label("many")).group_by(answers.c.finding_id)
    )
    return {one.finding_id: one.many for one in rows}


def requirements_with_findings(engagement: Engagement) -> set[str]:
    return set(
        db.session.scalars(sa.select(Finding.requirement).where(Finding.engagement_id == engagement.id).distinct())
    )


def marked(engagement: Engagement, ids: Iterable[UUID]) -> list[Finding]:
    """The engagement's findings of these ids, locked for a change of many, in the order of their numbers."""
    return list(
        db.session.scalars(
            sa.select(Finding)
            .options(joinedload(Finding.engagement, innerjoin=True))
            .where(Finding.engagement_id == engagement.id, Finding.id.in_(list(ids)))
            .order_by(Finding.number)
            .with_for_update(of=Finding)
        )
    )


def _late(today: date) -> sa.ColumnElement[bool]:
    return sa.and_(Finding.due < today, Finding.status.in_(STILL_OPEN))


def _order(engagement: Engagement, wanted: Wanted) -> list[Any]:
    codes = [one.code for one in catalogue.find(engagement.standard).requirements]
    ways: dict[str, Any] = {
        "grade": in_order_of(Finding.grade, GRADES),
        "status": in_order_of(Finding.status, STATUSES),
        "clause": in_order_of(Finding.requirement, codes),
        "due": Finding.due,
        "owner": sa.func.nullif(Finding.owner_text, ""),
        "title": sa.func.lower(Finding.title),
    }
    return in_order(wanted, Finding.number, ways)


def open_before(engagement: Engagement) -> list[tuple[str, str]]:
    """(number, grade) of what is still open of the engagement that a pre-audit follows; none for any other kind."""
    if engagement.kind != "pre_audit" or engagement.follows_id is None:
        return []
    return [(one.label, one.grade) for one in each_of(engagement, _open_before)]


def _open_before(ids: Sequence[UUID]) -> Iterator[tuple[UUID, Finding]]:
    rows = db.session.execute(
        sa.select(Engagement.id, Finding)
        .join(
            Finding,
            sa.and_(Finding.tenant_id == Engagement.tenant_id, Finding.engagement_id == Engagement.follows_id),
        )
        .where(Engagement.id.in_(ids), Finding.status.in_(STILL_OPEN))
        .order_by(Finding.number)
    )
    return ((engagement, finding) for engagement, finding in rows)
