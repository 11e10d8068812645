"""What was rated and what was seen: assessment > rating (one per requirement and site) > observations (many)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.engagement import Engagement
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant


class Assessment(TenantOwned, db.Model):
    """An engagement's work against one standard. `revision` counts every change of a rating, for imports in flight.

    `clause_levels`: average level by top-level clause of what is rated for the whole client, measured whenever a level
    changes, so that looking across a thousand clients reads a row of each and not all of their ratings.
    """

    __tablename__ = "assessment"
    __table_args__ = (refers_to("engagement"), sa.UniqueConstraint("tenant_id", "engagement_id", "standard"))
    engagement_id: Mapped[UUID]
    standard: Mapped[str] = mapped_column(sa.String(40))
    revision: Mapped[int] = mapped_column(default=1)
    clause_levels: Mapped[dict[str, float]] = mapped_column(JSONB, default=dict)

    engagement: Mapped[Engagement] = relationship(
        primaryjoin=lambda: within_tenant(Assessment.engagement_id, Engagement)
    )


class Rating(TenantOwned, db.Model):
    """The judgement on one requirement, at one site or (site empty) for the whole client.

    `state`: rated (then `level` 0 to 3), not_verified, not_applicable (then `reason`) or not_rated.
    Where the standard asks for methods, each has its points; empty is not verified, which is never 0.
    `source`: the rating elsewhere that suggested this one, as it was when a person accepted it (engagement, standard,
    requirement, level); gone once this one is judged anew. `ignored`: keys of the suggestions that were set aside.
    `carried_over`: it comes from last year, or from another version of the standard, and nobody confirmed it since.
    """

    __tablename__ = "rating"
    __table_args__ = (
        refers_to("assessment"),
        refers_to("site"),
        sa.UniqueConstraint("tenant_id", "assessment_id", "requirement", "site_id", postgresql_nulls_not_distinct=True),
        sa.CheckConstraint("(state = 'rated') = (level is not null) and level between 0 and 3", name="level"),
        sa.CheckConstraint("state in ('rated', 'not_verified', 'not_applicable', 'not_rated')", name="state"),
        sa.CheckConstraint("state <> 'not_applicable' or reason <> ''", name="reason"),
        sa.CheckConstraint("document_points >= 0 and interview_points >= 0 and observation_points >= 0", name="points"),
    )
    assessment_id: Mapped[UUID]
    requirement: Mapped[str] = mapped_column(sa.String(20))
    site_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(sa.String(16), default="not_rated")
    level: Mapped[int | None] = mapped_column(sa.SmallInteger)
    reason: Mapped[str] = mapped_column(default="")
    recommendation: Mapped[str] = mapped_column(default="")
    priority: Mapped[str] = mapped_column(sa.String(10), default="")
    effort_text: Mapped[str] = mapped_column(sa.String(120), default="")
    owner_text: Mapped[str] = mapped_column(sa.String(120), default="")
    due: Mapped[date | None]
    document_points: Mapped[int | None] = mapped_column(sa.SmallInteger)
    interview_points: Mapped[int | None] = mapped_column(sa.SmallInteger)
    observation_points: Mapped[int | None] = mapped_column(sa.SmallInteger)
    carried_over: Mapped[bool] = mapped_column(default=False)
    source: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    ignored: Mapped[list[str]] = mapped_column(JSONB, default=list)
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}


class Observation(TenantOwned, db.Model):
    """Something seen, read or told, with its evidence. Adding one never conflicts; editing one can."""

    __tablename__ = "observation"
    __table_args__ = (
        refers_to("rating"),
        refers_to("membership", by="by_id"),
        sa.Index(None, "tenant_id", "rating_id"),
    )
    rating_id: Mapped[UUID]
    text: Mapped[str] = mapped_column(default="")
    method: Mapped[str] = mapped_column(sa.String(12), default="")  # document, interview, observation or not said
    evidence: Mapped[str] = mapped_column(default="")
    seen_on: Mapped[date | None]
    by_id: Mapped[UUID | None]
    imported: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    revision: Mapped[int] = mapped_column(default=1)

    rating: Mapped[Rating] = relationship(primaryjoin=lambda: within_tenant(Observation.rating_id, Rating))

    __mapper_args__ = {"version_id_col": revision}


class RatingChange(TenantOwned, db.Model):
    """History of a rating, field by field: who, when, before, after. `observation_id` where the field is an
    observation's words; empty once that observation is taken away."""

    __tablename__ = "rating_change"
    __table_args__ = (
        refers_to("rating"),
        refers_to("observation"),
        sa.Index(None, "tenant_id", "rating_id"),
        sa.Index(None, "tenant_id", "observation_id"),
    )
    rating_id: Mapped[UUID]
    observation_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[UUID | None]
    field: Mapped[str] = mapped_column(sa.String(20))
    before: Mapped[str] = mapped_column(default="")
    after: Mapped[str] = mapped_column(default="")

    rating: Mapped[Rating] = relationship(primaryjoin=lambda: within_tenant(RatingChange.rating_id, Rating))


def as_written(value: Any) -> str:
    """A field of a rating as the history keeps it, and as a workbook of ours writes it."""
    return "" if value is None else str(value)


class ChecklistImport(TenantOwned, db.Model):
    """A filled checklist on its way in: read, perhaps asked about, previewed, then applied whole or not at all."""

    __tablename__ = "checklist_import"
    __table_args__ = (
        refers_to("assessment"),
        sa.Index(
            "uq_checklist_import_applied", "tenant_id", "assessment_id", "file_sha256",
            unique=True, postgresql_where=sa.text("applied_at is not null"),
        ),
    )  # fmt: skip
    assessment_id: Mapped[UUID]
    file_name: Mapped[str] = mapped_column(sa.String(120))
    file_sha256: Mapped[str] = mapped_column(sa.String(64))
    file_key: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reading: Mapped[dict[str, Any]] = mapped_column(default=dict)  # rows, questions, problems as they were read
    revision_seen: Mapped[int]
    by_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    applied_at: Mapped[datetime | None]

    assessment: Mapped[Assessment] = relationship(
        primaryjoin=lambda: within_tenant(ChecklistImport.assessment_id, Assessment)
    )
