"""Audit days by IAF MD 5: at, below and above the edge of every band."""

from datetime import date
from decimal import Decimal

import pytest

from consultancy.audit_days import RISKS, TABLE, BeyondTheTable, band_for, issue_in_force

DAY = date(2026, 3, 2)
EDGES = {
    # people: days at high, medium, low risk
    1: ("3", "2.5", "2.5"), 5: ("3", "2.5", "2.5"), 6: ("3.5", "3", "3"), 10: ("3.5", "3", "3"),
    11: ("4.5", "3.5", "3"), 15: ("4.5", "3.5", "3"), 16: ("5.5", "4.5", "3.5"), 25: ("5.5", "4.5", "3.5"),
    26: ("7", "5.5", "4"), 45: ("7", "5.5", "4"), 46: ("8", "6", "4.5"), 65: ("8", "6", "4.5"),
    66: ("9", "7", "5"), 85: ("9", "7", "5"), 86: ("11", "8", "5.5"), 125: ("11", "8", "5.5"),
    126: ("12", "9", "6"), 175: ("12", "9", "6"), 176: ("13", "10", "7"), 275: ("13", "10", "7"),
    276: ("15", "11", "8"), 425: ("15", "11", "8"), 426: ("16", "12", "9"), 625: ("16", "12", "9"),
    626: ("17", "13", "10"), 875: ("17", "13", "10"), 876: ("19", "15", "11"), 1175: ("19", "15", "11"),
    1176: ("20", "16", "12"), 1550: ("20", "16", "12"), 1551: ("21", "17", "12"), 2025: ("21", "17", "12"),
    2026: ("23", "18", "13"), 2675: ("23", "18", "13"), 2676: ("25", "19", "14"), 3450: ("25", "19", "14"),
    3451: ("27", "20", "15"), 4350: ("27", "20", "15"), 4351: ("28", "21", "16"), 5450: ("28", "21", "16"),
    5451: ("30", "23", "17"), 6800: ("30", "23", "17"), 6801: ("32", "25", "19"), 8500: ("32", "25", "19"),
    8501: ("34", "27", "20"), 10700: ("34", "27", "20"),
}  # fmt: skip


@pytest.mark.parametrize("personnel", EDGES)
def test_the_days_at_both_edges_of_a_band(personnel):
    band = band_for(personnel, DAY)
    assert tuple(band.days[risk] for risk in RISKS) == tuple(Decimal(days) for days in EDGES[personnel])


def test_the_bands_follow_each_other_without_a_gap():
    ends = [(band.personnel_from, band.personnel_to) for band in TABLE]
    assert all(before[1] + 1 == after[0] for before, after in zip(ends, ends[1:], strict=False))
    assert {edge for pair in ends for edge in pair} == set(EDGES)


@pytest.mark.parametrize("personnel", [-1, 0, 10_701])
def test_what_the_table_does_not_hold_is_not_made_up(personnel):
    with pytest.raises(BeyondTheTable):
        band_for(personnel, DAY)


def test_a_table_holds_from_its_day_and_says_where_it_comes_from():
    assert issue_in_force(date(2019, 1, 1)) == ()
    assert {band.issue for band in issue_in_force(DAY)} == {"IAF MD 5:2019"}
    assert all(band.source and band.certainty == "unsure" for band in TABLE)
