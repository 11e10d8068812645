"""How many days a registrar plans for an audit: the dated table of IAF MD 5, never a formula of ours.

The table is a continuum and a starting point: a registrar adds and takes away with reasons. Our figure is a yardstick.
"""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

from consultancy.models.audit_plan import AuditPlan
from tenants.refusal import NotValid

RISKS = ("high", "medium", "low")


MOST_TAKEN_AWAY, MOST_ADDED = -30, 100  # percent; general knowledge of MD 5, to be checked
MOST_SHIFTS, MOST_SITES = 6, 100
SURVEILLANCE, RECERTIFICATION = Decimal(1) / 3, Decimal(2) / 3  # of the initial time, a year; general knowledge


class BeyondTheTable(NotValid):
    """The table ends before this number of people, or begins after it; MD 5 says to follow its progression."""


class UnknownRisk(NotValid):
    """The table knows high, medium and low risk."""


class AdjustmentTooLarge(NotValid):
    """A registrar takes away 30 % at most; more than the double is no adjustment any more."""


class AdjustmentReasonNotGiven(NotValid):
    """Days that are added or taken away have a reason in writing."""


class InputsNotPossible(NotValid):
    """Shifts and sites are counted from 1."""


@dataclass(frozen=True)
class Inputs:
    """What a registrar asks: effective personnel, risk, shifts and sites, and what speaks for more or fewer days.
    Shifts and sites are why days are added; MD 5 leaves how many to the registrar, so we make no figure of them."""

    personnel: int
    risk: str
    shifts: int = 1
    sites: int = 1
    adjustment: int = 0  # percent of the table's days
    reason: str = ""


@dataclass(frozen=True)
class Estimate:
    """The working: the band, its days, what is added or taken away, and the sum in half days, rounded up."""

    band: "Band"
    inputs: Inputs
    from_table: Decimal
    changed_by: Decimal
    days: Decimal
    surveillance: Decimal
    recertification: Decimal


@dataclass(frozen=True)
class Band:
    """One line of the table: days of eight hours, stage 1 and stage 2 together, by risk."""

    issue: str
    effective_from: date
    personnel_from: int
    personnel_to: int
    days: dict[str, Decimal]
    source: str
    certainty: str


def _read() -> tuple[Band, ...]:
    with (Path(__file__).parent / "standards" / "audit_days.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Band(
                issue=line["issue"],
                effective_from=date.fromisoformat(line["effective_from"]),
                personnel_from=int(line["personnel_from"]),
                personnel_to=int(line["personnel_to"]),
                days={risk: Decimal(line[risk]) for risk in RISKS},
                source=line["source"],
                certainty=line["certainty"],
            )
            for line in csv.DictReader(file)
        )


TABLE = _read()


def issue_in_force(on: date, table: tuple[Band, ...] = TABLE) -> tuple[Band, ...]:
    """The bands of the latest issue by a day; none before the first."""
    dated = [band.effective_from for band in table if band.effective_from <= on]
    return tuple(band for band in table if dated and band.effective_from == max(dated))


def band_for(personnel: int, on: date, table: tuple[Band, ...] = TABLE) -> Band:
    """The line for a number of effective personnel. Raises BeyondTheTable above 10,700 and below 1."""
    for band in issue_in_force(on, table):
        if band.personnel_from <= personnel <= band.personnel_to:
            return band
    raise BeyondTheTable(personnel)


def estimate(inputs: Inputs, on: date, table: tuple[Band, ...] = TABLE) -> Estimate:
    """Raises BeyondTheTable, UnknownRisk, InputsNotPossible, AdjustmentTooLarge, AdjustmentReasonNotGiven."""
    if inputs.risk not in RISKS:
        raise UnknownRisk(inputs.risk)
    if not (1 <= inputs.shifts <= MOST_SHIFTS and 1 <= inputs.sites <= MOST_SITES):
        raise InputsNotPossible(inputs.shifts, inputs.sites)
    if not MOST_TAKEN_AWAY <= inputs.adjustment <= MOST_ADDED:
        raise AdjustmentTooLarge(inputs.adjustment)
    if inputs.adjustment and not inputs.reason:
        raise AdjustmentReasonNotGiven
    band = band_for(inputs.personnel, on, table)
    from_table = band.days[inputs.risk]
    changed_by = from_table * inputs.adjustment / 100
    days = in_half_days(from_table + changed_by)
    watched, again = in_half_days(days * SURVEILLANCE), in_half_days(days * RECERTIFICATION)
    return Estimate(band, inputs, from_table, changed_by, days, watched, again)


def of_plan(plan: AuditPlan, on: date) -> Estimate | None:
    """The estimate from the inputs that a plan keeps; none where nobody gave them."""
    if plan.personnel is None:
        return None
    return estimate(
        Inputs(plan.personnel, plan.risk, plan.shifts, plan.sites, plan.adjustment, plan.adjustment_reason), on
    )


def in_half_days(days: Decimal) -> Decimal:
    """Up to the next half day: a registrar plans no quarters."""
    return (days.quantize(Decimal("0.001")) * 2).to_integral_value(rounding=ROUND_CEILING) / 2
