"""Reading the phrase library: the consultancy's own, then what comes with the product."""

from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.phrase import Phrase
from consultancy.queries.sifting import PER_PAGE, in_order_of, under
from consultancy.standards import catalogue, phrases
from tenants.database import db, tenant_session


class Offered(NamedTuple):
    """A phrase that may be put into a text; `own`: the consultancy wrote it."""

    key: str
    part: str
    text: str
    own: bool


def find(phrase_id: UUID) -> Phrase | None:
    return db.session.get(Phrase, (tenant_session().tenant_id, phrase_id))


def on_requirement(standard: str, requirement: str, language: str) -> list[Offered]:
    own = db.session.scalars(
        sa.select(Phrase)
        .where(
            Phrase.standard == standard,
            Phrase.requirement == requirement,
            Phrase.language == language,
            Phrase.retired_at.is_(None),
        )
        .order_by(Phrase.created_at)
    )
    shipped = phrases.on_requirement(standard, requirement)
    return [Offered(str(one.id), one.part, one.text, True) for one in own] + [
        Offered(one.key, one.part, one.words[language], False) for one in shipped
    ]


def of_key(key: str, language: str) -> Offered | None:
    """The phrase that a form names; None when there is none any more."""
    if shipped := phrases.SHIPPED.get(key):
        return Offered(key, shipped.part, shipped.words[language], False)
    try:
        own = find(UUID(key))
    except ValueError:
        return None
    return Offered(key, own.part, own.text, True) if own and own.retired_at is None else None


def page_of(standard: str, *, clause: str = "", retired: bool = False, page: int = 1) -> tuple[list[Phrase], int]:
    """The consultancy's own phrases for a standard, in the order of its requirements, and how many there are."""
    kept = [Phrase.standard == standard, Phrase.retired_at.is_not(None) if retired else Phrase.retired_at.is_(None)]
    if clause:
        kept.append(under(Phrase.requirement, clause))
    total = db.session.scalar(sa.select(sa.func.count(Phrase.id)).where(*kept)) or 0
    codes = [one.code for one in catalogue.find(standard).requirements]
    rows = db.session.scalars(
        sa.select(Phrase)
        .where(*kept)
        .order_by(in_order_of(Phrase.requirement, codes), Phrase.part.desc(), Phrase.language, Phrase.created_at)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return list(rows), total
