"""The page behind an invitation's link, and the mail that brings it."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired

from blueprints import identity
from blueprints.forms import line
from blueprints.guards import public
from blueprints.page import capital, member_words
from blueprints.refusals import say_refusal
from blueprints.reset import public_address
from consultancy.calendar import today
from consultancy.standards.words import say
from tenants import invitations
from tenants.database import transaction
from tenants.invitations import AlreadyMember, Closed, HasAccount
from tenants.passwords import PasswordRefused
from tenants.permissions import Role

bp = Blueprint("invitation", __name__, url_prefix="/invitation")


class JoinForm(FlaskForm):
    name = line(_l("Your name"), required=True, render_kw={"autocomplete": "name"})
    password = PasswordField(
        _l("Choose a password"),
        [InputRequired(_l("This is needed."))],
        render_kw={"autocomplete": "new-password"},
        description=_l("15 characters or more. Several words that have nothing to do with each other make a good one."),
    )


@bp.get("/<secret>")
@public
def show(secret):
    invitation = invitations.by_secret(secret) or abort(404)
    try:
        invitations.refuse_closed(invitation)
    except Closed as refusal:
        return closed(refusal)
    return way_in() or page_of(secret, invitation, JoinForm(formdata=None))


@bp.post("/<secret>")
@public
def accept(secret):
    """Whoever is signed in joins as they are; nobody is asked for a password they have."""
    invitation = invitations.by_secret(secret) or abort(404)
    firm = invitations.host_of(invitation).name
    joining = way_in() or (join_as_known(secret) if current_user.is_authenticated else None)
    if joining is not None:
        return joining
    form = JoinForm()
    try:
        invitations.refuse_closed(invitation)
        if not form.validate_on_submit():
            return page_of(secret, invitation, form), 422
        with transaction():
            member = invitations.accept_as_new(
                secret,
                name=form.name.data,
                password=form.password.data,
                language=str(get_locale())[:2],
                today=today(),
            )
            identity.begin(member.person_id, request.user_agent.string)
    except Closed as refusal:
        return closed(refusal)
    except (PasswordRefused, HasAccount) as refusal:
        form.password.errors = [say_refusal(refusal)]
        return page_of(secret, invitations.by_secret(secret), form), 422
    flash(_("Welcome to %(firm)s.", firm=firm), "good")
    return redirect(url_for("sign_in.choose"), 303)


def join_as_known(secret: str) -> Any:
    invitation = invitations.by_secret(secret)
    if invitation is None or invitation.email != current_user.person.email:
        return redirect(url_for(".show", secret=secret), 303)  # where it says whose it is not
    try:
        with transaction():
            invitations.accept(secret, person_id=current_user.person.id, today=today())
    except (Closed, AlreadyMember) as refusal:
        return closed(refusal)
    flash(_("You joined. Choose where to work."), "good")
    return redirect(url_for("sign_in.choose"), 303)


def way_in() -> Any:
    """Somebody who gave the password and still owes the second factor gives it first."""
    unfinished = identity.way_in() if current_user.is_authenticated else None
    return redirect(url_for(unfinished, next=request.path), 303) if unfinished else None


def page_of(secret: str, invitation: Any, form: JoinForm) -> str:
    """The same page whether the address has an account or not."""
    details = invitation.details
    return render_template(
        "invitation/show.html",
        secret=secret,
        firm=invitations.host_of(invitation).name,
        email=invitation.email,
        part=as_what(details["role"], details["client_part"], member_words()),
        form=form,
        signed_in=current_user.is_authenticated,
        theirs=current_user.is_authenticated and current_user.person.email == invitation.email,
    )


def closed(refusal: Exception) -> tuple[str, int]:
    return render_template("invitation/closed.html", sentence=say_refusal(refusal)), 409  # type: ignore[arg-type]


def as_what(role: str, client_part: str | None, language: str) -> str:
    """The word for what somebody is here; a client user is called by their part."""
    return capital(say("roles", client_part if role == Role.CLIENT and client_part else str(role), language))


def link_of(secret: str) -> str:
    """The full address; built without a request too, for the command line."""
    return public_address(current_app.url_map.bind("localhost").build("invitation.show", {"secret": secret}))


def letter(*, secret: str, firm: str, role: str, client_part: str | None, language: str) -> dict[str, str]:
    """The mail, in the language of those who invite."""
    with force_locale(language):
        subject = _("%(firm)s invites you", firm=firm)
        body = _(
            "%(firm)s invites you to work with them here: %(part)s.\n\n%(link)s\n\n"
            "The link is yours alone. It works once, for seven days. "
            "If you do not know %(firm)s, do nothing and nothing will happen.",
            firm=firm,
            part=as_what(role, client_part, language),
            link=link_of(secret),
        )
    return {"secret": secret, "subject": subject, "body": body}
