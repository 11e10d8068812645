"""Which clients a consultant reaches where the consultancy restricts them: those they are assigned to, or lead."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.assessment import Assessment, ChecklistImport, Observation, Rating
from consultancy.models.client import Client
from consultancy.models.corrective_action import CorrectiveAction
from consultancy.models.document_template import DocumentTemplate, DocumentTemplateVersion
from consultancy.models.engagement import Assignment, Engagement
from consultancy.models.finding import Finding
from tenants.database import db

OF_THE_OFFICE = (DocumentTemplate, DocumentTemplateVersion)  # about no client


def assigned_clients(membership_id: UUID) -> sa.Select[Any]:
    """Ids of the clients with an engagement that the member leads or is assigned to, closed ones included."""
    assigned = sa.exists().where(
        Assignment.tenant_id == Engagement.tenant_id,
        Assignment.engagement_id == Engagement.id,
        Assignment.membership_id == membership_id,
    )
    return sa.select(Engagement.client_id).where(sa.or_(Engagement.lead_id == membership_id, assigned))


def reaches(membership_id: UUID, row: Any) -> bool:
    """May a restricted consultant know of this row? Asked anew for every request, so an assignment ends at once.

    A row of the field whose client cannot be told is out of reach; people and the like belong to the office.
    """
    if isinstance(row, OF_THE_OFFICE) or not type(row).__module__.startswith("consultancy.models."):
        return True
    client_id = client_of(row)
    if client_id is None:
        return False
    wanted = assigned_clients(membership_id).where(Engagement.client_id == client_id).limit(1)
    return db.session.scalar(wanted) is not None


def client_of(row: Any) -> UUID | None:
    """The employer that a row of the field is about."""
    match row:
        case Client():
            return row.id
        case Finding() | Assessment():
            return row.engagement.client_id
        case CorrectiveAction():
            return row.finding.engagement.client_id
        case ChecklistImport():
            return row.assessment.engagement.client_id
        case Observation():
            return db.session.scalar(
                sa.select(Engagement.client_id)
                .join(
                    Assessment,
                    sa.and_(Assessment.tenant_id == Engagement.tenant_id, Assessment.engagement_id == Engagement.id),
                )
                .join(Rating, sa.and_(Rating.tenant_id == Assessment.tenant_id, Rating.assessment_id == Assessment.id))
                .where(Rating.id == row.rating_id)
            )
    return getattr(row, "client_id", None)
