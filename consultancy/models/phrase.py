"""The consultancy's own words for what it finds again and again."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to


class Phrase(TenantOwned, db.Model):
    """A text for one requirement in one language. `part`: what of a finding it words, statement or recommendation."""

    __tablename__ = "phrase"
    __table_args__ = (
        refers_to("membership", by="written_by_id"),
        sa.Index("ix_phrase_requirement", "tenant_id", "standard", "requirement"),
        sa.CheckConstraint("part in ('statement', 'recommendation')", name="part"),
        sa.CheckConstraint("language in ('en', 'fr')", name="language"),
    )
    standard: Mapped[str] = mapped_column(sa.String(40))
    requirement: Mapped[str] = mapped_column(sa.String(20))
    language: Mapped[str] = mapped_column(sa.String(2))
    part: Mapped[str] = mapped_column(sa.String(16))
    text: Mapped[str]
    written_by_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    retired_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}
