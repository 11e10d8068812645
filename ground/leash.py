"""A process on a leash: it ends when the process that started it ends, however that happens.

Only the kernel's parent-death signal holds when the parent is killed with -9. The child has to ask for it itself,
after it gave up root (which clears it) and before it becomes the program: so programs are started through this file.

Danger: the signal fires when the *thread* that started the child ends. Start programs from the main thread.
"""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def leashed(
    command: Sequence[str],
    *,
    last_signal: signal.Signals = signal.SIGTERM,
    user: str = "",
    niceness: int = 0,
) -> list[str]:
    """The command that becomes `command`, as `user`, and gets `last_signal` when the caller is gone."""
    start = [sys.executable, "-I", "-S", __file__, str(os.getpid())]
    return [*start, str(int(last_signal)), str(niceness), user, *command]


def become(parent: str, last_signal: str, niceness: str, user: str, *command: str) -> None:
    """Put this process on its leash, then replace it by `command`."""
    if user:
        account = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
    os.nice(int(niceness))
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit(0)  # the parent ended before the leash was on
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.exit(f"{command[0]} cannot be started: {error.strerror}.")


if __name__ == "__main__":
    become(*sys.argv[1:])
