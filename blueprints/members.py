"""Who belongs to the consultancy: inviting, roles, leaving; and who reads for an employer."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import Optional

from blueprints.forms import choice, line, uuid_or_none
from blueprints.guards import requires
from blueprints.identity import me, standing
from blueprints.invitation import as_what, letter, link_of
from blueprints.page import capital, member_words
from blueprints.refusals import say_refusal
from consultancy.actions import members as acting
from consultancy.calendar import clock, today
from consultancy.models.client import Client
from consultancy.queries import clients, members
from consultancy.standards.words import say
from tenants import invitations, practices
from tenants import members as membership
from tenants.database import now, transaction
from tenants.invitations import AlreadyInvited, AlreadyMember
from tenants.members import OFFICE, PARTS, STAFF
from tenants.messages import BadAddress
from tenants.models import Membership
from tenants.permissions import Permission, Role
from tenants.tokens import Token

bp = Blueprint("members", __name__)


def word_for(role: str) -> str:
    return capital(say("roles", str(role), member_words()))


def roles_to_give() -> list[tuple[str, Any]]:
    """An owner gives every role, an administrator every one but the owner's."""
    offered = STAFF if standing().role is Role.OWNER else tuple(role for role in STAFF if role is not Role.OWNER)
    return [(role.value, word_for(role)) for role in reversed(offered)]


class InviteForm(FlaskForm):
    email = line(_l("Email"), required=True, longest=254, render_kw={"type": "email", "autocomplete": "off"})
    role = choice(_l("Role"), roles_to_give)


class InviteUserForm(FlaskForm):
    email = line(_l("Email"), required=True, longest=254, render_kw={"type": "email", "autocomplete": "off"})
    part = choice(_l("Part"), lambda: [(part, word_for(part)) for part in PARTS])


class RoleForm(FlaskForm):
    role = choice(_l("Role"), roles_to_give)


class PartForm(FlaskForm):
    part = choice(_l("Part"), lambda: [(part, word_for(part)) for part in PARTS])


class LeaveForm(FlaskForm):
    """The choices are the colleagues of the member who leaves."""

    successor = SelectField(_l("Open work goes to"), validators=[Optional()], choices=[])


@bp.get("/members")
@requires(Permission.MEMBER_READ)
def index():
    return list_of_members(InviteForm(formdata=None))


@bp.post("/members/invitations")
@requires(Permission.MEMBER_WRITE)
def invite():
    form = InviteForm()
    if form.validate_on_submit() and sent(form, role=Role(form.role.data)):
        return redirect(url_for(".index"), 303)
    return list_of_members(form), 422


@bp.get("/clients/<uuid:client>/users")
@requires(Permission.MEMBER_READ, client=clients.find)
def users(client):
    return list_of_users(client, InviteUserForm(formdata=None))


@bp.post("/clients/<uuid:client>/users")
@requires(Permission.MEMBER_WRITE, client=clients.find)
def invite_user(client):
    form = InviteUserForm()
    if form.validate_on_submit() and sent(form, role=Role.CLIENT, client_id=client.id, client_part=form.part.data):
        return redirect(url_for(".users", client=client.id), 303)
    return list_of_users(client, form), 422


@bp.post("/members/invitations/<uuid:invitation>/send-again")
@requires(Permission.MEMBER_WRITE, invitation=invitations.find)
def send_again(invitation):
    details = invitation.details
    mail = mail_for(role=details["role"], client_part=details["client_part"])
    with transaction():
        invitations.send_again(invitation, by=me(), today=today(), **mail)
    say_sent(invitation.email, mail["secret"])
    return redirect(back(invitation), 303)


@bp.post("/members/invitations/<uuid:invitation>/take-back")
@requires(Permission.MEMBER_WRITE, invitation=invitations.find)
def take_back(invitation):
    with transaction():
        invitations.take_back(invitation, by=me(), today=today())
    flash(_("The invitation was taken back; its link opens nothing any more."), "good")
    return redirect(back(invitation), 303)


@bp.get("/members/<uuid:member>")
@requires(Permission.MEMBER_WRITE, member=members.find)
def show(member):
    return page_of(member, RoleForm(formdata=None, data={"role": member.role}), LeaveForm(formdata=None))


@bp.post("/members/<uuid:member>/role")
@requires(Permission.MEMBER_WRITE, member=members.find)
def change_role(member):
    form = RoleForm()
    if not form.validate_on_submit():
        return page_of(member, form, LeaveForm(formdata=None)), 422
    with transaction():
        membership.change_role(member, role=Role(form.role.data), by=me(), today=today())
    flash(_("%(name)s: %(role)s.", name=member.name, role=word_for(member.role)), "good")
    return redirect(url_for(".index"), 303)


