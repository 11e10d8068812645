"""Keeping the register of program documents."""

from typing import Any
from uuid import UUID

from consultancy.actions.clients import ChangedMeanwhile
from consultancy.actions.engagements import refuse_closed
from consultancy.approval import same_person
from consultancy.models.engagement import Engagement
from consultancy.models.register_entry import RegisterEntry
from consultancy.queries import document_events, register
from tenants import audit
from tenants.database import db
from tenants.refusal import NotValid

FIELDS = ("state", "note", "number", "issue", "dated", "effective_on", "author", "approver", "review_due")


class ReasonNotGiven(NotValid):
    """A document that is not needed says why."""


class ApprovedByAuthor(NotValid):
    """Who wrote a document does not approve it: a second person reads it."""


def keep_register(
    engagement: Engagement, *, entries: dict[str, dict[str, Any]], revisions: dict[str, int], by: UUID | None
) -> int:
    """Save the states typed on the page, all or nothing; answers how many entries changed.

    Raises ReasonNotGiven and ApprovedByAuthor with the document's code, ChangedMeanwhile.
    """
    refuse_closed(engagement)
    kept = register.of_engagement(engagement)
    changes = 0
    for code, fields in entries.items():
        entry = kept[code]
        changed = [name for name in FIELDS if name in fields and getattr(entry, name) != fields[name]]
        if not changed:
            continue
        if revisions.get(code, entry.revision) != entry.revision:
            raise ChangedMeanwhile(code)
        for name in changed:
            setattr(entry, name, fields[name])
        if entry.state == "not_needed" and not entry.note.strip():
            raise ReasonNotGiven(code)
        if {"author", "approver"} & set(changed) and entry.approver:
            refuse_author(entry, entry.approver)
        changes += 1
        audit.record("register_entry.changed", entry, by=by, fields=changed, document=code)
    db.session.flush()
    return changes


def refuse_author(entry: RegisterEntry, approver: str) -> None:
    """Who typed it in the register and who wrote its newest Word file count alike."""
    author = next((one for one in document_events.authors(entry) if same_person(one, approver)), None)
    if author is not None:
        raise ApprovedByAuthor(entry.document, author)
