"""The pre-audit of an employer of the stand."""

from datetime import date
from typing import Any

from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from tenants.models import Membership
from tests.factories import (
    make_assessment,
    make_assignment,
    make_attendee,
    make_audit_plan,
    make_followed_trail,
    make_involvement,
    make_plan_line,
    make_stage1_answer,
    make_trail_step,
)


def audit(employer: Any, engagement: Engagement, client: Client, *, lead: Membership) -> Engagement:
    """A pre-audit by somebody who wrote part of the system, with one row of everything that only a pre-audit has."""
    engagement.site_visit_from, engagement.site_visit_to = date(2026, 3, 2), date(2026, 3, 4)
    make_assessment(engagement=engagement)
    make_attendee(engagement=engagement)
    trail = make_followed_trail(engagement=engagement)
    make_trail_step(trail=trail)
    make_stage1_answer(engagement=engagement, item="policy")
    employer.keep(
        followed_trail=trail,
        audit_plan=make_audit_plan(engagement=engagement, shifts=1, sites=1),
        plan_line=make_plan_line(engagement=engagement),
        assignment=make_assignment(engagement=engagement, member=lead, part="lead"),
        involvement=make_involvement(
            client=client, member=lead, by=lead, from_on=date(2026, 1, 5), until_on=date(2026, 2, 2)
        ),
    )
    return engagement
