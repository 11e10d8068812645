"""Data folders for real servers. They lie where an unprivileged user can enter, as pytest's own folders do not."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ground.placement import elsewhere


def data_folder() -> Iterator[Path]:
    """A data folder that is gone afterwards, with what moved out of it."""
    folder = Path(tempfile.mkdtemp(prefix="consultancy-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(elsewhere(folder / "postgres"), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def home() -> Iterator[Path]:
    """A data folder of its own for one test."""
    yield from data_folder()


@pytest.fixture(scope="module")
def shared_home() -> Iterator[Path]:
    """A data folder for the tests of one file."""
    yield from data_folder()


@pytest.fixture
def closed_home(home: Path) -> Path:
    """A data folder under a private home."""
    home.chmod(0o700)
    return home
