"""Keeping the filter of a list under a name. It is the member's own; an address is shared by sending it."""

from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from blueprints import lists
from blueprints.forms import line
from blueprints.guards import requires
from blueprints.identity import me
from consultancy.actions import saved_filters as acting
from consultancy.queries import engagements
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("saved_filters", __name__)

LISTS = {"findings": "findings.index", "corrective_actions": "corrective_actions.index"}
LONGEST_NAME, LONGEST_QUERY = 40, 500


class FilterForm(FlaskForm):
    name = line("", longest=LONGEST_NAME)
    query = line("", longest=LONGEST_QUERY)


@bp.post("/engagements/<uuid:engagement>/filters/<list_name>")
@requires(Permission.FINDING_WRITE, engagement=engagements.find)
def change(engagement, list_name):
    """One of save, default and remove: which button was pressed."""
    if list_name not in LISTS:
        abort(404)
    form, button = FilterForm(), request.form.get("do", "save")
    if not form.validate_on_submit() or button not in ("save", "default", "remove"):
        abort(422)
    query = {name: value for name, value in parse_qsl(form.query.data) if name in lists.NAMES}
    with transaction():
        if button == "save":
            acting.save_filter(list_name, name=form.name.data, query=urlencode(query), by=me())
        elif button == "default":
            acting.make_default(list_name, name=form.name.data, by=me())
        else:
            acting.remove_filter(list_name, name=form.name.data, by=me())
    flash(
        {
            "save": _("The filter is kept as “%(name)s”.", name=form.name.data),
            "default": _("The list opens with another view from now on."),
            "remove": _("“%(name)s” was taken off the list of filters.", name=form.name.data),
        }[button],
        "good",
    )
    return redirect(
        url_for(LISTS[list_name], engagement=engagement.id, **(query or {lists.EVERYTHING: "1"})), 303
    )
