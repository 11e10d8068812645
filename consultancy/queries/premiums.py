"""Reading a client's premiums, and the amounts that the consultancy entered."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy import rebates
from consultancy.models.client import Client
from consultancy.models.premium import OwnPremiumBand, Premium, SoseAmount
from consultancy.rebates import SCHEDULE_2, Case, Outlook
from consultancy.standards.rebate_rules import BANDS, NEW, RULES, Band, rule
from tenants.database import db, tenant_session

OWN = "own"


def find_premium(premium_id: UUID) -> Premium | None:
    return db.session.get(Premium, (tenant_session().tenant_id, premium_id))


def find_band(band_id: UUID) -> OwnPremiumBand | None:
    return db.session.get(OwnPremiumBand, (tenant_session().tenant_id, band_id))


def find_sose_amount(amount_id: UUID) -> SoseAmount | None:
    return db.session.get(SoseAmount, (tenant_session().tenant_id, amount_id))


def of_client(client: Client) -> list[Premium]:
    """The latest year first."""
    return list(
        db.session.scalars(
            sa.select(Premium)
            .options(joinedload(Premium.by))
            .where(Premium.client_id == client.id)
            .order_by(Premium.year.desc())
        )
    )


def own_bands() -> list[OwnPremiumBand]:
    return list(
        db.session.scalars(
            sa.select(OwnPremiumBand).options(joinedload(OwnPremiumBand.by)).order_by(OwnPremiumBand.lowest)
        )
    )


def bands() -> list[Band]:
    """What is shipped, and what the consultancy entered beside it for the rule of 2025."""
    since = next(one.since for one in RULES if one.rule == NEW)
    own = [
        Band(
            since=since, until=None, source=f"{one.source} ({one.seen_on})", certainty=OWN, lowest=one.lowest,
            highest=one.highest, per_topic=one.per_topic,
        )
        for one in own_bands()
    ]  # fmt: skip
    return [*BANDS, *own]


def wants_a_band(client: Client, premium: Premium, on: date) -> bool:
    """Whether an amount is missing only because nobody entered the band that the premiums lie in."""
    if client.wsib_schedule == SCHEDULE_2 or rule(NEW, "plan_bonus", on) is None:
        return False
    return rebates.band_of(premium.amount, on, bands()) is None


def sose_amounts(client: Client) -> list[SoseAmount]:
    return list(
        db.session.scalars(
            sa.select(SoseAmount).where(SoseAmount.client_id == client.id).order_by(SoseAmount.program_year)
        )
    )


def outlooks(client: Client, premium: Premium, on: date) -> list[Outlook]:
    """What a plan of one topic, of two, … may bring; nothing where no rebate is paid at all."""
    if client.wsib_schedule == SCHEDULE_2:
        return []
    known = bands()
    return [
        rebates.outlook(Case(premium.amount, topics, on, premium.predictability, client.headcount), known)
        for topics in range(1, rebates.topics_most(on) + 1)
    ]
