"""The `dev` script, under the plainest shell there is."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ground.environment import CHECKOUT

DEV = CHECKOUT / "dev"
VERBS = ("run", "test", "check", "bench", "faults", "flask", "help")
PROGRAMS = ("cat", "chmod", "dirname", "flock", "id", "mv", "rm", "sh", "sha256sum")
as_somebody = pytest.mark.skipif(os.geteuid() == 0, reason="root installs Python instead of asking for it")


def dev(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    given = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run([DEV, *arguments], cwd="/", env=given, capture_output=True, text=True, timeout=120)


def test_every_verb_is_in_the_list() -> None:
    listed = dev("help")
    assert listed.returncode == 0
    for verb in VERBS:
        assert f"./dev {verb}" in listed.stdout


def test_no_verb_asks_for_the_list() -> None:
    assert dev().stdout == dev("help").stdout


def test_an_unknown_verb_is_a_sentence_and_code_2() -> None:
    done = dev("deploy")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "./dev does not know 'deploy'; ./dev help lists what it knows.\n"


def test_a_measurement_without_a_name_is_a_sentence() -> None:
    done = dev("bench")
    assert (done.returncode, done.stderr) == (2, "./dev bench needs the name of a measurement.\n")


def test_arguments_reach_pytest_as_they_are_from_any_folder() -> None:
    done = dev("test", "tests/ground/test_dev.py", "--collect-only", "-k", "unknown and verb", HOME="")
    assert done.returncode == 0, done.stderr
    assert "test_an_unknown_verb_is_a_sentence_and_code_2" in done.stdout


@pytest.fixture
def bare_checkout(tmp_path: Path) -> Path:
    """A checkout without libraries, and a folder of programs without a Python."""
    shutil.copy(DEV, tmp_path / "dev")
    (tmp_path / "requirements.lock").write_text("flask==3.1.3 --hash=sha256:00\n")
    (tmp_path / "bin").mkdir()
    for program in PROGRAMS:
        found = shutil.which(program)
        assert found, program
        (tmp_path / "bin" / program).symlink_to(found)
    return tmp_path


def run_bare(checkout: Path, path: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    given = {"PATH": path, **environment}
    return subprocess.run([checkout / "dev", "run"], env=given, capture_output=True, text=True, timeout=120)


def test_without_python_and_apt_one_sentence_says_what_is_needed(bare_checkout: Path) -> None:
    done = run_bare(bare_checkout, str(bare_checkout / "bin"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Python 3.11 or newer with its venv module is needed; please install it.\n"


@as_somebody
def test_an_ordinary_user_is_told_the_name_of_the_package(bare_checkout: Path) -> None:
    (bare_checkout / "bin" / "apt-get").symlink_to("/bin/false")
    done = run_bare(bare_checkout, str(bare_checkout / "bin"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "apt-get install python3 python3-venv" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_installation_that_failed_is_not_taken_for_a_finished_one(bare_checkout: Path) -> None:
    for _attempt in range(2):
        done = run_bare(bare_checkout, os.environ["PATH"], PIP_NO_INDEX="1", PIP_FIND_LINKS="")
        assert done.returncode == 1
        assert "The libraries could not be installed" in done.stderr
        assert not (bare_checkout / ".venv" / ".installed").exists()
