"""Recording what happened to a program document: who was asked, who approved it, who reviewed and who read it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from consultancy.actions.engagements import refuse_closed
from consultancy.actions.register import refuse_author
from consultancy.calendar import today
from consultancy.models.document_event import DocumentEvent
from consultancy.models.register_entry import RegisterEntry
from consultancy.queries import document_events
from tenants import audit
from tenants.database import db
from tenants.refusal import NotValid, Refusal


class DocumentNotNeeded(Refusal):
    """A document that the register calls not needed has no life of its own."""


class InTheFuture(NotValid):
    """What is recorded has happened; nobody was asked tomorrow."""


class ReviewDateInPast(NotValid):
    """A review that is due is still to come."""


class InForceBeforeApproval(NotValid):
    """Nothing takes effect before somebody approved it."""


class MoreThanInvited(NotValid):
    """No more workers can acknowledge a document than it was given to."""


class StrikeReasonNotGiven(NotValid):
    """A record that is struck out says why."""


class AlreadyStruck(Refusal):
    """It is struck out already."""


def record_consultation(
    entry: RegisterEntry, *, held_on: date, part: str, who: str, outcome: str, by: UUID | None
) -> DocumentEvent:
    """The committee, the representative or the workers were asked before it was decided."""
    _refuse(entry, held_on)
    return _keep(entry, "consultation", held_on, by, part=part, who=who, note=outcome)


def approve(
    entry: RegisterEntry,
    *,
    approved_on: date,
    who: str,
    effective_on: date,
    review_due: date | None,
    note: str,
    by: UUID | None,
) -> DocumentEvent:
    """Somebody other than its author approved it: the entry takes over who, when and until when, unless it is told
    of something later already."""
    _refuse(entry, approved_on)
    if effective_on < approved_on:
        raise InForceBeforeApproval(effective_on, approved_on)
    _refuse_past_review(review_due, effective_on)
    refuse_author(entry, who)
    event = _keep(
        entry, "approval", approved_on, by, who=who, note=note, effective_on=effective_on, review_due=review_due
    )
    looks = document_events.looks(entry)
    if event is next(one for one in looks if one.kind == "approval"):
        entry.approver, entry.dated, entry.effective_on = who, approved_on, effective_on
    if event is looks[0]:
        entry.review_due, entry.state = review_due, "have"
    db.session.flush()
    return event


def record_review(
    entry: RegisterEntry,
    *,
    held_on: date,
    who: str,
    outcome: str,
    stays: bool,
    review_due: date | None,
    by: UUID | None,
) -> DocumentEvent:
    """Somebody looked at it again: it stays as it is until the next review, or it needs work. Without a next review the
    one that is still to come stays; the entry follows only the latest of its approvals and reviews."""
    _refuse(entry, held_on)
    _refuse_past_review(review_due, held_on)
    event = _keep(entry, "review", held_on, by, who=who, note=outcome, review_due=review_due)
    if event is document_events.looks(entry)[0]:
        entry.review_due = review_due or _still_to_come(entry.review_due, held_on)
        entry.state = "have" if stays else "needs_work"
        db.session.flush()
    return event


def record_acknowledgement(
    entry: RegisterEntry, *, held_on: date, reached: int, invited: int, names: str, note: str, by: UUID | None
) -> DocumentEvent:
    """So many of so many workers have read and understood it by a day."""
    _refuse(entry, held_on)
    if reached > invited:
        raise MoreThanInvited(reached, invited)
    listed = [line.strip() for line in names.splitlines() if line.strip()]
    if len(listed) > reached:
        raise MoreThanInvited(len(listed), reached)
    return _keep(
        entry, "acknowledgement", held_on, by, reached=reached, invited=invited, names="\n".join(listed), note=note
    )


def strike(event: DocumentEvent, *, reason: str, by: UUID | None) -> None:
    """It was recorded by mistake. What an approval or a review put into the register gives way to what the records that
    stand say; what somebody typed there since stays."""
    refuse_closed(event.entry.engagement)
    if not reason:
        raise StrikeReasonNotGiven
    if event.struck_reason:
        raise AlreadyStruck
    latest = event in document_events.looks(event.entry)[:1]
    event.struck_reason = reason
    db.session.flush()
    if event.kind in document_events.LOOKED_AT:
        _take_back(event, latest=latest)
    audit.record("document_event.struck", event, by=by, document=event.entry.document, kind=event.kind)


def _take_back(event: DocumentEvent, *, latest: bool) -> None:
    entry, looks = event.entry, document_events.looks(event.entry)
    put = (event.who, event.held_on, event.effective_on)
    if event.kind == "approval" and (entry.approver, entry.dated, entry.effective_on) == put:
        before = next((one for one in looks if one.kind == "approval"), None)
        last = (before.who, before.held_on, before.effective_on) if before else ("", None, None)
        entry.approver, entry.dated, entry.effective_on = last
    if latest and entry.state in ("have", "needs_work"):
        _follow(entry, event, looks)
    db.session.flush()


def _follow(entry: RegisterEntry, struck: DocumentEvent, looks: Sequence[DocumentEvent]) -> None:
    """The due date and the state after the latest look was struck out. Whether a review left work is not kept: where
    one comes to be the latest, the state stays as it is. Written and approved by nobody, it needs work."""
    if entry.review_due == struck.review_due:
        said = next((one for one in looks if one.review_due or one.kind == "approval"), None)
        entry.review_due = _still_to_come(said.review_due, looks[0].held_on) if said else None
    if not looks:
        entry.state = "needs_work"
    elif looks[0].kind == "approval":
        entry.state = "have"


def _still_to_come(review_due: date | None, after: date) -> date | None:
    """A review that was due by a day on which somebody did look at it has been held."""
    return review_due if review_due and review_due > after else None


def _refuse(entry: RegisterEntry, held_on: date) -> None:
    refuse_closed(entry.engagement)
    if entry.state == "not_needed":
        raise DocumentNotNeeded(entry.document)
    if held_on > today():
        raise InTheFuture(held_on)


def _refuse_past_review(review_due: date | None, after: date) -> None:
    if review_due is not None and review_due <= max(after, today()):
        raise ReviewDateInPast(review_due)


def _keep(entry: RegisterEntry, kind: str, held_on: date, by: UUID | None, **columns: object) -> DocumentEvent:
    event = DocumentEvent(
        register_entry_id=entry.id, kind=kind, held_on=held_on, issue=entry.issue, by_id=by, **columns
    )
    db.session.add(event)
    db.session.flush()
    audit.record(f"document_event.{kind}", event, by=by, document=entry.document, held_on=held_on)
    return event
