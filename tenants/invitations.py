"""Inviting by mail, and the day the invitation is taken up. A link lets one address in once, for seven days."""

import hashlib
import secrets
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tenants import audit, members, messages, passwords
from tenants.database import db, now, tenant_session
from tenants.models import Membership, Person, Tenant
from tenants.permissions import Role
from tenants.refusal import NotValid, Refusal
from tenants.tokens import Token

LASTS = timedelta(days=7)
FOREIGN_KEY_VIOLATION = "23503"  # PostgreSQL's SQLSTATE


class AlreadyMember(NotValid):
    """The address belongs to somebody who is a member today."""


class AlreadyInvited(NotValid):
    """An invitation to this address is open; it can be sent again or taken back."""


class NotOffered(NotValid):
    """No such role or part can be given by an invitation."""


class Closed(Refusal):
    """The invitation lets nobody in any more. `why`: used, expired, revoked."""


class OtherAddress(Refusal):
    """The invitation was sent to somebody else than the person who is signed in."""


class HasAccount(NotValid):
    """The address signs in already; who it belongs to proves it by signing in."""


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def invite(
    *,
    email: str,
    role: Role,
    secret: str,
    subject: str,
    body: str,
    by: UUID | None,
    today: date,
    client_id: UUID | None = None,
    client_part: str | None = None,
) -> Token:
    """Invite somebody into the entered consultancy, or into its portal for one employer. `secret` is what the link in
    `body` ends with; only its hash is kept. `by` is empty at the founding alone.

    Raises BadAddress, NotOffered, RankTooLow, AlreadyMember, AlreadyInvited.
    """
    members.one_at_a_time()
    if by is not None:
        members.refuse_outranked(members.acting(by, today), role)
    if (role == Role.CLIENT) != (client_id is not None) or (client_id is not None) != (client_part in members.PARTS):
        raise NotOffered(role)
    if role not in (*members.STAFF, Role.CLIENT):
        raise NotOffered(role)
    address = messages.plain_address(email)
    belongs = sa.select(Membership).join(Person, Person.id == Membership.person_id).where(Person.email == address)
    if any(not members.has_left(member, today) for member in db.session.scalars(belongs)):
        raise AlreadyMember(address)
    if any(one.email == address and one.expires_at > now() for one in still_open()):
        raise AlreadyInvited(address)
    grants = {"role": role, "client_id": client_id and str(client_id), "client_part": client_part}
    return _send(address, grants, secret=secret, subject=subject, body=body, by=by)


def send_again(invitation: Token, *, secret: str, subject: str, body: str, by: UUID, today: date) -> Token:
    """A new link for the same invitation; the old one opens nothing any more. Raises RankTooLow, Closed."""
    _held(invitation, by=by, today=today)
    invitation.revoked_at = now()
    grants = {name: invitation.details.get(name) for name in ("role", "client_id", "client_part")}
    return _send(invitation.email, grants, secret=secret, subject=subject, body=body, by=by)


def take_back(invitation: Token, *, by: UUID, today: date) -> None:
    """The link opens nothing any more. Raises RankTooLow, Closed."""
    _held(invitation, by=by, today=today)
    invitation.revoked_at = now()
    db.session.flush()
    audit.record("invitation.taken_back", invitation, by=by)  # type: ignore[arg-type]


def still_open(client_id: UUID | None = None) -> list[Token]:
    """Invitations of the entered consultancy that nobody took up or took back, run out ones too; newest first."""
    wanted = sa.select(Token).where(*_waiting()).order_by(Token.created_at.desc())
    if client_id is not None:
        wanted = wanted.where(Token.details["client_id"].astext == str(client_id))
    return list(db.session.scalars(wanted))


def find(invitation_id: UUID) -> Token | None:
    """One of them."""
    return db.session.scalar(sa.select(Token).where(Token.id == invitation_id, *_waiting()))


def by_secret(secret: str, *, lock: bool = False) -> Token | None:
    """The invitation behind a link, open or not; no consultancy is entered yet."""
    wanted = sa.select(Token).where(Token.purpose == "invitation", Token.token_sha256 == hashed(secret))
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(wanted)


