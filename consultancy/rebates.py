"""What the WSIB may pay back: a range with its working, never a promise.

Rules, bands and conditions are dated tables with source and certainty. A band that is not known gives no amount: it is
never worked out from its neighbours. Where a rule can be read in two ways, the range holds both.
Amounts are dollars, to the cent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from consultancy.standards.rebate_rules import ANY, BANDS, NEW, OLD, Band, Dated, Rule, figure, rule
from tenants.refusal import NotValid

LOW, HIGH, UNKNOWN = PREDICTABILITIES = ("low", "high", "unknown")
SCHEDULE_2 = 2
CENT = Decimal("0.01")


class PremiumNotPositive(NotValid):
    """A rebate is a part of the premiums paid: of nothing there is none."""


class TopicsOutOfRange(NotValid):
    """A plan has one topic at least, and no more than the program takes."""


class ScheduleTwo(NotValid):
    """An employer of Schedule 2 pays no premium of Schedule 1."""


@dataclass(frozen=True)
class Case:
    """What a plan is worked out for. `headcount`: heads, never fewer than the full-time equivalents of the WSIB;
    none where it is not known."""

    premium: Decimal
    topics: int
    on: date
    predictability: str = UNKNOWN
    headcount: int | None = None


@dataclass(frozen=True)
class Line:
    """One step of the working: what it does, with what, and the sum after it; none where it is not known."""

    key: str
    facts: tuple[tuple[str, Decimal | int], ...]
    low: Decimal | None
    high: Decimal | None
    source: str
    certainty: str


@dataclass(frozen=True)
class Working:
    rule: str
    lines: tuple[Line, ...]
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Outlook:
    """`stands`: which rule decides on the day: old, both (the higher), edge (the last month of both) or new."""

    case: Case
    stands: str
    workings: tuple[Working, ...]
    low: Decimal | None
    high: Decimal | None


def topics_most(on: date) -> int:
    return int(figure(ANY, "topics_most", on))


def checked(premium: Decimal) -> Decimal:
    """Raises PremiumNotPositive."""
    if cents(premium) <= 0:
        raise PremiumNotPositive(premium)
    return cents(premium)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def outlook(case: Case, bands: Iterable[Band] = BANDS) -> Outlook:
    """What one plan may bring. Raises PremiumNotPositive, TopicsOutOfRange."""
    checked(case.premium)
    if not 1 <= case.topics <= topics_most(case.on):
        raise TopicsOutOfRange(topics_most(case.on))
    before, since = rule(OLD, "rate_low", case.on), rule(NEW, "plan_bonus", case.on)
    workings = ((by_old_rule(case),) if before else ()) + ((by_new_rule(case, bands),) if since else ())
    if before is None or since is None:
        [only] = workings
        return Outlook(case, "old" if before else "new", workings, only.low, only.high)
    old, new = workings
    low, high = _higher(old.low, new.low), (None if new.high is None else _higher(old.high, new.high))
    if before.last_is_unsure(case.on):
        return Outlook(case, "edge", workings, new.low, high)
    return Outlook(case, "both", workings, low, high)


def _higher(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """The higher of two, as far as known: the higher is at least the one that is."""
    return max((amount for amount in (one, other) if amount is not None), default=None)


def surely_small(case: Case) -> bool:
    """So many heads at most prove a small business; more of them, part of the time, may be no more equivalents."""
    return case.headcount is not None and case.headcount <= figure(ANY, "small_most", case.on)


def by_old_rule(case: Case) -> Working:
    """A share of the premiums for each topic. Read low, the minimum comes after the doubling, an extra lies under the
    cap, and the cap is the lower one that was seen once; read high, the other way round. An employer that is not surely
    a small business is read as none and as one."""
    steps = _Steps(case)
    rates = [rule(OLD, "rate_low", case.on), rule(OLD, "rate_high", case.on)]
    known = [one for one in rates if one and case.predictability in (UNKNOWN, one.key.removeprefix("rate_"))]
    shares = [cents(case.premium * one.value / 100) for one in known]
    low, high = min(shares), max(shares)
    steps.add("rate", known[0], low, high, premium=case.premium, **_span("rate", [one.value for one in known]))
    surely, sure = surely_small(case), "" if surely_small(case) else "_maybe"
    least, twice = rule(OLD, "minimum_small", case.on), rule(OLD, "small_factor", case.on)
    floor = least.value if least else Decimal(0)
    if twice:
        low = max(low * twice.value, floor) if surely else low
        high = max(high, floor) * twice.value
        steps.add(f"doubled{sure}", twice, low, high, factor=twice.value, amount=floor)
    elif least and (high < floor or surely and low < floor):
        low, high = (max(low, floor) if surely else low), max(high, floor)
        steps.add(f"minimum{sure}", least, low, high, amount=floor)
    most = rule(OLD, "maximum_topic", case.on)
    if most and high > most.value:
        low, high = min(low, most.value), most.value
        steps.add("maximum", most, low, high, amount=most.value)
    low, high = steps.times_topics(low, high, known[0])
    bonus = rule(OLD, "small_bonus", case.on)
    caps = [one for one in (rule(OLD, "cap_percent_once", case.on), rule(OLD, "cap_percent", case.on)) if one]
    return steps.ended(OLD, low, high, bonus, caps, sure_bonus=surely)


def band_of(premium: Decimal, on: date, bands: Iterable[Band]) -> Band | None:
    """The band that premiums lie in, none where nobody knows it."""
    return next((one for one in bands if one.holds(on) and one.holds_premium(premium)), None)


def by_new_rule(case: Case, bands: Iterable[Band] = BANDS) -> Working:
    """An amount for each topic by the band of the premiums; unknown where nobody knows the band."""
    steps = _Steps(case)
    band = band_of(case.premium, case.on, bands)
    bonus, cap = rule(NEW, "plan_bonus", case.on), rule(NEW, "cap_percent", case.on)
    if band is None:
        steps.add("band_unknown", bonus, None, None, premium=case.premium)
        return Working(NEW, tuple(steps.lines), None, None)
    steps.add("band", band, band.per_topic, band.per_topic, premium=case.premium)
    low, high = steps.times_topics(band.per_topic, band.per_topic, band)
    return steps.ended(NEW, low, high, bonus, [cap] if cap else [], sure_bonus=True)


class _Steps:
    """The working as it grows, line by line."""

    def __init__(self, case: Case) -> None:
        self.case, self.lines = case, list[Line]()

    def add(
        self, key: str, by: Dated | None, low: Decimal | None, high: Decimal | None, **facts: Any
    ) -> None:
        source, certainty = (by.source, by.certainty) if by else ("", "unsure")
        self.lines.append(Line(key, tuple(facts.items()), low, high, source, certainty))

    def times_topics(self, low: Decimal, high: Decimal, by: Dated) -> tuple[Decimal, Decimal]:
        low, high = low * self.case.topics, high * self.case.topics
        self.add("topics", by, low, high, topics=self.case.topics)
        return low, high

    def ended(
        self, name: str, low: Decimal, high: Decimal, bonus: Rule | None, caps: list[Rule], *, sure_bonus: bool
    ) -> Working:
        """The extra of a plan and the cap: whether the extra lies under the cap is not known."""
        limits = [cents(self.case.premium * cap.value / 100) for cap in caps]
        extra = bonus.value if bonus else Decimal(0)
        whole = low + (extra if sure_bonus else 0), high + extra
        if bonus:
            self.add("bonus" if sure_bonus else "bonus_maybe", bonus, *whole, amount=extra)
        if not limits:
            return Working(name, tuple(self.lines), *whole)
        capped = min(whole[0], *limits), min(high, max(limits)) + extra
        if capped != whole:
            percents = [cap.value for cap in caps]
            self.add("capped", min(caps, key=lambda cap: cap.value), *capped, **_span("percent", percents))
        return Working(name, tuple(self.lines), *capped)


def _span(name: str, values: list[Decimal]) -> dict[str, Any]:
    return {f"{name}_low": min(values), f"{name}_high": max(values)}
