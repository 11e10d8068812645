"""A client's list of people and courses on its way in: read, looked at, applied whole or not at all."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions.training import add_worker, change_worker
from consultancy.checklists.grid import plain
from consultancy.models.client import Client
from consultancy.models.training import TrainingImport, TrainingRecord, Worker
from consultancy.queries import clients, training
from consultancy.standards.courses import Shelf
from consultancy.training import expiry, roles_in
from consultancy.training_list import Known, Line, read_training_list
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
    """What applying would do for one person."""

    label: str
    kind: str  # new, changed or same
    courses: tuple[str, ...]  # recorded anew
    known: int  # records that are there already
    row: int


@dataclass(frozen=True)
class Plan:
    changes: list[Change]
    seen: str  # a word for what the plan was made from

    def count(self, kind: str) -> int:
        return sum(one.kind == kind for one in self.changes)

    @property
    def records(self) -> int:
        return sum(len(one.courses) for one in self.changes)


def receive(client: Client, *, file_name: str, content: bytes, today: date, by: UUID | None) -> TrainingImport:
    """Read a list in the confined child and keep what it says for the preview; the file itself is not kept.

    Raises AlreadyTaken and what the child raises.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    refuse_twice(client.id, sha256)
    known = known_at(client, today)
    with Child() as child:
        reading = child(read_training_list, content, file_name, known)
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
    names = Counter(plain(one.name) for one in training.workers_of(client) if one.name)
    return Known(
        courses=courses,
        sites={plain(site.name): str(site.id) for site in clients.sites(client)},
        shared_names=frozenset(name for name, many in names.items() if many > 1),
        today=today,
    )


def compare(client: Client, kept: TrainingImport) -> Plan:
    """What applying would change, person by person, in the order of the list."""
    people, records = _index(client), _records(client)
    changes = []
    for lines in _by_person(kept):
        worker = _worker(people, lines[0])
        had = records.get(worker.id, {}) if worker else {}
        fresh = [line for line in lines if line.course and not _same(had, line)]
        told = _told(lines)
        moved = worker is not None and any(getattr(worker, name) != value for name, value in told.items())
        kind = "new" if worker is None else "changed" if moved or fresh else "same"
        known = sum(bool(line.course) for line in lines) - len(fresh)
        label = lines[0].name or lines[0].number
        changes.append(Change(label, kind, tuple(line.course for line in fresh), known, lines[0].row))
    return Plan(changes, _word_for(changes))


def apply(client: Client, kept: TrainingImport, *, seen: str, by: UUID | None) -> Plan:
    """Take the list over, all of it or nothing, and forget its words.

    Raises ListNotReady, AlreadyTaken, PeopleMoved.
    """
    db.session.execute(sa.select(Client.id).where(Client.id == client.id).with_for_update())
    db.session.refresh(kept, with_for_update=True)
    if kept.applied_at is not None or not kept.reading.get("rows") or kept.reading.get("problems"):
        raise ListNotReady(kept.file_name)
    refuse_twice(client.id, kept.file_sha256)
    plan = compare(client, kept)
    if plan.seen != seen:
        raise PeopleMoved(kept.file_name)
    people, records, shelf = _index(client), _records(client), training.shelf()
    for lines in _by_person(kept):
        worker = _worker(people, lines[0])
        told = _told(lines)
        if worker is None:
            worker = add_worker(client, name=lines[0].name, number=lines[0].number, by=by, **told)
        else:
            change_worker(worker, revision=worker.revision, by=by, **told)
        for line in lines:
            if line.course and not _same(records.get(worker.id, {}), line):
                _record(worker, line, records.get(worker.id, {}), shelf)
    kept.reading, kept.applied_at = {}, now()
    db.session.flush()
    audit.record("training_list.applied", kept, by=by, people=len(plan.changes), records=plan.records)
    return plan


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


def _index(client: Client) -> dict[str, Worker]:
    """By number, and by name: those who have no number are told apart by their names."""
    found: dict[str, Worker] = {}
    for worker in training.workers_of(client):
        found.setdefault(plain(worker.name), worker)
        if worker.number:
            found[f"#{worker.number.casefold()}"] = worker
    return found


def _worker(people: dict[str, Worker], line: Line) -> Worker | None:
    """By the number that stands there; by the name where the list or the record has no number."""
    if line.person in people:
        return people[line.person]
    named = people.get(plain(line.name)) if line.name else None
    return named if named is not None and not (line.number and named.number) else None


def _told(lines: list[Line]) -> dict[str, Any]:
    """What the rows say of the person: each word that stands in one of them; roles of all of them."""
    roles = "; ".join(dict.fromkeys(role for line in lines for role in roles_in(line.roles.replace(",", ";"))))
    said: dict[str, Any] = {"roles": roles[:240]}
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
    record = had.get((line.course, line.done_on))
    return record is not None and (record.verified or not line.verified)


def _record(worker: Worker, line: Line, had: dict[tuple[str, str], TrainingRecord], shelf: Shelf) -> None:
    record = had.get((line.course, line.done_on))
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


def _word_for(changes: list[Change]) -> str:
    told = "\n".join(f"{one.kind} {one.row} {' '.join(one.courses)} {one.known}" for one in changes)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
