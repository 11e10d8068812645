"""Interviews in the two reports: the counts that the page shows, and no tally that tells on two people."""

import pytest

from consultancy.queries import interviews
from consultancy.reports.interviews import NOTHING
from tests.consultancy.reports.practice import assemble, assessed, engagement, practice, rate, words_of, written
from tests.factories import make_interview, make_interview_answer

KINDS = {"gap_report": "gap_analysis", "pre_audit_report": "pre_audit"}


def asked_in(kind):
    """Two supervisors and three workers; all five were asked about 8.2, two about 5.4."""
    made = engagement(KINDS[kind], sample_people=20, sample_shifts=1, interviews_numbered=5)
    rate(assessed(made), "8.2", 1)
    (site,) = interviews.workplaces(made)
    for number, confirmed in enumerate(("yes", "yes", "partly", "no", "unknown"), 1):
        role = "supervisors" if number < 3 else "workers"
        one = make_interview(engagement=made, number=number, role=role, site_id=site.id if number < 5 else None)
        make_interview_answer(interview=one, requirement="8.2", confirmed=confirmed)
        if number < 3:
            make_interview_answer(interview=one, requirement="5.4", confirmed="no")
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_gives_the_counts_of_the_page(database_app, kind):
    with practice(database_app):
        made = asked_in(kind)
        covered = interviews.coverage(made)
        told = assemble(kind, made)[1]["interviews"]
    assert told["totals"] == {"wanted": covered.wanted, "held": 5}
    assert [(one["wanted"], one["held"]) for one in told["roles"]] == [(one.wanted, one.held) for one in covered.roles]
    assert {one["name"]: one["held"] for one in told["roles"]}["Supervisor"] == 2
    assert [(one["name"], one["held"]) for one in told["sites"]] == [("Main plant", 4), ("Not said", 1)]
    assert "5 interviews were held" in told["lead"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_prints_who_was_asked_and_prints_nothing_where_nobody_was(database_app, kind):
    with practice(database_app):
        made = asked_in(kind)
        _title, fields = assemble(kind, made)
        nobody = fields | {"interviews": NOTHING}
        printed, without = (words_of(written(kind, one)) for one in (fields, nobody))
    for words in ("Interviews held", "Supervisor", "All workplaces", "What people confirmed"):
        assert words in printed
    assert "Interviews held" not in without
    assert "What people confirmed" not in without


@pytest.mark.parametrize("kind", KINDS)
def test_what_fewer_than_three_were_asked_is_left_out_and_said(database_app, kind):
    with practice(database_app):
        told = assemble(kind, asked_in(kind))[1]["interviews"]
    (tally,) = told["tallies"]
    counts = {name: tally[name] for name in ("code", "asked", "yes", "partly", "no", "unknown")}
    assert counts == {"code": "8.2", "asked": 5, "yes": 2, "partly": 1, "no": 1, "unknown": 1}
    assert told["withheld"] == "1 requirement that fewer than 3 people were asked about is left out."


@pytest.mark.parametrize("kind", KINDS)
def test_where_nobody_was_asked_nothing_is_printed(database_app, kind):
    with practice(database_app):
        made = engagement(KINDS[kind], interviews_numbered=0)
        rate(assessed(made), "8.2", 1)
        told = assemble(kind, made)[1]["interviews"]
    assert (told["lead"], told["roles"], told["sites"], told["tallies"]) == ("", [], [], [])
