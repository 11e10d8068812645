"""The pages of certificates: what a form keeps, and what the calendar and its reminder count."""

import pytest

from consultancy.queries import certificates
from tests.factories import entered


@pytest.fixture
def ids(stand):
    return stand.here.employers[0].ids


@pytest.fixture
def base(ids):
    return f"/northgate/clients/{ids['client']}/certificates"


def test_the_form_keeps_every_audit_of_a_cycle(app, stand, ids, consultant, base):
    page = f"{base}/{ids['certificate']}"
    days = {"second_year_on": "2026-03-20", "third_year_on": "2026-04-20", "further_on": "2026-05-20",
            "fourth_year_on": "2026-06-20"}  # fmt: skip
    answer = consultant.post(page, consultant.form(page, f"/certificates/{ids['certificate']}") | days)
    assert answer.status_code == 303
    with entered(app, stand.here.tenant):
        kept = certificates.find(ids["certificate"])
        assert {name: str(getattr(kept, name)) for name in days} == days
    assert consultant.form(page, f"/certificates/{ids['certificate']}").items() >= days.items()
