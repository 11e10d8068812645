"""Who needs which course, and how each person stands on a day: role × course × validity × person × date × proof."""

from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from consultancy.calendar import months_after
from consultancy.standards.courses import HAZARD, LAW, UNSURE, Course, Shelf

VALID, EXPIRING, REVIEW_DUE, EXPIRED, MISSING, NOT_VERIFIED, EXEMPT = STATUSES = (
    "valid", "expiring", "review_due", "expired", "missing", "not_verified", "exempt",
)  # fmt: skip
COVERED = (VALID, EXPIRING, REVIEW_DUE)
GAPS = (MISSING, EXPIRED, NOT_VERIFIED)
WARNING_DAYS = 60
EVERYBODY = ""  # the role that each person has
FIRST_AID = ("FA-S", "FA-E")
SUPERVISORS = ("AWR-S",)
LEGAL_DAYS = 30  # a gap under the law is closed within a month: our own rule, as gap reports propose it
TOO_LATE, NO_FIRST_PART, NO_SECOND_PART = "too_late", "no_first_part", "no_second_part"


@dataclass(frozen=True)
class Held:
    """A course that somebody did or says to have done. `expires_on` is the last day on which it counts."""

    course: str
    done_on: date | None
    expires_on: date | None
    verified: bool


@dataclass(frozen=True)
class Standing:
    status: str
    until: date | None = None
    because: str = ""  # why a record does not count, or the reason of an exemption in the consultant's words


@dataclass(frozen=True)
class Need:
    """A role needs a course at a client, or is exempt from it."""

    role: str
    course: str
    exempt: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Person:
    key: Any
    label: str
    roles: tuple[str, ...]
    site: str
    shift: str


@dataclass(frozen=True)
class Row:
    """A person with how they stand in each course that one of their roles needs, and what they hold that a shift
    counts, needed or not."""

    person: Person
    cells: dict[str, Standing]
    holds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Coverage:
    people: int
    needed: int
    covered: int

    @property
    def percent(self) -> int | None:
        """Cut, never rounded up; none where nothing is needed."""
        return self.covered * 100 // self.needed if self.needed else None


@dataclass(frozen=True)
class Shift:
    """A shift of a site, with the people who may give first aid and supervise there."""

    site: str
    shift: str
    coverage: Coverage
    first_aid: int
    supervisors: int


def roles_in(words: str) -> tuple[str, ...]:
    """Roles as they are typed: Welder; JHSC member."""
    return tuple(dict.fromkeys(role for role in (" ".join(one.split()) for one in words.split(";")) if role))


def expiry(course: Course, done_on: date) -> date | None:
    return months_after(done_on, course.validity) if course.validity else None


def needed(roles: Iterable[str], needs: Iterable[Need]) -> dict[str, Need]:
    """The courses that a person needs or is exempt from. What is said of a role counts before what is said of
    everybody; where one role needs it and another is exempt, it is needed."""
    mine = {role.casefold() for role in roles}
    found: dict[str, Need] = {}
    for need in sorted(needs, key=lambda one: (one.role != EVERYBODY, not one.exempt)):
        if need.role == EVERYBODY or need.role.casefold() in mine:
            found[need.course] = need
    return found


def standing(code: str, held: Iterable[Held], shelf: Shelf, today: date) -> Standing:
    """How somebody stands in a course by all that they hold."""
    everything = [one for one in held if one.done_on is None or one.done_on <= today]
    mine = [one for one in everything if one.course == code]
    shown = [one for one in everything if one.verified and one.done_on]
    best = _best(_judge(one, shown, shelf, today) for one in mine if one in shown)
    if best and best.status in COVERED:
        return best
    said = [one for one in mine if one not in shown]
    if any(one.done_on is None or _judge(one, everything, shelf, today).status in COVERED for one in said):
        return Standing(NOT_VERIFIED)
    return best or _best(_judge(one, everything, shelf, today) for one in said) or Standing(MISSING)


def _best(judged: Iterable[Standing]) -> Standing | None:
    order = {VALID: 4, EXPIRING: 3, REVIEW_DUE: 2, NOT_VERIFIED: 1, EXPIRED: 0}
    return max(judged, key=lambda one: (order[one.status], one.until or date.max), default=None)


def _judge(one: Held, others: list[Held], shelf: Shelf, today: date) -> Standing:
    assert one.done_on is not None
    course = shelf.find(one.course, one.done_on)
    if course.follows and (why := _first_part(one.done_on, course, others)):
        return Standing(NOT_VERIFIED if why == NO_FIRST_PART else EXPIRED, because=why)
    until = _renewed(one, others, shelf, today)
    second = shelf.after(one.course, one.done_on)
    if second and second.within and not _followed(one.done_on, second, others):
        limit = months_after(one.done_on, second.within)
        until, why = min(until or limit, limit), NO_SECOND_PART
    else:
        why = ""
    if until is None or until > today + timedelta(days=WARNING_DAYS):
        return Standing(VALID, until, why)
    if course.reviewed:
        return Standing(REVIEW_DUE, until)
    return Standing(EXPIRED if until < today else EXPIRING, until, why)


