"""A list under a row of column names, wherever in the file it stands: one row each, every fault named with its cell."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from consultancy.checklists.columns import HEADER_WITHIN_ROWS
from consultancy.checklists.grid import Sheet, Unreadable, cell_name, clean, column_name, plain
from consultancy.checklists.meanings import number_text
from consultancy.checklists.notes import SHOWN_CHARACTERS
from consultancy.checklists.opening import open_sheets
from consultancy.checklists.parts import Problem
from tenants.limits import IMPORT_ROWS


def find_table(
    data: bytes, filename: str, fields: Mapping[str, str], is_header: Callable[[set[str]], object], *, missing: str
) -> tuple[Sheet, int]:
    """The first visible sheet with a row of names that `is_header` knows by its fields. `fields`: plain name -> field.

    Raises Unreadable, `missing` where no sheet has such a row.
    """
    for sheet in open_sheets(data, filename):
        if sheet.hidden or sheet.refused:
            continue
        for row, cells in enumerate(sheet.cells[:HEADER_WITHIN_ROWS]):
            named = {fields[plain(cell)] for cell in cells if isinstance(cell, str) and plain(cell) in fields}
            if is_header(named):
                return sheet, row
    raise Unreadable(missing)


class Table:
    """The rows below a header. Who reads them says what a row means."""

    def __init__(self, sheet: Sheet, header: int, fields: Mapping[str, str]) -> None:
        self.sheet, self.header = sheet, header
        self.problems: list[Problem] = []
        self.columns: dict[str, int] = {}  # field -> column
        self.heads: dict[str, str] = {}  # letters of a column that is read -> its name
        self.left_out: list[str] = []  # names of columns that mean nothing to us
        for column, cell in enumerate(sheet.cells[header]):
            name = clean(str(cell)) if cell is not None else ""
            field = fields.get(plain(name))
            if field in self.columns:
                self.problem(header, column, "duplicate_header", name)
            elif field:
                self.columns[field] = column
                self.heads[column_name(column)] = name[:SHOWN_CHARACTERS]
            elif name:
                self.left_out.append(name[:SHOWN_CHARACTERS])

    def problem(self, row: int, column: int, kind: str, value: object = "") -> None:
        found = Problem(self.sheet.name, cell_name(row, column), kind, str(value)[:SHOWN_CHARACTERS])
        if found not in self.problems:
            self.problems.append(found)

    def filled_rows(self) -> list[int]:
        """Rows that say something in a column that is read. Raises Unreadable for more than an import holds."""
        rows = [
            row
            for row in range(self.header + 1, len(self.sheet.cells))
            if any(self.is_filled(row, column) for column in self.columns.values())
        ]
        if len(rows) > IMPORT_ROWS:
            raise Unreadable("too_many_rows", sheet=self.sheet.name)
        return rows

    def is_filled(self, row: int, column: int) -> bool:
        cells = self.sheet.cells[row]
        if (row, column) in self.sheet.faults:
            return True
        return column < len(cells) and cells[column] is not None and clean(str(cells[column])) != ""

    def value(self, row: int, field: str) -> Any:
        """What the cell holds; "" where nothing stands, and for a fault, which is noted."""
        column = self.columns.get(field)
        if column is None or not self.is_filled(row, column):
            return ""
        if (row, column) in self.sheet.faults:
            self.problem(row, column, *self.sheet.faults[row, column])
            return ""
        return self.sheet.cells[row][column]

    def words(self, row: int, field: str) -> str:
        """The cell as somebody would write it: 4 and not 4.0."""
        value = self.value(row, field)
        if isinstance(value, float | int) and not isinstance(value, bool):
            return number_text(float(value)) if math.isfinite(value) else ""
        return clean(str(value))
