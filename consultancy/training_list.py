"""A list of people and courses as a client keeps it in Excel, read from a table; every fault named with its cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from consultancy.checklists.grid import Sheet, Unreadable, plain
from consultancy.checklists.meanings import Unclear, Word, due_in
from consultancy.checklists.parts import Problem
from consultancy.checklists.table import Table, find_table
from consultancy.training import roles_in

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("name", "nom", "worker", "employee", "person", "person name", "travailleur", "employe", "personne"),
    "number": ("number", "no", "employee number", "employee no", "person code", "code", "id", "numero", "matricule",
               "numero d employe"),
    "roles": ("role", "roles", "job", "position", "poste", "fonction", "metier", "titre", "title"),
    "site": ("site", "workplace", "lieu", "etablissement", "location"),
    "shift": ("shift", "quart", "quart de travail"),
    "started_on": ("started", "start date", "started on", "hired", "hire date", "embauche", "date d embauche"),
    "course": ("course", "training", "cours", "formation", "course id", "course code"),
    "done_on": ("date", "done", "done on", "completed", "completed on", "course date", "date du cours", "suivi le"),
    "expires_on": ("expires", "expires on", "expiry", "expiry date", "valid until", "echeance", "expire le",
                   "valide jusqu au", "date d echeance"),
    "proof": ("proof", "evidence", "certificate", "preuve", "attestation", "certificat"),
    "verified": ("verified", "seen", "checked", "verifie", "vu"),
}  # fmt: skip
FIELD = {word: field for field, words in COLUMNS.items() for word in words}
DATES = ("started_on", "done_on", "expires_on")
LONGEST = {"name": 120, "number": 40, "roles": 240, "site": 120, "shift": 40, "course": 120, "proof": 160}
YES = {"y", "yes", "x", "true", "1", "oui", "vrai"}
NO = {"", "n", "no", "false", "0", "non", "faux"}
SEEN = {"seen", "verified", "vu", "vue", "verifie", "verifiee"}
NOTHING = {"", "none", "none found", "missing", "aucun", "aucune", "rien", "absent"}


@dataclass(frozen=True)
class Line:
    """A row of the list. Without a course it speaks of the person only."""

    name: str
    number: str
    roles: str
    site: str
    shift: str
    started_on: str
    course: str
    done_on: str
    expires_on: str
    proof: str
    verified: bool
    row: int  # as Excel counts

    @property
    def person(self) -> str:
        """What tells people apart: the number where there is one."""
        return f"#{self.number.casefold()}" if self.number else plain(self.name)


@dataclass(frozen=True)
class Known:
    """What the list may speak of: courses by every way to write them, the client's sites, and the day on which it is
    read; of the people on record the names that two bear, those of people without a number, and the numbers."""

    courses: Mapping[str, str]
    sites: Mapping[str, str]
    shared_names: frozenset[str]
    today: date
    unnumbered: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()  # as `Line.person` writes them


def bearers(lines: Iterable[Line]) -> dict[str, set[str]]:
    """Who is called what in a list: by each name the people who bear it."""
    found: dict[str, set[str]] = {}
    for line in lines:
        if line.name:
            found.setdefault(plain(line.name), set()).add(line.person)
    return found


def unclear(
    line: Line,
    called: Mapping[str, set[str]],
    *,
    shared: frozenset[str],
    unnumbered: frozenset[str],
    numbers: frozenset[str],
) -> bool:
    """A name does not say which of several people is meant. A number does, once it is on record; before that, its
    bearer may be somebody on record without a number only where nobody else is called so."""
    name = plain(line.name)
    others = called.get(name, set()) - {line.person}
    if not line.name or line.person in numbers:
        return False
    if line.number:
        return name in unnumbered and (name in shared or bool(others))
    return name in shared or not others <= numbers


def roles_said(*rows: str) -> str:
    """The roles of a person, of all of their rows."""
    return "; ".join(roles_in(";".join(rows).replace(",", ";")))


def read_training_list(data: bytes, filename: str, known: Known) -> dict[str, Any]:
    """Plain data, because it happens in the confined child. Never raises for anything a file can hold."""
    try:
        found = find_table(data, filename, FIELD, _is_header, missing="training_no_header")
        return _Table(*found, known).reading()
    except Unreadable as refused:
        problem = Problem(refused.sheet, "", refused.kind, refused.value)
        return {"rows": [], "problems": [asdict(problem)], "left_out": []}


def _is_header(named: set[str]) -> bool:
    """A person, and a role or a course."""
    return bool(named & {"name", "number"} and named & {"roles", "course"})


class _Table(Table):
    def __init__(self, sheet: Sheet, header: int, known: Known) -> None:
        super().__init__(sheet, header, FIELD)
        self.known = known

    def reading(self) -> dict[str, Any]:
        lines = [self.line(row) for row in self.filled_rows()]
        if not lines and not self.problems:
            raise Unreadable("training_no_rows", sheet=self.sheet.name)
        self.compare(lines)
        return {
            "rows": [asdict(line) for line in lines],
            "problems": [asdict(one) for one in self.problems],
            "left_out": self.left_out,
        }

    def compare(self, lines: Sequence[Line]) -> None:
        """One number is one person; a name is one person's, or a number says whose; a course is done once on a day."""
        names: dict[str, str] = {}
        seen: set[tuple[str, str, str]] = set()
        called, told = bearers(lines), self.known
        for line in lines:
            if unclear(line, called, shared=told.shared_names, unnumbered=told.unnumbered, numbers=told.numbers):
                self.problem(line.row - 1, self.columns["name"], "training_name_shared", line.name)
            if line.number and line.name and names.setdefault(line.person, plain(line.name)) != plain(line.name):
                self.problem(line.row - 1, self.columns["number"], "training_number_twice", line.number)
            key = (line.person, line.course, line.done_on)
            if line.course and key in seen:
                self.problem(line.row - 1, self.columns["course"], "training_twice", line.course)
            seen.add(key)
        self.compare_roles(lines)

    def compare_roles(self, lines: Iterable[Line]) -> None:
        """What all rows say of a person's roles has to fit in one line."""
        so_far: dict[str, str] = {}
        for line in lines:
            before = so_far.get(line.person, "")
            if not line.roles or len(max(before, line.roles, key=len)) > LONGEST["roles"]:
                continue  # said already
            so_far[line.person] = roles_said(before, line.roles)
            if len(so_far[line.person]) > LONGEST["roles"]:
                self.problem(line.row - 1, self.columns["roles"], "training_too_long", str(LONGEST["roles"]))

    def line(self, row: int) -> Line:
        said = {field: self.words(row, field) for field in LONGEST}
        days = {field: self.day(row, field) for field in DATES}
        if not said["name"] and not said["number"]:
            self.problem(row, self.columns.get("name", self.columns.get("number", 0)), "training_nobody")
        said["course"] = self.one_of(row, "course", said["course"], self.known.courses)
        said["site"] = self.one_of(row, "site", said["site"], self.known.sites)
        verified = self.verified(row, said["proof"]) and bool(days["done_on"])
        self.check_days(row, days)
        if not said["course"]:
            if days["done_on"] and not self.words(row, "course"):
                self.problem(row, self.columns["done_on"], "training_date_alone", days["done_on"])
        elif not days["done_on"] and plain(said["proof"]) in NOTHING:
            said["course"] = ""  # nobody found anything: the gap shows by itself
        return Line(**said, **days, verified=verified, row=row + 1)

    def check_days(self, row: int, days: Mapping[str, str]) -> None:
        if days["done_on"] > self.known.today.isoformat():
            self.problem(row, self.columns["done_on"], "training_in_future", days["done_on"])
        if days["expires_on"] and days["expires_on"] < days["done_on"]:
            self.problem(row, self.columns["expires_on"], "training_ends_before", days["expires_on"])

    def one_of(self, row: int, field: str, words: str, offered: Mapping[str, str]) -> str:
        if words and plain(words) not in offered:
            self.problem(row, self.columns[field], f"training_{field}_unknown", words)
        return offered.get(plain(words), "") if words else ""

    def verified(self, row: int, proof: str) -> bool:
        """What its column says; without one, what the proof says: "certificate seen"."""
        if "verified" not in self.columns:
            return bool(set(plain(proof).split()) & SEEN)
        words = plain(self.words(row, "verified"))
        if words not in YES | NO:
            self.problem(row, self.columns["verified"], "own_yes_or_no", words)
        return words in YES

    def day(self, row: int, field: str) -> str:
        value = self.value(row, field)
        found = due_in(value, None) if value != "" else None
        if isinstance(found, Word):
            self.problem(row, self.columns[field], "due_order_unclear", found.text)
        elif isinstance(found, Unclear):
            self.problem(row, self.columns[field], found.kind, value)
        elif found is not None:
            return found.isoformat()
        return ""

    def words(self, row: int, field: str) -> str:
        words = " ".join(super().words(row, field).split())
        if field in LONGEST and len(words) > LONGEST[field]:
            self.problem(row, self.columns[field], "training_too_long", str(LONGEST[field]))
        return words
