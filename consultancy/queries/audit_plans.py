"""Reading the plan of a pre-audit, its lines in order and who came to its meetings."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.audit_plan import Attendee, AuditPlan, PlanLine
from consultancy.models.engagement import Engagement
from tenants.database import db
from tenants.moments import each_of


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
