"""How many people are asked, how many workplaces seen and how many records drawn, so that a rating can be defended.

The rules and where they come from are data (standards/sampling.json). Nobody is named: a sheet has a label, a role and
a workplace, because what a worker says must not come back to them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isqrt, sqrt
from pathlib import Path
from typing import Any

RULES: dict[str, Any] = json.loads((Path(__file__).parent / "standards" / "sampling.json").read_text(encoding="utf-8"))
LETTERS = {"top_management": "T", "managers": "M", "supervisors": "S", "jhsc_worker": "J", "workers": "W"}
ASKED_LIKE = {"managers": "top_management", "contractors": "workers"}  # they get the same sheet
ROLES = tuple(RULES["roles"])  # whoever may be asked; the rule counts those of LETTERS, who are in the headcount
MOST_PEOPLE, MOST_SHIFTS = 100_000, 6


@dataclass(frozen=True)
class Workplace:
    name: str
    high_hazard: bool = False


@dataclass(frozen=True)
class Sheet:
    """One interview that is planned: W-01, a role, and where and on which shift (from 1) to look for the person."""

    label: str
    role: str
    site: str
    shift: int


@dataclass(frozen=True)
class Plan:
    sheets: tuple[Sheet, ...]
    sites_certain: tuple[str, ...]  # seen in any case: high hazard
    sites_drawn: int  # of the others
    sites_other: int

    @property
    def by_role(self) -> dict[str, int]:
        return {role: sum(sheet.role == role for sheet in self.sheets) for role in LETTERS}


def interviews(headcount: int) -> int:
    """People asked of so many; in a small firm everybody."""
    rule = RULES["interviews"]
    return min(headcount, max(rule["at_least"], ceil(rule["factor"] * sqrt(headcount))))


def sites_drawn(others: int) -> int:
    """Workplaces seen of those without high hazards."""
    return _root_up(others)


def records_drawn(population: int) -> int:
    """Records drawn of one kind."""
    return min(population, max(RULES["records"]["at_least"], _root_up(population)))


def roles(count: int, shifts: int, *, committee: bool) -> dict[str, int]:
    """How many of each role among so many interviews. Workers come first when there are few: at least one on each
    shift, and one who speaks for the others where there is a committee or a representative."""
    spoken_for = 1 if committee and count > 1 else 0
    needed = min(count, spoken_for + shifts)
    managing = min(count - needed, max(1, RULES["shares"]["managers"] * count // 100))
    supervising = min(count - needed - managing, max(1, RULES["shares"]["supervisors"] * count // 100))
    return {
        "top_management": min(managing, 1),
        "managers": max(0, managing - 1),
        "supervisors": supervising,
        "jhsc_worker": spoken_for,
        "workers": count - managing - supervising - spoken_for,
    }


def plan(headcount: int, sites: Sequence[Workplace], shifts: int = 1, *, committee: bool = True) -> Plan:
    """The sample for an engagement. Sheets go round the workplaces and the shifts in turn, so that none is forgotten
    while there are sheets left; who exactly is asked is the consultant's choice, never the employer's."""
    count = min(headcount, max(interviews(headcount), shifts + len(sites)))
    places = [site.name for site in sorted(sites, key=lambda site: not site.high_hazard)] or [""]
    sheets = []
    for role, number in roles(count, shifts, committee=committee).items():
        for place in range(number):
            label = f"{LETTERS[role]}-{place + 1:02}"
            sheets.append(Sheet(label, role, places[place % len(places)], place // len(places) % shifts + 1))
    others = sum(not site.high_hazard for site in sites)
    certain = tuple(site.name for site in sites if site.high_hazard)
    return Plan(tuple(sheets), certain, sites_drawn(others), others)


def questions(role: str, language: str) -> list[str]:
    return [one[language] for one in _questions(role)]


def questions_by_clause(role: str, language: str) -> dict[str, list[str]]:
    """Clause of ISO 45001 -> what a person of this role is asked about it."""
    found: dict[str, list[str]] = {}
    for one in _questions(role):
        found.setdefault(one["clause"], []).append(one[language])
    return found


def role_words(language: str) -> list[tuple[str, str]]:
    return [(role, words[language]) for role, words in RULES["roles"].items()]


def confirmed_words(language: str) -> list[tuple[str, str]]:
    return [(key, words[language]) for key, words in RULES["confirmed"].items()]


def _questions(role: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = RULES["questions"][ASKED_LIKE.get(role, role)]
    return found


def _root_up(number: int) -> int:
    root = isqrt(number)
    return root + (root * root < number)
