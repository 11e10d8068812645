"""Which released report locks the ratings of an engagement."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.assessment import Assessment, Rating
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.queries import assessments, interviews
from consultancy.tallies import Tally
from tenants.database import db

REPORTS = ("gap_report", "pre_audit_report")  # the documents that say how each requirement was rated


class Released(NamedTuple):
    name: str
    at: datetime


def released_report(engagement: Engagement) -> Released | None:
    """The report that stands released since the ratings were last open; the newest where there are several, or two
    languages. A withdrawn report locks nothing, nor does one that was out before the ratings were reopened."""
    wanted = sa.select(Deliverable.number, Deliverable.version, Deliverable.released_at).where(locking(engagement))
    found = db.session.execute(wanted.order_by(Deliverable.released_at.desc()).limit(1)).first()
    return _released(*found) if found else None


class Begun(NamedTuple):
    assessment: Assessment
    lock: Released | None
    tally: Tally


def begin_desk(engagement: Engagement, requirement: str, site: UUID | None) -> Begun:
    """What the clause desk begins with, in one statement: the engagement's assessment, the report that locks it, and
    what people confirmed of the requirement in interviews."""
    heard = interviews.counted_of(engagement, requirement, site)
    assessment, number, version, released_at, counts = db.session.execute(
        sa.select(Assessment, Deliverable.number, Deliverable.version, Deliverable.released_at, heard)
        .outerjoin(Deliverable, sa.and_(Deliverable.tenant_id == Assessment.tenant_id, locking(engagement)))
        .where(Assessment.engagement_id == engagement.id, Assessment.standard == engagement.standard)
        .order_by(Deliverable.released_at.desc())
        .limit(1)
    ).one()
    return Begun(assessment, _released(number, version, released_at) if released_at else None, Tally(**counts))


def rating_and_lock(
    assessment: Assessment, requirement: str, site: UUID | None = None
) -> tuple[Rating | None, Released | None]:
    """What rating a requirement begins with, in one statement: its rating so far, and the report that locks it."""
    rating, number, version, released_at = db.session.execute(
        sa.select(Rating, Deliverable.number, Deliverable.version, Deliverable.released_at)
        .select_from(Assessment)
        .outerjoin(
            Rating,
            sa.and_(
                Rating.tenant_id == Assessment.tenant_id, Rating.assessment_id == Assessment.id,
                Rating.requirement == requirement, assessments.at(site),
            ),
        )
        .outerjoin(
            Deliverable, sa.and_(Deliverable.tenant_id == Assessment.tenant_id, locking(assessment.engagement))
        )
        .where(Assessment.id == assessment.id)
        .order_by(Deliverable.released_at.desc())
        .limit(1)
    ).one()  # fmt: skip
    return rating, _released(number, version, released_at) if released_at else None


def locking(engagement: Engagement) -> sa.ColumnElement[bool]:
    since = engagement.ratings_reopened_at
    return sa.and_(
        Deliverable.engagement_id == engagement.id,
        Deliverable.kind.in_(REPORTS),
        Deliverable.standing == "released",
        sa.true() if since is None else Deliverable.released_at > since,
    )


def _released(number: str, version: str, released_at: Any) -> Released:
    return Released(f"{number} v{version}", released_at)
