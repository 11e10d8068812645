"""What must change to pass: the smallest set of requirements that, fully met, reaches the marks.

It is exact. Within an element every question counts alike per point, so of any given number of questions the ones
with the most to gain are never worse than others: swapping one of them in keeps every mark that was reached. So a
smallest set takes, of each element, the first few of its list sorted by gain. Each element needs at least as many as
bring it to its own mark. Beyond that only the whole counts, and there the next best gain anywhere, weighed by what a
point of its element is worth in the whole, is never worse than another. Ties go by the order of the standard, so the
answer is always the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from consultancy import points
from consultancy.points import Answer
from consultancy.scoring import HIGHEST_LEVEL, RATED, Rated
from consultancy.standards.catalogue import Standard
from consultancy.standards.marks import Marks


@dataclass(frozen=True)
class Gain:
    code: str
    gain: Fraction
    forced: bool = False  # a legislated question, a must-item: in the set whatever it brings


@dataclass(frozen=True)
class Group:
    """An element: what it weighs in the whole, what it can bring, what it brings now, where it can gain."""

    weight: int
    possible: int
    earned: Fraction
    gains: tuple[Gain, ...]


def smallest_set(groups: Iterable[Group], *, overall: int, element: int) -> tuple[str, ...] | None:
    """The codes to change, in the order of the groups; None when even all of them do not reach the marks."""
    groups = [group for group in groups if group.possible]
    weight = sum(group.weight for group in groups)
    chosen: set[str] = set()
    whole, waiting = Fraction(0), []
    for place, group in enumerate(groups):
        earned = group.earned
        worth = Fraction(group.weight, group.possible * weight)
        ordered = sorted((one for one in group.gains if one.gain > 0), key=lambda one: (not one.forced, -one.gain))
        for number, one in enumerate(ordered):
            if one.forced or 100 * earned < element * group.possible:
                chosen.add(one.code)
                earned += one.gain
            else:
                waiting.append((-one.gain * worth, place, number, one.code))
        if 100 * earned < element * group.possible:
            return None
        whole += earned * worth
    for gain, _, _, code in sorted(waiting):
        if 100 * whole >= overall:
            break
        chosen.add(code)
        whole -= gain
    if not groups or 100 * whole < overall:
        return None
    return tuple(one.code for group in groups for one in group.gains if one.code in chosen)


def to_pass(standard: Standard, answers: Mapping[str, Answer], marks: Marks) -> tuple[str, ...] | None:
    """The fewest questions that must be verified with full points for the assessment to pass whatever else happens.
    What is not verified counts for what its methods brought so far. Only for the marks of a scheme by points."""
    groups = []
    law = marks.legislated == 100
    for questions in points.by_element(points.worths(standard, answers)).values():
        applicable = [one for one in questions if one.applicable]
        groups.append(
            Group(
                weight=sum(one.most for one in questions),
                possible=sum(one.most for one in applicable),
                earned=sum((one.lowest for one in applicable), Fraction(0)),
                gains=tuple(Gain(one.code, one.most - one.lowest, law and one.legislated) for one in applicable),
            )
        )
    return smallest_set(groups, overall=marks.overall, element=marks.element)


def to_readiness(standard: Standard, ratings: Mapping[str, Rated], percent: int) -> tuple[str, ...] | None:
    """The fewest rated requirements that must become effective for a readiness; absent must-items are among them."""
    rated = [
        (one, ratings[one.code].counted_level or 0)
        for one in standard.requirements
        if one.code in ratings and ratings[one.code].counted_state == RATED
    ]
    group = Group(
        weight=1,
        possible=sum(HIGHEST_LEVEL * one.weight for one, _ in rated),
        earned=Fraction(sum(one.weight * level for one, level in rated)),
        gains=tuple(
            Gain(one.code, Fraction(one.weight * (HIGHEST_LEVEL - level)), one.must and level == 0)
            for one, level in rated
        ),
    )
    return smallest_set([group], overall=percent, element=0)
