"""A practice without its pages: the database session on its own, as the tests of the inner rooms need it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate, upgrade

from tenants.database import db

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"

# A session that is given a connection keeps the test's own transaction and commits to savepoints inside it.
db.session.session_factory.configure(join_transaction_mode="create_savepoint")


def bare_app(url: str, owner_url: str = "") -> Flask:
    """An app that has a database and nothing else."""
    app = Flask("practice")
    app.testing = True
    app.config |= {"SQLALCHEMY_DATABASE_URI": url, "OWNER_DATABASE_URL": owner_url, "OFFICE": "", "OFFICE_SECONDS": 90}
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS))
    return app


def migrate(url: str, owner_url: str) -> None:
    app = bare_app(url, owner_url)
    with app.app_context():
        upgrade()
    let_go(app)


def let_go(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


@contextmanager
def rolled_back(app: Flask) -> Iterator[Flask]:
    """Everything written through the app inside, commits included, is gone afterwards."""
    with app.app_context():
        engines, engine = db.engines, db.engine
    with engine.connect() as connection:
        outer = connection.begin()
        engines[None] = connection  # type: ignore[assignment]
        try:
            yield app
        finally:
            engines[None] = engine
            outer.rollback()


@contextmanager
def statements_of(target: sa.Engine | sa.Connection) -> Iterator[list[str]]:
    """The SQL statements that go to the database inside, the session's own settings left out."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if "set_config" not in statement:
            seen.append(statement)

    sa.event.listen(target, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(target, "before_cursor_execute", note)
