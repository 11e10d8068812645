"""An employer that the OHSA does not reach is said to be one, before an engagement is opened and on its page."""

from consultancy.models.client import Client
from tests.factories import entered


def test_a_federally_regulated_employer_is_warned_of(app, stand, signed_in):
    ids, consultant = stand.here.employers[0].ids, signed_in("con")
    pages = (f"/northgate/clients/{ids['client']}/engagements/new", f"/northgate/engagements/{ids['engagement']}")
    assert not any("Canada Labour Code" in consultant.get(page).text for page in pages)
    with entered(app, stand.here.tenant) as session:
        session.get_one(Client, (stand.here.tenant, ids["client"])).jurisdiction = "federal"
    assert all("Canada Labour Code" in consultant.get(page).text for page in pages)
