"""A practice of its own for every test of the queue: real commits, real rings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis

from ground.valkey import Valkey
from tests.conftest import CopiedDatabase
from tests.running import Running
from tests.workers.documents import Eye, Office, open_office


@pytest.fixture
def queue(valkey: Valkey) -> Iterator[Redis]:
    """The queue server, empty."""
    with Redis.from_url(valkey.url) as connection:
        connection.flushall()
        yield connection
        connection.flushall()


@pytest.fixture
def practice(copied_database: CopiedDatabase, queue: Redis, valkey: Valkey, tmp_path: Path) -> Flask:
    """An app with all that a job needs and no page."""
    copied_database.app.config |= {
        "REDIS_URL": valkey.url,
        "STORAGE_URL": str(tmp_path / "files"),
        "LEASE_SECONDS": 30,
        "HEARTBEAT_SECONDS": 10,
    }
    return copied_database.app


@pytest.fixture
def office(practice: Flask) -> Office:
    return open_office(practice)


@pytest.fixture
def eye(copied_database: CopiedDatabase) -> Eye:
    return Eye(copied_database.superuser_url)


@pytest.fixture
def product(
    copied_database: CopiedDatabase, practice: Flask, queue: Redis, valkey: Valkey, tmp_path: Path
) -> Iterator[Running]:
    """The product's processes on the practice's own database."""
    with Running(
        tmp_path,
        database_url=copied_database.url,
        owner_url=copied_database.owner_url,
        redis_url=valkey.url,
    ) as running:
        yield running
