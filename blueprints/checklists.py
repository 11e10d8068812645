"""Bringing a filled checklist in: upload, questions, preview, apply."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from blueprints import returned_checklists as returned
from blueprints.assessments import held
from blueprints.desk import label_of, shown
from blueprints.forms import one_file, revision_seen, shown_name
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import member_words
from blueprints.refusals import say_refusal
from consultancy.actions import checklists as acting
from consultancy.actions import returned_checklists
from consultancy.calendar import clock, today
from consultancy.models.assessment import ChecklistImport
from consultancy.models.engagement import Engagement
from consultancy.models.training import TrainingImport
from consultancy.queries import checklists, engagements, members
from consultancy.standards import catalogue
from document_templates.refusals import FileRefusal, Unrenderable
from tenants.database import transaction
from tenants.files import file_store
from tenants.permissions import Permission

bp = Blueprint("checklists", __name__)


class UploadForm(FlaskForm):
    file = one_file(_l("Checklist (.xlsx or .csv)"))


class ApplyForm(FlaskForm):
    revision = revision_seen()


@bp.get("/engagements/<uuid:engagement>/checklists")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def upload(engagement):
    return upload_page(engagement, UploadForm(formdata=None))


@bp.post("/engagements/<uuid:engagement>/checklists")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def receive(engagement):
    assessment, form = held(engagement), UploadForm()
    if form.validate_on_submit():
        try:
            with transaction():
                kept = acting.receive(
                    assessment,
                    file_name=shown_name(form.file.data.filename),
                    content=form.file.data.read(),
                    files=file_store(current_app.config),
                    by=me(),
                )
        except (FileRefusal, Unrenderable) as refusal:
            form.file.errors = [refusal.sentence]
        except acting.AlreadyImported as refusal:
            flash(imported_before(refusal.args[0]))
            return redirect(url_for(".show", engagement=engagement.id, checklist=refusal.args[0].id), 303)
        else:
            return redirect(url_for(".show", engagement=engagement.id, checklist=kept.id), 303)
    return upload_page(engagement, form), 422


@bp.get("/engagements/<uuid:engagement>/checklists/workbook")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def download(engagement):
    """The assessment as an Excel file, to be filled anywhere and brought back."""
    with transaction():
        content = returned_checklists.download(held(engagement), by=me())
    return returned.as_workbook(content, f"{engagement.client.code}-{engagement.standard}-{today()}.xlsx")


@bp.get("/engagements/<uuid:engagement>/checklists/<uuid:checklist>")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find, checklist=checklists.find)
def show(engagement, checklist):
    of(engagement, checklist)
    if returned_checklists.is_returned(checklist):
        return returned.preview(engagement, checklist)
    reading = acting.from_plain(checklist.reading)
    if reading.questions and not reading.problems:
        return render_template(
            "checklists/questions.html", engagement=engagement, checklist=checklist, form=questions_form(reading)
        )
    return preview(engagement, checklist, reading)


@bp.post("/engagements/<uuid:engagement>/checklists/<uuid:checklist>/answers")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find, checklist=checklists.find)
def answer(engagement, checklist):
    of(engagement, checklist)
    if returned_checklists.is_returned(checklist):
        abort(404)  # it asks nothing
    form = questions_form(acting.from_plain(checklist.reading), request.form)
    if not form.validate_on_submit():
        return render_template("checklists/questions.html", engagement=engagement, checklist=checklist, form=form), 422
    answers = {field.question_key: field.data for field in form if hasattr(field, "question_key")}
    with transaction():
        acting.answer(checklist, answers=answers, files=file_store(current_app.config), by=me())
    return redirect(url_for(".show", engagement=engagement.id, checklist=checklist.id), 303)


@bp.post("/engagements/<uuid:engagement>/checklists/<uuid:checklist>/apply")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find, checklist=checklists.find)
def apply(engagement, checklist):
    of(engagement, checklist)
    form = ApplyForm()
    if not form.validate_on_submit():
        abort(422)
    choices = returned.choices_in(request.form)
    try:
        with transaction():
            changed = acting.apply(checklist, revision=int(form.revision.data), by=me(), choices=choices)
    except returned_checklists.ChoiceMissing as refusal:
        return returned.preview(engagement, checklist, choices, say_refusal(refusal)), 422
    flash(_("%(n)s requirements were taken over.", n=changed), "good")
    return redirect(url_for("rating_grid.show", engagement=engagement.id), 303)


def imported_before(kept: ChecklistImport | TrainingImport) -> str:
    """Said on the page of the import that this very file became."""
    at = clock(kept.applied_at) if kept.applied_at else ""
    by = "".join(members.names([kept.by_id])) if kept.by_id else _("The platform")
    return _("This file was already imported on %(at)s by %(name)s.", at=at, name=by)


def of(engagement: Engagement, checklist: ChecklistImport) -> None:
    if checklist.assessment.engagement_id != engagement.id:
        abort(404)


def upload_page(engagement: Engagement, form: UploadForm) -> str:
    earlier = [
        {
            "file_name": kept.file_name,
            "at": clock(kept.created_at),
            "by": name or _("The platform"),
            "applied": kept.applied_at is not None,
            "url": url_for(".show", engagement=engagement.id, checklist=kept.id),
        }
        for kept, name in checklists.earlier(held(engagement))
    ]
    return render_template("checklists/upload.html", engagement=engagement, form=form, earlier=earlier)


def questions_form(reading: Any, sent: Any = None) -> FlaskForm:
    """One question per thing the reader would otherwise have to guess."""

    class QuestionsForm(FlaskForm):
        pass

    for number, question in enumerate(reading.questions):
        offered = [SelectChoice(choice.key, choice.label(member_words())) for choice in question.choices]
        field = RadioField(question.sentence(member_words()), [InputRequired(_("Choose one."))], choices=offered)
        setattr(QuestionsForm, f"question_{number}", field)
    form = QuestionsForm(sent)
    for number, question in enumerate(reading.questions):
        form[f"question_{number}"].question_key = question.key
    return form


def preview(engagement: Engagement, checklist: ChecklistImport, reading: Any) -> str:
    standard = catalogue.find(engagement.standard)
    changes = acting.compare(checklist) if not reading.problems else []
    kinds = [change.kind for change in changes]
    rows = [
        {
            "number": change.row.code,
            "title": standard.requirement(change.row.code).full_title,
            "kind": change.kind,
            "fields": [
                {"label": label_of(name), "before": shown(name, before), "after": shown(name, after)}
                for name, before, after in change.fields
                if (name, after) != ("state", "rated")  # its level says so
            ],
        }
        for change in changes
        if change.kind != "same"
    ]
    applied = checklist.applied_at is not None
    return render_template(
        "checklists/preview.html",
        engagement=engagement,
        checklist={
            "id": checklist.id,
            "file_name": checklist.file_name,
            "applied": applied,
            "revision": checklist.assessment.revision,
        },
        counts={kind: kinds.count(kind) for kind in ("new", "changed", "same")},
        rows=[] if applied else rows,
        problems=[told(one) for one in reading.problems],
        notes=[told(one) for one in reading.ignored],
    )


def told(one: Any) -> dict[str, str]:
    return {"sheet": one.sheet, "cell": one.cell, "sentence": one.sentence(member_words())}
