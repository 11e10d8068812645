"""Processes on the leash: shown by name, started again with patience, ended with everything they started."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from ground.processes import QUICK_DEATHS, Process, describe_end
from ground.sessions import members


def run_to_the_end(process: Process) -> None:
    process.start()
    deadline = time.monotonic() + 20
    while process.code is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert process.code is not None


def test_a_process_that_always_dies_at_once_is_given_up_after_growing_pauses() -> None:
    process = Process("web", ["false"], os.environ, output=print)
    pauses = []
    for _death in range(QUICK_DEATHS):
        assert not process.hopeless
        run_to_the_end(process)
        pauses.append(process.bury())
    assert process.hopeless
    assert pauses == sorted(set(pauses))


def test_a_program_that_is_not_there_is_a_sentence() -> None:
    lines: list[str] = []
    process = Process("web", ["/nowhere/at/all"], os.environ, output=lines.append)
    run_to_the_end(process)
    process.bury()
    assert lines == ["/nowhere/at/all cannot be started: No such file or directory."]


def test_what_a_process_says_is_shown_line_by_line_and_its_errors_apart() -> None:
    said: list[str] = []
    complained: list[str] = []
    command = ["sh", "-c", "echo one; printf 'caf\\351\\n'; echo three >&2; nice"]
    process = Process("web", command, os.environ, niceness=10, output=said.append, errors=complained.append)
    run_to_the_end(process)
    process.listen_to_the_end()
    assert said == ["one", "caf\ufffd", str(os.nice(0) + 10)]
    assert complained == ["three"]


def test_the_end_of_a_process_takes_what_it_started_along() -> None:
    # Its own process group, as the queue gives each of its jobs.
    command = ["sh", "-c", "set -m; sleep 60 & trap '' TERM; wait"]
    process = Process("worker-1", command, os.environ, output=print).start()
    assert process.running
    leader = process.running.pid
    deadline = time.monotonic() + 10
    while len(members(leader)) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(members(leader)) == 2
    process.ask_to_end()
    process.end(time.monotonic() + 0.2)
    assert members(leader) == []


def test_a_process_ends_when_whoever_started_it_is_killed() -> None:
    script = (
        "import os; from ground.processes import Process;"
        "p = Process('web', ['sleep', '60'], os.environ, output=print).start();"
        "print(p.running.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL
    left = Path("/proc", done.stdout.strip())
    deadline = time.monotonic() + 10
    while left.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not left.exists()


def test_an_exit_code_is_told_in_words() -> None:
    assert describe_end(-9) == "was ended by SIGKILL"
    assert describe_end(3) == "ended with code 3"
    assert describe_end(0) == "ended"
