"""A forgotten password: ask for a link, follow it from the mail, choose another password."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired

from blueprints.forms import line
from blueprints.guards import public
from blueprints.refusals import say_refusal
from tenants import resets, sign_ins, throttles
from tenants.database import transaction
from tenants.messages import BadAddress
from tenants.models import Person
from tenants.passwords import PasswordRefused
from tenants.resets import LinkIsDead

bp = Blueprint("reset", __name__, url_prefix="/reset")


class AskForm(FlaskForm):
    email = line(_l("Email"), required=True, longest=254, render_kw={"autocomplete": "username", "type": "email"})


class ChooseForm(FlaskForm):
    password = PasswordField(
        _l("New password"), [InputRequired(_l("This is needed."))], render_kw={"autocomplete": "new-password"}
    )


@bp.get("")
@public
def show():
    return render_template("reset/ask.html", form=AskForm())


@bp.post("")
@public
def ask():
    form = AskForm()
    if not form.validate_on_submit():
        return render_template("reset/ask.html", form=form), 422
    with transaction():
        throttles.take(throttles.RESET, account=form.email.data, address=request.remote_addr or "")
    try:
        with transaction():
            resets.ask(form.email.data, letter=link_letter)
    except BadAddress:
        form.email.errors = [_("This is not an email address.")]
        return render_template("reset/ask.html", form=form), 422
    return render_template("reset/sent.html")


@bp.get("/<link>")
@public
def choose(link):
    try:
        resets.find(link)
    except LinkIsDead as refusal:
        return _ask_again(refusal)
    return render_template("reset/choose.html", form=ChooseForm(), secret=link)


@bp.post("/<link>")
@public
def change(link):
    form = ChooseForm()
    try:
        person = resets.find(link)
        if form.validate_on_submit():
            with transaction():
                resets.use(link, new=form.password.data, about=firms_of(person), letter=changed_letter())
            flash(_("Your password is changed. Sign in with it."), "good")
            return redirect(url_for("sign_in.show"), 303)
    except LinkIsDead as refusal:
        return _ask_again(refusal)
    except PasswordRefused as refusal:
        form.password.errors = [say_refusal(refusal)]
    return render_template("reset/choose.html", form=form, secret=link), 422


def _ask_again(refusal: LinkIsDead) -> Any:
    flash(say_refusal(refusal), "bad")
    return redirect(url_for(".show"), 303)


def firms_of(person: Person) -> list[str]:
    """Names that make no password: the consultancies the person belongs to."""
    return [membership.tenant_name for membership in sign_ins.memberships_of(person.id)]


def public_address(path: str) -> str:
    """A full address for a mail: from the configured base alone, whatever host the request named."""
    return current_app.config["PUBLIC_BASE_URL"].rstrip("/") + path


def link_letter(secret: str) -> tuple[str, str]:
    link = public_address(url_for("reset.choose", link=secret))
    return _("Choose a new password"), _(
        "Somebody, probably you, asked for a new password.\n\n%(link)s\n\n"
        "The link works once and for one hour. If it was not you, do nothing: your password stays as it is.",
        link=link,
    )


def changed_letter() -> tuple[str, str]:
    return _("Your password was changed"), _(
        "Your password was changed just now, and you were signed out everywhere else.\n\n"
        "If it was not you, choose another one at once and tell the owner of your consultancy:\n\n%(link)s",
        link=public_address(url_for("reset.show")),
    )
