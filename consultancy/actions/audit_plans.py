"""Planning a pre-audit: its head, who audits what from when to when, who came to the meetings, how many days."""

from collections.abc import Sequence
from datetime import date, time
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions.clients import ChangedMeanwhile
from consultancy.actions.engagements import refuse_closed
from consultancy.actions.numbering import one_at_a_time
from consultancy.audit_days import Inputs, estimate
from consultancy.calendar import today
from consultancy.models.audit_plan import Attendee, AuditPlan, PlanLine
from consultancy.models.engagement import Engagement
from consultancy.queries import audit_plans, engagements
from tenants import audit
from tenants.database import db
from tenants.refusal import NotValid, Refusal

MOST_CAME = 200


class OnlyForPreAudit(Refusal):
    """Team page, plan, Stage 1 list, trails and audit days belong to a pre-audit."""


class StagesReversed(NotValid):
    """Stage 2 cannot come before Stage 1."""


class EndsBeforeStart(NotValid):
    """A line of the plan ends after it starts."""


class OutsideVisit(NotValid):
    """A line lies on a day of the visit. Carries the visit's first and last day."""


class AuditorElsewhere(NotValid):
    """Nobody audits two things at once. Carries who and the line that is there already."""


class NotOnTeam(NotValid):
    """Who audits is on the engagement's team."""


class OutsidePlace(NotValid):
    """A line lies at one of the workplaces in scope, or at a place that is typed."""


class AttendanceIncomplete(NotValid):
    """Who is on the list has a name and came to a meeting at least. Carries the number of the row."""


class TooManyCame(NotValid):
    """The list takes so many. Carries how many."""


class Came(NamedTuple):
    """A row of the list of attendance as it was typed; an empty one counts for nothing."""

    name: str
    role: str
    opening: bool
    closing: bool


class Slot(NamedTuple):
    """What a line of the plan says, as it was typed. Without an auditor it is the whole team's."""

    day: date
    starts: time
    ends: time
    site_id: UUID | None
    place: str
    activity: str
    requirements: str
    auditor_id: UUID | None
    auditee: str


def keep_head(
    engagement: Engagement,
    *,
    objectives: str,
    criteria: str,
    scope: str,
    registrar: str,
    stage_1_on: date | None,
    stage_2_on: date | None,
    revision: int,
    seen: str = "",
    by: UUID | None,
) -> None:
    """What the audit is for, and when the registrar comes. `seen` is the mark that the form was opened with, here as
    below. Raises StagesReversed, ChangedMeanwhile, OnlyForPreAudit, EngagementClosed."""
    if stage_1_on and stage_2_on and stage_2_on < stage_1_on:
        raise StagesReversed(stage_1_on, stage_2_on)
    plan = _plan_of(engagement, revision, "head", seen)
    plan.objectives, plan.criteria, plan.scope, plan.registrar = objectives, criteria, scope, registrar
    plan.stage_1_on, plan.stage_2_on = stage_1_on, stage_2_on
    _note(engagement, "audit_plan.kept", by)


def plan_line(engagement: Engagement, *, slot: Slot, by: UUID | None) -> PlanLine:
    """Raises EndsBeforeStart, OutsideVisit, AuditorElsewhere, NotOnTeam, OutsidePlace, OnlyForPreAudit,
    EngagementClosed."""
    _refuse(engagement)
    _refuse_slot(engagement, slot, None)
    line = PlanLine(engagement_id=engagement.id, **slot._asdict())
    db.session.add(line)
    _note(engagement, "audit_plan.line_added", by)
    return line


def change_line(line: PlanLine, *, slot: Slot, revision: int, by: UUID | None) -> None:
    """Raises what `plan_line` raises, and ChangedMeanwhile."""
    _refuse(line.engagement)
    if line.revision != revision:
        raise ChangedMeanwhile(line.activity)
    _refuse_slot(line.engagement, slot, line)
    for name, value in slot._asdict().items():
        setattr(line, name, value)
    _note(line.engagement, "audit_plan.line_changed", by)


def remove_line(line: PlanLine, *, by: UUID | None) -> None:
    _refuse(line.engagement)
    db.session.delete(line)
    _note(line.engagement, "audit_plan.line_removed", by)


