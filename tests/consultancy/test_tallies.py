"""Counting interviews: worked examples, as an auditor would count them by hand."""

import pytest

from consultancy import sampling, tallies
from consultancy.interview_sheet import sheet_for
from consultancy.sampling import Workplace
from consultancy.standards import catalogue
from consultancy.tallies import Held, Line, Tally

# yes, partly, no, did not know, most -> points
SUGGESTED = [
    (9, 0, 0, 0, 10, 10),
    (0, 0, 9, 0, 10, 0),
    (5, 1, 2, 1, 10, 6),  # 5.5 of 9
    (8, 1, 0, 0, 10, 9),  # 9.44, cut
    (99, 1, 0, 0, 10, 9),  # only yes alone brings the most
    (1, 0, 0, 1, 3, 1),  # who did not know was asked too
    (0, 3, 0, 0, 1, 0),
]


@pytest.mark.parametrize(("yes", "partly", "no", "unknown", "most", "points"), SUGGESTED)
def test_what_people_confirmed_suggests_so_many_points(yes, partly, no, unknown, most, points):
    assert Tally(yes, partly, no, unknown).points(most) == points


def test_where_nobody_was_asked_nothing_is_suggested():
    assert Tally().points(10) is None


def test_a_report_prints_no_tally_of_two_people():
    assert [Tally(yes=number).may_be_printed for number in (1, 2, 3)] == [False, False, True]


def test_what_was_held_stands_beside_what_the_sample_asks_for():
    plan = sampling.plan(12, [Workplace("Plant"), Workplace("Yard")], shifts=2)
    held = [
        Held("supervisors", "Plant", 1), Held("workers", "Plant", 2), Held("workers", "Yard", None),
        Held("contractors", "", 1),
    ]  # fmt: skip
    found = tallies.coverage(plan, held)
    assert (found.wanted, found.held) == (len(plan.sheets), 4)
    roles = {line.key: (line.wanted, line.held) for line in found.roles}
    assert roles["supervisors"] == (plan.by_role["supervisors"], 1)
    assert roles["workers"] == (plan.by_role["workers"], 2)
    assert roles["contractors"] == (0, 1)
    assert [line.key for line in found.sites] == ["Plant", "Yard", ""]
    assert found.sites[-1] == Line("", 0, 1)
    assert [(line.key, line.held) for line in found.shifts] == [("1", 2), ("2", 1), ("", 1)]
    for lines in (found.roles, found.sites, found.shifts):
        assert (sum(line.wanted for line in lines), sum(line.held for line in lines)) == (found.wanted, found.held)


def test_one_shift_and_no_workplace_are_no_table():
    found = tallies.coverage(sampling.plan(5, []), [Held("workers", "", 1)])
    assert (found.sites, found.shifts) == ((), ())


@pytest.mark.parametrize("key", sampling.RULES["clauses_of"])
@pytest.mark.parametrize("role", sampling.ROLES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_question_of_a_role_is_on_its_sheet_and_every_clause_once(key, role, language):
    standard = catalogue.find(key, language)
    sheet = sheet_for(standard, role, language)
    assert sorted(line for one in sheet.first for line in one.aloud) == sorted(sampling.questions(role, language))
    assert sorted(sheet.codes) == sorted(one.code for one in standard.requirements)


def test_another_standard_asks_each_of_its_requirements():
    cor = catalogue.find("cor2020")
    assert sheet_for(cor, "workers", "en").codes == [one.code for one in cor.requirements]
