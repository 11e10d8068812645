"""Evidence as pages show it: one piece, the panel beside a requirement, the form that brings files in."""

from collections.abc import Iterable
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms.validators import Optional

from blueprints.forms import choice, day, note
from blueprints.page import capital, member_words
from consultancy.calendar import clock, today
from consultancy.models.assessment import Assessment, Observation
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import Evidence
from consultancy.queries import evidence as pieces
from consultancy.queries.evidence import Shown
from consultancy.standards import catalogue
from consultancy.standards.words import choices, say
from consultancy.triangulation import is_too_old, wants_records, ways_seen
from tenants.limits import MEGABYTE, UPLOAD_BYTES

ICONS = {"docx": "file-earmark-word", "xlsx": "file-earmark-spreadsheet", "csv": "file-earmark-spreadsheet"}


class UploadForm(FlaskForm):
    files = MultipleFileField(
        _l("Files"),
        description=_l("PDF, Word, Excel, text, CSV or pictures, up to %(mb)d MB each.", mb=UPLOAD_BYTES // MEGABYTE),
    )
    source = choice(_l("What it is"), lambda: choices("sources", member_words()))
    effective_on = day(_l("Dated"), description=_l("The day it speaks of, not the day of the upload."))
    requirement = choice(_l("Speaks for"), list, empty=_l("No requirement yet"))
    note = note(_l("Note"), description=_l("What the sample is, or what to look at."))


def upload_form(engagement: Engagement, requirement: str = "", *, empty: bool = False) -> UploadForm:
    form = UploadForm(formdata=None, data={"requirement": requirement}) if empty else UploadForm()
    form.requirement.choices = [("", _("No requirement yet")), *requirements_of(engagement)]
    form.requirement.validators = [Optional()]
    return form


def requirements_of(engagement: Engagement) -> list[tuple[str, str]]:
    return [(one.code, f"{one.code} {one.full_title}") for one in catalogue.find(engagement.standard).requirements]


def shown(one: Shown, engagement: Engagement | None = None, *, ages: bool = False) -> dict[str, Any]:
    """`engagement`: where its requirements lead to; `ages`: the requirement wants records of the last year."""
    return of_evidence(one.evidence) | {
        "by": one.by_name or _("The platform"),
        "old": ages and is_too_old(one.evidence.effective_on, today()),
        "requirements": [
            {
                "number": code,
                "url": url_for("assessments.show", engagement=engagement.id, requirement=code) if engagement else None,
            }
            for code in one.requirements
        ],
    }


def of_evidence(one: Evidence) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "url": url_for("evidence.show", evidence=one.id),
        "thumbnail": url_for("evidence.thumbnail", evidence=one.id) if one.small_file_key else None,
        "icon": ICONS.get(one.kind, "file-earmark"),
        "kind": one.kind.upper(),
        "source": capital(say("sources", one.source, member_words())),
        "effective_on": one.effective_on,
        "note": one.note,
        "state": one.state,
        "at": clock(one.uploaded_at),
        "retired": one.retired_at is not None,
    }


def panel(
    engagement: Engagement,
    assessment: Assessment,
    requirement: str,
    observations: Iterable[Observation],
    heard: dict[str, Any] | None,
) -> dict[str, Any]:
    """What speaks for a requirement, which ways it was seen, and the form for more. One statement. `heard`: what people
    confirmed in interviews (desk.heard)."""
    found = pieces.on_requirement(assessment, requirement)
    ways = ways_seen(
        [*(one.method for one in observations), *(["interview"] if heard else [])],
        (one.evidence.source for one in found if one.evidence.state == "clean"),
    )
    ages = wants_records(engagement.standard, requirement)
    return {
        "pieces": [shown(one, engagement, ages=ages) for one in found],
        "ways": [
            {
                "word": capital(say("methods", way, member_words())),
                "seen": seen,
                "tally": heard["tally"] if heard and way == "interview" else None,
            }
            for way, seen in ways.items()
        ],
        "upload": upload_form(engagement, requirement, empty=True),
    }


def scanner_set_up() -> bool:
    return bool(current_app.config["SCANNER_URL"])


def page_address(number: int) -> str:
    """The same list with its filters, another page of it."""
    here: dict[str, Any] = {name: value for name, value in request.args.items() if name in ("q", "filter", "view")}
    return url_for(request.endpoint or "", **(request.view_args or {}), **here, page=number)
