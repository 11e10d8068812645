"""A client's application for the Chief Prevention Officer's recognition (SOSE), and what became of it."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.certificate import Certificate
from consultancy.models.client import Client
from consultancy.models.evidence import Evidence
from tenants.database import db
from tenants.keys import TenantOwned, refers_to, within_tenant

DECLINED = "declined_on is null or (applied_on is not null and declined_on >= applied_on and recognized_on is null)"


class Recognition(TenantOwned, db.Model):
    """One application. `answers`: key of the question -> {answer, note}. The term of a recognition is not known, so it
    has no end but a revocation. `declined_on`: applied for, and refused or given up before it was decided."""

    __tablename__ = "recognition"
    __table_args__ = (
        refers_to("client"),
        refers_to("certificate"),
        sa.Index(None, "tenant_id", "client_id"),
        sa.CheckConstraint("recognized_on is null or applied_on is not null", name="applied"),
        sa.CheckConstraint("recognized_on >= applied_on", name="in_order"),
        sa.CheckConstraint("revoked_on >= recognized_on", name="revoked"),
        sa.CheckConstraint(DECLINED, name="declined"),
    )
    client_id: Mapped[UUID]
    certificate_id: Mapped[UUID | None]
    planned_on: Mapped[date | None]
    applied_on: Mapped[date | None]
    recognized_on: Mapped[date | None]
    number: Mapped[str] = mapped_column(sa.String(60), default="")
    listed_on: Mapped[date | None]  # seen in the public list of recognised employers
    maintained_on: Mapped[date | None]  # the criteria were last checked
    revoked_on: Mapped[date | None]
    declined_on: Mapped[date | None]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)

    client: Mapped[Client] = relationship(primaryjoin=lambda: within_tenant(Recognition.client_id, Client))
    certificate: Mapped[Certificate | None] = relationship(
        primaryjoin=lambda: within_tenant(Recognition.certificate_id, Certificate)
    )

    __mapper_args__ = {"version_id_col": revision}

    @property
    def state(self) -> str:
        if self.revoked_on:
            return "revoked"
        if self.recognized_on:
            return "recognized"
        if self.declined_on:
            return "declined"
        return "applied" if self.applied_on else "preparing"


class RecognitionPaper(TenantOwned, db.Model):
    """A file of the client's evidence fills a slot of the application pack."""

    __tablename__ = "recognition_paper"
    __table_args__ = (
        refers_to("recognition"),
        refers_to("evidence"),
        sa.UniqueConstraint("tenant_id", "recognition_id", "slot"),
        sa.Index(None, "tenant_id", "evidence_id"),
    )
    recognition_id: Mapped[UUID]
    evidence_id: Mapped[UUID]
    slot: Mapped[str] = mapped_column(sa.String(20))

    evidence: Mapped[Evidence] = relationship(primaryjoin=lambda: within_tenant(RecognitionPaper.evidence_id, Evidence))
