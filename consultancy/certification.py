"""What falls due for a certificate, and when: surveillance, recertification, COR's internal and external years, and
how long its audit serves an application for recognition.

The rules are dated data with source and certainty; nothing here knows the database.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from consultancy.calendar import months_after

STANDARDS = ("iso45001", "csa_z45001", "cor2020", "other")
STANDINGS = ("planned", "in_force", "suspended", "withdrawn")
SCHEME = {"iso45001": "iso", "csa_z45001": "iso", "other": "iso", "cor2020": "cor"}
ACCREDITED = ("iso45001", "csa_z45001", "cor2020")  # by the Chief Prevention Officer, for recognition
SOON = timedelta(days=60)
DONE, OVERDUE, DUE_SOON, LATER, ENDED = "done", "overdue", "soon", "later", "ended"
OPEN = (OVERDUE, DUE_SOON, LATER)
STATES = (*OPEN, DONE, ENDED)


@dataclass(frozen=True)
class Rule:
    """`counted`: from what and to which day the months run."""

    key: str
    schemes: str
    counted: str
    months: int
    what: dict[str, str]
    note: dict[str, str]
    first: date | None
    last: date | None
    source: str
    certainty: str

    def holds(self, scheme: str, day: date) -> bool:
        in_time = (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
        return self.schemes in (scheme, "any") and in_time


@dataclass(frozen=True)
class Held:
    """A certificate as the rules need it. `second_year_on`, `third_year_on` and `further_on`: the surveillance or
    internal audits that were held; `fourth_year_on`: the one for recertification; `audit_on`: the last day of the audit
    it rests on."""

    standard: str
    standing: str = "in_force"
    issued_on: date | None = None
    expires_on: date | None = None
    stage_1_on: date | None = None
    stage_2_on: date | None = None
    audit_on: date | None = None
    audit_closed_on: date | None = None
    second_year_on: date | None = None
    third_year_on: date | None = None
    further_on: date | None = None
    fourth_year_on: date | None = None
    next_audit_on: date | None = None
    replaced: bool = False  # a newer certificate stands in its place

    @property
    def surveillances(self) -> list[date]:
        """As they were held; a certificate of three years may see three, as each calendar year has its own."""
        return sorted(day for day in (self.second_year_on, self.third_year_on, self.further_on) if day)

    @property
    def audits(self) -> list[date]:
        """Every audit that was held after the issue."""
        return sorted(day for day in (*self.surveillances, self.fourth_year_on) if day)


@dataclass(frozen=True)
class Event:
    """One day of the calendar. `key` is a rule's, or stage_1, stage_2, next_audit, expiry. `since`: from when evidence
    counts, where a rule says so."""

    key: str
    due: date
    done_on: date | None = None
    rule: Rule | None = None
    since: date | None = None
    evidence: Rule | None = None
    ended: bool = False

    def state(self, today: date) -> str:
        if self.done_on:
            return DONE
        if self.ended:
            return ENDED
        if self.due < today:
            return OVERDUE
        return DUE_SOON if self.due <= today + SOON else LATER

    @property
    def late(self) -> bool:
        """Held, but after its last day. An agreed day is no last one: an audit may be moved."""
        return self.rule is not None and self.done_on is not None and self.done_on > self.due

    @property
    def certainty(self) -> str:
        return self.rule.certainty if self.rule else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read() -> tuple[Rule, ...]:
    with (Path(__file__).parent / "standards" / "certification.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Rule(
                key=line["key"],
                schemes=line["schemes"],
                counted=line["counted"],
                months=int(line["months"]),
                what={"en": line["what_en"], "fr": line["what_fr"]},
                note={"en": line["note_en"], "fr": line["note_fr"]},
                first=_day(line["from"]),
                last=_day(line["until"]),
                source=line["source"],
                certainty=line["certainty"],
            )  # fmt: skip
            for line in csv.DictReader(file)
        )


RULES = _read()


def find_rule(key: str, scheme: str, day: date, rules: Sequence[Rule] = RULES) -> Rule | None:
    return next((one for one in reversed(rules) if one.key == key and one.holds(scheme, day)), None)


def due_day(rule: Rule, start: date, expires: date | None = None) -> date:
    """The last day on which it is in time."""
    reached = months_after(start, rule.months)
    if rule.counted == "before":
        return reached - timedelta(days=1)
    if rule.counted == "expiry":
        return expires or reached
    return reached


def calendar_of(held: Held, today: date, rules: Sequence[Rule] = RULES) -> list[Event]:
    """Every day of a certificate, in order. One that was withdrawn or replaced asks for nothing more; one that has
    expired only says that it has."""
    if held.standing == "withdrawn" or held.replaced:
        return []
    expired = held.expires_on is not None and held.expires_on < today
    events = [_expiry(held, held.expires_on, today, rules)] if held.expires_on else []
    if not expired:
        events += _planned(held, today) + _cycle(held, rules)
    events += _application(held, today, rules)
    return sorted(events, key=lambda one: (one.due, one.key))


def _expiry(held: Held, expires: date, today: date, rules: Sequence[Rule]) -> Event:
    """The last day is what was recorded, so the rule stands beside it only where it lets an old one go."""
    rule = find_rule("expiry", SCHEME[held.standard], expires, rules)
    lapsed = rule is not None and due_day(rule, expires) < today
    return Event("expiry", expires, rule=rule if lapsed else None, ended=lapsed)


def _planned(held: Held, today: date) -> list[Event]:
    """Audits with a day of their own. The stages count as held on their day once a certificate followed them; Stage 1
    also once its day has passed, as nothing is issued on it. A Stage 2 that passed with nothing issued is a
    question."""
    events = []
    if held.stage_1_on:
        passed = held.issued_on or held.stage_1_on < today
        events.append(Event("stage_1", held.stage_1_on, done_on=held.stage_1_on if passed else None))
    if held.stage_2_on:
        events.append(Event("stage_2", held.stage_2_on, done_on=held.stage_2_on if held.issued_on else None))
    if held.next_audit_on:
        evidence = find_rule("evidence", SCHEME[held.standard], held.next_audit_on)
        since = months_after(held.next_audit_on, -evidence.months) if evidence else None
        # a day that lies behind us is a question until an audit was recorded as held on it or later
        done_on = next((day for day in held.audits if day >= held.next_audit_on), None)
        events.append(Event("next_audit", held.next_audit_on, done_on=done_on, since=since, evidence=evidence))
    return events


def _cycle(held: Held, rules: Sequence[Rule]) -> list[Event]:
    if held.issued_on is None:
        return []
    events, scheme = [], SCHEME[held.standard]
    first = find_rule("second_year", scheme, held.issued_on, rules)
    for key in ("second_year", "third_year", "fourth_year"):
        rule = find_rule(key, scheme, held.issued_on, rules)
        if rule is None:
            continue
        for due, done_on in _days_of(rule, held, held.issued_on, first or rule):
            window = find_rule("evidence", scheme, due, rules)
            since = months_after(due, -window.months) if window else None
            events.append(Event(key, due, done_on=done_on, rule=rule, since=since, evidence=window))
    return events


def _days_of(rule: Rule, held: Held, issued: date, first: Rule) -> list[tuple[date, date | None]]:
    """Each last day with the day on which it was held. `first`: the rule of the first surveillance."""
    if rule.counted == "each_year":
        return _each_year(held, from_=due_day(first, issued), to=held.expires_on or due_day(rule, issued))
    if rule.counted == "first":
        return [(due_day(rule, issued), next(iter(held.surveillances), None))]
    return [(due_day(rule, issued, held.expires_on), getattr(held, f"{rule.key}_on"))]


def _each_year(held: Held, *, from_: date, to: date) -> list[tuple[date, date | None]]:
    """One in every calendar year after that of the first, before that of recertification. A year that was missed is
    made good by the next one held, late; that one counts for its own year as well, as the year has seen an audit."""
    found = []
    for year in range(min(held.surveillances, default=from_).year + 1, to.year):
        after = [day for day in held.surveillances if day.year >= year]
        found.append((date(year, 12, 31), next(iter(after), None)))
    return found


def _application(held: Held, today: date, rules: Sequence[Rule]) -> list[Event]:
    """Until when the audit serves an application: counted from its last day, and from its closing where only that is
    known. A clock that ran out is over, not overdue: nobody must apply."""
    start = held.audit_on or held.audit_closed_on
    if start is None or held.standard not in ACCREDITED:
        return []
    rule = find_rule("apply", SCHEME[held.standard], start, rules)
    if rule is None:
        return []
    due = due_day(rule, start)
    return [Event("apply", due, rule=rule, ended=due < today)]


def in_force_on(one: Any, day: date) -> bool:
    """Does a certificate hold on this day? Its last day is one of them; suspended and withdrawn are standings that
    somebody recorded, so they speak for every day."""
    return (
        one.standing == "in_force"
        and one.issued_on is not None
        and one.issued_on <= day
        and (one.expires_on is None or day <= one.expires_on)
    )


def overlaps(one: tuple[date, date], other: tuple[date, date]) -> bool:
    """Do two terms share a day? A renewal may begin on the day the former certificate ends."""
    return one[0] < other[1] and other[0] < one[1]


def renews(newer: tuple[date, date], older: tuple[date, date]) -> bool:
    """Was a certificate issued within the last 12 months of another, to end later? Registrars decide on
    recertification before the former ends, so the two share days."""
    return months_after(older[1], -12) <= newer[0] < older[1] < newer[1] and older[0] < newer[0]


def same_scope(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def facts_of(row: Any, *, replaced: bool) -> Held:
    """A kept certificate as the rules read it."""
    names = [name for name in Held.__dataclass_fields__ if name != "replaced"]
    return Held(**{name: getattr(row, name) for name in names}, replaced=replaced)
