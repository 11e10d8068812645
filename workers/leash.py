"""What a work-horse owes its worker: it ends with it, and it stops taking on documents when the worker is to stop.

RQ gives the horse a process group of its own, which no signal of the worker's reaches, so both are arranged here.
"""

import ctypes
import os
import signal
import sys
from threading import Event

PR_SET_PDEATHSIG = 1  # linux/prctl.h
FINISH = signal.SIGUSR1  # unlike SIGTERM it ends a horse that does not listen yet, which has claimed nothing then

finishing = Event()


def die_with_parent(parent: int) -> None:
    """Ask the kernel to end this process when `parent` ends. Linux only; elsewhere the lease runs out instead."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # the worker ended before the leash was on


def finish_when_told() -> None:
    """From now on `FINISH` means: the document in hand, and no other."""
    signal.signal(FINISH, lambda *_: finishing.set())
