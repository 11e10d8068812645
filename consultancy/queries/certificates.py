"""Reading certificates, and the calendar that follows from them."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.certification import DUE_SOON, OVERDUE, Event, Held, calendar_of, facts_of, same_scope
from consultancy.models.certificate import Certificate
from consultancy.models.client import Client
from consultancy.queries.reach import assigned_clients
from tenants.database import db


@dataclass(frozen=True)
class Dated:
    """One day of the calendar with the certificate it belongs to."""

    certificate: Certificate
    event: Event


class Owed(NamedTuple):
    """Certificates with a day that is overdue, and others with one that is due soon."""

    overdue: int
    soon: int


def find(certificate_id: UUID) -> Certificate | None:
    return db.session.scalar(
        sa.select(Certificate).options(joinedload(Certificate.client)).where(Certificate.id == certificate_id)
    )


def of_client(client: Client) -> list[Certificate]:
    """Newest first; what is planned stands before what is issued."""
    return list(
        db.session.scalars(
            sa.select(Certificate)
            .where(Certificate.client_id == client.id)
            .order_by(Certificate.issued_on.desc().nulls_first(), Certificate.number, Certificate.id)
        )
    )


def everywhere(reached_by: UUID | None = None) -> list[Certificate]:
    """Of every client, or of those that a restricted consultant reaches."""
    wanted = sa.select(Certificate).options(joinedload(Certificate.client))
    if reached_by:
        wanted = wanted.where(Certificate.client_id.in_(assigned_clients(reached_by)))
    return list(db.session.scalars(wanted.order_by(Certificate.client_id, Certificate.id)))


def facts(certificate: Certificate, others: list[Certificate]) -> Held:
    return facts_of(certificate, replaced=any(_replaces(one, certificate) for one in others))


def dated(certificates: list[Certificate], today: date) -> list[Dated]:
    """Every day of these certificates, in order. `certificates`: all of each client, as one may replace another."""
    of: dict[UUID, list[Certificate]] = {}
    for one in certificates:
        of.setdefault(one.client_id, []).append(one)
    found = [Dated(one, event) for one in certificates for event in calendar_of(facts(one, of[one.client_id]), today)]
    return sorted(found, key=lambda each: (each.event.due, str(each.certificate.id), each.event.key))


def owed(found: list[Dated], today: date) -> Owed:
    """How many certificates somebody should look at now, each counted once, by its worst day."""
    states: dict[UUID, set[str]] = {}
    for each in found:
        states.setdefault(each.certificate.id, set()).add(each.event.state(today))
    overdue = sum(OVERDUE in one for one in states.values())
    return Owed(overdue, sum(DUE_SOON in one and OVERDUE not in one for one in states.values()))


def owed_everywhere(today: date, reached_by: UUID | None = None) -> Owed:
    return owed(dated(everywhere(reached_by), today), today)


def _replaces(newer: Certificate, older: Certificate) -> bool:
    return (
        newer.id != older.id
        and newer.standing in ("in_force", "suspended")
        and (newer.standard, newer.title) == (older.standard, older.title)
        and same_scope(newer.scope, older.scope)
        and (older.issued_on is None or (newer.issued_on is not None and newer.issued_on > older.issued_on))
    )
