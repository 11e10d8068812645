"""One moment's data: what is asked twice is read once, however long the answer is used and whoever writes meanwhile.
And what is asked of many rows one after another is read for all of them at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from tenants.boundary import TenantSession
from tenants.database import db
from tenants.keys import TenantOwned

MOMENT, TOGETHER = "moment", "together"
Part = TypeVar("Part")
Reader = Callable[[Sequence[UUID]], Iterable[tuple[UUID, Part]]]


@contextmanager
def one_moment() -> Iterator[None]:
    """Inside, the same question to the database gets the answer that it got first. For texts in two languages that
    must state the same facts; nothing is written inside."""
    info = db.session.info
    info[MOMENT] = {}
    try:
        yield
    finally:
        del info[MOMENT]


@sa.event.listens_for(TenantSession, "do_orm_execute")
def answer_as_before(state: Any) -> Any:
    kept = state.session.info.get(MOMENT)
    if kept is None or not state.is_select or state.is_column_load or state.is_relationship_load:
        return None
    asked = state.statement._generate_cache_key()
    if asked is None:
        return None
    question = (asked.key, tuple(repr(bind.value) for bind in asked.bindparams), repr(state.parameters))
    if question not in kept:
        kept[question] = state.invoke_statement().freeze()  # the listeners not yet called are called inside
    return kept[question]()



@contextmanager
def read_together(rows: Iterable[Any]) -> Iterator[None]:
    """Inside, what `each_of` is asked of one of these rows is read for all of its kind with one statement. For work
    that goes from row to row; nothing is written inside. It also holds the rows, so that none is read again."""
    kinds: dict[type, dict[UUID, Any]] = {}
    for row in rows:
        kinds.setdefault(type(row), {})[row.id] = row
    db.session.info[TOGETHER] = kinds, {}
    try:
        yield
    finally:
        del db.session.info[TOGETHER]


def each_of(row: TenantOwned, read: Reader[Part]) -> list[Part]:
    """What belongs to a row. `read` gives it for several rows at once, as (id of the row, what belongs to it)."""
    kinds, kept = db.session.info.get(TOGETHER, ({}, {}))
    together = kinds.get(type(row), {})
    if row.id not in together:
        return [part for _id, part in read([row.id])]
    if read not in kept:
        found: dict[UUID, list[Any]] = {}
        for row_id, part in read(list(together)):
            found.setdefault(row_id, []).append(part)
        kept[read] = found
    return list(kept[read].get(row.id, ()))
