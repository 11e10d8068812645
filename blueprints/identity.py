"""Who is signed in, and in which consultancy they stand in this request."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from tenants import credentials, sign_ins
from tenants.database import now, tenant_session
from tenants.models import SignIn
from tenants.permissions import Role

login_manager = LoginManager()
ASKED, SET_UP = "second_factor.ask", "second_factor.show"  # the pages between the password and everything else
STAYS_SIGNED_IN = timedelta(hours=12)  # absolute; idle sign-ins end after 30 minutes of no page (sign_ins.IDLE)


class Visitor(UserMixin):
    """The person behind this request; `get_id` is the random value in the cookie, never the person's id."""

    def __init__(self, token: str, sign_in: SignIn, *, has_second_factor: bool = False) -> None:
        self.token, self.sign_in, self.has_second_factor = token, sign_in, has_second_factor
        self.person = sign_in.person
        self.last_seen_at = sign_in.last_seen_at  # kept: after a commit the row would be read again for it

    def get_id(self) -> str:
        return self.token


@dataclass(frozen=True)
class Standing:
    """What the person is here: their role, and for members the consultancy (and employer) they act in.

    Behind a broken glass `membership_id` is the glass. `restricted`: a consultant who sees assigned clients only.
    """

    role: Role
    membership_id: UUID | None = None
    tenant_id: UUID | None = None
    client_id: UUID | None = None
    restricted: bool = False


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@login_manager.user_loader
def load(token: str) -> Visitor | None:
    found = sign_ins.find(hashed(token))
    return Visitor(token, found.sign_in, has_second_factor=found.has_second_factor) if found else None


def begin(person_id: UUID, device: str) -> None:
    """Sign the person in: a new random value each time, so a value known before signing in is worth nothing."""
    token = secrets.token_urlsafe(32)
    session.clear()
    sign_in = sign_ins.open_sign_in(
        person_id=person_id, token_sha256=hashed(token), until=now() + STAYS_SIGNED_IN, device=device
    )
    login_user(Visitor(token, sign_in))


def renew(*, second_factor: bool = False) -> None:
    """A new value in the cookie of the same sign-in: after a code was given, or the password changed."""
    token, sign_in = secrets.token_urlsafe(32), current_user.sign_in
    sign_ins.renew(sign_in, hashed(token), second_factor=second_factor)
    session.clear()
    login_user(Visitor(token, sign_in))


def memberships() -> list[sign_ins.MembershipFound]:
    """The consultancies the person may enter; asked of the database once a request."""
    if "memberships" not in g:
        g.memberships = sign_ins.memberships_of(current_user.person.id)
    return g.memberships


def needs_second_factor() -> bool:
    """Owners, administrators and operators do not work behind a password alone."""
    roles = [membership.role for membership in memberships()]
    return credentials.required_of(roles, operator=current_user.person.operator)


def way_in() -> str | None:
    """The page between the password and everything else, while the person still has to pass it."""
    if current_user.sign_in.second_factor_at:
        return None
    if current_user.has_second_factor:
        return ASKED
    return SET_UP if needs_second_factor() else None


def end() -> None:
    sign_ins.revoke(current_user.sign_in)
    logout_user()
    session.clear()


def standing() -> Standing:
    return g.standing


def me() -> UUID:
    """The membership that acts: the `by` of every verb."""
    return g.standing.membership_id


def restricted_to() -> UUID | None:
    """The member whose assignments limit what is seen here; None for everybody else."""
    return g.standing.membership_id if g.standing.restricted else None


def behind_glass() -> bool:
    return g.standing.role is Role.OPERATOR and g.standing.tenant_id is not None


def enter(slug: str) -> Standing | None:
    """Step into a consultancy by its name in the address; None when the person does not belong there.

    An operator who is also a member comes as the member.
    """
    person = current_user.person
    found = [one for one in memberships() if one.slug == slug]
    membership = next(iter(sorted(found, key=lambda one: one.role == Role.OPERATOR)), None)
    if membership is None or membership.role == Role.OPERATOR and not person.operator:
        return None
    g.tenant_name = membership.tenant_name
    tenant_session().enter(membership.tenant_id, client_id=membership.client_id)
    role, restricted = Role(membership.role), membership.restricted
    return Standing(role, membership.id, membership.tenant_id, membership.client_id, restricted)
