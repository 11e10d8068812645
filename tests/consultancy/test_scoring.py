"""Worked examples of the figures a consultant has to defend."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from consultancy.checklists import read_checklist
from consultancy.scoring import (
    UNRATED,
    Rated,
    most_important_gaps,
    percent,
    percent_against_threshold,
    proposed_grade,
    proposes_finding,
    score,
    tally,
)
from consultancy.standards.catalogue import UnknownRequirement, find

ISO = find("iso45001-2018-amd1")
DEMO = Path(__file__).parents[2] / "blueprints" / "demo" / "checklists"
NOT_APPLICABLE = Rated(state="not_applicable")


def ratings_of(client):
    read = read_checklist((DEMO / f"{client}.xlsx").read_bytes(), f"{client}.xlsx", ISO)
    return {
        row.code: Rated(row.level, row.state, planned=bool(row.recommendation or (row.owner_text and row.due)))
        for row in read.rows
    }


def test_tolmie_counted_by_hand():
    """8 absent, 21 informal, 9 developing, 1 not verified, 1 not applicable: 21 + 18 = 39 of 3 x 38 = 114, 34.2 %."""
    overall = score(ISO, ratings_of("tolmie")).overall
    assert (overall.absent, overall.informal, overall.developing, overall.effective) == (8, 21, 9, 0)
    assert (overall.not_verified, overall.not_applicable, overall.not_rated) == (1, 1, 0)
    assert (overall.points, overall.rated, overall.decided) == (39, 38, 40)
    assert overall.readiness == 34


def test_cedarline_counted_by_hand():
    """2 informal, 26 developing, 12 effective: 2 + 52 + 36 = 90 of 120, exactly 75 %."""
    figures = score(ISO, ratings_of("cedarline"))
    assert figures.overall.readiness == 75
    assert dict(figures.by_clause)["5"].points == 8
    assert {step: counted.readiness for step, counted in figures.by_step} == {
        "plan": 77, "do": 75, "check": 73, "act": 77, "lead": 66,
    }  # fmt: skip


def test_steps_and_clauses_each_hold_every_requirement_once():
    figures = score(ISO, {})
    assert sum(counted.total for _, counted in figures.by_clause) == 40
    assert sum(counted.total for _, counted in figures.by_step) == 40
    assert figures.overall.not_rated == 40


def test_no_readiness_is_shown_before_eighty_percent_is_decided():
    assert tally([Rated(3)] * 31 + [UNRATED] * 9).readiness is None
    assert tally([Rated(3)] * 32 + [UNRATED] * 8).readiness == 100


def test_not_verified_counts_as_decided_only_with_a_plan():
    assert tally([Rated(3)] * 3 + [Rated(state="not_verified")]).readiness is None
    assert tally([Rated(3)] * 3 + [Rated(state="not_verified", planned=True)]).readiness == 100


def test_not_applicable_and_not_verified_stand_outside_the_figure():
    counted = tally([Rated(1), Rated(2), NOT_APPLICABLE, Rated(state="not_verified", planned=True)])
    assert counted.readiness == 50


def test_nothing_rated_is_no_figure_at_all():
    assert tally([NOT_APPLICABLE] * 5).readiness is None
    assert tally([]).decided_percent == 0


def test_a_percentage_is_cut_and_never_rounded_up():
    assert percent(999, 1000) == 99
    assert percent_against_threshold(7999, 10000) == Decimal("79.9")
    assert percent_against_threshold(4, 7) == Decimal("57.1")


def test_a_rating_of_another_standard_is_refused():
    with pytest.raises(UnknownRequirement):
        score(ISO, {"1.2": Rated(1)})


@pytest.mark.parametrize(
    ("level", "state"), [(None, "rated"), (2, "not_rated"), (4, "rated"), (True, "rated"), (None, "guessed")]
)
def test_a_rating_is_either_a_level_or_a_state(level, state):
    with pytest.raises(ValueError, match="rating|level"):
        Rated(level, state)


def test_absent_and_informal_propose_a_gap_developing_is_partial_effective_conforms():
    assert [proposed_grade(level) for level in range(4)] == ["major", "minor", "ofi", None]
    assert [proposes_finding(level) for level in (0, 1, 2, 3, None)] == [True, True, False, False, False]


def test_the_gaps_named_first_are_the_lowest_then_the_must_items_then_the_urgent():
    ratings = {
        "4.1": Rated(1), "4.2": Rated(0), "5.2": Rated(0), "5.4": Rated(1), "6.2.1": Rated(0), "7.1": Rated(2),
        "8.1.1": Rated(1), "7.2": Rated(3),
    }  # fmt: skip
    priorities = {"6.2.1": "high", "4.2": "low", "8.1.1": "high", "4.1": None}
    assert most_important_gaps(ISO, ratings, priorities) == ("5.2", "6.2.1", "4.2", "5.4", "8.1.1")


def test_what_was_carried_over_and_not_confirmed_caps_breaches_and_heads_nothing():
    standard = replace(ISO, requirements=tuple(replace(one, legislated=True) for one in ISO.requirements))
    assert ISO.requirement("5.2").must
    for carried in (False, True):
        figures = score(standard, {"5.2": Rated(0, carried_over=carried)})
        expected = () if carried else ("5.2",)
        assert (figures.capped_by, figures.breaches) == (expected, expected)
        assert most_important_gaps(ISO, {"5.2": Rated(0, carried_over=carried)}, {}) == expected


def test_a_strong_system_has_fewer_than_five_gaps_to_name():
    assert most_important_gaps(ISO, ratings_of("cedarline"), {}) == ("5.4", "8.1.4.3")
