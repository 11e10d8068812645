"""Phrases of the consultancy, read from a table: one row each, every fault named with its cell."""

from dataclasses import asdict, dataclass
from typing import Any

from consultancy.checklists.grid import Sheet, Unreadable, plain
from consultancy.checklists.parts import Problem
from consultancy.checklists.table import Table, find_table
from consultancy.privacy.spreadsheets import harmful
from consultancy.standards.catalogue import OFFERED
from tenants.limits import PHRASE_CHARACTERS

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
        found = find_table(data, filename, FIELD, {"requirement", "text"}.issubset, missing="phrase_no_header")
        return _Table(*found).as_plain()
    except Unreadable as refused:
        problem = Problem(refused.sheet, "", refused.kind, refused.value)
        return {"rows": [], "problems": [asdict(problem)], "left_out": [], "heads": {}}


class _Table(Table):
    def __init__(self, sheet: Sheet, header: int) -> None:
        super().__init__(sheet, header, FIELD)
        missing = [COLUMNS[field][0] for field in COLUMNS if field not in self.columns]
        if missing:
            raise Unreadable("phrase_no_column", ", ".join(missing), sheet.name)
        filled = self.filled_rows()
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

    def words(self, row: int, field: str) -> str:
        value = self.value(row, field)
        if not isinstance(value, str | float | int) or isinstance(value, bool):
            kind = "clause_became_date" if field == "requirement" else "phrase_not_text"
            self.problem(row, self.columns[field], kind, value)
            return ""
        return harmful(super().words(row, field))

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
