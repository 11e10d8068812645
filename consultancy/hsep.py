"""The Health and Safety Excellence program: how far a plan and its steps are, and which topics answer a gap."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from consultancy.calendar import a_year_after
from consultancy.standards.catalogue import Requirement, Standard
from consultancy.standards.crosswalk import places_of, related

KEY = "hsep-2026"
STEPS = (1, 2, 3, 4, 5)
LEVELS = ("foundation", "intermediate", "advanced")
SOON = timedelta(days=60)
NAME_UNKNOWN = "unknown"  # certainty of a slot of which only the existence is known

JOINED, DEVELOPING, ENDING, TOO_LATE, SUBMITTED, RETURNED, ACHIEVED = STANDINGS = (
    "joined", "developing", "ending", "too_late", "submitted", "returned", "achieved",
)  # fmt: skip
OPEN, OVERDUE, DONE, DONE_LATE = STATUSES = ("open", "overdue", "done", "done_late")


class Dates(Protocol):
    """The days of a plan."""

    approved_on: date | None
    submitted_on: date | None
    returned_on: date | None
    achieved_on: date | None


@dataclass(frozen=True)
class Gap:
    """An open finding, or a requirement rated absent or informal, by the standard it was measured with."""

    label: str
    standard: Standard
    requirement: str


def develop_until(approved_on: date | None) -> date | None:
    """A plan is developed within 12 months of its approval (wsib.ca FAQ)."""
    return a_year_after(approved_on) if approved_on else None


def standing(plan: Dates, today: date) -> str:
    if plan.achieved_on:
        return ACHIEVED
    if plan.returned_on:
        return RETURNED
    if plan.submitted_on:
        return SUBMITTED
    until = develop_until(plan.approved_on)
    if until is None:
        return JOINED
    if today > until:
        return TOO_LATE
    return ENDING if until - today <= SOON else DEVELOPING


def status(due: date | None, done_on: date | None, today: date) -> str:
    if done_on:
        return DONE_LATE if due and done_on > due else DONE
    return OVERDUE if due and due < today else OPEN


def topics_of(gap: Gap) -> list[str]:
    """The topics that a gap feeds, by our own reading of both."""
    found = [
        one.to_code for place in places_of(gap.standard, gap.requirement) for one in related(*place, to=KEY)
    ]  # fmt: skip
    return list(dict.fromkeys(found))


def gaps_by_topic(gaps: Iterable[Gap]) -> dict[str, list[str]]:
    """Labels of the open gaps by the topic they feed."""
    found: dict[str, list[str]] = {}
    for gap in gaps:
        for code in topics_of(gap):
            labels = found.setdefault(code, [])
            if gap.label not in labels:
                labels.append(gap.label)
    return found


def most_wanted(topics: Iterable[Requirement], gaps: Mapping[str, list[str]]) -> list[Requirement]:
    """Those with the most open gaps first, else in the order of the program."""
    return sorted(topics, key=lambda one: -len(gaps.get(one.code, [])))


def is_unsure(topic: Requirement, title: str = "") -> bool:
    """Nobody has checked the name with the WSIB."""
    return not title and topic.certainty != "sourced"


def level_of(topic: Requirement) -> str:
    """The level that a topic belongs to, none where it is not known."""
    level = topic.clause.lower()
    return level if level in LEVELS else ""
