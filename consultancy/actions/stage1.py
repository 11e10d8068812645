"""Answering the checklist of Stage 1."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from consultancy.actions.audit_plans import refuse_other_kinds
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.actions.engagements import refuse_closed
from consultancy.actions.rating_locks import refuse_locked
from consultancy.models.engagement import Engagement
from consultancy.models.stage1_answer import ANSWERS, Stage1Answer
from consultancy.queries import stage1
from tenants import audit
from tenants.database import db
from tenants.limits import NOTE_CHARACTERS
from tenants.refusal import NotValid


class UnknownAnswer(NotValid):
    """An answer is yes, partly, no or not seen, to an item of the list; a note or evidence goes with one. Carries the
    item."""


class AnswerTooLong(NotValid):
    """Carries the item."""


class Answer(NamedTuple):
    """An item as it lies on the page; without an answer nobody looked yet. `revision` is the one that was shown."""

    answer: str
    note: str
    evidence: str
    revision: int


def answer_checklist(engagement: Engagement, *, sent: Mapping[str, Answer], by: UUID | None) -> None:
    """The whole list at once; items that are not on it keep their answers. Raises UnknownAnswer, AnswerTooLong,
    ChangedMeanwhile, OnlyForPreAudit, EngagementClosed, RatingsLocked."""
    refuse_other_kinds(engagement)
    refuse_closed(engagement)
    refuse_locked(engagement)
    asked, kept = stage1.checklist(engagement), stage1.answers(engagement)
    items = {item.code for item in asked.items}
    changed = False
    for code, one in sent.items():
        if code not in items or one.answer not in ("", *ANSWERS) or (not one.answer and (one.note or one.evidence)):
            raise UnknownAnswer(code)
        if len(one.note) > NOTE_CHARACTERS or len(one.evidence) > 200:
            raise AnswerTooLong(code)
        row = kept.get(code)
        if row is None and not one.answer:
            continue
        if row and (row.answer, row.note, row.evidence) == one[:3]:
            continue
        if (row.revision if row else 0) != one.revision:
            raise ChangedMeanwhile(code)
        changed = True
        if not one.answer:
            db.session.delete(row)
            continue
        if row is None:
            row = Stage1Answer(engagement_id=engagement.id, version=asked.version, item=code)
            db.session.add(row)
        row.answer, row.note, row.evidence = one[:3]
    db.session.flush()
    if changed:
        audit.record("engagement.stage1_answered", engagement, by=by)
