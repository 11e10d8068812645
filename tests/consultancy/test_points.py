"""COR's marks by hand: each line of the table is an audit that can be worked out on paper."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from consultancy.points import Answer, Mark, score
from consultancy.standards.catalogue import Method, Requirement, Standard, UnknownRequirement, find
from consultancy.standards.marks import TABLE, Marks, in_force

COR = Marks(80, 65, 100)
NA = Answer(not_applicable=True)


def question(code, points, *, rule="range", asks=("document",), legislated=False, most=None):
    return Requirement(
        code=code, title=code, step="", paraphrase="", typical_evidence="", audit_question="", must=False,
        clause=code.partition(".")[0], points=points, rule=rule, legislated=legislated,
        methods=tuple(Method(name, most or points) for name in asks),
    )  # fmt: skip


def standard_of(*questions):
    return Standard("own", "Own", "1", "question", questions, (), by_points=True, marks=(80, 65, 100))


def D(points):
    return Answer({"document": points})


# Two elements: 1 weighs 1,000 points in two questions, 2 weighs 1,000 in two; 2.1 is legislated.
PAPER = standard_of(
    question("1.1", 500), question("1.2", 500), question("2.1", 500, legislated=True), question("2.2", 500)
)
ALL = {"1.1": D(500), "1.2": D(500), "2.1": D(500), "2.2": D(500)}

EXAMPLES = {
    # name: (answers, overall, element 1, element 2, legislated, conclusion)
    "everything met": (ALL, "100.0", "100.0", "100.0", "100.0", "pass"),
    "80 overall": (ALL | {"1.1": D(300), "1.2": D(350), "2.2": D(450)}, "80.0", "65.0", "95.0", "100.0", "pass"),
    "79.9 is not 80": (ALL | {"1.1": D(300), "1.2": D(350), "2.2": D(449)}, "79.9", "65.0", "94.9", "100.0", "fail"),
    "one element at 64.9": (ALL | {"1.1": D(300), "1.2": D(349)}, "82.4", "64.9", "100.0", "100.0", "fail"),
    "one element at exactly 65": (ALL | {"1.1": D(300), "1.2": D(350)}, "82.5", "65.0", "100.0", "100.0", "pass"),
    "one legislated item short": (ALL | {"2.1": D(499)}, "99.9", "100.0", "99.9", "99.8", "fail"),
    # 1.2 does not apply: its 500 points go to 1.1, so element 1 still weighs 1,000 of 2,000. (65 + 100) / 2 = 82.5;
    # left out of the sum it would be (325 + 1,000) / 1,500 = 88.3.
    "points redistributed": (ALL | {"1.1": D(325), "1.2": NA}, "82.5", "65.0", "100.0", "100.0", "pass"),
    "a whole element does not apply": (ALL | {"1.1": NA, "1.2": NA}, "100.0", None, "100.0", "100.0", "pass"),
    "a legislated item does not apply": (ALL | {"2.1": NA}, "100.0", "100.0", "100.0", None, "pass"),
    "nothing brings anything": (dict.fromkeys(ALL, D(0)), "0.0", "0.0", "0.0", "0.0", "fail"),
}  # fmt: skip


def shown(percent):
    return None if percent is None else Decimal(percent)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_audit_worked_out_by_hand(name):
    answers, overall, first, second, legislated, conclusion = EXAMPLES[name]
    marks = score(PAPER, answers, COR)
    assert marks.so_far.percent == shown(overall)
    assert [one.so_far.percent for one in marks.elements] == [shown(first), shown(second)]
    assert marks.legislated.percent == shown(legislated)
    assert marks.conclusion == conclusion


def test_who_failed_is_named():
    marks = score(PAPER, ALL | {"1.1": D(300), "1.2": D(349), "2.1": D(499)}, COR)
    assert marks.below == ("1",)
    assert marks.legislated_lost == ("2.1",)


METHODS = ("document", "interview", "observation")
BY_METHOD = {
    # rule, points by document, interview, observation (None: not verified) -> lowest and highest of 9 points
    "range, all of it": ("range", (9, 9, 9), 9, 9),
    "range, a third": ("range", (9, 0, 0), 3, 3),
    "range, uneven": ("range", (9, 4, 5), 6, 6),
    "all or nothing, all of it": ("all_or_nothing", (9, 9, 9), 9, 9),
    "all or nothing, one point short": ("all_or_nothing", (9, 9, 8), 0, 0),
    "range, one method not verified": ("range", (9, None, 0), 3, 6),
    "all or nothing, one method not verified": ("all_or_nothing", (9, None, 9), 0, 9),
    "all or nothing, lost already": ("all_or_nothing", (8, None, 9), 0, 0),
    "nothing verified": ("range", (None, None, None), 0, 9),
}


@pytest.mark.parametrize("name", BY_METHOD)
def test_document_interview_and_observation_each_bring_their_share(name):
    rule, got, lowest, highest = BY_METHOD[name]
    asked = standard_of(question("1.1", 9, rule=rule, asks=METHODS))
    marks = score(asked, {"1.1": Answer(dict(zip(METHODS, got, strict=True)))}, COR)
    assert [mark.share * 9 for mark in (marks.elements[0].lowest, marks.elements[0].highest)] == [lowest, highest]


def test_not_verified_is_never_zero():
    """Three quarters are verified in full: the mark so far is 100, the whole is open between 75 and 100."""
    marks = score(PAPER, ALL | {"1.2": Answer()}, COR)
    assert (marks.so_far.percent, marks.lowest.percent, marks.highest.percent) == (100, 75, 100)
    assert marks.unverified == ("1.2",)
    assert marks.conclusion == "open"


def test_an_audit_can_be_lost_or_won_before_all_is_verified():
    assert score(PAPER, ALL | {"1.1": D(100), "1.2": Answer()}, COR).conclusion == "fail"  # at most 60 in element 1
    won = standard_of(question("1.1", 90), question("1.2", 10))
    assert score(won, {"1.1": D(90)}, COR).conclusion == "pass"  # at least 90


def test_nothing_answered_is_open_and_shows_no_mark():
    marks = score(PAPER, {}, COR)
    assert marks.so_far.percent is None
    assert marks.conclusion == "open"


def test_a_percentage_is_cut():
    assert Mark(Fraction(6499, 10000)).percent == Decimal("64.9")
    assert Mark(Fraction(6499, 10000)).reaches(64)
    assert not Mark(Fraction(6499, 10000)).reaches(65)


def test_a_question_of_another_standard_is_refused():
    with pytest.raises(UnknownRequirement):
        score(PAPER, {"9.9": D(1)}, COR)


class TestTheMarksInForce:
    def test_cor_2020_asks_for_80_65_and_100_and_says_how_unsure_that_is(self):
        marks = in_force(find("cor2020"), date(2026, 3, 2))
        assert (marks.overall, marks.element, marks.legislated) == (80, 65, 100)
        assert marks.certainty == "unsure"
        assert marks.source

    def test_a_later_line_of_the_table_holds_from_its_day(self):
        later = replace(TABLE[0], effective_from=date(2027, 1, 1), element=70)
        table = (*TABLE, later)
        assert in_force(find("cor2020"), date(2026, 12, 31), table).element == 65
        assert in_force(find("cor2020"), date(2027, 1, 1), table).element == 70

    def test_no_marks_hold_before_the_first_line_nor_for_iso(self):
        assert in_force(find("cor2020"), date(2019, 1, 1)) is None
        assert in_force(find("iso45001-2018-amd1"), date(2026, 3, 2)) is None

    def test_a_consultancys_own_marks_go_first(self):
        assert in_force(PAPER, date(2026, 3, 2)).certainty == "own"
