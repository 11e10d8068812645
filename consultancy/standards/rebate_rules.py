"""The dated tables behind a rebate: figures of the rules, bands of premiums, conditions; each with its source."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

OLD, NEW, ANY = "hsep_old", "hsep_2025", "hsep"
SHELF = Path(__file__).parent


@dataclass(frozen=True)
class Dated:
    since: date | None
    until: date | None
    source: str
    certainty: str

    def holds(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Rule(Dated):
    """One figure of a rule: a percentage, a factor, an amount or a count."""

    rule: str
    key: str
    value: Decimal
    precision: str

    def last_is_unsure(self, on: date) -> bool:
        """Only the month of the end is known, and the day lies in it."""
        return self.precision == "month" and self.until is not None and _month(self.until) == _month(on)


@dataclass(frozen=True)
class Band(Dated):
    """What a topic gives where the premiums lie in a band, in whole dollars; without an upper end from there on."""

    lowest: int
    highest: int | None
    per_topic: Decimal

    def holds_premium(self, premium: Decimal) -> bool:
        dollars = max(int(premium), 1)  # below one dollar is still the first band
        return self.lowest <= dollars and (self.highest is None or dollars <= self.highest)

    def overlaps(self, lowest: int, highest: int | None) -> bool:
        return (highest is None or self.lowest <= highest) and (self.highest is None or lowest <= self.highest)


@dataclass(frozen=True)
class Condition:
    program: str
    words: dict[str, str]
    source: str
    certainty: str


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _table(name: str) -> list[dict[str, str]]:
    with (SHELF / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


RULES = tuple(
    Rule(
        since=_day(line["from"]), until=_day(line["until"]), source=line["source"], certainty=line["certainty"],
        rule=line["rule"], key=line["key"], value=Decimal(line["value"]), precision=line["precision"],
    )
    for line in _table("rebate_rules")
)  # fmt: skip
BANDS = tuple(
    Band(
        since=_day(line["from"]), until=_day(line["until"]), source=line["source"], certainty=line["certainty"],
        lowest=int(line["premium_from"]), highest=int(line["premium_to"]) if line["premium_to"] else None,
        per_topic=Decimal(line["per_topic"]),
    )
    for line in _table("premium_bands")
)  # fmt: skip
CONDITIONS = tuple(
    Condition(line["program"], {"en": line["words_en"], "fr": line["words_fr"]}, line["source"], line["certainty"])
    for line in _table("rebate_conditions")
)


def rule(name: str, key: str, on: date) -> Rule | None:
    return next((one for one in RULES if (one.rule, one.key) == (name, key) and one.holds(on)), None)


def figure(name: str, key: str, on: date) -> Decimal:
    """A figure that the program has on every day."""
    found = rule(name, key, on)
    if found is None:
        raise LookupError(name, key, on)
    return found.value
