"""The built-in Valkey on a real folder."""

import signal
from pathlib import Path

import pytest
import redis

from ground.refusal import CannotStart
from ground.valkey import Valkey


def test_it_answers_only_who_knows_the_password(home: Path) -> None:
    valkey = Valkey(home / "valkey").start()
    try:
        with redis.Redis.from_url(valkey.url) as client:
            assert client.ping()
        with redis.Redis(host="127.0.0.1", port=valkey.port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        assert valkey.process
        assert valkey._password not in Path(f"/proc/{valkey.process.pid}/cmdline").read_text()
        assert (valkey.folder / "valkey.conf").stat().st_mode & 0o777 == 0o600
    finally:
        valkey.stop()


def test_it_refuses_to_forget_and_keeps_what_it_was_told(home: Path) -> None:
    valkey = Valkey(home / "valkey").start()
    with redis.Redis.from_url(valkey.url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
        client.set("ring", "kept")
    valkey.stop()
    again = Valkey(home / "valkey").start()
    with redis.Redis.from_url(again.url) as client:
        assert client.get("ring") == b"kept"
    again.stop()


def test_a_killed_server_starts_again_at_the_same_address(home: Path) -> None:
    valkey = Valkey(home / "valkey").start()
    address, process = valkey.url, valkey.process
    assert process
    process.send_signal(signal.SIGKILL)
    process.wait()
    valkey.start()
    assert valkey.url == address
    valkey.stop()


def test_a_port_of_another_program_is_named(home: Path) -> None:
    first = Valkey(home / "valkey").start()
    with pytest.raises(CannotStart, match=f"Port {first.port}, wanted for the queue, is taken"):
        Valkey(home / "other", port=first.port).start()
    first.stop()
