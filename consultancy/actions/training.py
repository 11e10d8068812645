"""A client's people, what their roles need and what they did. The trail keeps ids: who it was is looked up, and after a
deletion by nobody."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions.clients import ChangedMeanwhile
from consultancy.models.client import Client, Site
from consultancy.models.evidence import Evidence
from consultancy.models.training import CourseNeed, TrainingProof, TrainingRecord, Worker
from consultancy.queries import training
from consultancy.training import EVERYBODY, expiry, roles_in
from tenants import audit
from tenants.database import db
from tenants.refusal import NotValid, Refusal

WORKER_FIELDS = ("name", "number", "roles", "site_id", "shift", "started_on")


class NobodyNamed(NotValid):
    """A person is known by a name or by the client's number."""


class NumberTaken(NotValid):
    """Another person of the client has this number."""


class SiteOfOthers(NotValid):
    """The site is not one of this client's."""


class UnknownCourse(NotValid):
    """Neither shipped nor one of the consultancy's own."""


class DoneInFuture(NotValid):
    """A course is recorded once it was done."""


class EndsBeforeDone(NotValid):
    """What was done cannot have ended before."""


class ProofMissing(NotValid):
    """Verified means that somebody saw something: the day and what was seen are said."""


class AlreadyRecorded(NotValid):
    """The same course on the same day, for the same person."""


class ReasonMissing(NotValid):
    """An exemption says why."""


class FileOfOthers(NotValid):
    """The file is not among this client's evidence."""


class RemovedMeanwhile(Refusal):
    """Somebody removed the person, or the record, after this page was opened."""


@dataclass(frozen=True)
class Roll:
    """A client's people by their numbers, and its sites, as they stand while nobody else adds a number."""

    people: dict[str, UUID | None]
    sites: frozenset[UUID]


def call_roll(client_id: UUID) -> Roll:
    # The client's row orders two consultants who take the same number at the same moment.
    db.session.execute(sa.select(Client.id).where(Client.id == client_id).with_for_update(key_share=True))
    numbered = sa.select(Worker.number, Worker.id).where(Worker.client_id == client_id, Worker.number != "")
    return Roll(
        people={number.casefold(): worker_id for number, worker_id in db.session.execute(numbered)},
        sites=frozenset(db.session.scalars(sa.select(Site.id).where(Site.client_id == client_id))),
    )


def add_worker(client: Client, *, by: UUID | None, roll: Roll | None = None, **fields: Any) -> Worker:
    """Whoever adds many calls the roll once, and flushes. Raises NobodyNamed, NumberTaken, SiteOfOthers."""
    said = _told(roll or call_roll(client.id), None, fields)
    worker = Worker(client_id=client.id, **said)
    db.session.add(worker)
    if roll is None:
        db.session.flush()
    elif worker.number:
        roll.people[worker.number.casefold()] = None
    audit.record("worker.added", worker, by=by)
    return worker


def change_worker(
    worker: Worker, *, revision: int, by: UUID | None, roll: Roll | None = None, **fields: Any
) -> None:
    """Raises ChangedMeanwhile, NobodyNamed, NumberTaken, SiteOfOthers."""
    if worker.revision != revision:
        raise ChangedMeanwhile(worker.label)
    told = {name: getattr(worker, name) for name in WORKER_FIELDS} | fields
    said = _told(roll or call_roll(worker.client_id), worker, told)
    changed = [name for name in WORKER_FIELDS if getattr(worker, name) != said[name]]
    for name in changed:
        setattr(worker, name, said[name])
    if changed:
        audit.record("worker.changed", worker, by=by, fields=changed)


def remove_worker(worker: Worker, *, by: UUID | None) -> None:
    """The person and every record of theirs go for good; files of evidence stay where they are.

    Raises RemovedMeanwhile.
    """
    _hold(worker)
    records = sa.select(TrainingRecord.id).where(TrainingRecord.worker_id == worker.id)
    shown = TrainingProof.training_record_id.in_(db.session.scalars(records).all())
    db.session.execute(sa.delete(TrainingProof).where(shown))
    db.session.execute(sa.delete(TrainingRecord).where(TrainingRecord.worker_id == worker.id))
    audit.record("worker.removed", worker, by=by)
    db.session.delete(worker)


