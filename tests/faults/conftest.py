"""What the faults happen to, and the figures: one line per scenario at the end of the run."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests.workers.conftest import eye, office, practice, product, queue

__all__ = ["eye", "office", "practice", "product", "queue"]

Figures = Callable[..., None]
_lines: dict[str, str] = {}
_kept: dict[str, bool] = {}


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Iterator[Figures]:
    """Notes what a scenario measured; nothing here is ever asserted."""
    began = time.monotonic()
    noted: dict[str, object] = {}
    yield noted.update
    said = " ".join(f"{name}={value}" for name, value in noted.items())
    _lines[request.node.nodeid] = f"{said} seconds={time.monotonic() - began:.1f}"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and "tests/faults/" in report.nodeid and not report.skipped:
        _kept[report.nodeid] = report.passed


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A line for each promise: was it kept, which, with what figures."""
    for node, kept in _kept.items():
        promise = node.rpartition("::")[2].removeprefix("test_").replace("_", " ")
        terminalreporter.write_line(f"{'kept  ' if kept else 'BROKEN'} {promise}: {_lines.get(node, '')}")
