"""Our own workbook: on its way out, and the preview by cell when it is back."""

from io import BytesIO
from typing import Any

from flask import render_template, send_file
from werkzeug.datastructures import MultiDict

from blueprints.desk import label_of, shown
from blueprints.page import member_words
from consultancy.actions import returned_checklists as acting
from consultancy.checklists.layout import HIDDEN_SHEET
from consultancy.models.assessment import ChecklistImport
from consultancy.models.engagement import Engagement
from consultancy.standards import catalogue

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHOICE = "choice:"


def as_workbook(content: bytes, name: str) -> Any:
    return send_file(BytesIO(content), mimetype=EXCEL, as_attachment=True, download_name=name, max_age=0)


def choices_in(sent: MultiDict[str, str]) -> dict[str, str]:
    return {name.removeprefix(CHOICE): value for name, value in sent.items() if name.startswith(CHOICE)}


def preview(
    engagement: Engagement, checklist: ChecklistImport, chosen: dict[str, str] | None = None, error: str = ""
) -> str:
    """What each cell would do; conflicts are decided here."""
    reading, standard = acting.from_plain(checklist.reading), catalogue.find(engagement.standard)
    applied = checklist.applied_at is not None
    changes, same = ([], 0) if reading.problems or applied else acting.compare(checklist)
    sites = {str(site.id): site.name for site in acting.sites_of(checklist)} if changes else {}
    kinds = [cell.kind for change in changes for cell in change.cells]
    rows = [
        {
            "number": change.row.requirement,
            "title": standard.requirement(change.row.requirement).full_title,
            "site": sites.get(change.row.site, ""),
            "cells": [cell_row(change, cell, chosen or {}) for cell in change.cells],
        }
        for change in changes
    ]
    return render_template(
        "checklists/returned.html",
        engagement=engagement,
        checklist={
            "id": checklist.id,
            "file_name": checklist.file_name,
            "applied": applied,
            "revision": checklist.assessment.revision,
        },
        counts={"same": same} | {kind: kinds.count(kind) for kind in ("changed", "new", "conflict")},
        rows=rows,
        error=error,
        problems=[told(one) for one in reading.problems],
        notes=[told(one) for one in reading.ignored],
        left_out=len(reading.missing),
    )


def cell_row(change: acting.CellChanges, cell: acting.Cell, chosen: dict[str, str]) -> dict[str, Any]:
    key = change.key(cell)
    return {
        "cell": cell.cell,
        "label": label_of(cell.field),
        "kind": cell.kind,
        "before": shown(cell.field, cell.before),
        "theirs": shown(cell.field, cell.theirs),
        "yours": shown(cell.field, cell.yours),
        "name": f"{CHOICE}{key}",
        "chosen": chosen.get(key, ""),
    }


def told(one: Any) -> dict[str, str]:
    return {
        "sheet": "" if one.sheet == HIDDEN_SHEET else one.sheet,
        "cell": one.cell,
        "sentence": one.sentence(member_words()),
    }
