"""Each noun by its pages: made, changed, refused with the words kept, stale, closed."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from tenants.models import Membership
from tests.blueprints.offices import Stand
from tests.blueprints.requests import ACTION, CLIENT, ENGAGEMENT, FINDING, ROWS, asked
from tests.blueprints.visiting import digest
from tests.consultancy.actions.conftest import close
from tests.factories import entered
from tests.walls import connection_of

CLOSES = (
    "M.E3", "M.E4", "M.G1", "M.N2", "M.G2", "M.G5", "M.V1", "M.V2w", "M.V3", "M.V4",
    "M.V5", "M.F1c", "M.F3", "M.F4", "M.K2", "M.K4", "M.K5", "M.K6", "M.K7",
    "M.K8", "M.Q2", "M.Q5", "M.Q6", "M.Q7",
)  # fmt: skip


@pytest.fixture
def at(stand: Stand):
    """The address of one of the first employer's rows: at("clients", "client") and so on."""
    ids = stand.here.employers[0].ids

    def address(noun, word, rest=""):
        return f"/northgate/{noun}/{ids[word]}{rest}"

    return address


@pytest.fixture
def closed(app, stand):
    """The first employer's engagements are closed."""
    with entered(app, stand.here.tenant) as session:
        for word in ("engagement", "program"):
            close(session.get_one(Engagement, (stand.here.tenant, stand.here.employers[0].ids[word])))


def codes(app, stand):
    with entered(app, stand.here.tenant) as session:
        return set(session.scalars(sa.select(Client.code)))


