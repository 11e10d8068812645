"""The smallest set of changes that passes: compared with trying every set there is."""

import random
from itertools import combinations

import pytest

from consultancy.passing import to_pass, to_readiness
from consultancy.points import Answer, score, worths
from consultancy.scoring import Rated, tally
from consultancy.standards.catalogue import find
from consultancy.standards.marks import Marks
from tests.consultancy.test_points import ALL, COR, METHODS, NA, PAPER, D, question, standard_of

ISO = find("iso45001-2018-amd1")


def passes(standard, answers, marks):
    return score(standard, answers, marks).conclusion == "pass"


def mended(standard, answers, codes):
    full = {one.code: Answer({m.name: m.most for m in one.methods}) for one in standard.requirements}
    return answers | {code: full[code] for code in codes}


def fewest(standard, answers, marks):
    """How many changes pass, by trying every set, smallest first; None when none does."""
    open_still = [one.code for one in worths(standard, answers) if one.applicable and one.lowest < one.most]
    for size in range(len(open_still) + 1):
        if any(passes(standard, mended(standard, answers, some), marks) for some in combinations(open_still, size)):
            return size
    return None


def audit(seed):
    """A small standard with everything in it, half answered."""
    dice = random.Random(seed)
    questions, answers = [], {}
    for element in range(1, dice.randint(2, 4)):
        for number in range(1, dice.randint(2, 5)):
            code = f"{element}.{number}"
            asks = METHODS[: dice.randint(1, 3)]
            rule = dice.choice(("range", "all_or_nothing"))
            points = dice.randint(1, 6)
            questions.append(question(code, points, rule=rule, asks=asks, legislated=dice.random() < 0.2))
            got = {name: dice.choice((None, 0, points, dice.randint(0, points))) for name in asks}
            answers[code] = dice.choice((Answer(got), Answer(got), Answer(got), NA))
    marks = Marks(dice.choice((50, 80, 95)), dice.choice((0, 50, 65, 90)), dice.choice((0, 100)))
    return standard_of(*questions), answers, marks


@pytest.mark.parametrize("seed", range(150))
def test_no_smaller_set_passes(seed):
    standard, answers, marks = audit(seed)
    found = to_pass(standard, answers, marks)
    size = None if found is None else len(found)
    assert size == fewest(standard, answers, marks)
    if found is not None:
        assert passes(standard, mended(standard, answers, found), marks)


def test_an_audit_that_passes_needs_nothing():
    assert to_pass(PAPER, ALL, COR) == ()


def test_a_legislated_question_is_in_the_set_whatever_it_brings():
    assert to_pass(PAPER, ALL | {"2.1": D(499)}, COR) == ("2.1",)


def test_the_question_with_most_to_gain_goes_first_and_the_order_of_the_standard_decides_ties():
    assert to_pass(PAPER, ALL | {"1.1": D(200), "1.2": D(100)}, COR) == ("1.2",)
    assert to_pass(PAPER, ALL | {"1.1": D(150), "1.2": D(150)}, COR) == ("1.1",)


def test_an_audit_in_which_nothing_applies_cannot_pass():
    assert to_pass(PAPER, dict.fromkeys(ALL, NA), COR) is None


def test_a_full_audit_of_161_questions_is_answered_at_once():
    standard = standard_of(*(question(f"{1 + n % 14}.{n}", 1 + n % 4) for n in range(161)))
    answers = {one.code: D(0) for one in standard.requirements}
    found = to_pass(standard, answers, COR)
    assert passes(standard, mended(standard, answers, found), COR)
    assert not passes(standard, mended(standard, answers, found[:-1]), COR)


def test_readiness_names_the_absent_must_items_and_as_few_others_as_reach_it():
    """Forty at level 2 but 5.2 absent and 4.1 informal: 77 of 120. 80 % is 96: 5.2 brings 3, 4.1 brings 2, others 1."""
    ratings = {one.code: Rated(2) for one in ISO.requirements} | {"5.2": Rated(0), "4.1": Rated(1)}
    found = to_readiness(ISO, ratings, 80)
    assert {"5.2", "4.1"} <= set(found)
    after = ratings | {code: Rated(3) for code in found}
    assert tally(after.values()).readiness == 80
    assert len(found) == 2 + 14


def test_readiness_is_not_reached_by_what_waits_to_be_confirmed():
    ratings = {"4.1": Rated(2), "4.2": Rated(3, carried_over=True), "5.2": Rated(0, carried_over=True)}
    assert to_readiness(ISO, ratings, 100) == ("4.1",)
