"""Signing in, and finding the consultancies a person belongs to before any of them is entered."""

from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.orm import joinedload

from tenants.database import db, now
from tenants.models import Person, SignIn

IDLE = timedelta(minutes=30)
passwords = PasswordHash((Argon2Hasher(),))


class MembershipFound(NamedTuple):
    """What the database tells of a membership before its tenant is entered."""

    tenant_id: UUID
    id: UUID
    role: str
    client_id: UUID | None
    slug: str
    tenant_name: str
    restricted: bool  # a consultant who sees assigned clients only


@cache
def _nobody() -> str:
    """A hash that fits no password: an unknown address costs the same work as a wrong password."""
    return passwords.hash("a password that nobody has")


def authenticate(email: str, password: str) -> Person | None:
    """The person whose address and password these are, or None; the work done is the same either way."""
    person = db.session.scalar(sa.select(Person).where(Person.email == email.strip().lower()))
    known = person.password_hash if person and person.password_hash else _nobody()
    fits, rehashed = passwords.verify_and_update(password, known)
    if not fits or person is None or not person.password_hash:
        return None
    if rehashed:
        person.password_hash = rehashed
    return person


def open_sign_in(*, person_id: UUID, token_sha256: bytes, until: datetime, device: str) -> SignIn:
    sign_in = SignIn(person_id=person_id, token_sha256=token_sha256, expires_at=until, device=device[:200])
    db.session.add(sign_in)
    db.session.flush()
    return sign_in


def find(token_sha256: bytes) -> SignIn | None:
    """The live sign-in behind a cookie: not revoked, not expired, not idle."""
    moment = now()
    return db.session.scalar(
        sa.select(SignIn)
        .options(joinedload(SignIn.person).joinedload(Person.partner))
        .where(
            SignIn.token_sha256 == token_sha256,
            SignIn.revoked_at.is_(None),
            SignIn.expires_at > moment,
            SignIn.last_seen_at > moment - IDLE,
        )
    )


def of_person(person_id: UUID) -> list[SignIn]:
    """Their live sign-ins, newest first."""
    return list(
        db.session.scalars(
            sa.select(SignIn)
            .where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None), SignIn.expires_at > now())
            .order_by(SignIn.created_at.desc())
        )
    )


def seen(sign_in: SignIn) -> bool:
    """Note that the person is still here; once a minute is enough. True when there is something to commit."""
    if now() - sign_in.last_seen_at < timedelta(minutes=1):
        return False
    sign_in.last_seen_at = now()
    return True


def revoke(sign_in: SignIn) -> None:
    sign_in.revoked_at = now()


def memberships_of(person_id: UUID) -> list[MembershipFound]:
    """Every consultancy the person may enter today (a dispatch function: no tenant is entered yet)."""
    rows = db.session.execute(sa.text("select * from memberships_of(:person)"), {"person": person_id})
    return [MembershipFound(*row) for row in rows]


def membership_of(person_id: UUID, slug: str) -> MembershipFound | None:
    return next((membership for membership in memberships_of(person_id) if membership.slug == slug), None)


class BoardRow(NamedTuple):
    """All a partner ever sees of an engagement."""

    employer: str
    consultancy: str
    stage: str
    dates: dict[str, str | None]
    band: str
    released: bool


def partner_board(person_id: UUID) -> list[BoardRow]:
    """The engagements whose employers consented today; consent and expiry are decided inside the database."""
    rows = db.session.execute(sa.text("select * from partner_board(:person)"), {"person": person_id})
    return [BoardRow(*row) for row in rows]


def prefer(person: Person, *, language: str | None = None, theme: str | None = None) -> None:
    """The language and the look a person reads pages in."""
    person.language = language or person.language
    person.theme = theme or person.theme
