"""A plan that somebody can keep: nobody is in two places at once, nothing lies outside the visit."""

import threading
from datetime import date, time, timedelta

import pytest

from consultancy.actions import audit_plans as acting
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.actions.engagements import EngagementClosed, open_engagement
from consultancy.actions.team import StillPlanned, put_on_team, take_off_team
from consultancy.audit_days import AdjustmentReasonNotGiven, Inputs, of_plan
from consultancy.queries import audit_plans, engagements
from tenants.database import db, transaction
from tests.consultancy.actions.conftest import ISO, close
from tests.factories import DAY, entered, found_tenant, make_client, make_member, make_site

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 3)


@pytest.fixture
def audited(office):
    engagement = office.open("pre_audit", site_visit_from=FIRST, site_visit_to=LAST)
    for member in (office.member, office.other):
        put_on_team(engagement, member=member, part="consultant", reason="", by=office.member.id)
    return engagement


@pytest.fixture
def plan(office, audited):
    def plan_one(starts, ends, auditor="member", day=FIRST, **changed):
        who = getattr(office, auditor).id if auditor else None
        slot = acting.Slot(day, time(*starts), time(*ends), None, "Line 3", "Lockout", "8.1.2", who, "Supervisor")
        return acting.plan_line(audited, slot=slot._replace(**changed), by=office.member.id)

    return plan_one


OVERLAPS = [
    # 9:00 to 10:30 by one is planned; then this, by whom; refused
    ((9, 0), (10, 30), "member", True),
    ((10, 29), (11, 0), "member", True),
    ((8, 0), (9, 1), "member", True),
    ((8, 0), (12, 0), "member", True),
    ((10, 30), (11, 0), "member", False),  # one ends as the other begins
    ((8, 0), (9, 0), "member", False),
    ((9, 0), (10, 30), "other", False),
    ((10, 0), (11, 0), None, True),  # the whole team
]


@pytest.mark.parametrize(("starts", "ends", "auditor", "refused"), OVERLAPS)
def test_nobody_audits_two_things_at_once(audited, plan, starts, ends, auditor, refused):
    plan((9, 0), (10, 30))
    if refused:
        with pytest.raises(acting.AuditorElsewhere):
            plan(starts, ends, auditor)
    else:
        plan(starts, ends, auditor)
        assert len(audit_plans.lines(audited)) == 2


def test_what_the_whole_team_attends_keeps_everybody_from_auditing(plan):
    plan((9, 0), (9, 30), None)
    with pytest.raises(acting.AuditorElsewhere):
        plan((9, 15), (10, 0), "other")


def test_another_day_is_another_matter_and_a_line_is_not_in_its_own_way(office, audited, plan):
    line = plan((9, 0), (10, 0))
    plan((9, 0), (10, 0), day=LAST)
    slot = acting.Slot(FIRST, time(9, 30), time(11), None, "", "Lockout", "", office.member.id, "")
    acting.change_line(line, slot=slot, revision=1, by=office.member.id)
    assert (line.starts, line.revision) == (time(9, 30), 2)
    with pytest.raises(ChangedMeanwhile):
        acting.change_line(line, slot=slot, revision=1, by=office.member.id)
    acting.remove_line(line, by=office.member.id)
    assert [one.day for one in audit_plans.lines(audited)] == [LAST]


def test_who_is_planned_stays_on_the_team_until_somebody_else_has_the_line(office, audited, plan):
    line = plan((9, 0), (10, 0))
    [planned] = [one for one in engagements.team(audited) if one.membership_id == office.member.id]
    with pytest.raises(StillPlanned) as refused:
        take_off_team(planned, engagement=audited, by=office.member.id)
    assert refused.value.args == (office.member.name, ["Lockout"])
    acting.remove_line(line, by=office.member.id)
    take_off_team(planned, engagement=audited, by=office.member.id)


def test_a_line_of_somebody_off_the_team_is_theirs_and_not_the_whole_teams(office, audited, plan):
    plan((9, 0), (10, 0))
    office.session.delete(next(one for one in engagements.team(audited) if one.membership_id == office.member.id))
    office.session.flush()
    with pytest.raises(acting.AuditorElsewhere) as refused:
        plan((9, 0), (10, 0), None)
    assert refused.value.args[0] == office.member.name


