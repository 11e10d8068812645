"""What the demo's pre-audit has beside its ratings: a plan, answers for Stage 1, a trail, the days."""

from datetime import date, time
from uuid import UUID

from consultancy.actions import audit_plans, followed_trails, stage1
from consultancy.actions.audit_plans import Slot
from consultancy.audit_days import Inputs
from consultancy.models.engagement import Engagement
from consultancy.reports.audit import proposed

PLANNED = "cedarline-pre-2026"
DAYS = [date(2026, 12, day) for day in (1, 2, 3)]
LINES = [
    # day, from, to, activity, clauses, place, lead audits (else the whole team), with whom
    (0, "08:30", "09:00", "Opening meeting", "", "Boardroom", False, "Plant manager, JHSC co-chairs"),
    (0, "09:00", "10:30", "Policy, roles, consultation", "5.1; 5.2; 5.3; 5.4", "Boardroom", True, "Plant manager"),
    (0, "10:45", "12:00", "Hazards, risks, legal register", "6.1.2; 6.1.3; 9.1.2", "Office", True, "Coordinator"),
    (1, "06:30", "08:00", "Shift change and lockout, night shift", "8.1.1; 8.1.2", "Line 2", True, "Supervisor"),
    (1, "13:00", "14:30", "Internal audit and management review", "9.2; 9.3", "Office", True, "Coordinator"),
    (2, "15:00", "15:45", "Closing meeting", "", "Boardroom", False, "Plant manager, JHSC co-chairs"),
]
STAGE_1 = {
    "scope": ("yes", "Names the three shifts.", "Manual 1.2"),
    "policy": ("yes", "Signed in June.", "P1"),
    "law": ("partly", "O. Reg. 157/25 is missing.", "R2, list of August"),
    "audit": ("no", "Two clauses have not been audited yet.", "C3, programme 2026"),
    "records": ("not_seen", "", ""),
}
TRAIL = [
    ("10.2", "Hand cut of September: investigated within two days, cause found in the blade change.", "document"),
    ("6.1.2.2", "The risk of the blade change was not assessed anew.", "document"),
    ("7.2", "Two of three operators could show the new steps.", "observation"),
]


def audited(key: str, engagement: Engagement, *, by: UUID) -> None:
    """Before the visit: nobody has signed a list of attendance yet."""
    if key == PLANNED:
        plan(engagement, by=by)
        sent = {item: stage1.Answer(*answer, 0) for item, answer in STAGE_1.items()}
        stage1.answer_checklist(engagement, sent=sent, by=by)
        trail = followed_trails.follow_trail(engagement, name="The hand cut of September", by=by)
        followed_trails.keep_trail(
            trail, name=trail.name, result="breaks", conclusion="The fix has not reached the risks.",
            steps=[followed_trails.Step(*step) for step in TRAIL], revision=trail.revision, by=by,
        )  # fmt: skip


def plan(engagement: Engagement, *, by: UUID) -> None:
    head = proposed(engagement, engagement.language)
    audit_plans.keep_head(
        engagement, **head, registrar="Not chosen yet", stage_1_on=date(2027, 1, 19), stage_2_on=date(2027, 2, 16),
        revision=0, by=by,
    )  # fmt: skip
    inputs = Inputs(engagement.client.headcount or 1, "medium", 3, 1, 10, "Three shifts are seen, one at night.")
    audit_plans.keep_days(engagement, inputs=inputs, revision=1, by=by)
    for at, starts, ends, activity, clauses, place, led, auditee in LINES:
        slot = Slot(
            DAYS[at], time.fromisoformat(starts), time.fromisoformat(ends), None, place, activity, clauses,
            engagement.lead_id if led else None, auditee,
        )  # fmt: skip
        audit_plans.plan_line(engagement, slot=slot, by=by)
