"""The second factor: a time-based code, and recovery codes for the day the phone is lost."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import db


class Credential(db.Model):
    """A person's authenticator. Not in force until `confirmed_at`; `last_step` makes every code good for once."""

    __tablename__ = "credential"
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    totp_secret: Mapped[str] = mapped_column(sa.String(64))
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    recovery_sha256: Mapped[list[Any]] = mapped_column(JSONB, default=list)  # hex digests of codes not used yet
