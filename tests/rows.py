"""What factories stand on: a session of a consultancy, words that stand nowhere else, and every open column filled."""

import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import scoped_session

from tenants.boundary import TenantSession
from tenants.database import db

DAY = date(2026, 3, 2)
MOMENT = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


PLANTED = Counter({"canaries": 0})


def canary() -> str:
    """A word that stands nowhere else: where it turns up, a row leaked."""
    PLANTED["canaries"] += 1
    return f"canary-{secrets.token_hex(6)}"


@contextmanager
def entered(app: Flask, tenant: UUID, client: UUID | None = None) -> Iterator[scoped_session[TenantSession]]:
    """A session of the tenant (and of one employer's client user), committed at the end."""
    with app.app_context():
        db.session().enter(tenant, client_id=client)
        yield db.session
        db.session.commit()


def add(row: Any, *left_open: str) -> Any:
    fill_open(row, *left_open)
    db.session.add(row)
    db.session.flush()
    return row


def fill_open(row: Any, *left_open: str) -> None:
    """Give every column that was left open something of its kind, references excepted."""
    keys = {name for key in row.__table__.foreign_key_constraints for name in key.column_keys} | {"id", "tenant_id"}
    for column in row.__table__.columns:
        open_still = column.key not in keys and column.key not in ("revision", "by_id", *left_open)
        if open_still and getattr(row, column.key) is None:
            setattr(row, column.key, _something(column.type))


def _something(kind: sa.types.TypeEngine[Any]) -> Any:
    if isinstance(kind, sa.String):
        return canary()[-kind.length :] if kind.length else canary()
    if isinstance(kind, sa.DateTime):
        return MOMENT
    if isinstance(kind, sa.Date):
        return DAY
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.JSON):
        return {"word": canary()}
    if isinstance(kind, sa.LargeBinary):
        return secrets.token_bytes(32)
    return 1
