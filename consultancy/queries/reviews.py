"""Reading the remarks on a draft."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.models.review_note import ReviewNote
from tenants.database import db


def find(note_id: UUID) -> ReviewNote | None:
    return db.session.scalar(
        sa.select(ReviewNote)
        .options(joinedload(ReviewNote.deliverable).joinedload(Deliverable.engagement).joinedload(Engagement.client))
        .where(ReviewNote.id == note_id)
    )


def notes_on(deliverable: Deliverable) -> list[ReviewNote]:
    """Page by page, remarks on the whole document first, each in the order they were made."""
    return list(
        db.session.scalars(
            sa.select(ReviewNote)
            .options(joinedload(ReviewNote.by))
            .where(ReviewNote.deliverable_id == deliverable.id)
            .order_by(sa.func.coalesce(ReviewNote.page, 0), ReviewNote.created_at, ReviewNote.id)
        )
    )


def still_open(deliverable: Deliverable) -> int:
    counted = sa.select(sa.func.count(ReviewNote.id)).where(
        ReviewNote.deliverable_id == deliverable.id, ReviewNote.settled_at.is_(None)
    )
    return db.session.scalar(counted) or 0
