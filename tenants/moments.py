"""One moment's data: what is asked twice is read once, however long the answer is used and whoever writes meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from tenants.boundary import TenantSession
from tenants.database import db

MOMENT = "moment"


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

