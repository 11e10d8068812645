"""How long each class of records is kept: our defaults as data, a consultancy's own rule over them, and what is due."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.assessment import Assessment, ChecklistImport, Observation, Rating
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import Evidence
from consultancy.models.field_workbook import FieldWorkbook, ReturnedWorkbook
from consultancy.models.interview import Interview
from consultancy.models.retention import RetentionRule
from consultancy.models.training import TrainingImport, TrainingRecord, Worker
from consultancy.privacy import inventory
from consultancy.queries.evidence import needed_elsewhere
from tenants.database import db
from tenants.messages import Message


@dataclass(frozen=True)
class RecordClass:
    """`years` is empty for what is never destroyed. Every default is to be confirmed with counsel."""

    key: str
    name: dict[str, str]
    years: int | None
    counted_from: str  # closed, last_closed, sent, platform or never
    editable: bool
    source: str
    certainty: str


CLASSES = {
    key: RecordClass(key=key, **facts)
    for key, facts in json.loads(Path(__file__).with_name("retention.json").read_text(encoding="utf-8")).items()
}
EDITABLE = tuple(key for key, one in CLASSES.items() if one.editable)


@dataclass(frozen=True)
class Due:
    """One thing whose time is over: a whole engagement, a class of records of one, records of a client, or old mail."""

    record_class: str
    engagement: Engagement | None
    top: Any
    ids: tuple[UUID, ...]
    counts: dict[str, int]
    client: Client | None = None

    @property
    def word(self) -> str:
        return sha256("".join(sorted(str(key) for key in self.ids)).encode() + self.record_class.encode()).hexdigest()


def rules() -> dict[str, RetentionRule]:
    """The consultancy's own periods."""
    return {rule.record_class: rule for rule in db.session.scalars(sa.select(RetentionRule))}


def years_of() -> dict[str, int]:
    """What holds today, in years, for each class that is ever destroyed."""
    own = rules()
    return {
        key: own[key].years if key in own else one.years
        for key, one in CLASSES.items()
        if one.years is not None and one.editable
    }


def last_day(from_day: date, years: int) -> date:
    """The last day on which it is still kept. A period that begins on 29 February ends on 28 February."""
    try:
        return from_day.replace(year=from_day.year + years)
    except ValueError:
        return from_day.replace(year=from_day.year + years, day=28)


def purge_plan(today: date) -> list[Due]:
    """Exactly what is due on this day. Nothing of an engagement that is open or held is ever in it, nor a piece of
    evidence that such a one rests on, nor people of a client that has one."""
    years = years_of()
    closed = db.session.scalars(
        sa.select(Engagement)
        .options(joinedload(Engagement.client))
        .where(Engagement.closed_on.is_not(None), Engagement.legal_hold == "")
        .order_by(Engagement.closed_on, Engagement.id)
    )
    plan = []
    for engagement in closed:
        over = {key for key in ("engagement", "interview_notes", "evidence", "imported_checklists")
                if engagement.closed_on and last_day(engagement.closed_on, years[key]) < today}  # fmt: skip
        if "engagement" in over:
            counts = inventory.counts(inventory.rows_below(Engagement, [engagement.id], needed_elsewhere(engagement)))
            plan.append(Due("engagement", engagement, Engagement, (engagement.id,), counts))
            continue
        if "interview_notes" in over:
            plan += _some("interview_notes", engagement, Observation, _notes(engagement))
            plan += _some("interview_notes", engagement, Interview, _sheets(engagement))
        if "evidence" in over:
            plan += _some("evidence", engagement, Evidence, _evidence(engagement))
        elif "interview_notes" in over:
            plan += _some("interview_notes", engagement, Evidence, _evidence(engagement, source="interview"))
        if "imported_checklists" in over:
            plan += _some("imported_checklists", engagement, ChecklistImport, _checklists(engagement))
            plan += _some("imported_checklists", engagement, ReturnedWorkbook, _returned(engagement))
    plan += _training(today, years["training_records"])
    return plan + _some("messages", None, Message, _mail(today, years["messages"]))


def word_for(plan: Iterable[Due]) -> str:
    """One word for a plan: whoever presses the button says with it which plan they saw."""
    return sha256(" ".join(due.word for due in plan).encode()).hexdigest()


def _some(record_class: str, engagement: Engagement | None, model: Any, ids: list[UUID]) -> list[Due]:
    if not ids:
        return []
    return [Due(record_class, engagement, model, tuple(ids), {model.__tablename__: len(ids)})]


