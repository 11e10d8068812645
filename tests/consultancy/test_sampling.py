"""The sample: worked examples, as an auditor would work them out by hand."""

import pytest

from consultancy import sampling
from consultancy.sampling import Workplace


@pytest.mark.parametrize(
    ("headcount", "asked"),
    [(0, 0), (1, 1), (4, 4), (5, 5), (7, 7), (8, 8), (10, 9), (20, 13), (50, 20), (100, 27), (250, 43), (500, 61)],
)
def test_so_many_are_asked_of_so_many(headcount, asked):
    assert sampling.interviews(headcount) == asked


@pytest.mark.parametrize("scheme", sampling.RULES["published"], ids=lambda scheme: scheme["name"])
def test_the_rule_asks_about_as_many_as_the_schemes_that_publish_theirs(scheme):
    for headcount, asked in scheme["points"]:
        assert asked <= sampling.interviews(headcount) + 2
        assert sampling.interviews(headcount) <= asked * 1.3 + 1


@pytest.mark.parametrize(("others", "drawn"), [(0, 0), (1, 1), (2, 2), (4, 2), (5, 3), (9, 3), (10, 4), (30, 6)])
def test_of_workplaces_without_high_hazards_the_root_is_seen(others, drawn):
    assert sampling.sites_drawn(others) == drawn


@pytest.mark.parametrize(("population", "drawn"), [(0, 0), (2, 2), (3, 3), (9, 3), (10, 4), (25, 5), (100, 10)])
def test_three_records_are_drawn_or_the_root(population, drawn):
    assert sampling.records_drawn(population) == drawn


# interviews, shifts, committee -> top management, managers, supervisors, speaks for workers, workers
SPLITS = [
    (1, 1, True, (0, 0, 0, 0, 1)),
    (2, 1, True, (0, 0, 0, 1, 1)),
    (4, 1, True, (1, 0, 1, 1, 1)),
    (5, 3, True, (1, 0, 0, 1, 3)),
    (20, 1, True, (1, 2, 4, 1, 12)),
    (27, 2, False, (1, 3, 5, 0, 18)),
    (61, 3, True, (1, 9, 12, 1, 38)),
]


@pytest.mark.parametrize(("count", "shifts", "committee", "split"), SPLITS)
def test_roles_share_the_interviews(count, shifts, committee, split):
    found = sampling.roles(count, shifts, committee=committee)
    assert tuple(found.values()) == split
    assert sum(found.values()) == count


def test_workers_are_asked_on_every_shift_and_at_every_workplace():
    made = sampling.plan(50, [Workplace("Yard"), Workplace("Plant", high_hazard=True)], shifts=3)
    workers = {(sheet.site, sheet.shift) for sheet in made.sheets if sheet.role == "workers"}
    assert workers == {(site, shift) for site in ("Plant", "Yard") for shift in (1, 2, 3)}
    assert (made.sites_certain, made.sites_drawn, made.sites_other) == (("Plant",), 1, 1)


def test_a_sheet_names_a_label_a_role_and_a_place_and_nobody():
    made = sampling.plan(12, [Workplace("Plant")])
    labels = [sheet.label for sheet in made.sheets]
    assert len(set(labels)) == len(labels) == sampling.interviews(12)
    assert labels[-1].startswith("W-")
    assert set(vars(made.sheets[0])) == {"label", "role", "site", "shift"}


def test_a_small_firm_with_many_shifts_is_asked_whole_and_nobody_twice():
    assert len(sampling.plan(3, [Workplace("A"), Workplace("B")], shifts=4).sheets) == 3


def test_every_role_has_questions_in_both_languages():
    for role in sampling.LETTERS:
        for language in ("en", "fr"):
            assert all(sampling.questions(role, language))
            assert sampling.RULES["roles"][role][language]
