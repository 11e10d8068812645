"""The second factor: a time-based code (RFC 6238), and recovery codes for the day the phone is lost."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tenants import messages, platform
from tenants.database import db, now
from tenants.models import Person, SignIn
from tenants.permissions import Role
from tenants.refusal import NotValid, Refusal

STEP_SECONDS, DIGITS = 30, 6
SKEW = (0, -1, 1)  # steps: a phone's clock may be half a minute off
SECRET_BYTES = 20
RECOVERY_CODES = 10
ISSUER = "OHS consultancy"
REQUIRED_OF = frozenset((Role.OWNER, Role.ADMIN, Role.OPERATOR))


class Credential(db.Model):
    """A person's authenticator. Not in force until `confirmed_at`; `last_step` makes every code good for once."""

    __tablename__ = "credential"
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    totp_secret: Mapped[str] = mapped_column(sa.String(64))
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    recovery_sha256: Mapped[list[Any]] = mapped_column(JSONB, default=list)  # hex digests of codes not used yet


class WrongCode(NotValid):
    """The code is not the one of this moment, or it was used already."""


class NothingSetUp(Refusal):
    """The person has no second factor."""


class AlreadySetUp(Refusal):
    """A second factor is in force; it is turned off first, with a code."""


def required_of(roles: Iterable[str], *, operator: bool) -> bool:
    return operator or any(Role(role) in REQUIRED_OF for role in roles)


def code_at(secret: str, step: int) -> str:
    """The six digits of one step (RFC 4226, section 5.3, over SHA-1 as every authenticator app reads it)."""
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8), "sha1")
    at = digest[-1] & 15
    number = int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_at(moment: datetime) -> int:
    return int(moment.timestamp()) // STEP_SECONDS


def of_person(person_id: UUID) -> Credential | None:
    """The person's authenticator, confirmed or still being set up."""
    return db.session.get(Credential, person_id)


def set_up(person_id: UUID) -> Credential:
    """A new secret for the person's app. It counts for nothing until a code proves that the app has it."""
    found = _locked(person_id)
    if found and found.confirmed_at:
        raise AlreadySetUp
    if found is None:
        found = Credential(person_id=person_id)
        db.session.add(found)
    found.totp_secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
    found.last_step, found.recovery_sha256 = 0, []
    db.session.flush()
    return found


def confirm(person_id: UUID, typed: str) -> list[str]:
    """The app has the secret: from now on a code is asked. Answers the recovery codes, which nobody sees again."""
    found = _locked(person_id)
    if found is None or found.confirmed_at or not _fits_now(found, typed):
        raise WrongCode
    found.confirmed_at = now()
    platform.note("second_factor.set_up", by=person_id)
    return _renew(found)


def install(person_id: UUID, *, secret: str) -> None:
    """A secret that is known beforehand, in force at once and without recovery codes: for a practice to try out."""
    db.session.add(Credential(person_id=person_id, totp_secret=secret, confirmed_at=now(), recovery_sha256=[]))
    db.session.flush()


def code_now(secret: str) -> str:
    return code_at(secret, step_at(now()))


def accept(person_id: UUID, typed: str) -> None:
    """Take a code of the app or a recovery code, once; raise WrongCode else."""
    found = _locked(person_id)
    if found is None or not found.confirmed_at:
        raise WrongCode
    if not _fits_now(found, typed) and not _recovers(found, typed):
        raise WrongCode


def renew_recovery_codes(person_id: UUID, typed: str) -> list[str]:
    accept(person_id, typed)
    found = _locked(person_id)
    if found is None:
        raise WrongCode
    platform.note("second_factor.recovery_codes_renewed", by=person_id)
    return _renew(found)


def turn_off(person_id: UUID, typed: str) -> None:
    """The app no longer counts, and no sign-in has passed a second factor any more: whoever needs one sets it up anew,
    with another phone for example."""
    accept(person_id, typed)
    db.session.execute(sa.delete(Credential).where(Credential.person_id == person_id))
    db.session.execute(sa.update(SignIn).where(SignIn.person_id == person_id).values(second_factor_at=None))
    platform.note("second_factor.turned_off", by=person_id)


def take_off(person: Person, *, reason: str, letter: tuple[str, str]) -> None:
    """The phone and the recovery codes are lost: the factor goes, every sign-in ends, and the person is told.

    Done by whoever runs the platform, who has seen that it is the person. Not by an owner: a person may belong to
    several consultancies, and one of them would open the others. Raises NothingSetUp, NoReason.
    """
    if not reason.strip():
        raise platform.NoReason
    found = _locked(person.id)
    if found is None or not found.confirmed_at:
        raise NothingSetUp(person.email)
    db.session.execute(sa.delete(Credential).where(Credential.person_id == person.id))
    ended = sa.update(SignIn).where(SignIn.person_id == person.id, SignIn.revoked_at.is_(None))
    db.session.execute(ended.values(revoked_at=now()))
    subject, body = letter
    messages.write_for_platform(to_email=person.email, subject=subject, body=body)
    platform.note("second_factor.taken_off", by=None, person=person.id, reason=reason.strip())


def address(secret: str, email: str) -> str:
    """What authenticator apps open: the `otpauth` address of the secret."""
    label = quote(f"{ISSUER}:{email}", safe="@:")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER}, quote_via=quote)}"


def in_groups(secret: str) -> str:
    """The secret as a person types it from a page."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _locked(person_id: UUID) -> Credential | None:
    """Two requests with one code: the second waits for the first, and then finds the code used."""
    return db.session.scalar(
        sa.select(Credential)
        .where(Credential.person_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _fits_now(credential: Credential, typed: str) -> bool:
    digits = "".join(typed.split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return False
    here = step_at(now())
    for skew in SKEW:
        step = here + skew
        if step > credential.last_step and hmac.compare_digest(code_at(credential.totp_secret, step), digits):
            credential.last_step = step
            db.session.flush()
            return True
    return False


def _recovers(credential: Credential, typed: str) -> bool:
    digest = _recovery_digest(credential.person_id, typed)
    if digest not in credential.recovery_sha256:
        return False
    credential.recovery_sha256 = [kept for kept in credential.recovery_sha256 if kept != digest]
    platform.note("second_factor.recovery_code_used", by=credential.person_id, left=len(credential.recovery_sha256))
    return True


def _renew(credential: Credential) -> list[str]:
    codes = [base64.b32encode(secrets.token_bytes(10)).decode().lower()[:10] for _ in range(RECOVERY_CODES)]
    credential.recovery_sha256 = [_recovery_digest(credential.person_id, code) for code in codes]
    db.session.flush()
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _recovery_digest(person_id: UUID, typed: str) -> str:
    """50 random bits need no slow hash; the person's id keeps one table of hashes from serving for everybody."""
    bare = "".join(character for character in typed.lower() if character.isalnum())
    return hashlib.sha256(f"{person_id}:{bare}".encode()).hexdigest()
