"""Reading the plan of a pre-audit, its lines in order and who came to its meetings."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.audit_plan import Attendee, AuditPlan, PlanLine
from consultancy.models.engagement import Engagement
from tenants.database import db
from tenants.moments import each_of

HEAD = ("objectives", "criteria", "scope", "registrar", "stage_1_on", "stage_2_on")
DAYS = ("personnel", "risk", "shifts", "sites", "adjustment", "adjustment_reason")


class Marks(NamedTuple):
    """What each part of a plan says, in one word. The plan has one revision for all of them: a form that brings the
    mark it was opened with is told apart from one whose own part somebody changed."""

    head: str
    attendance: str
    days: str


def marks(engagement: Engagement) -> Marks:
    plan = of_engagement(engagement)
    head = [getattr(plan, name) for name in HEAD] if plan else []
    days = [getattr(plan, name) for name in DAYS] if plan and plan.personnel is not None else []
    came = [(one.name, one.role, one.opening, one.closing) for one in attendance(engagement)]
    return Marks(*(_mark(part if any(part) else []) for part in (head, came, days)))


def _mark(part: Sequence[object]) -> str:
    return sha256(repr(part).encode()).hexdigest()[:16]


def of_engagement(engagement: Engagement) -> AuditPlan | None:
    return next(iter(each_of(engagement, _plans)), None)


def lines(engagement: Engagement) -> list[PlanLine]:
    return each_of(engagement, _lines)


def attendance(engagement: Engagement) -> list[Attendee]:
    return each_of(engagement, _attendance)


def find_line(line_id: UUID) -> PlanLine | None:
    return db.session.scalar(
        sa.select(PlanLine).options(joinedload(PlanLine.engagement)).where(PlanLine.id == line_id)
    )


def _plans(ids: Sequence[UUID]) -> Iterator[tuple[UUID, AuditPlan]]:
    for one in db.session.scalars(sa.select(AuditPlan).where(AuditPlan.engagement_id.in_(ids))):
        yield one.engagement_id, one


def _lines(ids: Sequence[UUID]) -> Iterator[tuple[UUID, PlanLine]]:
    for one in db.session.scalars(
        sa.select(PlanLine)
        .options(joinedload(PlanLine.site), joinedload(PlanLine.auditor))
        .where(PlanLine.engagement_id.in_(ids))
        .order_by(PlanLine.day, PlanLine.starts, PlanLine.ends, PlanLine.id)
    ):
        yield one.engagement_id, one


def _attendance(ids: Sequence[UUID]) -> Iterator[tuple[UUID, Attendee]]:
    for one in db.session.scalars(
        sa.select(Attendee).where(Attendee.engagement_id.in_(ids)).order_by(Attendee.position)
    ):
        yield one.engagement_id, one
