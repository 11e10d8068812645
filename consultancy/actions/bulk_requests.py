"""Many deliverables at once. The request is a row with an item per engagement; workers turn items into deliverables.

A few items are collected in one transaction: they are locked, the data of each frozen into a deliverable, and all is
committed, or nothing is and the items wait on. So no lease is needed, and a worker that dies loses nothing.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.actions import deliverables
from consultancy.actions.editions import Asked, request_each
from consultancy.models.bulk_request import BulkItem, BulkRequest
from consultancy.models.engagement import Engagement
from consultancy.queries import bulk_requests
from consultancy.reports import MissingData
from consultancy.standards.words import LANGUAGES
from tenants import audit
from tenants.database import db
from tenants.limits import BULK_ITEMS
from tenants.members import has_left
from tenants.refusal import NotValid, Refusal

BOTH = "both"  # an edition in each language
LOCK = 4_500_103  # advisory lock, with the form's key as its second half
BATCH = 8  # items collected together; a single document of somebody else waits for so many at most
CLOSED, LEFT, FAULT = "closed", "left", "fault"  # problems that no report can name


class NothingChosen(NotValid):
    """A bulk request is about at least one engagement."""


class TooManyChosen(NotValid):
    """More than a night's work."""


class OtherRequest(NotValid):
    """The form was sent before with other engagements: it needs a new key."""


class NothingFailed(Refusal):
    """There is nothing to try again."""


class ItemDue(NamedTuple):
    """An engagement whose turn it is, locked for the caller's transaction."""

    tenant_id: UUID
    item_id: UUID


def request_in_bulk(
    engagements: Sequence[Engagement],
    *,
    kind: str,
    language: str,
    request_key: str,
    by: UUID,
    not_before: datetime | None = None,
) -> BulkRequest:
    """Ask for one deliverable of a kind for each engagement, at once or not before a time. The same form sent twice is
    one request. `language`: en, fr, "both", or "" for each engagement's own.

    Raises NothingChosen, TooManyChosen, OtherRequest.
    """
    if not engagements:
        raise NothingChosen
    if len(engagements) > BULK_ITEMS:
        raise TooManyChosen(BULK_ITEMS)
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(request_key, LOCK))))
    already = db.session.scalar(sa.select(BulkRequest).where(BulkRequest.request_key == request_key))
    if already:
        _refuse_another(already, engagements, kind, language)
        return already
    begins: Any = not_before or sa.func.now()  # the clock that counts is the database's
    request = BulkRequest(kind=kind, language=language, request_key=request_key, not_before=begins, requested_by_id=by)
    db.session.add(request)
    db.session.flush()
    db.session.add_all(
        BulkItem(bulk_request_id=request.id, engagement_id=one.id, not_before=begins, asked_by_id=by)
        for one in engagements
    )
    db.session.flush()
    audit.record("bulk_request.made", request, by=by, kind=kind, engagements=len(engagements))
    return request


def next_item() -> ItemDue | None:
    """The next item of the consultancy served longest ago, locked until this transaction ends, or None."""
    found = sa.func.next_bulk_item().table_valued(sa.column("tenant_id", sa.Uuid), sa.column("id", sa.Uuid))
    row = db.session.execute(sa.select(found)).one_or_none()
    return ItemDue(*row) if row else None


def batch(item_id: UUID, at_most: int = BATCH) -> list[UUID]:
    """An item that is due with others of its request that are due too, all locked until this transaction ends: they
    are collected together. Of each client one, as the engagements of a client share its numbers. Nothing, when it is
    no longer due or another worker has it."""
    its_request = sa.select(BulkItem.bulk_request_id).where(BulkItem.id == item_id).scalar_subquery()
    rows = db.session.execute(
        sa.select(Engagement.client_id, BulkItem.id)
        .join(Engagement, sa.and_(Engagement.tenant_id == BulkItem.tenant_id, Engagement.id == BulkItem.engagement_id))
        .where(
            BulkItem.bulk_request_id == its_request,
            BulkItem.deliverable_id.is_(None),
            BulkItem.problem == "",
            BulkItem.not_before <= sa.func.now(),
        )
        .order_by(BulkItem.id != item_id, BulkItem.not_before, BulkItem.id)
        .limit(at_most)
        .with_for_update(of=BulkItem, skip_locked=True)
    )
    of_client: dict[UUID, UUID] = {}
    for client_id, one in rows:
        of_client.setdefault(client_id, one)
    ids = list(of_client.values())
    return ids if item_id in ids else []


