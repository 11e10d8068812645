"""What a pre-audit report tells of the audit: independence with its reason, times, meetings, trails, days, lateness."""

from datetime import date

import pytest

from consultancy.reports import audit
from consultancy.reports.record import read
from tests.consultancy.reports.practice import assemble, assessed, engagement, practice, rate_all, words_of, written
from tests.factories import (
    make_attendee,
    make_audit_plan,
    make_corrective_action,
    make_finding,
    make_followed_trail,
    make_involvement,
    make_plan_line,
    make_stage1_answer,
    make_trail_step,
)

STAGE_2 = date(2027, 2, 16)


@pytest.fixture
def audited(database_app):
    with practice(database_app):
        made = engagement("pre_audit", site_visit_from=date(2026, 3, 2), site_visit_to=date(2026, 3, 4))
        rate_all(assessed(made))
        yield made


def told(made):
    return assemble("pre_audit_report", made)[1]["audit"]


def test_who_helped_the_client_is_printed_with_the_reason_and_the_rule(audited):
    make_involvement(
        client=audited.client, member=audited.lead, what="Lockout", from_on=date(2025, 1, 5), until_on=date(2025, 9, 1)
    )
    found = told(audited)["independence"]
    line = next(one for one in found["team"] if one["name"] == audited.lead.name)
    assert line["facts"] == "Wrote Lockout, 2025-01-05 to 2025-09-01"
    assert line["reason"]
    assert [one["facts"] for one in found["team"] if one is not line] == ["Nothing on record"]
    assert "general knowledge" in found["rule"]


def test_plan_meetings_stage_1_and_trails_stand_in_the_word_file(audited):
    make_plan_line(engagement=audited, auditor=audited.lead, activity="Lockout at line 3")
    make_attendee(engagement=audited, name="Dana Frey")
    make_stage1_answer(engagement=audited, item="law", answer="no", note="One act is missing")
    make_trail_step(trail=make_followed_trail(engagement=audited, name="The cut"), seen="Form 7 in time")
    make_audit_plan(engagement=audited, objectives="See whether it works", shifts=1, sites=1)
    words = words_of(written("pre_audit_report", assemble("pre_audit_report", audited)[1]))
    for said in ("Lockout at line 3", "09:00–10:00", "Dana Frey", "One act is missing", "Form 7 in time",
                 "See whether it works", "IAF MD 5:2019"):  # fmt: skip
        assert said in words


@pytest.mark.parametrize(("due", "late"), [(date(2027, 2, 15), False), (STAGE_2, True), (None, False)])
def test_what_is_due_on_the_registrars_day_is_too_late(audited, due, late):
    make_audit_plan(engagement=audited, stage_2_on=STAGE_2, shifts=1, sites=1)
    finding = make_finding(engagement=audited, grade="major", requirement="5.2")
    finding.due = None
    action = make_corrective_action(finding=finding)
    action.due = due
    found = told(audited)["too_late"]
    assert (action.label in found, bool(found)) == (late, late)


@pytest.mark.parametrize(
    ("grade", "status", "code"),
    [("major", "open", "not_ready"), ("major", "verification", "not_ready"), ("minor", "open", "conditions"),
     ("ofi", "open", "ready"), ("major", "closed", "ready")],
)  # fmt: skip
def test_an_open_finding_of_the_earlier_report_counts(audited, grade, status, code):
    named = {"ready": set()}.get(code, {"F-07"})
    earlier = engagement(client=audited.client)
    make_finding(engagement=earlier, grade=grade, status=status, number=7)
    for judged in read(audited).judged.values():
        judged.rating.level = 3
    assert read(audited).conclusion.code == "ready"
    audited.follows_id = earlier.id
    conclusion = read(audited).conclusion
    assert conclusion.code == code
    assert {number for one in conclusion.reasons for number in one.codes} == named


def test_what_is_open_of_the_earlier_report_is_to_be_mended_under_a_number_that_names_it(audited):
    earlier = engagement(client=audited.client, title="Gap of 2025")
    audited.follows_id = earlier.id
    for number, (grade, status) in enumerate(
        [("major", "open"), ("minor", "verification"), ("ofi", "open"), ("major", "closed")], start=7
    ):
        finding = make_finding(engagement=earlier, grade=grade, status=status, number=number)
        finding.due = STAGE_2
    action = make_corrective_action(finding=make_finding(engagement=earlier, grade="minor", status="open", number=1))
    action.due = STAGE_2
    for judged in read(audited).judged.values():
        judged.rating.level = 3
    make_audit_plan(engagement=audited, stage_2_on=STAGE_2, shifts=1, sites=1)
    fields = assemble("pre_audit_report", audited)[1]
    named = {f"{label} of “Gap of 2025”" for label in ("F-01", action.label, "F-07", "F-08")}
    assert {one["finding"] for one in fields["before"]} == named
    assert all(one in fields["audit"]["too_late"] for one in (f"{action.label} of “Gap of 2025”", "F-07 of"))
    words = words_of(written("pre_audit_report", fields))
    assert "Nothing has to be mended before the audit." not in words
    assert "F-07 of “Gap of 2025”" in words


def test_objectives_criteria_and_scope_are_proposed_while_nobody_typed_one(audited):
    plan = make_audit_plan(engagement=audited, objectives="", criteria="", scope="", shifts=1, sites=1)
    proposed = audit.proposed(audited, "en")
    assert {*proposed.values()} <= {one["value"] for one in told(audited)["head"]}
    plan.scope = "The yard"
    said = {one["value"] for one in told(audited)["head"]}
    assert "The yard" in said
    assert not said & {*proposed.values()}


def test_nothing_is_said_where_nothing_is_kept(audited):
    found = told(audited)
    assert (found["head"], found["timetable"], found["attendance"], found["trails"]) == ([], [], [], [])
    assert (found["stage1"]["items"], found["days"]["working"], found["marks"]["elements"]) == ([], [], [])


def test_days_are_written_as_the_language_writes_them():
    figures = [audit.figure(audit.Decimal(number), "fr") for number in ("5.5", "20", "0.60")]
    assert figures == ["5,5", "20", "0,6"]
