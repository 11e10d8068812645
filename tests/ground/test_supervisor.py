"""`./dev run` as a whole: the product's own processes on a temporary data folder and a free port."""

import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ground.environment import CHECKOUT
from ground.ports import free_port

PATIENCE = 60.0  # seconds


def parents() -> dict[int, int]:
    """Every living process and its parent."""
    found = {}
    for name in (entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit()):
        try:
            status = Path("/proc", name, "stat").read_text(errors="replace")
        except OSError:
            continue  # it ended meanwhile
        state, parent = status.rpartition(")")[2].split()[:2]
        if state not in "ZX":
            found[int(name)] = int(parent)
    return found


def until(holds: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, f"not within {patience:.0f} s: {what}"
        time.sleep(0.05)


class Run:
    """One `./dev run` and what it printed."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.port = free_port()
        self.environment = {**os.environ, "CONSULTANCY_HOME": str(home), "PORT": str(self.port), "HOME": ""}
        for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "CONSULTANCY_MODE", "PUBLIC_BASE_URL",
                     "OFFICE", "SCANNER_URL", "SMTP_URL", "STORAGE_URL"):  # fmt: skip
            self.environment.pop(name, None)
        self.environment |= settings
        self.shown = home.with_name(home.name + ".out")
        self.process = self.start()

    def start(self) -> "subprocess.Popen[bytes]":
        with self.shown.open("wb") as shown:
            return subprocess.Popen(
                [CHECKOUT / "dev", "run"], env=self.environment, cwd="/", stdout=shown, stderr=subprocess.STDOUT
            )

    @property
    def lines(self) -> list[str]:
        return self.shown.read_text(errors="replace").splitlines()

    def says(self, text: str) -> bool:
        return any(text in line for line in self.lines)

    def wait_until_ready(self) -> "Run":
        until(lambda: self.says("READY ") or self.process.poll() is not None, "READY")
        assert self.process.poll() is None, self.lines[-5:]
        return self

    def descendants(self) -> set[int]:
        """Everything this run started, found by parentage: other people's processes are never meant."""
        known, alive = {self.process.pid}, parents()
        grew = True
        while grew:
            more = {process for process, parent in alive.items() if parent in known} - known
            known |= more
            grew = bool(more)
        return known - {self.process.pid}

    def the(self, pattern: str) -> int:
        """The one of our direct children whose command matches; 0 while there is none."""
        for process, parent in parents().items():
            if parent == self.process.pid:
                command = Path(f"/proc/{process}/cmdline").read_text(errors="replace").replace("\0", " ").strip()
                if re.search(pattern, command):
                    return process
        return 0

    def restarts(self) -> int:
        """How many deaths the supervisor itself spoke of."""
        return len([line for line in self.lines if "started again" in line and "|" not in line])

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
        self.shown.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def shared_run(shared_home: Path) -> Iterator[Run]:
    run = Run(shared_home)
    yield run.wait_until_ready()
    run.end()


@pytest.fixture
def own_run(home: Path) -> Iterator[Run]:
    """Without LibreOffice: READY would wait for the pages of the first report, which `shared_run` waits for."""
    run = Run(home, OFFICE="none")
    yield run.wait_until_ready()
    run.end()


def test_ready_and_the_first_report_are_said_by_the_supervisor_alone(shared_run: Run) -> None:
    assert f"READY http://127.0.0.1:{shared_run.port}" in shared_run.lines
    until(lambda: shared_run.says("Deliverable "), "the first report", 5)
    reports = [line for line in shared_run.lines if line.startswith("Deliverable ")]
    assert len(reports) == 1
    report = Path(reports[0].removeprefix("Deliverable "))
    assert report.is_absolute()
    assert report.suffix == ".docx"
    assert report.read_bytes()[:2] == b"PK"
    assert shared_run.answers()


def test_workers_and_housekeeping_leave_the_pages_the_first_turn(shared_run: Run) -> None:
    nice = {word: os.getpriority(os.PRIO_PROCESS, shared_run.the(f" {word}$")) for word in ("work", "housekeep")}
    assert nice == {"work": 10, "housekeep": 10}
    assert os.getpriority(os.PRIO_PROCESS, shared_run.the("gunicorn")) == os.getpriority(os.PRIO_PROCESS, 0)


def test_the_command_line_reaches_what_runs(shared_run: Run) -> None:
    note = shared_run.home / "environment.json"
    assert note.stat().st_mode & 0o777 == 0o600
    done = subprocess.run(
        [CHECKOUT / "dev", "flask", "database", "roles"], env=shared_run.environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == (CHECKOUT / "migrations" / "roles.sql").read_text().strip()


def test_a_second_start_is_refused_and_harms_nothing(shared_run: Run) -> None:
    done = subprocess.run([CHECKOUT / "dev", "run"], env=shared_run.environment, capture_output=True, text=True)
    assert done.returncode != 0
    assert "is in use by another start" in done.stderr
    assert (shared_run.home / "environment.json").exists()
    assert shared_run.answers()


@pytest.mark.parametrize("pattern", ["gunicorn", " work$", " housekeep$", "valkey-server", "bin/postgres"])
def test_a_process_that_dies_is_started_again(shared_run: Run, pattern: str) -> None:
    until(lambda: shared_run.the(pattern) > 0, f"{pattern} to be there")
    victim, before = shared_run.the(pattern), shared_run.restarts()
    os.kill(victim, signal.SIGKILL)
    until(lambda: shared_run.restarts() > before, f"{pattern} to be missed")
    until(lambda: shared_run.the(pattern) not in (0, victim), f"{pattern} to be back")
    until(shared_run.answers, "the pages to answer")


def test_ctrl_c_ends_everything_in_seconds_with_code_0(own_run: Run) -> None:
    started = own_run.descendants()
    own_run.process.send_signal(signal.SIGINT)
    assert own_run.process.wait(20) == 0
    assert started & parents().keys() == set()
    assert not (own_run.home / "environment.json").exists()


def test_nothing_is_left_of_a_killed_supervisor_and_the_next_start_is_clean(own_run: Run) -> None:
    started = own_run.descendants()
    own_run.process.kill()
    own_run.process.wait()
    until(lambda: not started & parents().keys(), "the rest to end", 15)
    own_run.process = own_run.start()
    own_run.wait_until_ready()
    assert own_run.answers()