def record_training(
    worker: Worker, *, course: str, done_on: date | None, expires_on: date | None, proof: str, verified: bool,
    evidence_id: UUID | None, today: date, by: UUID | None,
) -> TrainingRecord:  # fmt: skip
    """Without a typed end, the course's rule on the day it was done says when it ends.

    Raises UnknownCourse, DoneInFuture, EndsBeforeDone, ProofMissing, AlreadyRecorded, FileOfOthers, RemovedMeanwhile.
    """
    shelf = training.shelf()
    if course not in shelf:
        raise UnknownCourse(course)
    if done_on and done_on > today:
        raise DoneInFuture(done_on)
    if expires_on and done_on and expires_on < done_on:
        raise EndsBeforeDone(expires_on)
    if verified and not (done_on and (proof or evidence_id)):
        raise ProofMissing
    _hold(worker)
    same = sa.select(TrainingRecord.id).where(
        TrainingRecord.worker_id == worker.id,
        TrainingRecord.course == course,
        TrainingRecord.done_on.is_not_distinct_from(done_on),
    )
    if db.session.scalar(same.limit(1)) is not None:
        raise AlreadyRecorded(course, done_on)
    if done_on and expires_on is None:
        expires_on = expiry(shelf.find(course, done_on), done_on)
    record = TrainingRecord(
        worker_id=worker.id, course=course, done_on=done_on, expires_on=expires_on, proof=proof, verified=verified
    )
    db.session.add(record)
    db.session.flush()
    if evidence_id:
        _show(record, worker, evidence_id)
    audit.record("training.recorded", record, by=by, course=course)
    return record


def verify_record(record: TrainingRecord, *, proof: str, evidence_id: UUID | None, by: UUID | None) -> None:
    """Somebody saw what shows it. Raises ProofMissing, FileOfOthers, RemovedMeanwhile."""
    _hold_record(record)
    if record.done_on is None or not (proof or evidence_id):
        raise ProofMissing
    record.proof = proof or record.proof
    record.verified = True
    if evidence_id:
        _show(record, record.worker, evidence_id)
    audit.record("training.verified", record, by=by)


def remove_record(record: TrainingRecord, *, by: UUID | None) -> None:
    """Raises RemovedMeanwhile."""
    _hold_record(record)
    audit.record("training.removed", record, by=by, course=record.course)
    db.session.execute(sa.delete(TrainingProof).where(TrainingProof.training_record_id == record.id))
    db.session.delete(record)


def say_need(
    client: Client, *, role: str, course: str, exempt: bool, reason: str, by: UUID | None
) -> CourseNeed:
    """What a role needs, or why it is exempt; said again, the later word holds. Raises UnknownCourse, ReasonMissing."""
    if course not in training.shelf():
        raise UnknownCourse(course)
    if exempt and not reason:
        raise ReasonMissing(role)
    role = next(iter(roles_in(role)), EVERYBODY)
    kept = [one for one in training.needs_of(client) if one.course == course]
    need = next((one for one in kept if one.role.casefold() == role.casefold()), None)
    if need is None:
        need = CourseNeed(client_id=client.id, role=role, course=course)
        db.session.add(need)
    need.exempt, need.reason = exempt, reason if exempt else ""
    db.session.flush()
    audit.record("training.need_said", need, by=by, course=course, exempt=exempt)
    return need


def remove_need(need: CourseNeed, *, by: UUID | None) -> None:
    audit.record("training.need_removed", need, by=by, course=need.course)
    db.session.delete(need)


def _told(roll: Roll, worker: Worker | None, fields: dict[str, Any]) -> dict[str, Any]:
    said = {name: fields.get(name) for name in WORKER_FIELDS}
    for name in ("name", "number", "shift"):
        said[name] = said[name] or ""
    said["roles"] = "; ".join(roles_in(said["roles"] or ""))
    if not said["name"] and not said["number"]:
        raise NobodyNamed
    if said["site_id"] and said["site_id"] not in roll.sites:
        raise SiteOfOthers
    number = (said["number"] or "").casefold()
    if number in roll.people and (worker is None or roll.people[number] != worker.id):
        raise NumberTaken(said["number"])
    return said


def _hold(worker: Worker) -> None:
    """Who records, verifies or removes for one person comes one after another. Raises RemovedMeanwhile."""
    if db.session.scalar(sa.select(Worker.id).where(Worker.id == worker.id).with_for_update()) is None:
        raise RemovedMeanwhile(worker.label)


def _hold_record(record: TrainingRecord) -> None:
    _hold(record.worker)
    if db.session.scalar(sa.select(TrainingRecord.id).where(TrainingRecord.id == record.id)) is None:
        raise RemovedMeanwhile(record.worker.label)


def _show(record: TrainingRecord, worker: Worker, evidence_id: UUID) -> None:
    piece = db.session.scalar(
        sa.select(Evidence).where(
            Evidence.id == evidence_id, Evidence.client_id == worker.client_id, Evidence.retired_at.is_(None)
        )
    )
    if piece is None:
        raise FileOfOthers
    same = sa.select(TrainingProof.id).where(
        TrainingProof.training_record_id == record.id, TrainingProof.evidence_id == piece.id
    )
    if db.session.scalar(same) is None:
        db.session.add(TrainingProof(training_record_id=record.id, evidence_id=piece.id))
        db.session.flush()

