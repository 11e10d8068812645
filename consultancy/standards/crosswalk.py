"""What one standard says about another: which clauses meet, how, who says so and how sure it is.

A relation is read from the first to the second: equal, subset (the first asks for less), superset (for more),
related (they meet in part, and each needs its own evidence). Relations of our own reading are marked `ours`.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from consultancy.standards.catalogue import Standard

TURNED = {"equal": "equal", "subset": "superset", "superset": "subset", "related": "related"}
CERTAINTIES = ("sourced", "general", "ours", "unsure")


@dataclass(frozen=True)
class Relation:
    from_standard: str
    from_code: str
    relation: str
    to_standard: str
    to_code: str
    source: str
    certainty: str

    @property
    def needs_own_evidence(self) -> bool:
        """What is met at the first is met at the second only where the first asks for as much or more."""
        return self.relation not in ("equal", "superset")

    def turned(self) -> "Relation":
        return replace(
            self,
            from_standard=self.to_standard,
            from_code=self.to_code,
            relation=TURNED[self.relation],
            to_standard=self.from_standard,
            to_code=self.from_code,
        )


def _read() -> tuple[Relation, ...]:
    with (Path(__file__).parent / "crosswalk.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Relation(**line) for line in csv.DictReader(file))


RELATIONS = _read()


def _both_ways() -> dict[tuple[str, str], tuple[Relation, ...]]:
    found: dict[tuple[str, str], list[Relation]] = defaultdict(list)
    for one in RELATIONS:
        found[one.from_standard, one.from_code].append(one)
        found[one.to_standard, one.to_code].append(one.turned())
    return {place: tuple(relations) for place, relations in found.items()}


_FROM = _both_ways()


def related(standard: str, code: str, to: str | None = None) -> tuple[Relation, ...]:
    """The requirements of other standards (or of one) that meet this one, whichever way it was written down."""
    return tuple(one for one in _FROM.get((standard, code), ()) if to is None or one.to_standard == to)


def places_of(standard: Standard, code: str) -> tuple[tuple[str, str], ...]:
    """Where a requirement of any standard stands in the crosswalk: a question under the elements of COR stands at its
    element, a clause with an overlay at the clause."""
    if not standard.based_on:
        return ((standard.key, code),)
    requirement = standard.requirement(code)
    return ((standard.based_on, code), (standard.based_on, requirement.clause))


def suggestions(standard: Standard, code: str, others: tuple[str, ...]) -> tuple[Relation, ...]:
    """What ratings elsewhere may suggest here: relations from the other standards of an engagement or a client to this
    requirement, each with its source and certainty; first those that need no evidence of their own. They suggest; a
    person decides."""
    found = [
        one.turned() for place in places_of(standard, code) for one in related(*place) if one.to_standard in others
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.needs_own_evidence))