def _notes(engagement: Engagement) -> list[UUID]:
    return list(
        db.session.scalars(
            sa.select(Observation.id)
            .join(Rating, sa.and_(Rating.tenant_id == Observation.tenant_id, Rating.id == Observation.rating_id))
            .join(Assessment, sa.and_(Assessment.tenant_id == Rating.tenant_id, Assessment.id == Rating.assessment_id))
            .where(Assessment.engagement_id == engagement.id, Observation.method == "interview")
            .order_by(Observation.id)
        )
    )


def _sheets(engagement: Engagement) -> list[UUID]:
    """Their answers lie below them and go with them."""
    wanted = sa.select(Interview.id).where(Interview.engagement_id == engagement.id)
    return list(db.session.scalars(wanted.order_by(Interview.id)))


def _evidence(engagement: Engagement, source: str = "") -> list[UUID]:
    wanted = sa.select(Evidence.id).where(Evidence.engagement_id == engagement.id).order_by(Evidence.id)
    needed = needed_elsewhere(engagement)
    found = db.session.scalars(wanted.where(Evidence.source == source) if source else wanted)
    return [piece for piece in found if piece not in needed]


def _checklists(engagement: Engagement) -> list[UUID]:
    return list(
        db.session.scalars(
            sa.select(ChecklistImport.id)
            .join(
                Assessment,
                sa.and_(
                    Assessment.tenant_id == ChecklistImport.tenant_id, Assessment.id == ChecklistImport.assessment_id
                ),
            )
            .where(Assessment.engagement_id == engagement.id)
            .order_by(ChecklistImport.id)
        )
    )


def _returned(engagement: Engagement) -> list[UUID]:
    workbook, returned = FieldWorkbook, ReturnedWorkbook
    return list(
        db.session.scalars(
            sa.select(returned.id)
            .join(
                workbook,
                sa.and_(workbook.tenant_id == returned.tenant_id, workbook.id == returned.field_workbook_id),
            )
            .join(
                Assessment,
                sa.and_(Assessment.tenant_id == workbook.tenant_id, Assessment.id == workbook.assessment_id),
            )
            .where(Assessment.engagement_id == engagement.id)
            .order_by(returned.id)
        )
    )


def _training(today: date, years: int) -> list[Due]:
    """Clients' people, with what they did and what shows it, and lists of them that were never applied."""
    of_client = sa.and_(Engagement.tenant_id == Client.tenant_id, Engagement.client_id == Client.id)
    needed = sa.exists().where(of_client, sa.or_(Engagement.closed_on.is_(None), Engagement.legal_hold != ""))
    last_closed = sa.select(sa.func.max(Engagement.closed_on)).where(of_client).correlate(Client).scalar_subquery()
    last_record = (
        sa.select(sa.func.max(TrainingRecord.recorded_at))
        .join(Worker, sa.and_(Worker.tenant_id == TrainingRecord.tenant_id, Worker.id == TrainingRecord.worker_id))
        .where(Worker.tenant_id == Client.tenant_id, Worker.client_id == Client.id)
        .correlate(Client)
        .scalar_subquery()
    )
    plan = []
    for client, closed, recorded in db.session.execute(
        sa.select(Client, last_closed, last_record).where(~needed).order_by(Client.code, Client.id)
    ):
        if last_day(closed or max(recorded or client.created_at, client.created_at).date(), years) >= today:
            continue
        for model, only in ((Worker, sa.true()), (TrainingImport, TrainingImport.applied_at.is_(None))):
            found = sa.select(model.id).where(model.client_id == client.id, only).order_by(model.id)
            ids = tuple(db.session.scalars(found))
            if ids:
                counts = inventory.counts(inventory.rows_below(model, ids))
                plan.append(Due("training_records", None, model, ids, counts, client))
    return plan


def _mail(today: date, years: int) -> list[UUID]:
    """Sent so long ago; what still waits is not over."""
    before = datetime.combine(last_day(today, -years), time.min, tzinfo=UTC)
    return list(
        db.session.scalars(
            sa.select(Message.id).where(Message.state != "waiting", Message.created_at < before).order_by(Message.id)
        )
    )


def held() -> list[Engagement]:
    """Engagements of which nothing may be destroyed."""
    return list(
        db.session.scalars(
            sa.select(Engagement)
            .options(joinedload(Engagement.client))
            .where(Engagement.legal_hold != "")
            .order_by(Engagement.title)
        )
    )