def test_two_who_plan_the_same_hour_at_the_same_moment_do_not_both_have_it(copied_database):
    app = copied_database.app
    tenant = found_tenant(app, slug="northgate")
    with entered(app, tenant):
        by = make_member().id
        engagement_id = open_engagement(
            make_client(), kind="pre_audit", standard=ISO, title="Audit", language="en", opened_on=DAY, by=by
        ).id
    ready, faults, refused = threading.Barrier(2), [], []

    def plan_some():
        try:
            for ahead in range(8):
                day = FIRST + timedelta(days=ahead)
                with app.app_context():
                    db.session().enter(tenant)
                    found = engagements.find(engagement_id)
                    ready.wait(timeout=20)
                    slot = acting.Slot(day, time(9), time(10), None, "", "Lockout", "", None, "")
                    try:
                        with transaction():
                            acting.plan_line(found, slot=slot, by=by)
                    except acting.AuditorElsewhere:
                        refused.append(day)
        except BaseException as fault:  # told to the test below
            faults.append(fault)
            ready.abort()

    threads = [threading.Thread(target=plan_some) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert faults == []
    with entered(app, tenant):
        planned = [one.day for one in audit_plans.lines(engagements.find(engagement_id))]
    assert planned == sorted(refused) == [FIRST + timedelta(days=ahead) for ahead in range(8)]


@pytest.mark.parametrize(("starts", "ends"), [((10, 0), (10, 0)), ((10, 0), (9, 59))])
def test_a_line_ends_after_it_starts(plan, starts, ends):
    with pytest.raises(acting.EndsBeforeStart):
        plan(starts, ends)


@pytest.mark.parametrize("day", [date(2026, 11, 30), date(2026, 12, 4)])
def test_a_line_lies_on_a_day_of_the_visit(plan, day):
    with pytest.raises(acting.OutsideVisit):
        plan((9, 0), (10, 0), day=day)


def test_who_audits_is_on_the_team_and_where_lies_in_scope(office, plan):
    with pytest.raises(acting.NotOnTeam):
        plan((9, 0), (10, 0), auditor_id=office.client.id)
    with pytest.raises(acting.OutsidePlace):
        plan((9, 0), (10, 0), site_id=make_site(client=office.client).id)


def keep_head(engagement, office, revision=0, **changed):
    head = {"objectives": "", "criteria": "", "scope": "", "registrar": "", "stage_1_on": None, "stage_2_on": None}
    acting.keep_head(engagement, **head | changed, revision=revision, by=office.member.id)


def test_the_head_keeps_the_registrars_days_in_their_order(office, audited):
    keep_head(audited, office, stage_1_on=LAST, stage_2_on=LAST)
    with pytest.raises(ChangedMeanwhile):
        keep_head(audited, office)
    with pytest.raises(acting.StagesReversed):
        keep_head(audited, office, revision=1, stage_1_on=LAST, stage_2_on=FIRST)


def test_the_list_of_attendance_is_kept_as_it_lies_there(office, audited):
    def keep(*rows, revision):
        acting.keep_attendance(
            audited, rows=[acting.Came(*row) for row in rows], revision=revision, by=office.member.id
        )

    keep(("Dana", "Plant manager", True, False), ("", "", False, False), ("Rui", "", True, True), revision=0)
    assert [(one.position, one.name) for one in audit_plans.attendance(audited)] == [(1, "Dana"), (2, "Rui")]
    revision = audit_plans.of_engagement(audited).revision
    with pytest.raises(acting.AttendanceIncomplete):
        keep(("Dana", "", False, False), revision=revision)
    with pytest.raises(acting.AttendanceIncomplete):
        keep(("", "Plant manager", True, False), revision=revision)
    with pytest.raises(ChangedMeanwhile):
        keep(("Rui", "", True, True), revision=revision - 1)
    keep(("Rui", "", False, True), revision=revision)
    assert [(one.name, one.opening) for one in audit_plans.attendance(audited)] == [("Rui", False)]


def test_the_inputs_of_the_estimate_are_kept_with_their_reason(office, audited):
    inputs = Inputs(80, "medium", 3, 1, 10, "Three shifts.")
    with pytest.raises(AdjustmentReasonNotGiven):
        acting.keep_days(audited, inputs=Inputs(80, "medium", adjustment=10), revision=0, by=office.member.id)
    acting.keep_days(audited, inputs=inputs, revision=0, by=office.member.id)
    assert str(of_plan(audit_plans.of_engagement(audited), FIRST).days) == "8"


def test_only_an_open_pre_audit_is_planned(office, audited):
    with pytest.raises(acting.OnlyForPreAudit):
        keep_head(office.open(), office)
    with pytest.raises(EngagementClosed):
        keep_head(close(audited), office)
