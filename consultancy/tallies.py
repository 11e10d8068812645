"""Counting interviews: what people confirmed of a requirement, and how much of the sample was held."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from consultancy import sampling
from consultancy.sampling import Plan

FEWEST = 3  # people asked, below which a report prints no tally: with two, each knows what the other said


@dataclass(frozen=True)
class Tally:
    """What people confirmed of one requirement. Who did not know was asked too, and confirmed nothing."""

    yes: int = 0
    partly: int = 0
    no: int = 0
    unknown: int = 0

    @property
    def asked(self) -> int:
        return self.yes + self.partly + self.no + self.unknown

    @property
    def may_be_printed(self) -> bool:
        return self.asked >= FEWEST

    def points(self, most: int) -> int | None:
        """The points that these answers suggest of so many: a yes counts whole, a partly half; cut, so that the most is
        reached by yes alone. None while nobody was asked."""
        return most * (2 * self.yes + self.partly) // (2 * self.asked) if self.asked else None


class Held(NamedTuple):
    """One interview as far as counting goes; site and shift are empty where they were not said."""

    role: str
    site: str
    shift: int | None


class Line(NamedTuple):
    """A role, a site or a shift: how many the sample asks for, how many were held. `key` is empty for not said."""

    key: str
    wanted: int
    held: int


@dataclass(frozen=True)
class Coverage:
    """The sample wanted against the interviews held. Sites have lines where there is any, shifts where there are
    two."""

    wanted: int
    held: int
    roles: tuple[Line, ...]
    sites: tuple[Line, ...]
    shifts: tuple[Line, ...]


def coverage(plan: Plan, interviews: Iterable[Held]) -> Coverage:
    held = list(interviews)
    sites = _lines((sheet.site for sheet in plan.sheets), (one.site for one in held))
    shifts = _lines(
        (str(sheet.shift) for sheet in plan.sheets), (str(one.shift) if one.shift else "" for one in held)
    )
    return Coverage(
        wanted=len(plan.sheets),
        held=len(held),
        roles=_lines((sheet.role for sheet in plan.sheets), (one.role for one in held), sampling.ROLES),
        sites=sites if any(line.key for line in sites) else (),
        shifts=shifts if len({line.key for line in shifts} - {""}) > 1 else (),
    )


def _lines(wanted: Iterable[str], held: Iterable[str], order: Iterable[str] = ()) -> tuple[Line, ...]:
    """Those that the sample asks for first, then what was held besides; what was not said comes last."""
    asked, found = Counter(wanted), Counter(held)
    keys = [key for key in dict.fromkeys((*order, *asked, *sorted(found))) if asked[key] or found[key]]
    return tuple(Line(key, asked[key], found[key]) for key in sorted(keys, key=lambda key: key == ""))
