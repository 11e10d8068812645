"""Reading applications for recognition: what is still open at the client, and which papers are there."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy import points
from consultancy.models.assessment import Rating
from consultancy.models.client import Client
from consultancy.models.corrective_action import CorrectiveAction
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import Evidence
from consultancy.models.finding import Finding
from consultancy.models.recognition import Recognition, RecognitionPaper
from consultancy.queries import assessments
from consultancy.queries.evidence import TO_HAND_OVER, may_leave
from consultancy.standards import catalogue
from tenants.database import db

GRADED = ("major", "minor")


class Milestone(NamedTuple):
    """A question that does not bring its full points yet, with what is planned for it."""

    code: str
    title: str
    verified: bool
    what: str
    owner: str
    due: date | None


class Plan(NamedTuple):
    """The way of the latest COR assessment to 100 %."""

    engagement: Engagement
    milestones: list[Milestone]


def find(recognition_id: UUID) -> Recognition | None:
    return db.session.scalar(
        sa.select(Recognition)
        .options(joinedload(Recognition.client), joinedload(Recognition.certificate))
        .where(Recognition.id == recognition_id)
    )


def of_client(client: Client) -> list[Recognition]:
    """The latest first; one that is being prepared stands before all."""
    return list(
        db.session.scalars(
            sa.select(Recognition)
            .options(joinedload(Recognition.certificate))
            .where(Recognition.client_id == client.id)
            .order_by(Recognition.applied_on.desc().nulls_first(), Recognition.id)
        )
    )


def latest(client: Client) -> Recognition | None:
    return next(iter(of_client(client)), None)


def papers(recognition: Recognition) -> dict[str, Evidence]:
    """The pieces that fill slots: what was taken out of use, waits for its check, is infected or has no content is no
    paper."""
    rows = db.session.execute(
        sa.select(RecognitionPaper.slot, Evidence)
        .join(
            Evidence,
            sa.and_(Evidence.tenant_id == RecognitionPaper.tenant_id, Evidence.id == RecognitionPaper.evidence_id),
        )
        .where(RecognitionPaper.recognition_id == recognition.id, _can_go_out())
    )
    held: dict[str, Evidence] = {}
    for slot, piece in rows:
        held[slot] = piece
    return held


def may_fill(client: Client) -> list[Evidence]:
    """The client's clean files that are no interview, newest first."""
    return list(
        db.session.scalars(
            sa.select(Evidence)
            .where(Evidence.client_id == client.id, _can_go_out())
            .order_by(Evidence.uploaded_at.desc(), Evidence.id)
            .limit(TO_HAND_OVER)
        )
    )


def _can_go_out() -> sa.ColumnElement[bool]:
    """What may leave and has been let through: an application waits for no scanner."""
    return sa.and_(may_leave(), Evidence.state == "clean", Evidence.file_key.is_not(None))


def open_findings(client: Client) -> list[Finding]:
    """Majors and minors of every engagement of the client that are not closed: recognition asks for closed."""
    return list(
        db.session.scalars(
            sa.select(Finding)
            .join(
                Engagement,
                sa.and_(Engagement.tenant_id == Finding.tenant_id, Engagement.id == Finding.engagement_id),
            )
            .options(joinedload(Finding.engagement))
            .where(
                Engagement.client_id == client.id, Finding.grade.in_(GRADED),
                Finding.status.in_(("open", "verification")),
            )
            .order_by(Engagement.opened_on, Finding.number)
        )
    )  # fmt: skip


def open_actions(client: Client) -> list[CorrectiveAction]:
    """Corrective actions that are not closed, of findings that are: those of open ones count with these."""
    return list(
        db.session.scalars(
            sa.select(CorrectiveAction)
            .join(
                Finding,
                sa.and_(Finding.tenant_id == CorrectiveAction.tenant_id, Finding.id == CorrectiveAction.finding_id),
            )
            .join(
                Engagement,
                sa.and_(Engagement.tenant_id == Finding.tenant_id, Engagement.id == Finding.engagement_id),
            )
            .options(joinedload(CorrectiveAction.finding).joinedload(Finding.engagement))
            .where(
                Engagement.client_id == client.id, Finding.grade.in_(GRADED), Finding.status == "closed",
                CorrectiveAction.status != "closed",
            )
            .order_by(Engagement.opened_on, CorrectiveAction.number)
        )
    )  # fmt: skip


def plan_to_full_points(client: Client) -> Plan | None:
    """COR passes below 100 %, recognition does not: what the latest COR assessment still lacks; None without one."""
    latest_first = db.session.scalars(
        sa.select(Engagement)
        .where(Engagement.client_id == client.id)
        .order_by(Engagement.opened_on.desc(), Engagement.id)
    )
    latest = next((one for one in latest_first if catalogue.find(one.standard).by_points), None)
    if latest is None:
        return None
    assessment = assessments.of_engagement(latest)
    standard = catalogue.find(latest.standard)
    ratings = {
        one.requirement: one
        for one in db.session.scalars(
            sa.select(Rating).where(Rating.assessment_id == assessment.id, Rating.site_id.is_(None))
        )
    }
    milestones = []
    for worth in points.worths(standard, assessments.answers(assessment)):
        if not worth.applicable or worth.lowest == worth.most:
            continue
        rating = ratings.get(worth.code)
        milestones.append(
            Milestone(
                worth.code,
                standard.requirement(worth.code).title,
                worth.verified,
                rating.recommendation if rating else "",
                rating.owner_text if rating else "",
                rating.due if rating else None,
            )
        )
    return Plan(latest, milestones)
