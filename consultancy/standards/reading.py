"""Requirements of a consultancy's own standard, read from a table: one row each, every fault named with its cell."""

import re
from dataclasses import asdict, dataclass, replace
from typing import Any

from consultancy.checklists.grid import Sheet, Unreadable, cell_name, clean, plain
from consultancy.checklists.meanings import number_text
from consultancy.checklists.parts import Problem
from consultancy.checklists.table import Table, find_table
from consultancy.standards.catalogue import OFFERED
from consultancy.standards.rules import COLUMN_OF, Draft, Frame, faults

COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("code", "number", "no", "ref", "numero", "clause", "article", "question no", "question number"),
    "title": ("title", "titre", "name", "nom"),
    "paraphrase": ("paraphrase", "text", "texte", "requirement", "exigence", "own text", "description"),
    "question": ("question", "audit question", "ask", "question d audit"),
    "element": ("element", "section", "chapter", "chapitre"),
    "points": ("points", "point", "score", "pointage"),
    "rule": ("rule", "regle", "scoring", "scoring rule"),
    "dio": ("d i o", "dio", "method", "methods", "methode", "methodes", "verification", "verified by"),
    "legislated": ("legislated", "legal", "law", "legal requirement", "legislatif", "exigence legale"),
    "must": ("must", "must item", "obligatoire", "essentiel"),
    "weight": ("weight", "poids", "ponderation"),
}
FIELD = {word: field for field, words in COLUMNS.items() for word in words}
LETTERS = {
    "d": "document", "doc": "document", "document": "document", "documentation": "document", "documents": "document",
    "i": "interview", "interview": "interview", "interviews": "interview", "entrevue": "interview",
    "entrevues": "interview", "e": "interview", "o": "observation", "observation": "observation",
    "observations": "observation",
}  # fmt: skip
ONE_METHOD = re.compile(r"([a-z]+)(?: ?([0-9]{1,4}))?")
YES = {"y", "yes", "x", "true", "1", "oui", "o", "vrai"}
NO = {"", "n", "no", "false", "0", "non", "faux"}
RULE_WORDS = {
    "": "", "all or nothing": "all_or_nothing", "all": "all_or_nothing", "aon": "all_or_nothing",
    "tout ou rien": "all_or_nothing", "range": "range", "partial": "range", "plage": "range", "etendue": "range",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What a file holds. `rows` are taken over only while no problem is left."""

    rows: tuple[tuple[Draft, str], ...] = ()  # with the cell of its code
    problems: tuple[Problem, ...] = ()
    left_out: tuple[str, ...] = ()  # names of columns that mean nothing to us
    fields: tuple[str, ...] = ()  # what the file speaks of: a column it does not have changes nothing

    def as_plain(self) -> dict[str, Any]:
        return {
            "rows": [asdict(row) for row, _ in self.rows],
            "problems": [asdict(one) for one in self.problems],
            "left_out": list(self.left_out),
            "fields": list(self.fields),
        }


def read_requirements(data: bytes, filename: str, frame: Frame) -> dict[str, Any]:
    """Plain data, because it happens in the confined child. Never raises for anything a file can hold."""
    try:
        found = find_table(data, filename, FIELD, _is_header, missing="own_no_header")
        return _Table(*found, frame).reading().as_plain()
    except Unreadable as refused:
        return Reading(problems=(Problem(refused.sheet, "", refused.kind, refused.value),)).as_plain()


def _is_header(named: set[str]) -> bool:
    """A code, and a title or a text."""
    return "code" in named and bool(named & {"title", "paraphrase", "question"})


class _Table(Table):
    def __init__(self, sheet: Sheet, header: int, frame: Frame) -> None:
        super().__init__(sheet, header, FIELD)
        self.frame = frame

    def reading(self) -> Reading:
        rows: list[tuple[Draft, str]] = []
        seen: dict[str, str] = {}
        for row in self.filled_rows():
            draft = self.draft(row)
            at = cell_name(row, self.columns["code"])
            for field, kind, value in faults(draft, self.frame):
                self.problem(row, self.column_of(field), kind, value)
            if draft.code and draft.code in seen:
                self.problem(row, self.columns["code"], "own_code_twice", f"{draft.code} ({seen[draft.code]})")
            seen[draft.code] = at
            rows.append((draft, at))
        if not rows and not self.problems:
            raise Unreadable("own_no_rows", sheet=self.sheet.name)
        return Reading(tuple(rows), tuple(self.problems), tuple(self.left_out), self.fields())

    def fields(self) -> tuple[str, ...]:
        methods = (*COLUMN_OF.values(), "points") if "dio" in self.columns else ()
        title = ("title",) if self.frame.kind == "overlay" else ()
        return tuple(dict.fromkeys((*(name for name in self.columns if name != "dio"), *methods, *title)))

    def column_of(self, field: str) -> int:
        if field in COLUMN_OF.values():
            field = "dio"
        return self.columns.get(field, self.columns["code"])

    def draft(self, row: int) -> Draft:
        points = self.whole(row, "points", 0)
        draft = Draft(
            code=self.code(row),
            title=self.words(row, "title"),
            element=self.words(row, "element"),
            paraphrase=self.words(row, "paraphrase"),
            question=self.words(row, "question"),
            points=points,
            rule=self.rule(row),
            legislated=self.yes(row, "legislated"),
            must=self.yes(row, "must"),
            weight=self.whole(row, "weight", 1),
        )
        base = OFFERED.get(self.frame.based_on)
        if self.frame.kind == "overlay" and base and draft.code in base:
            draft = replace(draft, title=base.requirement(draft.code).title)
        return self.with_methods(row, draft)

    def code(self, row: int) -> str:
        value = self.value(row, "code")
        if not isinstance(value, str | int | float):
            self.problem(row, self.columns["code"], "clause_became_date", value)
            return ""
        return self.words_of(value)

    @staticmethod
    def words_of(value: Any) -> str:
        return number_text(float(value)) if isinstance(value, float | int) else clean(value)

    def whole(self, row: int, field: str, otherwise: int) -> int:
        words = self.words(row, field)
        if not words:
            return otherwise
        if not words.isascii() or not words.isdigit() or len(words) > 6:
            self.problem(row, self.columns[field], "own_whole", words)
            return otherwise or 1
        return int(words)

    def yes(self, row: int, field: str) -> bool:
        words = plain(self.words(row, field))
        if words not in YES | NO:
            self.problem(row, self.columns[field], "own_yes_or_no", words)
        return words in YES

    def rule(self, row: int) -> str:
        words = plain(self.words(row, "rule"))
        if words not in RULE_WORDS:
            self.problem(row, self.columns["rule"], "own_rule", words)
        # Where a file says nothing, nothing is made up: a range is the fair reading of a question with points.
        return RULE_WORDS.get(words) or "range"

    def with_methods(self, row: int, draft: Draft) -> Draft:
        """`D, I` asks for both with all points each; `D 2, I 1` says what each brings, and their sum is the points."""
        words = self.words(row, "dio")
        given: dict[str, int | None] = {}
        for part in filter(None, (plain(one) for one in re.split(r"[,;/+&\n]", words))):
            found = ONE_METHOD.fullmatch(part)
            if found is None or found[1] not in LETTERS or LETTERS[found[1]] in given:
                self.problem(row, self.columns["dio"], "own_dio", words)
                return draft
            given[LETTERS[found[1]]] = int(found[2]) if found[2] else None
        said = [most for most in given.values() if most is not None]
        if said and (len(said) < len(given) or draft.points not in (0, sum(said))):
            self.problem(row, self.columns["dio"], "own_dio", words)
            return draft
        points = draft.points or sum(said)
        most = {COLUMN_OF[name]: points if value is None else value for name, value in given.items()}
        return replace(draft, points=points, **most)  # type: ignore[arg-type]
