"""Writing what is due: claim, render outside any transaction, store, complete; until nothing is due or 20 s are up."""

import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import structlog
from flask import Flask, current_app
from rq.timeouts import BaseTimeoutException
from sqlalchemy.exc import OperationalError

from consultancy.actions import checks, deliverables
from consultancy.actions.deliverables import Claim, ClaimLost
from document_templates.branding import render_branded
from document_templates.checking import checked
from document_templates.child import Child
from document_templates.library import TemplateGone
from document_templates.refusals import TemplateRefusal, Unrenderable
from tenants.database import transaction
from tenants.files import content_key, file_store, sha256_in
from tenants.limits import DOCUMENT_ATTEMPTS
from workers.bulk_requests import collect_next
from workers.claims import give_back, holding, kept_lease
from workers.leash import finishing

log = structlog.get_logger()


# As `failure` they are read by consultants. The document's own refusals bring their sentence along.
FAULT_OF_OURS = "The file could not be stored for a day. Nothing is wrong with the document: retry it later."
FAULT_UNKNOWN = "The document could not be written, for a reason nobody foresaw; it was noted. Retry it later."

CHECK_SECONDS = 60  # with the writing before it less than RQ gives a job (workers/queues.py)
DRAIN_SECONDS = 20  # then the worker comes up for air: its heartbeat, its maintenance, a signal to stop
TURN_SECONDS = 0.05  # a claim is over sooner


class Written(NamedTuple):
    """A document that is ready, and where it lies."""

    claim: Claim
    file_key: str


def write_deliverables() -> int:
    """The job. It has no arguments, so there is nothing in Redis to forge; answers how many documents it took on."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    written, unchecked = 0, list[Written]()
    if due(app):
        with Child() as child:
            for claim in claims(app, until=time.monotonic() + DRAIN_SECONDS):
                ready = write(app, claim, child)
                written += 1
                if ready and not app.config["OFFICE"]:
                    unchecked.append(ready)
            check_each(app, unchecked, child, until=time.monotonic() + CHECK_SECONDS)
    return written


def check_each(app: Flask, unchecked: Iterable[Written], child: Child, until: float) -> None:
    """It takes many times as long as the writing and nobody waits for it: as soon as anything is due, what is not
    checked yet is left to its page."""
    for one in unchecked:
        if finishing.is_set() or time.monotonic() > until or due(app):
            return
        check(app, one, child)


def due(app: Flask) -> int:
    with app.app_context(), transaction():
        return deliverables.due()


def claim_next(app: Flask) -> Claim | None:
    with app.app_context(), transaction():
        return deliverables.claim_next(app.config["LEASE_SECONDS"])


def claims(app: Flask, until: float) -> Iterator[Claim]:
    """One claim after another until nothing is due, the time is up or the worker is to stop. What waits to be written
    comes before what waits to be collected. A claim that came back empty may only have met another worker's: two
    workers share the documents of a single consultancy too."""
    while time.monotonic() < until and not finishing.is_set():
        claim = claim_next(app)
        if claim:
            yield claim
        elif collect_next(app):
            continue  # what was just collected is due now
        elif due(app):
            finishing.wait(TURN_SECONDS)
        else:
            return


def write(app: Flask, claim: Claim, child: Child) -> Written | None:
    """Answers what is ready; nothing when it failed, waits on or is somebody else's."""
    known = {"deliverable": str(claim.deliverable_id), "fence": claim.fence}
    try:
        with kept_lease(app, claim, deliverables.keep_lease):
            return write_held(app, claim, child)
    except ClaimLost:
        log.info("deliverable.claim_lost", **known)
    except (OSError, OperationalError) as fault:  # disk, network or database: not the document's fault
        log.error("deliverable.postponed", kind=type(fault).__name__, **known)
        give_back(app, claim, deliverables.postpone, reason=FAULT_OF_OURS, fault_of_document=False)
    except Exception as error:
        log.error("deliverable.broken", kind=type(error).__name__, **known)
        give_back(app, claim, deliverables.postpone, reason=FAULT_UNKNOWN, fault_of_document=True)
        raise  # nobody foresaw it: the queue's own record keeps where it happened
    return None


def write_held(app: Flask, claim: Claim, child: Child) -> Written | None:
    try:
        with holding(app, claim):
            manuscript = deliverables.manuscript(claim, files=file_store(app.config))
        if manuscript is None:
            return None
        if manuscript.attempts > DOCUMENT_ATTEMPTS:
            raise Unrenderable("five tries ended before it was finished")
        document = child(render_branded, manuscript.template, manuscript.fields, manuscript.look)
    except (TemplateRefusal, Unrenderable, TemplateGone) as refusal:
        with holding(app, claim):
            deliverables.fail(claim, reason=refusal.sentence)
        return None
    key = content_key(claim.tenant_id, "deliverables", document, "docx")
    file_store(app.config).put(key, document)  # bytes before row: an orphan file is litter, a dangling row is a lie
    with holding(app, claim):
        deliverables.complete(
            claim, file_key=key, sha256=sha256_in(key), size=len(document), office=bool(app.config["OFFICE"])
        )
    return Written(claim, key)


def check(app: Flask, ready: Written, child: Child) -> None:
    """Where LibreOffice is, the file is checked with its layout; here when nothing is due. The document is ready
    whatever becomes of this: a check that could not be made is asked for again on its page."""
    deliverable_id = ready.claim.deliverable_id
    try:
        document = file_store(app.config).get(ready.file_key)
        with holding(app, ready.claim):
            asked = checks.asked_about(deliverable_id)
        found = checked(child, document, asked)
        with holding(app, ready.claim):
            checks.keep(deliverable_id, found, of_sha256=sha256_in(ready.file_key))
    except BaseTimeoutException:
        raise  # the time for the whole job is over
    except Exception as error:  # noqa: BLE001 - neither this document nor the next ones are worse for it
        log.error("deliverable.unchecked", kind=type(error).__name__, deliverable=str(deliverable_id))
