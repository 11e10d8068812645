"""Signing in and out, and choosing where to go."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired

from blueprints import identity
from blueprints.forms import line
from blueprints.guards import public, requires
from blueprints.identity import ASKED, SET_UP
from tenants import sign_ins, throttles
from tenants.database import transaction
from tenants.permissions import Permission, Role

bp = Blueprint("sign_in", __name__)


class SignInForm(FlaskForm):
    email = line(_l("Email"), required=True, longest=254, render_kw={"autocomplete": "username", "type": "email"})
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("This is needed."))],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


@bp.get("/sign-in")
@public
def show():
    form = SignInForm(data={"next": request.args.get("next", "")})
    return render_template("sign_in/sign_in.html", form=form, refused=None)


@bp.post("/sign-in")
@public
def enter():
    form = SignInForm()
    if form.validate_on_submit():
        email = form.email.data
        with transaction():  # counted before the password is looked at, and whatever becomes of this request
            taken = throttles.take(throttles.SIGN_IN, account=email, address=request.remote_addr or "")
        with transaction():
            person = sign_ins.authenticate(email, form.password.data)
            if person:
                throttles.give_back(taken)
                throttles.clear(throttles.SIGN_IN, email)
                identity.begin(person.id, request.user_agent.string)
        if person:
            return redirect(within(form.next.data) or url_for(".choose"), 303)
        return render_template(
            "sign_in/sign_in.html", form=form, refused=_("Email and password do not fit together.")
        ), 422
    return render_template("sign_in/sign_in.html", form=form, refused=None), 422


@bp.post("/sign-out")
@requires(Permission.ME, half_way=(ASKED, SET_UP))
def leave():
    with transaction():
        identity.end()
    flash(_("You are signed out."))
    return redirect(url_for(".show"), 303)


@bp.get("/")
@requires(Permission.ME)
def choose():
    """One door opens by itself; with several, the person chooses."""
    doors = [
        {
            "name": membership.tenant_name,
            "line": door_line(membership),
            "kind": "portal" if membership.client_id else "firm",
            "url": url_for("portal.index" if membership.client_id else "clients.index", tenant_slug=membership.slug),
        }
        for membership in identity.memberships()
    ]
    if current_user.person.partner:
        doors.append(
            {
                "name": current_user.person.partner.name,
                "line": _("Partner window"),
                "kind": "partner",
                "url": url_for("partner.index"),
            }
        )
    if current_user.person.operator:
        doors.append(
            {"name": _("The platform"), "line": _("Operator"), "kind": "platform", "url": url_for("ops.index")}
        )
    if len(doors) == 1:
        return redirect(doors[0]["url"], 303)
    return render_template("sign_in/choose.html", doors=doors)


def door_line(membership: sign_ins.MembershipFound) -> str:
    if membership.role == Role.OPERATOR:
        return _("Reading only, for an hour")
    return _("Client portal") if membership.client_id else _("Consultancy")


def within(address: str | None) -> str | None:
    """The address when it is a path of this site and nothing cleverer; browsers read `\\` and `//` as another host."""
    if not address or not address.startswith("/") or address.startswith("//") or "\\" in address:
        return None
    if any(ord(character) < 33 or ord(character) == 127 for character in address):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address
