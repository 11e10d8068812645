"""The sheet behind “Edit data” of a chart in Word: categories in A, one series per column from B.

XlsxWriter writes an empty workbook once, with all that Excel wants; each chart changes its one sheet and its strings.
"""

import io
from datetime import UTC, datetime
from functools import cache
from xml.sax.saxutils import escape

import xlsxwriter

from document_templates import archive
from document_templates.charts import Figures, cleaned, letter
from document_templates.relationships import DECLARATION

_OUT_OF_TIME = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # the workbook's own date, never today's
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET, _STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_MARGINS = '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'


def workbook(data: Figures) -> bytes:
    strings: dict[str, int] = {}
    rows: list[list[str | float | None]] = [["", *(one.name for one in data.series)]]
    rows += [[name, *(one.values[at] for one in data.series)] for at, name in enumerate(data.categories)]
    lines = "".join(_row(number, row, strings) for number, row in enumerate(rows, 1))
    corner = f"{letter(len(data.series))}{len(rows)}"
    sheet = (
        f'{DECLARATION}<worksheet xmlns="{_MAIN}"><dimension ref="A1:{corner}"/><sheetViews><sheetView tabSelected="1" '
        f'workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/><sheetData>{lines}</sheetData>'
        f"{_MARGINS}</worksheet>"
    )
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    shared = f'{DECLARATION}<sst xmlns="{_MAIN}" count="{len(strings)}" uniqueCount="{len(strings)}">{items}</sst>'
    changed = {_SHEET: sheet, _STRINGS: shared}
    own = {name: archive.pack(name, xml.encode()) for name, xml in changed.items()}
    return archive.write([own.get(name, member) for name, member in _empty().items()])


def _row(number: int, values: list[str | float | None], strings: dict[str, int]) -> str:
    cells = []
    for column, value in enumerate(values):
        place = f"{letter(column)}{number}"
        if isinstance(value, str):
            if text := cleaned(value):
                cells.append(f'<c r="{place}" t="s"><v>{strings.setdefault(text, len(strings))}</v></c>')
        elif value is not None:
            cells.append(f'<c r="{place}"><v>{value!r}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


@cache
def _empty() -> dict[str, archive.Member]:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": _OUT_OF_TIME, "author": "", "comments": ""})
    book.add_worksheet("Sheet1").write_string(0, 0, "there are strings")
    book.close()
    parts = archive.read(stream.getvalue())
    return {name: archive.pack(name, parts[name], once=True) for name in archive.ordered(parts)}
