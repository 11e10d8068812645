"""Who is signed in, and in which consultancy they stand in this request."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from tenants import sign_ins
from tenants.database import now, tenant_session
from tenants.models import SignIn
from tenants.permissions import Role

login_manager = LoginManager()
STAYS_SIGNED_IN = timedelta(hours=12)  # absolute; idle sign-ins end after 30 minutes of no page (sign_ins.IDLE)


class Visitor(UserMixin):
    """The person behind this request; `get_id` is the random value in the cookie, never the person's id."""

    def __init__(self, token: str, sign_in: SignIn) -> None:
        self.token, self.sign_in = token, sign_in
        self.person = sign_in.person

    def get_id(self) -> str:
        return self.token


@dataclass(frozen=True)
class Standing:
    """What the person is here: their role, and for members the consultancy (and employer) they act in."""

    role: Role
    membership_id: UUID | None = None
    tenant_id: UUID | None = None
    client_id: UUID | None = None


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@login_manager.user_loader
def load(token: str) -> Visitor | None:
    sign_in = sign_ins.find(hashed(token))
    return Visitor(token, sign_in) if sign_in else None


def begin(person_id: UUID, device: str) -> None:
    """Sign the person in: a new random value each time, so a value known before signing in is worth nothing."""
    token = secrets.token_urlsafe(32)
    session.clear()
    sign_in = sign_ins.open_sign_in(
        person_id=person_id, token_sha256=hashed(token), until=now() + STAYS_SIGNED_IN, device=device
    )
    login_user(Visitor(token, sign_in))


def end() -> None:
    sign_ins.revoke(current_user.sign_in)
    logout_user()
    session.clear()


def standing() -> Standing:
    return g.standing


def me() -> UUID:
    """The membership that acts: the `by` of every verb."""
    return g.standing.membership_id


def enter(slug: str) -> Standing | None:
    """Step into a consultancy by its name in the address; None when the person does not belong there."""
    membership = sign_ins.membership_of(current_user.person.id, slug)
    if membership is None:
        return None
    g.tenant_name = membership.tenant_name
    tenant_session().enter(membership.tenant_id, client_id=membership.client_id)
    return Standing(Role(membership.role), membership.id, membership.tenant_id, membership.client_id)
