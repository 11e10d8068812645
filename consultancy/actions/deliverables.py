"""The path of a Word file: request, claim, complete or fail, release, withdraw.

The row is the queue and the outbox. A claim carries a fence; whoever completes with an old fence is refused, so a
worker that slept through its lease can never overwrite the one that took over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from consultancy import calendar
from consultancy.actions import brand as branding
from consultancy.actions.editions import OtherRequest as OtherRequest
from consultancy.actions.editions import request_deliverable as request_deliverable
from consultancy.actions.editions import request_editions as request_editions
from consultancy.actions.numbering import one_at_a_time
from consultancy.actions.pauses import pause_before_next
from consultancy.models.deliverable import IN_HOUSE, ISSUED, Deliverable
from consultancy.models.engagement import Engagement
from consultancy.queries import deliverables, reviews
from consultancy.queries.deliverables import order
from consultancy.reports.evidence_pictures import with_pictures
from document_templates import library
from document_templates.branding import Look
from tenants import audit, messages
from tenants.database import db, now
from tenants.files import Files, sha256_of
from tenants.limits import DOCUMENT_ATTEMPTS
from tenants.members import has_left
from tenants.permissions import Role
from tenants.practices import practice
from tenants.refusal import NotValid, Refusal

NO_LONGER_AUTHORISED = "requester no longer authorised"


class WrongState(Refusal):
    """The deliverable is not in a state that allows this."""


class ClaimLost(Refusal):
    """The lease ran out and somebody else writes the document now."""


class NotesOpen(Refusal):
    """Remarks of a reviewer wait to be settled."""


class NotApproved(Refusal):
    """The consultancy releases only what someone else than its author approved."""


class PagesBeingCounted(Refusal):
    """Its pages are being counted: the file is about to be replaced by the one that has them."""


class PlacesLeft(Refusal):
    """A manual still has square brackets that only the client can fill: nobody could work by it."""


class AccessEndsTooEarly(NotValid):
    """The last day to download lies after today."""


class Recipient(NamedTuple):
    """Somebody at the client who is told of a release."""

    name: str
    email: str


class Letter(NamedTuple):
    """The mail that goes to every recipient of a release."""

    subject: str
    body: str


@dataclass(frozen=True)
class Claim:
    """The right to write one document, until the fence moves on."""

    tenant_id: UUID
    deliverable_id: UUID
    fence: int


@dataclass(frozen=True)
class Manuscript:
    """All that a renderer needs: plain data, the template's bytes and the look of the firm."""

    claim: Claim
    template: bytes
    fields: dict[str, Any]
    look: Look | None
    attempts: int


def claim_next(lease_seconds: int) -> Claim | None:
    """The next due document of the consultancy served longest ago, leased to the caller; None when nothing is due."""
    claimed = sa.func.claim_next(lease_seconds).table_valued(
        sa.column("tenant_id", sa.Uuid), sa.column("id", sa.Uuid), sa.column("fence", sa.BigInteger)
    )
    row = db.session.execute(sa.select(claimed)).one_or_none()
    return Claim(*row) if row else None


def due() -> int:
    """How many documents wait to be collected or written, over all consultancies."""
    return db.session.scalar(sa.select(sa.func.deliverables_due())) or 0


def manuscript(claim: Claim, *, files: Files) -> Manuscript | None:
    """What is to be written; None when who asked for it was let go meanwhile: it is cancelled then.

    Raises ClaimLost when it is no longer the caller's, TemplateGone when its template is not what was chosen.
    """
    deliverable = _held(
        claim,
        undefer(Deliverable.snapshot),
        joinedload(Deliverable.requested_by),
        joinedload(Deliverable.document_template_version),
    )
    if _asked_by_nobody(deliverable):
        deliverable = _held(claim, lock=True)
        deliverable.production, deliverable.lease_until = "cancelled", None
        db.session.flush()
        audit.record("deliverable.cancelled", deliverable, by=None, reason=NO_LONGER_AUTHORISED)
        return None
    return Manuscript(
        claim,
        template_of(deliverable, files),
        with_pictures(deliverable.snapshot, files),
        branding.look_of(deliverable.brand, files=files),
        deliverable.attempts,
    )


