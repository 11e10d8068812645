"""The standards an engagement can be measured against: numbers, titles and our own paraphrase, never the sold text."""

import csv
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tenants.refusal import NotValid

SHELF = Path(__file__).parent
TRANSLATED = ("fr",)
GENERAL = {"General": "{heading}: general", "Généralités": "{heading}\u00a0: généralités"}
STEPS = ("plan", "do", "check", "act", "lead")
# The standard's own figure puts leadership in the middle of the cycle; the data files call that middle "Core".
STEP_IN_FILE = {"Plan": "plan", "Do": "do", "Check": "check", "Act": "act", "Core": "lead"}


class UnknownStandard(NotValid):
    """No standard of this key is offered."""


class UnknownRequirement(NotValid):
    """The standard has no rateable requirement of this number."""


@dataclass(frozen=True)
class Requirement:
    """One thing a consultant rates: a leaf clause of ISO 45001, an element of COR."""

    code: str
    title: str
    step: str
    paraphrase: str
    typical_evidence: str
    audit_question: str
    clause: str
    must: bool
    heading: str = ""  # title of the clause right above

    @property
    def full_title(self) -> str:
        """A title that can stand alone: eight clauses of ISO 45001 are just called General."""
        return GENERAL[self.title].format(heading=self.heading) if self.title in GENERAL else self.title


@dataclass(frozen=True)
class Heading:
    """A clause that only gathers others; it is never rated itself."""

    code: str
    title: str


@dataclass(frozen=True)
class Clause:
    """A top-level clause with the requirements under it."""

    number: str
    title: str
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True)
class Standard:
    key: str
    name: str
    version: str
    kind_of_requirement: str
    requirements: tuple[Requirement, ...]
    headings: tuple[Heading, ...]

    @cached_property
    def _by_code(self) -> dict[str, Requirement]:
        return {requirement.code: requirement for requirement in self.requirements}

    @cached_property
    def heading_codes(self) -> frozenset[str]:
        return frozenset(heading.code for heading in self.headings)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def requirement(self, code: str) -> Requirement:
        if code not in self._by_code:
            raise UnknownRequirement(code)
        return self._by_code[code]

    def clauses(self) -> tuple[Clause, ...]:
        titles = {heading.code: heading.title for heading in self.headings}
        grouped: dict[str, list[Requirement]] = {}
        for requirement in self.requirements:
            grouped.setdefault(requirement.clause, []).append(requirement)
        return tuple(
            Clause(number, titles.get(number, under[0].title), tuple(under)) for number, under in grouped.items()
        )

    def must_items(self) -> tuple[Requirement, ...]:
        return tuple(requirement for requirement in self.requirements if requirement.must)


def _lines(name: str) -> list[dict[str, str]]:
    with (SHELF / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _read(entry: dict, language: str = "en") -> Standard:
    """A standard in one language; numbers, steps and must-items are the same in all of them."""
    lines = _lines(entry["file"])
    is_heading = {line["number"]: line["paraphrase"].startswith("Heading") for line in lines}
    if language != "en":
        spoken = {line["number"]: line for line in _lines(entry["file"].replace(".csv", f".{language}.csv"))}
        lines = [line | spoken[line["number"]] for line in lines]
    titles = {line["number"]: line["title"] for line in lines}
    return Standard(
        key=entry["key"],
        name=entry["name"],
        version=entry["version"],
        kind_of_requirement=entry["kind_of_requirement"],
        requirements=tuple(
            Requirement(
                code=line["number"],
                title=line["title"],
                step=STEP_IN_FILE[line["pdca"]],
                paraphrase=line["paraphrase"],
                typical_evidence=line["typical_evidence"],
                audit_question=line["audit_question"],
                clause=line["number"].partition(".")[0],
                must=line["number"] in entry["must"],
                heading=titles.get(line["number"].rpartition(".")[0], ""),
            )
            for line in lines
            if not is_heading[line["number"]]
        ),
        headings=tuple(Heading(line["number"], line["title"]) for line in lines if is_heading[line["number"]]),
    )


_ENTRIES = json.loads((SHELF / "offered.json").read_text(encoding="utf-8"))
OFFERED: dict[str, Standard] = {entry["key"]: _read(entry) for entry in _ENTRIES}
_TRANSLATIONS = {(entry["key"], language): _read(entry, language) for entry in _ENTRIES for language in TRANSLATED}


def find(key: str, language: str = "en") -> Standard:
    """The standard an engagement pinned; versions are never replaced, only added."""
    if key not in OFFERED:
        raise UnknownStandard(key)
    return _TRANSLATIONS.get((key, language), OFFERED[key])
