"""Whether somebody audits what they wrote: who helped the client, and the scheme's period around the audit.

The period is dated data with its source and how sure it is (standards/independence.json), never a constant.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from consultancy.calendar import months_after
from consultancy.standards.words import say


@dataclass(frozen=True)
class Rule:
    key: str
    scheme: str
    months_before: int
    months_after: int
    starts: date
    ends: date | None
    certainty: str
    words: dict[str, str]
    source: dict[str, str]


class Involved(NamedTuple):
    """What somebody did for a client: consulted, or wrote part of the system. Without an end it goes on.

    `french` is what our own words for it are there; what somebody typed stays as it was typed."""

    part: str
    what: str
    from_on: date
    until_on: date | None
    french: str = ""

    def sentence(self, language: str = "en") -> str:
        what = (language == "fr" and self.french) or self.what
        if self.until_on is None:
            return say("involvements_going_on", self.part, language).format(what=what, start=self.from_on)
        return say("involvements", self.part, language).format(what=what, start=self.from_on, end=self.until_on)


def _read() -> tuple[Rule, ...]:
    lines = json.loads((Path(__file__).parent / "standards" / "independence.json").read_text(encoding="utf-8"))
    return tuple(
        Rule(
            key=line["key"],
            scheme=line["scheme"],
            months_before=line["months_before"],
            months_after=line["months_after"],
            starts=date.fromisoformat(line["from"]),
            ends=date.fromisoformat(line["until"]) if line["until"] else None,
            certainty=line["certainty"],
            words=line["words"],
            source=line["source"],
        )
        for line in lines
    )


RULES = _read()


def scheme_of(standard: Any) -> str:
    """COR has a rule of its own; whatever else is audited follows the impartiality that ISO asks for."""
    return "cor" if "cor2020" in (standard.key, standard.based_on) else "iso"


def rule_for(scheme: str, on: date, rules: tuple[Rule, ...] = RULES) -> Rule | None:
    """The latest rule of a scheme that is in force on a day."""
    held = [one for one in rules if one.scheme == scheme and one.starts <= on and (one.ends is None or on <= one.ends)]
    return max(held, key=lambda one: one.starts, default=None)


def conflicts(
    rule: Rule | None, involved: Iterable[Involved], audit_from: date, audit_to: date
) -> tuple[Involved, ...]:
    """What lies within the rule's period around an audit. When the period has passed to the day, it is over."""
    if rule is None:
        return ()
    first, last = months_after(audit_from, -rule.months_before), months_after(audit_to, rule.months_after)
    return tuple(
        one for one in involved if (one.until_on is None or one.until_on > first) and one.from_on < last
    )
