"""What a test asks of the confined child; imports nothing heavy, so that the child shows what it brought itself."""

import os
import sys
import time
from pathlib import Path


def modules() -> list[str]:
    return sorted(sys.modules)


def environment() -> tuple[dict[str, str], bytes]:
    return dict(os.environ), Path("/proc/self/environ").read_bytes()


def main_module() -> str:
    return str(getattr(sys.modules["__main__"], "__file__", ""))


def eats_memory() -> int:
    return len(b"x" * (4 << 30))


def never_ends() -> None:
    while True:
        pass


def sleeps() -> None:
    time.sleep(60)


def dies() -> None:
    os._exit(3)


def writes_a_file(path: str) -> None:
    Path(path).write_bytes(b"x" * 10)


def niceness() -> int:
    return os.nice(0)


def plain(value: object) -> object:
    return value


def fails() -> None:
    raise ValueError("a fault of ours")


class TakenOver:
    """What a child that was taken over would answer: reading it carelessly runs a command."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("exit 0",)


def taken_over() -> TakenOver:
    return TakenOver()
