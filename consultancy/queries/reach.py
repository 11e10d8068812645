"""Which clients a consultant reaches where the consultancy restricts them: assigned to, led, or taken on by them."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.assessment import Assessment, ChecklistImport, Observation, Rating, RatingChange
from consultancy.models.audit_plan import AuditPlan, PlanLine
from consultancy.models.bulk_request import BulkRequest
from consultancy.models.client import Client
from consultancy.models.corrective_action import CorrectiveAction
from consultancy.models.document_event import DocumentEvent
from consultancy.models.document_template import DocumentTemplate, DocumentTemplateVersion
from consultancy.models.engagement import Assignment, Engagement
from consultancy.models.evidence import EvidenceLink
from consultancy.models.field_workbook import FieldWorkbook, ReturnedWorkbook
from consultancy.models.finding import Finding
from consultancy.models.followed_trail import FollowedTrail, TrailStep
from consultancy.models.hsep_plan import HsepProof, HsepStep, HsepTopic
from consultancy.models.interview import Interview, InterviewAnswer
from consultancy.models.phrase import Phrase
from consultancy.models.premium import OwnPremiumBand
from consultancy.models.review_note import ReviewNote
from consultancy.models.stage1_answer import Stage1Answer
from consultancy.models.training import OwnCourse, TrainingRecord
from tenants.audit import AuditEntry
from tenants.database import db

OF_THE_OFFICE = (DocumentTemplate, DocumentTemplateVersion, Phrase, OwnCourse, OwnPremiumBand)  # about no client


def assigned_clients(membership_id: UUID) -> sa.Select[Any]:
    """Ids of the clients that the member took on, or with an engagement, closed ones included, that the member leads or
    is assigned to."""
    assigned = sa.exists().where(
        Assignment.tenant_id == Engagement.tenant_id,
        Assignment.engagement_id == Engagement.id,
        Assignment.membership_id == membership_id,
    )
    worked_on = sa.select(Engagement.client_id).where(sa.or_(Engagement.lead_id == membership_id, assigned))
    taken_on = sa.select(AuditEntry.subject_id).where(
        AuditEntry.verb == "client.added", AuditEntry.by_id == membership_id
    )
    reached = sa.union(worked_on, taken_on).subquery()
    return sa.select(reached.c.client_id)


def reaches(membership_id: UUID, row: Any) -> bool:
    """May a restricted consultant know of this row? Asked anew for every request, so an assignment ends at once.

    A row of the field whose client cannot be told is out of reach; people and the like belong to the office.
    """
    if isinstance(row, OF_THE_OFFICE) or not type(row).__module__.startswith("consultancy.models."):
        return True
    if isinstance(row, BulkRequest):  # about many clients, chosen among those its author reached
        return row.requested_by_id == membership_id
    client_id = client_of(row)
    if client_id is None:
        return False
    wanted = sa.select(Client.id).where(Client.id == client_id, Client.id.in_(assigned_clients(membership_id)))
    return db.session.scalar(wanted) is not None


def client_of(row: Any) -> UUID | None:
    """The employer that a row of the field is about."""
    match row:
        case Client():
            return row.id
        case Finding() | Assessment() | Interview() | AuditPlan() | PlanLine() | Stage1Answer() | FollowedTrail():
            return row.engagement.client_id
        case CorrectiveAction():
            return row.finding.engagement.client_id
        case ReturnedWorkbook():
            return row.workbook.assessment.engagement.client_id
        case ChecklistImport() | FieldWorkbook():
            return row.assessment.engagement.client_id
        case TrailStep():
            return row.trail.engagement.client_id
        case InterviewAnswer():
            return row.interview.engagement.client_id
        case TrainingRecord():
            return row.worker.client_id
        case HsepTopic():
            return row.plan.client_id
        case HsepStep():
            return row.topic.plan.client_id
        case HsepProof():
            return row.step.topic.plan.client_id
        case DocumentEvent():
            return row.entry.engagement.client_id
        case EvidenceLink():
            return row.evidence.client_id
        case ReviewNote():
            return row.deliverable.client_id
        case Assignment():
            return db.session.scalar(sa.select(Engagement.client_id).where(Engagement.id == row.engagement_id))
        case Observation() | RatingChange():
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
