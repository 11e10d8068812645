"""What is said about a released document, by the employer's people in the portal and by the consultancy."""

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user

from blueprints import deliverable_page
from blueprints import portal as portal_pages
from blueprints.deliverable_page import CommentForm
from blueprints.guards import requires
from blueprints.identity import me
from consultancy.actions import comments
from consultancy.models.deliverable import Deliverable
from consultancy.queries import deliverables, portal
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("comments", __name__)


@bp.post("/deliverables/<uuid:deliverable>/comments")
@requires(Permission.DELIVERABLE_WRITE, deliverable=deliverables.find)
def answer(deliverable):
    form = CommentForm()
    if not form.validate_on_submit():
        return render_template("deliverables/show.html", **deliverable_page.shown(deliverable, comment_form=form)), 422
    say(deliverable, form)
    return redirect(url_for("deliverables.show", deliverable=deliverable.id, _anchor="comments"), 303)


@bp.post("/portal/deliverables/<uuid:deliverable>/comments")
@requires(Permission.PORTAL_COMMENT, deliverable=portal.find_released)
def comment(deliverable):
    form = CommentForm()
    if not form.validate_on_submit():
        return portal_pages.page_of(deliverable, form), 422
    say(deliverable, form)
    return redirect(url_for("portal.show", deliverable=deliverable.id, _anchor="comments"), 303)


def say(deliverable: Deliverable, form: CommentForm) -> None:
    with transaction():
        comments.comment(deliverable, text=form.text.data, by=me(), by_name=current_user.person.name)