def host_of(invitation: Token) -> Tenant:
    """The consultancy that invites."""
    return db.session.get_one(Tenant, invitation.tenant_id)


def refuse_closed(invitation: Token) -> None:
    """Raises Closed."""
    if invitation.used_at:
        raise Closed("used")
    if invitation.revoked_at or host_of(invitation).suspended_at:
        raise Closed("revoked")
    if invitation.expires_at <= now():
        raise Closed("expired")


def accept(secret: str, *, person_id: UUID, today: date) -> Membership:
    """Somebody who has an account takes the invitation up. Raises Closed, OtherAddress, AlreadyMember."""
    invitation = _taken(secret)
    person = db.session.get_one(Person, person_id)
    if person.email != invitation.email:
        raise OtherAddress(person.email)
    return _join(invitation, person, today)


def accept_as_new(secret: str, *, name: str, password: str, language: str, today: date) -> Membership:
    """Somebody new takes the invitation up, with a name and a password of their own.

    Raises Closed, HasAccount, and what `passwords.refuse_weak` says of the password.
    """
    invitation = _taken(secret)
    if db.session.scalar(sa.select(Person.id).where(Person.email == invitation.email)):
        raise HasAccount(invitation.email)
    passwords.refuse_weak(password, about=(invitation.email, name, host_of(invitation).name))
    person = Person(
        email=invitation.email,
        name=name,
        language="fr" if language == "fr" else "en",
        password_hash=passwords.hashed(password),
    )
    db.session.add(person)
    db.session.flush()
    return _join(invitation, person, today)


def _waiting() -> tuple[sa.ColumnElement[bool], ...]:
    ours = Token.tenant_id == tenant_session().tenant_id
    return ours, Token.purpose == "invitation", Token.used_at.is_(None), Token.revoked_at.is_(None)


def _held(invitation: Token, *, by: UUID, today: date) -> None:
    members.one_at_a_time()
    members.refuse_outranked(members.acting(by, today), invitation.details["role"])
    db.session.refresh(invitation, with_for_update=True)
    if invitation.used_at or invitation.revoked_at:
        raise Closed("used" if invitation.used_at else "revoked")


def _send(address: str, grants: dict[str, Any], *, secret: str, subject: str, body: str, by: UUID | None) -> Token:
    invitation = Token(
        purpose="invitation",
        token_sha256=hashed(secret),
        tenant_id=tenant_session().tenant_id,
        email=address,
        details=grants | {"by": by and str(by)},
        expires_at=now() + LASTS,
    )
    db.session.add(invitation)
    db.session.flush()
    messages.write(to_email=address, subject=subject, body=body)
    # Without the address: the trail is kept longer than a name may be.
    audit.record("invitation.sent", invitation, by=by, **grants)  # type: ignore[arg-type]
    return invitation


def _taken(secret: str) -> Token:
    """The invitation, held until the transaction ends, and its consultancy entered."""
    invitation = by_secret(secret, lock=True)
    if invitation is None or invitation.tenant_id is None:
        raise Closed("revoked")
    refuse_closed(invitation)
    tenant_session().enter(invitation.tenant_id)
    return invitation


def _join(invitation: Token, person: Person, today: date) -> Membership:
    """The membership, anew or again: somebody who comes back keeps what they wrote."""
    grants = invitation.details
    member = db.session.scalar(sa.select(Membership).where(Membership.person_id == person.id))
    if member is not None and not members.has_left(member, today):
        raise AlreadyMember(person.email)
    if member is None:
        member = Membership(person_id=person.id, name=person.name)
        db.session.add(member)
    member.role, member.client_part = Role(grants["role"]), grants["client_part"]
    member.client_id = UUID(grants["client_id"]) if grants["client_id"] else None
    member.joined_on, member.left_on = today, None
    try:
        db.session.flush()
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", "") != FOREIGN_KEY_VIOLATION:
            raise
        raise Closed("revoked") from error  # the employer is no longer a client
    invitation.used_at, invitation.person_id = now(), person.id
    db.session.flush()
    audit.record("member.joined", member, by=member.id, role=member.role, invitation=invitation.id)
    return member
