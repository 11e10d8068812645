"""Looking across the firm's own clients: levels client by clause, medians of groups, one client against its past.
What was carried over and not confirmed is nobody's level yet."""

from collections.abc import Mapping
from datetime import date
from statistics import median
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from consultancy.models.assessment import Assessment
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.queries import assessments
from consultancy.queries.reach import assigned_clients
from tenants.database import db

PER_PAGE = 50
SMALLEST_GROUP = 5  # fewer clients than this, and a median begins to speak of one of them
# people regularly employed; 20 and 50 are where Ontario's law asks for more, the others halve what is left
SIZES: dict[str, tuple[int, int | None]] = {
    "1-19": (0, 19), "20-49": (20, 49), "50-99": (50, 99), "100-249": (100, 249), "250+": (250, None),
}  # fmt: skip


class Newest(NamedTuple):
    """A client with its newest assessment of a standard: average level by top-level clause."""

    client_id: UUID
    name: str
    sector: str
    headcount: int | None
    opened_on: date
    averages: dict[str, float]


class HeatRow(NamedTuple):
    """A client with the average level by top-level clause of its latest assessment, cut to a whole level."""

    client_id: UUID
    name: str
    sector: str
    headcount: int | None
    opened_on: date
    levels: dict[str, int]


class Group(NamedTuple):
    """Clients of one sector or one size: how many, and the median of their average levels by clause."""

    key: str
    clients: int
    medians: dict[str, float]


class Assessed(NamedTuple):
    """One assessment of a client: average level by top-level clause."""

    standard: str
    title: str
    opened_on: date
    averages: dict[str, float]


def newest_of(standard: str, *, reached_by: UUID | None = None) -> list[Newest]:
    """Every client's newest assessment of a standard in which something has a level, by the client's name.

    Two statements, put together here: joined to its client, each assessment would be held against every client, as the
    planner takes the walls to leave one row.
    """
    newest = {
        client_id: (opened_on, averages)
        for client_id, opened_on, averages in db.session.execute(
            sa.select(Engagement.client_id, Engagement.opened_on, Assessment.clause_levels)
            .ext(distinct_on(Engagement.client_id))
            .join(Assessment, sa.and_(Assessment.tenant_id == Engagement.tenant_id,
                                      Assessment.engagement_id == Engagement.id))
            .where(
                Assessment.standard == standard, Engagement.standard == standard, assessments.has_levels(),
                *_within(reached_by),
            )
            .order_by(Engagement.client_id, Engagement.opened_on.desc(), Engagement.created_at.desc())
        )
    }  # fmt: skip
    clients = sa.select(Client.id, Client.trade_name, Client.legal_name, Client.sector, Client.headcount)
    return [
        Newest(id_, trade_name or legal_name, sector, headcount, *newest[id_])
        for id_, trade_name, legal_name, sector, headcount in db.session.execute(
            clients.order_by(sa.func.lower(Client.legal_name), Client.id)
        )
        if id_ in newest
    ]


def heat_map(
    newest: list[Newest], *, sector: str = "", size: str = "", page: int = 1
) -> tuple[list[HeatRow], int]:
    """One page of the clients with a sector and a size, where one is asked for, and how many there are."""
    wanted = [
        one for one in newest
        if (not sector or one.sector == sector) and (size not in SIZES or size_of(one.headcount) == size)
    ]  # fmt: skip
    first = (page - 1) * PER_PAGE
    return [
        HeatRow(
            one.client_id, one.name, one.sector, one.headcount, one.opened_on,
            {clause: int(average) for clause, average in one.averages.items()},
        )
        for one in wanted[first : first + PER_PAGE]
    ], len(wanted)  # fmt: skip


def medians(newest: list[Newest]) -> dict[str, list[Group]]:
    """By sector and by size, never both at once and never filtered: nothing can be worked out from the difference of
    two groups. A group of fewer than five clients, or a clause that fewer than five of them were rated in, is left out.
    """
    by_group: dict[str, dict[str, list[dict[str, float]]]] = {"sector": {}, "size": {}}
    for one in newest:
        by_group["sector"].setdefault(one.sector, []).append(one.averages)
        by_group["size"].setdefault(size_of(one.headcount), []).append(one.averages)
    return {name: groups_of(found) for name, found in by_group.items()}


def groups_of(found: Mapping[str, list[dict[str, float]]]) -> list[Group]:
    groups = []
    for key, clients in sorted(found.items()):
        clauses = {clause for own in clients for clause in own}
        rated = {clause: [own[clause] for own in clients if clause in own] for clause in clauses}
        enough = {clause: median(levels) for clause, levels in rated.items() if len(levels) >= SMALLEST_GROUP}
        if key and enough:
            groups.append(Group(key, len(clients), enough))
    return groups


def assessed(client: Client) -> list[Assessed]:
    """The latest two assessments of a client against its latest standard, newest first. One statement."""
    rows = db.session.execute(
        sa.select(Assessment.standard, Engagement.title, Engagement.opened_on, Assessment.clause_levels)
        .join(Engagement, sa.and_(Engagement.tenant_id == Assessment.tenant_id,
                                  Engagement.id == Assessment.engagement_id))
        .where(Engagement.client_id == client.id, Assessment.standard == Engagement.standard, assessments.has_levels())
        .order_by(Engagement.opened_on.desc(), Engagement.created_at.desc(), Assessment.id)
    )  # fmt: skip
    every = [Assessed(*row) for row in rows]
    return [one for one in every if one.standard == every[0].standard][:2]


def standards_used(reached_by: UUID | None = None) -> list[str]:
    """Standards that engagements are measured against now, with at least one rated assessment; the most used first."""
    wanted = (
        sa.select(Assessment.standard)
        .join(
            Engagement, sa.and_(Engagement.tenant_id == Assessment.tenant_id, Engagement.id == Assessment.engagement_id)
        )
        .where(Assessment.standard == Engagement.standard, assessments.has_levels(), *_within(reached_by))
    )
    return list(db.session.scalars(wanted.group_by(Assessment.standard).order_by(sa.func.count().desc())))


def size_of(headcount: int | None) -> str:
    """The group of a headcount; empty where it is not known."""
    if headcount is None:
        return ""
    return next((key for key, (least, most) in SIZES.items() if least <= headcount <= (most or headcount)), "")


def _within(reached_by: UUID | None) -> list[sa.ColumnElement[bool]]:
    return [Engagement.client_id.in_(assigned_clients(reached_by))] if reached_by else []
