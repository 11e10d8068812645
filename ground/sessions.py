"""Every process the ground starts leads its own session, so that what it left behind can be found."""

import contextlib
import os
import signal
import time
from pathlib import Path

GONE_WITHIN = 2.0  # seconds for the kernel to clear away what was killed


def members(leader: int) -> list[int]:
    """The processes of the session that `leader` opened, without those that only wait to be reaped."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            status = (folder / "stat").read_text(errors="replace")
        except OSError:  # it ended while we looked
            continue
        state, _parent, _group, session = status.rpartition(")")[2].split()[:4]
        if int(session) == leader and state not in "ZX":
            found.append(int(folder.name))
    return found


def end_session(leader: int) -> None:
    """Kill what is left of a session; a queue worker's child, for one, outlives a worker that was killed."""
    deadline = time.monotonic() + GONE_WITHIN
    while (left := members(leader)) and time.monotonic() < deadline:
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.01)
