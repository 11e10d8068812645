"""The product's own processes on a database, a queue and a folder of files: started, watched, killed, cleared away."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from ground.ports import LOOPBACK, free_port, is_taken
from ground.sessions import end_session
from ground.supervisor import PAGES

CHECKOUT = Path(__file__).resolve().parents[1]
PATIENCE = 90.0  # seconds until waiting is given up; never a measure of how fast something is
LOOK_EVERY = 0.01
Seen = TypeVar("Seen")


class NotSeen(AssertionError):
    """What a test waited for did not come."""


def until(look: Callable[[], Seen], *, what: str, patience: float = PATIENCE) -> Seen:
    """Look again and again; the first answer that is something. A process that broke down ends the waiting."""
    deadline = time.monotonic() + patience
    while not (seen := look()):
        if any((process.poll() or 0) > 0 for product in _present for process in product.processes):
            raise NotSeen(f"{what}: a process broke down before")
        if time.monotonic() > deadline:
            raise NotSeen(f"{what}: not within {patience:.0f} s")
        time.sleep(LOOK_EVERY)
    return seen


class Running:
    """`with Running(...) as product: product.work()`. Whatever was started is gone at the end, stopped or not."""

    def __init__(
        self,
        folder: Path,
        *,
        database_url: str,
        owner_url: str,
        redis_url: str,
        lease_seconds: int = 2,
        heartbeat_seconds: int = 1,
        **more: str,
    ) -> None:
        self.folder = folder
        self.files = folder / "files"
        self.logs = folder / "logs"
        self.logs.mkdir(parents=True)
        self.processes: list[subprocess.Popen[bytes]] = []
        self.environment: dict[str, str] = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(CHECKOUT), "CONSULTANCY_HOME": str(folder),
            "STORAGE_URL": str(self.files), "SECRET_KEY": "k" * 40, "DATABASE_URL": database_url,
            "OWNER_DATABASE_URL": owner_url, "REDIS_URL": redis_url, "LEASE_SECONDS": str(lease_seconds),
            "HEARTBEAT_SECONDS": str(heartbeat_seconds), "OFFICE": "none", **more,
        }  # fmt: skip

    def __enter__(self) -> Self:
        _present.append(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        _present.remove(self)
        for process in self.processes:
            self.kill(process)
        if error is not None:
            sys.stderr.write(self.words())

    def work(self, queue: str = "documents") -> subprocess.Popen[bytes]:
        return self._start("worker", "-m", "flask", "--app", "wsgi", "work", "--queue", queue)

    def housekeep(self) -> subprocess.Popen[bytes]:
        return self._start("housekeeping", "-m", "flask", "--app", "wsgi", "housekeep")

    def serve(self) -> str:
        """Pages through gunicorn; their address, once they answer."""
        port = free_port()
        web = self._start("web", *PAGES, "--bind", f"{LOOPBACK}:{port}")
        until(lambda: is_taken(port) or web.poll() is not None, what="pages that answer")
        return f"http://{LOOPBACK}:{port}"

    def _start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.logs / f"{name}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=CHECKOUT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9 it and everything it started, as a power cut would."""
        end_session(process.pid)
        process.wait()

    def words(self) -> str:
        """What the processes wrote, for whoever has to find out why."""
        return "\n".join(
            f"--- {log.name}\n{log.read_text(errors='replace')[-4000:]}" for log in sorted(self.logs.iterdir())
        )

    def stored(self) -> list[Path]:
        """The files that are complete."""
        return [path for path in self.files.rglob("*.docx") if path.is_file()]

    def half_stored(self) -> list[Path]:
        return [path for path in self.files.rglob(".half-*") if path.is_file()]


_present: list[Running] = []


def children(parent: int) -> list[int]:
    """The processes that `parent` started and that still run; those who only wait to be reaped are gone."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                state, its_parent = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()[:2]
                if int(its_parent) == parent and state not in "ZX":
                    found.append(int(folder.name))
    return found


def runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def computing() -> float:
    """Seconds that this process, all that it started and all that those started have computed, the ended ones too."""
    known: dict[int, tuple[int, int]] = {}  # process -> its parent, ticks of itself and of its ended children
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                facts = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
                known[int(folder.name)] = int(facts[1]), sum(map(int, facts[11:15]))

    def ours(process: int) -> bool:
        while process and process != os.getpid():
            process = known.get(process, (0, 0))[0]
        return bool(process)

    return sum(ticks for process, (_parent, ticks) in known.items() if ours(process)) / os.sysconf("SC_CLK_TCK")


def horse_of(worker: subprocess.Popen[bytes]) -> int | None:
    """The process that writes for this worker, when there is one."""
    return next(iter(children(worker.pid)), None)


@contextlib.contextmanager
def held_still(*processes: int) -> Iterator[None]:
    """Processes that do nothing inside, as on a machine that was suspended. A process that ended is left out."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)
