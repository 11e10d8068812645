"""Many deliverables at once: chosen on one page, followed on another, the failures tried again."""

import secrets
from datetime import datetime, time
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from jinja2_fragments.flask import render_block
from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.deliverables import LANGUAGES
from blueprints.forms import choice
from blueprints.guards import requires
from blueprints.identity import me, restricted_to
from blueprints.page import capital, member_words
from blueprints.refusals import say_refusal
from consultancy.actions import bulk_requests as acting
from consultancy.calendar import ONTARIO, clock, today
from consultancy.models.bulk_request import BulkItem, BulkRequest
from consultancy.models.engagement import Engagement
from consultancy.queries import bulk_requests
from consultancy.reports import IN_BULK
from consultancy.standards.words import say
from tenants.database import now, transaction
from tenants.permissions import Permission
from tenants.refusal import NotValid
from workers.queues import DOCUMENTS, ring

bp = Blueprint("bulk_requests", __name__)

EVENING = time(22, tzinfo=ONTARIO)  # the offices are empty


class BulkForm(FlaskForm):
    engagements = SelectMultipleField(
        _l("Engagements"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=True
    )
    language = choice(_l("Language"), lambda: LANGUAGES, empty=_l("The language of each engagement"))
    when = choice(_l("When"), lambda: (("now", _("now")), ("evening", _("tonight, from 22:00"))))
    request_key = HiddenField(validators=[Regexp(r"[A-Za-z0-9_-]{16,64}\Z")])


@bp.get("/deliverables/bulk")
@requires(Permission.DELIVERABLE_WRITE)
def index():
    requests = bulk_requests.latest(made_by=restricted_to())
    progress = bulk_requests.progress(requests)
    return render_template(
        "bulk_requests/index.html",
        kinds=[{"title": title_of(kind), "url": url_for(".new", wanted=kind)} for kind in IN_BULK],
        rows=[described(one) | {"progress": progress[one.id]} for one in requests],
    )


@bp.get("/deliverables/bulk/<wanted>/new")
@requires(Permission.DELIVERABLE_WRITE)
def new(wanted):
    kind = known(wanted)
    offered = bulk_requests.engagements_for(kind, reached_by=restricted_to())
    form = BulkForm(formdata=None, data={"request_key": secrets.token_urlsafe(24), "when": "now"})
    form.engagements.data = [str(one.id) for one in offered] if request.args.get("all") else []
    return choosing(kind, form, offered)


@bp.post("/deliverables/bulk/<wanted>/new")
@requires(Permission.DELIVERABLE_WRITE)
def create(wanted):
    kind = known(wanted)
    offered = bulk_requests.engagements_for(kind, reached_by=restricted_to()) or abort(404)
    form = offer(BulkForm(), offered)
    if not form.validate_on_submit():
        return choosing(kind, form, offered), 422
    try:
        with transaction():
            made = acting.request_in_bulk(
                [one for one in offered if str(one.id) in (form.engagements.data or [])],
                kind=kind,
                language=form.language.data,
                not_before=evening() if form.when.data == "evening" else None,
                request_key=form.request_key.data,
                by=me(),
            )
    except NotValid as refusal:
        form.engagements.errors = [say_refusal(refusal)]
        return choosing(kind, form, offered), 422
    ring(DOCUMENTS)
    return redirect(url_for(".show", bulk_request=made.id), 303)


@bp.get("/deliverables/bulk/<uuid:bulk_request>")
@requires(Permission.DELIVERABLE_READ, bulk_request=bulk_requests.find)
def show(bulk_request):
    return render_template("bulk_requests/show.html", **shown(bulk_request))


@bp.get("/deliverables/bulk/<uuid:bulk_request>/progress")
@requires(Permission.DELIVERABLE_READ, bulk_request=bulk_requests.find)
def progress(bulk_request):
    return render_block("bulk_requests/show.html", "progress", **shown(bulk_request))


@bp.post("/deliverables/bulk/<uuid:bulk_request>/retry")
@requires(Permission.DELIVERABLE_WRITE, bulk_request=bulk_requests.find)
def retry(bulk_request):
    with transaction():
        again = acting.retry_failed(bulk_request, by=me())
    ring(DOCUMENTS)
    flash(ngettext("%(num)s document is tried again.", "%(num)s documents are tried again.", again), "good")
    return redirect(url_for(".show", bulk_request=bulk_request.id), 303)


def known(kind: str) -> str:
    return kind if kind in IN_BULK else abort(404)


def evening() -> datetime:
    return datetime.combine(today(), EVENING)


def offer(form: BulkForm, offered: list[Engagement]) -> BulkForm:
    form.engagements.choices = [(str(one.id), f"{one.client.name}: {one.title}") for one in offered]
    form.engagements.data = form.engagements.data or []
    return form


def choosing(kind: str, form: BulkForm, offered: list[Engagement]) -> str:
    everything = url_for(".new", wanted=kind, all=1)
    return render_template(
        "bulk_requests/new.html", kind=kind, title=title_of(kind), form=offer(form, offered), everything=everything
    )


def title_of(kind: str) -> str:
    return capital(say("deliverables", kind, member_words()))


def described(one: BulkRequest) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": title_of(one.kind),
        "by": one.requested_by.name,
        "at": clock(one.requested_at),
        "begins": clock(one.not_before) if one.not_before > now() else "",
        "url": url_for(".show", bulk_request=one.id),
    }


def shown(one: BulkRequest) -> dict[str, Any]:
    return {
        "request": described(one),
        "progress": bulk_requests.progress([one])[one.id],
        "rows": [row(item) for item in bulk_requests.items(one)],
    }


def row(item: BulkItem) -> dict[str, Any]:
    return {
        "client": item.engagement.client.name,
        "engagement": item.engagement.title,
        "editions": [
            {"deliverable": one, "url": url_for("deliverables.show", deliverable=one.id)} for one in item.editions
        ],
        "problem": problem_of(item),
    }


def problem_of(item: BulkItem) -> str:
    if item.problem:
        return PROBLEMS[item.problem]() if item.problem in PROBLEMS else item.problem
    if any(one.production == "cancelled" for one in item.editions):
        return _("It was cancelled.")
    return next((one.failure for one in item.editions if one.failure), "")


PROBLEMS = {
    acting.CLOSED: lambda: _("The engagement was closed meanwhile."),
    acting.LEFT: lambda: _("Who asked for it has left the consultancy."),
    acting.FAULT: lambda: _("Its data could not be put together, for a reason nobody foresaw; it was noted."),
}
