"""Which table of phrases waits for a member, and what taking it over would add."""

from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.phrase import Phrase
from consultancy.models.phrase_import import PhraseImport
from consultancy.standards.phrase_reading import Worded
from tenants.database import db

WORDED = (Phrase.standard, Phrase.requirement, Phrase.part, Phrase.language, Phrase.text)


def waiting(membership_id: UUID) -> PhraseImport | None:
    return db.session.scalar(sa.select(PhraseImport).where(PhraseImport.membership_id == membership_id))


def new_in(file: PhraseImport) -> list[Worded]:
    """The rows of the file that the library does not have word for word, in use or retired."""
    rows = [Worded(**row) for row in file.reading["rows"]]
    known = {Worded(*one) for one in db.session.execute(sa.select(*WORDED))}
    return [row for row in rows if row not in known]


def in_use() -> Iterator[Worded]:
    """The consultancy's own phrases as a table says them."""
    wanted = sa.select(*WORDED).where(Phrase.retired_at.is_(None))
    order = (Phrase.standard, Phrase.requirement, Phrase.part, Phrase.language, Phrase.created_at, Phrase.id)
    return (Worded(*one) for one in db.session.execute(wanted.order_by(*order)))
