"""Rows of certificates for tests, as the factories make them."""

from datetime import date
from typing import Any

from consultancy.models.certificate import Certificate
from consultancy.models.client import Client
from consultancy.models.evidence import Evidence
from consultancy.models.recognition import Recognition, RecognitionPaper
from tests.rows import add


def make_certificate(*, client: Client, **columns: Any) -> Certificate:
    """In force for three years, with an audit that is closed."""
    columns = {
        "standard": "iso45001", "standing": "in_force", "issued_on": date(2026, 3, 2), "expires_on": date(2029, 3, 1),
    } | columns  # fmt: skip
    left_open = [name for name, value in columns.items() if value is None]
    return add(Certificate(client_id=client.id, **columns), *left_open)


def make_recognition(*, client: Client, certificate: Certificate | None = None, **columns: Any) -> Recognition:
    """Recognised, unless `applied_on=None` and the like say that it is being prepared."""
    columns = {"revoked_on": None, "declined_on": None} | columns
    row = Recognition(client_id=client.id, certificate_id=certificate and certificate.id, **columns)
    return add(row, *[name for name, value in columns.items() if value is None])


def make_recognition_paper(*, recognition: Recognition, evidence: Evidence, slot: str = "form") -> RecognitionPaper:
    return add(RecognitionPaper(recognition_id=recognition.id, evidence_id=evidence.id, slot=slot))