def _first_part(done_on: date, course: Course, others: list[Held]) -> str:
    """What is wrong with the part before: none before it, or too long before it."""
    before = [one.done_on for one in others if one.course == course.follows and one.done_on and one.done_on <= done_on]
    if not before:
        return NO_FIRST_PART
    return TOO_LATE if course.within and done_on > months_after(max(before), course.within) else ""


def _followed(done_on: date, second: Course, others: list[Held]) -> bool:
    limit = months_after(done_on, second.within or 0)
    return any(one.course == second.code and one.done_on and done_on <= one.done_on <= limit for one in others)


def _renewed(one: Held, others: list[Held], shelf: Shelf, today: date) -> date | None:
    """The last day, moved on by every refresher that was done while it still counted."""
    until = one.expires_on
    renewals = shelf.renewals(one.course, today)
    for done, expires in sorted(
        (each.done_on, each.expires_on or date.max)
        for each in others
        if each.course in renewals and each.done_on and one.done_on and each.done_on >= one.done_on
    ):
        if until is not None and done <= until:
            until = max(until, expires)
    return None if until == date.max else until


def matrix(
    people: Iterable[Person], needs: Iterable[Need], held: Mapping[Any, list[Held]], shelf: Shelf, today: date
) -> list[Row]:
    every, rows = list(needs), []
    for person in people:
        mine = held.get(person.key, [])
        cells = {
            code: Standing(EXEMPT, because=need.reason) if need.exempt else standing(code, mine, shelf, today)
            for code, need in needed(person.roles, every).items()
        }
        holds = {code for code in (*FIRST_AID, *SUPERVISORS) if standing(code, mine, shelf, today).status in COVERED}
        rows.append(Row(person, cells, frozenset(holds)))
    return rows


def coverage(rows: Iterable[Row]) -> Coverage:
    every = list(rows)
    asked = [cell.status for row in every for cell in row.cells.values() if cell.status != EXEMPT]
    return Coverage(len(every), len(asked), sum(status in COVERED for status in asked))


def covered_by(rows: Iterable[Row], kinds: Callable[[Person], Iterable[Any]]) -> dict[Any, Coverage]:
    """Coverage of each role, site or shift, in the order of its name; a person with two roles counts in both."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        for kind in kinds(row.person):
            groups.setdefault(kind, []).append(row)
    return {kind: coverage(groups[kind]) for kind in sorted(groups)}


def holders(rows: Iterable[Row], codes: Iterable[str]) -> int:
    """How many people stand well in one of these courses, whatever their roles need."""
    return sum(not row.holds.isdisjoint(codes) for row in rows)


def shifts(rows: Iterable[Row]) -> list[Shift]:
    """Each shift of each site, in the order of their names."""
    every = list(rows)
    found = covered_by(every, lambda person: [(person.site, person.shift)])
    lines = []
    for (site, shift), one in found.items():
        here = [row for row in every if (row.person.site, row.person.shift) == (site, shift)]
        lines.append(Shift(site, shift, one, holders(here, FIRST_AID), holders(here, SUPERVISORS)))
    return lines


def gaps(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The people who lack each course, by course."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        for code, cell in row.cells.items():
            if cell.status in GAPS:
                found.setdefault(code, []).append(row)
    return found


def due(rows: Iterable[Row]) -> list[tuple[date, Row, str]]:
    """What expired, what soon will and what is to be reviewed, the oldest first."""
    ends = [
        (cell.until, row, code)
        for row in rows
        for code, cell in row.cells.items()
        if cell.until and cell.status in (EXPIRED, EXPIRING, REVIEW_DUE)
    ]
    return sorted(ends, key=lambda one: (one[0], one[1].person.label, one[2]))


def legal(course: Course) -> bool:
    """The law asks for it, and we are not unsure of that. Of an own course nobody told us what the doubt is about."""
    return course.basis == LAW and not course.duty_unsure and not (course.own and course.certainty == UNSURE)


def grade(course: Course) -> str:
    """Proposed for a gap: what the law asks for and what a hazard asks for weighs more than awareness. The consultant
    grades."""
    return "major" if legal(course) or course.basis == HAZARD else "minor"


def close_by(course: Course, today: date) -> date | None:
    return today + timedelta(days=LEGAL_DAYS) if legal(course) else None


def by_weight(courses: Iterable[Course], lacking: Mapping[str, Sized]) -> list[Course]:
    """The law first, then what most people lack."""
    return sorted(courses, key=lambda one: (not legal(one), -len(lacking.get(one.code, ())), one.code))


def counted_by_role(lacking: Iterable[Row], needs: Iterable[Need], code: str) -> dict[str, int]:
    """How many of each role lack a course: a finding names no worker."""
    wanted = {need.role.casefold() for need in needs if need.course == code and not need.exempt}
    counts: dict[str, int] = {}
    for row in lacking:
        roles = [role for role in row.person.roles if role.casefold() in wanted] or list(row.person.roles[:1])
        role = roles[0] if roles else EVERYBODY
        counts[role] = counts.get(role, 0) + 1
    return dict(sorted(counts.items()))


def told_by_role(counts: Mapping[str, int], everybody: str) -> str:
    """Welder 3, everybody 2; `everybody` is the word for those who have no role."""
    return ", ".join(f"{role or everybody} {many}" for role, many in counts.items())
