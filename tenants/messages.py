"""Mail as rows: written by the verb in its own transaction, sent by housekeeping, tried again until it is gone."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import db, now
from tenants.keys import TenantOwned


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