def keep_attendance(
    engagement: Engagement, *, rows: Sequence[Came], revision: int, seen: str = "", by: UUID | None
) -> None:
    """The list as it lies on the page; a row without any word is left out. Raises AttendanceIncomplete,
    TooManyCame, ChangedMeanwhile, OnlyForPreAudit, EngagementClosed."""
    kept = []
    for place, row in enumerate(rows, start=1):
        if not any(row):
            continue
        if not row.name or not (row.opening or row.closing):
            raise AttendanceIncomplete(place)
        kept.append(row)
    if len(kept) > MOST_CAME:
        raise TooManyCame(MOST_CAME)
    plan = _plan_of(engagement, revision, "attendance", seen)
    if plan.revision:  # a new one gets its first as it is stored
        plan.revision += 1
    db.session.execute(sa.delete(Attendee).where(Attendee.engagement_id == engagement.id))
    db.session.add_all(
        Attendee(engagement_id=engagement.id, position=place, **row._asdict()) for place, row in enumerate(kept, 1)
    )
    _note(engagement, "audit_plan.attendance_kept", by)


def keep_days(
    engagement: Engagement, *, inputs: Inputs, revision: int, seen: str = "", by: UUID | None
) -> None:
    """Keep what the estimate of audit days rests on. Raises what `estimate` raises, ChangedMeanwhile,
    OnlyForPreAudit, EngagementClosed."""
    estimate(inputs, today())
    plan = _plan_of(engagement, revision, "days", seen)
    plan.personnel, plan.risk = inputs.personnel, inputs.risk
    plan.shifts, plan.sites = inputs.shifts, inputs.sites
    plan.adjustment, plan.adjustment_reason = inputs.adjustment, inputs.reason
    _note(engagement, "audit_plan.days_kept", by)


def refuse_other_kinds(engagement: Engagement) -> None:
    if engagement.kind != "pre_audit":
        raise OnlyForPreAudit(engagement.title)


def _refuse(engagement: Engagement) -> None:
    refuse_other_kinds(engagement)
    refuse_closed(engagement)


def _plan_of(engagement: Engagement, revision: int, part: str, seen: str) -> AuditPlan:
    """The plan at the revision that the page showed, 0 where there was none yet; or at another one, where this part
    still says what the page showed: who saves the head is not in the way of who lists the attendance."""
    _refuse(engagement)
    plan = audit_plans.of_engagement(engagement)
    if (plan.revision if plan else 0) != revision and getattr(audit_plans.marks(engagement), part) != seen:
        raise ChangedMeanwhile(engagement.title)
    if plan is None:
        plan = AuditPlan(engagement_id=engagement.id)
        db.session.add(plan)
    return plan


def _refuse_slot(engagement: Engagement, slot: Slot, itself: PlanLine | None) -> None:
    # Two who plan the same auditor at the same hour would else both read that nobody is there.
    one_at_a_time(Engagement, engagement.id)
    if slot.ends <= slot.starts:
        raise EndsBeforeStart(slot.starts, slot.ends)
    first, last = engagement.site_visit_from, engagement.site_visit_to or engagement.site_visit_from
    if first and last and not first <= slot.day <= last:
        raise OutsideVisit(first, last)
    if slot.site_id and slot.site_id not in {site.id for site in engagements.sites_in_scope(engagement)}:
        raise OutsidePlace(engagement.title)
    team = {one.membership_id: one.membership.name for one in engagements.team(engagement)}
    if slot.auditor_id and slot.auditor_id not in team:
        raise NotOnTeam(engagement.title)
    for other in audit_plans.lines(engagement):
        if other is itself or other.day != slot.day:
            continue
        same = other.auditor_id == slot.auditor_id or None in (other.auditor_id, slot.auditor_id)
        if same and other.starts < slot.ends and slot.starts < other.ends:
            # Who left the consultancy is off the team and still named by the lines they had.
            who = other.auditor.name if other.auditor else team.get(slot.auditor_id) if slot.auditor_id else None
            raise AuditorElsewhere(who, other.activity, other.starts, other.ends)


def _note(engagement: Engagement, verb: str, by: UUID | None) -> None:
    db.session.flush()
    audit.record(verb, engagement, by=by)
