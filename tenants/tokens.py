"""Links that let someone in once: a reset, an invitation. Only the hash of the link is kept."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import db, now


class Token(db.Model):
    """`purpose`: reset or invitation. `binding` ties a reset to the password and the sign-in of its making, so that it
    dies on use, on sign-in and on change; an invitation names its consultancy, and what it grants stands in `details`.
    """

    __tablename__ = "token"
    __table_args__ = (sa.CheckConstraint("purpose in ('reset', 'invitation')", name="purpose"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    purpose: Mapped[str] = mapped_column(sa.String(12))
    token_sha256: Mapped[bytes] = mapped_column(unique=True)
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    tenant_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("tenant.id"), index=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    binding: Mapped[bytes] = mapped_column(default=b"")
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
