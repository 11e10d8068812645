"""What the environment may say, and the one sentence that answers a wrong word in it."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ground import environment
from ground.environment import CHECKOUT, read
from ground.folders import hold
from ground.refusal import CannotStart

GOOD_KEY = "p7Vw2kQz9LxN4tRb8YcM3sHd6GfJ1aUe0oIi5-_Z"
PRODUCTION = {"CONSULTANCY_MODE": "production", "SECRET_KEY": GOOD_KEY}


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def start(home: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """`./dev run`, from the moment Python is there."""
    wished = {"PATH": "/usr/bin:/bin", "CONSULTANCY_HOME": str(home), **variables}
    command = [sys.executable, "-m", "ground.supervisor"]
    return subprocess.run(command, env=wished, cwd=CHECKOUT, capture_output=True, text=True, timeout=60)


def assert_one_sentence(done: "subprocess.CompletedProcess[str]", *words: str) -> None:
    assert done.returncode != 0
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize("given", ["DATABASE_URL", "OWNER_DATABASE_URL"])
def test_one_database_address_without_the_other_is_refused(home: Path, given: str) -> None:
    done = start(home, **{given: "postgresql://web:hidden@127.0.0.1/practice"})
    assert_one_sentence(done, "DATABASE_URL and OWNER_DATABASE_URL are given together")
    assert "hidden" not in done.stderr


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("", "is missing"),
        ("short", "shorter than 32 bytes"),
        ("dev" * 20, "can be guessed"),
        ("a" * 64, "can be guessed"),
        ("please-change-me-please-change-me-please", "can be guessed"),
    ],
)
def test_production_refuses_a_weak_signing_key(home: Path, secret: str, said: str) -> None:
    done = start(home, CONSULTANCY_MODE="production", SECRET_KEY=secret)
    assert_one_sentence(done, "SECRET_KEY", said)


def test_a_mode_that_is_misspelt_never_opens_the_demo(home: Path) -> None:
    assert_one_sentence(start(home, CONSULTANCY_MODE="prod"), "it knows only the word production")


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "８０００"])
def test_a_port_is_a_number_of_a_port(port: str) -> None:
    with pytest.raises(CannotStart, match="from 1 to 65535"):
        read({"PORT": port})


def test_a_taken_port_is_named(home: Path, taken_port: int) -> None:
    assert_one_sentence(start(home, PORT=str(taken_port)), f"Port {taken_port} is taken")


def test_a_second_start_on_the_same_data_folder_is_refused(home: Path) -> None:
    assert hold(home / "lock") is not None
    assert_one_sentence(start(home), f"{home} is in use by another start")


def test_a_database_that_does_not_answer_is_named_without_its_password(home: Path) -> None:
    address = "postgresql://web:hidden@127.0.0.1:1/practice"
    done = start(home, DATABASE_URL=address, OWNER_DATABASE_URL=address)
    assert_one_sentence(done, "DATABASE_URL cannot be reached", "127.0.0.1:1/practice")
    assert "hidden" not in done.stderr


@pytest.mark.parametrize("address", ["nonsense hidden", "postgresql://web:hidden@[::1/practice", "postgresql://web:hid/den@h/p"])
def test_an_address_that_is_none_is_refused_without_repeating_it(home: Path, address: str) -> None:
    done = start(home, DATABASE_URL=address, OWNER_DATABASE_URL=address)
    assert_one_sentence(done, "DATABASE_URL cannot be reached", "not well formed")
    assert "den" not in done.stderr


def test_a_queue_that_does_not_answer_is_named_without_its_password(home: Path) -> None:
    done = start(home, REDIS_URL="redis://:hidden@127.0.0.1:1/0")
    assert_one_sentence(done, "REDIS_URL cannot be reached", "127.0.0.1:1/0")
    assert "hidden" not in done.stderr


def test_a_data_folder_that_cannot_be_made_is_named(home: Path) -> None:
    (home / "file").write_text("")
    assert_one_sentence(start(home / "file" / "data"), "cannot be made")


def test_production_on_the_built_in_database_is_worth_a_warning() -> None:
    assert read(PRODUCTION).warnings()[0].startswith("Warning: production mode on the built-in database")
    outside = {"DATABASE_URL": "postgresql://h/d", "OWNER_DATABASE_URL": "postgresql://h/d"}
    assert read(PRODUCTION | outside).warnings() == []
    assert read({}).warnings() == []


def test_without_production_the_signing_key_is_made_once_and_kept_private(home: Path) -> None:
    wanted = read({"CONSULTANCY_HOME": str(home)})
    first = wanted.variables()["SECRET_KEY"]
    assert wanted.variables()["SECRET_KEY"] == first
    environment.check_secret(first)
    assert (home / "secret_key").stat().st_mode & 0o777 == 0o600


def test_what_is_not_wished_has_its_usual_value(home: Path) -> None:
    variables = read({"CONSULTANCY_HOME": str(home)}).variables(database_url="d", owner_database_url="o", redis_url="r")
    assert {name: variables[name] for name in ("PORT", "PUBLIC_BASE_URL", "STORAGE_URL", "REDIS_URL")} == {
        "PORT": "8000",
        "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
        "STORAGE_URL": str(home / "files"),
        "REDIS_URL": "r",
    }
    assert "CONSULTANCY_MODE" not in variables
    assert read({}).home == CHECKOUT / "var"


def test_an_address_names_the_driver_we_have() -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        assert environment.with_driver(f"{scheme}://h/d") == "postgresql+psycopg://h/d"
