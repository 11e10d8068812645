"""Signing in, and finding the consultancies a person belongs to before any of them is entered."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tenants import messages, passwords, platform
from tenants.credentials import Credential
from tenants.database import db, now
from tenants.models import Person, SignIn
from tenants.refusal import NotValid

IDLE = timedelta(minutes=30)


class MembershipFound(NamedTuple):
    """What the database tells of a membership before its tenant is entered."""

    tenant_id: UUID
    id: UUID
    role: str
    client_id: UUID | None
    slug: str
    tenant_name: str
    restricted: bool  # a consultant who sees assigned clients only


class WrongPassword(NotValid):
    """The password asked for before a change is not the person's."""


class Found(NamedTuple):
    """A live sign-in, and whether its person has set up a second factor."""

    sign_in: SignIn
    has_second_factor: bool


def authenticate(email: str, password: str) -> Person | None:
    """The person whose address and password these are, or None; the work done is the same either way."""
    person = db.session.scalar(sa.select(Person).where(Person.email == email.strip().lower()))
    fits, newer = passwords.fits(password, person.password_hash if person else None)
    if not fits or person is None:
        return None
    if newer:
        person.password_hash = newer
    return person


def change_password(
    person: Person, *, old: str, new: str, about: list[str], staying: SignIn, letter: tuple[str, str]
) -> None:
    """A new password in place of the old one; everybody else who is signed in as this person is signed out."""
    fits, _newer = passwords.fits(old, person.password_hash)
    if not fits:
        raise WrongPassword
    set_password(person, new, about=about, letter=letter)
    revoke_all(person.id, but=staying.id)


def set_password(person: Person, new: str, *, about: list[str], letter: tuple[str, str]) -> None:
    """Raises PasswordRefused. The person is told by mail (subject and body of `letter`): it may not have been them."""
    passwords.refuse_weak(new, about=[person.name, person.email, *about])
    person.password_hash = passwords.hashed(new)
    subject, body = letter
    messages.write_for_platform(to_email=person.email, subject=subject, body=body)
    platform.note("person.password_changed", by=person.id)


def open_sign_in(*, person_id: UUID, token_sha256: bytes, until: datetime, device: str) -> SignIn:
    sign_in = SignIn(person_id=person_id, token_sha256=token_sha256, expires_at=until, device=device[:200])
    db.session.add(sign_in)
    db.session.flush()
    return sign_in


def find(token_sha256: bytes) -> Found | None:
    """The live sign-in behind a cookie: not revoked, not expired, not idle."""
    moment = now()
    row = db.session.execute(
        sa.select(
            SignIn,
            sa.exists().where(Credential.person_id == SignIn.person_id, Credential.confirmed_at.is_not(None)),
        )
        .options(joinedload(SignIn.person).joinedload(Person.partner))
        .where(
            SignIn.token_sha256 == token_sha256,
            SignIn.revoked_at.is_(None),
            SignIn.expires_at > moment,
            SignIn.last_seen_at > moment - IDLE,
        )
    ).first()
    return Found(row[0], row[1]) if row else None


def of_person(person_id: UUID) -> list[SignIn]:
    """Their live sign-ins, newest first."""
    moment = now()
    return list(
        db.session.scalars(
            sa.select(SignIn)
            .where(
                SignIn.person_id == person_id,
                SignIn.revoked_at.is_(None),
                SignIn.expires_at > moment,
                SignIn.last_seen_at > moment - IDLE,
            )
            .order_by(SignIn.created_at.desc())
        )
    )


def is_due(last_seen_at: datetime) -> bool:
    """Is it time to note that the person is still here? Once a minute is enough."""
    return now() - last_seen_at >= timedelta(minutes=1)


def note_seen(sign_in: SignIn) -> None:
    sign_in.last_seen_at = now()


def revoke(sign_in: SignIn) -> None:
    sign_in.revoked_at = now()


def revoke_all(person_id: UUID, *, but: UUID | None = None) -> None:
    """End every sign-in of a person, or every other one."""
    db.session.execute(
        sa.update(SignIn)
        .where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None), SignIn.id.is_distinct_from(but))
        .values(revoked_at=now())
    )


def renew(sign_in: SignIn, token_sha256: bytes, *, second_factor: bool) -> None:
    """The cookie of the time before is worth nothing from now on. `second_factor`: a code was given just now."""
    sign_in.token_sha256 = token_sha256
    if second_factor:
        sign_in.second_factor_at = now()
    db.session.flush()


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
