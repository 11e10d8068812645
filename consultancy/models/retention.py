"""How long records are kept, and the proof that they were destroyed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import db, now
from tenants.keys import TenantOwned


class RetentionRule(TenantOwned, db.Model):
    """A consultancy's own period for a class of records, in years after the engagement closed."""

    __tablename__ = "retention_rule"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "record_class"),
        sa.CheckConstraint("years between 1 and 60", name="years"),
    )
    record_class: Mapped[str] = mapped_column(sa.String(24))
    years: Mapped[int] = mapped_column(sa.SmallInteger)


class DeletionCertificate(TenantOwned, db.Model):
    """What was destroyed, when, by whom and why: counts and hashes, never content."""

    __tablename__ = "deletion_certificate"
    subject: Mapped[str] = mapped_column(sa.String(40))  # client or engagement
    subject_id: Mapped[UUID]
    label: Mapped[str] = mapped_column(sa.String(160))
    reason: Mapped[str] = mapped_column(default="")
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # rows by table, files
    files_sha256: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(default=now)
