"""Who works on a pre-audit, and whether they may: nobody audits what they wrote without a reason.

The team of a gap analysis or of the development of a program says who helped the client. Nobody is put on or taken off
it here: that would erase what speaks against them later."""

from datetime import date
from uuid import UUID

from consultancy.actions.audit_plans import refuse_other_kinds
from consultancy.actions.engagements import assign, refuse_closed
from consultancy.actions.numbering import one_at_a_time
from consultancy.models.client import Client
from consultancy.models.engagement import Assignment, Engagement
from consultancy.models.involvement import PARTS, Involvement
from consultancy.queries import audit_plans, engagements, independence
from consultancy.standards.words import choices
from tenants import audit
from tenants.database import db
from tenants.models import Membership
from tenants.refusal import NotValid, Refusal


class AlreadyOnTeam(Refusal):
    """Somebody is on an engagement once."""


class NotOnStaff(NotValid):
    """Only the consultancy's own people, and those who are still there, work on an engagement."""


class UnknownPart(NotValid):
    """A part of an assignment or of an involvement is one of the offered."""


class StillPlanned(Refusal):
    """Lines of the plan name them: they are given to somebody else first. Carries the name and the lines."""


class EndsBeforeItBegins(NotValid):
    """What somebody did for a client ended on the day it began, or later."""


class NothingToExplain(Refusal):
    """A reason is kept where something speaks against somebody."""


class ReasonNotGiven(NotValid):
    """Why somebody audits all the same is written down."""


def put_on_team(
    engagement: Engagement, *, member: Membership, part: str, reason: str, by: UUID | None
) -> Assignment:
    """Raises NotIndependent where something speaks against the person and no reason is given; also AlreadyOnTeam,
    NotOnStaff, UnknownPart, OnlyForPreAudit, EngagementClosed."""
    refuse_other_kinds(engagement)
    refuse_closed(engagement)
    _refuse_outsider(member)
    if part not in dict(choices("assignments")):
        raise UnknownPart(part)
    if any(one.membership_id == member.id for one in engagements.team(engagement)):
        raise AlreadyOnTeam(member.name)
    return assign(engagement, member=member, part=part, reason=reason, by=by)


def give_reason(assignment: Assignment, *, engagement: Engagement, reason: str, by: UUID | None) -> None:
    """Say why somebody audits although something speaks against them; it stands in the report."""
    refuse_other_kinds(engagement)
    refuse_closed(engagement)
    if not reason:
        raise ReasonNotGiven
    if assignment.membership_id not in independence.of_engagement(engagement).against:
        raise NothingToExplain(assignment.membership.name)
    assignment.independence_reason = reason
    db.session.flush()
    audit.record("engagement.independence_explained", engagement, by=by, member=str(assignment.membership_id))


def take_off_team(assignment: Assignment, *, engagement: Engagement, by: UUID | None) -> None:
    """Somebody does not work on it any more; an engagement may stand without a lead for a while. Raises StillPlanned,
    OnlyForPreAudit, EngagementClosed."""
    refuse_other_kinds(engagement)
    refuse_closed(engagement)
    one_at_a_time(Engagement, engagement.id)  # who plans a line of theirs at this moment
    planned = [one for one in audit_plans.lines(engagement) if one.auditor_id == assignment.membership_id]
    if planned:
        raise StillPlanned(assignment.membership.name, [one.activity for one in planned])
    if engagement.lead_id == assignment.membership_id:
        engagement.lead_id = None
    audit.record("engagement.unassigned", engagement, by=by, member=str(assignment.membership_id))
    db.session.delete(assignment)
    db.session.flush()


def declare(
    client: Client, *, member: Membership, part: str, what: str, from_on: date, until_on: date | None, by: UUID | None
) -> Involvement:
    """Somebody helped the client with its system where nothing here says so."""
    _refuse_outsider(member)
    if part not in PARTS:
        raise UnknownPart(part)
    if until_on and until_on < from_on:
        raise EndsBeforeItBegins(from_on, until_on)
    row = Involvement(
        client_id=client.id, membership_id=member.id, part=part, what=what, from_on=from_on, until_on=until_on,
        by_id=by,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("involvement.declared", row, by=by, part=part)
    return row


def take_back(involvement: Involvement, *, by: UUID | None) -> None:
    """It was declared by mistake. The trail keeps that it was."""
    audit.record("involvement.taken_back", involvement.client, by=by, part=involvement.part)
    db.session.delete(involvement)
    db.session.flush()


def _refuse_outsider(member: Membership) -> None:
    if member not in engagements.staff():
        raise NotOnStaff(member.name)
