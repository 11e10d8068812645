"""Once the client has the report, what it says of the ratings stands: they are locked until somebody reopens them."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from consultancy.models.assessment import Assessment, Rating
from consultancy.models.engagement import Engagement
from consultancy.queries import rating_locks
from tenants import audit
from tenants.database import db, now
from tenants.limits import NOTE_CHARACTERS
from tenants.models import Membership
from tenants.permissions import Role
from tenants.refusal import NotValid, Refusal


class RatingsLocked(Refusal):
    """The client has a report of these ratings. Carries its number."""


class NotTheLead(Refusal):
    """Reopening what a client has in hand is for the lead of the engagement, and for the office."""

    status = 403


class ReopeningUnexplained(NotValid):
    """Ratings that a client has in hand are reopened for a reason."""


def refuse_locked(engagement: Engagement) -> None:
    """Every change of a rating or of what was seen asks this. Raises RatingsLocked."""
    report = rating_locks.released_report(engagement)
    if report is not None:
        raise RatingsLocked(report.name)


def unlocked_rating(assessment: Assessment, requirement: str, site: UUID | None) -> Rating | None:
    """The rating that may be changed, None where there is none yet. Raises RatingsLocked."""
    rating, report = rating_locks.rating_and_lock(assessment, requirement, site)
    if report is not None:
        raise RatingsLocked(report.name)
    return rating


def may_reopen(engagement: Engagement, *, by: UUID, role: Role) -> bool:
    return role in (Role.OWNER, Role.ADMIN) or engagement.lead_id == by


def reopen_ratings(engagement: Engagement, *, reason: str, by: UUID) -> None:
    """Unlock the ratings until the next report is released. What was released stays as it was written; reopening what
    is open already changes nothing. Raises NotTheLead, ReopeningUnexplained."""
    role = db.session.scalar(sa.select(Membership.role).where(Membership.id == by))
    if role is None or not may_reopen(engagement, by=by, role=Role(role)):
        raise NotTheLead(engagement.title)
    if not reason.strip() or len(reason) > NOTE_CHARACTERS:
        raise ReopeningUnexplained(engagement.title)
    report = rating_locks.released_report(engagement)
    if report is None:
        return
    moment = now()
    # Past the revision: who types the report's texts is not in the way of this.
    db.session.execute(
        sa.update(Engagement)
        .where(Engagement.id == engagement.id)
        .values(ratings_reopened_at=moment)
        .execution_options(synchronize_session=False)
    )
    set_committed_value(engagement, "ratings_reopened_at", moment)
    audit.record("engagement.ratings_reopened", engagement, by=by, reason=reason.strip(), report=report.name)
