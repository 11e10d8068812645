"""In what order gaps are closed, and when: our own rule, kept as data with its source in standards/roadmap.json.

Priority = severity x legal weight x audit weight / effort. A place in the plan is a proposal; people decide.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

from consultancy.calendar import months_after

RULES: dict[str, Any] = json.loads((Path(__file__).parent / "standards" / "roadmap.json").read_text(encoding="utf-8"))
PHASES: tuple[str, ...] = tuple(one["key"] for one in RULES["phases"])
LEGAL = "legal"
USUAL = "build"  # where nothing says when a task belongs
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Priority:
    """A figure with all that it was worked out from. `estimated`: somebody said the effort; else it is assumed."""

    severity: int
    legal: int
    audit: int
    days: float
    estimated: bool

    @property
    def figure(self) -> float:
        return round(self.severity * self.legal * self.audit / self.days, 2)


def priority(*, severity: str, legal: bool, must: bool, days: float | None) -> Priority:
    """`severity`: grade of the finding, or what was rated or missing; `must`: an audit cannot be passed without it.
    Without an estimate the assumed effort counts, and what takes less than half a day counts as half a day."""
    effort = RULES["effort"]
    return Priority(
        severity=RULES["severity"][severity]["weight"],
        legal=RULES["legal_weight"] if legal else 1,
        audit=RULES["audit_weight"] if must else 1,
        days=max(days or effort["assumed_days"], effort["least_days"]),
        estimated=days is not None,
    )


def phase_name(key: str, language: str = "en") -> str:
    return _phase_words(key, language)[0]


def phase_aim(key: str, language: str = "en") -> str:
    return _phase_words(key, language)[1]


def _phase_words(key: str, language: str) -> list[str]:
    words: list[str] = RULES["phases"][PHASES.index(key)][language]
    return words


def natural_phase(standard: str, number: str, *, severity: str, legal: bool, step: str = "") -> str:
    """Where a task belongs by what it is about: a breach of the law first, else by its number, else by its step of
    plan, do, check, act."""
    if legal and RULES["severity"][severity]["weight"] > 1:
        return LEGAL
    table: dict[str, str] = RULES["by_number"].get(RULES["numbered_alike"].get(standard, ""), {})
    known = [one for one in table if number == one or number.startswith(f"{one}.")]
    if known:
        return table[max(known, key=len)]
    return str(RULES["by_step"].get(step, USUAL))


def window(phase: str, start: date) -> tuple[date, date]:
    """First and last day of a phase of a plan that begins on `start`."""
    if phase == LEGAL:
        return start, start + timedelta(days=RULES["legal_days"])
    rule = RULES["phases"][PHASES.index(phase)]
    return months_after(start, rule["from"]), months_after(start, rule["to"]) - ONE_DAY


class ToPlace(NamedTuple):
    """A task that is to get a phase and dates. `agreed`: a day that was promised before; `after`: the key of what it
    waits for, or ""."""

    key: str
    figure: float
    phase: str
    days: float
    agreed: date | None = None
    after: str = ""


class Placed(NamedTuple):
    key: str
    phase: str
    starts_on: date
    due: date


def place_all(tasks: Sequence[ToPlace], start: date, ends: Mapping[str, date] | None = None) -> list[Placed]:
    """Each phase is filled from its first day to its last, by priority, each task with its share of the days. A day
    that was agreed stays, but what the law asks for is never later than its 30 days. What waits for another task begins
    after it. `ends`: when tasks end that stand already."""
    shares = [
        placed for phase in PHASES for placed in _filled(phase, [one for one in tasks if one.phase == phase], start)
    ]
    settled = _after_what_they_wait_for(shares, {one.key: one for one in tasks}, dict(ends or {}))
    return [_in_its_phase(one, start) for one in settled]


def _filled(phase: str, tasks: Sequence[ToPlace], start: date) -> list[Placed]:
    first, last = window(phase, start)
    length, total, before = (last - first).days + 1, sum(one.days for one in tasks), 0.0
    placed = []
    for one in sorted(tasks, key=lambda one: (-one.figure, one.key)):
        begins = first + timedelta(days=int(length * before / total))
        before += one.days
        ends = max(begins, first + timedelta(days=ceil(length * before / total) - 1))
        placed.append(_agreed(one, Placed(one.key, phase, begins, min(ends, last)), start, last))
    return placed


def _agreed(task: ToPlace, placed: Placed, start: date, last: date) -> Placed:
    if task.agreed is None or task.agreed < start or (placed.phase == LEGAL and task.agreed > last):
        return placed
    begins = min(placed.starts_on, task.agreed - timedelta(days=ceil(task.days) - 1))
    phase = placed.phase if placed.phase == LEGAL else _phase_on(task.agreed, start)
    return Placed(task.key, phase, max(start, begins), task.agreed)


def _in_its_phase(placed: Placed, start: date) -> Placed:
    """What had to wait may end in a later phase than its own; a breach of the law stays what it is."""
    if placed.phase == LEGAL or placed.due <= window(placed.phase, start)[1]:
        return placed
    return placed._replace(phase=_phase_on(placed.due, start))


def _phase_on(day: date, start: date) -> str:
    return next((one for one in PHASES if one != LEGAL and day <= window(one, start)[1]), PHASES[-1])


def _after_what_they_wait_for(placed: list[Placed], tasks: dict[str, ToPlace], ends: dict[str, date]) -> list[Placed]:
    waiting = {one.key: one for one in placed}
    settled: dict[str, Placed] = {}

    def settle(key: str, seen: frozenset[str]) -> None:
        one, before = waiting[key], tasks[key].after
        if before in waiting and before not in settled and before not in seen:
            settle(before, seen | {key})
        end = settled[before].due if before in settled else ends.get(before)
        if end is not None and one.starts_on <= end:
            length = one.due - one.starts_on
            one = one._replace(starts_on=end + ONE_DAY, due=max(one.due, end + ONE_DAY + length))
        settled[key] = one

    for one in placed:
        if one.key not in settled:
            settle(one.key, frozenset())
    return [settled[one.key] for one in placed]


def circle(after: Mapping[str, str], key: str, wanted: str) -> list[str]:
    """The tasks that would wait for each other in a ring if `key` waited for `wanted`; none if it may."""
    chain, at = [key], wanted
    while at and at not in chain:
        chain.append(at)
        at = after.get(at, "")
    return [*chain, key] if at == key else []
