"""How ratings become figures: readiness, counts, proposed grades and the gaps that weigh most.

Nothing here is stored. A figure is always worked out again from the ratings, so that it can be defended.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import repeat
from typing import Any

from consultancy.standards.catalogue import STEPS, Requirement, Standard

RATED = "rated"
NOT_VERIFIED = "not_verified"
NOT_APPLICABLE = "not_applicable"
NOT_RATED = "not_rated"
STATES = (RATED, NOT_VERIFIED, NOT_APPLICABLE, NOT_RATED)
HIGHEST_LEVEL = 3
SHOWN_FROM_PERCENT_DECIDED = 80
PRIORITIES = ("high", "medium", "low")
GAPS_ON_A_SUMMARY_PAGE = 5
GRADE_OF_LEVEL = {0: "major", 1: "minor", 2: "ofi", 3: None}
OUTCOME_OF_LEVEL = {0: "gap", 1: "gap", 2: "partial", 3: "conforms"}


@dataclass(frozen=True)
class Rated:
    """What was decided about one requirement. `planned`: a recommendation, or an owner with a date, says what happens
    next; only then does "not verified" count as decided. `carried_over`: somebody decided it last year, and nobody has
    this year; until then it counts as not rated, in the readiness too."""

    level: int | None = None
    state: str = RATED
    planned: bool = False
    carried_over: bool = False
    linked: bool = False  # accepted from a rating elsewhere; counts like any other

    def __post_init__(self) -> None:
        if self.state not in STATES or (self.state == RATED) != (self.level is not None):
            raise ValueError(f"a rating has a level or a state, not {self.level!r} and {self.state!r}")
        if self.level is not None and (isinstance(self.level, bool) or self.level not in GRADE_OF_LEVEL):
            raise ValueError(f"no such level: {self.level!r}")

    @classmethod
    def of(cls, rating: Any) -> "Rated":
        """A rating, or a row with its columns, as it counts."""
        return cls(
            level=rating.level,
            state=rating.state,
            planned=bool(rating.recommendation or (rating.owner_text and rating.due)),
            carried_over=rating.carried_over,
            linked=rating.source is not None,
        )

    @property
    def decided(self) -> bool:
        return self.counted_state in (RATED, NOT_APPLICABLE) or (self.counted_state == NOT_VERIFIED and self.planned)

    @property
    def counted_level(self) -> int | None:
        """The level that figures, findings and conclusions may rest on."""
        return None if self.carried_over else self.level

    @property
    def counted_state(self) -> str:
        return NOT_RATED if self.carried_over else self.state


UNRATED = Rated(state=NOT_RATED)


def percent(part: int, whole: int) -> int:
    """Whole percent, cut and never rounded up: 79.9 % is not 80 %."""
    return 100 * part // whole


def percent_against_threshold(part: int, whole: int) -> Decimal:
    """One decimal, cut, for a mark that is held against a threshold."""
    return Decimal(1000 * part // whole) / 10


@dataclass(frozen=True)
class Tally:
    """The counts of one group of requirements, and the figures that follow from them."""

    absent: int = 0
    informal: int = 0
    developing: int = 0
    effective: int = 0
    not_verified: int = 0
    not_applicable: int = 0
    not_rated: int = 0
    carried_over: int = 0  # of those not rated: last year's judgement waits for somebody to confirm it
    decided: int = 0
    weighed_points: int = 0
    weighed_rated: int = 0

    @property
    def rated(self) -> int:
        return self.absent + self.informal + self.developing + self.effective

    @property
    def total(self) -> int:
        return self.rated + self.not_verified + self.not_applicable + self.not_rated

    @property
    def points(self) -> int:
        return self.informal + 2 * self.developing + 3 * self.effective

    @property
    def decided_percent(self) -> int:
        return percent(self.decided, self.total) if self.total else 0

    @property
    def enough_decided(self) -> bool:
        return self.total > 0 and 100 * self.decided >= SHOWN_FROM_PERCENT_DECIDED * self.total

    @property
    def readiness(self) -> int | None:
        """Percent of the levels that could be reached; None until enough is decided to defend a figure.

        Each requirement counts with its weight, which is 1 unless the consultancy set another."""
        if not self.rated or not self.enough_decided:
            return None
        return percent(self.weighed_points, HIGHEST_LEVEL * self.weighed_rated)


@dataclass(frozen=True)
class Score:
    overall: Tally
    by_clause: tuple[tuple[str, Tally], ...]
    by_step: tuple[tuple[str, Tally], ...]
    capped_by: tuple[str, ...] = ()  # must-items that are absent: whatever the readiness, the result is "not ready"
    breaches: tuple[str, ...] = ()  # legislated requirements below effective: shown apart, never averaged away


def tally(ratings: Iterable[Rated], weights: Iterable[int] = repeat(1)) -> Tally:
    counts = dict.fromkeys(Tally.__dataclass_fields__, 0)
    level_names = ("absent", "informal", "developing", "effective")
    for rated, weight in zip(ratings, weights, strict=False):
        counts["decided"] += rated.decided
        counts["carried_over"] += rated.carried_over
        level = rated.counted_level
        counts[rated.counted_state if level is None else level_names[level]] += 1
        if level is not None:
            counts["weighed_points"] += weight * level
            counts["weighed_rated"] += weight
    return Tally(**counts)


def score(standard: Standard, ratings: Mapping[str, Rated]) -> Score:
    """The figures of an assessment; a requirement without a rating counts as not rated."""
    for code in ratings:
        standard.requirement(code)
    of = {requirement.code: ratings.get(requirement.code, UNRATED) for requirement in standard.requirements}

    def counted(requirements: Iterable[Requirement]) -> Tally:
        chosen = tuple(requirements)
        return tally((of[one.code] for one in chosen), (one.weight for one in chosen))

    return Score(
        overall=counted(standard.requirements),
        by_clause=tuple((clause.number, counted(clause.requirements)) for clause in standard.clauses()),
        by_step=tuple((step, counted(one for one in standard.requirements if one.step == step)) for step in STEPS),
        capped_by=tuple(one.code for one in standard.must_items() if of[one.code].counted_level == 0),
        breaches=tuple(
            one.code
            for one in standard.requirements
            if one.legislated and (level := of[one.code].counted_level) is not None and level < HIGHEST_LEVEL
        ),
    )


def proposes_finding(level: int | None) -> bool:
    """A level of 0 or 1 proposes a finding, which the consultant confirms or writes anew."""
    return level in (0, 1)


def proposed_grade(level: int) -> str | None:
    """The grade a level suggests; a gap analysis says "would be major". The consultant has the last word."""
    return GRADE_OF_LEVEL[level]


def most_important_gaps(
    standard: Standard,
    ratings: Mapping[str, Rated],
    priorities: Mapping[str, str | None],
    limit: int = GAPS_ON_A_SUMMARY_PAGE,
) -> tuple[str, ...]:
    """The gaps a summary page names: lowest level first, then must-items, then the consultant's own priority, then
    the order of the standard."""

    def weight(place: int, code: str, must: bool) -> tuple:
        priority = priorities.get(code)
        return (
            ratings[code].counted_level,
            not must,
            PRIORITIES.index(priority) if priority in PRIORITIES else len(PRIORITIES),
            place,
        )

    gaps = [
        (weight(place, requirement.code, requirement.must), requirement.code)
        for place, requirement in enumerate(standard.requirements)
        if requirement.code in ratings and proposes_finding(ratings[requirement.code].counted_level)
    ]
    return tuple(code for _, code in sorted(gaps)[:limit])
