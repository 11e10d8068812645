"""The person's own page: where they are signed in, their language, their theme."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import AnyOf, Optional

from blueprints.guards import requires
from blueprints.page import role_word
from blueprints.sign_in import within
from tenants import sign_ins
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("me", __name__, url_prefix="/me")


# The first mark found counts: each browser also names those it wants to be taken for.
BROWSERS = (("Firefox/", "Firefox"), ("Edg", "Edge"), ("Chrom", "Chrome"), ("CriOS", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


class PreferencesForm(FlaskForm):
    language = StringField(validators=[Optional(), AnyOf(("en", "fr"))])
    theme = StringField(validators=[Optional(), AnyOf(("auto", "light", "dark"))])
    next = StringField(validators=[Optional()])


@bp.get("")
@requires(Permission.ME)
def show():
    rows = [
        {
            "id": row.id,
            "device": device_words(row.device),
            "since": f"{row.created_at:%Y-%m-%d %H:%M}",
            "last_seen": f"{row.last_seen_at:%Y-%m-%d %H:%M}",
            "current": row.id == current_user.sign_in.id,
        }
        for row in sign_ins.of_person(current_user.person.id)
    ]
    memberships = [
        {"name": membership.tenant_name, "role": role_word(membership.role)}
        for membership in sign_ins.memberships_of(current_user.person.id)
    ]
    return render_template("me/show.html", sign_ins=rows, memberships=memberships)


def device_words(user_agent: str) -> str:
    """Enough to recognise one's own browser in a list; what it calls itself is long and untrue."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system


@bp.post("/preferences")
@requires(Permission.ME)
def preferences():
    form = PreferencesForm()
    if not form.validate_on_submit():
        abort(422)
    with transaction():
        sign_ins.prefer(current_user.person, language=form.language.data, theme=form.theme.data)
    return redirect(within((form.next.data or "").rstrip("?")) or url_for(".show"), 303)


@bp.post("/sign-ins/<uuid:sign_in>/revoke")
@requires(Permission.ME)
def revoke(sign_in):
    row = next((row for row in sign_ins.of_person(current_user.person.id) if row.id == sign_in), None) or abort(404)
    with transaction():
        sign_ins.revoke(row)
    return redirect(url_for(".show"), 303)
