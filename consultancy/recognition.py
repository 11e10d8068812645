"""The Chief Prevention Officer's recognition (SOSE): what is asked, when an application is in time, what goes with it,
and the years of the WSIB rebate. Dated data with source and certainty; amounts are not known and stand nowhere.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from consultancy.calendar import months_after
from consultancy.certification import SCHEME, find_rule

ANSWERS = ("yes", "no", "not_known")
FULFILLED, AGAINST, OPEN = "fulfilled", "against", "open"
REBATE_YEARS = 3  # in a row, while recognition is kept (wsib.ca)


@dataclass(frozen=True)
class Question:
    """`wanted`: the answer that speaks for recognition, or for the rebate."""

    key: str
    part: str  # eligibility or rebate
    wanted: str
    asked: dict[str, str]
    first: date | None
    last: date | None
    source: str
    certainty: str

    def stands(self, answer: str) -> str:
        if answer not in ("yes", "no"):
            return OPEN
        return FULFILLED if answer == self.wanted else AGAINST


@dataclass(frozen=True)
class Slot:
    """A paper of the application. `stem`: how its file is called after the name of the organization."""

    key: str
    schemes: str
    stem: str
    title: dict[str, str]
    missing: dict[str, str]
    first: date | None
    last: date | None
    source: str
    certainty: str

    def file_name(self, organization: str, ending: str) -> str:
        """As ontario.ca names the form: `[Name of your organization]_E.R.Application_Signe…`."""
        name = re.sub(r"[^\w .&()-]", "_", organization).strip(". ")[:80] or "Organization"
        return f"{name}_{self.stem}.{ending}"


@dataclass(frozen=True)
class Clock:
    """Until when an application rests on the audit. `strict` counts from the last day of the audit, `latest` from its
    closing; which of the two holds is not said in the source."""

    closed_on: date | None
    strict: date | None
    latest: date | None

    @classmethod
    def of(cls, audit_on: date | None, closed_on: date | None, standard: str) -> "Clock":
        def until(start: date | None) -> date | None:
            rule = find_rule("apply", SCHEME.get(standard, "iso"), start) if start else None
            return months_after(start, rule.months) if start and rule else None

        return cls(closed_on, until(audit_on or closed_on), until(closed_on))

    def refuses(self, day: date) -> str:
        """Why no application may be made on this day: not_closed, before_closing, too_late; or nothing."""
        if self.closed_on is None:
            return "not_closed"
        if day < self.closed_on:
            return "before_closing"
        return "too_late" if self.latest and day > self.latest else ""

    def doubtful(self, day: date) -> bool:
        """In time by one reading and late by the other."""
        return not self.refuses(day) and self.strict is not None and day > self.strict


@dataclass(frozen=True)
class RebateYear:
    number: int
    begins: date
    ends: date  # the day the next one begins


def rebate_years(recognized: date, revoked: date | None = None) -> tuple[RebateYear, ...]:
    """Counted from the day of recognition, which is our own reading; a revocation ends them."""
    years = [
        RebateYear(number, months_after(recognized, 12 * (number - 1)), months_after(recognized, 12 * number))
        for number in range(1, REBATE_YEARS + 1)
    ]
    return tuple(one for one in years if revoked is None or one.begins < revoked)


Dated = TypeVar("Dated", Question, Slot)


def in_force(rows: Sequence[Dated], day: date) -> list[Dated]:
    return [one for one in rows if (one.first is None or one.first <= day) and (one.last is None or day <= one.last)]


def slots(standard: str, day: date) -> list[Slot]:
    scheme = SCHEME.get(standard, "iso")
    return [one for one in in_force(SLOTS, day) if one.schemes in ("any", scheme)]


def answer_of(answers: Mapping[str, Any], key: str) -> tuple[str, str]:
    """What was answered, and the note beside it."""
    kept = answers.get(key) or {}
    return str(kept.get("answer", "not_known")), str(kept.get("note", ""))


def _rows(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / "standards" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _same(line: dict[str, str]) -> dict[str, Any]:
    days = {name: date.fromisoformat(line[column]) if line[column] else None
            for name, column in (("first", "from"), ("last", "until"))}  # fmt: skip
    return days | {"key": line["key"], "source": line["source"], "certainty": line["certainty"]}


def _words(line: dict[str, str], name: str) -> dict[str, str]:
    return {"en": line[f"{name}_en"], "fr": line[f"{name}_fr"]}


QUESTIONS = tuple(
    Question(part=line["part"], wanted=line["wanted"], asked=_words(line, "asked"), **_same(line))
    for line in _rows("recognition.csv")
)
SLOTS = tuple(
    Slot(
        schemes=line["schemes"], stem=line["stem"], title=_words(line, "title"), missing=_words(line, "missing"),
        **_same(line),
    )
    for line in _rows("recognition_papers.csv")
)  # fmt: skip
