"""Reading checklists that are on their way in."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.assessment import Assessment, ChecklistImport
from consultancy.models.engagement import Engagement
from tenants.database import db
from tenants.models import Membership


def find(import_id: UUID) -> ChecklistImport | None:
    return db.session.scalar(
        sa.select(ChecklistImport)
        .options(joinedload(ChecklistImport.assessment).joinedload(Assessment.engagement).joinedload(Engagement.client))
        .where(ChecklistImport.id == import_id)
    )


def earlier(assessment: Assessment) -> list[tuple[ChecklistImport, str | None]]:
    """Files read for this assessment, newest first, with the name of who brought them."""
    rows = db.session.execute(
        sa.select(ChecklistImport, Membership.name)
        .outerjoin(
            Membership,
            sa.and_(Membership.tenant_id == ChecklistImport.tenant_id, Membership.id == ChecklistImport.by_id),
        )
        .where(ChecklistImport.assessment_id == assessment.id)
        .order_by(ChecklistImport.created_at.desc())
        .limit(20)
    )
    return [(kept, name) for kept, name in rows]
