"""A Word file on its way to the client."""

import hashlib
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.document_template import DocumentTemplateVersion
from consultancy.models.engagement import Engagement
from consultancy.models.previewed import IS_DUE, IS_KNOWN, Previewed
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant
from tenants.models import Membership

FIRST_VERSION = "1.0"
PRODUCTION = ("queued", "writing", "ready", "failed", "cancelled")
IN_HOUSE = ("draft", "in_review", "approved")  # the client has not had it
ISSUED = ("released", "superseded", "withdrawn")  # the client has had it
STANDING = (*IN_HOUSE, *ISSUED)


def digest(snapshot: dict[str, Any]) -> str:
    """The same data has the same digest, whatever the order it was put together in."""
    return hashlib.sha256(orjson.dumps(snapshot, option=orjson.OPT_SORT_KEYS)).hexdigest()


class Deliverable(Previewed, TenantOwned, db.Model):
    """The row is the queue: `production` says how far the file is, `standing` what it counts for.

    `snapshot` (its sha256 is in the trail too), `template_sha256` and `brand` freeze the input, so that a second try
    writes the same bytes. `fence` grows with every claim; a writer whose fence moved on may no longer complete.
    `run_after` and `lease_until` use the database's clock only.

    Once it is ready, the same goes for its pages: `preview` and what belongs to it (see `Previewed`).
    """

    __tablename__ = "deliverable"
    __table_args__ = (
        refers_to("engagement"),
        refers_to("client"),
        refers_to("document_template_version"),
        refers_to("membership", by="requested_by_id"),
        refers_to("deliverable", by="edited_from_id"),
        sa.UniqueConstraint("tenant_id", "request_key", "language"),
        sa.UniqueConstraint("tenant_id", "number", "version", "language"),
        sa.Index(
            "ix_deliverable_due",
            "tenant_id",
            "run_after",
            postgresql_where=sa.text("production in ('queued', 'writing')"),
        ),
        sa.Index("ix_deliverable_preview", "tenant_id", "preview_after", postgresql_where=sa.text(IS_DUE)),
        sa.Index(None, "tenant_id", "engagement_id"),
        sa.CheckConstraint("production in ('queued', 'writing', 'ready', 'failed', 'cancelled')", name="production"),
        sa.CheckConstraint(
            "standing in ('draft', 'in_review', 'approved', 'released', 'superseded', 'withdrawn')", name="standing"
        ),
        sa.CheckConstraint("(production = 'ready') = (sha256 is not null)", name="ready_has_file"),
        sa.CheckConstraint(
            "standing not in ('released', 'superseded') or production = 'ready'", name="released_is_ready"
        ),
        sa.CheckConstraint(IS_KNOWN, name="preview"),
    )
    engagement_id: Mapped[UUID]
    client_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(sa.String(24))
    subject: Mapped[str] = mapped_column(
        sa.String(4), default=""
    )  # code of the program document, for a policy or procedure
    title: Mapped[str] = mapped_column(sa.String(160))
    language: Mapped[str] = mapped_column(sa.String(2))
    number: Mapped[str] = mapped_column(sa.String(40))
    version: Mapped[str] = mapped_column(sa.String(8))
    request_key: Mapped[str] = mapped_column(sa.String(64))  # one per form shown: a double click is one request
    snapshot: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    snapshot_sha256: Mapped[str] = mapped_column(
        sa.String(64), default=lambda row: digest(row.get_current_parameters()["snapshot"])
    )
    edited_from_id: Mapped[UUID | None]  # a copy that somebody edited in Word and brought back
    template: Mapped[str] = mapped_column(sa.String(60))
    template_sha256: Mapped[str] = mapped_column(sa.String(64))
    document_template_version_id: Mapped[UUID | None]  # none: our starter
    brand: Mapped[dict[str, Any]] = mapped_column(default=dict)  # colours, fonts and logo as they were at the request
    production: Mapped[str] = mapped_column(sa.String(10), default="queued")
    standing: Mapped[str] = mapped_column(sa.String(10), default="draft")
    fence: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    attempts: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    run_after: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    lease_until: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(default="")
    file_key: Mapped[str | None]
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    size: Mapped[int | None]  # bytes
    contents_pages: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)  # what the contents were told
    pages_asked_at: Mapped[datetime | None]  # since when its release waits for its pages
    check_report: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # of the file it has now; none: not checked
    pdf_key: Mapped[str | None]
    pdf_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    pdf_size: Mapped[int | None]  # bytes
    previewed_at: Mapped[datetime | None]
    replaced_key: Mapped[str | None]  # the file without page numbers, until it is swept away
    requested_by_id: Mapped[UUID | None]
    requested_at: Mapped[datetime] = mapped_column(default=now)
    ready_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    recipients: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list)  # name and email, as told at release
    expires_on: Mapped[date | None]  # the last day on which the client can download it
    withdrawn_reason: Mapped[str] = mapped_column(default="")

    engagement: Mapped[Engagement] = relationship(
        primaryjoin=lambda: within_tenant(Deliverable.engagement_id, Engagement)
    )
    document_template_version: Mapped[DocumentTemplateVersion | None] = relationship(
        primaryjoin=lambda: within_tenant(Deliverable.document_template_version_id, DocumentTemplateVersion)
    )
    requested_by: Mapped[Membership | None] = relationship(
        primaryjoin=lambda: within_tenant(Deliverable.requested_by_id, Membership)
    )

    @classmethod
    def portal_rule(cls) -> Any:
        ontario_today = sa.cast(sa.func.timezone("America/Toronto", sa.func.now()), sa.Date)
        return sa.and_(cls.standing == "released", sa.or_(cls.expires_on.is_(None), cls.expires_on >= ontario_today))

    @property
    def file_name(self) -> str:
        return f"{self.number} v{self.version}-{self.language.upper()}.docx"

    @property
    def pdf_name(self) -> str:
        return f"{self.number} v{self.version}-{self.language.upper()}.pdf"
