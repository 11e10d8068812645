"""What of a list of findings or corrective actions is asked for: filters, order and page, as the address says them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consultancy.models.engagement import Engagement
from tenants.database import db

PER_PAGE = 100
NUMBER = re.compile(r"(?:F|CA)?-?0*(\d{1,9})\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """All empty is everything. `clause` means the clause and what is under it; `owner` is the name as typed."""

    grade: str = ""
    status: str = ""
    clause: str = ""
    owner: str = ""
    overdue: bool = False
    text: str = ""
    sort: str = "number"
    descending: bool = False

    @property
    def anything(self) -> bool:
        return bool(self.grade or self.status or self.clause or self.owner or self.overdue or self.text)


@dataclass(frozen=True)
class Counts:
    """How many there are, by grade, status and lateness: each under all filters but its own."""

    everything: int
    matching: int
    grades: dict[str, int]
    statuses: dict[str, int]
    overdue: int
    late_at_all: int


def count(groups: Iterable[Any], *, everything: int, wanted: Wanted) -> Counts:
    """From (grade, status, overdue, how many) of the rows that the other filters leave."""
    rows = [tuple(row) for row in groups]

    def of(*, grade: str, status: str, overdue: bool) -> int:
        return sum(
            many
            for its_grade, its_status, late, many in rows
            if grade in ("", its_grade) and status in ("", its_status) and (late or not overdue)
        )

    grades, statuses = {row[0] for row in rows}, {row[1] for row in rows}
    return Counts(
        everything=everything,
        matching=of(grade=wanted.grade, status=wanted.status, overdue=wanted.overdue),
        grades={one: of(grade=one, status=wanted.status, overdue=wanted.overdue) for one in grades},
        statuses={one: of(grade=wanted.grade, status=one, overdue=wanted.overdue) for one in statuses},
        overdue=of(grade=wanted.grade, status=wanted.status, overdue=True),
        late_at_all=of(grade="", status="", overdue=True),
    )


def grouped(rows: Any) -> Iterable[Any]:
    """How many rows share the same values."""
    found = rows.subquery()
    return db.session.execute(sa.select(*found.c, sa.func.count()).group_by(*found.c))


def under(column: Any, clause: str) -> sa.ColumnElement[bool]:
    return sa.or_(column == clause, column.startswith(f"{clause}.", autoescape=True))


def said(text: str, number: Any, *columns: Any) -> sa.ColumnElement[bool]:
    """The words stand in one of the columns, or they are the number: F-12, 12."""
    found = [column.icontains(text, autoescape=True) for column in columns]
    if match := NUMBER.match(text):
        found.append(number == int(match[1]))
    return sa.or_(*found)


def in_order_of(column: Any, values: Iterable[str]) -> Any:
    """Sorts by the place in a list: grades by weight, clauses as the standard counts them and not as text does."""
    return sa.func.array_position(sa.cast(list(values), sa.ARRAY(sa.String)), sa.cast(column, sa.String))


def owners(model: Any, engagement: Engagement) -> list[str]:
    """Who findings, or corrective actions, are given to, the busiest fifty."""
    return list(
        db.session.scalars(
            sa.select(model.owner_text)
            .where(model.engagement_id == engagement.id, model.owner_text != "")
            .group_by(model.owner_text)
            .order_by(sa.func.count().desc(), model.owner_text)
            .limit(50)
        )
    )


def in_order(wanted: Wanted, number: Any, ways: Mapping[str, Any]) -> list[Any]:
    """By what is asked for, rows that do not have it last; then, or without it, by number."""
    by = ways.get(wanted.sort)
    if by is None:
        return [number.desc() if wanted.descending else number]
    return [(by.desc() if wanted.descending else by.asc()).nulls_last(), number]
