"""Who was trained in what: courses of the consultancy's own, a client's people, what roles need, what people did."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.client import Client, Site
from consultancy.models.evidence import Evidence
from consultancy.training import roles_in
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant


class OwnCourse(TenantOwned, db.Model):
    """A course that the consultancy adds to those that are shipped. `validity`: months, none where it does not end."""

    __tablename__ = "own_course"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "code"),
        sa.CheckConstraint("basis in ('law', 'standard', 'provider', 'hazard', 'client')", name="basis"),
        sa.CheckConstraint("certainty in ('sourced', 'general', 'unsure')", name="certainty"),
        sa.CheckConstraint("validity between 1 and 240", name="validity"),
    )
    code: Mapped[str] = mapped_column(sa.String(12))
    title_en: Mapped[str] = mapped_column(sa.String(120))
    title_fr: Mapped[str] = mapped_column(sa.String(120), default="")
    needed_by: Mapped[str] = mapped_column(sa.String(120), default="")
    validity: Mapped[int | None] = mapped_column(sa.SmallInteger)
    basis: Mapped[str] = mapped_column(sa.String(10))
    citation: Mapped[str] = mapped_column(sa.String(120), default="")
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    certainty: Mapped[str] = mapped_column(sa.String(10))
    retired_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}


class Worker(TenantOwned, db.Model):
    """Somebody who works for a client, by name or by the client's own number; with no sign-in, and no user of ours.

    `roles` are the client's words, separated by semicolons.
    """

    __tablename__ = "worker"
    __table_args__ = (
        refers_to("client"),
        refers_to("site"),
        sa.Index(None, "tenant_id", "client_id"),
        sa.CheckConstraint("name <> '' or number <> ''", name="told_apart"),
    )
    client_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    number: Mapped[str] = mapped_column(sa.String(40), default="")
    roles: Mapped[str] = mapped_column(sa.String(240), default="")
    site_id: Mapped[UUID | None]
    shift: Mapped[str] = mapped_column(sa.String(40), default="")
    started_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=1)

    client: Mapped[Client] = relationship(primaryjoin=lambda: within_tenant(Worker.client_id, Client))
    site: Mapped[Site | None] = relationship(primaryjoin=lambda: within_tenant(Worker.site_id, Site))

    __mapper_args__ = {"version_id_col": revision}

    @property
    def label(self) -> str:
        return self.name or self.number

    @property
    def role_list(self) -> tuple[str, ...]:
        return roles_in(self.roles)


class TrainingRecord(TenantOwned, db.Model):
    """A person did a course on a day. Without a day somebody only says so. `expires_on`: the last day it counts, as the
    course's rule said when it was recorded, or as it was typed from the card."""

    __tablename__ = "training_record"
    __table_args__ = (
        refers_to("worker"),
        sa.Index(None, "tenant_id", "worker_id"),
        sa.CheckConstraint("expires_on >= done_on", name="in_order"),
        sa.CheckConstraint("not verified or done_on is not null", name="verified"),
    )
    worker_id: Mapped[UUID]
    course: Mapped[str] = mapped_column(sa.String(12))
    done_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    proof: Mapped[str] = mapped_column(sa.String(160), default="")
    verified: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime] = mapped_column(default=now)

    worker: Mapped[Worker] = relationship(primaryjoin=lambda: within_tenant(TrainingRecord.worker_id, Worker))


class TrainingProof(TenantOwned, db.Model):
    """A file of the client's evidence shows a record: a card, a list of attendance."""

    __tablename__ = "training_proof"
    __table_args__ = (
        refers_to("training_record"),
        refers_to("evidence"),
        sa.UniqueConstraint("tenant_id", "training_record_id", "evidence_id"),
        sa.Index(None, "tenant_id", "evidence_id"),
    )
    training_record_id: Mapped[UUID]
    evidence_id: Mapped[UUID]

    record: Mapped[TrainingRecord] = relationship(
        primaryjoin=lambda: within_tenant(TrainingProof.training_record_id, TrainingRecord)
    )
    evidence: Mapped[Evidence] = relationship(primaryjoin=lambda: within_tenant(TrainingProof.evidence_id, Evidence))


class CourseNeed(TenantOwned, db.Model):
    """A role at a client needs a course, or is exempt for a reason. No role: everybody there."""

    __tablename__ = "course_need"
    __table_args__ = (
        refers_to("client"),
        sa.UniqueConstraint("tenant_id", "client_id", "role", "course"),
        sa.CheckConstraint("not exempt or reason <> ''", name="reason"),
    )
    client_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(sa.String(60), default="")
    course: Mapped[str] = mapped_column(sa.String(12))
    exempt: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(sa.String(160), default="")


class TrainingImport(TenantOwned, db.Model):
    """A list of people and courses that was sent. Its `reading` waits for somebody to apply it; then it is emptied, and
    the file itself is not kept: it names workers."""

    __tablename__ = "training_import"
    __table_args__ = (
        refers_to("client"),
        refers_to("membership", by="by_id"),
        sa.Index(None, "tenant_id", "client_id", "file_sha256"),
    )
    client_id: Mapped[UUID]
    by_id: Mapped[UUID | None]
    file_name: Mapped[str] = mapped_column(sa.String(120))
    file_sha256: Mapped[str] = mapped_column(sa.String(64))
    reading: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    applied_at: Mapped[datetime | None]
