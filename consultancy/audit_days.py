"""How many days a registrar plans for an audit: the dated table of IAF MD 5, never a formula of ours.

The table is a continuum and a starting point: a registrar adds and takes away with reasons. Our figure is a yardstick.
"""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

RISKS = ("high", "medium", "low")


class BeyondTheTable(ValueError):
    """The table ends before this number of people, or begins after it; MD 5 says to follow its progression."""


@dataclass(frozen=True)
class Band:
    """One line of the table: days of eight hours, stage 1 and stage 2 together, by risk."""

    issue: str
    effective_from: date
    personnel_from: int
    personnel_to: int
    days: dict[str, Decimal]
    source: str
    certainty: str


def _read() -> tuple[Band, ...]:
    with (Path(__file__).parent / "standards" / "audit_days.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Band(
                issue=line["issue"],
                effective_from=date.fromisoformat(line["effective_from"]),
                personnel_from=int(line["personnel_from"]),
                personnel_to=int(line["personnel_to"]),
                days={risk: Decimal(line[risk]) for risk in RISKS},
                source=line["source"],
                certainty=line["certainty"],
            )
            for line in csv.DictReader(file)
        )


TABLE = _read()


def issue_in_force(on: date, table: tuple[Band, ...] = TABLE) -> tuple[Band, ...]:
    """The bands of the latest issue by a day; none before the first."""
    dated = [band.effective_from for band in table if band.effective_from <= on]
    return tuple(band for band in table if dated and band.effective_from == max(dated))


def band_for(personnel: int, on: date, table: tuple[Band, ...] = TABLE) -> Band:
    """The line for a number of effective personnel. Raises BeyondTheTable above 10,700 and below 1."""
    for band in issue_in_force(on, table):
        if band.personnel_from <= personnel <= band.personnel_to:
            return band
    raise BeyondTheTable(personnel)
