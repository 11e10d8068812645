"""One confined process for what reads or fills other people's files: little memory, little time, no secrets.

The child is a fresh interpreter with an empty environment, not a fork: the parent's memory, its `__main__`, its
database address and its open connections are nowhere in it. It bounds accidents and runaway templates; it is the same
system user, so it is not a jail. What comes back is read with a closed list of types, so that a child that was taken
over cannot make the parent run anything.
"""

import contextlib
import importlib
import io
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import is_dataclass
from enum import Enum
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from document_templates.refusals import Unrenderable
from tenants.limits import (
    CHILD_CPU_SECONDS,
    CHILD_MEMORY_BYTES,
    CHILD_NICENESS,
    CHILD_WALL_SECONDS,
    DOCUMENT_BYTES,
)

_HOME = str(Path(__file__).resolve().parent.parent)
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from document_templates.child import serve; serve(int(sys.argv[2]), *map(float, sys.argv[3:]))"
)
_READY, _DONE, _REFUSED, _MEMORY = b"ready", b"done", b"refused", b"memory"
_SECONDS_TO_START = 60  # a machine that swaps still starts an interpreter in a few
_ANSWER_BYTES = DOCUMENT_BYTES + (1 << 20)
_OWN_ROOMS = ("document_templates", "consultancy", "tenants")
_PLAIN_TYPES = {
    ("builtins", name)
    for name in ("set", "frozenset", "bytearray", "complex", "range", "slice", "ValueError", "TypeError", "KeyError",
                 "RuntimeError", "IndexError", "AttributeError", "AssertionError", "ImportError", "ModuleNotFoundError",
                 "NotImplementedError", "OSError", "PermissionError", "FileNotFoundError", "UnicodeDecodeError")
} | {("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")} | {
    ("decimal", "Decimal"), ("uuid", "UUID"), ("collections", "OrderedDict"),
}  # fmt: skip


class Child:
    """`with Child() as child: child(function, *arguments)`: one confined process, begun anew after each breakdown."""

    def __init__(
        self,
        *,
        memory_bytes: int = CHILD_MEMORY_BYTES,
        cpu_seconds: float = CHILD_CPU_SECONDS,
        wall_seconds: float = CHILD_WALL_SECONDS,
    ) -> None:
        self.memory_bytes, self.cpu_seconds, self.wall_seconds = memory_bytes, cpu_seconds, wall_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None

    def __enter__(self) -> Self:
        self._begin()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What the function returns, its own refusal raised here, or `Unrenderable` when the limits were reached."""
        line = self._running()
        try:
            line.send_bytes(pickle.dumps((function, arguments)))
            if not line.poll(self.wall_seconds):
                self._end()
                raise Unrenderable(f"it took longer than {self.wall_seconds:g} seconds")
            kind, answer = line.recv_bytes(1 << 10), line.recv_bytes(_ANSWER_BYTES)
        except (EOFError, OSError) as error:
            raise Unrenderable(self._why_it_ended()) from error
        if kind == _MEMORY:
            self._end()
            raise Unrenderable(f"it needs more than {self.memory_bytes >> 20} MB of memory")
        if kind == _DONE:
            return _read(answer)
        failure = _read(answer)
        if not isinstance(failure, Exception):
            failure = Unrenderable("the process that writes documents broke down on it")
        raise failure

    def _running(self) -> Connection:
        if self._line is None or self._process is None or self._process.poll() is not None:
            self._end()
            return self._begin()
        return self._line

    def _begin(self) -> Connection:
        ours, theirs = Pipe()
        limits = (str(self.memory_bytes), str(self.cpu_seconds))
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
                [sys.executable, "-I", "-X", "utf8", "-c", _START, _HOME, str(theirs.fileno()), *limits],
                env={}, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),), close_fds=True,
            )  # fmt: skip
        self._line = ours
        started = False
        with contextlib.suppress(EOFError, OSError):
            started = ours.poll(_SECONDS_TO_START) and ours.recv_bytes(1 << 10) == _READY
        if not started:
            self._end()
            raise ChildProcessError("the confined child did not start")  # the machine's fault, not the document's
        return ours

    def _why_it_ended(self) -> str:
        code = 0
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self._process.wait(1)
        self._end()
        if code == -signal.SIGXCPU:
            return f"it needs more than {self.cpu_seconds:g} seconds of computing"
        return "the process that writes documents broke down on it"

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


# --- the child's side ---------------------------------------------------------------------------------------------


def serve(descriptor: int, memory_bytes: float, cpu_seconds: float) -> None:
    """Answer one question after another until the parent closes the line."""
    _confine(int(memory_bytes))
    with Connection(descriptor) as line:
        line.send_bytes(_READY)
        while True:
            try:
                question = line.recv_bytes()
            except (EOFError, OSError):
                return
            _allow(cpu_seconds)
            kind, answer = _answer(question)
            line.send_bytes(kind)
            line.send_bytes(answer)


def _answer(question: bytes) -> tuple[bytes, bytes]:
    try:
        function, arguments = pickle.loads(question)  # noqa: S301 - the parent's own question  # nosec B301
        return _DONE, pickle.dumps(function(*arguments))
    except MemoryError:
        return _MEMORY, b""
    except Exception as error:  # noqa: BLE001 - whatever it is belongs to the parent, with where it happened
        return _REFUSED, _told(error)


def _told(error: Exception) -> bytes:
    try:
        error.__cause__ = error.__context__ = None
        told = pickle.dumps(error)
        _read(told)
    except Exception:  # noqa: BLE001 - an error that cannot travel is told in words
        told = pickle.dumps(RuntimeError("".join(traceback.format_exception(error))))
    return told


def _confine(memory_bytes: int) -> None:
    os.nice(CHILD_NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nothing here has any business writing a file
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)


def _allow(cpu_seconds: float) -> None:
    """The limit counts a process's whole life, so each question gets its share on top of what was used."""
    soft = int(time.process_time() + cpu_seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _is_data(kind: type) -> bool:
    return issubclass(kind, (Exception, tuple, Enum)) or is_dataclass(kind)


class _Reader(pickle.Unpickler):
    """Plain values, dates, and the data classes and exceptions of our own rooms: never a function."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN_TYPES:
            return getattr(importlib.import_module(module), name)
        if module.split(".")[0] in _OWN_ROOMS:
            found = getattr(importlib.import_module(module), name)
            if isinstance(found, type) and found.__module__ == module and _is_data(found):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} does not cross from the child")


def _read(answer: bytes) -> Any:
    return _Reader(io.BytesIO(answer)).load()
