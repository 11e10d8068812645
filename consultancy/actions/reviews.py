"""Between written and released: submitted, remarked on, sent back or approved."""

from uuid import UUID

from consultancy.actions.deliverables import NotesOpen, WrongState, refuse_uncounted
from consultancy.models.deliverable import IN_HOUSE, Deliverable
from consultancy.models.review_note import ReviewNote
from consultancy.queries import reviews
from tenants import audit
from tenants.database import db, now
from tenants.limits import COMMENT_CHARACTERS
from tenants.practices import practice
from tenants.refusal import NotValid, Refusal

MOST_PAGES = 2000


class NothingRemarked(NotValid):
    """A remark says something."""


class RemarkTooLong(NotValid):
    """A remark is a sentence or two; what is longer belongs in the document."""


class NoSuchPage(NotValid):
    """The document has fewer pages."""


class ApproverWroteIt(Refusal):
    """The consultancy wants someone else to approve than who asked for the document."""


def submit(deliverable: Deliverable, *, by: UUID) -> None:
    """Ask for a review of the draft."""
    _held(deliverable, "draft")
    deliverable.standing = "in_review"
    db.session.flush()
    audit.record("deliverable.submitted", deliverable, by=by)


def send_back(deliverable: Deliverable, *, reason: str, by: UUID) -> None:
    """Back to its author; the reason stays on it as a remark. Raises NothingRemarked, RemarkTooLong."""
    _held(deliverable, "in_review", "approved")
    remark(deliverable, text=reason, by=by)
    deliverable.standing = "draft"
    db.session.flush()
    audit.record("deliverable.sent_back", deliverable, by=by)


def approve(deliverable: Deliverable, *, by: UUID) -> None:
    """Find the document fit for the client. Raises NotesOpen, PagesBeingCounted, and ApproverWroteIt where the
    consultancy wants two."""
    _held(deliverable, "in_review")
    if practice().approve_by_another and deliverable.requested_by_id == by:
        raise ApproverWroteIt(deliverable.title)
    if waiting := reviews.still_open(deliverable):
        raise NotesOpen(waiting)
    refuse_uncounted(deliverable)
    deliverable.standing = "approved"
    db.session.flush()
    audit.record("deliverable.approved", deliverable, by=by, sha256=deliverable.sha256)


def remark(deliverable: Deliverable, *, text: str, by: UUID, page: int | None = None) -> ReviewNote:
    """Say what to mend on a page of the draft, or in the whole. Raises NothingRemarked, RemarkTooLong, NoSuchPage."""
    if deliverable.production != "ready" or deliverable.standing not in IN_HOUSE:
        raise WrongState(deliverable.standing)
    if not text.strip():
        raise NothingRemarked
    if len(text) > COMMENT_CHARACTERS:
        raise RemarkTooLong(COMMENT_CHARACTERS)
    if page is not None and not 1 <= page <= (deliverable.page_count or MOST_PAGES):
        raise NoSuchPage(page)
    note = ReviewNote(deliverable_id=deliverable.id, page=page, text=text.strip(), by_id=by)
    db.session.add(note)
    db.session.flush()
    audit.record("review_note.made", note, by=by, deliverable=deliverable.id)
    return note


def settle(note: ReviewNote, *, by: UUID) -> None:
    """The remark was followed, or talked over. A second time changes nothing."""
    db.session.refresh(note, with_for_update={"of": ReviewNote})
    if note.settled_at is not None:
        return
    note.settled_at, note.settled_by_id = now(), by
    db.session.flush()
    audit.record("review_note.settled", note, by=by, deliverable=note.deliverable_id)


def _held(deliverable: Deliverable, *standings: str) -> None:
    db.session.refresh(deliverable, with_for_update={"of": Deliverable})
    if deliverable.production != "ready" or deliverable.standing not in standings:
        raise WrongState(deliverable.standing)
