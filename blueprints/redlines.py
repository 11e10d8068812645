"""What changed against the version before: in words, as tracked changes, and by a copy that was edited in Word."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from blueprints import deliverable_page
from blueprints.deliverable_page import EditedForm
from blueprints.deliverables import as_download
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import capital
from blueprints.refusals import say_refusal
from consultancy.actions import deliverables as acting
from consultancy.actions import edited_copies
from consultancy.calendar import today
from consultancy.models.deliverable import Deliverable
from consultancy.queries import deliverables
from consultancy.reports.wording import shortened
from document_templates.changes import Change, changes
from document_templates.child import Child
from document_templates.redline import redline
from document_templates.refusals import FileRefusal, Unrenderable
from tenants.database import now, transaction
from tenants.files import file_store
from tenants.permissions import Permission
from tenants.refusal import NotValid
from workers.queues import PREVIEWS, ring

bp = Blueprint("redlines", __name__)

LONGEST = 200  # characters of a text that a page shows of a change
SHOWN = 500  # changes; more is another document


@bp.get("/deliverables/<uuid:deliverable>/changes")
@requires(Permission.DELIVERABLE_READ, deliverable=deliverables.find)
def show(deliverable):
    before = compared(deliverable)
    with Child() as child:
        found: list[Change] = child(changes, *both_files(before, deliverable))
    return render_template(
        "redlines/show.html",
        engagement=deliverable.engagement,
        deliverable=deliverable,
        title=capital(deliverable.title),
        before=before,
        rows=[in_words(one) for one in found[:SHOWN]],
        left_out=max(0, len(found) - SHOWN),
    )


@bp.get("/deliverables/<uuid:deliverable>/redline")
@requires(Permission.DELIVERABLE_READ, deliverable=deliverables.find)
def download(deliverable):
    before = compared(deliverable)
    written = partial(redline, author=current_user.person.name, at=now())
    with Child() as child:
        content = child(written, *both_files(before, deliverable))
    with transaction():
        acting.hand_over(deliverable, by=me(), redline=before.version)
    name = f"{deliverable.number} v{before.version} - v{deliverable.version}-{deliverable.language.upper()}.docx"
    return as_download(content, name)


@bp.post("/deliverables/<uuid:deliverable>/edited")
@requires(Permission.DELIVERABLE_WRITE, deliverable=deliverables.find)
def bring_back(deliverable):
    form = EditedForm()
    if form.validate_on_submit():
        try:
            with transaction():
                kept = edited_copies.bring_back(
                    deliverable,
                    content=form.file.data.read(),
                    files=file_store(current_app.config),
                    by=me(),
                    today=today(),
                    office=bool(current_app.config["OFFICE"]),
                )
        except (FileRefusal, Unrenderable) as refusal:
            form.file.errors = [refusal.sentence]
        except NotValid as refusal:
            form.file.errors = [say_refusal(refusal)]
        else:
            ring(PREVIEWS)
            flash(_("Kept as v%(version)s.", version=kept.version), "good")
            return redirect(url_for("deliverables.show", deliverable=kept.id), 303)
    return render_template("deliverables/show.html", **deliverable_page.shown(deliverable, edited_form=form)), 422


def compared(deliverable: Deliverable) -> Deliverable:
    if deliverable.production != "ready":
        raise acting.WrongState(deliverable.production)
    return deliverables.compared_with(deliverable) or abort(404)


def both_files(before: Deliverable, after: Deliverable) -> tuple[bytes, bytes]:
    files = file_store(current_app.config)
    return files.get(str(before.file_key)), files.get(str(after.file_key))


def in_words(one: Change) -> dict[str, Any]:
    return {
        "what": WHAT[one.kind](),
        "kind": one.kind,
        "place": place_of(one),
        "before": shortened(one.before, LONGEST),
        "after": shortened(one.after, LONGEST),
    }


def place_of(one: Change) -> str:
    parts = [WHERE[one.where]()] if one.where in WHERE else []
    if one.heading:
        parts.append(f"{one.heading_number} {one.heading}".strip())
    if one.table_number:
        table = one.table or _("table %(number)d", number=one.table_number)
        parts.append(_("%(table)s, row %(row)d", table=table, row=one.row) if one.row else table)
    return " · ".join(parts)


WHAT = {
    "added": lambda: _("Added"),
    "removed": lambda: _("Removed"),
    "changed": lambda: _("Changed"),
    "moved": lambda: _("Moved"),
}
WHERE = {
    "header": lambda: _("Header"),
    "footer": lambda: _("Footer"),
    "footnote": lambda: _("Footnote"),
    "endnote": lambda: _("Endnote"),
    "picture": lambda: _("Picture"),
    "chart": lambda: _("Chart"),
}
