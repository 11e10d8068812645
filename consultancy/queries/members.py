"""Reading who belongs to the consultancy, and what somebody who leaves has in hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.client import Client
from consultancy.models.engagement import Assignment, Engagement
from tenants.database import db, tenant_session
from tenants.members import STAFF
from tenants.models import Consent, Membership, Partner, Person


@dataclass(frozen=True)
class Listed:
    """A member with the address they sign in with, and for client users their employer's name."""

    member: Membership
    email: str
    employer: str


def find(member_id: UUID) -> Membership | None:
    return db.session.scalar(sa.select(Membership).where(Membership.id == member_id))


def names(member_ids: Sequence[UUID]) -> list[str]:
    """By name; whoever is no member here is left out."""
    if not member_ids:
        return []
    wanted = sa.select(Membership.name).where(Membership.id.in_(member_ids)).order_by(Membership.name)
    return list(db.session.scalars(wanted))


def email_of(member: Membership) -> str:
    return db.session.scalar(sa.select(Person.email).where(Person.id == member.person_id)) or ""


def listed() -> list[Listed]:
    """Everybody, those who left too: staff by name, then client users by employer."""
    rows = db.session.execute(
        sa.select(Membership, Person.email, Client)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Client, sa.and_(Client.tenant_id == Membership.tenant_id, Client.id == Membership.client_id))
        .order_by(Membership.client_id.is_not(None), Client.legal_name, Membership.name)
    )
    return [Listed(member, email, client.name if client else "") for member, email, client in rows]


def users_of(client: Client) -> list[Listed]:
    """The people who read for one employer."""
    return [one for one in listed() if one.member.client_id == client.id]


def colleagues(member: Membership, today: date) -> list[Membership]:
    """Who could take over from a member."""
    return list(
        db.session.scalars(
            sa.select(Membership)
            .where(
                Membership.role.in_(STAFF),
                Membership.id != member.id,
                sa.or_(Membership.left_on.is_(None), Membership.left_on > today),
            )
            .order_by(Membership.name)
        )
    )


def led_by(member: Membership) -> list[Engagement]:
    """Open engagements that the member leads."""
    return list(
        db.session.scalars(
            sa.select(Engagement)
            .options(joinedload(Engagement.client))
            .where(Engagement.lead_id == member.id, Engagement.closed_on.is_(None))
            .order_by(Engagement.opened_on, Engagement.id)
        )
    )


def assignments_of(member: Membership) -> list[Assignment]:
    """The member's parts in engagements that are open."""
    return list(
        db.session.scalars(
            sa.select(Assignment)
            .join(
                Engagement,
                sa.and_(Engagement.tenant_id == Assignment.tenant_id, Engagement.id == Assignment.engagement_id),
            )
            .where(Assignment.membership_id == member.id, Engagement.closed_on.is_(None))
            .order_by(Assignment.id)
        )
    )


def consents(engagement: Engagement) -> list[tuple[Consent, str]]:
    """Which partners may see how far the engagement is, or could once; with their names."""
    rows = db.session.execute(
        sa.select(Consent, Partner.name)
        .join(Partner, Partner.id == Consent.partner_id)
        .where(Consent.tenant_id == engagement.tenant_id, Consent.engagement_id == engagement.id)
        .order_by(Partner.name)
    )
    return [(consent, name) for consent, name in rows]


def find_consent(consent_id: UUID) -> Consent | None:
    """A consent of the entered consultancy; the table itself has no wall."""
    return db.session.scalar(
        sa.select(Consent).where(Consent.id == consent_id, Consent.tenant_id == tenant_session().tenant_id)
    )
