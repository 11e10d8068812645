"""Talking about a released document: the employer's people and the consultancy in one thread."""

from uuid import UUID

from consultancy.models.comment import Comment
from consultancy.models.deliverable import Deliverable
from tenants import audit
from tenants.database import db
from tenants.limits import COMMENT_CHARACTERS
from tenants.refusal import NotValid, Refusal


class NothingSaid(NotValid):
    """A comment says something."""


class CommentTooLong(NotValid):
    """A comment is a remark; what is longer belongs in a document."""


class NotReleased(Refusal):
    """The client does not see this document, so there is nobody to talk to about it."""


def comment(deliverable: Deliverable, *, text: str, by: UUID, by_name: str) -> Comment:
    """Say something about a released document; everybody at the employer and in the consultancy reads it.

    Raises NotReleased, NothingSaid, CommentTooLong.
    """
    if deliverable.standing != "released":
        raise NotReleased(deliverable.title)
    if not text.strip():
        raise NothingSaid
    if len(text) > COMMENT_CHARACTERS:
        raise CommentTooLong(COMMENT_CHARACTERS)
    said = Comment(client_id=deliverable.client_id, deliverable_id=deliverable.id, text=text, by_id=by, by_name=by_name)
    db.session.add(said)
    db.session.flush()
    audit.record("comment.made", said, by=by, deliverable=deliverable.id)
    return said
