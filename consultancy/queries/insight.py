"""Looking across the firm's own clients: levels client by clause, medians of groups, one client against its past."""

from collections.abc import Mapping
from datetime import date
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
    newest = latest(standard, reached_by).subquery()
    wanted = sa.select(
        Client.id, Client.trade_name, Client.legal_name, Client.sector, Client.headcount, newest.c.opened_on,
        newest.c.assessment_id,
    ).join(newest, newest.c.client_id == Client.id)  # fmt: skip
    if sector:
        wanted = wanted.where(Client.sector == sector)
    if size in SIZES:
        wanted = wanted.where(size_of() == size)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    shown = db.session.execute(
        wanted.order_by(sa.func.lower(Client.legal_name), Client.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    ).all()
    levels: dict[UUID, dict[str, int]] = {}
    for assessment, clause, average in db.session.execute(averages([row.assessment_id for row in shown])):
        levels.setdefault(assessment, {})[clause] = int(average)
    return [
        HeatRow(
            row.id, row.trade_name or row.legal_name, row.sector, row.headcount, row.opened_on,
            levels.get(row.assessment_id, {}),
        )
        for row in shown
    ], total  # fmt: skip


def medians(standard: str, *, reached_by: UUID | None = None) -> dict[str, list[Group]]:
    """By sector and by size, never both at once and never filtered: nothing can be worked out from the difference of
    two groups. A group of fewer than five clients, or a clause that fewer than five of them were rated in, is left out.
    """
    newest = latest(standard, reached_by).subquery()
    clause, average = clause_of(), sa.func.avg(Rating.level).label("average")
    by_client = (
        sa.select(Client.id, Client.sector, size_of().label("size"), clause.label("clause"), average)
        .join(newest, newest.c.client_id == Client.id)
        .join(Rating, Rating.assessment_id == newest.c.assessment_id)
        .where(Rating.level.is_not(None), Rating.site_id.is_(None))
        .group_by(Client.id, Client.sector, Client.headcount, clause)
        .subquery()
    )
    found = {}
    for name in ("sector", "size"):
        group = by_client.c[name]
        clients = sa.func.count(sa.distinct(by_client.c.id))
        median = sa.func.percentile_cont(0.5).within_group(by_client.c.average)
        rows = db.session.execute(
            sa.select(group, by_client.c.clause, clients, median)
            .where(group != "")
            .group_by(group, by_client.c.clause)
            .having(clients >= SMALLEST_GROUP)
            .order_by(group)
        )
        found[name] = groups_of(rows)
    return found


def groups_of(rows: Any) -> list[Group]:
    groups: dict[str, Group] = {}
    for key, clause, clients, median in rows:
        group = groups.get(key, Group(key, 0, {}))
        groups[key] = Group(key, max(group.clients, clients), group.medians | {clause: float(median)})
    return list(groups.values())


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
        .where(Engagement.client_id == client.id, Rating.level.is_not(None), Rating.site_id.is_(None))
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
    """Standards with at least one rated assessment, the most used first."""
    wanted = sa.select(Assessment.standard).where(has_levels())
    if reached_by:
        wanted = wanted.join(
            Engagement,
            sa.and_(Engagement.tenant_id == Assessment.tenant_id, Engagement.id == Assessment.engagement_id),
        ).where(Engagement.client_id.in_(assigned_clients(reached_by)))
    return list(db.session.scalars(wanted.group_by(Assessment.standard).order_by(sa.func.count().desc())))


def latest(standard: str, reached_by: UUID | None) -> sa.Select[Any, Any, Any]:
    """Every client's newest assessment of a standard in which something has a level."""
    wanted = (
        sa.select(Engagement.client_id, Assessment.id.label("assessment_id"), Engagement.opened_on)
        .ext(distinct_on(Engagement.client_id))
        .join(
            Assessment, sa.and_(Assessment.tenant_id == Engagement.tenant_id, Assessment.engagement_id == Engagement.id)
        )
        .where(Assessment.standard == standard, has_levels())
        .order_by(Engagement.client_id, Engagement.opened_on.desc(), Engagement.created_at.desc())
    )
    return wanted.where(Engagement.client_id.in_(assigned_clients(reached_by))) if reached_by else wanted


def averages(assessment_ids: list[UUID]) -> sa.Select[Any]:
    clause = clause_of()
    return (
        sa.select(Rating.assessment_id, clause, sa.func.floor(sa.func.avg(Rating.level)))
        .where(Rating.assessment_id.in_(assessment_ids), Rating.level.is_not(None), Rating.site_id.is_(None))
        .group_by(Rating.assessment_id, clause)
    )


def has_levels() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Rating.tenant_id == Assessment.tenant_id,
        Rating.assessment_id == Assessment.id,
        Rating.level.is_not(None),
        Rating.site_id.is_(None),
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
