"""Reading applications for recognition: what is still open at the client, and which papers are there."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.client import Client
from consultancy.models.corrective_action import CorrectiveAction
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import Evidence
from consultancy.models.finding import Finding
from consultancy.models.recognition import Recognition, RecognitionPaper
from tenants.database import db

GRADED = ("major", "minor")


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
    """The pieces that fill slots, those taken out of use left out."""
    rows = db.session.execute(
        sa.select(RecognitionPaper.slot, Evidence)
        .join(
            Evidence,
            sa.and_(Evidence.tenant_id == RecognitionPaper.tenant_id, Evidence.id == RecognitionPaper.evidence_id),
        )
        .where(RecognitionPaper.recognition_id == recognition.id, Evidence.retired_at.is_(None))
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
            .where(
                Evidence.client_id == client.id, Evidence.retired_at.is_(None), Evidence.state == "clean",
                Evidence.file_key.is_not(None), Evidence.source != "interview",
            )
            .order_by(Evidence.uploaded_at.desc(), Evidence.id)
            .limit(200)
        )
    )  # fmt: skip


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
