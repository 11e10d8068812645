"""The pages of rebates: forms that lose nothing, a working that can be read, nothing of another client."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from consultancy.models.premium import Premium
from tests.factories import entered, make_client, make_premium


@pytest.fixture
def base(stand):
    return f"/northgate/clients/{stand.here.employers[0].ids['client']}"


def test_a_premium_becomes_an_outlook_with_its_working(app, stand, consultant):
    with entered(app, stand.here.tenant):
        client = make_client(wsib_schedule=1, headcount=14).id
    base = f"/northgate/clients/{client}"
    assert "No premiums yet" in consultant.get(f"{base}/rebates").text
    sent = {"year": "2024", "amount": "11840.00", "predictability": "low"}
    assert consultant.post(f"{base}/premiums", sent).status_code == 303
    page = consultant.get(f"{base}/rebates?on=2026-11-27").text
    assert "Estimate for a plan of 5 topics: $11,000 (estimate)." in page
    assert "from secondary pages, to be checked" in page
    assert "On 1 June 2023 the old rule stands." in consultant.get(f"{base}/rebates?on=2023-06-01").text
    assert consultant.get(f"{base}/rebates?on=nonsense&year=x").status_code == 200


def test_a_band_that_nobody_entered_is_asked_for_on_the_page_with_its_link(app, stand, consultant):
    with entered(app, stand.here.tenant):
        client = make_client(wsib_schedule=1, headcount=14)
        make_premium(client=client, amount=Decimal("148210.40"))
        client = client.id
    base = f"/northgate/clients/{client}/rebates"
    asked = "read it in the Program Manual and enter it with its source"
    page = consultant.get(f"{base}?on=2026-11-27").text
    assert (asked in page, page.count('href="/northgate/premium-bands"')) == (True, 2)
    assert asked not in consultant.get(f"{base}?on=2023-06-01").text


def test_a_client_of_schedule_2_is_not_asked_for_premiums(app, stand, consultant):
    with entered(app, stand.here.tenant):
        client = make_client(wsib_schedule=2).id
    page = consultant.get(f"/northgate/clients/{client}/rebates").text
    assert "Neither program pays this client a rebate." in page
    assert ("No premiums yet" in page, "Enter premiums" in page) == (False, False)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"amount": "0"}, "Premiums are more than nothing."),
        ({"amount": "-5"}, "Premiums are more than nothing."),
        ({"amount": "NaN"}, "An amount in dollars"),
        ({"amount": "1e99"}, "An amount in dollars"),
        ({"amount": ""}, "This is needed."),
        ({"year": "1812"}, "Premiums are those of a year from 2000"),
        ({"year": "99999999999999999999"}, "Premiums are those of a year from 2000"),
    ],
)
def test_a_form_that_is_refused_says_why_and_keeps_what_was_typed(app, stand, consultant, base, changed, sentence):
    sent = {"year": "2024", "amount": "123.45", "predictability": "high"} | changed
    answer = consultant.post(f"{base}/premiums", sent)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert '<option selected value="high">' in answer.text
    with entered(app, stand.here.tenant) as session:
        assert session.scalars(sa.select(Premium).where(Premium.year == 2024)).all() == []


def test_a_row_of_another_client_is_not_there(app, stand, consultant, base):
    theirs = stand.here.employers[1].ids
    for path in (f"premiums/{theirs['premium']}/remove", f"sose-amounts/{theirs['sose_amount']}/remove"):
        assert consultant.post(f"{base}/{path}", {}).status_code == 404


def test_bands_are_said_as_amounts_are_said_everywhere(consultant):
    page = consultant.get("/northgate/premium-bands").text
    assert ("$1 – $50,000" in page, "$5,000,001 and more" in page) == (True, True)


def test_a_band_is_refused_in_words_beside_its_field(consultant):
    sent = {"lowest": "1", "highest": "9", "amount": "5", "source": "", "seen_on": "2026-03-02"}
    answer = consultant.post("/northgate/premium-bands", sent)
    assert (answer.status_code, "Say where it was read" in answer.text) == (422, True)
    answer = consultant.post("/northgate/premium-bands", sent | {"source": "Manual"})
    assert (answer.status_code, "lie in the band 1 to 50000 already" in answer.text) == (422, True)
