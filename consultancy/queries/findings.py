"""Reading findings and corrective actions."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.corrective_action import CorrectiveAction
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from tenants.database import db


def find(finding_id: UUID) -> Finding | None:
    return db.session.scalar(
        sa.select(Finding)
        .options(joinedload(Finding.engagement).joinedload(Engagement.client))
        .where(Finding.id == finding_id)
    )


def of_engagement(engagement: Engagement) -> list[Finding]:
    return list(
        db.session.scalars(sa.select(Finding).where(Finding.engagement_id == engagement.id).order_by(Finding.number))
    )


def on_requirement(engagement: Engagement, requirement: str) -> list[Finding]:
    return list(
        db.session.scalars(
            sa.select(Finding)
            .where(Finding.engagement_id == engagement.id, Finding.requirement == requirement)
            .order_by(Finding.number)
        )
    )


def find_action(action_id: UUID) -> CorrectiveAction | None:
    return db.session.scalar(
        sa.select(CorrectiveAction)
        .options(joinedload(CorrectiveAction.finding).joinedload(Finding.engagement).joinedload(Engagement.client))
        .where(CorrectiveAction.id == action_id)
    )


def actions_of(engagement: Engagement) -> list[CorrectiveAction]:
    return list(
        db.session.scalars(
            sa.select(CorrectiveAction)
            .options(joinedload(CorrectiveAction.finding))
            .where(CorrectiveAction.engagement_id == engagement.id)
            .order_by(CorrectiveAction.number)
        )
    )
