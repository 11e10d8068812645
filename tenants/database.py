"""The database of the practice: one session per app context, committed once at the edge."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import orjson
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, registry

from tenants.boundary import TenantSession


class Base(DeclarativeBase):
    """Column types said once; times always carry their zone."""

    registry = registry(
        metadata=sa.MetaData(
            naming_convention={
                "pk": "pk_%(table_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
            }
        ),
        type_annotation_map={datetime: sa.DateTime(timezone=True), dict[str, Any]: JSONB, UUID: sa.Uuid()},
    )


db = SQLAlchemy(
    model_class=Base,
    session_options={"class_": TenantSession},
    # A snapshot has a hundred kilobytes, and two hundred of them are frozen in a few seconds.
    engine_options={"json_serializer": orjson.dumps, "json_deserializer": orjson.loads},
)


def tenant_session() -> TenantSession:
    """The session of this app context, as what it is: one that serves at most one tenant."""
    return cast(TenantSession, db.session())


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the verb did, or nothing of it. The only place that commits."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


@contextmanager
def all_or_nothing(app: Flask) -> Iterator[None]:
    """Several consultancies' transactions as one: every context inside works on one connection, committed at the end.

    For loading the demo practice, so that a start that is interrupted leaves no half of it.
    """
    with app.app_context():
        engines, engine = cast(dict[str | None, Any], db.engines), db.engine
    with engine.begin() as connection:
        engines[None] = connection
        try:
            yield
        finally:
            engines[None] = engine
