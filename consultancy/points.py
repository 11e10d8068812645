"""Scoring by points as COR does it: per question and method, per element, of the legislated questions, overall.

Exact fractions throughout; a percentage is cut to one decimal only where it is shown, and never rounded up.
What is not verified yet is never zero: it stands outside the mark so far, and opens a range from the lowest to the
highest mark that verification can still bring.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from consultancy.scoring import percent_against_threshold
from consultancy.standards.catalogue import Requirement, Standard
from consultancy.standards.marks import Marks

ALL_OR_NOTHING = "all_or_nothing"
PASS, FAIL, OPEN = "pass", "fail", "open"


@dataclass(frozen=True)
class Answer:
    """The points each method brought, by its name; a method that is missing or None was not verified."""

    got: Mapping[str, int | None] = field(default_factory=dict)
    not_applicable: bool = False


NO_ANSWER = Answer()


@dataclass(frozen=True)
class Worth:
    """What a question brings at least and at most, of how many points. Both are the same once it is verified."""

    code: str
    element: str
    most: int
    lowest: Fraction
    highest: Fraction
    legislated: bool
    applicable: bool

    @property
    def verified(self) -> bool:
        return self.applicable and self.lowest == self.highest


@dataclass(frozen=True)
class Mark:
    """A share of the points. None where nothing counts: an element that does not apply, nothing verified yet."""

    share: Fraction | None

    @property
    def percent(self) -> Decimal | None:
        """One decimal, cut: 64.96 % is 64.9 %, and below 65."""
        if self.share is None:
            return None
        return percent_against_threshold(self.share.numerator, self.share.denominator)

    def reaches(self, percent: int) -> bool:
        """What does not apply is in nobody's way."""
        return self.share is None or 100 * self.share >= percent


@dataclass(frozen=True)
class ElementMark:
    number: str
    points: int  # what the element weighs in the whole, questions that do not apply included
    so_far: Mark
    lowest: Mark
    highest: Mark
    unverified: int


@dataclass(frozen=True)
class PointsScore:
    elements: tuple[ElementMark, ...]
    so_far: Mark
    lowest: Mark
    highest: Mark
    legislated: Mark  # so far
    legislated_lost: tuple[str, ...]  # verified and below full points
    below: tuple[str, ...]  # elements that cannot reach their mark any more
    unverified: tuple[str, ...]
    conclusion: str


def worth(question: Requirement, answer: Answer) -> Worth:
    """All or nothing brings every point or none; a range brings the share of its methods' points."""
    if answer.not_applicable:
        nothing = Fraction(0)
        return Worth(question.code, question.clause, question.points, nothing, nothing, question.legislated, False)
    most = sum(method.most for method in question.methods)
    got = [(answer.got.get(method.name), method.most) for method in question.methods]
    low = sum(points for points, _ in got if points is not None)
    high = sum(full if points is None else points for points, full in got)
    shares = [Fraction(total, most) if most else Fraction(0) for total in (low, high)]
    if question.rule == ALL_OR_NOTHING:
        shares = [Fraction(share == 1) for share in shares]
    lowest, highest = (question.points * share for share in shares)
    return Worth(question.code, question.clause, question.points, lowest, highest, question.legislated, True)


def _mark(parts: Iterable[tuple[Fraction, int]]) -> Mark:
    parts = list(parts)
    possible = sum(most for _, most in parts)
    return Mark(sum((earned for earned, _ in parts), Fraction(0)) / possible if possible else None)


def _whole(elements: Iterable[tuple[int, Mark]]) -> Mark:
    """An element keeps its weight in the whole: the points of questions that do not apply go to the others of the
    element. One that does not apply at all leaves the whole."""
    counted = [(points, mark.share) for points, mark in elements if mark.share is not None]
    weight = sum(points for points, _ in counted)
    return Mark(sum((points * share for points, share in counted), Fraction(0)) / weight if weight else None)


def worths(standard: Standard, answers: Mapping[str, Answer]) -> tuple[Worth, ...]:
    for code in answers:
        standard.requirement(code)
    return tuple(worth(one, answers.get(one.code, NO_ANSWER)) for one in standard.requirements if one.points)


def by_element(found: Iterable[Worth]) -> dict[str, list[Worth]]:
    grouped: dict[str, list[Worth]] = {}
    for one in found:
        grouped.setdefault(one.element, []).append(one)
    return grouped


def _element(number: str, questions: list[Worth]) -> ElementMark:
    applicable = [one for one in questions if one.applicable]
    return ElementMark(
        number=number,
        points=sum(one.most for one in questions),
        so_far=_mark((one.lowest, one.most) for one in applicable if one.verified),
        lowest=_mark((one.lowest, one.most) for one in applicable),
        highest=_mark((one.highest, one.most) for one in applicable),
        unverified=sum(not one.verified for one in applicable),
    )


def score(standard: Standard, answers: Mapping[str, Answer], marks: Marks) -> PointsScore:
    """The marks of an assessment. It passes when even the lowest outcome does, fails when even the highest does not,
    and is open in between. Raises UnknownRequirement."""
    found = worths(standard, answers)
    elements = tuple(_element(number, questions) for number, questions in by_element(found).items())
    legislated = [one for one in found if one.legislated and one.applicable]
    lowest = _whole((one.points, one.lowest) for one in elements)
    highest = _whole((one.points, one.highest) for one in elements)
    legislated_marks = [_mark((getattr(one, bound), one.most) for one in legislated) for bound in ("lowest", "highest")]

    def reached(whole: Mark, bound: str, law: Mark) -> bool:
        of_elements = all(getattr(one, bound).reaches(marks.element) for one in elements)
        return (
            whole.share is not None and whole.reaches(marks.overall) and of_elements and law.reaches(marks.legislated)
        )

    passes, may_pass = (
        reached(lowest, "lowest", legislated_marks[0]),
        reached(highest, "highest", legislated_marks[1]),
    )
    return PointsScore(
        elements=elements,
        so_far=_whole((one.points, one.so_far) for one in elements),
        lowest=lowest,
        highest=highest,
        legislated=_mark((one.lowest, one.most) for one in legislated if one.verified),
        legislated_lost=tuple(one.code for one in legislated if one.highest < one.most),
        below=tuple(one.number for one in elements if not one.highest.reaches(marks.element)),
        unverified=tuple(one.code for one in found if one.applicable and not one.verified),
        conclusion=PASS if passes else OPEN if may_pass else FAIL,
    )
