"""Text that a spreadsheet takes for text: a formula typed into a name must not run when the file is opened."""

import csv
import json
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: Any) -> Any:
    """A leading apostrophe makes every spreadsheet show the text and compute nothing."""
    if isinstance(value, str) and value.startswith(FORMULA_BEGINS):
        return f"'{value}"
    return value


def harmful(text: str) -> str:
    """Text as it was before `harmless`: a table of ours that comes back says what it said."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_BEGINS) else text


def plain(value: Any) -> Any:
    """A value of the database as JSON writes it."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):  # cents are kept as they are: no number of JSON does that
        return str(value)
    return value


def cell(value: Any) -> Any:
    value = plain(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return "" if value is None else harmless(value)


def write_rows(to: IO[str], heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> int:
    """Comma-separated, with a byte-order mark so that Excel reads accents; answers how many rows."""
    to.write("\ufeff")
    writer = csv.writer(to)
    writer.writerow(heads)
    count = 0
    for row in rows:
        writer.writerow([cell(value) for value in row])
        count += 1
    return count
