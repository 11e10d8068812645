"""The layout of a written document: claimed, its pages counted, its pictures and PDF kept; and of a template's sample.

The row is the queue here too, with a lease and a fence of its own. The page numbers that were measured go into the
document as plain input: it is written once more and takes the place of the first, as long as nobody approved it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions import brand as branding
from consultancy.actions import checks
from consultancy.actions.deliverables import ClaimLost, WrongState, template_of
from consultancy.actions.pauses import pause_before_next
from consultancy.models.deliverable import Deliverable
from consultancy.models.document_template import DocumentTemplateVersion
from consultancy.models.page_image import PageImage
from consultancy.models.previewed import Previewed
from consultancy.queries import brand as looks
from consultancy.reports.evidence_pictures import with_pictures
from document_templates import library
from document_templates.branding import Look
from document_templates.checking import Asked, Report
from tenants import audit
from tenants.database import db, now
from tenants.files import Files, sha256_in
from tenants.limits import PREVIEW_ATTEMPTS

MODELS: dict[str, Any] = {"deliverable": Deliverable, "document_template_version": DocumentTemplateVersion}
STILL_OURS = ("draft", "in_review")  # approved, or with the client: its file stays as it is


@dataclass(frozen=True)
class PreviewClaim:
    """The right to lay one Word file out, until the fence moves on."""

    subject: str
    tenant_id: UUID
    id: UUID
    fence: int


@dataclass(frozen=True)
class Proof:
    """A written document as the layout needs it. Without `template` it keeps its file: a copy edited by hand, what was
    approved, what its template does not offer any more. `checked`: somebody looked through this very file already."""

    word: bytes
    sha256: str
    at: datetime
    template: bytes | None
    fields: dict[str, Any]
    look: Look | None
    asked: Asked
    checked: bool
    attempts: int


@dataclass(frozen=True)
class Sample:
    """A template's version as the layout needs it."""

    template: bytes
    kind: str
    language: str
    look: Look | None
    at: datetime
    attempts: int


@dataclass(frozen=True)
class Kept:
    """A file that lies in the store."""

    key: str
    size: int


@dataclass(frozen=True)
class Laid:
    """What came of it. `word`: the document with its page numbers, where it was written once more."""

    page_count: int
    pdf: Kept
    images: Sequence[str]
    word: Kept | None = None
    contents_pages: dict[str, str] | None = None
    report: Report | None = None  # of `word`


def claim_next(lease_seconds: int) -> PreviewClaim | None:
    """The next due layout of the consultancy served longest ago, leased to the caller; None when nothing is due."""
    claimed = sa.func.claim_preview(lease_seconds).table_valued(
        sa.column("subject", sa.String), sa.column("tenant_id", sa.Uuid), sa.column("id", sa.Uuid),
        sa.column("fence", sa.BigInteger),
    )  # fmt: skip
    row = db.session.execute(sa.select(claimed)).one_or_none()
    return PreviewClaim(*row) if row else None


def due() -> int:
    """How many layouts wait to be made, over all consultancies."""
    return db.session.scalar(sa.select(sa.func.previews_due())) or 0


def proof(claim: PreviewClaim, *, files: Files) -> Proof:
    """What is to be laid out. Raises ClaimLost when it is no longer the caller's."""
    deliverable: Deliverable = _held(claim)
    template = None
    if deliverable.edited_from_id is None and deliverable.standing in STILL_OURS:
        try:
            template = template_of(deliverable, files)
        except library.TemplateGone:  # written before a newer release: it keeps its contents as they are
            template = None
    assert deliverable.file_key is not None
    assert deliverable.sha256 is not None
    return Proof(
        files.get(deliverable.file_key),
        deliverable.sha256,
        deliverable.ready_at or deliverable.requested_at,
        template,
        with_pictures(deliverable.snapshot, files) if template else {},
        branding.look_of(deliverable.brand, files=files) if template else None,
        checks.asked_of(deliverable),
        deliverable.check_report is not None,
        deliverable.preview_attempts,
    )


def sample(claim: PreviewClaim, *, files: Files) -> Sample:
    """What is to be tried, in the look of today. Raises ClaimLost."""
    version: DocumentTemplateVersion = _held(claim)
    template = version.document_template
    look = branding.look_of(branding.frozen(looks.brand()), files=files)
    content = files.get(version.file_key)
    return Sample(content, template.kind, template.language, look, version.uploaded_at, version.preview_attempts)


def note_check(claim: PreviewClaim, report: Report) -> None:
    """What the check found in the file as it was written; a layout that fails leaves it standing. Raises ClaimLost."""
    deliverable: Deliverable = _held(claim, lock=True)
    deliverable.check_report = checks.as_plain(report, deliverable.client_id)
    db.session.flush()


def keep_lease(claim: PreviewClaim, lease_seconds: int) -> None:
    """Say that the layout is still being made."""
    model = MODELS[claim.subject]
    held = db.session.execute(
        sa.update(model)
        .where(*_is_held(claim))
        .values(preview_lease_until=sa.func.now() + sa.func.make_interval(0, 0, 0, 0, 0, 0, lease_seconds))
        .execution_options(synchronize_session=False)
    )
    if held.rowcount != 1:  # type: ignore[attr-defined]
        raise ClaimLost(claim)