def template_of(deliverable: Deliverable, files: Files) -> bytes:
    """The bytes frozen at the request, from the consultancy's files or from what we ship."""
    version = deliverable.document_template_version
    if version is None:
        return library.read(deliverable.template, deliverable.template_sha256)
    content = files.get(version.file_key)
    if sha256_of(content) != deliverable.template_sha256:
        raise library.TemplateGone(deliverable.template)
    return content


def keep_lease(claim: Claim, lease_seconds: int) -> None:
    """Say that the document is still being written."""
    held = db.session.execute(
        _of(claim).values(lease_until=sa.func.now() + sa.func.make_interval(0, 0, 0, 0, 0, 0, lease_seconds))
    )
    if held.rowcount != 1:  # type: ignore[attr-defined]
        raise ClaimLost(claim)


def complete(claim: Claim, *, file_key: str, sha256: str, size: int, office: bool = False) -> None:
    """The file lies in the store: the document is ready. `office`: LibreOffice is there to count its pages.

    Raises ClaimLost when the fence moved on.
    """
    ready = {"production": "ready", "failure": "", "lease_until": None, "ready_at": now()}
    written = {"file_key": file_key, "sha256": sha256, "size": size}
    counted: dict[str, Any] = {"preview": "unavailable"}
    if office:
        counted = {"preview": "queued", "preview_after": sa.func.now(), "pages_asked_at": now()}
    deliverable = db.session.scalar(_of(claim).values(ready | written | counted).returning(Deliverable))
    if deliverable is None:
        raise ClaimLost(claim)
    audit.record("deliverable.written", deliverable, by=None, sha256=sha256, fence=claim.fence)


def fail(claim: Claim, *, reason: str) -> None:
    """The document cannot be written as it is; `reason` says in plain words what to mend."""
    _give_up(_held(claim, lock=True), reason)


def postpone(claim: Claim, *, reason: str, fault_of_document: bool) -> None:
    """Try again later, with growing pauses. Faults of disk or network never use up the document's own tries; they
    end after about a day. `reason` is what a person reads when there are no more tries."""
    deliverable = _held(claim, lock=True)
    if not fault_of_document:
        deliverable.attempts -= 1
    pause = pause_before_next(
        attempts=deliverable.attempts,
        claims=deliverable.fence,
        most=DOCUMENT_ATTEMPTS,
        fault_of_document=fault_of_document,
    )
    if pause is None:
        _give_up(deliverable, reason)
        return
    deliverable.production, deliverable.lease_until, deliverable.run_after = "queued", None, sa.func.now() + pause
    db.session.flush()


def retry(deliverable: Deliverable, *, by: UUID) -> None:
    """Queue a failed document again, with the data frozen at its request."""
    write_again(deliverable, by=by, after=("failed",))


def write_again(deliverable: Deliverable, *, by: UUID, after: Sequence[str] = ("failed", "cancelled")) -> None:
    """Queue what failed, or was cancelled while its other edition was written, with its frozen data."""
    db.session.refresh(deliverable, with_for_update={"of": Deliverable})
    if deliverable.production not in after:
        raise WrongState(deliverable.production)
    deliverable.production, deliverable.failure, deliverable.attempts = "queued", "", 0
    deliverable.requested_by_id = by  # who asked first may be gone; who asks again answers for it
    deliverable.run_after = sa.func.now()
    db.session.flush()
    audit.record("deliverable.retried", deliverable, by=by)


def cancel(deliverable: Deliverable, *, by: UUID) -> None:
    """Take a document that nobody writes yet out of the queue."""
    db.session.refresh(deliverable, with_for_update={"of": Deliverable})
    if deliverable.production != "queued":
        raise WrongState(deliverable.production)
    deliverable.production = "cancelled"
    db.session.flush()
    audit.record("deliverable.cancelled", deliverable, by=by)


