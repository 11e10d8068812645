"""Reading clients and the portfolio."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from consultancy.models.assessment import Assessment
from consultancy.models.client import Client, Contact, Site
from consultancy.models.engagement import Engagement, EngagementStage
from consultancy.models.finding import Finding
from consultancy.queries import assessments
from consultancy.queries.reach import assigned_clients
from tenants.database import db, tenant_session
from tenants.models import Membership
from tenants.moments import each_of

PER_PAGE = 50


class PortfolioRow(NamedTuple):
    """A client with its latest engagement, as the portfolio shows it."""

    client: Client
    engagement: Engagement | None
    lead_name: str | None
    next_date: date | None
    open_majors: int
    levels: dict[str, int]  # top-level clause -> average level, cut to a whole level


def find(client_id: UUID) -> Client | None:
    return db.session.get(Client, (tenant_session().tenant_id, client_id))


def portfolio(*, search: str = "", page: int = 1, reached_by: UUID | None = None) -> tuple[list[PortfolioRow], int]:
    """One page of clients by name, and how many there are. Five statements, whatever the number of clients.

    `reached_by`: a restricted consultant, to whom only their clients are shown and counted.
    """
    wanted = sa.select(Client)
    if reached_by:
        wanted = wanted.where(Client.id.in_(assigned_clients(reached_by)))
    if search:
        named = (Client.legal_name, Client.trade_name, Client.code)
        wanted = wanted.where(sa.or_(*(column.icontains(search, autoescape=True) for column in named)))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    clients = db.session.scalars(
        wanted.order_by(sa.func.lower(Client.legal_name), Client.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    ).all()
    latest = {
        engagement.client_id: (engagement, lead_name, planned_to)
        for engagement, lead_name, planned_to in db.session.execute(
            sa.select(Engagement, Membership.name, EngagementStage.planned_to)
            .ext(distinct_on(Engagement.client_id))
            .outerjoin(
                Membership, sa.and_(Membership.tenant_id == Engagement.tenant_id, Membership.id == Engagement.lead_id)
            )
            .outerjoin(
                EngagementStage,
                sa.and_(
                    EngagementStage.tenant_id == Engagement.tenant_id,
                    EngagementStage.engagement_id == Engagement.id,
                    EngagementStage.stage == Engagement.stage,
                ),
            )
            .where(Engagement.client_id.in_([client.id for client in clients]))
            .order_by(Engagement.client_id, Engagement.closed_on.is_not(None), Engagement.opened_on.desc())
        )
    }
    majors = open_majors([client.id for client in clients])
    levels = clause_levels([client.id for client in clients])
    rows = []
    for client in clients:
        engagement, lead_name, next_date = latest.get(client.id, (None, None, None))
        counts, averages = majors.get(client.id, 0), levels.get(client.id, {})
        rows.append(PortfolioRow(client, engagement, lead_name, next_date, counts, averages))
    return rows, total


def open_majors(client_ids: list[UUID]) -> dict[UUID, int]:
    """Counted engagement by engagement: a join would read every finding once for each of the fifty clients, as the
    planner takes the walls to leave one row."""
    open_in_it = (
        sa.select(sa.func.count())
        .select_from(Finding)
        .where(
            Finding.tenant_id == Engagement.tenant_id,
            Finding.engagement_id == Engagement.id,
            Finding.grade == "major",
            Finding.status.in_(("open", "verification")),
        )
        .correlate(Engagement)
        .scalar_subquery()
    )
    counts: dict[UUID, int] = {}
    for client_id, majors in db.session.execute(
        sa.select(Engagement.client_id, open_in_it).where(Engagement.client_id.in_(client_ids))
    ):
        counts[client_id] = counts.get(client_id, 0) + majors
    return counts


def clause_levels(client_ids: list[UUID]) -> dict[UUID, dict[str, int]]:
    """Average level by top-level clause of a client's latest assessed engagement, cut to a whole level."""
    newest = (
        sa.select(Engagement.client_id, Assessment.clause_levels)
        .ext(distinct_on(Engagement.client_id))
        .join(
            Assessment, sa.and_(Assessment.tenant_id == Engagement.tenant_id, Assessment.engagement_id == Engagement.id)
        )
        .where(
            Engagement.client_id.in_(client_ids), Assessment.standard == Engagement.standard, assessments.has_levels(),
        )
        .order_by(Engagement.client_id, Engagement.opened_on.desc())
    )  # fmt: skip
    return {
        client_id: {clause: int(level) for clause, level in levels.items()}
        for client_id, levels in db.session.execute(newest)
    }


def names_of_others(client_id: UUID) -> dict[str, UUID]:
    """What the consultancy's other clients are called, in full and in short, and who that is."""
    rows = db.session.execute(sa.select(Client.id, Client.legal_name, Client.trade_name).where(Client.id != client_id))
    return {name: other for other, *names in rows for name in names if name}


def named(client_ids: Collection[str], *, reached_by: UUID | None = None) -> dict[str, str]:
    """The names of these clients, of those that are still there and within the reader's reach, by their ids."""
    if not client_ids:
        return {}
    wanted = sa.select(Client).where(Client.id.in_([UUID(one) for one in client_ids]))
    if reached_by:
        wanted = wanted.where(Client.id.in_(assigned_clients(reached_by)))
    return {str(one.id): one.name for one in db.session.scalars(wanted)}


def sites(client: Client) -> list[Site]:
    return list(db.session.scalars(sa.select(Site).where(Site.client_id == client.id).order_by(Site.name)))


def contacts(client: Client) -> list[Contact]:
    return each_of(client, _contacts)


def _contacts(ids: Sequence[UUID]) -> Iterator[tuple[UUID, Contact]]:
    for one in db.session.scalars(sa.select(Contact).where(Contact.client_id.in_(ids)).order_by(Contact.name)):
        yield one.client_id, one
