"""Document numbers: one series per engagement, kind and subject, given out to one request at a time."""

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
    series = sorted(
        db.session.scalars(
            sa.select(Deliverable).where(
                Deliverable.engagement_id == engagement.id, Deliverable.kind == kind, Deliverable.subject == subject
            )
        ),
        key=order,
    )
    if not series:
        one_at_a_time(Client, engagement.client_id)  # two engagements of one client share its numbers
        client = db.session.get_one(Client, (engagement.tenant_id, engagement.client_id))
        stem = f"{client.code}-{say('deliverable_numbers', kind)}-{today.year}-"
        taken = db.session.scalar(
            sa.select(sa.func.count(sa.distinct(Deliverable.number))).where(
                Deliverable.number.startswith(stem, autoescape=True)
            )
        )
        return f"{stem}{(taken or 0) + 1:02d}", FIRST_VERSION
    major, minor = order(series[-1])
    issued = any(one.standing in ISSUED for one in series if order(one)[0] == major)
    return series[-1].number, f"{major + 1}.0" if issued else f"{major}.{minor + 1}"


def one_at_a_time(model: type[Client] | type[Engagement], row_id: UUID) -> None:
    """Whoever gives out numbers or releases waits here for the others. Rows that refer to this one stay free to."""
    db.session.execute(sa.select(model.id).where(model.id == row_id).with_for_update(key_share=True))
