"""Bringing phrases in from a table: read, looked at, taken over whole or set aside."""

from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions.phrases import write_phrase
from consultancy.actions.standards import NothingRead
from consultancy.models.phrase_import import PhraseImport
from consultancy.queries import phrase_imports
from consultancy.standards.phrase_reading import read_phrases
from document_templates.child import Child
from tenants import audit
from tenants.database import db, now
from tenants.turns import one_at_a_time

LOCK = 4_500_104  # advisory lock, with the consultancy's id as its second half


def receive_phrases(*, file_name: str, content: bytes, by: UUID) -> PhraseImport:
    """Read a table in the confined child and keep what it says for the preview, in the place of what waited there."""
    with Child() as child:
        reading = child(read_phrases, content, file_name)
    waiting = _locked(by) or PhraseImport(membership_id=by)
    waiting.file_name, waiting.reading, waiting.read_at = file_name[-120:], reading, now()
    db.session.add(waiting)
    db.session.flush()
    audit.record("phrase.file_read", waiting, by=by, rows=len(reading["rows"]))
    return waiting


def take_phrases_over(*, by: UUID) -> int:
    """All rows that the library does not have yet, or none; answers how many. Where no table waits (the button was
    pressed twice), nothing happens; whoever takes another table over meanwhile is waited for. Raises NothingRead."""
    one_at_a_time(LOCK)  # what the library has is asked before it is added to, and two may have the same table
    file = _locked(by)
    if file is None:
        return 0
    if file.reading["problems"] or not file.reading["rows"]:
        raise NothingRead(file.file_name)
    new = phrase_imports.new_in(file)
    for row in new:
        write_phrase(**asdict(row), by=by)
    audit.record("phrase.brought_in", file, by=by, phrases=len(new))
    db.session.delete(file)
    db.session.flush()
    return len(new)


def set_phrases_aside(*, by: UUID) -> None:
    """The table is forgotten; where none waits, nothing happens."""
    file = _locked(by)
    if file is not None:
        audit.record("phrase.file_set_aside", file, by=by)
        db.session.delete(file)
        db.session.flush()


def _locked(membership_id: UUID) -> PhraseImport | None:
    """What waits for a member, while nobody else changes it: of two presses at once the second finds nothing left."""
    found: PhraseImport | None = db.session.scalar(
        sa.select(PhraseImport)
        .where(PhraseImport.membership_id == membership_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found
