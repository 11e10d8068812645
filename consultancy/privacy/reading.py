"""Reading what names workers leaves a trace: once per person, engagement and day, not once per page."""

from datetime import date, datetime, time
from uuid import UUID

import sqlalchemy as sa

from consultancy.calendar import ONTARIO
from consultancy.models.assessment import Assessment, Observation, Rating
from consultancy.models.engagement import Engagement
from tenants import audit
from tenants.audit import AuditEntry
from tenants.database import db


def is_noted(engagement: Engagement, *, by: UUID, today: date) -> bool:
    """Does the trail say already that this person read notes of the engagement today?"""
    found = db.session.scalar(
        sa.select(AuditEntry.id)
        .where(
            AuditEntry.subject_id == engagement.id,
            AuditEntry.verb == "notes.read",
            AuditEntry.by_id == by,
            AuditEntry.at >= datetime.combine(today, time.min, tzinfo=ONTARIO),
        )
        .limit(1)
    )
    return found is not None


def has_interviews(engagement: Engagement, requirement: str | None = None) -> bool:
    """Are there notes of interviews, of one requirement or of any?"""
    notes = (
        sa.select(Observation.id)
        .join(Rating, sa.and_(Rating.tenant_id == Observation.tenant_id, Rating.id == Observation.rating_id))
        .join(Assessment, sa.and_(Assessment.tenant_id == Rating.tenant_id, Assessment.id == Rating.assessment_id))
        .where(Assessment.engagement_id == engagement.id, Observation.method == "interview")
    )
    if requirement:
        notes = notes.where(Rating.requirement == requirement)
    return db.session.scalar(notes.limit(1)) is not None


def note_reading(engagement: Engagement, *, by: UUID) -> None:
    audit.record("notes.read", engagement, by=by)
