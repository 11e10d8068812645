"""The demo practice's own files, row by row. Several values in one cell are separated by `;`, empty means not known."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

SHELF = Path(__file__).parent
CHECKLISTS = SHELF / "checklists"


def rows(name: str, **wanted: str) -> Iterator[dict[str, str]]:
    """The rows of one file whose columns hold the wanted values."""
    with (SHELF / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if all(row[column] == value for column, value in wanted.items()):
                yield row


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
