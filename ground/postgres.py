"""The built-in PostgreSQL: for trying, testing and one small office."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from ground.folders import passwords
from ground.leash import leashed
from ground.placement import Placement, place
from ground.ports import LOOPBACK, free_port, is_taken
from ground.refusal import CannotStart
from ground.server import Server

SUPERUSER = "postgres"
OWNER = "consultancy_owner"
WEB = "consultancy_web"
DATABASE = "consultancy"
# login -> the group whose rights it has
LOGINS = {OWNER: "consultancy_dispatch", WEB: "consultancy_app"}
GROUP_ROLES = Path(__file__).resolve().parents[1] / "migrations" / "roles.sql"

READY_WITHIN = 60.0  # seconds; recovery after a crash is part of it
PORT_ATTEMPTS = 3  # a free port can be taken by somebody else before we listen on it


class Postgres(Server):
    """A PostgreSQL server on the folder `data`, with the product's roles and its empty database."""

    title = "database server"
    passable = True  # for the user the server runs as
    end_signal = signal.SIGINT  # "fast": open transactions are rolled back, data is put in order

    def __init__(self, data: Path, port: int | None = None, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(data, port)
        self.settings = dict(settings or {})
        self.placement: Placement | None = None

    def start(self) -> "Postgres":
        """Start the server and return when it answers; make database and roles when they are not there yet."""
        try:
            self._occupy()
            self.placement = place(self.folder)
            self._passwords = passwords(self.folder / "passwords.json", SUPERUSER, *LOGINS)
            if not self.placement.finished:
                self._create_cluster(self.placement)
            self._serve(self.placement)
            self._prepare_roles()
        except BaseException:
            self.stop()
            raise
        return self

    def url(self, user: str, database: str = DATABASE, driver: str = "postgresql+psycopg") -> str:
        """The address by which `user` reaches `database`, its password included."""
        return f"{driver}://{user}:{self._passwords[user]}@{LOOPBACK}:{self.port}/{database}"

    def superuser_url(self, database: str = "postgres", driver: str = "postgresql+psycopg") -> str:
        """The superuser's address, for tests and for preparing databases; the product never has it."""
        return self.url(SUPERUSER, database, driver)

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database that belongs to the product's owner, as a copy of `template` when one is named."""
        statement = sql.SQL("create database {} owner {} template {} strategy wal_log").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template or "template1")
        )
        with self._superuser() as connection:
            connection.execute(statement)
            # Without temporary tables nobody can put one in front of a table that a function means.
            connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
            for group in LOGINS.values():
                connection.execute(
                    sql.SQL("grant connect on database {} to {}").format(sql.Identifier(name), sql.Identifier(group))
                )

    def drop_database(self, name: str) -> None:
        """Remove a database and whoever is still connected to it."""
        with self._superuser() as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def remove(self) -> None:
        """Stop the server and delete its data, wherever it lies: the end of a test."""
        placement = self.placement
        self.stop()
        for folder in {self.folder, placement.folder if placement else self.folder}:
            shutil.rmtree(folder, ignore_errors=True)

    def _program_environment(self) -> dict[str, str]:
        return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def _create_cluster(self, placement: Placement) -> None:
        """Make the database files beside their place and move them there when they are complete."""
        draft, secret = placement.folder / "cluster.new", placement.folder / "superuser.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        secret.unlink(missing_ok=True)
        secret.touch(mode=0o600)
        secret.write_text(self._passwords[SUPERUSER])
        for path in (draft, secret):
            placement.hand_over(path)
        command = [str(placement.programs / "initdb"), "--pgdata", str(draft), "--username", SUPERUSER]
        command += ["--pwfile", str(secret), "--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--no-sync"] if self.settings.get("fsync") == "off" else []
        try:
            done = subprocess.run(
                leashed(command, last_signal=signal.SIGKILL, user=placement.user),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=self._program_environment(),
                cwd="/",
                start_new_session=True,
            )
        finally:
            secret.unlink()
        if done.returncode:
            words = done.stdout.decode(errors="replace").strip().splitlines() or ["nothing was said"]
            raise CannotStart(f"The built-in database cannot be made in {placement.folder}: {words[-1]}.")
        draft.replace(placement.cluster)

    def _serve(self, placement: Placement) -> None:
        for attempt in range(1, PORT_ATTEMPTS + 1):
            self.port = self.wanted_port or self.port or free_port()
            self._forget_stale_start(placement)
            command = [str(placement.programs / "postgres"), "-D", str(placement.cluster), "-p", str(self.port)]
            settings = {"listen_addresses": LOOPBACK, "unix_socket_directories": "", **self.settings}
            for name, value in settings.items():
                command += ["-c", f"{name}={value}"]
            self._launch(command, user=placement.user, environment=self._program_environment(), cwd=Path("/"))
            if self._answers():
                return
            port_lost = "could not create any TCP/IP sockets" in self.last_words() or is_taken(self.port)
            if port_lost and self.wanted_port:
                raise CannotStart(f"Port {self.port}, wanted for the database, is taken by another program.")
            if not port_lost or attempt == PORT_ATTEMPTS:
                raise CannotStart(f"The built-in database did not start: {self.last_words()} (see {self.log}).")
            self.port = 0

    def _forget_stale_start(self, placement: Placement) -> None:
        """Remove the note of a server that is gone.

        We hold the folder, so the process number in it is nobody's or a stranger's. Should that stranger be a
        PostgreSQL, somebody started one by hand: then PostgreSQL itself must judge.
        """
        note = placement.cluster / "postmaster.pid"
        if note.exists():
            number = (note.read_text(errors="replace").split() or [""])[0]
            name = Path("/proc", number, "comm") if number.isdigit() else Path("/nowhere")
            if not name.exists() or name.read_text().strip() != "postgres":
                note.unlink()

    def _answers(self) -> bool:
        """Wait until the server answers; False when it ended instead."""
        deadline = time.monotonic() + READY_WITHIN
        while self.alive:
            try:
                with self._superuser():
                    return True
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    self._doubt_the_passwords()
                if time.monotonic() > deadline:
                    raise CannotStart(
                        f"The built-in database did not answer within {READY_WITHIN:.0f} s: {self.last_words()}"
                    ) from None
            time.sleep(0.02)
        return False

    def _doubt_the_passwords(self) -> None:
        """Another PostgreSQL may have taken our port: then ours ends in a moment. Else the passwords are not ours."""
        assert self.process is not None
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            raise CannotStart(f"The passwords in {self.folder} are not those of its database.") from None

    @contextmanager
    def _superuser(self) -> Iterator[psycopg.Connection[Any]]:
        address = self.superuser_url(driver="postgresql")
        with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
            yield connection

    def _prepare_roles(self) -> None:
        """Make the roles and the database that are missing."""
        with self._superuser() as connection:
            connection.execute(GROUP_ROLES.read_bytes())
            for login, group in LOGINS.items():
                if not connection.execute("select from pg_roles where rolname = %s", [login]).rowcount:
                    self._create_login(connection, login, group)
            missing = not connection.execute("select from pg_database where datname = %s", [DATABASE]).rowcount
        if missing:
            self.create_database(DATABASE)

    def _create_login(self, connection: psycopg.Connection[Any], login: str, group: str) -> None:
        # The verifier instead of the password: a failing statement is written to the log.
        verifier = connection.pgconn.encrypt_password(
            self._passwords[login].encode(), login.encode(), b"scram-sha-256"
        ).decode()
        statement = "create role {} login nosuperuser nobypassrls nocreatedb nocreaterole in role {} password {}"
        connection.execute(
            sql.SQL(statement).format(sql.Identifier(login), sql.Identifier(group), sql.Literal(verifier))
        )
