"""The second factor: asked after the password, set up with an app, turned off with a code."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import HiddenField

from blueprints import identity
from blueprints.forms import line
from blueprints.guards import requires
from blueprints.identity import ASKED, SET_UP
from blueprints.refusals import say_refusal
from blueprints.sign_in import within
from tenants import credentials, throttles
from tenants.credentials import WrongCode
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("second_factor", __name__)


class CodeForm(FlaskForm):
    code = line(_l("Code"), required=True, longest=20, render_kw={"autocomplete": "one-time-code"})
    next = HiddenField()


@bp.get("/sign-in/code")
@requires(Permission.ME, half_way=(ASKED,))
def ask():
    if identity.way_in() is None:
        return redirect(url_for("sign_in.choose"), 303)
    return render_template("second_factor/ask.html", form=CodeForm(data={"next": request.args.get("next", "")}))


@bp.post("/sign-in/code")
@requires(Permission.ME, half_way=(ASKED,))
def give():
    if identity.way_in() is None:
        return redirect(url_for("sign_in.choose"), 303)
    form = CodeForm()
    if form.validate_on_submit() and _tried(form, _let_in):
        return redirect(within(form.next.data) or url_for("sign_in.choose"), 303)
    return render_template("second_factor/ask.html", form=form), 422


@bp.get("/me/second-factor")
@requires(Permission.ME, half_way=(SET_UP,))
def show():
    return _page(CodeForm(formdata=None))


@bp.post("/me/second-factor")
@requires(Permission.ME, half_way=(SET_UP,))
def begin():
    with transaction():
        credentials.set_up(current_user.person.id)
    return redirect(url_for(".show"), 303)


@bp.post("/me/second-factor/confirm")
@requires(Permission.ME, half_way=(SET_UP,))
def confirm():
    if current_user.has_second_factor or credentials.of_person(current_user.person.id) is None:
        return redirect(url_for(".show"), 303)  # nothing waits to be confirmed
    form = CodeForm()
    codes = form.validate_on_submit() and _tried(form, _confirm)
    return render_template("second_factor/codes.html", codes=codes) if codes else (_page(form), 422)


@bp.post("/me/second-factor/recovery-codes")
@requires(Permission.ME)
def renew():
    if not current_user.has_second_factor:
        return redirect(url_for(".show"), 303)
    form = CodeForm()
    codes = form.validate_on_submit() and _tried(form, credentials.renew_recovery_codes)
    return render_template("second_factor/codes.html", codes=codes) if codes else (_page(form, "renew"), 422)


@bp.post("/me/second-factor/off")
@requires(Permission.ME)
def turn_off():
    if not current_user.has_second_factor:
        return redirect(url_for(".show"), 303)
    form = CodeForm()
    if not (form.validate_on_submit() and _tried(form, _turn_off)):
        return _page(form, "off"), 422
    flash(_("The second factor is off. Your password alone signs you in."), "warn")
    return redirect(url_for(".show"), 303)


def _tried(form: CodeForm, verb: Any) -> Any:
    """What the verb answers to the typed code; None when it is wrong. Every wrong one counts."""
    person_id, email = current_user.person.id, current_user.person.email
    with transaction():
        taken = throttles.take(throttles.SECOND_FACTOR, account=email)
    try:
        with transaction():
            answer = verb(person_id, form.code.data)
            throttles.give_back(taken)
    except WrongCode as refusal:
        form.code.errors = [say_refusal(refusal)]
        return None
    return answer


def _let_in(person_id: Any, code: str) -> bool:
    credentials.accept(person_id, code)
    identity.renew(second_factor=True)
    return True


def _confirm(person_id: Any, code: str) -> list[str]:
    codes = credentials.confirm(person_id, code)
    identity.renew(second_factor=True)
    return codes


def _turn_off(person_id: Any, code: str) -> bool:
    credentials.turn_off(person_id, code)
    return True


def _page(form: CodeForm, pressed: str = "confirm") -> str:
    """`pressed`: which of the page's forms was sent, so that its errors stand there and not elsewhere."""
    person, required = current_user.person, identity.needs_second_factor()
    found = credentials.of_person(person.id)
    waiting = found and not found.confirmed_at
    return render_template(
        "second_factor/show.html",
        forms={name: form if name == pressed else CodeForm(formdata=None) for name in ("confirm", "renew", "off")},
        required=required,
        half_way=identity.way_in() is not None,
        in_force=bool(found and found.confirmed_at),
        recovery_codes_left=len(found.recovery_sha256) if found else 0,
        secret=credentials.in_groups(found.totp_secret) if found and waiting else "",
        address=credentials.address(found.totp_secret, person.email) if found and waiting else "",
    )
