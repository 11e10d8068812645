"""Bringing a client's list of people and courses in: upload, preview, apply."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import HiddenField

from blueprints.checklists import imported_before, told
from blueprints.forms import one_file, shown_name
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.refusals import say_refusal
from consultancy.actions import training_imports as acting
from consultancy.calendar import clock, today
from consultancy.checklists.parts import Problem
from consultancy.models.client import Client
from consultancy.models.training import TrainingImport
from consultancy.queries import clients, training
from document_templates.refusals import FileRefusal, Unrenderable
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("training_imports", __name__)


class UploadForm(FlaskForm):
    file = one_file(_l("List (.xlsx or .csv)"))


class ApplyForm(FlaskForm):
    seen = HiddenField()


@bp.get("/clients/<uuid:client>/training/import")
@requires(Permission.TRAINING_WRITE, client=clients.find)
def upload(client):
    return upload_page(client, UploadForm(formdata=None))


@bp.post("/clients/<uuid:client>/training/import")
@requires(Permission.TRAINING_WRITE, client=clients.find)
def receive(client):
    form = UploadForm()
    if form.validate_on_submit():
        try:
            with transaction():
                kept = acting.receive(
                    client,
                    file_name=shown_name(form.file.data.filename),
                    content=form.file.data.read(),
                    today=today(),
                    by=me(),
                )
        except acting.AlreadyTaken as refusal:
            flash(imported_before(refusal.args[0]))
            return redirect(url_for(".show", client=client.id, training_list=refusal.args[0].id), 303)
        except (FileRefusal, Unrenderable) as refusal:
            form.file.errors = [say_refusal(refusal)]
        else:
            return redirect(url_for(".show", client=client.id, training_list=kept.id), 303)
    return upload_page(client, form), 422


@bp.get("/clients/<uuid:client>/training/import/<uuid:training_list>")
@requires(Permission.TRAINING_WRITE, client=clients.find, training_list=training.find_import)
def show(client, training_list):
    of(client, training_list)
    applied = training_list.applied_at is not None
    problems = [Problem(**one) for one in training_list.reading.get("problems", [])]
    plan = None if applied or problems else acting.compare(client, training_list)
    return render_template(
        "training/preview.html",
        client=client,
        kept=training_list,
        applied=applied,
        problems=[told(one) for one in problems],
        left_out=training_list.reading.get("left_out", []),
        plan=plan,
        moved={one.row: moved_of(one) for one in plan.changes} if plan else {},
    )


@bp.post("/clients/<uuid:client>/training/import/<uuid:training_list>/apply")
@requires(Permission.TRAINING_WRITE, client=clients.find, training_list=training.find_import)
def apply(client, training_list):
    of(client, training_list)
    form = ApplyForm()
    if not form.validate_on_submit():
        abort(422)
    with transaction():
        plan = acting.apply(client, training_list, seen=form.seen.data or "", by=me())
    flash(
        ngettext("%(num)s person was taken over", "%(num)s people were taken over", len(plan.changes))
        + ngettext(", %(num)s record is new.", ", %(num)s records are new.", plan.records),
        "good",
    )
    return redirect(url_for("training.show", client=client.id), 303)


@bp.post("/clients/<uuid:client>/training/import/<uuid:training_list>/set-aside")
@requires(Permission.TRAINING_WRITE, client=clients.find, training_list=training.find_import)
def set_aside(client, training_list):
    of(client, training_list)
    with transaction():
        acting.set_aside(training_list, by=me())
    flash(_("The list was set aside; what it said is forgotten."), "good")
    return redirect(url_for(".upload", client=client.id), 303)


def moved_of(change: acting.Change) -> list[str]:
    """What becomes another, before and after; a site by its name alone."""
    words = {
        "number": _("Number"), "roles": _("Roles"), "site_id": _("Site"), "shift": _("Shift"),
        "started_on": _("Started on"),
    }  # fmt: skip
    return [
        words[name]
        if name == "site_id"
        else f"{words[name]}: {getattr(change.worker, name) or '–'} → {change.told[name]}"
        for name in change.moved
    ]


def of(client: Client, training_list: TrainingImport) -> None:
    if training_list.client_id != client.id:
        abort(404)


def upload_page(client: Client, form: UploadForm) -> str:
    earlier = [
        {
            "file_name": one.file_name,
            "at": clock(one.created_at),
            "applied": one.applied_at is not None,
            "url": url_for(".show", client=client.id, training_list=one.id),
        }
        for one in training.imports_of(client)
    ]
    return render_template("training/import.html", client=client, form=form, earlier=earlier)
