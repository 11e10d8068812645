"""A client's list of people and courses on its way in: read, looked at, applied whole or not at all."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions.training import Roll, add_worker, call_roll, change_worker
from consultancy.checklists.grid import plain
from consultancy.models.client import Client
from consultancy.models.training import TrainingImport, TrainingRecord, Worker
from consultancy.queries import clients, training
from consultancy.queries.training_people import People
from consultancy.standards.courses import Shelf
from consultancy.training import expiry
from consultancy.training_list import Known, Line, read_training_list, roles_said
from document_templates.child import Child
from tenants import audit
from tenants.database import db, now
from tenants.refusal import Refusal

PERSONAL = ("roles", "site_id", "shift", "started_on")


class AlreadyTaken(Refusal):
    """This very file was applied for this client before. Carries the import."""


class ListNotReady(Refusal):
    """The list still has problems, or was applied; nothing is taken over."""


class PeopleMoved(Refusal):
    """People or records changed after the preview was shown: look at it again before applying."""


@dataclass(frozen=True)
class Change:
    """What applying would do for one person: with `told` about them, and the lines that are recorded anew."""

    row: int  # of its first line
    name: str
    number: str
    kind: str  # new, changed or same
    known: int  # records that are there already
    worker: Worker | None
    told: dict[str, Any]
    fresh: tuple[Line, ...]
    moved: tuple[str, ...]  # what about the person becomes another

    @property
    def label(self) -> str:
        return self.name or self.number

    @property
    def courses(self) -> tuple[str, ...]:
        return tuple(line.course for line in self.fresh)


@dataclass(frozen=True)
class Plan:
    changes: list[Change]
    seen: str  # a word for what the plan was made from
    had: dict[UUID, dict[tuple[str, str], TrainingRecord]]  # records on file, by person, course and day

    def count(self, kind: str) -> int:
        return sum(one.kind == kind for one in self.changes)

    @property
    def records(self) -> int:
        return sum(len(one.fresh) for one in self.changes)


def receive(client: Client, *, file_name: str, content: bytes, today: date, by: UUID | None) -> TrainingImport:
    """Read a list in the confined child and keep what it says for the preview, in the place of what waited there; the
    file itself is not kept.

    Raises AlreadyTaken and what the child raises.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    refuse_twice(client.id, sha256)
    known = known_at(client, today)
    with Child() as child:
        reading = child(read_training_list, content, file_name, known)
    for waiting in db.session.scalars(_waiting(client).with_for_update()):
        db.session.delete(waiting)
    kept = TrainingImport(
        client_id=client.id, file_name=file_name[-120:], file_sha256=sha256, reading=reading, by_id=by
    )
    db.session.add(kept)
    db.session.flush()
    audit.record("training_list.read", kept, by=by, rows=len(reading["rows"]))
    return kept


def known_at(client: Client, today: date) -> Known:
    shelf = training.shelf()
    courses = {
        plain(word): code
        for code in shelf.codes
        for word in (code, shelf.find(code, today).title("en"), shelf.find(code, today).title("fr"))
        if word
    }
    people = People(client)
    return Known(
        courses=courses,
        sites={plain(site.name): str(site.id) for site in clients.sites(client)},
        shared_names=people.shared,
        today=today,
        unnumbered=people.unnumbered,
        numbers=people.numbers,
    )


def compare(client: Client, kept: TrainingImport) -> Plan:
    """What applying would change, person by person, in the order of the list."""
    groups = _by_person(kept)
    people, had = People(client, (line for lines in groups for line in lines)), _records(client)
    coming: dict[UUID, set[tuple[str, str]]] = {}  # rows with a number and rows without may be about one person
    changes = []
    for lines in groups:
        worker = people.find(lines)
        mine, soon = (had.get(worker.id, {}), coming.setdefault(worker.id, set())) if worker else ({}, set())
        fresh = tuple(line for line in lines if line.course and not _same(mine, line) and _key(line) not in soon)
        soon.update(_key(line) for line in fresh)
        told = _told(lines)
        if worker is not None and lines[0].number and not worker.number:
            told["number"] = lines[0].number
        moved = tuple(name for name, value in told.items() if worker and getattr(worker, name) != value)
        changes.append(
            Change(
                row=lines[0].row,
                name=next((line.name for line in lines if line.name), ""),
                number=lines[0].number,
                kind="new" if worker is None else "changed" if moved or fresh else "same",
                known=sum(bool(line.course) for line in lines) - len(fresh),
                worker=worker,
                told=told,
                fresh=fresh,
                moved=moved,
            )
        )
    return Plan(changes, _word_for(groups, changes), had)


