"""Folders and files of the data folder: private, written whole or not at all, held by one start at a time."""

import fcntl
import json
import os
import secrets
import time
from pathlib import Path

from ground.refusal import CannotStart

PRIVATE = 0o600
PRIVATE_UMASK = 0o077


def make_folder(folder: Path, *, passable: bool = False) -> Path:
    """Make a private folder; others pass through a `passable` one of root's, as the database's user must.

    A folder that exists keeps the rights its owner gave it.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
    except FileExistsError:
        if not folder.is_dir():
            raise CannotStart(f"The folder {folder} cannot be made: a file is in the way.") from None
    except OSError as error:
        raise CannotStart(f"The folder {folder} cannot be made: {error.strerror}.") from None
    else:
        folder.chmod(0o711 if passable and os.geteuid() == 0 else 0o700)  # mkdir's own mode is cut by the umask
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CannotStart(f"The folder {folder} cannot be written to by this user.")
    return folder


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner reads, in one step: after a crash there is the old file or the new one."""
    draft = file.with_name(f"{file.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(file)


def passwords(file: Path, *names: str) -> dict[str, str]:
    """The random passwords kept in `file`, made once; url-safe, so that an address can carry them as they are."""
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    missing = [name for name in names if name not in known]
    if missing:
        known.update({name: secrets.token_urlsafe(32) for name in missing})
        write_private(file, json.dumps(known, indent=1) + "\n")
    return known


def hold(file: Path, *, patience: float = 0) -> int | None:
    """Hold the file for this process and those it hands the descriptor to; None when others hold it for too long."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, PRIVATE)
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return None
            time.sleep(0.05)
        else:
            return descriptor
