"""What is missing is said before a document is written, and each line leads to where it is mended."""

from datetime import date

import pytest

from consultancy.reports import cards, pre_audit_report, record
from consultancy.reports.problems import BLOCKING, INFORMATION, SHOULD_FIX, problems_of
from consultancy.reports.tasks import tasks_of
from tenants.database import db
from tests.consultancy.reports.practice import TODAY, assessed, engagement, practice, rate
from tests.factories import make_corrective_action, make_finding, make_member


@pytest.fixture
def office(database_app):
    with practice(database_app):
        yield


def found(made, kind="gap_report"):
    return {one.what: one for one in problems_of(made, kind=kind, today=TODAY)}


def labels(problem):
    return [place.label for place in problem.places]


def test_a_gap_analysis_without_ratings_cannot_be_written_and_the_worst_comes_first(office):
    made = engagement()
    assessed(made)
    problems = problems_of(made, kind="gap_report", today=TODAY)
    assert (problems[0].level, problems[0].what) == (BLOCKING, "nothing_rated")
    assert {one.level for one in problems[1:]} == {SHOULD_FIX}


def test_gaps_say_what_to_do_and_have_a_finding(office):
    made = engagement()
    assessment = assessed(made)
    rate(assessment, "5.2", 0)
    rate(assessment, "6.1.3", 1, recommendation="Keep a register of legal duties.")
    rate(assessment, "7.2", 2)
    make_finding(engagement=made, requirement="5.2", grade="major", statement="", evidence="Board minutes of March")
    problems = found(made)
    assert labels(problems["gaps_without_recommendation"]) == ["5.2"]
    assert [place.page for place in problems["gaps_without_finding"].places] == ["new_finding"]
    assert labels(problems["gaps_without_finding"]) == ["6.1.3"]
    assert len(problems["findings_without_ground"].places) == 1
    assert "nothing_rated" not in problems
    assert dict(problems["little_decided"].facts)["percent"] == 7


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Rui Figueiredo said the guard is off.", True),
        ("Two welders asked rui’s foreman; Figueiredo’s notes agree.", True),
        ("MARIE-ÈVE GAGNON keeps the list.", True),
        ("The Dalesman line was down.", False),
        ("One of five welders had no record.", False),
    ],
)
def test_an_observation_that_names_somebody_is_pointed_out(office, words, named):
    made = engagement()
    rate(assessed(made), "7.2", 2, words)
    assert ("names_in_observations" in found(made)) is named


def test_a_client_user_is_somebody_too(office):
    made = engagement(contacts=False)
    make_member(client=made.client).name = "Oksana Hrytsenko"
    rate(assessed(made), "7.2", 2, "Told by Oksana Hrytsenko.")
    assert labels(found(made)["names_in_observations"]) == ["7.2"]


def test_a_plan_of_actions_needs_something_to_follow_and_owners_and_days(office):
    made = engagement()
    assessed(made)
    assert found(made, "corrective_action_plan")["nothing_to_follow"].level == BLOCKING
    answered = make_finding(engagement=made, number=1, grade="major", status="open")
    bare = make_finding(engagement=made, number=2, grade="minor", status="open")
    first, second, third = (make_corrective_action(finding=answered, number=number) for number in (1, 2, 3))
    first.owner_text, first.due = "", None
    second.status, second.proof = "done", ""
    third.status, third.due = "open", date(2026, 3, 1)
    db.session.flush()
    problems = found(made, "corrective_action_plan")
    assert labels(problems["findings_without_action"]) == [bare.label]
    counts = {what: len(one.places) for what, one in problems.items() if what.startswith("actions")}
    assert counts == {
        "actions_without_owner": 1,
        "actions_without_due": 1,
        "actions_without_proof": 1,
        "actions_overdue": 1,
    }
    assert problems["actions_overdue"].level == INFORMATION


def test_what_was_carried_over_and_not_confirmed_is_no_gap_no_chip_no_gate_and_no_task(office):
    made = engagement()
    assessment = assessed(made)
    rate(assessment, "5.2", 0, carried_over=True, recommendation="Write one.")
    rate(assessment, "6.1.3", 3, carried_over=True)
    rate(assessment, "7.2", None, state="not_applicable", carried_over=True, reason="Nobody.")
    assert {"gaps_without_finding", "not_applicable"}.isdisjoint(found(made))
    seen = record.read(made)
    for code in ("5.2", "6.1.3", "7.2"):
        assert cards.chip(seen, code) == ""
        gate = pre_audit_report.gate(seen, seen.standard.requirement(code), "en")
        assert (gate["state"], gate["evidence"]) == ("not_verified", "Not rated")
    assert pre_audit_report.before_the_audit(seen, "en") == []
    assert tasks_of(seen, "en") == []
    assert seen.conclusion.code == "conditions"


def test_what_is_complete_has_no_problem(office):
    made = engagement(texts={"headline": "Ready in spring."})
    assessment = assessed(made)
    for code in ("4.1", "4.2", "4.3"):
        rate(assessment, code, 3)
    assert list(found(made)) == ["little_decided", "notes_in_one_language"]
