"""The consultancy's own Word templates, each in versions that never change."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.previewed import IS_DUE, IS_KNOWN, Previewed
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant
from tenants.models import Membership


class DocumentTemplate(TenantOwned, db.Model):
    """A template for one kind of deliverable in one language. One of them is the default; a retired one is not."""

    __tablename__ = "document_template"
    __table_args__ = (
        sa.Index(
            "uq_document_template_default", "tenant_id", "kind", "language",
            unique=True, postgresql_where=sa.text("is_default"),
        ),
        sa.CheckConstraint("language in ('en', 'fr')", name="language"),
        sa.CheckConstraint("not (is_default and retired_at is not null)", name="default_is_in_use"),
    )  # fmt: skip
    kind: Mapped[str] = mapped_column(sa.String(24))
    language: Mapped[str] = mapped_column(sa.String(2))
    name: Mapped[str] = mapped_column(sa.String(60))
    is_default: Mapped[bool] = mapped_column(default=False)
    retired_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}


class DocumentTemplateVersion(Previewed, TenantOwned, db.Model):
    """One uploaded file, as it was read, compiled and tried. Never changed: documents already issued name it. Only the
    picture of what it becomes with made-up data is added later."""

    __tablename__ = "document_template_version"
    __table_args__ = (
        refers_to("document_template"),
        refers_to("membership", by="uploaded_by_id"),
        sa.UniqueConstraint("tenant_id", "document_template_id", "number", name="uq_document_template_version_number"),
        sa.UniqueConstraint("tenant_id", "document_template_id", "sha256", name="uq_document_template_version_sha256"),
        sa.Index(
            "ix_document_template_version_preview", "tenant_id", "preview_after", postgresql_where=sa.text(IS_DUE)
        ),
        sa.CheckConstraint(IS_KNOWN, name="preview"),
    )
    document_template_id: Mapped[UUID]
    number: Mapped[int]
    file_name: Mapped[str] = mapped_column(sa.String(120))
    file_key: Mapped[str]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]  # bytes
    report: Mapped[dict[str, Any]]  # what the linter said
    uploaded_by_id: Mapped[UUID | None]
    uploaded_at: Mapped[datetime] = mapped_column(default=now)
    image_key: Mapped[str | None]  # the first page of the sample

    document_template: Mapped[DocumentTemplate] = relationship(
        primaryjoin=lambda: within_tenant(DocumentTemplateVersion.document_template_id, DocumentTemplate)
    )
    uploaded_by: Mapped[Membership | None] = relationship(
        primaryjoin=lambda: within_tenant(DocumentTemplateVersion.uploaded_by_id, Membership)
    )
