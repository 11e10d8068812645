"""Courses of the law, of standards and of the usual providers, each with the time in which its rule holds.

The table carries the source of each line and how sure we are of it; what is unsure is shown as unsure.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

LAW, STANDARD, PROVIDER, HAZARD, CLIENT = BASES = ("law", "standard", "provider", "hazard", "client")
SURE, GENERAL, UNSURE = CERTAINTIES = ("sourced", "general", "unsure")
BY_ELEMENTS = "cor"  # standards whose requirements are the elements of COR


@dataclass(frozen=True)
class Course:
    """One course while one rule holds. `validity`: months, none where it does not end; `reviewed`: they are the time to
    the next review and no term, so past them it counts still. `follows`: the part before it, at most `within` months
    earlier; `renews`: the course whose end it moves on when it is done in time. `certainty` is of the whole line;
    `duty_unsure`: whether the law asks for it at all, where not only the hours or the term are unsure."""

    code: str
    title_en: str
    title_fr: str
    needed_by_en: str
    needed_by_fr: str
    validity: int | None
    basis: str
    citation_en: str
    citation_fr: str
    clauses: tuple[str, ...]
    elements: tuple[str, ...]
    follows: str
    within: int | None
    renews: str
    first: date | None
    last: date | None
    source: str
    certainty: str
    note_en: str
    note_fr: str
    own: bool = False
    duty_unsure: bool = False
    reviewed: bool = False

    def title(self, language: str) -> str:
        return self.title_fr if language == "fr" and self.title_fr else self.title_en

    def needed_by(self, language: str) -> str:
        return self.needed_by_fr if language == "fr" and self.needed_by_fr else self.needed_by_en

    def citation(self, language: str) -> str:
        return self.citation_fr if language == "fr" and self.citation_fr else self.citation_en

    def note(self, language: str) -> str:
        return self.note_fr if language == "fr" and self.note_fr else self.note_en

    def holds(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def places(self, standard: str) -> tuple[str, ...]:
        """The requirements of a standard that ask for it, the nearest first."""
        return self.elements if standard.startswith(BY_ELEMENTS) else self.clauses


class Shelf:
    """The courses that a consultancy may speak of: those that are shipped and its own."""

    def __init__(self, rules: Iterable[Course]) -> None:
        self._rules: dict[str, list[Course]] = {}
        for one in rules:
            self._rules.setdefault(one.code, []).append(one)

    def __contains__(self, code: str) -> bool:
        return code in self._rules

    @property
    def codes(self) -> list[str]:
        return list(self._rules)

    def find(self, code: str, day: date) -> Course:
        """The course with the rule that held on that day; before its first rule, the first."""
        rules = self._rules[code]
        return next((one for one in reversed(rules) if one.holds(day)), rules[0])

    def today(self, day: date) -> list[Course]:
        return [self.find(code, day) for code in self._rules]

    def after(self, code: str, day: date) -> Course | None:
        """The part that follows this course."""
        return next((one for one in self.today(day) if one.follows == code), None)

    def renewals(self, code: str, day: date) -> list[str]:
        return [one.code for one in self.today(day) if one.renews == code]

    def with_own(self, own: Iterable[Course]) -> "Shelf":
        return Shelf([*(one for rules in self._rules.values() for one in rules), *own])


def _read() -> list[Course]:
    with (Path(__file__).parent / "courses.csv").open(encoding="utf-8", newline="") as table:
        return [_course(row) for row in csv.DictReader(table)]


def _course(row: dict[str, str]) -> Course:
    same: dict[str, Any] = {
        name: row[name]
        for name in (
            "code", "title_en", "title_fr", "needed_by_en", "needed_by_fr", "basis", "citation_en", "citation_fr",
            "follows", "renews", "source", "certainty", "note_en", "note_fr",
        )
    }  # fmt: skip
    return Course(
        **same,
        validity=int(row["validity_months"]) if row["validity_months"] else None,
        within=int(row["within_months"]) if row["within_months"] else None,
        clauses=tuple(row["clauses"].split("; ")),
        elements=tuple(row["elements"].split("; ")),
        first=date.fromisoformat(row["from"]) if row["from"] else None,
        last=date.fromisoformat(row["until"]) if row["until"] else None,
        reviewed=row["term"] == "review",
        duty_unsure=row["duty"] == UNSURE,
    )


SHIPPED = Shelf(_read())
