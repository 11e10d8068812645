"""Reading what happened to the program documents of an engagement."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from consultancy.models.deliverable import Deliverable
from consultancy.models.document_event import DocumentEvent
from consultancy.models.engagement import Engagement
from consultancy.models.register_entry import RegisterEntry
from tenants.database import db

LOOKED_AT = ("approval", "review")  # somebody read the whole document
MANUAL = "D1"  # the document of the program that the manual is


def find(event_id: UUID) -> DocumentEvent | None:
    return db.session.scalar(
        sa.select(DocumentEvent)
        .options(joinedload(DocumentEvent.entry).joinedload(RegisterEntry.engagement).joinedload(Engagement.client))
        .where(DocumentEvent.id == event_id)
    )


def of_entry(entry: RegisterEntry) -> list[DocumentEvent]:
    """Newest first."""
    return list(
        db.session.scalars(
            sa.select(DocumentEvent)
            .options(joinedload(DocumentEvent.by))
            .where(DocumentEvent.register_entry_id == entry.id)
            .order_by(DocumentEvent.held_on.desc(), DocumentEvent.created_at.desc(), DocumentEvent.id)
        )
    )


def looks(entry: RegisterEntry) -> list[DocumentEvent]:
    """Approvals and reviews that are not struck out, newest first; of two on one day the one recorded last."""
    return [one for one in of_entry(entry) if one.kind in LOOKED_AT and not one.struck_reason]


def latest(engagement: Engagement) -> dict[str, dict[str, date]]:
    """By the code of a document and the kind of event, the day of the last that counts."""
    found: dict[str, dict[str, date]] = {}
    rows = db.session.execute(
        sa.select(RegisterEntry.document, DocumentEvent.kind, sa.func.max(DocumentEvent.held_on))
        .join(DocumentEvent.entry)
        .where(RegisterEntry.engagement_id == engagement.id, DocumentEvent.struck_reason == "")
        .group_by(RegisterEntry.document, DocumentEvent.kind)
    )
    for document, kind, day in rows:
        found.setdefault(document, {})[kind] = day
    return found


def deliverables(engagement: Engagement) -> dict[str, Deliverable]:
    """By the code of a document the newest Word file of it that was not cancelled; the manual is D1."""
    subject = sa.case((Deliverable.kind == "manual", MANUAL), else_=Deliverable.subject)
    rows = db.session.execute(
        sa.select(subject, Deliverable)
        .ext(distinct_on(subject))
        .where(
            Deliverable.engagement_id == engagement.id,
            Deliverable.kind.in_(("policy", "procedure", "manual")),
            Deliverable.production != "cancelled",
        )
        .order_by(subject, Deliverable.requested_at.desc(), Deliverable.language, Deliverable.id)
    )
    return {row[0]: row[1] for row in rows}


def deliverables_of(entry: RegisterEntry) -> list[Deliverable]:
    """All Word files of one document, newest first."""
    of_it = Deliverable.subject == entry.document
    if entry.document == MANUAL:
        of_it = sa.or_(of_it, Deliverable.kind == "manual")
    return list(
        db.session.scalars(
            sa.select(Deliverable)
            .options(joinedload(Deliverable.requested_by))
            .where(
                Deliverable.engagement_id == entry.engagement_id,
                Deliverable.kind.in_(("policy", "procedure", "manual")),
                Deliverable.production != "cancelled",
                of_it,
            )
            .order_by(Deliverable.requested_at.desc(), Deliverable.language, Deliverable.id)
        )
    )


def authors(entry: RegisterEntry) -> list[str]:
    """Who wrote it: the name in the register, and who asked for its newest Word file or brought it back edited."""
    newest = next(iter(deliverables_of(entry)), None)
    written = newest.requested_by.name if newest and newest.requested_by else ""
    return [name for name in (entry.author, written) if name]
