"""A forgotten password: a link by mail that lets its reader choose another one, once, within the hour."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import sqlalchemy as sa

from tenants import messages, platform, sign_ins
from tenants.database import db, now
from tenants.models import Person, SignIn
from tenants.refusal import Refusal
from tenants.tokens import Token

RESET = "reset"
LASTS = timedelta(hours=1)


class LinkIsDead(Refusal):
    """The link was used, is too old, or the person signed in or changed their password after it was made."""


class _Nobody(Exception):
    """Undo what was written for an address that nobody has."""


def ask(email: str, *, letter: Callable[[str], tuple[str, str]]) -> None:
    """Write the person a mail with a link; `letter` makes subject and body of the link's secret part.

    For an address that nobody has, the same statements run and what they wrote is taken back: neither the answer nor
    the work done for it tells one from the other.
    """
    address = messages.plain_address(email)
    person = db.session.scalar(sa.select(Person).where(Person.email == address, Person.password_hash.is_not(None)))
    person_id = person.id if person else uuid4()
    binding = _binding(person, person_id)
    secret = secrets.token_urlsafe(32)
    subject, body = letter(secret)
    try:
        with db.session.begin_nested():
            db.session.execute(
                sa.update(Token)
                .where(Token.purpose == RESET, Token.person_id == person_id, Token.revoked_at.is_(None))
                .values(revoked_at=now())
            )
            db.session.add(
                Token(
                    purpose=RESET, token_sha256=_digest(secret), person_id=person.id if person else None,
                    email=address, binding=binding, expires_at=now() + LASTS,
                )
            )  # fmt: skip
            messages.write_for_platform(to_email=address, subject=subject, body=body)
            platform.note("person.reset_asked", by=None, person=person_id)
            db.session.flush()
            if person is None:
                raise _Nobody
    except _Nobody:
        return


def find(secret: str) -> Person:
    """Whose password the link changes. Raises LinkIsDead."""
    return _living(secret)[1]


def use(secret: str, *, new: str, about: list[str], letter: tuple[str, str]) -> None:
    """Choose the new password. Every sign-in of the person ends; the second factor is asked as ever."""
    token, person = _living(secret, lock=True)
    sign_ins.set_password(person, new, about=about, letter=letter)
    token.used_at = now()
    sign_ins.revoke_all(person.id)


def _living(secret: str, *, lock: bool = False) -> tuple[Token, Person]:
    wanted = sa.select(Token, Person).join(Person, Person.id == Token.person_id).where(
        Token.token_sha256 == _digest(secret), Token.purpose == RESET, Token.expires_at > now(),
        Token.used_at.is_(None), Token.revoked_at.is_(None),
    )  # fmt: skip
    row = db.session.execute(wanted.with_for_update() if lock else wanted).first()
    if row is None or not secrets.compare_digest(row[0].binding, _binding(row[1], row[1].id)):
        raise LinkIsDead
    return row[0], row[1]


def _binding(person: Person | None, person_id: object) -> bytes:
    """Password, address and last sign-in as they are now: the link dies with the first of them that changes."""
    latest = db.session.scalar(
        sa.select(SignIn.id).where(SignIn.person_id == person_id).order_by(SignIn.created_at.desc()).limit(1)
    )
    known = (person.password_hash, person.email) if person else (None, None)
    return hashlib.sha256(repr((*known, str(latest))).encode()).digest()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
