"""CSV files as spreadsheets and people save them."""

import codecs
import csv
import io
from pathlib import PurePath

from consultancy.checklists.columns import find_header
from consultancy.checklists.grid import Sheet, Unreadable
from consultancy.checklists.workbook import COLUMNS_IN_A_SHEET, ROWS_IN_A_SHEET

SEPARATORS = (",", ";", "\t")
ROWS_TO_CHOOSE_BY = 60


def read_delimited(data: bytes, filename: str) -> Sheet:
    text, encoding = _decode(data)
    best = max(SEPARATORS, key=lambda separator: _recognised(text, separator))
    cells = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=best, strict=True)
    try:
        for line in reader:
            cells.append(list(line))
            if len(cells) > ROWS_IN_A_SHEET:
                raise Unreadable("too_many_rows")
            if len(line) > COLUMNS_IN_A_SHEET:
                raise Unreadable("too_many_columns")
    except csv.Error as broken:
        raise Unreadable("csv_quotes", str(reader.line_num)) from broken
    return Sheet(PurePath(filename).name, cells=cells, encoding=encoding)


def _decode(data: bytes) -> tuple[str, str]:
    """UTF-8 and UTF-16 say what they are; anything else that is text is what Excel writes on Windows here."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tries = ["utf-16"]
    elif data.startswith(codecs.BOM_UTF8):
        tries = ["utf-8-sig"]
    elif b"\x00" in data:
        raise Unreadable("not_text")
    else:
        tries = ["utf-8", "windows-1252"]
    for encoding in tries:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise Unreadable("not_text")


def _recognised(text: str, separator: str) -> tuple[int, int]:
    """How many columns a checklist would have, cut at this separator."""
    lines: list[list[str]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            lines.append(line[: COLUMNS_IN_A_SHEET + 1])
            if len(lines) == ROWS_TO_CHOOSE_BY:
                break
    except csv.Error:
        return 0, 0
    header = find_header(lines)
    return (len(header.columns) if header else 0), max(map(len, lines), default=0)
