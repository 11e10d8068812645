"""Reading bulk requests and how far they are."""

from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from consultancy.models.bulk_request import BulkItem, BulkRequest
from consultancy.models.client import Client
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.queries.reach import assigned_clients
from consultancy.reports import OFFERED
from tenants.database import db

SHOWN = 20
# An item of two editions is as far as the one that lags behind.
WORST_FIRST = (
    ("cancelled", "failed"), ("failed", "failed"), ("queued", "queued"), ("writing", "writing"), ("ready", "ready"),
)  # fmt: skip
STATES = ("waiting", "queued", "writing", "ready", "failed")


class Progress(NamedTuple):
    """How many items of a bulk request are in each state; `failed` has a reason in words."""

    waiting: int = 0
    queued: int = 0
    writing: int = 0
    ready: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return sum(self)

    @property
    def over(self) -> bool:
        return self.ready + self.failed == self.total


def find(bulk_request_id: UUID) -> BulkRequest | None:
    return db.session.scalar(
        sa.select(BulkRequest).options(joinedload(BulkRequest.requested_by)).where(BulkRequest.id == bulk_request_id)
    )


def latest(*, made_by: UUID | None = None) -> list[BulkRequest]:
    """The newest first. `made_by`: a restricted consultant, who sees their own only."""
    wanted = sa.select(BulkRequest).options(joinedload(BulkRequest.requested_by))
    if made_by:
        wanted = wanted.where(BulkRequest.requested_by_id == made_by)
    return list(db.session.scalars(wanted.order_by(BulkRequest.requested_at.desc(), BulkRequest.id).limit(SHOWN)))


def progress(requests: list[BulkRequest]) -> dict[UUID, Progress]:
    """One statement for all of them."""
    other = aliased(Deliverable)
    productions = (Deliverable.production, other.production)
    production = sa.case(
        (BulkItem.problem != "", "failed"),
        (BulkItem.deliverable_id.is_(None), "waiting"),
        *((sa.or_(*(one == state for one in productions)), counts_as) for state, counts_as in WORST_FIRST),
    )
    counted: dict[UUID, dict[str, int]] = {request.id: {} for request in requests}
    for request_id, state, count in db.session.execute(
        sa.select(BulkItem.bulk_request_id, production, sa.func.count(BulkItem.id))
        .outerjoin(
            Deliverable,
            sa.and_(Deliverable.tenant_id == BulkItem.tenant_id, Deliverable.id == BulkItem.deliverable_id),
        )
        .outerjoin(other, sa.and_(other.tenant_id == BulkItem.tenant_id, other.id == BulkItem.other_edition_id))
        .where(BulkItem.bulk_request_id.in_(list(counted)))
        .group_by(BulkItem.bulk_request_id, production)
    ):
        counted[request_id][state] = count
    return {request_id: Progress(**states) for request_id, states in counted.items()}


def items(request: BulkRequest) -> list[BulkItem]:
    """By client, with what became of each."""
    return list(
        db.session.scalars(
            sa.select(BulkItem)
            .join(
                Engagement,
                sa.and_(Engagement.tenant_id == BulkItem.tenant_id, Engagement.id == BulkItem.engagement_id),
            )
            .join(Client, sa.and_(Client.tenant_id == Engagement.tenant_id, Client.id == Engagement.client_id))
            .options(
                joinedload(BulkItem.engagement).joinedload(Engagement.client),
                joinedload(BulkItem.deliverable).defer(Deliverable.snapshot),
                joinedload(BulkItem.other_edition).defer(Deliverable.snapshot),
            )
            .where(BulkItem.bulk_request_id == request.id)
            .order_by(sa.func.lower(Client.legal_name), Engagement.opened_on, BulkItem.id)
        )
    )


def engagements_for(kind: str, *, reached_by: UUID | None = None) -> list[Engagement]:
    """Open engagements that may ask for this kind, by client. `reached_by`: a restricted consultant's own only."""
    wanted = (
        sa.select(Engagement)
        .join(Client, sa.and_(Client.tenant_id == Engagement.tenant_id, Client.id == Engagement.client_id))
        .options(joinedload(Engagement.client))
        .where(
            Engagement.closed_on.is_(None),
            Engagement.kind.in_([engagement for engagement, kinds in OFFERED.items() if kind in kinds]),
        )
        .order_by(sa.func.lower(Client.legal_name), Engagement.opened_on, Engagement.id)
    )
    if reached_by:
        wanted = wanted.where(Engagement.client_id.in_(assigned_clients(reached_by)))
    return list(db.session.scalars(wanted))
