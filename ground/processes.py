"""The product's processes under the supervisor: started, shown, started again, ended."""

import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import IO

from ground.folders import PRIVATE_UMASK
from ground.leash import leashed
from ground.sessions import end_session

QUICK = 10.0  # seconds; a process that lived longer was healthy once
QUICK_DEATHS = 5  # in a row; then starting it again helps nobody
LONGEST_PAUSE = 5.0  # seconds between two starts


class Console:
    """Standard output and error, shared by all processes a whole line at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def say(self, line: str, *, error: bool = False) -> None:
        """One line of the supervisor itself. A terminal that is gone does not stop the work."""
        with self._lock, contextlib.suppress(OSError, ValueError):
            print(line, file=sys.stderr if error else sys.stdout, flush=True)

    def prefixed(self, name: str) -> Callable[[str], None]:
        """A voice for the lines of one process."""
        return lambda line: self.say(f"{name:<12} | {line}")


class Process:
    """One process of the product. Starting it again is the supervisor's decision, the waiting time is ours."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        niceness: int = 0,
        last_signal: signal.Signals = signal.SIGKILL,
        output: Callable[[str], None],
        errors: Callable[[str], None] | None = None,
    ) -> None:
        self.name = name
        self.command = leashed(command, last_signal=last_signal, niceness=niceness)
        self.environment = dict(environment)
        self.output = output
        self.errors = errors
        self.running: subprocess.Popen[bytes] | None = None
        self.quick_deaths = 0
        self.started_at = 0.0
        self.start_again_at = 0.0
        self._readers: list[threading.Thread] = []

    def start(self) -> "Process":
        """Start it. To be called from the main thread: the leash is tied to the thread."""
        self.started_at = time.monotonic()
        self.running = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if self.errors else subprocess.STDOUT,
            env=self.environment,
            umask=PRIVATE_UMASK,
            start_new_session=True,
        )
        self._readers = [_reader(self.running.stdout, self.output)]
        if self.errors:
            self._readers.append(_reader(self.running.stderr, self.errors))
        return self

    @property
    def code(self) -> int | None:
        """The exit code, None while it runs or before it was started."""
        return self.running.poll() if self.running else None

    def bury(self) -> float:
        """After its death: clear away what it left, and say how many seconds to wait before the next start."""
        assert self.running is not None
        end_session(self.running.pid)
        self.listen_to_the_end()
        self.running = None
        lived = time.monotonic() - self.started_at
        self.quick_deaths = self.quick_deaths + 1 if lived < QUICK else 1
        pause = min(LONGEST_PAUSE, 0.1 * 2**self.quick_deaths)
        self.start_again_at = time.monotonic() + pause
        return pause

    @property
    def hopeless(self) -> bool:
        """Whether it died too often too soon."""
        return self.quick_deaths >= QUICK_DEATHS

    def listen_to_the_end(self) -> None:
        """Let the last lines be shown."""
        for reader in self._readers:
            reader.join(1)

    def ask_to_end(self) -> None:
        """Ask politely; `end` waits."""
        if self.running and self.running.poll() is None:
            self.running.terminate()

    def end(self, deadline: float) -> None:
        """Wait until the deadline, then end it and everything it started."""
        if self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.running.wait(max(0.0, deadline - time.monotonic()))
            end_session(self.running.pid)
            self.running.wait()
            self.listen_to_the_end()


def _reader(pipe: IO[bytes] | None, voice: Callable[[str], None]) -> threading.Thread:
    assert pipe is not None
    thread = threading.Thread(target=_read, args=(pipe, voice), daemon=True)
    thread.start()
    return thread


def _read(pipe: IO[bytes], voice: Callable[[str], None]) -> None:
    with pipe:
        for line in pipe:
            voice(line.decode(errors="replace").rstrip())


def describe_end(code: int) -> str:
    """An exit code in words."""
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}" if code else "ended"


def python(*arguments: str) -> list[str]:
    """A command of this very Python."""
    return [sys.executable, *arguments]
