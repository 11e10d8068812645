"""Entering what a client pays to the WSIB, and amounts of rebates that nobody publishes. The trail keeps no amount."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.client import Client
from consultancy.models.premium import OwnPremiumBand, Premium, SoseAmount
from consultancy.queries import premiums
from consultancy.rebates import SCHEDULE_2, ScheduleTwo, cents, checked
from tenants import audit
from tenants.database import db, now
from tenants.refusal import NotValid
from tenants.turns import one_at_a_time

LOCK = 4_500_105  # advisory lock, with the consultancy's id as its second half
FIRST_YEAR = 2000
PROGRAM_YEARS = (1, 2, 3)  # rebates are paid for up to three consecutive years


class PremiumYearUnlikely(NotValid):
    """Premiums are those of a year that has begun."""


class AmountNotPositive(NotValid):
    """An amount of nothing or less is none."""


class BandTurned(NotValid):
    """A band ends where it began, or above."""


class BandsOverlap(NotValid):
    """Premiums lie in one band only."""


class SourceMissing(NotValid):
    """An amount that is not shipped says where it was read."""


class SeenInFuture(NotValid):
    """Nobody read it yet."""


def enter_premium(
    client: Client, *, year: int, amount: Decimal, predictability: str, today: date, by: UUID | None
) -> Premium:
    """Said again for a year, the later word holds. Raises ScheduleTwo, PremiumNotPositive, PremiumYearUnlikely."""
    if client.wsib_schedule == SCHEDULE_2:
        raise ScheduleTwo(client.name)
    if not FIRST_YEAR <= year <= today.year:
        raise PremiumYearUnlikely(FIRST_YEAR, today.year)
    amount = checked(amount)
    _hold(client)
    premium = db.session.scalar(sa.select(Premium).where(Premium.client_id == client.id, Premium.year == year))
    if premium is None:
        premium = Premium(client_id=client.id, year=year)
        db.session.add(premium)
    premium.amount, premium.predictability, premium.by_id, premium.entered_at = amount, predictability, by, now()
    db.session.flush()
    audit.record("premium.entered", premium, by=by, year=year)
    return premium


def remove_premium(premium: Premium, *, by: UUID | None) -> None:
    audit.record("premium.removed", premium, by=by, year=premium.year)
    db.session.delete(premium)


def enter_band(
    *, lowest: int, highest: int | None, per_topic: Decimal, source: str, seen_on: date, today: date, by: UUID | None
) -> OwnPremiumBand:
    """Raises AmountNotPositive, BandTurned, BandsOverlap, SourceMissing, SeenInFuture."""
    _refuse_unfounded(per_topic, source, seen_on, today)
    if highest is not None and highest < lowest:
        raise BandTurned(highest)
    one_at_a_time(LOCK)  # what is known is asked before it is added to, and two members may have read the same page
    if taken := next((one for one in premiums.bands() if one.overlaps(lowest, highest)), None):
        raise BandsOverlap(taken.lowest, taken.highest)
    band = OwnPremiumBand(
        lowest=lowest, highest=highest, per_topic=cents(per_topic), source=source, seen_on=seen_on, by_id=by
    )
    db.session.add(band)
    db.session.flush()
    audit.record("premium_band.entered", band, by=by)
    return band


def remove_band(band: OwnPremiumBand, *, by: UUID | None) -> None:
    audit.record("premium_band.removed", band, by=by)
    db.session.delete(band)


def enter_sose_amount(
    client: Client, *, program_year: int, amount: Decimal, source: str, seen_on: date, today: date, by: UUID | None
) -> SoseAmount:
    """Said again for a year, the later word holds.

    Raises ScheduleTwo, AmountNotPositive, SourceMissing, SeenInFuture.
    """
    if client.wsib_schedule == SCHEDULE_2:
        raise ScheduleTwo(client.name)
    _refuse_unfounded(amount, source, seen_on, today)
    _hold(client)
    said = db.session.scalar(
        sa.select(SoseAmount).where(SoseAmount.client_id == client.id, SoseAmount.program_year == program_year)
    )
    if said is None:
        said = SoseAmount(client_id=client.id, program_year=program_year)
        db.session.add(said)
    said.amount, said.source, said.seen_on, said.by_id = cents(amount), source, seen_on, by
    db.session.flush()
    audit.record("sose_amount.entered", said, by=by, program_year=program_year)
    return said


def remove_sose_amount(said: SoseAmount, *, by: UUID | None) -> None:
    audit.record("sose_amount.removed", said, by=by, program_year=said.program_year)
    db.session.delete(said)


def _refuse_unfounded(amount: Decimal, source: str, seen_on: date, today: date) -> None:
    if cents(amount) <= 0:
        raise AmountNotPositive(amount)
    if not source:
        raise SourceMissing
    if seen_on > today:
        raise SeenInFuture(seen_on)


def _hold(client: Client) -> None:
    """The client's row orders two consultants who enter the same year at the same moment."""
    db.session.execute(sa.select(Client.id).where(Client.id == client.id).with_for_update(key_share=True))
