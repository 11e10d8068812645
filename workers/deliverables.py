"""Writing what is due: claim, render outside any transaction, store, complete; until nothing is due or 20 s are up."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from consultancy.actions import deliverables
from consultancy.actions.deliverables import Claim, ClaimLost
from document_templates.child import Renderer
from document_templates.library import TemplateGone
from document_templates.refusals import TemplateRefusal, Unrenderable
from tenants.database import tenant_session, transaction
from tenants.files import content_key, file_store
from tenants.limits import DOCUMENT_ATTEMPTS
from workers.leash import die_with_parent

log = structlog.get_logger()

DRAIN_SECONDS = 20  # then the worker comes up for air: its heartbeat, its maintenance, a signal to stop


def write_deliverables() -> int:
    """The job. It has no arguments, so there is nothing in Redis to forge; answers how many documents it took on."""
    die_with_parent()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    until, written = time.monotonic() + DRAIN_SECONDS, 0
    with Renderer() as render:
        while time.monotonic() < until and (claim := claim_next(app)):
            write(app, claim, render)
            written += 1
    return written


def claim_next(app: Flask) -> Claim | None:
    with app.app_context(), transaction():
        return deliverables.claim_next(app.config["LEASE_SECONDS"])


@contextmanager
def holding(app: Flask, claim: Claim) -> Iterator[None]:
    """A fresh context and one short transaction inside the claim's consultancy."""
    with app.app_context():
        tenant_session().enter(claim.tenant_id)
        with transaction():
            yield


def write(app: Flask, claim: Claim, render: Renderer) -> None:
    try:
        with kept_lease(app, claim):
            write_held(app, claim, render)
    except ClaimLost:
        log.info("deliverable.claim_lost", deliverable=str(claim.deliverable_id), fence=claim.fence)
    except (OSError, OperationalError) as fault:  # disk, network or database: not the document's fault
        log.error("deliverable.postponed", deliverable=str(claim.deliverable_id), kind=type(fault).__name__)
        with holding(app, claim):
            deliverables.postpone(claim, reason="", fault_of_document=False)


def write_held(app: Flask, claim: Claim, render: Renderer) -> None:
    try:
        with holding(app, claim):
            manuscript = deliverables.manuscript(claim)
        if manuscript.attempts > DOCUMENT_ATTEMPTS:
            raise Unrenderable("five tries ended before it was finished")
        document = render(manuscript.template, manuscript.fields)
    except (TemplateRefusal, Unrenderable, TemplateGone) as refusal:
        with holding(app, claim):
            deliverables.fail(claim, reason=refusal.sentence)
        return
    key = content_key(claim.tenant_id, "deliverables", document, "docx")
    file_store(app.config).put(key, document)  # bytes before row: an orphan file is litter, a dangling row is a lie
    with holding(app, claim):
        deliverables.complete(claim, file_key=key, sha256=key.split("/")[-1].removesuffix(".docx"), size=len(document))


@contextmanager
def kept_lease(app: Flask, claim: Claim) -> Iterator[None]:
    """Renew the lease in the background for as long as the block runs."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(app.config["HEARTBEAT_SECONDS"]):
            try:
                with holding(app, claim):
                    deliverables.keep_lease(claim, app.config["LEASE_SECONDS"])
            except (ClaimLost, OperationalError):
                return  # the fence will refuse the write itself

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
