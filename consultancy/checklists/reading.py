"""A filled gap checklist, read the way a consultant would read it: what is clear is taken word for word, what could
mean two things is asked, what is wrong is named with its sheet and cell, and what is left out is listed."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date
from typing import Any

from consultancy.checklists.choosing import choose_columns, choose_sheets
from consultancy.checklists.columns import Header
from consultancy.checklists.grid import Sheet, Unreadable, cell_name, clean
from consultancy.checklists.meanings import (
    ERROR,
    Unclear,
    Word,
    clause_in,
    due_in,
    is_total,
    number_in,
    number_text,
    priority_in,
    rating_in,
)
from consultancy.checklists.notes import Notes, choice, said
from consultancy.checklists.opening import open_sheets
from consultancy.checklists.parts import Checklist, Choice, Row
from consultancy.checklists.returned import Returned, is_ours, read_returned
from consultancy.scoring import NOT_APPLICABLE, NOT_RATED, NOT_VERIFIED, RATED
from consultancy.standards import words
from consultancy.standards.catalogue import Standard
from tenants.limits import IMPORT_ROWS, NAME_CHARACTERS, NOTE_CHARACTERS

# More different words than this, or longer ones, are notes in the wrong column rather than a scale.
WORDS_ASKED_ABOUT = 12
WORD_CHARACTERS = 40
# 1 not implemented, 2 planned, 3 in progress, 4 mostly, 5 optimized: two fair ways down to four levels.
SCALES_TO_FIVE = {"0,1,1,2,3": (0, 1, 1, 2, 3), "0,1,2,2,3": (0, 1, 2, 2, 3)}
IMPORTED = ("rating", "reason", "observation", "evidence", "recommendation", "priority", "effort", "owner", "due")
SHORT = ("effort", "owner")


def read_checklist(
    data: bytes, filename: str, standard: Standard, *, answers: Mapping[str, str] | None = None
) -> Checklist:
    """Never raises for anything a file can hold; `answers` are the answers to questions of an earlier reading."""
    try:
        sheets = open_sheets(data, filename)
    except Unreadable as refused:
        return _Reading(standard, {}).refuse(refused)
    return _read_sheets(sheets, standard, answers or {})


def read_returning(
    data: bytes, filename: str, standard: Standard, *, answers: Mapping[str, str] | None = None
) -> Checklist | Returned:
    """A workbook that went out from here is known by its hidden sheet; anything else is a checklist of their own."""
    try:
        sheets = open_sheets(data, filename)
    except Unreadable as refused:
        return _Reading(standard, {}).refuse(refused)
    return read_returned(sheets, standard) if is_ours(sheets) else _read_sheets(sheets, standard, answers or {})


def _read_sheets(sheets: list[Sheet], standard: Standard, answers: Mapping[str, str]) -> Checklist:
    reading = _Reading(standard, answers)
    try:
        for sheet, header in choose_sheets(sheets, reading):
            reading.read_sheet(sheet, header)
        if not reading.rows and not reading.questions and not reading.problems:
            raise Unreadable("no_rows")
    except Unreadable as refused:
        return reading.refuse(refused, sheets[0].encoding if sheets else "")
    return reading.checklist(sheets[0].encoding if sheets else "")


RATING_CHOICES = (
    *(Choice(key, (f"{key} {words.say('levels', key, 'en')}", f"{key} {words.say('levels', key, 'fr')}"))
      for key in "0123"),
    *(said("states", state) for state in (NOT_VERIFIED, NOT_APPLICABLE, NOT_RATED)),
)  # fmt: skip
PRIORITY_CHOICES = (*(said("priorities", key) for key in ("high", "medium", "low")), choice("no_priority"))


class _Reading(Notes):
    def __init__(self, standard: Standard, answers: Mapping[str, str]) -> None:
        super().__init__(answers)
        self.standard = standard
        self.rows: list[Row] = []
        self.seen: set[str] = set()
        self.normalised = 0
        self.asked_words: set[str] = set()

    def refuse(self, refused: Unreadable, encoding: str = "") -> Checklist:
        self.rows = []
        self.problem(refused.sheet, "", refused.kind, refused.value)
        return self.checklist(encoding)

    def checklist(self, encoding: str) -> Checklist:
        found = {row.code for row in self.rows}
        missing = (requirement.code for requirement in self.standard.requirements if requirement.code not in found)
        return Checklist(
            rows=tuple(self.rows),
            questions=tuple(self.questions.values()),
            problems=tuple(self.problems),
            ignored=tuple(self.ignored),
            missing=tuple(missing) if self.rows else (),
            normalised_cells=self.normalised,
            encoding=encoding,
        )

    def read_sheet(self, sheet: Sheet, header: Header) -> None:
        columns = choose_columns(sheet, header, self.standard, self)
        if columns is None:
            return
        filled = [row for row in range(header.row + 1, len(sheet.cells)) if any(_is_text(c) for c in sheet.cells[row])]
        faulty = {row for row, _ in sheet.faults if row > header.row}
        if len(filled) + len(self.rows) > IMPORT_ROWS:
            raise Unreadable("too_many_rows", sheet=sheet.name)
        for row in range(header.row):
            text = " ".join(str(cell) for cell in sheet.cells[row] if _is_text(cell))
            if text:
                self.leave_out(sheet.name, cell_name(row, 0), "row_above", text)
        self._leave_out_unnamed(sheet, header, filled)
        names = [sheet.cells[header.row][column] for column in columns.values()]
        requirements = []
        for row in sorted({*filled, *faulty}):
            if [_cell(sheet, row, column) for column in columns.values()] == names:
                self.leave_out(sheet.name, cell_name(row, columns["clause"]), "row_header_again")
                continue
            code = self._code(sheet, row, columns)
            if code:
                requirements.append((row, code))
        scale = self._scale(sheet, columns["rating"], [row for row, _ in requirements])
        for row, code in requirements:
            self._read_row(sheet, row, code, columns, scale)
        self._check_merged(sheet, columns, [row for row, _ in requirements])

    def _leave_out_unnamed(self, sheet: Sheet, header: Header, filled: list[int]) -> None:
        unnamed: dict[int, None] = {}
        names = sheet.cells[header.row]
        for row in filled:
            for column, cell in enumerate(sheet.cells[row]):
                if column not in unnamed and _is_text(cell) and (column >= len(names) or not _is_text(names[column])):
                    unnamed[column] = None
        for column in unnamed:
            self.leave_out(sheet.name, cell_name(header.row, column), "column_unnamed")

    def _code(self, sheet: Sheet, row: int, columns: dict[str, int]) -> str | None:
        """The requirement of a row; rows that have none are left out or named as a problem."""
        at = cell_name(row, columns["clause"])
        if (row, columns["clause"]) in sheet.faults:
            self.problem(sheet.name, at, *sheet.faults[row, columns["clause"]])
            return None
        value = _cell(sheet, row, columns["clause"])
        shown = number_text(value) if isinstance(value, float) else clean(str(value))
        has_content = any(
            _is_text(_cell(sheet, row, columns[name])) or (row, columns[name]) in sheet.faults
            for name in IMPORTED
            if name in columns
        )
        code = clause_in(value)
        if isinstance(code, Unclear):
            self.problem(sheet.name, at, code.kind, shown)
        elif isinstance(value, float) and "." in code and self._is_known(code) and self._is_known(code + "0"):
            self.problem(sheet.name, at, "clause_ambiguous", code)
        elif code in self.standard:
            if code in self.seen:
                self.problem(sheet.name, at, "duplicate_clause", code)
                return None
            self.seen.add(code)
            return code
        elif code in self.standard.heading_codes:
            rating = _cell(sheet, row, columns["rating"])
            if (row, columns["rating"]) in sheet.faults or rating_in(rating) != NOT_RATED:
                self.problem(sheet.name, cell_name(row, columns["rating"]), "heading_rated", code)
            else:
                self.leave_out(sheet.name, at, "row_heading", shown)
        elif is_total(value):
            self.leave_out(sheet.name, at, "row_total", shown)
        elif has_content:
            self.problem(sheet.name, at, "unknown_clause" if shown else "no_clause", shown)
        else:
            text = shown or " ".join(str(cell) for cell in sheet.cells[row] if _is_text(cell))
            self.leave_out(sheet.name, at, "row_section", text)
        return None

    def _is_known(self, code: str) -> bool:
        return code in self.standard or code in self.standard.heading_codes

    def _scale(self, sheet: Sheet, column: int, rows: list[int]) -> tuple[int, ...] | None:
        """A five-step scale when the column looks like one: whole numbers from 1 to 5, no 0, and a 4 or a 5."""
        numbers = [(row, number) for row in rows if (number := number_in(_cell(sheet, row, column))) is not None]
        high = [row for row, number in numbers if number in (4, 5)]
        if not high or len(numbers) < 2 or any(number not in (1, 2, 3, 4, 5) for _, number in numbers):
            return None
        choices = tuple(
            Choice(key, (spread, spread))
            for key, levels in SCALES_TO_FIVE.items()
            for spread in [", ".join(f"{step} → {level}" for step, level in enumerate(levels, start=1))]
        )
        highest = number_text(max(number for _, number in numbers))
        at = cell_name(high[0], column)
        answer = self.ask("scale", "scale", sheet.name, at, highest, (*choices, choice("mistyped")))
        if answer is None:
            return ()
        return SCALES_TO_FIVE.get(answer)

    def _read_row(self, sheet: Sheet, row: int, code: str, columns: dict[str, int], scale: tuple | None) -> None:
        values = {name: self._value(sheet, row, columns.get(name)) for name in IMPORTED}
        texts = {
            name: self._text(sheet, row, columns.get(name), values[name], NAME_CHARACTERS if name in SHORT else None)
            for name in ("reason", "observation", "evidence", "recommendation", "effort", "owner")
        }
        level, state = self._rating(sheet.name, cell_name(row, columns["rating"]), values["rating"], scale)
        reason = texts["reason"]
        if state in (NOT_APPLICABLE, NOT_VERIFIED):
            reason = reason or texts["observation"]
            if state == NOT_APPLICABLE and not reason:
                self.problem(sheet.name, cell_name(row, columns["rating"]), "reason_missing", code)
        self.rows.append(
            Row(
                code=code,
                level=level,
                state=state,
                reason=reason,
                observation=texts["observation"],
                evidence=texts["evidence"],
                recommendation=texts["recommendation"],
                priority=self._priority(sheet.name, row, columns.get("priority"), values["priority"]),
                effort_text=texts["effort"],
                owner_text=texts["owner"],
                due=self._due(sheet.name, row, columns.get("due"), values["due"]),
                sheet=sheet.name,
                row_number=row + 1,
            )
        )

    def _value(self, sheet: Sheet, row: int, column: int | None) -> Any:
        """A cell after the documented normalisation; a fault is named and read as empty."""
        if column is None:
            return ""
        if (row, column) in sheet.faults:
            self.problem(sheet.name, cell_name(row, column), *sheet.faults[row, column])
            return ""
        value = _cell(sheet, row, column)
        if not isinstance(value, str):
            return value
        text = clean(value)
        self.normalised += text != value
        if ERROR.fullmatch(text):
            self.problem(sheet.name, cell_name(row, column), "cell_error", text)
            return ""
        return text

    def _text(self, sheet: Sheet, row: int, column: int | None, value: Any, limit: int | None) -> str:
        if isinstance(value, bool):
            text = str(value).upper()
        elif isinstance(value, float):
            text = number_text(value)
        else:
            text = value if isinstance(value, str) else str(value)
        longest = limit or NOTE_CHARACTERS
        if len(text) > longest and column is not None:
            self.problem(sheet.name, cell_name(row, column), "too_long", longest)
            return ""
        return text

    def _rating(self, sheet: str, at: str, value: Any, scale: tuple | None) -> tuple[int | None, str]:
        number = number_in(value)
        if scale is not None and number is not None:
            # An empty scale is one that has been asked about and not answered yet.
            return (scale[int(number) - 1], RATED) if scale else (None, NOT_RATED)
        meant: int | str | Unclear | Word | None = rating_in(value)
        if isinstance(meant, Word):
            meant = self._asked_rating(sheet, at, str(value), meant.text)
        if isinstance(meant, Unclear):
            self.problem(sheet, at, meant.kind, number_text(value) if isinstance(value, float) else value)
            return None, NOT_RATED
        if isinstance(meant, int):
            return meant, RATED
        return None, meant or NOT_RATED

    def _asked_rating(self, sheet: str, at: str, shown: str, word: str) -> int | str | Unclear | None:
        self.asked_words.add(word)
        if len(word) > WORD_CHARACTERS or len(self.asked_words) > WORDS_ASKED_ABOUT:
            return Unclear("rating_unclear")
        answer = self.ask(f"rating:{word}", "rating_word", sheet, at, shown, RATING_CHOICES)
        return int(answer) if answer is not None and answer.isdigit() else answer

    def _priority(self, sheet: str, row: int, column: int | None, value: Any) -> str | None:
        meant = priority_in(value)
        at = cell_name(row, column or 0)
        if isinstance(meant, Word) and len(meant.text) <= WORD_CHARACTERS:
            shown = number_text(value) if isinstance(value, float) else str(value)
            answer = self.ask(f"priority:{meant.text}", "priority_word", sheet, at, shown, PRIORITY_CHOICES)
            return None if answer == "no_priority" else answer
        if isinstance(meant, (Word, Unclear)):
            self.problem(sheet, at, "priority_unclear", value)
            return None
        return meant

    def _due(self, sheet: str, row: int, column: int | None, value: Any) -> date | None:
        at = cell_name(row, column or 0)
        meant = due_in(value, self.answers.get("dates"))
        if isinstance(meant, Word):
            self.ask("dates", "date_order", sheet, at, meant.text, (choice("day_first"), choice("month_first")))
            return None
        if isinstance(meant, Unclear):
            self.problem(sheet, at, meant.kind, number_text(value) if isinstance(value, float) else value)
            return None
        return meant

    def _check_merged(self, sheet: Sheet, columns: dict[str, int], rows: list[int]) -> None:
        read = sorted(columns.values())
        for (top, left), (bottom, right) in sheet.merged:
            tall = bisect_right(rows, bottom) - bisect_left(rows, top)
            wide = bisect_right(read, right) - bisect_left(read, left)
            if tall * wide > 1:
                area = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
                self.problem(sheet.name, cell_name(top, left), "merged", area)


def _cell(sheet: Sheet, row: int, column: int) -> Any:
    if row >= len(sheet.cells) or column >= len(sheet.cells[row]):
        return ""
    value = sheet.cells[row][column]
    return "" if value is None else value


def _is_text(cell: Any) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None
