"""Who judges one site stays at that site, through the pages that the clause desk leads to."""

import io

import pytest

from consultancy.actions import ratings
from consultancy.models.assessment import Assessment
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from tests.document_templates.test_evidence import pdf
from tests.factories import entered, make_engagement_site, make_evidence, make_site

pytestmark = pytest.mark.usefixtures("storage")


@pytest.fixture
def ids(stand):
    return stand.here.employers[0].ids


@pytest.fixture
def path(ids):
    return f"/northgate/engagements/{ids['engagement']}"


@pytest.fixture
def at(app, stand, ids):
    """`?site=` of a plant in scope, whose 8.2 is rated otherwise than that of the whole client."""
    with entered(app, stand.here.tenant) as session:
        tenant = stand.here.tenant
        engagement = session.get_one(Engagement, (tenant, ids["engagement"]))
        plant = make_site(client=session.get_one(Client, (tenant, ids["client"])), name="Plant 2")
        make_engagement_site(engagement=engagement, site=plant)
        make_evidence(engagement=engagement, title="Drill log")
        assessment = session.get_one(Assessment, (tenant, ids["assessment"]))
        for site, words in ((None, "Drill the whole firm."), (plant.id, "Drill the plant.")):
            ratings.rate_requirement(
                assessment, requirement="8.2", site=site, revision=0, by=None, state="rated", level=0,
                recommendation=words,
            )  # fmt: skip
        return f"?site={plant.id}"


def test_choosing_evidence_from_a_site_leads_back_to_that_site(consultant, path, at):
    desk = f"{path}/assessment/8.2"
    choose = f"{desk}/evidence"
    assert f'href="{choose}{at}"' in consultant.get(desk + at).text
    page = consultant.get(choose + at).text
    assert f'href="{desk}{at}"' in page
    link = next(part for part in page.split('action="') if part.partition('"')[0].endswith(f"/links{at}"))
    fields = {"engagement": path.rpartition("/")[2], "requirement": "8.2", "then": "desk"}
    assert consultant.post(link.partition('"')[0], fields).location == desk + at


def test_searching_the_shelf_for_a_site_keeps_the_site(consultant, path, at):
    page = consultant.get(f"{path}/assessment/8.2/evidence{at}").text
    assert f'name="site" value="{at.partition("=")[2]}"' in page


def test_evidence_brought_in_at_a_site_comes_back_to_it(consultant, path, at):
    sent = {"files": [(io.BytesIO(pdf()), "Log.pdf")], "source": "record", "requirement": "8.2", "then": "desk"}
    assert f'action="{path}/evidence{at}"' in consultant.get(f"{path}/assessment/8.2{at}").text
    assert consultant.post(f"{path}/evidence{at}", sent).location == f"{path}/assessment/8.2{at}"


def test_a_finding_begun_at_a_site_takes_the_words_of_that_site_and_leads_back(consultant, path, at):
    new = f"{path}/findings/new{at}&requirement=8.2"
    desk = consultant.get(f"{path}/assessment/8.2{at}").text
    assert f'href="{path}/findings/new?requirement=8.2&amp;{at[1:]}"' in desk
    page = consultant.get(new).text
    assert "Drill the plant." in page
    assert "Drill the whole firm." not in page
    assert f'href="{path}/assessment/8.2{at}"' in page
    assert "Drill the whole firm." in consultant.get(f"{path}/findings/new?requirement=8.2").text


@pytest.mark.parametrize("page", ["assessment/8.2/evidence", "findings/new"])
def test_a_site_that_is_not_in_scope_is_not_found_there_either(consultant, path, stand, page):
    other = stand.here.employers[1].ids["site"]
    assert consultant.get(f"{path}/{page}?site={other}").status_code == 404
