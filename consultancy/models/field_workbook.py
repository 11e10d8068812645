"""The visit without a network: a workbook handed out for an assessment, and what came back of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.assessment import Assessment
from consultancy.models.client import Site
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant
from tenants.models import Membership


class FieldWorkbook(TenantOwned, db.Model):
    """A Word file for one visit: to one site, or (site empty) to the whole client.

    `secret` signs the names of its fields and never stands in a file, an export included. `shown`: `rows`, in order,
    what the file showed of every requirement: {code, digest, rating, revision}.
    """

    __tablename__ = "field_workbook"
    __table_args__ = (
        refers_to("assessment"),
        refers_to("site"),
        refers_to("membership", by="made_by_id"),
        sa.Index(None, "tenant_id", "assessment_id"),
    )
    assessment_id: Mapped[UUID]
    site_id: Mapped[UUID | None]
    language: Mapped[str] = mapped_column(sa.String(2))
    secret: Mapped[bytes] = mapped_column(sa.LargeBinary)
    shown: Mapped[dict[str, Any]] = mapped_column(default=dict)
    file_name: Mapped[str] = mapped_column(sa.String(120))
    file_key: Mapped[str]
    made_by_id: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(default=now)

    assessment: Mapped[Assessment] = relationship(
        primaryjoin=lambda: within_tenant(FieldWorkbook.assessment_id, Assessment)
    )
    site: Mapped[Site | None] = relationship(primaryjoin=lambda: within_tenant(FieldWorkbook.site_id, Site))
    made_by: Mapped[Membership | None] = relationship(
        primaryjoin=lambda: within_tenant(FieldWorkbook.made_by_id, Membership)
    )


class ReturnedWorkbook(TenantOwned, db.Model):
    """A filled workbook on its way in: read, previewed, then applied whole or not at all."""

    __tablename__ = "returned_workbook"
    __table_args__ = (
        refers_to("field_workbook"),
        refers_to("membership", by="by_id"),
        sa.Index(
            "uq_returned_workbook_applied", "tenant_id", "field_workbook_id", "file_sha256",
            unique=True, postgresql_where=sa.text("applied_at is not null"),
        ),
    )  # fmt: skip
    field_workbook_id: Mapped[UUID]
    file_name: Mapped[str] = mapped_column(sa.String(120))
    file_sha256: Mapped[str] = mapped_column(sa.String(64))
    file_key: Mapped[str]
    reading: Mapped[dict[str, Any]] = mapped_column(default=dict)  # answers, issues and the day of the visit, as read
    by_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    applied_at: Mapped[datetime | None]

    workbook: Mapped[FieldWorkbook] = relationship(
        primaryjoin=lambda: within_tenant(ReturnedWorkbook.field_workbook_id, FieldWorkbook)
    )
    by: Mapped[Membership | None] = relationship(primaryjoin=lambda: within_tenant(ReturnedWorkbook.by_id, Membership))
