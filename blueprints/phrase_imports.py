"""Phrases as a table: brought in with a look at it first, and taken along."""

import io
from dataclasses import astuple
from typing import Any

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm

from blueprints.forms import one_file, shown_name
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import member_words
from blueprints.phrases import PARTS
from consultancy.actions import phrase_imports as acting
from consultancy.calendar import today
from consultancy.checklists.parts import Problem
from consultancy.privacy.spreadsheets import write_rows
from consultancy.queries import phrase_imports
from consultancy.standards import catalogue
from consultancy.standards.phrase_reading import HEADS
from document_templates.refusals import Unrenderable
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("phrase_imports", __name__)

PROBLEMS_SHOWN, ROWS_SHOWN = 50, 100


class FileForm(FlaskForm):
    file = one_file(_l("Table (.csv or .xlsx)"))


@bp.get("/phrases/file")
@requires(Permission.PHRASE_WRITE)
def show():
    return page_of(FileForm(formdata=None))


@bp.post("/phrases/file")
@requires(Permission.PHRASE_WRITE)
def receive():
    form = FileForm()
    if form.validate_on_submit():
        try:
            with transaction():
                acting.receive_phrases(
                    file_name=shown_name(form.file.data.filename), content=form.file.data.read(), by=me()
                )
        except Unrenderable as refusal:
            form.file.errors = [refusal.sentence]
        else:
            return redirect(url_for(".show"), 303)
    return page_of(form), 422


@bp.post("/phrases/file/take-over")
@requires(Permission.PHRASE_WRITE)
def take_over():
    with transaction():
        count = acting.take_phrases_over(by=me())
    flash(ngettext("%(num)s phrase was brought in.", "%(num)s phrases were brought in.", count), "good")
    return redirect(url_for("phrases.index"), 303)


@bp.post("/phrases/file/set-aside")
@requires(Permission.PHRASE_WRITE)
def set_aside():
    with transaction():
        acting.set_phrases_aside(by=me())
    return redirect(url_for(".show"), 303)


@bp.get("/phrases/download")
@requires(Permission.PHRASE_READ)
def download():
    file = io.BytesIO()
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    write_rows(text, HEADS, (astuple(one) for one in phrase_imports.in_use()))
    text.detach()
    file.seek(0)
    return send_file(file, mimetype="text/csv", as_attachment=True, download_name=f"phrases-{today()}.csv", max_age=0)


def page_of(form: FileForm) -> str:
    waiting = phrase_imports.waiting(me())
    problems = waiting.reading["problems"] if waiting else []
    new = phrase_imports.new_in(waiting) if waiting and not problems else []
    return render_template(
        "phrases/file.html",
        form=form,
        waiting=waiting,
        counts={"new": len(new), "same": len(waiting.reading["rows"]) - len(new) if waiting else 0},
        new=[
            {
                "standard": catalogue.OFFERED[one.standard].name,
                "requirement": one.requirement,
                "part": PARTS[one.part],
                "language": one.language,
                "text": one.text,
            }
            for one in new[:ROWS_SHOWN]
        ],
        problems=[told(one, waiting.reading["heads"]) for one in problems[:PROBLEMS_SHOWN]] if waiting else [],
        more_problems=max(0, len(problems) - PROBLEMS_SHOWN),
    )


def told(problem: dict[str, Any], heads: dict[str, str]) -> dict[str, str]:
    """The row and the column by its name, as the table says it, then what is wrong there."""
    column, row = problem["cell"].rstrip("0123456789"), problem["cell"].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return {
        "at": _("Row %(row)s, column %(column)s", row=row, column=heads.get(column, column)) if row else "",
        "sentence": Problem("", "", problem["kind"], problem["value"]).sentence(member_words()),
    }
