"""Reading what is kept: closed engagements by age, certificates of what is gone, the consultancy itself."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.engagement import Engagement
from consultancy.models.retention import DeletionCertificate
from tenants.database import db, tenant_session
from tenants.models import Tenant

SHOWN = 100


def closed_engagements() -> list[Engagement]:
    """The oldest closed ones that no hold protects."""
    return list(
        db.session.scalars(
            sa.select(Engagement)
            .options(joinedload(Engagement.client))
            .where(Engagement.closed_on.is_not(None), Engagement.legal_hold == "")
            .order_by(Engagement.closed_on, Engagement.title)
            .limit(SHOWN)
        )
    )


def certificates() -> list[DeletionCertificate]:
    return list(db.session.scalars(sa.select(DeletionCertificate).order_by(DeletionCertificate.at.desc()).limit(SHOWN)))


def tenant_id() -> UUID:
    return tenant_session().tenant_id


def tenant() -> Tenant:
    return db.session.get_one(Tenant, tenant_id())
