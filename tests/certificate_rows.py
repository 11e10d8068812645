"""Rows of certificates for tests, as the factories make them."""

from datetime import date
from typing import Any

from consultancy.models.certificate import Certificate
from consultancy.models.client import Client
from tests.rows import add


def make_certificate(*, client: Client, **columns: Any) -> Certificate:
    """In force for three years, with an audit that is closed."""
    columns = {
        "standard": "iso45001", "standing": "in_force", "issued_on": date(2026, 3, 2), "expires_on": date(2029, 3, 1),
    } | columns  # fmt: skip
    left_open = [name for name, value in columns.items() if value is None]
    return add(Certificate(client_id=client.id, **columns), *left_open)
