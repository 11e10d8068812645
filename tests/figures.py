"""One line of figures at the end of a run: what was swept, how often, and what leaked (nothing)."""

from collections import Counter
from typing import Any

import pytest

from tests import factories

ROUTES: set[str] = set()
CASES: Counter[str] = Counter()
PROMISES: list[str] = []  # of the fault suite: a line each, kept or broken
MATRIX = ("test_a_role_is_answered_as_the_matrix_says",)
BOUNDARY = (
    "test_what_belongs_to_others_is_answered_like_what_does_not_exist",
    "test_another_employer_of_the_consultancy_is_open_to_its_staff_alone",
    "test_a_consultancy_one_does_not_belong_to_looks_like_none",
)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when != "call" or report.skipped:
        return
    place, _colon, name = report.nodeid.partition("::")
    if "tests/faults/" in place:
        measured = dict(report.user_properties).get("measured", "")
        promise = name.removeprefix("test_").replace("_", " ")
        PROMISES.append(f"{'kept  ' if report.passed else 'BROKEN'} {promise}: {measured}")
    test, _bracket, case = name.partition("[")
    CASES["canaries found"] += "canar" in name and report.failed
    if place.endswith("test_permissions.py"):
        if test in MATRIX:
            ROUTES.add(case.rpartition("-")[0])
        CASES["matrix cells run"] += test in MATRIX
        CASES["answers to strangers compared"] += test in BOUNDARY
    CASES["isolation cases"] += place.endswith("test_isolation.py")
    CASES["positive controls red"] += "test_controls.py" in place and report.passed


def pytest_sessionfinish(session: pytest.Session) -> None:
    """One of several processes tells the one that prints how many canaries it planted."""
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        told["canaries"] = factories.PLANTED["canaries"]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    factories.PLANTED["canaries"] += getattr(node, "workeroutput", {}).get("canaries", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in PROMISES:
        terminalreporter.write_line(line)
    told = {"routes swept": len(ROUTES)} | {name: CASES[name] for name in sorted(CASES) if name != "canaries found"}
    told = {name: count for name, count in told.items() if count}
    if not told:
        return
    told |= {"canaries planted": factories.PLANTED["canaries"], "canaries found": CASES["canaries found"]}
    terminalreporter.write_line("figures: " + ", ".join(f"{name} {count}" for name, count in told.items()))