class TestClients:
    def test_a_client_is_taken_on(self, app, stand, consultant):
        made = consultant.post("/northgate/clients", CLIENT | {"code": "harrow", "revision": 0})
        page = consultant.get(made.location).text
        assert "Harrow Millwork Ltd." in page
        assert codes(app, stand) >= {"HARROW"}
        assert "The client was added." in page

    def test_without_a_code_the_first_word_of_the_name_is_taken(self, app, stand, consultant):
        consultant.post("/northgate/clients", CLIENT | {"code": "", "revision": 0})
        assert codes(app, stand) >= {"HARROW"}

    def test_a_code_that_is_taken_is_refused_with_the_words_kept(self, consultant):
        consultant.post("/northgate/clients", CLIENT | {"code": "HARROW", "revision": 0})
        again = consultant.post(
            "/northgate/clients", CLIENT | {"code": "HARROW", "note": "Typed at length.", "revision": 0}
        )
        assert again.status_code == 422
        assert "Typed at length." in again.text
        assert "Another client has this code." in again.text

    @pytest.mark.parametrize(
        "fields",
        [
            {"legal_name": ""}, {"legal_name": "x" * 161}, {"legal_name": "\x00\x01 "}, {"headcount": "many"},
            {"headcount": "-1"}, {"headcount": "1e309"}, {"headcount": "NaN"}, {"target_date": "2026-02-30"},
            {"target_date": "0001-01-01"}, {"target_date": "9999-12-31"}, {"sector": "witchcraft"},
            {"language": "de"}, {"jurisdiction": ""}, {"note": "x" * 50_001}, {"wsib_schedule": "3"},
            {"revision": "1; drop table"}, {"revision": "12x"}, {"revision": "-1"}, {"revision": "9" * 40},
            {"naics_code": "x" * 7},
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_and_nothing_changes(self, app, stand, consultant, at, fields):
        before = digest(connection_of(app), stand.here.tenant)
        good = CLIENT | {"revision": stand.here.employers[0].revisions["client"]}
        answer = consultant.post(at("clients", "client"), good | fields)
        assert answer.status_code == 422
        assert digest(connection_of(app), stand.here.tenant) == before

    @pytest.mark.parametrize("text", [
        "<img src=x onerror=alert(1)>", "{{7*7}}", "'; DROP TABLE client; --", '=HYPERLINK("http://e","x")',
        "\U0001f600 été",
        "{% for x in y %}", "\u202eevil\u202c",
    ])  # fmt: skip
    def test_text_is_kept_as_typed_and_shown_as_text(self, consultant, text):
        made = consultant.post("/northgate/clients", CLIENT | {"legal_name": text, "code": "ODD", "revision": 0})
        page = consultant.get(made.location).text
        assert "<img src=x" not in page
        fields = consultant.form(f"{made.location}/edit", made.location)
        assert fields["legal_name"] == text

    def test_a_form_sent_back_unchanged_changes_nothing(self, app, stand, consultant, at):
        fields = consultant.form(at("clients", "client", "/edit"), at("clients", "client"))
        before = digest(connection_of(app), stand.here.tenant)
        fields |= {"participation_body": "jhsc"}
        assert consultant.post(at("clients", "client"), fields).status_code == 303
        assert digest(connection_of(app), stand.here.tenant) == before

    def test_a_page_that_is_out_of_date_is_409(self, consultant, at):
        fields = consultant.form(at("clients", "client", "/edit"), at("clients", "client"))
        assert consultant.post(at("clients", "client"), fields | {"headcount": "81"}).status_code == 303
        assert consultant.post(at("clients", "client"), fields | {"headcount": "82"}).status_code == 409
        assert "81 people" in consultant.get(at("clients", "client")).text

    def test_columns_that_no_form_offers_cannot_be_smuggled_in(self, app, stand, consultant, at):
        smuggled = {
            "tenant_id": str(stand.elsewhere.tenant),
            "id": str(uuid4()),
            "code": "STOLEN",
            "created_at": "1999-01-01",
        }
        fields = consultant.form(at("clients", "client", "/edit"), at("clients", "client"))
        assert consultant.post(at("clients", "client"), fields | smuggled).status_code == 303
        assert "STOLEN" not in codes(app, stand)

    @pytest.mark.parametrize(
        "query", ["q=%00", "q=%25%27%22_", "q=" + "x" * 5000, "page=-1", "page=99999999999", "page=x"]
    )
    def test_a_strange_search_finds_nothing_and_breaks_nothing(self, consultant, query):
        assert consultant.get(f"/northgate/clients?{query}").status_code == 200

    def test_a_search_takes_percent_and_underscore_for_what_they_are(self, consultant):
        consultant.post("/northgate/clients", CLIENT | {"code": "HARROW", "revision": 0})
        assert "Harrow" in consultant.get("/northgate/clients?q=harrow").text
        assert "Harrow" not in consultant.get("/northgate/clients?q=har%25w").text
        assert "Harrow" not in consultant.get("/northgate/clients?q=harro_").text


class TestEngagements:
    def new(self, consultant, at, **fields):
        return consultant.post(at("clients", "client", "/engagements"), ENGAGEMENT | fields)

    @pytest.mark.parametrize("kind", ["gap_analysis", "program_development", "pre_audit"])
    @pytest.mark.parametrize("standard", ["iso45001-2018-amd1", "cor2020"])
    def test_an_engagement_is_opened_and_every_page_of_it_shows(self, consultant, at, kind, standard):
        made = self.new(consultant, at, kind=kind, standard=standard)
        assert made.status_code == 303
        for rest in ("", "/texts", "/assessment", "/findings", "/findings/new", "/corrective-actions", "/register",
                     "/deliverables", "/checklists", "/field-workbooks"):  # fmt: skip
            assert consultant.get(made.location + rest).status_code == 200

    @pytest.mark.parametrize(
        "fields",
        [{"title": ""}, {"standard": "iso9001"}, {"kind": "hsep_plan"}, {"kind": "x"}, {"opened_on": ""},
         {"site_visit_from": "2026-04-02", "site_visit_to": "2026-04-01"}],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_with_the_words_kept(self, consultant, at, fields):
        answer = self.new(consultant, at, independence_note="Typed at length.", **fields)
        assert answer.status_code == 422
        assert "Typed at length." in answer.text

    def test_a_lead_of_another_consultancy_is_refused(self, app, stand, consultant, at):
        before = digest(connection_of(app), stand.here.tenant, stand.elsewhere.tenant)
        with entered(app, stand.elsewhere.tenant) as session:
            theirs = session.scalars(sa.select(Membership.id).where(Membership.role == "owner")).one()
        for lead in (theirs, uuid4(), "x"):
            assert self.new(consultant, at, lead=str(lead)).status_code == 422
        assert digest(connection_of(app), stand.here.tenant, stand.elsewhere.tenant) == before

    def test_somebody_who_left_or_works_for_a_client_cannot_lead(self, app, stand, consultant, at):
        with entered(app, stand.here.tenant) as session:
            people = [stand.people[word][0] for word in ("off", "cli")]
            members = list(session.scalars(sa.select(Membership.id).where(Membership.person_id.in_(people))))
        assert [self.new(consultant, at, lead=str(member)).status_code for member in members] == [422, 422]

    def test_a_site_of_another_client_is_refused(self, app, stand, consultant, at):
        before = digest(connection_of(app), stand.here.tenant)
        for employer in (stand.here.employers[1], stand.elsewhere.employers[0]):
            assert self.new(consultant, at, sites=str(employer.ids["site"])).status_code == 422
        assert digest(connection_of(app), stand.here.tenant) == before
        assert self.new(consultant, at, sites=str(stand.here.employers[0].ids["site"])).status_code == 303

    def test_a_stage_that_is_not_running_is_409(self, consultant, at):
        for stage in ("review", "", "no-stage"):
            assert (
                consultant.post(at("engagements", "engagement", "/finish-stage"), {"stage": stage}).status_code == 409
            )

    def test_texts_out_of_date_are_409(self, consultant, at):
        path = at("engagements", "engagement", "/texts")
        fields = consultant.form(path, path) | {"headline": "Mine."}
        assert consultant.post(path, fields).status_code == 303
        assert consultant.post(path, fields | {"headline": "Theirs."}).status_code == 409


class TestRating:
    JSON = {"Accept": "application/json"}

    def path(self, at, requirement="4.1"):
        return at("engagements", "engagement", f"/assessment/{requirement}")

    def test_the_script_is_told_the_revision_to_send_next(self, consultant, at):
        first = consultant.post(self.path(at), {"rating": "1", "revision": 0}, headers=self.JSON).json
        second = consultant.post(
            self.path(at), {"owner_text": "Dana", "revision": first["revision"]}, headers=self.JSON
        ).json
        assert second["revision"] == first["revision"] + 1

    def test_saving_leads_to_the_next_requirement(self, consultant, at):
        answer = consultant.post(self.path(at), {"rating": "1", "revision": 0, "then": "next"})
        assert answer.location == self.path(at, "4.2")

    @pytest.mark.parametrize(
        "fields", [{"rating": "4"}, {"rating": "-0"}, {"rating": "NaN"}, {"rating": "1e309"}, {"rating": "true"},
                   {"rating": "3.0"}, {"rating": "not_applicable"}, {"due": "soon"}, {"recommendation": "x" * 50_001},
                   {"owner_text": "x" * 121}, {"priority": "urgent"}, {"method": "dream"}, {"revision": ""}],
    )  # fmt: skip
    @pytest.mark.parametrize("headers", [{}, JSON], ids=["page", "script"])
    def test_what_cannot_be_is_refused_and_nothing_changes(self, app, stand, consultant, at, fields, headers):
        before = digest(connection_of(app), stand.here.tenant)
        answer = consultant.post(self.path(at), {"rating": "1", "revision": "0"} | fields, headers=headers)
        assert answer.status_code == 422
        assert digest(connection_of(app), stand.here.tenant) == before

    def test_a_rating_sent_without_its_revision_is_422(self, consultant, at):
        assert consultant.post(self.path(at), {"rating": "1"}).status_code == 422

    @pytest.mark.parametrize("headers", [{}, JSON], ids=["page", "script"])
    def test_both_texts_stand_side_by_side_when_two_people_wrote(self, consultant, signed_in, at, headers):
        fields = {"recommendation": "Their words.", "revision": 0}
        signed_in("own").post(self.path(at), fields)
        clash = consultant.post(self.path(at), fields | {"recommendation": "My words."}, headers=headers)
        assert clash.status_code == 409
        assert "Their words." in clash.text
        assert "My words." in clash.text

    def test_who_touches_another_field_is_not_asked(self, consultant, signed_in, at):
        first = consultant.post(self.path(at), {"rating": "1", "revision": 0}, headers=self.JSON).json["revision"]
        signed_in("own").post(self.path(at), {"owner_text": "Dana", "revision": first})
        answer = consultant.post(self.path(at), {"recommendation": "Write it.", "revision": first}, headers=self.JSON)
        assert answer.status_code == 200
        assert 'value="Dana"' in consultant.get(self.path(at)).text

    def test_a_requirement_of_no_standard_is_404(self, consultant, at):
        for word in ("99.9", "4", "..", "%00"):
            assert consultant.post(self.path(at, word), {"rating": "1", "revision": 0}).status_code in (404, 405)

    def test_an_observation_of_another_engagement_is_404(self, stand, consultant, at):
        theirs = stand.here.employers[1].ids["observation"]
        fields = {"text": "Mine.", "revision": stand.here.employers[1].revisions["observation"]}
        assert consultant.post(at("engagements", "engagement", f"/observations/{theirs}"), fields).status_code == 404


class TestFindingsAndActions:
    def test_a_finding_is_raised_changed_and_out_of_date(self, consultant, at):
        consultant.post(at("engagements", "engagement", "/findings"), FINDING | {"revision": 0})
        assert "No list exists." in consultant.get(at("engagements", "engagement", "/findings")).text
        fields = consultant.form(at("findings", "finding"), at("findings", "finding"))
        assert consultant.post(at("findings", "finding"), fields | {"title": "Another sentence."}).status_code == 303
        assert consultant.post(at("findings", "finding"), fields | {"title": "A third."}).status_code == 409

    @pytest.mark.parametrize("fields", [{"title": ""}, {"statement": ""}, {"grade": "fatal"}, {"requirement": "99"}])
    def test_a_finding_that_cannot_be_is_refused_with_the_words_kept(self, consultant, at, fields):
        answer = consultant.post(
            at("engagements", "engagement", "/findings"), FINDING | {"why": "Typed at length.", "revision": 0} | fields
        )
        assert answer.status_code == 422
        assert "Typed at length." in answer.text

    def test_an_action_verified_by_its_owner_is_refused_with_the_words_kept(self, consultant, at):
        fields = ACTION | {"verified_by": " DANA ", "proof": "Typed at length.", "revision": 0}
        for path in (at("findings", "finding", "/corrective-actions"), at("corrective-actions", "action")):
            answer = consultant.post(path, fields | {"revision": "1"})
            if answer.status_code == 409:
                fields = fields | {"revision": consultant.form(path, path)["revision"]}
                answer = consultant.post(path, fields)
            assert answer.status_code == 422
            assert "Typed at length." in answer.text

    def test_an_action_out_of_date_is_409(self, consultant, at):
        path = at("corrective-actions", "action")
        fields = consultant.form(path, path) | ACTION
        assert consultant.post(path, fields).status_code == 303
        assert consultant.post(path, fields | {"action": "Other words."}).status_code == 409

    def test_a_finding_with_open_actions_stays_open(self, consultant, at):
        fields = consultant.form(at("findings", "finding"), at("findings", "finding"))
        assert consultant.post(at("findings", "finding"), fields | {"status": "closed"}).status_code == 409


class TestTheRegister:
    @pytest.fixture
    def path(self, at):
        return at("engagements", "program", "/register")

    def test_the_form_as_it_is_shown_is_taken(self, consultant, path):
        assert consultant.post(path, consultant.form(path, path) | {"state-P1": "needs_work"}).status_code == 303

    def test_not_needed_without_a_reason_is_refused(self, consultant, path):
        answer = consultant.post(path, {"state-P1": "not_needed", "note-P1": " ", "revision-P1": 1})
        assert answer.status_code == 422
        assert "Say why it is not needed." in answer.text

    @pytest.mark.parametrize(
        "fields", [{"state-P1": "lost"}, {"note-P1": "x" * 2001}, {"revision-P1": None}, {"revision-P1": "1x"}]
    )
    def test_what_cannot_be_is_422(self, consultant, path, fields):
        sent = {"state-P1": "needs_work", "note-P1": "", "revision-P1": 1} | fields
        kept = {name: value for name, value in sent.items() if value is not None}
        assert consultant.post(path, kept).status_code == 422

    def test_a_stale_entry_is_409(self, consultant, path):
        sent = {"state-P1": "needs_work", "note-P1": "", "revision-P1": 1}
        assert consultant.post(path, sent).status_code == 303
        assert consultant.post(path, sent | {"state-P1": "missing"}).status_code == 409


def test_a_closed_engagement_answers_409_to_every_change(app, stand, consultant, closed, at):
    employer = stand.here.employers[0]
    for row in (row for row in ROWS if row["id"] in CLOSES):
        request = asked(row, slug="northgate", employer=employer)
        fields = request.fields | ({"revision": employer.revisions["engagement"] + 1} if row["id"] == "M.E4" else {})
        assert (row["id"], consultant.post(request.path, fields).status_code) == (row["id"], 409)
