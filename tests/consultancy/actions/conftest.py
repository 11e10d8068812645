"""One consultancy with one client, in a session that has entered it."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from consultancy.actions import engagements, standards
from consultancy.queries import assessments
from consultancy.standards.rules import Draft
from tests.factories import DAY, entered, found_tenant, make_client, make_member

ISO = "iso45001-2018-amd1"
QUESTION = Draft(
    code="3.01", title="Hierarchy of controls", element="3", question="Who chose the control?", points=4,
    rule="range", documentation=4, interview=4, legislated=True,
)  # fmt: skip


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


@pytest.fixture
def begin(office):
    def begin_one(kind="questions", **details):
        based_on = {"questions": "cor2020", "overlay": "csa-z45001-2019"}.get(kind, "")
        given = {"name": "Our COR questions", "version": "2026", "source": "Licence of 2026", "by_points": False}
        given |= {"based_on": based_on, "marks": None}
        return standards.begin_standard(kind=kind, by=office.member.id, **given | details)

    return begin_one


@pytest.fixture
def write(office):
    def write_one(standard, **changed):
        return standards.write_requirement(standard, draft=replace(QUESTION, **changed), by=office.member.id)

    return write_one


@pytest.fixture
def publish(office):
    def publish_one(standard):
        standards.publish_standard(standard, licence_confirmed=True, revision=standard.revision, by=office.member.id)
        return standard

    return publish_one


def close(engagement):
    engagement.closed_on = DAY
    return engagement
