"""The person's own page: where they are signed in, their language, their theme."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import AnyOf, InputRequired, Optional

from blueprints import identity
from blueprints.guards import requires
from blueprints.page import role_word
from blueprints.refusals import say_refusal
from blueprints.reset import changed_letter
from blueprints.sign_in import within
from tenants import sign_ins, throttles
from tenants.database import transaction
from tenants.passwords import PasswordRefused
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


class PasswordForm(FlaskForm):
    old = PasswordField(
        _l("Password now"), [InputRequired(_l("This is needed."))], render_kw={"autocomplete": "current-password"}
    )
    new = PasswordField(
        _l("New password"), [InputRequired(_l("This is needed."))], render_kw={"autocomplete": "new-password"}
    )


@bp.get("")
@requires(Permission.ME)
def show():
    return _page(PasswordForm(formdata=None))


def _page(password_form: PasswordForm) -> str:
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
        {"name": membership.tenant_name, "role": role_word(membership.role)} for membership in identity.memberships()
    ]
    return render_template(
        "me/show.html", sign_ins=rows, memberships=memberships, form=password_form,
        has_second_factor=current_user.has_second_factor, needs_second_factor=identity.needs_second_factor(),
    )  # fmt: skip


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


@bp.post("/sign-ins/revoke-others")
@requires(Permission.ME)
def revoke_others():
    with transaction():
        sign_ins.revoke_all(current_user.person.id, but=current_user.sign_in.id)
    flash(_("You are signed out everywhere else."), "good")
    return redirect(url_for(".show"), 303)


@bp.post("/password")
@requires(Permission.ME)
def change_password():
    form = PasswordForm()
    if not form.validate_on_submit():
        return _page(form), 422
    person = current_user.person
    with transaction():
        taken = throttles.take(throttles.PASSWORD, account=person.email)
    try:
        with transaction():
            sign_ins.change_password(
                person, old=form.old.data, new=form.new.data, staying=current_user.sign_in,
                about=[membership.tenant_name for membership in identity.memberships()], letter=changed_letter(),
            )  # fmt: skip
            throttles.give_back(taken)
            identity.renew()
    except sign_ins.WrongPassword as refusal:
        form.old.errors = [say_refusal(refusal)]
        return _page(form), 422
    except PasswordRefused as refusal:
        form.new.errors = [say_refusal(refusal)]
        return _page(form), 422
    flash(_("Your password is changed. You are signed out everywhere else."), "good")
    return redirect(url_for(".show"), 303)
