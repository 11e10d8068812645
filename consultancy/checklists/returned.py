"""A workbook of ours that comes back: which cells say what, and which cannot be taken as they are.

What changed is found out later, against the ratings; here nothing is known of them.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from consultancy.checklists.grid import Sheet, cell_name, clean, plain
from consultancy.checklists.layout import (
    COLUMNS,
    HIDDEN_SHEET,
    MARK,
    ONE_LINE,
    READ,
    seal,
)
from consultancy.checklists.meanings import ERROR, Unclear, Word, due_in, number_text, priority_in, rating_in
from consultancy.checklists.notes import Notes
from consultancy.checklists.parts import Ignored, Problem
from consultancy.scoring import NOT_APPLICABLE, NOT_RATED
from consultancy.standards.catalogue import Standard
from consultancy.standards.words import WORDS
from tenants.limits import IMPORT_ROWS, NAME_CHARACTERS, NOTE_CHARACTERS

FIELD_OF = {plain(name): key for key, names in COLUMNS.items() for name in names[:2]}
METHOD_WORDS = {plain(word): key for key, words in WORDS["methods"].items() for word in (words["en"], words["fr"])}


@dataclass(frozen=True)
class ReturnedRow:
    """`values` holds the fields whose column is still there, as texts; `cells` where they stand.
    `revision` is the rating's when the workbook was made, 0 for none."""

    requirement: str
    site: str
    revision: int
    values: dict[str, str]
    cells: dict[str, str]


