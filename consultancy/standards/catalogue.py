"""The standards an engagement can be measured against: numbers, titles and our own paraphrase, never the sold text.

What we ship lies in files beside this one. What a consultancy wrote itself, or is licensed for, lies in its own rows
and is found under the same name by `find`.
"""

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from uuid import UUID

from consultancy.models.standard import KEY, OwnRequirement, OwnStandard
from consultancy.queries import standards
from tenants.database import tenant_session
from tenants.refusal import NotValid

SHELF = Path(__file__).parent
TRANSLATED = ("fr",)
GENERAL = {"General": "{heading}: general", "Généralités": "{heading}\u00a0: généralités"}
MADE_KEPT = 64
_MADE: dict[tuple[UUID, UUID, datetime | None, str], "Standard"] = {}
KNOWN = "own standards"  # kept in the session, which serves one consultancy: a published version does not change
STEPS = ("plan", "do", "check", "act", "lead")
# The standard's own figure puts leadership in the middle of the cycle; the data files call that middle "Core".
STEP_IN_FILE = {"Plan": "plan", "Do": "do", "Check": "check", "Act": "act", "Core": "lead"}


class UnknownStandard(NotValid):
    """No standard of this key is offered."""


class UnknownRequirement(NotValid):
    """The standard has no rateable requirement of this number."""


@dataclass(frozen=True)
class Method:
    """A way to verify a question of COR (document, interview, observation) and the most points it can bring."""

    name: str
    most: int


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
    weight: int = 1
    points: int = 0
    rule: str = ""  # all_or_nothing or range, where points are given
    methods: tuple[Method, ...] = ()
    legislated: bool = False
    own_text: str = ""  # what the consultancy filled in from its licensed copy
    certainty: str = ""  # of the title, where it is not as sure as the standard's
    note: str = ""

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
    source: str = ""
    certainty: str = ""
    opens_engagements: bool = True
    based_on: str = ""  # key of the shipped standard under an overlay or a set of questions
    by_points: bool = False  # scored by points as COR is, not by levels
    marks: tuple[int, int, int] | None = None  # overall, element, legislated, where the consultancy sets them itself

    @property
    def full_name(self) -> str:
        return f"{self.name} ({self.version})"

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


def _lines(entry: dict, language: str = "en") -> list[dict[str, str]]:
    """The rows of a standard's file; `differs` holds what another edition of the same clauses says otherwise."""
    suffix, differs = ("", "differs") if language == "en" else (f".{language}", f"differs_{language}")
    with (SHELF / entry["file"].replace(".csv", f"{suffix}.csv")).open(encoding="utf-8", newline="") as file:
        return [line | entry.get(differs, {}).get(line["number"], {}) for line in csv.DictReader(file)]


def _read(entry: dict, language: str = "en") -> Standard:
    """A standard in one language; numbers, steps and must-items are the same in all of them."""
    lines = _lines(entry)
    is_heading = {line["number"]: line["paraphrase"].startswith("Heading") for line in lines}
    if language != "en":
        spoken = {line["number"]: line for line in _lines(entry, language)}
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
                step=STEP_IN_FILE.get(line["pdca"], ""),
                paraphrase=line["paraphrase"],
                typical_evidence=line["typical_evidence"],
                audit_question=line["audit_question"],
                clause=line.get("level") or line["number"].partition(".")[0],
                must=line["number"] in entry["must"],
                heading=titles.get(line["number"].rpartition(".")[0], ""),
                certainty=line.get("certainty", ""),
                note=line.get("note", ""),
            )
            for line in lines
            if not is_heading[line["number"]]
        ),
        headings=tuple(Heading(line["number"], line["title"]) for line in lines if is_heading[line["number"]]),
        source=entry["source"],
        certainty=entry["certainty"],
        opens_engagements=entry.get("opens_engagements", True),
    )


