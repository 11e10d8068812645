"""Leaving a consultancy, as far as its work is concerned; and who else may see how an engagement goes."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions.deliverables import NO_LONGER_AUTHORISED
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Assignment, Engagement
from consultancy.queries import members
from tenants import audit
from tenants import members as membership
from tenants.database import db
from tenants.models import Consent, Membership, Partner, Person
from tenants.refusal import NotValid, Refusal


class SuccessorNeeded(NotValid):
    """Somebody who has open work leaves it to a colleague."""


class NotASuccessor(NotValid):
    """Work is handed to another member of the consultancy's own staff."""


class NoSuchPartner(NotValid):
    """No partner of this name, or with somebody of this address, is known to the platform."""


class ExpiresTooEarly(NotValid):
    """A consent ends after the day it is given."""


class AlreadyRevoked(Refusal):
    """The consent was taken back before."""


def off_board(member: Membership, *, successor: Membership | None, by: UUID, today: date) -> None:
    """The member leaves: their doors close, their open work goes to a colleague, what they queued is not written.

    Raises RankTooLow, LastOwner, HasLeft, SuccessorNeeded, NotASuccessor.
    """
    membership.leave(member, by=by, today=today)
    hand_over(member, successor=successor, by=by, today=today)
    cancel_queued(member, by=by)


def hand_over(member: Membership, *, successor: Membership | None, by: UUID, today: date) -> None:
    """Open engagements and assignments go to the successor. Raises SuccessorNeeded, NotASuccessor."""
    led, assigned = members.led_by(member), members.assignments_of(member)
    if successor is None:
        if led or assigned:
            raise SuccessorNeeded(member.name)
        return
    if successor not in members.colleagues(member, today):
        raise NotASuccessor(successor.name)
    for engagement in led:
        # Past the revision: who types the report's texts at this moment is not in the way of it.
        db.session.execute(
            sa.update(Engagement)
            .where(Engagement.id == engagement.id)
            .values(lead_id=successor.id)
            .execution_options(synchronize_session=False)
        )
        audit.record("engagement.handed_over", engagement, by=by, before=member.id, after=successor.id)
    for assignment in assigned:
        _reassign(assignment, successor, by=by)


def cancel_queued(member: Membership, *, by: UUID) -> None:
    """Documents that nobody writes yet leave the queue. One that is being written is stopped at its next claim."""
    waiting = db.session.scalars(
        sa.select(Deliverable)
        .where(Deliverable.requested_by_id == member.id, Deliverable.production == "queued")
        .order_by(Deliverable.id)
        .with_for_update(of=Deliverable)
    )
    for deliverable in waiting:
        deliverable.production = "cancelled"
        audit.record("deliverable.cancelled", deliverable, by=by, reason=NO_LONGER_AUTHORISED)
    db.session.flush()


def _reassign(assignment: Assignment, successor: Membership, *, by: UUID) -> None:
    """The successor takes the part; who already has a part in the engagement keeps the greater one."""
    theirs = db.session.scalar(
        sa.select(Assignment).where(
            Assignment.engagement_id == assignment.engagement_id, Assignment.membership_id == successor.id
        )
    )
    audit.record("engagement.reassigned", assignment, by=by, after=successor.id, part=assignment.part)
    if theirs is None:
        assignment.membership_id = successor.id
        # Why the one who left audits all the same is theirs: under another name it would be a false statement.
        assignment.independence_reason = ""
    else:
        theirs.part = "lead" if "lead" in (theirs.part, assignment.part) else theirs.part
        db.session.delete(assignment)
    db.session.flush()


def grant_consent(
    engagement: Engagement,
    *,
    partner: str,
    show_employer: bool,
    reference: str,
    expires_on: date,
    by: UUID,
    today: date,
) -> Consent:
    """The employer lets a partner see how far the engagement is; given again, the terms are those of today.

    `partner`: its name, or the address of somebody there. Raises NoSuchPartner, ExpiresTooEarly.
    """
    if expires_on <= today:
        raise ExpiresTooEarly(expires_on)
    known = _partner(partner)
    db.session.execute(sa.select(Engagement.id).where(Engagement.id == engagement.id).with_for_update(key_share=True))
    consent = db.session.scalar(
        sa.select(Consent).where(
            Consent.partner_id == known.id,
            Consent.tenant_id == engagement.tenant_id,
            Consent.engagement_id == engagement.id,
        )
    )
    if consent is None:
        consent = Consent(partner_id=known.id, tenant_id=engagement.tenant_id, engagement_id=engagement.id)
        db.session.add(consent)
    consent.show_employer, consent.reference, consent.expires_on = show_employer, reference, expires_on
    consent.granted_on, consent.revoked_on = today, None
    db.session.flush()
    terms = {"partner": known.id, "show_employer": show_employer, "expires_on": expires_on}
    audit.record("consent.granted", engagement, by=by, consent=consent.id, **terms)
    return consent


def revoke_consent(consent: Consent, *, by: UUID, today: date) -> None:
    """From this moment the partner sees nothing of the engagement. Raises AlreadyRevoked."""
    db.session.refresh(consent, with_for_update=True)
    if consent.revoked_on is not None:
        raise AlreadyRevoked(consent.reference)
    consent.revoked_on = today
    engagement = db.session.execute(sa.select(Engagement).where(Engagement.id == consent.engagement_id)).scalar_one()
    db.session.flush()
    audit.record("consent.revoked", engagement, by=by, consent=consent.id, partner=consent.partner_id)


def _partner(words: str) -> Partner:
    wanted = sa.func.lower(words.strip())
    named = sa.select(Partner).where(sa.func.lower(Partner.name) == wanted)
    addressed = sa.select(Partner).join(Person, Person.partner_id == Partner.id).where(Person.email == wanted)
    found = list(db.session.scalars(addressed)) or list(db.session.scalars(named.limit(2)))
    if len(found) != 1:
        raise NoSuchPartner(words)
    return found[0]
