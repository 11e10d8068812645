"""What changes in a client's records before they go to the employer: who said what in an interview stays unknown."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.audit_plan import Attendee
from consultancy.models.client import Contact
from consultancy.models.document_event import DocumentEvent
from consultancy.models.interview import Interview, InterviewAnswer
from consultancy.models.training import Worker
from consultancy.privacy import inventory
from tenants.database import db
from tenants.models import Membership

REMOVED = "[name removed]"
SHORTEST = 3  # letters of a part of a name that is looked for on its own

# Sheets tell a role, a workplace, a shift and a day: at most workplaces that is a person. Reports give the counts.
UNTOLD = (Interview, InterviewAnswer)
# Never the employer's: the consultancy's own words about them, and interviews in other shapes.
EMPTIED: dict[str, dict[str, Any]] = {
    "client": {"note": ""},
    "certificate": {"note": ""},
    "recognition": {"note": ""},
    # Its annex quotes every note; the released file itself is in the archive. The check may speak of other clients.
    "deliverable": {"snapshot": {}, "check_report": None},
    "field_workbook": {"shown": {}, "made_by_id": None},
    "returned_workbook": {"reading": {}, "by_id": None},
    "checklist_import": {"reading": {}, "answers": {}, "by_id": None},
    "training_import": {"reading": {}, "by_id": None},
}


def for_employer(rows: inventory.Ids) -> Callable[[str, dict[str, Any]], dict[str, Any]]:
    """How each row is written for the employer."""
    names = _pattern(_names(rows))

    def change(table: str, row: dict[str, Any]) -> dict[str, Any]:
        row = row | EMPTIED.get(table, {})
        if table == "observation" and row["method"] == "interview":
            texts = {name: names.sub(REMOVED, row[name]) for name in ("text", "evidence")}
            row = row | texts | {"by_id": None}
        if table == "evidence":
            row = row | {"uploaded_by_id": None}
            if row["source"] == "interview":
                row = row | {"title": "", "file_name": "", "note": "", "retired_reason": ""}
        if table == "rating_change" and row["field"] in ("observation", "text", "evidence"):
            row = row | {"before": "", "after": "", "by_id": None}
        return row

    return change


def _names(rows: inventory.Ids) -> set[str]:
    """Everybody on record at the employer and in the consultancy: whoever may be named in a note."""
    found = set(db.session.scalars(sa.select(Membership.name)))
    for column in (Contact.name, Worker.name, DocumentEvent.names, Attendee.name):
        ids: list[UUID] = rows.get(column.class_, [])
        for some in inventory.in_batches(ids):
            typed = db.session.scalars(sa.select(column).where(column.class_.id.in_(some)))
            found.update(name for lines in typed for name in lines.splitlines())
    return found


def _pattern(names: set[str]) -> re.Pattern[str]:
    """Whole names and each part of them, longest first; a pattern that fits nothing when nobody is on record."""
    parts = {part for name in names for part in (name, *name.replace(".", " ").split()) if len(part) >= SHORTEST}
    if not parts:
        return re.compile(r"(?!)")
    longest_first = sorted(parts, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(part) for part in longest_first)})(?!\w)", re.IGNORECASE)
