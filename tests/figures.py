"""One line of figures at the end of a run: what was swept, how often, and what leaked (nothing)."""

from collections import Counter

import pytest

from tests import factories

ROUTES: set[str] = set()
CASES: Counter[str] = Counter()
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
    test, _bracket, case = name.partition("[")
    CASES["canaries found"] += "canar" in name and report.failed
    if place.endswith("test_permissions.py"):
        if test in MATRIX:
            ROUTES.add(case.rpartition("-")[0])
        CASES["matrix cells run"] += test in MATRIX
        CASES["answers to strangers compared"] += test in BOUNDARY
    CASES["isolation cases"] += place.endswith("test_isolation.py")
    CASES["positive controls red"] += "test_controls.py" in place and report.passed


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    told = {"routes swept": len(ROUTES)} | {name: CASES[name] for name in sorted(CASES) if name != "canaries found"}
    told = {name: count for name, count in told.items() if count}
    if not told:
        return
    told |= {"canaries planted": factories.PLANTED["canaries"], "canaries found": CASES["canaries found"]}
    terminalreporter.write_line("figures: " + ", ".join(f"{name} {count}" for name, count in told.items()))
