"""The roadmap sorts what is to be done by its dates, and its sums are sums of its rows."""

import json
from datetime import date, timedelta

import pytest

from consultancy.calendar import months_after
from consultancy.program_documents import effort_days
from consultancy.reports import MissingData
from tests.consultancy.reports.practice import (
    TODAY,
    assemble,
    assessed,
    engagement,
    practice,
    rate,
    rate_all,
    words_of,
    written,
)
from tests.factories import make_finding, make_register_entry


def phases_of(fields):
    return {phase["name"]: [task["reference"] for task in phase["tasks"]] for phase in fields["roadmap"]["phases"]}


def test_a_task_stands_in_the_phase_of_its_date(database_app):
    dates = {
        "4.1": TODAY - timedelta(days=1), "4.2": TODAY, "4.3": TODAY + timedelta(days=30),
        "4.4": TODAY + timedelta(days=31), "5.1": date(2026, 6, 27), "5.2": date(2026, 9, 27),
        "5.3": date(2027, 3, 26), "5.4": date(2027, 3, 27), "6.1.1": None,
    }  # fmt: skip
    with practice(database_app):
        made = engagement()
        assessment = assessed(made)
        for code, due in dates.items():
            rate(assessment, code, 1, recommendation="Mend it", due=due)
        _, fields = assemble("roadmap", made)
    assert phases_of(fields) == {
        "Overdue": ["4.1"], "Next 30 days": ["4.2", "4.3"], "Months 1 to 3": ["4.4"], "Months 3 to 6": ["5.1"],
        "Months 6 to 12": ["5.2", "5.3"], "Later": ["5.4"], "No date yet": ["6.1.1"],
    }  # fmt: skip


def test_sums_of_a_roadmap_are_sums_of_its_rows(database_app):
    with practice(database_app):
        made = engagement()
        rate_all(assessed(made))
        _, fields = assemble("roadmap", made)
        words = words_of(written("roadmap", fields))
    roadmap = fields["roadmap"]
    tasks = [task for phase in roadmap["phases"] for task in phase["tasks"]]
    assert len(tasks) == roadmap["task_count"] == sum(phase["task_count"] for phase in roadmap["phases"])
    assert roadmap["high"] == sum(task["priority"] == "High" for task in tasks)
    assert roadmap["effort"] == f"{sum(effort_days(task['effort']) or 0 for task in tasks):g} d +"
    assert [task["what"] for task in tasks if task["what"] not in words] == []
    assert json.loads(json.dumps(fields)) == fields


def test_an_effort_counts_once_when_two_findings_share_a_requirement(database_app):
    with practice(database_app):
        made = engagement()
        rate(assessed(made), "8.1.1", 0, effort_text="4 d")
        make_finding(engagement=made, number=1, requirement="8.1.1", grade="major")
        make_finding(engagement=made, number=2, requirement="8.1.1", grade="minor")
        _, fields = assemble("roadmap", made)
    assert fields["roadmap"]["effort"] == "4 d +"
    assert fields["roadmap"]["phases"][0]["findings"] == "F-01, F-02"


def test_what_is_closed_effective_or_not_applicable_is_no_task(database_app):
    with practice(database_app):
        made = engagement()
        assessment = assessed(made)
        rate(assessment, "4.1", 3, recommendation="Keep it")
        rate(assessment, "4.2", None, state="not_applicable", reason="none", recommendation="Nothing")
        rate(assessment, "4.3", None, recommendation="")
        rate(assessment, "4.4", 0, recommendation="Do it")
        make_finding(engagement=made, requirement="4.4", grade="major", status="closed")
        with pytest.raises(MissingData) as refused:
            assemble("roadmap", made)
    assert "register" in refused.value.sentence


def test_a_program_takes_its_tasks_from_the_analysis_it_follows_and_from_its_register(database_app):
    with practice(database_app):
        before = engagement()
        rate(assessed(before), "4.1", 1, recommendation="Write down the context")
        made = engagement("program_development", client=before.client, contacts=False, follows_id=before.id)
        assessed(made)
        make_register_entry(engagement=made, document="A1", state="missing")
        make_register_entry(engagement=made, document="R1", state="needs_work")
        make_register_entry(engagement=made, document="P1", state="have")
        _, followed = assemble("roadmap", made)
        made.follows_id = None
        _, latest = assemble("roadmap", made)
    assert phases_of(followed) == phases_of(latest) == {"No date yet": ["4.1", "R1", "A1"]}
    assert followed["roadmap"]["documents"] == {"total": 3, "have": 1, "needs_work": 1, "missing": 1, "not_needed": 0}


def test_months_end_where_a_month_is_shorter():
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 31), 12) == date(2027, 12, 31)
    assert months_after(date(2026, 1, 15), 6) == date(2026, 7, 15)
