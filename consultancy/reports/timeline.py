"""When the work falls due: a bar for each clause over twelve calendar months, drawn with the cells of a table."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from consultancy.reports.figures import clause_name
from consultancy.reports.record import Record
from consultancy.reports.tasks import Task
from consultancy.reports.wording import counted, month_and_year, text

MONTHS = tuple(f"m{place}" for place in range(1, 13))  # the month of the report is m1


def timeline(tasks: Sequence[Task], record: Record, today: date, language: str) -> dict[str, Any]:
    """Every task stands in one cell: overdue, its month, later, or without a date; so rows and columns add up.

    `bar` says what a cell of a month is: "due" has tasks, "between" lies between the first and the last of its row.
    """
    streams = [
        (clause_name(record, clause, language), [one for one in tasks if one.stream == clause.number])
        for clause in record.standard.clauses()
    ]
    streams.append((text("timeline_documents", language), [one for one in tasks if not one.stream]))
    rows = [_row(name, own, today, language) for name, own in streams if own]
    first = today.replace(day=1)
    months = [month_and_year(first.month + place, first.year, language) for place in range(len(MONTHS))]
    outside = {name: sum(row[name] for row in rows) for name in ("overdue", "later", "undated", "task_count")}
    columns = {month: sum(row["months"][month]["due"] for row in rows) for month in MONTHS}
    message = text(
        "timeline_message",
        language,
        within=counted("n_tasks", sum(columns.values()), language),
        last=months[-1]["long"],
    )
    return {
        "months": {month: named["short"] for month, named in zip(MONTHS, months, strict=True)},
        "rows": rows,
        "totals": outside | {"months": columns},
        "message": message,
    }


def _row(name: str, tasks: Sequence[Task], today: date, language: str) -> dict[str, Any]:
    dated = [one.due for one in tasks if one.due]
    ahead = [_months_ahead(due, today) for due in dated if due >= today]
    within = [months for months in ahead if months < len(MONTHS)]
    first, last = (min(within), max(within)) if within else (len(MONTHS), -1)
    return {
        "name": name,
        "task_count": len(tasks),
        "overdue": len(dated) - len(ahead),
        "months": {
            month: {
                "due": (due := within.count(place)),
                "bar": "due" if due else "between" if first < place < last else "",
            }
            for place, month in enumerate(MONTHS)
        },
        "later": len(ahead) - len(within),
        "undated": len(tasks) - len(dated),
    }


def _months_ahead(due: date, today: date) -> int:
    return (due.year - today.year) * 12 + due.month - today.month
