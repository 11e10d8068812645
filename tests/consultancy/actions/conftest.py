"""One consultancy with one client, in a session that has entered it."""

from types import SimpleNamespace

import pytest

from consultancy.actions import engagements
from consultancy.queries import assessments
from tests.factories import DAY, entered, found_tenant, make_client, make_member

ISO = "iso45001-2018-amd1"


@pytest.fixture
def office(database_app):
    """`session`, `client`, `member`, `other` and `open(kind)`, which answers a freshly opened engagement."""
    tenant = found_tenant(database_app, slug="northgate")
    with entered(database_app, tenant) as session:
        client, member, other = make_client(), make_member(), make_member()

        def open_one(kind="gap_analysis", **details):
            given = {"standard": ISO, "title": "Gap analysis", "language": "en", "opened_on": DAY} | details
            return engagements.open_engagement(client, kind=kind, by=member.id, **given)

        yield SimpleNamespace(session=session, client=client, member=member, other=other, open=open_one, tenant=tenant)


@pytest.fixture
def engagement(office):
    return office.open()


@pytest.fixture
def assessment(engagement):
    return assessments.of_engagement(engagement)


def close(engagement):
    engagement.closed_on = DAY
    return engagement
