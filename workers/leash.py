"""A work-horse ends with its worker: RQ gives it a process group of its own, out of reach of the worker's signals."""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends. Linux only; elsewhere the lease runs out instead."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
