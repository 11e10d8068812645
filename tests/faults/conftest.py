"""What the faults happen to, and the figures: one line per scenario at the end of the run."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests.workers.conftest import eye, office, practice, product, queue

__all__ = ["eye", "office", "practice", "product", "queue"]

Figures = Callable[..., None]


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Iterator[Figures]:
    """Notes what a scenario measured; nothing here is ever asserted. tests/figures.py prints it."""
    began = time.monotonic()

    def note(**noted: object) -> None:
        said = " ".join(f"{name}={value}" for name, value in noted.items())
        record_property("measured", f"{said} seconds={time.monotonic() - began:.1f}")

    yield note
