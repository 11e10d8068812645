"""Roles within a consultancy and leaving it. Whoever changes who belongs here waits for the others: one at a time."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from tenants import audit, turns
from tenants.database import db, now
from tenants.models import Membership, Person
from tenants.permissions import Role
from tenants.refusal import NotValid, Refusal
from tenants.sign_ins import memberships_of, revoke_all
from tenants.tokens import Token

RANK = {Role.CLIENT: 0, Role.CONSULTANT: 1, Role.ADMIN: 2, Role.OWNER: 3}
STAFF = (Role.OWNER, Role.ADMIN, Role.CONSULTANT)
OFFICE = (Role.OWNER, Role.ADMIN)
PARTS = ("sponsor", "coordinator", "jhsc")  # of a client user
LOCK = 4_500_102  # advisory lock, with the consultancy's id as its second half


class RankTooLow(Refusal):
    """Only an owner makes, changes, invites or sends away an owner; a consultant nobody."""

    status = 403


class RaisesThemselves(Refusal):
    """Nobody gives a higher role to themselves."""

    status = 403


class LastOwner(Refusal):
    """A consultancy never stands without an owner."""


class NotStaff(Refusal):
    """A client user stays a client user; a consultant is invited anew to become one."""


class NotAPart(NotValid):
    """Only a client user has a part, and there are three of them."""


class HasLeft(Refusal):
    """The member was off-boarded before."""


def one_at_a_time() -> None:
    """Who invites, changes and sends away members of one consultancy."""
    turns.one_at_a_time(LOCK)


def has_left(member: Membership, today: date) -> bool:
    return member.left_on is not None and member.left_on <= today


def acting(by: UUID, today: date) -> Membership:
    """Who acts, as they stand now and not when their page was opened. Raises RankTooLow."""
    wanted = sa.select(Membership).where(Membership.id == by).execution_options(populate_existing=True)
    member = db.session.scalar(wanted)
    if member is None or has_left(member, today) or member.role not in OFFICE:
        raise RankTooLow(member.role if member else "")
    return member


def refuse_outranked(actor: Membership, *roles: Role | str) -> None:
    if actor.role != Role.OWNER and Role.OWNER in roles:
        raise RankTooLow(actor.role)


def change_role(member: Membership, *, role: Role, by: UUID, today: date) -> None:
    """Give a colleague another role. Raises RankTooLow, RaisesThemselves, LastOwner, NotStaff, HasLeft."""
    one_at_a_time()
    actor = acting(by, today)
    db.session.refresh(member)
    if role not in STAFF or member.role not in STAFF:
        raise NotStaff(member.name)
    if has_left(member, today):
        raise HasLeft(member.name)
    if member.role == role:
        return
    if actor.id == member.id and RANK[role] > RANK[member.role]:
        raise RaisesThemselves(member.name)
    refuse_outranked(actor, member.role, role)
    refuse_last_owner(member, today)
    before, member.role = member.role, role
    db.session.flush()
    take_back_beyond(member, by=by)
    audit.record("member.role_changed", member, by=by, before=before, after=role)


def change_part(member: Membership, *, part: str, by: UUID, today: date) -> None:
    """Give a client user another part at their employer. Raises RankTooLow, NotAPart, HasLeft."""
    one_at_a_time()
    acting(by, today)
    db.session.refresh(member)
    if member.role != Role.CLIENT or part not in PARTS:
        raise NotAPart(member.name)
    if has_left(member, today):
        raise HasLeft(member.name)
    if member.client_part == part:
        return
    before, member.client_part = member.client_part, part
    db.session.flush()
    audit.record("member.part_changed", member, by=by, before=before, after=part)


def leave(member: Membership, *, by: UUID, today: date) -> None:
    """The member is off-boarded, from this moment. Sign-ins end with the last door they opened; invitations that were
    sent in this member's name are taken back. Raises RankTooLow, LastOwner, HasLeft."""
    one_at_a_time()
    actor = acting(by, today)
    db.session.refresh(member)
    if has_left(member, today):
        raise HasLeft(member.name)
    refuse_outranked(actor, member.role)
    refuse_last_owner(member, today)
    member.left_on = today
    db.session.flush()
    take_back_beyond(member, by=by, all_of_them=True)
    ended = end_sign_ins(member.person_id)
    audit.record("member.left", member, by=by, role=member.role, sign_ins_ended=ended)


def refuse_last_owner(member: Membership, today: date) -> None:
    others = sa.select(Membership.id).where(
        Membership.role == Role.OWNER,
        Membership.id != member.id,
        sa.or_(Membership.left_on.is_(None), Membership.left_on > today),
    )
    if member.role == Role.OWNER and db.session.scalars(others).first() is None:
        raise LastOwner(member.name)


def end_sign_ins(person_id: UUID) -> bool:
    """End every sign-in of a person to whom no door is left. Were they ended?"""
    person = db.session.get_one(Person, person_id)
    if person.partner_id or person.operator or memberships_of(person_id):
        return False
    revoke_all(person_id)
    return True


def take_back_beyond(member: Membership, *, by: UUID, all_of_them: bool = False) -> None:
    """Open invitations promise no more than their sender could still promise today."""
    promised = db.session.scalars(
        sa.select(Token).where(
            Token.purpose == "invitation",
            Token.tenant_id == member.tenant_id,
            Token.details["by"].astext == str(member.id),
            Token.used_at.is_(None),
            Token.revoked_at.is_(None),
        )
    )
    for invitation in promised:
        beyond = member.role not in OFFICE or RANK[Role(invitation.details["role"])] > RANK[Role(member.role)]
        if all_of_them or beyond:
            invitation.revoked_at = now()
            audit.record("invitation.taken_back", invitation, by=by)  # type: ignore[arg-type]
