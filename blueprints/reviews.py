"""Between written and released: a draft is submitted, remarked on page by page, sent back or approved."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_wtf import FlaskForm

from blueprints import deliverable_page
from blueprints.deliverable_page import RemarkForm, SendBackForm
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.refusals import say_refusal
from consultancy.actions import reviews as acting
from consultancy.models.deliverable import Deliverable
from consultancy.queries import deliverables, reviews
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("reviews", __name__)


@bp.post("/deliverables/<uuid:deliverable>/submit")
@requires(Permission.DELIVERABLE_WRITE, deliverable=deliverables.find)
def submit(deliverable):
    with transaction():
        acting.submit(deliverable, by=me())
    return back(deliverable)


@bp.post("/deliverables/<uuid:deliverable>/approve")
@requires(Permission.DELIVERABLE_RELEASE, deliverable=deliverables.find)
def approve(deliverable):
    with transaction():
        acting.approve(deliverable, by=me())
    return back(deliverable)


@bp.post("/deliverables/<uuid:deliverable>/send-back")
@requires(Permission.DELIVERABLE_RELEASE, deliverable=deliverables.find)
def send_back(deliverable):
    form = SendBackForm()
    if not form.validate_on_submit():
        return refused(deliverable, send_back_form=form)
    with transaction():
        acting.send_back(deliverable, reason=form.reason.data, by=me())
    return back(deliverable)


@bp.post("/deliverables/<uuid:deliverable>/review-notes")
@requires(Permission.DELIVERABLE_WRITE, deliverable=deliverables.find)
def remark(deliverable):
    form = RemarkForm()
    if not form.validate_on_submit():
        return refused(deliverable, remark_form=form)
    try:
        with transaction():
            acting.remark(deliverable, text=form.remark.data, page=form.page.data, by=me())
    except acting.NoSuchPage as refusal:
        form.page.errors = [say_refusal(refusal)]
        return refused(deliverable, remark_form=form)
    return back(deliverable, page=form.page.data)


@bp.post("/review-notes/<uuid:review_note>/settle")
@requires(Permission.DELIVERABLE_WRITE, review_note=reviews.find)
def settle(review_note):
    with transaction():
        acting.settle(review_note, by=me())
    return back(review_note.deliverable, page=review_note.page)


def back(deliverable: Deliverable, page: int | None = None) -> Any:
    """To the remarks: those on a page stand beside its picture, where there is one."""
    anchor = f"page-{page}" if page and deliverable.preview == "made" else "review"
    return redirect(url_for("deliverables.show", deliverable=deliverable.id, _anchor=anchor), 303)


def refused(deliverable: Deliverable, **forms: FlaskForm) -> Any:
    """The page again, with what was typed."""
    return render_template("deliverables/show.html", **deliverable_page.shown(deliverable, **forms)), 422
