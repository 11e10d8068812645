"""A downloaded checklist as another program opens, changes and saves it."""

import io

import openpyxl

from consultancy.checklists.layout import COLUMNS


class Sheet:
    """A downloaded workbook in the hands of another program."""

    def __init__(self, content):
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.sheet = self.book.worksheets[0]
        heads = [cell.value for cell in self.sheet[1]]
        self.column = {
            name: heads.index(text) + 1 for name, names in COLUMNS.items() for text in names[:2] if text in heads
        }

    def at(self, place, name):
        """The cell of a requirement ("4.1") or of a row ("4.1@site")."""
        wanted = place if "@" in place else f"{place}@"
        for row in range(2, self.sheet.max_row + 1):
            if self.sheet.cell(row, self.column["row"]).value == wanted:
                return self.sheet.cell(row, self.column[name])
        raise LookupError(place)

    def type(self, place, **values):
        for name, value in values.items():
            self.at(place, name).value = value

    @property
    def content(self):
        stream = io.BytesIO()
        self.book.save(stream)
        return stream.getvalue()
