"""Mail as rows: written by the verb in its own transaction, sent by housekeeping, tried again until it is gone."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tenants import audit
from tenants.database import db, now
from tenants.keys import TenantOwned
from tenants.refusal import NotValid

ADDRESS = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
ADDRESS_CHARACTERS = 254
SUBJECT_CHARACTERS = 200
TRIED_FOR = timedelta(hours=24)
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 30, 3600


class BadAddress(NotValid):
    """No mail can be sent to what was typed."""


class Letter:
    """What a mail is, whoever sends it. `message_id` is fixed at writing, so that a repeated try is the same mail."""

    to_email: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str]
    message_id: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")  # waiting, sent, failed
    attempts: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    run_after: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]


class Message(TenantOwned, Letter, db.Model):
    """A mail of a consultancy: an invitation, a notice."""

    __tablename__ = "message"
    __table_args__ = (
        sa.Index("ix_message_waiting", "tenant_id", "run_after", postgresql_where=sa.text("state = 'waiting'")),
    )


class PlatformMessage(Letter, db.Model):
    """A mail that belongs to no consultancy: a password reset."""

    __tablename__ = "platform_message"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)


def plain_address(typed: str) -> str:
    """The address as it is kept: small letters, nothing around it. Raises BadAddress.

    Plain letters only: a look-alike from another alphabet would be somebody else, and a line break another header.
    """
    address = typed.strip(" \t").lower()
    local = address.partition("@")[0]
    dots_wrong = local.startswith(".") or local.endswith(".") or ".." in local
    if len(address) > ADDRESS_CHARACTERS or dots_wrong or not ADDRESS.fullmatch(address):
        raise BadAddress(typed[:ADDRESS_CHARACTERS])
    return address


def write(*, to_email: str, subject: str, body: str) -> Message:
    """A mail of the entered consultancy, sent once the caller's transaction is committed. Raises BadAddress."""
    message = Message(**_letter(to_email, subject, body))
    db.session.add(message)
    db.session.flush()
    return message


def write_for_platform(*, to_email: str, subject: str, body: str) -> PlatformMessage:
    """A mail that belongs to no consultancy. Raises BadAddress."""
    message = PlatformMessage(**_letter(to_email, subject, body))
    db.session.add(message)
    db.session.flush()
    return message


def _letter(to_email: str, subject: str, body: str) -> dict[str, str]:
    one_line = " ".join(subject.split())[:SUBJECT_CHARACTERS]
    return {"to_email": plain_address(to_email), "subject": one_line, "body": body, "message_id": uuid4().hex}


def due() -> list[tuple[UUID | None, UUID]]:
    """(consultancy or None for the platform, id) of mails whose turn has come, a hundred of each at a time."""
    called = sa.func.messages_due().table_valued(sa.column("tenant_id", sa.Uuid), sa.column("id", sa.Uuid))
    ours = sa.select(PlatformMessage.id).where(*_waiting(PlatformMessage)).order_by(PlatformMessage.run_after)
    platform: list[tuple[UUID | None, UUID]] = [(None, row) for row in db.session.scalars(ours.limit(100))]
    return platform + [(tenant, row) for tenant, row in db.session.execute(sa.select(called))]


def claim(model: type[Any], message_id: UUID) -> Letter | None:
    """Take a mail in hand: its next turn moves on by a growing pause, so nobody else takes it and a sender that dies
    delays it only. None when it is gone, or in somebody else's hand."""
    mine = sa.select(model).where(model.id == message_id, *_waiting(model)).with_for_update(skip_locked=True)
    message: Letter | None = db.session.scalar(mine)
    if message is None:
        return None
    message.attempts += 1
    pause = min(FIRST_PAUSE_SECONDS * 2 ** min(message.attempts - 1, 16), LONGEST_PAUSE_SECONDS)
    message.run_after = now() + timedelta(seconds=pause)
    db.session.flush()
    return message


def sent(message: Letter) -> None:
    """The other side took it."""
    message.state, message.sent_at = "sent", now()
    _close(message, "message.sent")


def refused(message: Letter, *, for_good: bool) -> None:
    """This try failed. After a day, or when the other side says that it never will, there are no more."""
    if for_good or now() - message.created_at > TRIED_FOR:
        message.state = "failed"
        _close(message, "message.failed")


def _close(message: Letter, verb: str) -> None:
    message.body = ""  # it may hold a link that opens an account; only the link's hash is kept
    db.session.flush()
    if isinstance(message, Message):
        audit.record(verb, message, by=None, attempts=message.attempts)


def _waiting(model: type[Any]) -> tuple[sa.ColumnElement[bool], ...]:
    return model.state == "waiting", model.run_after <= now()
