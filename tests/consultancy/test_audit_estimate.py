"""The estimate of audit days from its inputs, worked by hand."""

from datetime import date
from decimal import Decimal

import pytest

from consultancy.audit_days import (
    AdjustmentReasonNotGiven,
    AdjustmentTooLarge,
    BeyondTheTable,
    Inputs,
    InputsNotPossible,
    UnknownRisk,
    estimate,
)

DAY = date(2026, 3, 2)
CASES = [
    # people, risk, percent -> table, changed by, days, surveillance, recertification
    (1, "low", "0", "2.5", "0", "2.5", "1", "2"),
    (45, "medium", "0", "5.5", "0", "5.5", "2", "4"),
    (46, "medium", "0", "6", "0", "6", "2", "4"),
    (46, "high", "10", "8", "0.8", "9", "3", "6"),  # 8.8 days are 9
    (80, "medium", "-30", "7", "-2.1", "5", "2", "3.5"),  # 4.9 days are 5
    (80, "medium", "-1", "7", "-0.07", "7", "2.5", "5"),
    (125, "high", "100", "11", "11", "22", "7.5", "15"),
    (10_700, "low", "0", "20", "0", "20", "7", "13.5"),
]


@pytest.mark.parametrize(("people", "risk", "percent", "table", "by", "days", "watch", "again"), CASES)
def test_days_from_the_table_changed_for_a_reason_and_rounded_up(people, risk, percent, table, by, days, watch, again):
    found = estimate(Inputs(people, risk, adjustment=int(percent), reason="Three shifts."), DAY)
    assert [found.from_table, found.changed_by, found.days, found.surveillance, found.recertification] == [
        Decimal(one) for one in (table, by, days, watch, again)
    ]


@pytest.mark.parametrize(
    ("inputs", "refusal"),
    [
        (Inputs(0, "low"), BeyondTheTable),
        (Inputs(10_701, "low"), BeyondTheTable),
        (Inputs(5, "tiny"), UnknownRisk),
        (Inputs(5, "low", shifts=0), InputsNotPossible),
        (Inputs(5, "low", sites=101), InputsNotPossible),
        (Inputs(5, "low", adjustment=-31, reason="x"), AdjustmentTooLarge),
        (Inputs(5, "low", adjustment=101, reason="x"), AdjustmentTooLarge),
        (Inputs(5, "low", adjustment=10), AdjustmentReasonNotGiven),
    ],
)
def test_what_no_registrar_would_plan_is_refused(inputs, refusal):
    with pytest.raises(refusal):
        estimate(inputs, DAY)
