"""The built-in servers of one data folder, as far as the environment leaves them to us."""

import os
from pathlib import Path

from ground.environment import Environment
from ground.folders import hold, make_folder
from ground.postgres import OWNER, WEB, Postgres
from ground.refusal import CannotStart
from ground.server import Server
from ground.valkey import Valkey


class Home:
    """The data folder, held by one start at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = make_folder(folder, passable=True)
        self.held = hold(folder / "lock")

    def release(self) -> None:
        """Let the next start have the folder."""
        if self.held is not None:
            os.close(self.held)
            self.held = None


class BuiltInServers:
    """PostgreSQL, Valkey, both or none."""

    def __init__(self, wanted: Environment) -> None:
        self.wanted = wanted
        self.postgres = None if wanted.database_url else Postgres(wanted.home / "postgres")
        self.valkey = None if wanted.redis_url else Valkey(wanted.home / "valkey")

    @property
    def all(self) -> list[Server]:
        """The servers we answer for, in the order in which they stop."""
        return [server for server in (self.valkey, self.postgres) if server is not None]

    def start(self) -> dict[str, str]:
        """Start both at the same time; the environment that names them."""
        addresses = {}
        try:
            if self.valkey:
                self.valkey.launch()
            if self.postgres:
                self.postgres.start()
                addresses["database_url"] = self.postgres.url(WEB)
                addresses["owner_database_url"] = self.postgres.url(OWNER)
            if self.valkey:
                self.valkey.wait()
                addresses["redis_url"] = self.valkey.url
            return self.wanted.variables(**addresses)
        except BaseException:
            self.stop()
            raise

    def revive(self) -> list[str]:
        """Start again, at the same address, what died; the names of those."""
        dead = [server for server in self.all if not server.alive]
        for server in dead:
            port = server.port
            server.start()
            if server.port != port:
                raise CannotStart(f"The {server.title} lost its port {port} to another program.")
        return [server.title for server in dead]

    def stop(self) -> None:
        """Stop what runs."""
        for server in self.all:
            server.stop()
