"""Uploads go to the virus scanner that SCANNER_URL names, in clamd's INSTREAM protocol; until it answers they wait.

A scanner that is away, too slow, or that says it could not look at all of a file, has not answered: the file waits on.
"""

import re
import socket
import struct
import time
from typing import BinaryIO
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from flask import Flask

from consultancy.actions import virus_checks
from consultancy.queries import evidence as pieces
from tenants.database import transaction
from tenants.files import Files, file_store
from workers.mail import inside

log = structlog.get_logger()

TURN_SECONDS = 20  # documents and mail have their turns too
PATIENCE_SECONDS = 60  # for one answer: signatures of a large archive take a while
PORT = 3310  # clamd's own
BLOCK = 1 << 16
ANSWER_BYTES = 4096
FOUND = re.compile(r"stream: (.+) FOUND")


class NoAnswer(OSError):
    """The scanner said neither yes nor no."""


def scan_evidence(app: Flask, *, seconds: float = TURN_SECONDS) -> int:
    """Ask for what is due, for a while; how many files were answered for. Without a scanner nothing waits anew, and
    what waited for one goes on waiting."""
    url = app.config.get("SCANNER_URL", "")
    if not url:
        return 0
    with app.app_context(), transaction():
        waiting = pieces.waiting()
    until, answered = time.monotonic() + seconds, 0
    for tenant_id, evidence_id in waiting:
        if time.monotonic() > until:
            break
        try:
            answered += check(app, tenant_id, evidence_id, url)
        except FileNotFoundError:
            log.error("scanner.file_lost", evidence=str(evidence_id))
        except OSError as error:
            log.warning("scanner.silent", kind=type(error).__name__, evidence=str(evidence_id))
            if not isinstance(error, NoAnswer):
                break  # away: the others would wait for it in vain too
    return answered


def check(app: Flask, tenant_id: UUID, evidence_id: UUID, url: str) -> bool:
    """One file: taken in hand, looked at outside any transaction, noted; infected content is destroyed."""
    files: Files = file_store(app.config)
    with inside(app, tenant_id):
        claimed = virus_checks.claim(evidence_id)
        key = claimed.file_key if claimed else None
    if key is None:
        return False
    with files.open(key) as content:
        virus = ask(url, content)
    with inside(app, tenant_id):
        found = pieces.find(evidence_id)
        if found is not None:
            virus_checks.answered(found, virus=virus, by=None)
    if virus:
        with inside(app, tenant_id):
            virus_checks.remove_infected(files)
    return True


def ask(url: str, content: BinaryIO) -> str:
    """The name of the virus in a file, empty when there is none. Raises OSError when there is no answer."""
    at = urlsplit(url)
    with socket.create_connection((at.hostname or "", at.port or PORT), timeout=PATIENCE_SECONDS) as line:
        line.sendall(b"zINSTREAM\0")
        try:
            while block := content.read(BLOCK):
                line.sendall(struct.pack("!L", len(block)) + block)
            line.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            log.warning("scanner.hung_up")  # it may have said why before it did
        answer = _answer(line)
    if answer == "stream: OK":
        return ""
    if found := FOUND.fullmatch(answer):
        return found[1]
    raise NoAnswer(answer[:200])


def _answer(line: socket.socket) -> str:
    said = b""
    while len(said) < ANSWER_BYTES and not said.endswith(b"\0"):
        more = line.recv(ANSWER_BYTES)
        if not more:
            break
        said += more
    return said.rstrip(b"\0\n").decode("utf-8", "replace")
