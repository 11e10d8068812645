"""A real PostgreSQL and a real Valkey for the whole session; most tests undo what they did by one rollback."""

import ipaddress
import itertools
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from blueprints.app import create_app
from blueprints.settings import Settings
from ground.postgres import OWNER, WEB, Postgres
from ground.valkey import Valkey
from tests import figures
from tests.office import PROGRAM
from tests.practice import bare_app, let_go, migrate, rolled_back
from tests.walls import World, fill

TEMPLATE, SHARED = "practice_template", "practice"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # a power cut may cost us the test data

def _has_calc() -> bool:
    """Writer and Calc are one program; each brings a library of its own."""
    return bool(PROGRAM) and any(Path(PROGRAM).resolve().parent.glob("libsclo.*"))


# marker -> (what has to be installed, is it there, the command that installs it)
PROGRAMS: dict[str, tuple[str, Callable[[], object], str]] = {
    "browser": (
        "Chromium", lambda: shutil.which("chromium") or shutil.which("chromium-browser"), "apt-get install -y chromium",
    ),
    "office": (
        "LibreOffice Writer", lambda: PROGRAM,
        "apt-get install -y libreoffice-writer-nogui",
    ),
    "calc": ("LibreOffice Calc", _has_calc, "apt-get install -y libreoffice-calc-nogui"),
}  # fmt: skip
_skipped: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(figures, "figures")  # here, and not by name: pytest may be started from anywhere


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="everything: long races, large imports, every screen")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    _skipped.clear()
    for marker, (title, is_there, command) in PROGRAMS.items():
        touched = [item for item in items if item.get_closest_marker(marker)]
        if not touched or is_there():
            continue
        _skipped.append(f"{len(touched)} tests skipped because {title} is not installed: {command}")
        for item in touched:
            item.add_marker(pytest.mark.skip(reason=_skipped[-1]))
    if _skipped and os.environ.get("CI") == "true":
        raise pytest.UsageError(*_skipped)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in _skipped:
        terminalreporter.write_line(line)


class OutsideWorld(RuntimeError):
    """A test tried to speak to another machine."""


def _is_this_machine(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host or "localhost"
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _stay_home(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not _is_this_machine(address[0]):
            raise OutsideWorld(f"tests speak to this machine only, not to {address[0]}")
    elif event == "socket.getaddrinfo" and not _is_this_machine(arguments[0]):  # type: ignore[arg-type]
        raise OutsideWorld(f"tests look up no names: {arguments[0]!r}")


sys.addaudithook(_stay_home)


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--full"))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    server = Postgres(tmp_path_factory.mktemp("postgres") / "data", settings=FAST).start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    server = Valkey(tmp_path_factory.mktemp("valkey") / "data").start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def template_database(postgres: Postgres) -> str:
    """A migrated, empty database that nobody works in: copies are made of it."""
    postgres.create_database(TEMPLATE)
    migrate(postgres.url(WEB, TEMPLATE), postgres.url(OWNER, TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def shared_database(postgres: Postgres, template_database: str) -> str:
    """The database in which tests work inside one transaction that is rolled back."""
    postgres.create_database(SHARED, template=template_database)
    return SHARED


@pytest.fixture(scope="session")
def shared_bare_app(postgres: Postgres, shared_database: str) -> Iterator[Flask]:
    app = bare_app(postgres.url(WEB, shared_database))
    yield app
    let_go(app)


@pytest.fixture
def database_app(shared_bare_app: Flask) -> Iterator[Flask]:
    """An app with a database and no pages; what the test writes is rolled back."""
    with rolled_back(shared_bare_app) as app:
        yield app


@dataclass(frozen=True)
class CopiedDatabase:
    """A database of one test's own, with real commits: for races, leases, workers and broken walls."""

    name: str
    url: str
    owner_url: str
    superuser_url: str
    app: Flask


_numbers = itertools.count(1)


@pytest.fixture
def copied_database(postgres: Postgres, template_database: str) -> Iterator[CopiedDatabase]:
    name = f"copy_{next(_numbers)}"
    postgres.create_database(name, template=template_database)
    app = bare_app(postgres.url(WEB, name), postgres.url(OWNER, name))
    yield CopiedDatabase(name, postgres.url(WEB, name), postgres.url(OWNER, name), postgres.superuser_url(name), app)
    let_go(app)
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def world(postgres: Postgres, template_database: str) -> Iterator[World]:
    """Two filled consultancies, for the tests of the walls. Work in it inside `rolled_back`."""
    name = f"world_{next(_numbers)}"
    postgres.create_database(name, template=template_database)
    walled, unwalled = bare_app(postgres.url(WEB, name)), bare_app(postgres.superuser_url(name))
    try:
        yield World(fill(walled, "northgate"), fill(walled, "lakeshore"), walled, unwalled)
    finally:
        let_go(walled)
        let_go(unwalled)
        postgres.drop_database(name)


def application(postgres: Postgres, valkey: Valkey, database: str, files: str) -> Flask:
    settings = Settings(
        SECRET_KEY=secrets.token_urlsafe(32), DATABASE_URL=postgres.url(WEB, database), REDIS_URL=valkey.url,
        OWNER_DATABASE_URL=postgres.url(OWNER, database), STORAGE_URL=files,
        OFFICE="none",
    )  # fmt: skip
    app = create_app(settings)
    app.testing = True
    return app


@pytest.fixture(scope="session")
def shared_app(postgres, valkey, shared_database, tmp_path_factory) -> Iterator[Flask]:
    app = application(postgres, valkey, shared_database, str(tmp_path_factory.mktemp("files")))
    yield app
    let_go(app)


@pytest.fixture
def app(shared_app: Flask) -> Iterator[Flask]:
    """The application; what a test and its requests write, commits included, is rolled back."""
    with rolled_back(shared_app):
        yield shared_app


@pytest.fixture
def copied_app(postgres, valkey, copied_database, tmp_path) -> Iterator[Flask]:
    """The application over a database of its own, with real commits."""
    app = application(postgres, valkey, copied_database.name, str(tmp_path / "files"))
    yield app
    let_go(app)
