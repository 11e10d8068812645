"""Presence: who else has a requirement open. Without Valkey nobody is seen, and the page is right all the same."""

from uuid import uuid4

import pytest

from workers import presence
from workers.queues import connect


@pytest.fixture
def here(shared_app):
    with shared_app.app_context():
        yield f"{uuid4()}:6.1.2.1"


def test_whoever_looks_in_is_seen_by_the_others_and_not_by_themselves(here):
    priya, sam = uuid4(), uuid4()
    assert presence.look_in(here, priya) == []
    assert presence.look_in(here, sam) == [priya]
    assert presence.look_in(here, priya) == [sam]


def test_another_requirement_is_another_place(here):
    presence.look_in(here, uuid4())
    assert presence.look_in(f"{here}0", uuid4()) == []


def test_whoever_left_is_forgotten_and_so_is_the_place(here, shared_app, monkeypatch):
    presence.look_in(here, uuid4())
    moment = presence.time.time() + presence.SEEN_SECONDS + 1
    monkeypatch.setattr(presence.time, "time", lambda: moment)
    assert presence.look_in(here, uuid4()) == []
    with connect(shared_app) as valkey:
        assert 0 < valkey.ttl(f"presence:{here}") <= presence.SEEN_SECONDS


def test_nobody_is_seen_while_valkey_is_away(here, shared_app, monkeypatch):
    presence.look_in(here, uuid4())
    monkeypatch.setitem(shared_app.config, "REDIS_URL", "redis://127.0.0.1:1/0")
    assert presence.look_in(here, uuid4()) == []
