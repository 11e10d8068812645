"""Document numbers: one series per engagement, kind and subject, given out to one request at a time."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.client import Client
from consultancy.models.deliverable import FIRST_VERSION, ISSUED, Deliverable
from consultancy.models.engagement import Engagement
from consultancy.queries.deliverables import order
from consultancy.standards.words import say
from tenants.database import db


def next_number(engagement: Engagement, *, kind: str, subject: str, today: date) -> tuple[str, str]:
    """`TOLMIE-GAP-2026-02` and `1.1`: a series per engagement, kind and subject; a release opens the next version."""
    return next_numbers([engagement], kind=kind, subject=subject, today=today)[engagement.id]


def next_numbers(
    engagements: Sequence[Engagement], *, kind: str, subject: str, today: date
) -> dict[UUID, tuple[str, str]]:
    """The next number and version of each engagement, no two of them of one client: its engagements share its numbers,
    and one is given out only once the one before it is used."""
    series: dict[UUID, list[Deliverable]] = {}
    for earlier in db.session.scalars(
        sa.select(Deliverable).where(
            Deliverable.engagement_id.in_([one.id for one in engagements]),
            Deliverable.kind == kind,
            Deliverable.subject == subject,
        )
    ):
        series.setdefault(earlier.engagement_id, []).append(earlier)
    first = _first_numbers([one for one in engagements if one.id not in series], kind=kind, today=today)
    return first | {engagement_id: _next_version(earlier) for engagement_id, earlier in series.items()}


def _first_numbers(engagements: Sequence[Engagement], *, kind: str, today: date) -> dict[UUID, tuple[str, str]]:
    if not engagements:
        return {}
    one_at_a_time(Client, *(one.client_id for one in engagements))
    stems = {}
    for one in engagements:
        client = db.session.get_one(Client, (one.tenant_id, one.client_id))
        stems[one.id] = f"{client.code}-{say('deliverable_numbers', kind)}-{today.year}-"
    begins = [Deliverable.number.startswith(stem, autoescape=True) for stem in stems.values()]
    given = db.session.scalars(sa.select(Deliverable.number).where(sa.or_(*begins)).distinct()).all()
    return {
        engagement_id: (f"{stem}{sum(number.startswith(stem) for number in given) + 1:02d}", FIRST_VERSION)
        for engagement_id, stem in stems.items()
    }


def _next_version(series: Sequence[Deliverable]) -> tuple[str, str]:
    newest = max(series, key=order)
    major, minor = order(newest)
    issued = any(one.standing in ISSUED for one in series if order(one)[0] == major)
    return newest.number, f"{major + 1}.0" if issued else f"{major}.{minor + 1}"


def one_at_a_time(model: type[Client] | type[Engagement], *row_ids: UUID) -> None:
    """Whoever gives out numbers or releases waits here for the others. Rows that refer to these stay free to. Several
    are locked in the order of their ids, and engagements before clients: so two who want the same never wait for each
    other."""
    wanted = sa.select(model.id).where(model.id.in_(row_ids)).order_by(model.id)
    db.session.execute(wanted.with_for_update(key_share=True))
