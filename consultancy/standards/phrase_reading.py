"""Phrases of the consultancy, read from a table: one row each, every fault named with its cell."""

from dataclasses import asdict, dataclass
from typing import Any

from consultancy.checklists.grid import Sheet, Unreadable, cell_name, clean, column_name, plain
from consultancy.checklists.meanings import number_text
from consultancy.checklists.opening import open_sheets
from consultancy.checklists.parts import Problem
from consultancy.privacy.spreadsheets import harmful
from consultancy.standards.catalogue import OFFERED
from tenants.limits import IMPORT_ROWS, PHRASE_CHARACTERS

HEADER_WITHIN_ROWS = 30
SHOWN_CHARACTERS = 80
# The names we write ourselves stand first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "standard": ("standard", "norme"),
    "requirement": ("clause", "requirement", "article", "exigence", "question", "code", "number", "no", "numero"),
    "part": ("part", "kind", "partie", "genre", "part of a finding"),
    "language": ("language", "langue", "lang"),
    "text": ("text", "texte", "phrase", "wording", "libelle"),
}
HEADS = tuple(names[0] for names in COLUMNS.values())
FIELD = {word: field for field, words in COLUMNS.items() for word in words}
PARTS = {
    "statement": "statement", "what we saw": "statement", "finding": "statement", "constat": "statement",
    "ce que nous avons vu": "statement", "enonce": "statement", "recommendation": "recommendation",
    "recommandation": "recommendation",
}  # fmt: skip
LANGUAGES = {
    "en": "en", "english": "en", "anglais": "en", "fr": "fr", "french": "fr", "francais": "fr",
}  # fmt: skip


def _standards() -> dict[str, str]:
    """The key, the name or the full name, as long as no other standard has it too."""
    named: dict[str, set[str]] = {}
    for one in OFFERED.values():
        for word in (one.key, one.name, one.full_name):
            named.setdefault(plain(word), set()).add(one.key)
    return {word: next(iter(keys)) for word, keys in named.items() if len(keys) == 1}


STANDARDS = _standards()


@dataclass(frozen=True)
class Worded:
    """A phrase before it is kept."""

    standard: str
    requirement: str
    part: str
    language: str
    text: str


def read_phrases(data: bytes, filename: str) -> dict[str, Any]:
    """Plain data, because it happens in the confined child: rows, problems, names of columns left out, and the name of
    each column by its letters. Never raises for anything a file can hold."""
    try:
        sheets = [sheet for sheet in open_sheets(data, filename) if not sheet.hidden and not sheet.refused]
        found = [(sheet, at) for sheet in sheets if (at := _header(sheet)) is not None]
        if not found:
            raise Unreadable("phrase_no_header")
        return _Table(*found[0]).as_plain()
    except Unreadable as refused:
        problem = Problem(refused.sheet, "", refused.kind, refused.value)
        return {"rows": [], "problems": [asdict(problem)], "left_out": [], "heads": {}}


def _header(sheet: Sheet) -> int | None:
    """The first row that names a clause and a text."""
    for row, cells in enumerate(sheet.cells[:HEADER_WITHIN_ROWS]):
        if {"requirement", "text"} <= {FIELD.get(plain(cell)) for cell in cells if isinstance(cell, str)}:
            return row
    return None


class _Table:
    def __init__(self, sheet: Sheet, header: int) -> None:
        self.sheet, self.problems = sheet, list[Problem]()
        self.columns: dict[str, int] = {}
        self.left_out: list[str] = []
        self.heads: dict[str, str] = {}
        for column, cell in enumerate(sheet.cells[header]):
            name = clean(str(cell)) if cell is not None else ""
            field = FIELD.get(plain(name))
            if field in self.columns:
                self.problem(header, column, "duplicate_header", name)
            elif field:
                self.columns[field] = column
                self.heads[column_name(column)] = name[:SHOWN_CHARACTERS]
            elif name:
                self.left_out.append(name[:SHOWN_CHARACTERS])
        missing = [COLUMNS[field][0] for field in COLUMNS if field not in self.columns]
        if missing:
            raise Unreadable("phrase_no_column", ", ".join(missing), sheet.name)
        filled = [row for row in range(header + 1, len(sheet.cells)) if self.says_something(row)]
        if len(filled) > IMPORT_ROWS:
            raise Unreadable("too_many_rows", sheet=sheet.name)
        if not filled:
            raise Unreadable("phrase_no_rows", sheet=sheet.name)
        self.rows = list(dict.fromkeys(self.worded(row) for row in filled))

    def as_plain(self) -> dict[str, Any]:
        return {
            "rows": [asdict(one) for one in self.rows],
            "problems": [asdict(one) for one in self.problems],
            "left_out": self.left_out,
            "heads": self.heads,
        }

    def problem(self, row: int, column: int, kind: str, value: object = "") -> None:
        self.problems.append(Problem(self.sheet.name, cell_name(row, column), kind, str(value)[:SHOWN_CHARACTERS]))

    def says_something(self, row: int) -> bool:
        cells = self.sheet.cells[row]
        return any(
            (row, column) in self.sheet.faults or column < len(cells) and clean(str(cells[column] or ""))
            for column in self.columns.values()
        )

    def words(self, row: int, field: str) -> str:
        column, cells = self.columns[field], self.sheet.cells[row]
        if (row, column) in self.sheet.faults:
            self.problem(row, column, *self.sheet.faults[row, column])
            return ""
        value = cells[column] if column < len(cells) else None
        if value is None:
            return ""
        if isinstance(value, float | int) and not isinstance(value, bool):
            return number_text(float(value))
        if not isinstance(value, str):
            self.problem(row, column, "clause_became_date" if field == "requirement" else "phrase_not_text", value)
            return ""
        return clean(harmful(value))

    def worded(self, row: int) -> Worded:
        before = len(self.problems)
        said = {field: self.words(row, field) for field in COLUMNS}
        if len(self.problems) > before:
            return Worded(**said)
        standard = self.known(row, "standard", STANDARDS, said)
        part, language = self.known(row, "part", PARTS, said), self.known(row, "language", LANGUAGES, said)
        if standard and said["requirement"] not in OFFERED[standard]:
            self.problem(row, self.columns["requirement"], "unknown_clause", said["requirement"])
        if not said["text"]:
            self.problem(row, self.columns["text"], "phrase_no_text")
        elif len(said["text"]) > PHRASE_CHARACTERS:
            self.problem(row, self.columns["text"], "too_long", f"{PHRASE_CHARACTERS:,}")
        return Worded(standard, said["requirement"], part, language, said["text"])

    def known(self, row: int, field: str, words: dict[str, str], said: dict[str, str]) -> str:
        found = words.get(plain(said[field]), "")
        if not found:
            self.problem(row, self.columns[field], f"phrase_{field}", said[field])
        return found
