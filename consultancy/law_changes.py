"""Changes of the law and of the standards that make a document worth a second look, dated and with their sources.

Which documents a change touches is our own reading; what the source leaves open is said beside it.
"""

import calendar
import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

IN_USE = ("have", "needs_work")  # what is missing is not looked at again


@dataclass(frozen=True)
class LawChange:
    """`effective_from` is the first day it may hold: of the day, the month or the year, as `precision` says. None: it
    is expected."""

    key: str
    what: dict[str, str]
    effective_from: date | None
    precision: str
    applies: str
    documents: tuple[str, ...]
    duties: tuple[str, ...]
    left_open: dict[str, str]
    source: str
    certainty: str

    @property
    def since(self) -> str:
        """The date as far as it is known: 2026-07-01, 2026-07 or 2025."""
        length = {"day": 10, "month": 7, "year": 4}.get(self.precision, 0)
        return str(self.effective_from)[:length] if self.effective_from else ""

    @property
    def holds_from(self) -> date | None:
        """The first day by which it holds for certain."""
        first = self.effective_from
        if first is None or self.precision == "day":
            return first
        if self.precision == "year":
            return date(first.year, 12, 31)
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])

    def concerns(self, *, jurisdiction: str, sector: str, standard: str) -> bool:
        if self.applies == "iso":
            return standard.startswith(("iso45001", "csa-z45001"))
        if jurisdiction != "ontario":
            return False
        return self.applies == "ontario" or self.applies == sector


def _read() -> tuple[LawChange, ...]:
    with (Path(__file__).parent / "standards" / "law_changes.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_change(line) for line in csv.DictReader(file))


def _change(line: dict[str, str]) -> LawChange:
    return LawChange(
        key=line["key"],
        what={"en": line["what_en"], "fr": line["what_fr"]},
        effective_from=date.fromisoformat(line["effective_from"]) if line["effective_from"] else None,
        precision=line["precision"],
        applies=line["applies"],
        documents=_parts(line["documents"]),
        duties=_parts(line["duties"]),
        left_open={"en": line["open_en"], "fr": line["open_fr"]},
        source=line["source"],
        certainty=line["certainty"],
    )


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


CHANGES = _read()


def overtaken(
    document: str, *, state: str, looked_at: date | None, on: date, among: tuple[LawChange, ...] = CHANGES
) -> list[LawChange]:
    """The changes since somebody last dated, approved or reviewed a document in use. Without any date all of them."""
    if state not in IN_USE:
        return []
    return [
        one
        for one in among
        if document in one.documents
        and one.holds_from is not None
        and one.holds_from <= on
        and (looked_at is None or looked_at < one.holds_from)
    ]


def coming(document: str, *, on: date, among: tuple[LawChange, ...] = CHANGES) -> list[LawChange]:
    """The changes that do not hold yet, or of which only that they are expected is known."""
    return [one for one in among if document in one.documents and (one.holds_from is None or one.holds_from > on)]


def concerning(*, jurisdiction: str, sector: str, standard: str) -> tuple[LawChange, ...]:
    """The changes that this employer and this standard have anything to do with."""
    return tuple(one for one in CHANGES if one.concerns(jurisdiction=jurisdiction, sector=sector, standard=standard))
