"""Reading the consultancy's own document templates."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from consultancy.models.document_template import DocumentTemplate, DocumentTemplateVersion
from tenants.database import db


def find(template_id: UUID) -> DocumentTemplate | None:
    return db.session.scalar(sa.select(DocumentTemplate).where(DocumentTemplate.id == template_id))


def find_version(version_id: UUID) -> DocumentTemplateVersion | None:
    return db.session.scalar(
        sa.select(DocumentTemplateVersion)
        .options(joinedload(DocumentTemplateVersion.document_template), joinedload(DocumentTemplateVersion.uploaded_by))
        .where(DocumentTemplateVersion.id == version_id)
    )


def shelf() -> list[tuple[DocumentTemplate, DocumentTemplateVersion]]:
    """Every template with its newest version: those in use first, the default before the others."""
    earlier = aliased(DocumentTemplateVersion)
    newest = (
        sa.select(sa.func.max(earlier.number))
        .where(
            earlier.tenant_id == DocumentTemplate.tenant_id,
            earlier.document_template_id == DocumentTemplate.id,
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(DocumentTemplate, DocumentTemplateVersion)
        .join(
            DocumentTemplateVersion,
            sa.and_(
                DocumentTemplateVersion.tenant_id == DocumentTemplate.tenant_id,
                DocumentTemplateVersion.document_template_id == DocumentTemplate.id,
                DocumentTemplateVersion.number == newest,
            ),
        )
        .options(joinedload(DocumentTemplateVersion.uploaded_by))
        .order_by(
            DocumentTemplate.retired_at.is_not(None), DocumentTemplate.is_default.desc(),
            sa.func.lower(DocumentTemplate.name), DocumentTemplate.id,
        )
    )  # fmt: skip
    return [(template, version) for template, version in rows]


def offered(kinds: tuple[str, ...]) -> list[DocumentTemplate]:
    """Templates in use for these kinds of deliverable, in the order a form offers them."""
    return list(
        db.session.scalars(
            sa.select(DocumentTemplate)
            .where(DocumentTemplate.kind.in_(kinds), DocumentTemplate.retired_at.is_(None))
            .order_by(DocumentTemplate.is_default.desc(), sa.func.lower(DocumentTemplate.name), DocumentTemplate.id)
        )
    )


def default(kind: str, language: str) -> DocumentTemplate | None:
    return db.session.scalar(
        sa.select(DocumentTemplate).where(
            DocumentTemplate.kind == kind, DocumentTemplate.language == language, DocumentTemplate.is_default
        )
    )


def versions(template: DocumentTemplate) -> list[DocumentTemplateVersion]:
    """All versions, newest first."""
    return list(
        db.session.scalars(
            sa.select(DocumentTemplateVersion)
            .options(joinedload(DocumentTemplateVersion.uploaded_by))
            .where(DocumentTemplateVersion.document_template_id == template.id)
            .order_by(DocumentTemplateVersion.number.desc())
        )
    )


def newest(template: DocumentTemplate) -> DocumentTemplateVersion:
    return db.session.scalars(
        sa.select(DocumentTemplateVersion)
        .where(DocumentTemplateVersion.document_template_id == template.id)
        .order_by(DocumentTemplateVersion.number.desc())
        .limit(1)
    ).one()
