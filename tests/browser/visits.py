"""Field workbooks of one engagement: one that was applied, and one that waits to be looked at."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from consultancy.actions import field_workbooks
from consultancy.models.engagement import Engagement
from consultancy.queries import assessments
from tenants.files import file_store
from tests.document_templates.filled_workbooks import changed, filled, row_of
from tests.factories import entered

VISIT = date(2026, 3, 5)
IN_THE_OFFICE = {"4.1": {"r": "3 Effective", "n": "The list is on the wall.", "d": "☒"}, "4.2": {"r": "1 Informal"}}
ON_THE_FLOOR = {
    "4.1": {"r": "1 Informal", "n": "Nobody on the floor knew of it.", "i": "☒"},
    "4.3": {"r": "2 Developing", "n": "Drafted in May."},
    "4.4": {"r": "Not applicable"},
    "5.1": {"n": "Ask the owner again.", "i": "☒", "d": "☒"},
}


def with_an_edited_row(content: bytes) -> bytes:
    """Somebody rewrote the requirement itself."""

    def edit(xml: str) -> str:
        row = row_of(xml, "4.3")
        return xml.replace(row, row.replace("scope", "size"))

    return changed(content, edit)


def workbooks(app: Flask, tenant: UUID, visit: UUID) -> dict[str, UUID]:
    files = file_store(app.config)
    with entered(app, tenant) as session:
        engagement = session.scalars(sa.select(Engagement).where(Engagement.id == visit)).one()
        assessment = assessments.of_engagement(engagement)
        by = engagement.lead_id
        made = [
            field_workbooks.make(
                assessment, site=None, language="en", author="Priya", files=files, by=by, today=date(2026, 3, 2)
            )
            for _ in range(2)
        ]
        office, floor = (
            filled(files.get(workbook.file_key), answers, visited=VISIT.isoformat())
            for workbook, answers in zip(made, (IN_THE_OFFICE, ON_THE_FLOOR), strict=True)
        )
        applied = field_workbooks.bring_back(assessment, file_name="office.docx", content=office, files=files, by=by)
        field_workbooks.apply(applied, revision=assessment.revision, seen_on=VISIT, choices={}, reasons={}, by=by)
        returned = field_workbooks.bring_back(
            assessment, file_name="floor.docx", content=with_an_edited_row(floor), files=files, by=by
        )
        return {"field_workbook": made[1].id, "returned": returned.id, "applied_return": applied.id}