def complete(claim: PreviewClaim, laid: Laid, *, of_sha256: str) -> None:
    """PDF and pictures lie in the store; so does the document with its page numbers, which replaces the first.

    Raises ClaimLost when the fence moved on, or when the document is not the one any more that was laid out.
    """
    deliverable: Deliverable = _held(claim, lock=True)
    if deliverable.sha256 != of_sha256 or (laid.word and deliverable.standing not in STILL_OURS):
        raise ClaimLost(claim)
    if laid.word:
        deliverable.replaced_key, deliverable.file_key = deliverable.file_key, laid.word.key
        deliverable.sha256, deliverable.size = sha256_in(laid.word.key), laid.word.size
        deliverable.check_report = checks.as_plain(laid.report, deliverable.client_id) if laid.report else None
    if laid.contents_pages:
        deliverable.contents_pages = laid.contents_pages
    deliverable.page_count, deliverable.previewed_at = laid.page_count, now()
    deliverable.pdf_key, deliverable.pdf_sha256, deliverable.pdf_size = (
        laid.pdf.key, sha256_in(laid.pdf.key), laid.pdf.size,
    )  # fmt: skip
    db.session.execute(sa.delete(PageImage).where(PageImage.deliverable_id == deliverable.id))
    db.session.add_all(
        PageImage(deliverable_id=deliverable.id, page=page, file_key=key) for page, key in enumerate(laid.images, 1)
    )
    _made(deliverable)
    audit.record(
        "deliverable.pages_counted", deliverable, by=None, sha256=deliverable.sha256, pdf_sha256=deliverable.pdf_sha256,
        pages=laid.page_count, fence=claim.fence, **({"replaced": of_sha256} if laid.word else {}),
    )  # fmt: skip


def complete_sample(claim: PreviewClaim, *, image_key: str, page_count: int) -> None:
    """The picture of the sample's first page lies in the store. Raises ClaimLost."""
    version: DocumentTemplateVersion = _held(claim, lock=True)
    version.image_key, version.page_count = image_key, page_count
    _made(version)


def fail(claim: PreviewClaim, *, reason: str) -> None:
    """There will be no layout of it; `reason` says why in plain words. The document itself is as good as before."""
    row = _held(claim, lock=True)
    row.preview, row.preview_failure, row.preview_lease_until = "failed", reason, None
    db.session.flush()


def without_office(claim: PreviewClaim) -> None:
    """There is no LibreOffice here after all."""
    row = _held(claim, lock=True)
    row.preview, row.preview_lease_until = "unavailable", None
    db.session.flush()


def postpone(claim: PreviewClaim, *, reason: str, fault_of_document: bool) -> None:
    """Try again later, with growing pauses; the document's own faults are few, those of disk and network many."""
    row = _held(claim, lock=True)
    if not fault_of_document:
        row.preview_attempts -= 1
    pause = pause_before_next(
        attempts=row.preview_attempts,
        claims=row.preview_fence,
        most=PREVIEW_ATTEMPTS,
        fault_of_document=fault_of_document,
    )
    if pause is None:
        fail(claim, reason=reason)
        return
    row.preview, row.preview_lease_until, row.preview_after = "queued", None, sa.func.now() + pause
    db.session.flush()


def try_again(deliverable: Deliverable, *, by: UUID) -> None:
    """Ask for the layout once more: what failed was mended, or LibreOffice came to the machine. Raises WrongState."""
    db.session.refresh(deliverable, with_for_update={"of": Deliverable})
    if deliverable.production != "ready" or deliverable.preview not in ("none", "failed", "unavailable"):
        raise WrongState(deliverable.preview)
    deliverable.preview, deliverable.preview_failure, deliverable.preview_attempts = "queued", "", 0
    deliverable.preview_after, deliverable.pages_asked_at = sa.func.now(), now()
    db.session.flush()
    audit.record("deliverable.pages_asked", deliverable, by=by)


def hand_over(deliverable: Deliverable, *, by: UUID) -> None:
    """Note that the PDF is being downloaded, and by whom, before the first byte leaves."""
    if deliverable.pdf_key is None:
        raise WrongState(deliverable.preview)
    audit.record("deliverable.downloaded", deliverable, by=by, sha256=deliverable.pdf_sha256, **{"as": "pdf"})


def _made(row: Previewed) -> None:
    row.preview, row.preview_failure, row.preview_lease_until = "made", "", None
    db.session.flush()


def _is_held(claim: PreviewClaim) -> tuple[Any, ...]:
    model = MODELS[claim.subject]
    return model.id == claim.id, model.preview_fence == claim.fence, model.preview == "making"


def _held(claim: PreviewClaim, *, lock: bool = False) -> Any:
    wanted = sa.select(MODELS[claim.subject]).where(*_is_held(claim))
    row = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if row is None:
        raise ClaimLost(claim)
    return row