def collect(*item_ids: UUID, today: date) -> None:
    """Freeze the data of each engagement into a deliverable that is queued, or say why it cannot be written. The items
    are of one request, and no two of one client."""
    items = db.session.scalars(
        sa.select(BulkItem)
        .options(
            joinedload(BulkItem.request),
            joinedload(BulkItem.engagement).options(joinedload(Engagement.client), joinedload(Engagement.lead)),
            joinedload(BulkItem.asked_by),
        )
        .where(BulkItem.id.in_(item_ids), BulkItem.deliverable_id.is_(None), BulkItem.problem == "")
        .order_by(BulkItem.id)
    ).all()
    fit = []
    for item in items:
        item.problem = _standing_against(item, today)
        if not item.problem:
            fit.append(item)
    if fit:
        _queue(fit, today)
    db.session.flush()


def _standing_against(item: BulkItem, today: date) -> str:
    if item.asked_by is None or has_left(item.asked_by, today):
        return LEFT
    return CLOSED if item.engagement.closed_on is not None else ""


def _queue(items: Sequence[BulkItem], today: date) -> None:
    asked = [
        Asked(
            item.engagement,
            LANGUAGES if item.request.language == BOTH else (item.request.language or item.engagement.language,),
            request_key=f"bulk-{item.id.hex}-{item.tries}",
            by=item.asked_by_id,
        )
        for item in items
    ]
    written = request_each(asked, kind=items[0].request.kind, today=today)
    for item, editions in zip(items, written, strict=True):
        if isinstance(editions, MissingData):
            item.problem = editions.sentence
        else:
            item.deliverable_id = editions[0].id
            item.other_edition_id = editions[1].id if len(editions) > 1 else None


def give_up(item_id: UUID) -> None:
    """Nobody foresaw why it cannot be collected; the others go on."""
    db.session.execute(
        sa.update(BulkItem)
        .where(BulkItem.id == item_id, BulkItem.deliverable_id.is_(None), BulkItem.problem == "")
        .values(problem=FAULT)
        .execution_options(synchronize_session=False)
    )


def retry_failed(request: BulkRequest, *, by: UUID) -> int:
    """Try the failures again and nothing else: how many there were. What could not be collected, or was cancelled
    altogether, is collected from the data as it stands now; what could not be written, or was cancelled beside an
    edition that stands, is written from the data frozen before. Raises NothingFailed."""
    db.session.execute(sa.select(BulkRequest.id).where(BulkRequest.id == request.id).with_for_update())
    again = 0
    for item in bulk_requests.items(request):
        productions = {one.production for one in item.editions}
        if item.problem or productions == {"cancelled"}:
            item.problem, item.deliverable_id, item.other_edition_id = "", None, None
            item.asked_by_id, item.not_before, item.tries = by, sa.func.now(), item.tries + 1
        elif productions & {"failed", "cancelled"}:
            for one in item.editions:
                if one.production in ("failed", "cancelled"):
                    deliverables.write_again(one, by=by)
        else:
            continue
        again += 1
    if not again:
        raise NothingFailed
    db.session.flush()
    audit.record("bulk_request.retried", request, by=by, items=again)
    return again


def _refuse_another(request: BulkRequest, engagements: Sequence[Engagement], kind: str, language: str) -> None:
    before = set(db.session.scalars(sa.select(BulkItem.engagement_id).where(BulkItem.bulk_request_id == request.id)))
    if (request.kind, request.language, before) != (kind, language, {one.id for one in engagements}):
        raise OtherRequest
