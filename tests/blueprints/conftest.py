"""The pages of a filled practice; what a test does to it is undone by one rollback."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from blueprints.app import create_app
from blueprints.settings import Settings
from ground.postgres import WEB, Postgres
from ground.valkey import Valkey
from tests.blueprints.offices import Stand, fill_stand
from tests.blueprints.visiting import Visitor, cookie_of
from tests.practice import let_go, rolled_back

PAGES = "pages"
_names = itertools.chain([PAGES], (f"{PAGES}_{number}" for number in itertools.count(2)))  # the matrix fills its own


@pytest.fixture(scope="session")
def practice(
    postgres: Postgres, valkey: Valkey, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, Stand]]:
    """The product's own application on a database that holds two consultancies."""
    name = next(_names)
    postgres.create_database(name, template=template_database)
    app = create_app(
        Settings(
            OFFICE="none",
            DATABASE_URL=postgres.url(WEB, name), REDIS_URL=valkey.url,
            STORAGE_URL=str(tmp_path_factory.mktemp("files")), TRUSTED_HOSTS="localhost", SECRET_KEY="k" * 32,
        )
    )  # fmt: skip
    yield app, fill_stand(app)
    let_go(app)
    postgres.drop_database(name)


@pytest.fixture
def app(practice: tuple[Flask, Stand]) -> Iterator[Flask]:
    """No context of it stays open: every request has its own session, as in the product."""
    with rolled_back(practice[0]) as app:
        yield app


@pytest.fixture
def storage(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """A folder of this test's own for what it stores."""
    before = app.config["STORAGE_URL"]
    app.config["STORAGE_URL"] = str(tmp_path / "files")
    yield tmp_path / "files"
    app.config["STORAGE_URL"] = before


@pytest.fixture(scope="session")
def stand(practice: tuple[Flask, Stand]) -> Stand:
    return practice[1]


@pytest.fixture(scope="session")
def kept_cookies() -> dict[str, tuple[str | None, str]]:
    return {}


@pytest.fixture
def signed_in(app: Flask, stand: Stand, kept_cookies: dict[str, tuple[str | None, str]]) -> Callable[[str], Visitor]:
    """A browser by the word for the person in front of it: own, con, cli, par, off, out_own …; `ano` is nobody."""

    def open_browser(word: str) -> Visitor:
        if word not in kept_cookies:
            first = Visitor(app, cookie_of(app, stand.people[word][1]) if word != "ano" else None)
            kept_cookies[word] = (first.token and first.cookie, first.token)
        return Visitor(app, *kept_cookies[word])

    return open_browser


@pytest.fixture
def consultant(signed_in: Callable[[str], Visitor]) -> Visitor:
    return signed_in("con")
