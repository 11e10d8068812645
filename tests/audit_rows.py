"""Rows of a pre-audit, for the factories: who helped before, plan, meetings, Stage 1 and trails."""

from datetime import time
from typing import Any

from consultancy.models.audit_plan import Attendee, AuditPlan, PlanLine
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.models.followed_trail import FollowedTrail, TrailStep
from consultancy.models.involvement import Involvement
from consultancy.models.stage1_answer import Stage1Answer
from tenants.models import Membership
from tests.rows import DAY, add


def make_involvement(*, client: Client, member: Membership, by: Any = None, **columns: Any) -> Involvement:
    columns = {"part": "wrote", "from_on": DAY, "until_on": DAY} | columns
    return add(Involvement(client_id=client.id, membership_id=member.id, by_id=by and by.id, **columns))


def make_audit_plan(*, engagement: Engagement, **columns: Any) -> AuditPlan:
    columns = {"stage_1_on": None, "stage_2_on": None, "risk": "medium", "personnel": 80, "adjustment": 0} | columns
    return add(AuditPlan(engagement_id=engagement.id, **columns), "stage_1_on", "stage_2_on")


def make_plan_line(*, engagement: Engagement, auditor: Membership | None = None, **columns: Any) -> PlanLine:
    columns = {"day": DAY, "starts": time(9), "ends": time(10)} | columns
    return add(PlanLine(engagement_id=engagement.id, auditor_id=auditor and auditor.id, **columns))


def make_attendee(*, engagement: Engagement, position: int = 1, **columns: Any) -> Attendee:
    columns = {"opening": True, "closing": False} | columns
    return add(Attendee(engagement_id=engagement.id, position=position, **columns))


def make_stage1_answer(*, engagement: Engagement, **columns: Any) -> Stage1Answer:
    columns = {"version": "2026-v1", "item": "scope", "answer": "partly"} | columns
    return add(Stage1Answer(engagement_id=engagement.id, **columns))


def make_followed_trail(*, engagement: Engagement, **columns: Any) -> FollowedTrail:
    return add(FollowedTrail(engagement_id=engagement.id, **{"result": "breaks"} | columns))


def make_trail_step(*, trail: FollowedTrail, position: int = 1, **columns: Any) -> TrailStep:
    columns = {"requirement": "10.2", "method": "document"} | columns
    return add(TrailStep(followed_trail_id=trail.id, position=position, **columns))
