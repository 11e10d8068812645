"""A consultancy may restrict its consultants to the clients they are assigned to: the rest does not exist for them."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from consultancy.models.bulk_request import BulkRequest
from consultancy.models.client import Client
from consultancy.models.engagement import Assignment, Engagement
from consultancy.queries.reach import OF_THE_OFFICE, client_of, reaches
from tenants.models import Membership, Tenant
from tests.blueprints.requests import CLIENT, ENGAGEMENT, ROWS, asked
from tests.blueprints.visiting import without_marks
from tests.factories import entered, make_assignment
from tests.walls import MODELS

ROWS_OF_A_CLIENT = [row for row in ROWS if row["conx"] == "4" and row["con"] == "Y" and "<uuid:" in row["route"]]
READ = [row for row in ROWS_OF_A_CLIENT if row["method"] == "GET" and row["resource"] != "bulk_request"]


def named(row):
    return row["id"]


@pytest.fixture
def tenant(stand):
    return stand.here.tenant


def restrict(app, tenant, on=True):
    with entered(app, tenant) as session:
        session.get_one(Tenant, tenant).restrict_consultants = on


def member(session, stand, word):
    return session.scalars(sa.select(Membership).where(Membership.person_id == stand.people[word][0])).one()


def assign(app, stand, employer=0):
    """The consultant without clients is assigned to an employer's engagement."""
    with entered(app, stand.here.tenant) as session:
        key = (stand.here.tenant, stand.here.employers[employer].ids["engagement"])
        make_assignment(engagement=session.get_one(Engagement, key), member=member(session, stand, "conx"))


def test_a_client_that_a_restricted_consultant_takes_on_is_theirs_to_see(app, stand, tenant, signed_in):
    restrict(app, tenant)
    consultant = signed_in("conx")
    made = consultant.post("/northgate/clients", CLIENT | {"code": "NEWONE", "revision": 0})
    assert made.status_code == 303
    assert consultant.get(made.location).status_code == 200
    assert "Harrow Millwork" in consultant.get("/northgate/clients").text


def unassign(app, stand):
    with entered(app, stand.here.tenant) as session:
        mine = Assignment.membership_id == member(session, stand, "conx").id
        session.execute(sa.delete(Assignment).where(mine))


@pytest.fixture
def outside(signed_in):
    return signed_in("conx")


def path_of(stand, noun="clients", word="client", employer=0):
    return f"/northgate/{noun}/{stand.here.employers[employer].ids[word]}"


def test_where_consultants_are_not_restricted_they_see_every_client(stand, outside):
    assert outside.get(path_of(stand)).status_code == 200
    assert outside.get(path_of(stand, employer=1)).status_code == 200


@pytest.mark.parametrize("row", ROWS_OF_A_CLIENT, ids=named)
def test_what_is_out_of_reach_is_answered_like_what_does_not_exist(app, stand, tenant, outside, row):
    restrict(app, tenant)
    answers = []
    for ids in (None, lambda _word: uuid4()):
        request = asked(row, slug="northgate", employer=stand.here.employers[0], ids=ids)
        answer = outside.get(request.path) if row["method"] == "GET" else outside.post(request.path, request.fields)
        answers.append((answer.status_code, sorted(answer.headers.keys()), without_marks(answer, *request.ids)))
    assert answers[0][0] == 404
    assert answers[0] == answers[1]


@pytest.mark.parametrize("row", READ, ids=named)
def test_an_assignment_opens_the_clients_pages_and_its_end_shuts_them_within_one_request(
    app, stand, tenant, outside, row
):
    restrict(app, tenant)
    path = asked(row, slug="northgate", employer=stand.here.employers[0]).path
    other = asked(row, slug="northgate", employer=stand.here.employers[1]).path
    assert outside.get(path).status_code == 404
    assign(app, stand)
    assert outside.get(path).status_code == 200
    assert outside.get(other).status_code == 404
    unassign(app, stand)
    assert outside.get(path).status_code == 404


def test_the_toggle_works_within_one_request(app, stand, tenant, outside):
    for on, status in ((True, 404), (False, 200), (True, 404)):
        restrict(app, tenant, on)
        assert outside.get(path_of(stand)).status_code == status


def test_who_leads_an_engagement_reaches_its_client_without_an_assignment(app, stand, tenant, outside):
    restrict(app, tenant)
    with entered(app, tenant) as session:
        engagement = session.get_one(Engagement, (tenant, stand.here.employers[1].ids["engagement"]))
        engagement.lead_id = member(session, stand, "conx").id
    assert outside.get(path_of(stand, employer=1)).status_code == 200
    assert outside.get(path_of(stand)).status_code == 404


class TestThePortfolio:
    @pytest.fixture
    def names(self, app, stand, tenant):
        with entered(app, tenant) as session:
            return [session.get_one(Client, (tenant, employer.ids["client"])).name for employer in stand.here.employers]

    def test_lists_counts_and_finds_the_reached_clients_alone(self, app, stand, tenant, outside, names):
        restrict(app, tenant)
        assert not any(name in outside.get("/northgate/clients").text for name in names)
        assign(app, stand, employer=1)
        page = outside.get("/northgate/clients").text
        assert names[1] in page
        assert names[0] not in page
        assert "1 to 1 of 1" in page
        assert "1 client" in page
        ids = [stand.here.employers[place].ids["client"] for place in (0, 1)]
        found = [outside.get(f"/northgate/clients?q={name}").text for name in names]
        assert f"/northgate/clients/{ids[0]}" not in found[0]
        assert f"/northgate/clients/{ids[1]}" in found[1]

    def test_owners_and_administrators_see_all(self, app, stand, tenant, signed_in, names):
        restrict(app, tenant)
        for word in ("own", "adm", "con"):
            page = signed_in(word).get("/northgate/clients").text
            assert all(name in page for name in names)

    def test_no_engagement_is_opened_for_a_client_out_of_reach(self, app, stand, tenant, outside):
        restrict(app, tenant)
        assert outside.post(path_of(stand) + "/engagements", ENGAGEMENT).status_code == 404


def test_a_row_of_the_field_that_tells_no_client_is_out_of_reach(app, stand, tenant):
    """Whatever a new page loads, a restricted consultant reaches it only if its client is known."""
    with entered(app, tenant) as session:
        mine = member(session, stand, "con")
        for model in MODELS:
            row = session.scalars(sa.select(model)).first()
            known = row is not None and type(row).__module__.startswith("consultancy.models.")
            if known and client_of(row) is None and not isinstance(row, (*OF_THE_OFFICE, BulkRequest)):
                assert not reaches(mine.id, row)


def test_of_bulk_requests_a_restricted_consultant_reaches_their_own(app, stand, tenant, signed_in):
    restrict(app, tenant)
    asked_for = stand.here.employers[0].ids["bulk_request"]
    assert signed_in("con").get(f"/northgate/deliverables/bulk/{asked_for}").status_code == 200
    assign(app, stand)
    assert signed_in("conx").get(f"/northgate/deliverables/bulk/{asked_for}").status_code == 404
