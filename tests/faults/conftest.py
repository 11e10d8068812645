"""What the faults happen to, and the figures: one line per scenario at the end of the run."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests.workers.conftest import eye, office, practice, product, queue

__all__ = ["eye", "office", "practice", "product", "queue"]

Figures = Callable[..., None]
_lines: list[str] = []


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Iterator[Figures]:
    """Notes what a scenario measured; nothing here is ever asserted."""
    began = time.monotonic()
    noted: dict[str, object] = {}
    yield noted.update
    said = " ".join(f"{name}={value}" for name, value in noted.items())
    _lines.append(f"{request.node.name} {said} seconds={time.monotonic() - began:.1f}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in _lines:
        terminalreporter.write_line(line)
