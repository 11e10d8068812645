"""What the two built-in servers share: a folder, a log, one start at a time, and an end that leaves nothing."""

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ground.folders import PRIVATE, PRIVATE_UMASK, hold, make_folder
from ground.leash import leashed
from ground.refusal import CannotStart
from ground.sessions import end_session

LOG_LIMIT = 5_000_000  # bytes; a longer log is set aside at the next start


class Server:
    """A server program on a folder of its own, reachable from this machine only."""

    title = "server"
    passable = False
    patience = 10.0  # seconds an earlier server on the same folder gets to finish
    end_signal = signal.SIGTERM

    def __init__(self, data: Path, port: int | None = None) -> None:
        self.folder = Path(data).resolve()
        self.wanted_port = port
        self.port = port or 0
        self.process: subprocess.Popen[bytes] | None = None
        self._held: int | None = None

    def start(self) -> "Server":
        """Start the server and return when it answers."""
        raise NotImplementedError

    @property
    def log(self) -> Path:
        """Where the server writes what happens to it."""
        return self.folder / "server.log"

    @property
    def alive(self) -> bool:
        """Whether the server's process runs."""
        return self.process is not None and self.process.poll() is None

    def last_words(self) -> str:
        """The last line of the log that says something."""
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        return lines[-1].strip() if lines else "nothing was written"

    def stop(self) -> None:
        """End the server and wait until it has put its data in order."""
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(self.end_signal)
                try:
                    self.process.wait(10)
                except subprocess.TimeoutExpired:
                    self.process.send_signal(signal.SIGQUIT)
            end_session(self.process.pid)
            self.process.wait()
            self.process = None
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def _occupy(self) -> None:
        """Make the folder and hold it. The server inherits the hold: as long as any process of it lives, it is held."""
        make_folder(self.folder, passable=self.passable)
        if self._held is None:
            self._held = hold(self.folder / "lock", patience=self.patience)
        if self._held is None:
            raise CannotStart(f"Another {self.title} is running on {self.folder}.")
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old.log"))

    def _launch(self, command: Sequence[str], *, user: str = "", environment: dict[str, str], cwd: Path) -> None:
        assert self._held is not None
        if self.process is not None:
            self.process.wait()
            end_session(self.process.pid)
        self.log.touch(mode=PRIVATE)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                leashed(command, last_signal=self.end_signal, user=user),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=cwd,
                umask=PRIVATE_UMASK,
                start_new_session=True,
                pass_fds=[self._held],
            )
