"""Planning the tasks of a roadmap: who, when, after what, and all of them at once by priority."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions.clients import ChangedMeanwhile
from consultancy.actions.engagements import refuse_closed
from consultancy.models.engagement import Engagement
from consultancy.models.planned_task import PlannedTask
from consultancy.reports.planned import Plan, Planned, mark_of, plan_of
from consultancy.roadmap import circle
from tenants import audit
from tenants.database import db
from tenants.refusal import NotValid, Refusal


class TaskGone(Refusal):
    """Its gap was closed, or nothing asks for it any more."""


class BeforeGone(TaskGone):
    """The same of the task that this one was to wait for."""


class EndsBeforeStart(NotValid):
    """A task cannot end before it begins."""


class WaitsForItself(NotValid):
    """Tasks that wait for each other in a ring are never begun."""


class StartsInThePast(NotValid):
    """A plan is made for days to come."""


class ProposalMoved(Refusal):
    """What the preview showed rests on gaps or dates that changed since."""


class NothingToPlace(Refusal):
    """Every task has its phase and date."""


def plan_task(
    engagement: Engagement, *, task: str, revision: int, depends_on: str, today: date, by: UUID | None, **fields: Any
) -> Planned:
    """Keep what is planned for one task, and answer it. `task` and `depends_on` are addresses such as
    "requirement:6.1.2.1".

    Raises TaskGone, BeforeGone, ChangedMeanwhile, EndsBeforeStart, WaitsForItself.
    """
    plan = _locked(engagement, today)
    one = _open(plan, task)
    if one.revision != revision:
        raise ChangedMeanwhile(one.task.reference)
    starts_on, due = fields.get("starts_on"), fields.get("due") or one.task.due
    if starts_on and due and due < starts_on:
        raise EndsBeforeStart(one.task.reference)
    before = plan.by_address.get(depends_on)
    if depends_on and before is None:
        raise BeforeGone(depends_on)
    if ring := circle(plan.after, task, depends_on):
        raise WaitsForItself([plan.by_address[each].task.reference for each in ring])
    row = _row_of(one, engagement)
    fields["depends_on_id"] = _row_of(before, engagement).id if before else None
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    db.session.flush()
    if changed:
        audit.record("planned_task.planned", row, by=by, task=one.task.reference, fields=changed)
    return replace(one, row=row)


def place_by_priority(
    engagement: Engagement, *, start: date, everything: bool, seen: str, today: date, by: UUID | None
) -> int:
    """Accept the proposal that a preview showed: phases and dates for what has none, or for everything that is open.
    How many tasks were placed. `seen`: the mark of what was shown.

    Raises StartsInThePast, NothingToPlace, ProposalMoved.
    """
    refuse_past(start, today)
    plan = _locked(engagement, today)
    proposal = plan.proposal(start, everything=everything)
    if not proposal:
        raise NothingToPlace
    if mark_of(proposal) != seen:
        raise ProposalMoved(len(proposal))
    for placed in proposal:
        row = _row_of(plan.by_address[placed.key], engagement)
        row.phase, row.starts_on, row.due = placed.phase, placed.starts_on, placed.due
    db.session.flush()
    audit.record("planned_task.placed", engagement, by=by, tasks=len(proposal), start=start.isoformat())
    return len(proposal)


def refuse_past(start: date, today: date) -> None:
    if start < today:
        raise StartsInThePast(start)


def _locked(engagement: Engagement, today: date) -> Plan:
    """The plan as it stands, while nobody else plans in the same engagement: two rows at once could make a ring."""
    refuse_closed(engagement)
    db.session.execute(sa.select(Engagement.id).where(Engagement.id == engagement.id).with_for_update())
    return plan_of(engagement, today)


def _open(plan: Plan, task: str) -> Planned:
    one = plan.by_address.get(task)
    if one is None or one.done:
        raise TaskGone(one.task.reference if one else task.partition(":")[2])
    return one


def _row_of(one: Planned, engagement: Engagement) -> PlannedTask:
    """Its row, made when nothing was planned yet. A finding that took over its requirement's plan keeps it from now."""
    source, _colon, key = one.address.partition(":")
    if one.row is None:
        row = PlannedTask(engagement_id=engagement.id, source=source, key=key)
        db.session.add(row)
        db.session.flush()
        return row
    one.row.source, one.row.key = source, key
    return one.row
