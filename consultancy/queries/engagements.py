"""Reading engagements, their stages and their teams."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.client import Client, Site
from consultancy.models.engagement import Assignment, Engagement, EngagementSite, EngagementStage
from tenants.database import db
from tenants.models import Membership
from tenants.moments import each_of


def find(engagement_id: UUID) -> Engagement | None:
    return db.session.scalar(
        sa.select(Engagement)
        .options(joinedload(Engagement.client), joinedload(Engagement.lead))
        .where(Engagement.id == engagement_id)
    )


def of_client(client: Client) -> list[Engagement]:
    return list(
        db.session.scalars(
            sa.select(Engagement)
            .options(joinedload(Engagement.lead))
            .where(Engagement.client_id == client.id)
            .order_by(Engagement.opened_on.desc())
        )
    )


def stages(engagement: Engagement) -> list[EngagementStage]:
    return list(
        db.session.scalars(
            sa.select(EngagementStage)
            .where(EngagementStage.engagement_id == engagement.id)
            .order_by(EngagementStage.position)
        )
    )


def team(engagement: Engagement) -> list[Assignment]:
    return each_of(engagement, _teams)


def sites_in_scope(engagement: Engagement) -> list[Site]:
    return each_of(engagement, _sites_in_scope)


def staff() -> list[Membership]:
    """The consultancy's own people who may lead or work on an engagement today."""
    return list(
        db.session.scalars(
            sa.select(Membership)
            .where(Membership.role != "client", Membership.left_on.is_(None))
            .order_by(Membership.name)
        )
    )


def _teams(ids: Sequence[UUID]) -> Iterator[tuple[UUID, Assignment]]:
    for one in db.session.scalars(
        sa.select(Assignment)
        .options(joinedload(Assignment.membership))
        .where(Assignment.engagement_id.in_(ids))
        .order_by(Assignment.part)
    ):
        yield one.engagement_id, one


def _sites_in_scope(ids: Sequence[UUID]) -> Iterator[tuple[UUID, Site]]:
    rows = db.session.execute(
        sa.select(EngagementSite.engagement_id, Site)
        .join(Site, sa.and_(EngagementSite.tenant_id == Site.tenant_id, EngagementSite.site_id == Site.id))
        .where(EngagementSite.engagement_id.in_(ids))
        .order_by(Site.name)
    )
    return ((engagement_id, site) for engagement_id, site in rows)
