"""What a requirement of a consultancy's own standard must hold, whether it was typed on a page or read from a file."""

import re
from dataclasses import dataclass

from consultancy.models.standard import METHODS
from consultancy.standards.catalogue import OFFERED

CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,18}[A-Za-z0-9])?")
MOST_POINTS = 1000
MOST_WEIGHT = 100
RULES = ("all_or_nothing", "range")
LONGEST = {"element": 120, "title": 200, "paraphrase": 50_000, "question": 50_000}
COLUMN_OF = {"document": "documentation", "interview": "interview", "observation": "observation"}


@dataclass(frozen=True)
class Frame:
    """The standard that a requirement is written for: what it asks of each one."""

    kind: str
    based_on: str = ""
    by_points: bool = False


@dataclass(frozen=True)
class Draft:
    """A requirement before it is kept."""

    code: str
    title: str = ""
    element: str = ""
    paraphrase: str = ""
    question: str = ""
    points: int = 0
    rule: str = ""
    documentation: int | None = None
    interview: int | None = None
    observation: int | None = None
    legislated: bool = False
    must: bool = False
    weight: int = 1

    @property
    def asked(self) -> int:
        return sum(bool(getattr(self, COLUMN_OF[method])) for method in METHODS)


def faults(draft: Draft, frame: Frame) -> list[tuple[str, str, str]]:
    """(field, kind of sentence, value) of everything that is wrong with it."""
    found: list[tuple[str, str, str]] = []
    base = OFFERED.get(frame.based_on)
    if not CODE.fullmatch(draft.code):
        found.append(("code", "own_code", draft.code))
    elif frame.kind == "overlay" and base and draft.code not in base:
        found.append(("code", "own_code_unknown", draft.code))
    if not draft.title:
        found.append(("title", "own_title", draft.code))
    if frame.kind == "questions" and base and draft.element not in base:
        found.append(("element", "own_element", draft.element))
    found += [(name, "too_long", f"{most:,}") for name, most in LONGEST.items() if len(getattr(draft, name)) > most]
    if not 1 <= draft.weight <= MOST_WEIGHT:
        found.append(("weight", "own_weight", str(draft.weight)))
    return found + (_faults_of_points(draft) if frame.by_points else [])


def _faults_of_points(draft: Draft) -> list[tuple[str, str, str]]:
    found = []
    if not 1 <= draft.points <= MOST_POINTS:
        found.append(("points", "own_points", str(draft.points)))
    if draft.rule not in RULES:
        found.append(("rule", "own_rule", draft.rule))
    if not draft.asked:
        found.append(("documentation", "own_methods", draft.code))
    for method in METHODS:
        most = getattr(draft, COLUMN_OF[method])
        if most is not None and not 0 <= most <= MOST_POINTS:
            found.append((COLUMN_OF[method], "own_points", str(most)))
    return found
