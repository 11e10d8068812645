"""Reading corrective actions as a list and as a board."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.corrective_action import TO_DO, AlsoAnswers, CorrectiveAction
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from consultancy.queries.findings import GRADES
from consultancy.queries.sifting import PER_PAGE, Counts, Wanted, count, grouped, in_order, in_order_of, said, under
from tenants.database import db

STATUSES = ("open", "planned", "done", "verified", "closed")
EXCERPT = 300  # characters of an action in the list


class Line(NamedTuple):
    """A corrective action as the list and the board show it, with the finding it was planned for."""

    id: UUID
    number: int
    action: str
    status: str
    owner_text: str
    due: date | None
    revision: int
    finding_id: UUID
    finding_number: int
    finding_title: str
    requirement: str
    grade: str

    @property
    def label(self) -> str:
        return f"CA-{self.number:02d}"

    @property
    def finding_label(self) -> str:
        return f"F-{self.finding_number:02d}"


class Linked(NamedTuple):
    """A finding that an action answers too; `elsewhere` is the title of its engagement where it is another one."""

    id: UUID
    label: str
    title: str
    requirement: str
    grade: str
    elsewhere: str


def page_of(engagement: Engagement, wanted: Wanted, *, page: int, today: date) -> tuple[list[Line], Counts]:
    """One page of the engagement's actions, and how many each filter would show. Three statements."""
    late = sa.and_(CorrectiveAction.due < today, CorrectiveAction.status.in_(TO_DO))
    kept = [CorrectiveAction.engagement_id == engagement.id]
    everything = db.session.scalar(sa.select(sa.func.count(CorrectiveAction.id)).where(*kept)) or 0
    if wanted.clause:
        kept.append(under(Finding.requirement, wanted.clause))
    if wanted.owner:
        kept.append(CorrectiveAction.owner_text == wanted.owner)
    if wanted.text:
        words = (CorrectiveAction.action, CorrectiveAction.correction, Finding.title)
        kept.append(said(wanted.text, CorrectiveAction.number, *words))
    is_late = sa.func.coalesce(late, sa.false()).label("late")
    groups = _with_finding(sa.select(Finding.grade, CorrectiveAction.status, is_late)).where(*kept)
    counts = count(grouped(groups), everything=everything, wanted=wanted)
    if wanted.grade:
        kept.append(Finding.grade == wanted.grade)
    if wanted.status:
        kept.append(CorrectiveAction.status == wanted.status)
    if wanted.overdue:
        kept.append(late)
    said_so = sa.func.coalesce(sa.func.nullif(CorrectiveAction.action, ""), CorrectiveAction.correction)
    columns: list[Any] = [
        CorrectiveAction.id, CorrectiveAction.number, sa.func.left(said_so, EXCERPT), CorrectiveAction.status,
        CorrectiveAction.owner_text, CorrectiveAction.due, CorrectiveAction.revision,
        Finding.id, Finding.number, Finding.title, Finding.requirement, Finding.grade,
    ]  # fmt: skip
    rows = db.session.execute(
        _with_finding(sa.select(*columns))
        .where(*kept)
        .order_by(*_order(wanted))
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return [Line(*row) for row in rows], counts


def late_ones(engagement: Engagement, today: date, most: int = 12) -> list[tuple[UUID, str, date | None]]:
    """The actions that wait longest after their day."""
    rows = db.session.execute(
        sa.select(CorrectiveAction.id, CorrectiveAction.number, CorrectiveAction.due)
        .where(
            CorrectiveAction.engagement_id == engagement.id,
            CorrectiveAction.due < today,
            CorrectiveAction.status.in_(TO_DO),
        )
        .order_by(CorrectiveAction.due, CorrectiveAction.number)
        .limit(most)
    )
    return [(key, f"CA-{number:02d}", due) for key, number, due in rows]


def marked(engagement: Engagement, ids: Iterable[UUID]) -> list[CorrectiveAction]:
    """The engagement's actions of these ids, locked for a change of many, in the order of their numbers."""
    return list(
        db.session.scalars(
            sa.select(CorrectiveAction)
            .options(
                joinedload(CorrectiveAction.finding, innerjoin=True).joinedload(Finding.engagement, innerjoin=True)
            )
            .where(CorrectiveAction.engagement_id == engagement.id, CorrectiveAction.id.in_(list(ids)))
            .order_by(CorrectiveAction.number)
            .with_for_update(of=CorrectiveAction)
        )
    )


def also_answered(action_ids: Iterable[UUID]) -> dict[UUID, list[Linked]]:
    """The further findings of these actions, by action."""
    rows = db.session.execute(
        sa.select(
            AlsoAnswers.corrective_action_id, CorrectiveAction.engagement_id, Engagement.id, Engagement.title,
            Finding.id, Finding.number, Finding.title, Finding.requirement, Finding.grade,
        )
        .join(CorrectiveAction, _same(AlsoAnswers.corrective_action_id, CorrectiveAction))
        .join(Finding, _same(AlsoAnswers.finding_id, Finding))
        .join(Engagement, _same(Finding.engagement_id, Engagement))
        .where(AlsoAnswers.corrective_action_id.in_(list(action_ids)))
        .order_by(Engagement.opened_on, Finding.number)
    )  # fmt: skip
    found: dict[UUID, list[Linked]] = {}
    for action_id, home, place, place_title, key, number, title, requirement, grade in rows:
        elsewhere = place_title if place != home else ""
        linked = Linked(key, f"F-{number:02d}", title, requirement, grade, elsewhere)
        found.setdefault(action_id, []).append(linked)
    return found


def answering(finding: Finding) -> list[CorrectiveAction]:
    """The actions planned for the finding, then those of other findings that answer it too."""
    also = sa.select(AlsoAnswers.corrective_action_id).where(AlsoAnswers.finding_id == finding.id)
    return list(
        db.session.scalars(
            sa.select(CorrectiveAction)
            .where(sa.or_(CorrectiveAction.finding_id == finding.id, CorrectiveAction.id.in_(also)))
            .order_by(CorrectiveAction.finding_id != finding.id, CorrectiveAction.number)
        )
    )


def find_link(action: CorrectiveAction, finding_id: UUID) -> AlsoAnswers | None:
    return db.session.scalar(
        sa.select(AlsoAnswers).where(
            AlsoAnswers.corrective_action_id == action.id, AlsoAnswers.finding_id == finding_id
        )
    )


def numbered(engagement: Engagement, numbers: Iterable[int]) -> list[Finding]:
    return list(
        db.session.scalars(
            sa.select(Finding)
            .where(Finding.engagement_id == engagement.id, Finding.number.in_(list(numbers)))
            .order_by(Finding.number)
        )
    )


def answered_of(engagement: Engagement) -> set[UUID]:
    """The engagement's findings that an action of whatever engagement answers."""
    own = sa.select(CorrectiveAction.finding_id).where(CorrectiveAction.engagement_id == engagement.id)
    also = (
        sa.select(AlsoAnswers.finding_id)
        .join(Finding, _same(AlsoAnswers.finding_id, Finding))
        .where(Finding.engagement_id == engagement.id)
    )
    return set(db.session.scalars(sa.union(own, also)))


def _same(reference: Any, target: Any) -> sa.ColumnElement[bool]:
    return sa.and_(target.tenant_id == reference.class_.tenant_id, target.id == reference)


def _with_finding(statement: sa.Select) -> sa.Select:
    return statement.select_from(CorrectiveAction).join(Finding, _same(CorrectiveAction.finding_id, Finding))


def _order(wanted: Wanted) -> list[Any]:
    ways: dict[str, Any] = {
        "grade": in_order_of(Finding.grade, GRADES),
        "status": in_order_of(CorrectiveAction.status, STATUSES),
        "finding": Finding.number,
        "due": CorrectiveAction.due,
        "owner": sa.func.nullif(CorrectiveAction.owner_text, ""),
    }
    return in_order(wanted, CorrectiveAction.number, ways)
