"""All that a client user's pages may read: what was released to their own employer."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.client import Client
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from tenants.database import db


def employer() -> Client | None:
    """The client user's own employer: the only client their session can see."""
    return db.session.scalar(sa.select(Client))


def engagements() -> list[Engagement]:
    return list(db.session.scalars(sa.select(Engagement).order_by(Engagement.opened_on.desc())))


def released() -> list[Deliverable]:
    return list(
        db.session.scalars(
            sa.select(Deliverable)
            .options(joinedload(Deliverable.engagement))
            .where(Deliverable.standing == "released")
            .order_by(Deliverable.released_at.desc())
        )
    )


def find_released(deliverable_id: UUID) -> Deliverable | None:
    return db.session.scalar(
        sa.select(Deliverable).where(Deliverable.id == deliverable_id, Deliverable.standing == "released")
    )
