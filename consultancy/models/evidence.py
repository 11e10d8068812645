"""Files that show what was read, heard or seen, and the requirements they speak for."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.engagement import Engagement
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant

SOURCES = ("document", "record", "interview", "observation")
INTERVIEW = "interview"  # what people said in confidence: it is told merged, and no file of it is given away
STATES = ("quarantined", "clean", "infected")


class Evidence(TenantOwned, db.Model):
    """A file of a client, brought in by a consultant. `effective_on` is the day it speaks of: a certificate's date, the
    day of a drill; when it was uploaded says nothing about its age.

    `state`: quarantined until the virus scanner answered; an infected file's content is destroyed and its row stays.
    `sha256` is of what is kept, `sent_sha256` of what was sent: a photograph is written anew without its place.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        refers_to("client"),
        refers_to("engagement"),
        refers_to("membership", by="uploaded_by_id"),
        sa.Index(None, "tenant_id", "client_id", "sent_sha256"),
        sa.Index(None, "tenant_id", "engagement_id"),
        sa.Index(
            "ix_evidence_quarantined", "tenant_id", "check_after",
            postgresql_where=sa.text("state = 'quarantined'"),
        ),
        sa.CheckConstraint("state in ('quarantined', 'clean', 'infected')", name="state"),
        sa.CheckConstraint("source in ('document', 'record', 'interview', 'observation')", name="source"),
    )  # fmt: skip
    client_id: Mapped[UUID]
    engagement_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(sa.String(120))
    source: Mapped[str] = mapped_column(sa.String(12))
    effective_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    file_name: Mapped[str] = mapped_column(sa.String(120))
    file_key: Mapped[str | None]
    small_file_key: Mapped[str | None]  # of the thumbnail in lists
    large_file_key: Mapped[str | None]  # of the picture on its own page
    sha256: Mapped[str] = mapped_column(sa.String(64))
    sent_sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]  # bytes
    kind: Mapped[str] = mapped_column(sa.String(4))  # pdf, docx, xlsx, csv, txt, jpg, png
    width: Mapped[int] = mapped_column(default=0)  # pixels of a picture
    height: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(sa.String(12))
    virus: Mapped[str] = mapped_column(sa.String(120), default="")  # as the scanner calls it
    checks: Mapped[int] = mapped_column(sa.SmallInteger, default=0)  # how often the scanner was asked
    check_after: Mapped[datetime] = mapped_column(default=now)
    checked_at: Mapped[datetime | None]
    uploaded_by_id: Mapped[UUID | None]
    uploaded_at: Mapped[datetime] = mapped_column(default=now)
    retired_at: Mapped[datetime | None]
    retired_reason: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship(primaryjoin=lambda: within_tenant(Evidence.engagement_id, Engagement))

    __mapper_args__ = {"version_id_col": revision}

    @property
    def can_be_opened(self) -> bool:
        return self.state == "clean" and self.file_key is not None

    @property
    def can_leave(self) -> bool:
        """In a pack, or by its title in a document for others."""
        return self.can_be_opened and self.source != INTERVIEW


class EvidenceLink(TenantOwned, db.Model):
    """A file speaks for a requirement of an assessment; one file may speak for many."""

    __tablename__ = "evidence_link"
    __table_args__ = (
        refers_to("evidence"),
        refers_to("assessment"),
        sa.UniqueConstraint("tenant_id", "assessment_id", "requirement", "evidence_id"),
        sa.Index(None, "tenant_id", "evidence_id"),
    )
    evidence_id: Mapped[UUID]
    assessment_id: Mapped[UUID]
    requirement: Mapped[str] = mapped_column(sa.String(20))
    linked_at: Mapped[datetime] = mapped_column(default=now)

    evidence: Mapped[Evidence] = relationship(primaryjoin=lambda: within_tenant(EvidenceLink.evidence_id, Evidence))
