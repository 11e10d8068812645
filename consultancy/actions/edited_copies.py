"""A written document that a consultant edits in Word and brings back: it becomes the next version, as it is."""

from datetime import date
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions import checks
from consultancy.actions.deliverables import WrongState
from consultancy.actions.engagements import refuse_closed
from consultancy.actions.numbering import next_number, one_at_a_time
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from document_templates.checking import checked
from document_templates.child import Child
from document_templates.edited import EditedFacts, inspect_edited
from tenants import audit
from tenants.database import db, now
from tenants.files import Files, content_key, sha256_of
from tenants.refusal import NotValid

TAGS_NAMED = 3


class SameFile(NotValid):
    """The very file is a version of the document already."""


class AnotherDocument(NotValid):
    """The file carries the number of another document, or not the number of this one."""


class TagsLeft(NotValid):
    """The file still asks for fields: it is a document template."""


class EditingShows(NotValid):
    """Tracked changes or comments are still inside: the client would read them."""


def bring_back(
    deliverable: Deliverable, *, content: bytes, files: Files, by: UUID, today: date, office: bool = False
) -> Deliverable:
    """Keep the edited copy as the document's next version, a draft that is reviewed and released like any other.
    `office`: LibreOffice is there to make its pages; the file itself stays as it was brought.

    Raises the intake's refusals, SameFile, AnotherDocument, TagsLeft, EditingShows, EngagementClosed, WrongState.
    """
    engagement = deliverable.engagement
    refuse_closed(engagement)
    if deliverable.production != "ready" or deliverable.file_key is None:
        raise WrongState(deliverable.production)
    with Child() as child:
        facts: EditedFacts = child(partial(inspect_edited, original=files.get(deliverable.file_key)), content)
        refuse_unfit(facts)
        report = checked(child, content, checks.asked_of(deliverable))
    one_at_a_time(Engagement, engagement.id)
    sha256 = sha256_of(content)
    refuse_twice(deliverable, sha256)
    number, version = next_number(engagement, kind=deliverable.kind, subject=deliverable.subject, today=today)
    key = content_key(deliverable.tenant_id, "deliverables", content, "docx")
    files.put(key, content)  # bytes before row
    kept = Deliverable(
        engagement_id=deliverable.engagement_id,
        client_id=deliverable.client_id,
        kind=deliverable.kind,
        subject=deliverable.subject,
        title=deliverable.title,
        language=deliverable.language,
        number=number,
        version=version,
        request_key=f"edit-{deliverable.id.hex[:16]}-{sha256[:32]}",
        snapshot=deliverable.snapshot,
        brand=deliverable.brand,
        template=deliverable.template,
        template_sha256=deliverable.template_sha256,
        document_template_version_id=deliverable.document_template_version_id,
        edited_from_id=deliverable.id,
        requested_by_id=by,
        production="ready",
        preview="queued" if office else "unavailable",
        pages_asked_at=now() if office else None,
        ready_at=now(),
        file_key=key,
        sha256=sha256,
        size=len(content),
        check_report=checks.as_plain(report, deliverable.client_id),
    )
    db.session.add(kept)
    db.session.flush()
    audit.record(
        "deliverable.edited", kept, by=by, version=version, edited_from=deliverable.id, sha256=sha256,
        changes=len(facts.changes),
    )  # fmt: skip
    return kept


def refuse_unfit(facts: EditedFacts) -> None:
    if facts.leftover_tags:
        raise TagsLeft(", ".join(facts.leftover_tags[:TAGS_NAMED]))
    if facts.seems_another_document:
        raise AnotherDocument(facts.number, facts.other_number)
    if facts.shows_its_editing:
        raise EditingShows(facts.tracked_changes, facts.comments)


def refuse_twice(deliverable: Deliverable, sha256: str) -> None:
    same = sa.select(Deliverable.version).where(Deliverable.number == deliverable.number, Deliverable.sha256 == sha256)
    if version := db.session.scalars(same).first():
        raise SameFile(version)
