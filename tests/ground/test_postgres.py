"""The built-in PostgreSQL on real folders, as the user who runs the tests."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ground.placement import ELSEWHERE
from ground.postgres import OWNER, WEB, Postgres
from ground.refusal import CannotStart

FAST = {"fsync": "off"}


@pytest.fixture(scope="module")
def postgres(shared_home: Path) -> Iterator[Postgres]:
    server = Postgres(shared_home / "postgres", settings=FAST).start()
    yield server
    server.stop()


def connect(server: Postgres, user: str, database: str = "consultancy") -> psycopg.Connection:
    return psycopg.connect(server.url(user, database, driver="postgresql"), autocommit=True)


def test_neither_sign_in_may_pass_the_walls(postgres: Postgres) -> None:
    with connect(postgres, OWNER) as connection:
        roles = connection.execute(
            "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin from pg_roles"
            " where rolname like 'consultancy%' order by rolname"
        ).fetchall()
    assert roles == [
        ("consultancy_app", False, False, False, False, False),
        ("consultancy_dispatch", False, False, False, False, False),
        ("consultancy_owner", False, False, False, False, True),
        ("consultancy_web", False, False, False, False, True),
    ]


def test_each_sign_in_is_a_member_of_its_group_and_of_no_other(postgres: Postgres) -> None:
    with connect(postgres, OWNER) as connection:
        members = connection.execute(
            "select member::regrole::text, roleid::regrole::text from pg_auth_members"
            " where member::regrole::text like 'consultancy%' order by 1"
        ).fetchall()
    assert members == [("consultancy_owner", "consultancy_dispatch"), ("consultancy_web", "consultancy_app")]


def test_only_the_owner_owns_and_the_web_can_make_nothing(postgres: Postgres) -> None:
    with connect(postgres, OWNER) as connection:
        connection.execute("create table probe (id int)")
        owned = connection.execute(
            "select datname, datdba::regrole::text from pg_database where datdba::regrole::text like 'consultancy%'"
        ).fetchall()
    assert owned == [("consultancy", "consultancy_owner")]
    with connect(postgres, WEB) as connection:
        for forbidden in ("create table mine (id int)", "create temporary table mine (id int)", "table probe"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)


def test_a_wrong_password_opens_nothing(postgres: Postgres) -> None:
    for user in (WEB, OWNER, "postgres"):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(host="127.0.0.1", port=postgres.port, user=user, password="guess", dbname="consultancy")


def test_the_passwords_are_for_their_owner_only(postgres: Postgres) -> None:
    assert (postgres.folder / "passwords.json").stat().st_mode & 0o777 == 0o600
    process = f"/proc/{postgres.process.pid}" if postgres.process else ""
    shown = Path(process, "cmdline").read_text() + (postgres.folder / "server.log").read_text()
    assert postgres._passwords[WEB] not in shown
    assert list(postgres.folder.rglob("superuser.new")) == []


def test_a_copy_of_a_database_belongs_to_the_owner_and_is_closed_to_strangers(postgres: Postgres) -> None:
    with connect(postgres, OWNER) as connection:
        connection.execute("create table kept (word text)")
        connection.execute("insert into kept values ('Zoë, naïve, 安全')")
    postgres.create_database("copy", template="consultancy")
    with connect(postgres, OWNER, "copy") as connection:
        assert connection.execute("select word from kept").fetchone() == ("Zoë, naïve, 安全",)
        rights = "select has_database_privilege(%s, 'copy', %s)"
        assert connection.execute(rights, [WEB, "temporary"]).fetchone() == (False,)
    with connect(postgres, WEB, "copy"):
        postgres.drop_database("copy")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        connect(postgres, WEB, "copy")


def test_data_passwords_and_roles_survive_a_second_start(home: Path) -> None:
    postgres = Postgres(home / "postgres", settings=FAST).start()
    with connect(postgres, OWNER) as connection:
        connection.execute("create table kept (word text)")
    first = postgres._passwords
    postgres.stop()
    again = Postgres(home / "postgres", settings=FAST).start()
    with connect(again, OWNER) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)
    assert again._passwords == first
    again.stop()


def test_the_note_of_a_server_that_is_gone_does_not_stop_a_start(home: Path) -> None:
    postgres = Postgres(home / "postgres", settings=FAST).start()
    assert postgres.placement
    note = postgres.placement.cluster / "postmaster.pid"
    left = note.read_text().splitlines()
    postgres.stop()
    # Our own number: a process that lives and is no PostgreSQL, as after a restart of the machine.
    note.write_text("\n".join([str(os.getpid()), *left[1:]]) + "\n")
    postgres.placement.hand_over(note)
    Postgres(home / "postgres", settings=FAST).start().stop()


def test_a_killed_server_starts_again_at_the_same_address(postgres: Postgres) -> None:
    port, process = postgres.port, postgres.process
    assert process
    process.send_signal(signal.SIGKILL)
    process.wait()
    postgres.start()
    assert postgres.port == port
    with connect(postgres, WEB):
        assert postgres.alive


def test_a_server_ends_with_the_program_that_started_it(home: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from ground.postgres import Postgres;"
        "p = Postgres(Path(sys.argv[1]), settings={'fsync': 'off'}).start();"
        "print(p.process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script, home / "postgres"], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL
    pid = done.stdout.strip()
    deadline = time.monotonic() + 10
    while Path("/proc", pid).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path("/proc", pid).exists()
    assert "database system is shut down" in (home / "postgres" / "server.log").read_text()


def test_two_servers_do_not_share_a_folder(postgres: Postgres) -> None:
    second = Postgres(postgres.folder)
    second.patience = 0.2
    with pytest.raises(CannotStart, match="Another database server is running on"):
        second.start()
    assert postgres.alive


def test_a_port_of_another_program_is_named(postgres: Postgres, home: Path) -> None:
    with pytest.raises(CannotStart, match=f"Port {postgres.port}, wanted for the database, is taken"):
        Postgres(home / "other", port=postgres.port, settings=FAST).start()


def test_a_lost_password_file_is_named(home: Path) -> None:
    Postgres(home / "postgres", settings=FAST).start().stop()
    (home / "postgres" / "passwords.json").unlink()
    with pytest.raises(CannotStart, match="are not those of its database"):
        Postgres(home / "postgres", settings=FAST).start()


def test_an_interrupted_first_start_is_begun_again(home: Path) -> None:
    half = home / "postgres" / "cluster.new"
    half.mkdir(parents=True)
    (half.parent).chmod(0o711)
    (half / "PG_VERSION").write_text("18\n")
    Postgres(home / "postgres", settings=FAST).start().stop()


def test_a_very_long_path_is_no_hindrance(home: Path) -> None:
    folder = home / ("long-" * 30) / ("longer-" * 20)
    folder.mkdir(parents=True)
    Postgres(folder, settings=FAST).start().remove()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands its database to another user")
class TestUnderAPrivateHome:
    """Root's checkout or data folder that the database's user cannot enter."""

    def test_the_data_move_and_come_back_at_the_next_start(self, closed_home: Path) -> None:
        postgres = Postgres(closed_home / "postgres", settings=FAST).start()
        assert postgres.placement
        assert postgres.placement.folder.parent == ELSEWHERE
        assert (postgres.placement.folder / "id").read_text() == (closed_home / "postgres" / "id").read_text()
        postgres.stop()
        Postgres(closed_home / "postgres", settings=FAST).start().stop()
        assert closed_home.stat().st_mode & 0o777 == 0o700

    def test_a_strange_database_is_never_taken_for_ours(self, closed_home: Path) -> None:
        Postgres(closed_home / "postgres", settings=FAST).start().stop()
        (closed_home / "postgres" / "id").write_text("another")
        with pytest.raises(CannotStart, match="holds the database of an earlier"):
            Postgres(closed_home / "postgres").start()

    def test_a_database_that_is_gone_is_named(self, closed_home: Path) -> None:
        postgres = Postgres(closed_home / "postgres", settings=FAST).start()
        assert postgres.placement
        postgres.stop()
        shutil.rmtree(postgres.placement.folder)
        with pytest.raises(CannotStart, match="which is gone"):
            Postgres(closed_home / "postgres").start()