@bp.post("/members/<uuid:member>/part")
@requires(Permission.MEMBER_WRITE, member=members.find)
def change_part(member):
    form = PartForm()
    if not form.validate_on_submit():
        return page_of(member, RoleForm(formdata=None), LeaveForm(formdata=None), form), 422
    with transaction():
        membership.change_part(member, part=form.part.data, by=me(), today=today())
    flash(_("%(name)s: %(role)s.", name=member.name, role=word_for(form.part.data)), "good")
    return redirect(url_for(".users", client=member.client_id), 303)


@bp.post("/members/<uuid:member>/leave")
@requires(Permission.MEMBER_WRITE, member=members.find)
def leave(member):
    form = offering(LeaveForm(), member)
    role = RoleForm(formdata=None, data={"role": member.role})
    if not form.validate_on_submit():
        return page_of(member, role, form), 422
    successor = members.find(UUID(form.successor.data)) if form.successor.data else None
    try:
        with transaction():
            acting.off_board(member, successor=successor, by=me(), today=today())
    except (acting.SuccessorNeeded, acting.NotASuccessor) as refusal:
        form.successor.errors = [say_refusal(refusal)]
        return page_of(member, role, form), 422
    flash(_("%(name)s is off-boarded: signed out, and no longer let in here.", name=member.name), "good")
    return redirect(url_for("sign_in.choose" if member.id == me() else ".index"), 303)


def sent(form: Any, **grants: Any) -> bool:
    """Invite; what is wrong with the address is said beside it."""
    mail = mail_for(role=grants["role"], client_part=grants.get("client_part"))
    try:
        with transaction():
            invitation = invitations.invite(email=form.email.data, by=me(), today=today(), **(grants | mail))
    except (BadAddress, AlreadyMember, AlreadyInvited) as refusal:
        form.email.errors = [say_refusal(refusal)]
        return False
    say_sent(invitation.email, mail["secret"])
    return True


def mail_for(*, role: str, client_part: str | None) -> dict[str, str]:
    firm = practices.practice()
    return letter(
        secret=invitations.new_secret(), firm=firm.name, role=role, client_part=client_part, language=firm.language
    )


def say_sent(email: str, secret: str) -> None:
    """Where no mail leaves this machine the inviter carries the link; it is shown this once."""
    if current_app.config["SMTP_URL"]:
        flash(_("The invitation is on its way to %(email)s.", email=email), "good")
    else:
        flash(_("No mail server is set. Give this link to %(email)s yourself:", email=email), "warn")
        flash(link_of(secret), "message")


def back(invitation: Token) -> str:
    client_id = uuid_or_none(invitation.details["client_id"])
    return url_for(".users", client=client_id) if client_id else url_for(".index")


def list_of_members(form: InviteForm) -> str:
    everybody = members.listed()
    return render_template(
        "members/index.html",
        staff=[described(one) for one in everybody if one.member.client_id is None],
        users=[described(one) for one in everybody if one.member.client_id is not None],
        invitations=[waiting(one) for one in invitations.still_open()],
        form=form,
    )


def list_of_users(client: Client, form: InviteUserForm) -> str:
    return render_template(
        "members/users.html",
        client=client,
        users=[described(one) for one in members.users_of(client)],
        invitations=[waiting(one) for one in invitations.still_open(client.id)],
        form=form,
    )


def page_of(member: Membership, role: RoleForm, leaving: LeaveForm, part: PartForm | None = None) -> str:
    engagements = members.led_by(member)
    return render_template(
        "members/show.html",
        member=described(members.Listed(member, members.email_of(member), "")),
        role_form=role if member.role in STAFF else None,
        part_form=part or PartForm(formdata=None, data={"part": member.client_part}) if member.client_id else None,
        leave_form=offering(leaving, member),
        led=[{"title": one.title, "client": one.client.name} for one in engagements],
        assigned=len(members.assignments_of(member)),
    )


def offering(form: LeaveForm, member: Membership) -> LeaveForm:
    colleagues = members.colleagues(member, today())
    form.successor.choices = [("", _("Nobody")), *((str(one.id), one.name) for one in colleagues)]
    return form


def described(one: members.Listed) -> dict[str, Any]:
    member = one.member
    return {
        "id": member.id,
        "name": member.name,
        "email": one.email,
        "role": as_what(member.role, member.client_part, member_words()),
        "office": member.role in OFFICE,
        "employer": one.employer,
        "designations": member.designations,
        "joined_on": member.joined_on,
        "left_on": member.left_on if membership.has_left(member, today()) else None,
        "me": member.id == me(),
        "url": url_for(".show", member=member.id),
    }


def waiting(invitation: Token) -> dict[str, Any]:
    details = invitation.details
    return {
        "id": invitation.id,
        "email": invitation.email,
        "role": as_what(details["role"], details["client_part"], member_words()),
        "until": clock(invitation.expires_at),
        "run_out": invitation.expires_at <= now(),
    }
