"""LibreOffice, for what only a layout can tell: a Word file as a PDF.

It runs apart: a helper process with an empty environment makes a folder for profile, input and output, starts
LibreOffice in it, and ends LibreOffice and removes the folder when it is done, when the time is over, and when whoever
asked is gone, however that happened. What a document says about macros and links to elsewhere is not followed.
"""

import contextlib
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import TracebackType
from typing import Self

from document_templates.refusals import TemplateRefusal
from tenants.limits import (
    CHILD_NICENESS,
    DOCUMENT_BYTES,
    MEGABYTE,
    OFFICE_MEMORY_BYTES,
    OFFICE_WALL_SECONDS,
    PDF_BYTES,
)

FOLDER = "consultancy-office-"
_HOME = str(Path(__file__).resolve().parent.parent)
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from document_templates.office import serve; serve(int(sys.argv[2]), sys.argv[3], float(sys.argv[4]), sys.argv[5])"
)
_READY, _DONE, _REFUSED, _LATE, _LARGE = b"ready", b"done", b"refused", b"late", b"large"
_SECONDS_TO_START = 60
_LOOK_EVERY = 0.05  # seconds
_OLD = 3600  # seconds after which a folder belongs to nobody who still lives
_FILTER = (
    "pdf:writer_pdf_Export:{"
    + ",".join(
        f'"{name}":{{"type":"boolean","value":"true"}}'
        for name in ("UseTaggedPDF", "PDFUACompliance", "ExportBookmarks", "ExportBookmarksToPDFDestination")
    )
    + "}"
)
_ITEM = (
    '<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop>'
    "</item>"
)
_PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + _ITEM.format(path="Common/Security/Scripting", name="DisableMacrosExecution", value="true")
    + _ITEM.format(path="Common/Security/Scripting", name="BlockUntrustedRefererLinks", value="true")
    + _ITEM.format(path="Writer/Content/Update", name="Link", value="2")  # 2: never
    + "</oor:items>"
)
# The same document is the same PDF: what says when it was made says when it was written, in as many characters.
_MOMENTS = (
    (re.compile(rb"(/CreationDate\(D:)\d{14}"), "%Y%m%d%H%M%S"),
    (re.compile(rb"(<xmp:CreateDate>)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"), "%Y-%m-%dT%H:%M:%S"),
)
_CHECKSUM = re.compile(rb"(/DocChecksum /)[0-9A-F]{32}")
_ID = re.compile(rb"/ID\s*\[\s*<([0-9A-F]{32})>\s*<\1>\s*\]")


class NotShown(TemplateRefusal):
    """LibreOffice makes no pages of the document."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def sentence(self) -> str:
        return f"LibreOffice made no pages of it: {self.reason}."


class Office:
    """`with Office(program) as to_pdf: to_pdf(document)`: one throw-away LibreOffice for one document and its kin."""

    def __init__(self, program: str, *, wall_seconds: float = OFFICE_WALL_SECONDS) -> None:
        self.program, self.wall_seconds = program, wall_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None

    def __enter__(self) -> Self:
        ours, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
                [sys.executable, "-I", "-X", "utf8", "-c", _START, _HOME, str(theirs.fileno()), self.program,
                 str(self.wall_seconds), tempfile.gettempdir()],  # ours: its environment is empty, and we sweep there
                env={}, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),), close_fds=True,
                start_new_session=True,  # whoever ends our whole session leaves it the moment it needs to clear away
            )  # fmt: skip
        self._line = ours
        started = False
        with contextlib.suppress(EOFError, OSError):
            started = ours.poll(_SECONDS_TO_START) and ours.recv_bytes(1 << 10) == _READY
        if not started:
            self._end()
            raise ChildProcessError("the helper of LibreOffice did not start")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def __call__(self, document: bytes, *, at: datetime) -> bytes:
        """The PDF of a Word file that was written `at` this moment. Raises NotShown."""
        assert self._line is not None
        try:
            self._line.send_bytes(document)
            kind, answer = self._line.recv_bytes(1 << 10), self._line.recv_bytes(PDF_BYTES)
        except (EOFError, OSError) as error:
            raise ChildProcessError("the helper of LibreOffice ended") from error
        if kind == _LATE:
            raise NotShown(f"it took longer than {self.wall_seconds:g} seconds")
        if kind == _LARGE:
            raise NotShown(f"the PDF is larger than {PDF_BYTES // MEGABYTE} MB")
        if kind != _DONE:
            raise NotShown("the file could not be opened")
        return _dated(answer, at.astimezone(UTC))

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()  # the helper clears away and goes
            self._line = None
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
            self._process.kill()
            self._process.wait()
            self._process = None


def _dated(pdf: bytes, at: datetime) -> bytes:
    for pattern, form in _MOMENTS:
        pdf = pattern.sub(rb"\g<1>" + at.strftime(form).encode(), pdf)
    pdf = _CHECKSUM.sub(rb"\g<1>" + b"0" * 32, pdf)
    if found := _ID.search(pdf):
        pdf = pdf.replace(found[1], b"0" * 32)
    return pdf


def sweep_folders() -> int:
    """Take away what a helper left behind that was killed itself; answers how many folders."""
    swept = 0
    for path in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        with contextlib.suppress(FileNotFoundError):
            about = path.lstat()
            if about.st_uid == os.getuid() and about.st_mtime < time.time() - _OLD and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
                swept += 1
    return swept


# --- the helper's side --------------------------------------------------------------------------------------------


def serve(descriptor: int, program: str, wall_seconds: float, temporary: str) -> None:
    """Convert one document after another until whoever asks closes the line or is gone."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))  # through the end of the folder
    os.setpriority(os.PRIO_PROCESS, 0, max(CHILD_NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (OFFICE_MEMORY_BYTES, OFFICE_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (PDF_BYTES, PDF_BYTES))
    with (
        Connection(descriptor) as line,
        tempfile.TemporaryDirectory(prefix=FOLDER, dir=temporary, ignore_cleanup_errors=True) as folder,
    ):
        line.send_bytes(_READY)
        while True:
            try:
                document = line.recv_bytes(DOCUMENT_BYTES)
                kind, answer = _converted(document, Path(folder), program, line, wall_seconds)
                line.send_bytes(kind)
                line.send_bytes(answer)
            except (EOFError, OSError):
                return


def _converted(
    document: bytes, folder: Path, program: str, line: Connection, wall_seconds: float
) -> tuple[bytes, bytes]:
    source, target = folder / "document.docx", folder / "document.pdf"
    source.write_bytes(document)
    target.unlink(missing_ok=True)
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(parents=True)
        settings.write_text(_PROFILE, encoding="utf-8")
    process = subprocess.Popen(  # noqa: S603 - the program that the settings name
        [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nologo",
         "--nodefault", "--nolockcheck", "--infilter=MS Word 2007 XML", "--convert-to", _FILTER,
         "--outdir", str(folder), str(source)],
        env={"HOME": str(folder), "TMPDIR": str(folder), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8",
             "SAL_USE_VCLPLUGIN": "svp"},
        cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + wall_seconds
    try:
        while process.poll() is None:
            if time.monotonic() > deadline:
                return _LATE, b""
            if line.poll(_LOOK_EVERY):
                raise EOFError  # nobody sends anything while they wait: they are gone
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if not target.exists():
        return _REFUSED, b""
    if target.stat().st_size >= PDF_BYTES:
        return _LARGE, b""
    return _DONE, target.read_bytes()
