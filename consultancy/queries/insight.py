"""Looking across the firm's own clients: levels client by clause, medians of groups, one client against its past.
What was carried over and not confirmed is nobody's level yet."""

from collections.abc import Mapping
from datetime import date
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from consultancy.models.assessment import Assessment, Rating
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.queries.reach import assigned_clients
from tenants.database import db

PER_PAGE = 50
SMALLEST_GROUP = 5  # fewer clients than this, and a median begins to speak of one of them
# people regularly employed; 20 and 50 are where Ontario's law asks for more, the others halve what is left
SIZES: dict[str, tuple[int, int | None]] = {
    "1-19": (0, 19), "20-49": (20, 49), "50-99": (50, 99), "100-249": (100, 249), "250+": (250, None),
}  # fmt: skip


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


def heat_map(
    standard: str, *, sector: str = "", size: str = "", page: int = 1, reached_by: UUID | None = None
) -> tuple[list[HeatRow], int]:
    """One page of clients by name with their latest assessment of a standard, and how many there are."""
    newest = newest_of(standard, reached_by)
    columns = (Client.id, Client.trade_name, Client.legal_name, Client.sector, Client.headcount)
    wanted = sa.select(*columns).where(Client.id.in_(newest))
    if sector:
        wanted = wanted.where(Client.sector == sector)
    if size in SIZES:
        wanted = wanted.where(size_of() == size)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    shown = db.session.execute(
        wanted.order_by(sa.func.lower(Client.legal_name), Client.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    ).all()
    levels = averages([newest[row.id][0] for row in shown])
    return [
        HeatRow(
            row.id, row.trade_name or row.legal_name, row.sector, row.headcount, newest[row.id][1],
            {clause: int(average) for clause, average in levels.get(newest[row.id][0], {}).items()},
        )
        for row in shown
    ], total  # fmt: skip


def medians(standard: str, *, reached_by: UUID | None = None) -> dict[str, list[Group]]:
    """By sector and by size, never both at once and never filtered: nothing can be worked out from the difference of
    two groups. A group of fewer than five clients, or a clause that fewer than five of them were rated in, is left out.
    """
    newest = newest_of(standard, reached_by)
    levels = averages([assessment for assessment, _opened_on in newest.values()])
    profiles = sa.select(Client.id, Client.sector, size_of()).where(Client.id.in_(newest))
    by_group: dict[str, dict[str, list[dict[str, float]]]] = {"sector": {}, "size": {}}
    for client_id, sector, size in db.session.execute(profiles):
        own = levels[newest[client_id][0]]
        by_group["sector"].setdefault(sector, []).append(own)
        by_group["size"].setdefault(size, []).append(own)
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
    clause = clause_of()
    rows = db.session.execute(
        sa.select(
            Assessment.id, Assessment.standard, Engagement.title, Engagement.opened_on, clause,
            sa.func.avg(Rating.level),
        )
        .join(Engagement, sa.and_(Engagement.tenant_id == Assessment.tenant_id,
                                  Engagement.id == Assessment.engagement_id))
        .join(Rating, sa.and_(Rating.tenant_id == Assessment.tenant_id, Rating.assessment_id == Assessment.id))
        .where(
            Engagement.client_id == client.id, Assessment.standard == Engagement.standard, Rating.level.is_not(None),
            Rating.site_id.is_(None), Rating.carried_over.is_(False),
        )
        .group_by(Assessment.id, Assessment.standard, Engagement.title, Engagement.opened_on, Engagement.created_at,
                  clause)
        .order_by(Engagement.opened_on.desc(), Engagement.created_at.desc(), Assessment.id)
    )  # fmt: skip
    found: dict[UUID, Assessed] = {}
    for assessment, standard, title, opened_on, number, average in rows:
        one = found.setdefault(assessment, Assessed(standard, title, opened_on, {}))
        one.averages[number] = float(average)
    every = list(found.values())
    return [one for one in every if one.standard == every[0].standard][:2]


def standards_used(reached_by: UUID | None = None) -> list[str]:
    """Standards that engagements are measured against now, with at least one rated assessment; the most used first."""
    wanted = (
        sa.select(Assessment.standard)
        .join(
            Engagement, sa.and_(Engagement.tenant_id == Assessment.tenant_id, Engagement.id == Assessment.engagement_id)
        )
        .where(Assessment.standard == Engagement.standard, has_levels())
    )
    if reached_by:
        wanted = wanted.where(Engagement.client_id.in_(assigned_clients(reached_by)))
    return list(db.session.scalars(wanted.group_by(Assessment.standard).order_by(sa.func.count().desc())))


def latest(standard: str, reached_by: UUID | None) -> sa.Select[Any, Any, Any]:
    """Every client's newest assessment of a standard in which something has a level."""
    wanted = (
        sa.select(Engagement.client_id, Assessment.id.label("assessment_id"), Engagement.opened_on)
        .ext(distinct_on(Engagement.client_id))
        .join(
            Assessment, sa.and_(Assessment.tenant_id == Engagement.tenant_id, Assessment.engagement_id == Engagement.id)
        )
        .where(Assessment.standard == standard, Engagement.standard == standard, has_levels())
        .order_by(Engagement.client_id, Engagement.opened_on.desc(), Engagement.created_at.desc())
    )
    return wanted.where(Engagement.client_id.in_(assigned_clients(reached_by))) if reached_by else wanted


def newest_of(standard: str, reached_by: UUID | None) -> dict[UUID, tuple[UUID, date]]:
    """Client -> its newest assessment and the day it began. Fetched once: joined, the planner would work it out again
    for each client, as it takes the walls to leave one row."""
    rows = db.session.execute(latest(standard, reached_by))
    return {client_id: (assessment, opened_on) for client_id, assessment, opened_on in rows}


def averages(assessment_ids: list[UUID]) -> dict[UUID, dict[str, float]]:
    """Average level by top-level clause of each assessment."""
    clause = clause_of()
    found: dict[UUID, dict[str, float]] = {}
    for assessment, number, average in db.session.execute(
        sa.select(Rating.assessment_id, clause, sa.func.avg(Rating.level))
        .where(
            Rating.assessment_id.in_(assessment_ids), Rating.level.is_not(None), Rating.site_id.is_(None),
            Rating.carried_over.is_(False),
        )
        .group_by(Rating.assessment_id, clause)
    ):
        found.setdefault(assessment, {})[number] = float(average)
    return found


def has_levels() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Rating.tenant_id == Assessment.tenant_id,
        Rating.assessment_id == Assessment.id,
        Rating.level.is_not(None),
        Rating.site_id.is_(None),
        Rating.carried_over.is_(False),
    )


def clause_of() -> sa.ColumnElement[str]:
    return sa.func.split_part(Rating.requirement, ".", 1)


def size_of(sizes: Mapping[str, tuple[int, int | None]] = SIZES) -> sa.ColumnElement[str]:
    """The group of a headcount; empty where it is not known."""
    cases = [
        (Client.headcount.between(least, most) if most else Client.headcount >= least, key)
        for key, (least, most) in sizes.items()
    ]
    return sa.case(*cases, else_="")
