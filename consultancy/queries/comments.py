"""Reading what was said about a released document."""

import sqlalchemy as sa

from consultancy.models.comment import Comment
from consultancy.models.deliverable import Deliverable
from tenants.database import db

SHOWN = 200


def thread(deliverable: Deliverable) -> list[Comment]:
    """The latest comments on a document, oldest first."""
    latest = db.session.scalars(
        sa.select(Comment)
        .where(Comment.deliverable_id == deliverable.id)
        .order_by(Comment.created_at.desc(), Comment.id)
        .limit(SHOWN)
    ).all()
    return list(reversed(latest))
