"""Layouts that are due: claim, convert and picture outside any transaction, store, complete; until nothing is due."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from consultancy.actions import previews
from consultancy.actions.deliverables import ClaimLost
from consultancy.actions.previews import Kept, Laid, PreviewClaim, Proof
from document_templates import linting, pdf_pages
from document_templates.branding import render_branded
from document_templates.checking import checked
from document_templates.child import Child
from document_templates.office import Office, sweep_folders
from document_templates.refusals import TemplateRefusal
from tenants.database import transaction
from tenants.files import content_key, file_store
from tenants.limits import PAGE_IMAGES, PREVIEW_ATTEMPTS
from workers.claims import give_back, holding, kept_lease
from workers.deliverables import DRAIN_SECONDS, TURN_SECONDS
from workers.leash import finishing

log = structlog.get_logger()

# As `preview_failure` they are read by consultants.
FAULT_OF_OURS = "the files could not be stored for a day"
FAULT_UNKNOWN = "the reason was not foreseen; it was noted"
BROKE_OFF = "LibreOffice was ended in the middle of it again and again"
SHELF = "previews"
PAGES_AT_ONCE = 10  # pictures in one answer of the child
WRITTEN_AGAIN = 3  # contents that grow by a line move what they count; then the numbers stay out


def make_previews() -> int:
    """The job. It has no arguments, as the one that writes has none; answers how many layouts it took on."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    sweep_folders()
    made = 0
    if due(app):
        with Child() as child:
            for claim in claims(app, until=time.monotonic() + DRAIN_SECONDS):
                make(app, claim, child)
                made += 1
    return made


def due(app: Flask) -> int:
    with app.app_context(), transaction():
        return previews.due()


def claim_next(app: Flask) -> PreviewClaim | None:
    with app.app_context(), transaction():
        return previews.claim_next(app.config["LEASE_SECONDS"])


def claims(app: Flask, until: float) -> Iterator[PreviewClaim]:
    while time.monotonic() < until and not finishing.is_set():
        claim = claim_next(app)
        if claim:
            yield claim
        elif due(app):
            finishing.wait(TURN_SECONDS)
        else:
            return


def make(app: Flask, claim: PreviewClaim, child: Child) -> None:
    known = {"subject": claim.subject, "id": str(claim.id), "fence": claim.fence}
    try:
        with kept_lease(app, claim, previews.keep_lease):
            make_held(app, claim, child)
    except ClaimLost:
        log.info("preview.claim_lost", **known)
    except TemplateRefusal as refusal:  # LibreOffice was busy with something else, or the document is at fault
        log.info("preview.refused", kind=type(refusal).__name__, **known)
        reason = getattr(refusal, "reason", refusal.sentence)
        give_back(app, claim, previews.postpone, reason=reason, fault_of_document=True)
    except (OSError, OperationalError) as fault:
        log.error("preview.postponed", kind=type(fault).__name__, **known)
        give_back(app, claim, previews.postpone, reason=FAULT_OF_OURS, fault_of_document=False)
    except Exception as error:
        log.error("preview.broken", kind=type(error).__name__, **known)
        give_back(app, claim, previews.postpone, reason=FAULT_UNKNOWN, fault_of_document=True)
        raise  # nobody foresaw it: the queue's own record keeps where it happened


def make_held(app: Flask, claim: PreviewClaim, child: Child) -> None:
    read: Callable[..., Any] = previews.proof if claim.subject == "deliverable" else previews.sample
    with holding(app, claim):
        given = read(claim, files=file_store(app.config))
    if given.attempts > PREVIEW_ATTEMPTS:
        with holding(app, claim):
            previews.fail(claim, reason=BROKE_OFF)
        return
    if isinstance(given, Proof) and not given.checked:
        found = checked(child, given.word, given.asked)
        with holding(app, claim):
            previews.note_check(claim, found)
    program = app.config["OFFICE"]
    if not os.access(program, os.X_OK):
        with holding(app, claim):
            previews.without_office(claim)
        return
    with Office(program, wall_seconds=app.config["OFFICE_SECONDS"]) as to_pdf:
        if isinstance(given, Proof):
            lay_out(app, claim, given, to_pdf, child)
            return
        word = child(linting.tried, given.template, given.kind, given.language, given.look)
        pdf = to_pdf(word, at=given.at)
        pages = child(pdf_pages.facts, pdf).pages
        (image,) = child(pdf_pages.images, pdf, 1, 1)
    keep(app, claim)
    image_key = stored(app, claim, image, pdf_pages.IMAGE_KIND)
    with holding(app, claim):
        previews.complete_sample(claim, image_key=image_key, page_count=pages)


def lay_out(app: Flask, claim: PreviewClaim, given: Proof, to_pdf: Office, child: Child) -> None:
    """Count the pages, write them into the contents, and keep what the document looks like then. Nothing is stored
    before all of it is there and the claim still holds: what no row names would lie there for good."""
    word, numbers, pdf, pages = counted(given, to_pdf, child)
    images: list[bytes] = []
    for first in range(1, min(pages, PAGE_IMAGES) + 1, PAGES_AT_ONCE):
        count = min(PAGES_AT_ONCE, PAGE_IMAGES + 1 - first)
        images += child(pdf_pages.images, pdf, first, count)
    found = checked(child, word, given.asked) if word != given.word else None
    keep(app, claim)
    pictured = [stored(app, claim, one, pdf_pages.IMAGE_KIND) for one in images]
    kept = Kept(stored(app, claim, pdf, "pdf"), len(pdf))
    again = Kept(stored(app, claim, word, "docx", shelf="deliverables"), len(word)) if found else None
    with holding(app, claim):
        previews.complete(claim, Laid(pages, kept, pictured, again, numbers, found), of_sha256=given.sha256)


def keep(app: Flask, claim: PreviewClaim) -> None:
    """The lease once more for what is left to do. Raises ClaimLost."""
    with holding(app, claim):
        previews.keep_lease(claim, app.config["LEASE_SECONDS"])


def counted(given: Proof, to_pdf: Office, child: Child) -> tuple[bytes, dict[str, str], bytes, int]:
    """The document with numbers that its own layout confirms, or as it was; with its PDF and the number of pages."""
    first = pdf = to_pdf(given.word, at=given.at)
    first_pages, numbers = child(pdf_pages.numbers, pdf, given.word)
    if given.template is None or not numbers:
        return given.word, {}, pdf, first_pages
    for _ in range(WRITTEN_AGAIN):
        word = child(render_branded, given.template, given.fields, given.look, numbers)
        if word == given.word:  # it has no contents, or they are told already
            return word, numbers, pdf, first_pages
        pdf = to_pdf(word, at=given.at)
        pages, confirmed = child(pdf_pages.numbers, pdf, word)
        if confirmed == numbers:
            return word, numbers, pdf, pages
        numbers = confirmed
    return given.word, {}, first, first_pages


def stored(app: Flask, claim: PreviewClaim, content: bytes, extension: str, *, shelf: str = SHELF) -> str:
    """Bytes before row: a file without a row is litter, a row without its file is a lie."""
    key = content_key(claim.tenant_id, shelf, content, extension)
    file_store(app.config).put(key, content)
    return key
