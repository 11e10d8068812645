"""A table of phrases on its way in: what was read of it, until its member takes it over or sets it aside."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to


class PhraseImport(TenantOwned, db.Model):
    """One file a member at most; the file itself is not kept. `reading`: rows, problems, columns left out."""

    __tablename__ = "phrase_import"
    __table_args__ = (refers_to("membership"), sa.UniqueConstraint("tenant_id", "membership_id"))
    membership_id: Mapped[UUID]
    file_name: Mapped[str] = mapped_column(sa.String(120))
    reading: Mapped[dict[str, Any]] = mapped_column(default=dict)
    read_at: Mapped[datetime] = mapped_column(default=now)