def apply(client: Client, kept: TrainingImport, *, seen: str, by: UUID | None) -> Plan:
    """Take the list over, all of it or nothing, and forget its words. Some statements for all people together, and one
    for each who changes.

    Raises ListNotReady, AlreadyTaken, PeopleMoved.
    """
    roll = call_roll(client.id)
    _hold(kept)
    if kept.applied_at is not None or not kept.reading.get("rows") or kept.reading.get("problems"):
        raise ListNotReady(kept.file_name)
    refuse_twice(client.id, kept.file_sha256)
    # Who records or removes for one of these people at this moment comes before us or after us.
    everybody = sa.select(Worker.id).where(Worker.client_id == client.id).order_by(Worker.id)
    db.session.execute(everybody.with_for_update())
    plan = compare(client, kept)
    if plan.seen != seen:
        raise PeopleMoved(kept.file_name)
    shelf = training.shelf()
    going = [(one, _person(client, one, roll, by)) for one in plan.changes if one.kind != "same"]
    db.session.flush()
    for one, worker in going:
        for line in one.fresh:
            _record(worker, line, plan.had.get(worker.id, {}), shelf)
    kept.reading, kept.applied_at = {}, now()
    db.session.flush()
    audit.record("training_list.applied", kept, by=by, people=len(plan.changes), records=plan.records)
    return plan


def set_aside(kept: TrainingImport, *, by: UUID | None) -> None:
    """What was read is forgotten. Raises ListNotReady where it was applied, or set aside, already."""
    _hold(kept)
    if kept.applied_at is not None:
        raise ListNotReady(kept.file_name)
    audit.record("training_list.set_aside", kept, by=by)
    db.session.delete(kept)
    db.session.flush()


def _hold(kept: TrainingImport) -> None:
    """Whoever applies a list or sets it aside comes one after another. Raises ListNotReady where it is gone."""
    if db.session.scalar(sa.select(TrainingImport.id).where(TrainingImport.id == kept.id).with_for_update()) is None:
        raise ListNotReady(kept.file_name)
    db.session.refresh(kept)


def _waiting(client: Client) -> sa.Select[tuple[TrainingImport]]:
    return sa.select(TrainingImport).where(TrainingImport.client_id == client.id, TrainingImport.applied_at.is_(None))


def _person(client: Client, change: Change, roll: Roll, by: UUID | None) -> Worker:
    if change.worker is None:
        return add_worker(client, name=change.name, number=change.number, by=by, roll=roll, **change.told)
    change_worker(change.worker, revision=change.worker.revision, by=by, roll=roll, **change.told)
    return change.worker


def refuse_twice(client_id: UUID, sha256: str) -> None:
    before = db.session.scalar(
        sa.select(TrainingImport).where(
            TrainingImport.client_id == client_id,
            TrainingImport.file_sha256 == sha256,
            TrainingImport.applied_at.is_not(None),
        )
    )
    if before is not None:
        raise AlreadyTaken(before)


def _by_person(kept: TrainingImport) -> list[list[Line]]:
    people: dict[str, list[Line]] = {}
    for row in kept.reading.get("rows", []):
        line = Line(**row)
        people.setdefault(line.person, []).append(line)
    return list(people.values())


def _told(lines: list[Line]) -> dict[str, Any]:
    """What the rows say of the person: each word that stands in one of them; roles of all of them."""
    said: dict[str, Any] = {"roles": roles_said(*(line.roles for line in lines))}
    for name, read in (("site", UUID), ("shift", str), ("started_on", date.fromisoformat)):
        words = next((getattr(line, name) for line in lines if getattr(line, name)), "")
        if words:
            said["site_id" if name == "site" else name] = read(words)
    return {name: value for name, value in said.items() if value}


def _records(client: Client) -> dict[UUID, dict[tuple[str, str], TrainingRecord]]:
    found: dict[UUID, dict[tuple[str, str], TrainingRecord]] = {}
    for record in db.session.scalars(
        sa.select(TrainingRecord)
        .join(Worker, sa.and_(Worker.tenant_id == TrainingRecord.tenant_id, Worker.id == TrainingRecord.worker_id))
        .where(Worker.client_id == client.id)
    ):
        day = record.done_on.isoformat() if record.done_on else ""
        found.setdefault(record.worker_id, {})[record.course, day] = record
    return found


def _same(had: dict[tuple[str, str], TrainingRecord], line: Line) -> bool:
    """Recorded already, and the list has seen no more than we have."""
    record = had.get(_key(line))
    return record is not None and (record.verified or not line.verified)


def _record(worker: Worker, line: Line, had: dict[tuple[str, str], TrainingRecord], shelf: Shelf) -> None:
    record = had.get(_key(line))
    if record is not None:
        record.verified, record.proof = True, line.proof or record.proof
        return
    done_on = date.fromisoformat(line.done_on) if line.done_on else None
    expires_on = date.fromisoformat(line.expires_on) if line.expires_on else None
    if done_on and expires_on is None:
        expires_on = expiry(shelf.find(line.course, done_on), done_on)
    db.session.add(
        TrainingRecord(
            worker_id=worker.id, course=line.course, done_on=done_on, expires_on=expires_on, proof=line.proof,
            verified=line.verified,
        )
    )  # fmt: skip


def _key(line: Line) -> tuple[str, str]:
    return line.course, line.done_on


def _word_for(groups: list[list[Line]], changes: list[Change]) -> str:
    """Whoever applies has seen just this: which people are meant, as they stand, and what is new of them."""
    told = []
    for lines, one in zip(groups, changes, strict=True):
        who = f"{one.worker.id} {one.worker.revision}" if one.worker else "nobody yet"
        told.append(f"{one.kind} {lines[0].row} {who} {' '.join(one.courses)} {one.known}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