_ENTRIES = json.loads((SHELF / "offered.json").read_text(encoding="utf-8"))
OFFERED: dict[str, Standard] = {entry["key"]: _read(entry) for entry in _ENTRIES}
_TRANSLATIONS = {
    (entry["key"], language): _read(entry, language)
    for entry in _ENTRIES
    for language in TRANSLATED
    if entry.get("opens_engagements", True)  # topics are a list of names, most of them not verified: left as they are
}


def find(key: str, language: str = "en") -> Standard:
    """The standard an engagement pinned; versions are never replaced, only added.

    A standard of the consultancy's own is found once it is published, in the session that entered the consultancy.
    """
    if key in OFFERED:
        return _shipped(key, language)
    if not key.startswith(KEY):
        raise UnknownStandard(key)
    known = tenant_session().info.setdefault(KNOWN, {})
    if (key, language) not in known:
        own = standards.published(key)
        if own is None:
            raise UnknownStandard(key)
        known[key, language] = _made(own, language)
    return known[key, language]


def _made(own: OwnStandard, language: str) -> Standard:
    """The requirements of a published version are read and put together once in the life of a process. That it is
    published, and the reader's, its row has just said; the moment of publishing is part of the name, so that one that
    was rolled back leaves nothing behind."""
    name = (own.tenant_id, own.id, own.published_at, language)
    made = _MADE.get(name)  # in one step, as other threads read and evict here too
    if made is None:
        made = _MADE[name] = as_standard(own, standards.requirements(own), language)
        while len(_MADE) > MADE_KEPT:
            _MADE.pop(list(_MADE)[0], None)
    return made


def _shipped(key: str, language: str) -> Standard:
    return _TRANSLATIONS.get((key, language), OFFERED[key])


def offered() -> list[Standard]:
    """What an engagement can be opened against: ours, then the newest published version of each of the consultancy's
    own. Two statements."""
    own = [as_standard(*one) for one in standards.newest_published()]
    return [one for one in OFFERED.values() if one.opens_engagements] + own


def as_standard(own: OwnStandard, rows: Iterable[OwnRequirement], language: str = "en") -> Standard:
    """A consultancy's own standard, overlay or set of questions in the shape of every other; its own words are in the
    language they were typed in."""
    base = _shipped(own.based_on, language) if own.based_on in OFFERED else None
    return Standard(
        key=own.key,
        name=own.name,
        version=own.version,
        kind_of_requirement=base.kind_of_requirement if base and own.kind == "overlay" else "question",
        requirements=_overlaid(base, rows)
        if base and own.kind == "overlay"
        else tuple(_own(base, row) for row in rows),
        headings=base.headings if base and own.kind == "overlay" else _elements(base, rows),
        source=own.source,
        certainty="own",
        based_on=own.based_on,
        by_points=own.by_points,
        marks=own.marks,
    )


def _overlaid(base: Standard, rows: Iterable[OwnRequirement]) -> tuple[Requirement, ...]:
    own = {row.code: row for row in rows}
    return tuple(
        replace(one, own_text=row.paraphrase, weight=row.weight, must=one.must or row.must)
        if (row := own.get(one.code))
        else one
        for one in base.requirements
    )


def _own(base: Standard | None, row: OwnRequirement) -> Requirement:
    asked = base.requirement(row.element) if base and row.element in base else None
    return Requirement(
        code=row.code,
        title=row.title,
        step=asked.step if asked else "",
        paraphrase=row.paraphrase,
        typical_evidence="",
        audit_question=row.question,
        clause=row.element_number or row.code.partition(".")[0],
        must=row.must,
        weight=row.weight,
        points=row.points,
        rule=row.rule,
        methods=tuple(Method(name, most) for name, most in row.methods),
        legislated=row.legislated,
    )


def _elements(base: Standard | None, rows: Iterable[OwnRequirement]) -> tuple[Heading, ...]:
    named = {row.element_number: row.element_title for row in rows if row.element_title}
    if base:
        named = {one.code: one.title for one in base.requirements} | named
    used = dict.fromkeys(row.element_number or row.code.partition(".")[0] for row in rows)
    return tuple(Heading(number, named[number]) for number in used if number in named)