@dataclass(frozen=True)
class Returned:
    workbook: str = ""
    assessment: str = ""
    sheet: str = ""
    rows: tuple[ReturnedRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    missing: tuple[str, ...] = field(default=())  # rows of the workbook that are not in the file any more


def is_ours(sheets: list[Sheet]) -> bool:
    return any(sheet.name == HIDDEN_SHEET and sheet.cells and sheet.cells[0][:1] == [MARK] for sheet in sheets)


def read_returned(sheets: list[Sheet], standard: Standard) -> Returned:
    """Never raises for anything a file can hold."""
    return _Reading(standard).read(sheets)


class _Reading(Notes):
    def __init__(self, standard: Standard) -> None:
        super().__init__({})
        self.standard = standard
        self.rows: list[ReturnedRow] = []

    def read(self, sheets: list[Sheet]) -> Returned:
        hidden = next(sheet for sheet in sheets if sheet.name == HIDDEN_SHEET)
        first = [str(line[0]) if line else "" for line in hidden.cells[1:4]]
        workbook, assessment, sealed_with = [*first, "", "", ""][:3]
        sealed = {}
        for line in hidden.cells[4:]:
            row, revision, kept = [*line, "", "", ""][:3]
            sealed[str(row)] = (int(revision) if _is_whole(revision) else -1, str(kept or ""))
        if seal(workbook, assessment, ((row, *rest) for row, rest in sealed.items())) != sealed_with:
            self.problem(HIDDEN_SHEET, "", "seal_broken")
            return Returned(problems=tuple(self.problems))
        sheet, columns = self._find_sheet(sheets)
        if sheet is not None:
            self._read_sheet(sheet, columns, sealed)
        found = {f"{row.requirement}@{row.site}" for row in self.rows}
        return Returned(
            workbook, assessment, sheet.name if sheet else "", tuple(self.rows), tuple(self.problems),
            tuple(self.ignored), tuple(row for row in sealed if row not in found),
        )  # fmt: skip

    def _find_sheet(self, sheets: list[Sheet]) -> tuple[Sheet | None, dict[str, int]]:
        for sheet in sheets:
            names = [FIELD_OF.get(plain(cell)) for cell in sheet.cells[0]] if sheet.cells else []
            if sheet.name == HIDDEN_SHEET or "row" not in names or "revision" not in names:
                continue
            columns: dict[str, int] = {}
            for column, name in enumerate(names):
                text = str(sheet.cells[0][column] or "")
                if name is None and text.strip():
                    self.leave_out(sheet.name, cell_name(0, column), "column_unknown", text)
                elif name in columns:
                    self.problem(sheet.name, cell_name(0, column), "duplicate_header", text)
                elif name is not None:
                    columns[name] = column
            return sheet, columns
        self.problem("", "", "hidden_columns_gone")
        return None, {}

    def _read_sheet(self, sheet: Sheet, columns: dict[str, int], sealed: dict[str, tuple[int, str]]) -> None:
        if len(sheet.cells) - 1 > IMPORT_ROWS:
            self.problem(sheet.name, "", "too_many_rows")
            return
        for name in READ:
            if name not in columns:
                self.leave_out(sheet.name, "", "column_gone", COLUMNS[name][0])
        for (top, left), (bottom, right) in sheet.merged:
            area = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
            self.problem(sheet.name, cell_name(top, left), "merged", area)
        seen: set[str] = set()
        for row in range(1, len(sheet.cells)):
            known = self._row_id(sheet, row, columns, sealed, seen)
            if known:
                seen.add(known)
                self._read_row(sheet, row, columns, known, *sealed[known])

    def _row_id(self, sheet: Sheet, row: int, columns: dict[str, int], sealed: dict, seen: set[str]) -> str:
        """Which row of the workbook this is; empty for an empty one and for one that is named as a problem."""
        at, row_cell = cell_name(row, columns["row"]), _cell(sheet, row, columns["row"])
        known, revision = str(row_cell).strip(), _cell(sheet, row, columns["revision"])
        if not known and not _cell(sheet, row, columns.get("clause")):
            typed = [name for name in READ if _cell(sheet, row, columns.get(name)) not in ("", None)]
            if typed:
                self.problem(sheet.name, cell_name(row, columns[typed[0]]), "row_without_id")
            return ""
        if known not in sealed or known.partition("@")[0] not in self.standard:
            self.problem(sheet.name, at, "row_unknown", known)
        elif not _is_whole(revision) or int(revision) != sealed[known][0]:
            self.problem(sheet.name, cell_name(row, columns["revision"]), "revision_changed", revision)
        elif known in seen:
            self.problem(sheet.name, at, "row_twice", known.partition("@")[0])
        elif "clause" in columns and _text(_cell(sheet, row, columns["clause"])) != known.partition("@")[0]:
            self.problem(sheet.name, cell_name(row, columns["clause"]), "clause_changed", known.partition("@")[0])
        else:
            return known
        return ""

    def _read_row(self, sheet: Sheet, row: int, columns: dict, known: str, revision: int, kept: str) -> None:
        values, cells = {}, {}
        for name in READ:
            if name in columns and name not in kept.split():
                cells[name] = cell_name(row, columns[name])
                values[name] = self._value(sheet, row, columns[name], name)
        if values.get("rating") == NOT_APPLICABLE and not values.get("reason", "?"):
            self.problem(sheet.name, cells["rating"], "reason_missing", known.partition("@")[0])
        if values.get("method") and not (values.get("observation") or values.get("evidence")):
            self.problem(sheet.name, cells["method"], "method_alone")
        requirement, _at, site = known.partition("@")
        self.rows.append(ReturnedRow(requirement, site, revision, values, cells))

    def _value(self, sheet: Sheet, row: int, column: int, name: str) -> str:
        at, value = cell_name(row, column), _cell(sheet, row, column)
        fault = sheet.faults.get((row, column))
        if fault is None and isinstance(value, str) and ERROR.fullmatch(value.strip()):
            fault = ("cell_error", value)
        if fault is not None:
            self.problem(sheet.name, at, *fault)
            return ""
        if name == "rating":
            return self._one_of(sheet.name, at, value, rating_in(value), "rating_not_listed")
        if name == "priority":
            return self._one_of(sheet.name, at, value, priority_in(value), "priority_unclear")
        if name == "method":
            meant = METHOD_WORDS.get(plain(value)) if value else ""
            return self._one_of(sheet.name, at, value, Unclear("") if meant is None else meant, "method_not_listed")
        if name == "due":
            return self._due(sheet.name, at, value)
        text = _text(value)
        longest = NAME_CHARACTERS if name in ONE_LINE else NOTE_CHARACTERS
        if len(text) > longest:
            self.problem(sheet.name, at, "too_long", longest)
            return ""
        return text

    def _one_of(self, sheet: str, at: str, value: Any, meant: Any, kind: str) -> str:
        if isinstance(meant, (Unclear, Word)):
            self.problem(sheet, at, meant.kind if isinstance(meant, Unclear) and meant.kind else kind, _text(value))
            return ""
        return "" if meant is None or meant == NOT_RATED else str(meant)

    def _due(self, sheet: str, at: str, value: Any) -> str:
        meant = due_in(value, None)
        if isinstance(meant, (Unclear, Word)):
            kind = meant.kind if isinstance(meant, Unclear) else "due_order_unclear"
            self.problem(sheet, at, kind, _text(value))
            return ""
        return meant.isoformat() if isinstance(meant, date) else ""


def site_of(row: ReturnedRow) -> UUID | None:
    return UUID(row.site) if row.site else None


def _is_whole(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, (int, float)) and value == value // 1 and value >= 0


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return number_text(value) if isinstance(value, float) else clean(str(value))


def _cell(sheet: Sheet, row: int, column: int | None) -> Any:
    if column is None or row >= len(sheet.cells) or column >= len(sheet.cells[row]):
        return ""
    value = sheet.cells[row][column]
    return "" if value is None else value
