"""Rows of premiums and of amounts for tests, as the factories make them."""

from decimal import Decimal
from typing import Any

from consultancy.models.client import Client
from consultancy.models.premium import OwnPremiumBand, Premium, SoseAmount
from tests.rows import add


def make_premium(*, client: Client, **columns: Any) -> Premium:
    columns = {"year": 2025, "amount": Decimal("11840.00"), "predictability": "unknown"} | columns
    return add(Premium(client_id=client.id, **columns))


def make_own_premium_band(**columns: Any) -> OwnPremiumBand:
    columns = {"lowest": 4_000_000, "highest": 5_000_000, "per_topic": Decimal(45_000)} | columns
    return add(OwnPremiumBand(**columns))


def make_sose_amount(*, client: Client, **columns: Any) -> SoseAmount:
    columns = {"program_year": 1, "amount": Decimal("2500.00")} | columns
    return add(SoseAmount(client_id=client.id, **columns))
