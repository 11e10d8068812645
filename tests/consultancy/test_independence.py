"""Who audits what they wrote: the scheme's period around an audit, day by day, as a table of worked examples."""

from datetime import date

import pytest

from consultancy.independence import RULES, Involved, conflicts, rule_for, scheme_of
from consultancy.standards import catalogue

DAY = date(2026, 12, 1)
LAST = date(2026, 12, 3)

CASES = [
    # scheme, from, until, stands in the way
    ("cor", "2025-01-01", "2025-12-01", False),  # a full year has passed to the day
    ("cor", "2025-01-01", "2025-12-02", True),
    ("cor", "2020-01-01", None, True),  # it goes on
    ("cor", "2027-12-02", None, True),  # helps within a year after
    ("cor", "2027-12-03", None, False),
    ("iso", "2024-01-01", "2024-12-01", False),
    ("iso", "2024-01-01", "2024-12-02", True),
    ("iso", "2026-12-02", "2026-12-02", True),
    ("iso", "2026-12-03", "2027-03-01", False),  # ISO looks back only
    ("iso", "2026-11-30", "2026-11-30", True),
]


@pytest.mark.parametrize(("scheme", "start", "end", "stands"), CASES)
def test_help_counts_within_the_period_of_the_scheme(scheme, start, end, stands):
    helped = Involved("wrote", "Lockout", date.fromisoformat(start), date.fromisoformat(end) if end else None)
    assert bool(conflicts(rule_for(scheme, DAY), [helped], DAY, LAST)) is stands


def test_a_period_over_a_leap_day_ends_with_february():
    rule, audited = rule_for("cor", date(2028, 2, 29)), date(2028, 2, 29)
    on_the_day, later = (Involved("wrote", "x", date(2026, 1, 1), date(2027, 2, day)) for day in (28, 28))
    assert not conflicts(rule, [on_the_day], audited, audited)
    assert conflicts(rule, [later._replace(until_on=date(2027, 3, 1))], audited, audited)


def test_a_rule_holds_from_its_day_and_says_where_it_comes_from_and_how_sure_it_is():
    assert rule_for("cor", date(2019, 12, 31)) is None
    assert conflicts(None, [Involved("wrote", "x", DAY, None)], DAY, DAY) == ()
    assert {one.scheme: one.certainty for one in RULES} == {"cor": "unsure", "iso": "general"}
    assert all(one.source["en"] and one.source["fr"] and one.words["fr"] for one in RULES)


@pytest.mark.parametrize(("key", "scheme"), [("cor2020", "cor"), ("iso45001-2018-amd1", "iso")])
def test_the_standard_decides_which_rule_asks(key, scheme):
    assert scheme_of(catalogue.find(key)) == scheme


def test_what_somebody_did_is_said_in_both_languages():
    helped = Involved("wrote", "Lockout", date(2026, 1, 5), None)
    assert helped.sentence() == "writes Lockout since 2026-01-05"
    assert helped._replace(until_on=DAY).sentence("fr") == "a rédigé Lockout, du 2026-01-05 au 2026-12-01"
