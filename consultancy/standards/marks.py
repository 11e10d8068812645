"""The marks a scheme asks for, as dated data with where each comes from and how sure it is."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from consultancy.standards.catalogue import Standard


@dataclass(frozen=True)
class Marks:
    """Percent of the points: overall, in every element, of the legislated questions."""

    overall: int
    element: int
    legislated: int
    standard: str = ""
    effective_from: date | None = None
    source: str = ""
    certainty: str = "own"


def _read() -> tuple[Marks, ...]:
    with (Path(__file__).parent / "marks.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Marks(
                overall=int(line["overall"]),
                element=int(line["element"]),
                legislated=int(line["legislated"]),
                standard=line["standard"],
                effective_from=date.fromisoformat(line["effective_from"]),
                source=line["source"],
                certainty=line["certainty"],
            )
            for line in csv.DictReader(file)
        )


TABLE = _read()


def in_force(standard: Standard, on: date, table: tuple[Marks, ...] = TABLE) -> Marks | None:
    """The marks on a day: those the consultancy set for a standard of its own, else the scheme's latest by then."""
    if standard.marks is not None:
        return Marks(*standard.marks, standard=standard.key, source=standard.source)
    dated = [
        one
        for one in table
        if one.standard in (standard.key, standard.based_on) and one.effective_from and one.effective_from <= on
    ]
    return max(dated, key=lambda one: str(one.effective_from), default=None)