def release(
    deliverable: Deliverable,
    *,
    by: UUID,
    recipients: Sequence[Recipient] = (),
    letter: Letter | None = None,
    expires_on: date | None = None,
) -> None:
    """Give the document to the client, and tell the recipients by mail. The version released before stays on file as
    superseded; a version older than what the client had already is not released any more. Editions in two languages
    are released each on its own.

    `expires_on`: the last day on which the client can download it. Raises NotApproved, NotesOpen, PlacesLeft,
    PagesBeingCounted, AccessEndsTooEarly.
    """
    one_at_a_time(Engagement, deliverable.engagement_id)
    db.session.refresh(deliverable, with_for_update={"of": Deliverable})
    refuse_unfit(deliverable)
    if expires_on is not None and expires_on <= calendar.today():
        raise AccessEndsTooEarly(expires_on)
    issued = [
        one
        for one in deliverables.versions(deliverable)
        if one.standing in ISSUED and one.language == deliverable.language
    ]
    if any(order(one) > order(deliverable) for one in issued):
        raise WrongState(deliverable.standing)
    for earlier in issued:
        if earlier.standing == "released":
            earlier.standing = "superseded"
            audit.record("deliverable.superseded", earlier, by=by)
    deliverable.standing, deliverable.released_at = "released", now()
    deliverable.expires_on = expires_on
    deliverable.recipients = [{"name": one.name, "email": one.email} for one in recipients]
    db.session.flush()
    if letter:
        for one in recipients:
            messages.write(to_email=one.email, subject=letter.subject, body=letter.body)
    audit.record(
        "deliverable.released", deliverable, by=by, version=deliverable.version, sha256=deliverable.sha256,
        recipients=len(deliverable.recipients), expires_on=expires_on and expires_on.isoformat(),
    )  # fmt: skip


def refuse_unfit(deliverable: Deliverable) -> None:
    """Nothing leaves unfinished, with remarks open, or seen by its author alone where the consultancy wants two."""
    if deliverable.production != "ready" or deliverable.standing not in IN_HOUSE:
        raise WrongState(deliverable.standing)
    if practice().approve_by_another and deliverable.standing != "approved":
        raise NotApproved(deliverable.title)
    if waiting := reviews.still_open(deliverable):
        raise NotesOpen(waiting)
    if left := _places_left(deliverable):
        raise PlacesLeft(deliverable.title, left)
    refuse_uncounted(deliverable)


def refuse_uncounted(deliverable: Deliverable) -> None:
    """What is approved or released is the file with its page numbers, unless nobody makes them here."""
    if deliverables.pages_awaited(deliverable):
        raise PagesBeingCounted(deliverable.title)


def _places_left(deliverable: Deliverable) -> int:
    """In a manual as we wrote it. Who brought back an edited copy answers for what stands in it."""
    if deliverable.kind != "manual" or deliverable.edited_from_id is not None:
        return 0
    return int(deliverable.snapshot["manual"]["placeholders"])


def withdraw(deliverable: Deliverable, *, reason: str, by: UUID) -> None:
    """Take a released document back; the client no longer sees it, the reason stays on file."""
    one_at_a_time(Engagement, deliverable.engagement_id)
    db.session.refresh(deliverable, with_for_update={"of": Deliverable})
    if deliverable.standing != "released":
        raise WrongState(deliverable.standing)
    deliverable.standing, deliverable.withdrawn_reason = "withdrawn", reason
    db.session.flush()
    audit.record("deliverable.withdrawn", deliverable, by=by)


def hand_over(deliverable: Deliverable, *, by: UUID, **how: str) -> None:
    """Note that the file is being downloaded, and by whom, before the first byte leaves. `how`: as what."""
    if deliverable.production != "ready":
        raise WrongState(deliverable.production)
    audit.record("deliverable.downloaded", deliverable, by=by, sha256=deliverable.sha256, **how)


def _asked_by_nobody(deliverable: Deliverable) -> bool:
    """Has the member who asked been off-boarded? What the platform itself asked for (the demo) is always written."""
    if deliverable.requested_by_id is None:
        return False
    asked = deliverable.requested_by
    return asked is None or has_left(asked, calendar.today()) or asked.role == Role.CLIENT


def _give_up(deliverable: Deliverable, reason: str) -> None:
    deliverable.production, deliverable.failure, deliverable.lease_until = "failed", reason, None
    db.session.flush()
    audit.record("deliverable.failed", deliverable, by=None)


def _of(claim: Claim) -> Any:
    return (
        sa.update(Deliverable)
        .where(
            Deliverable.id == claim.deliverable_id,
            Deliverable.fence == claim.fence,
            Deliverable.production == "writing",
        )
        .execution_options(synchronize_session=False)
    )


def _held(claim: Claim, *loaded: Any, lock: bool = False) -> Deliverable:
    wanted = (
        sa.select(Deliverable)
        .options(*loaded)
        .where(
            Deliverable.id == claim.deliverable_id,
            Deliverable.fence == claim.fence,
            Deliverable.production == "writing",
        )
    )
    deliverable = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if deliverable is None:
        raise ClaimLost(claim)
    return deliverable
