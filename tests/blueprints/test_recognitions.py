"""The pages of an application for recognition: nothing is taken out, swapped or lost that nobody meant to."""

from datetime import timedelta
from uuid import uuid4

import pytest

from consultancy.calendar import today
from consultancy.queries import evidence, recognitions
from tests.blueprints.visiting import fields_of
from tests.factories import (
    MOMENT,
    entered,
    make_client,
    make_engagement,
    make_evidence,
    make_member,
)


@pytest.fixture
def ids(stand):
    return stand.here.employers[0].ids


@pytest.fixture
def page(ids):
    return f"/northgate/clients/{ids['client']}/recognitions/{ids['recognition']}"


def held(app, stand, ids):
    with entered(app, stand.here.tenant):
        return {slot: piece.id for slot, piece in recognitions.papers(recognitions.find(ids["recognition"])).items()}


class TestPack:
    @pytest.fixture
    def laid(self, app, stand, ids, consultant, page):
        consultant.post(f"{page}/papers/report", {"evidence": str(ids["evidence"])})
        assert held(app, stand, ids) == {"report": ids["evidence"]}
        return f"{page}/papers/report"

    def pieces(self, app, stand, ids):
        """Ids of a retired file, of one that was found infected, of another client's, and of none."""
        with entered(app, stand.here.tenant):
            client = evidence.find(ids["evidence"]).client_id
            here = make_engagement(client=recognitions.find(ids["recognition"]).client, lead=make_member())
            there = make_engagement(client=make_client(), lead=make_member())
            assert here.client_id == client
            told = {"kind": "pdf", "state": "clean", "source": "document", "retired_at": None}
            return [
                make_evidence(engagement=here, **told | {"retired_at": MOMENT}).id,
                make_evidence(engagement=here, **told | {"state": "quarantined"}).id,
                make_evidence(engagement=there, **told).id,
                uuid4(),
            ]

    def test_a_file_that_may_not_go_out_is_told_and_takes_nothing_out(self, app, stand, ids, consultant, laid):
        for one in self.pieces(app, stand, ids):
            answer = consultant.post(laid, {"evidence": str(one)})
            assert (answer.status_code, answer.location[-5:]) == (303, "#pack")
            assert "Choose a clean file" in consultant.get(answer.location).text
            assert held(app, stand, ids) == {"report": ids["evidence"]}

    @pytest.mark.parametrize("fields", [{"evidence": "rubbish"}, {}])
    def test_what_is_no_id_takes_nothing_out(self, app, stand, ids, consultant, laid, fields):
        assert consultant.post(laid, fields).status_code == 404
        assert held(app, stand, ids) == {"report": ids["evidence"]}

    def test_the_empty_choice_takes_it_out(self, app, stand, ids, consultant, laid):
        assert consultant.post(laid, {"evidence": ""}).status_code == 303
        assert held(app, stand, ids) == {}

    def test_a_piece_that_the_list_has_no_room_for_is_still_offered(self, app, stand, ids, consultant, laid, page):
        with entered(app, stand.here.tenant):
            engagement = evidence.find(ids["evidence"]).engagement
            told = {"kind": "pdf", "state": "clean", "source": "document", "retired_at": None}
            later = evidence.find(ids["evidence"]).uploaded_at + timedelta(days=1)
            for _ in range(200):
                make_evidence(engagement=engagement, uploaded_at=later, **told)
        assert consultant.form(page, "/papers/report")["evidence"] == str(ids["evidence"])


def test_swapping_what_was_applied_with_is_refused_at_its_field(ids, consultant, page):
    sent = consultant.form(page, f"/recognitions/{ids['recognition']}")
    answer = consultant.post(page, sent | {"certificate_id": str(ids["certificate"])})
    assert answer.status_code == 422
    assert "was made on the strength of its certificate" in answer.text


class TestTwoAtOnce:
    def test_what_somebody_else_saved_costs_nothing_that_was_typed(self, app, stand, ids, consultant, signed_in, page):
        at = f"/recognitions/{ids['recognition']}"
        mine, owner = consultant.form(page, at), signed_in("own")
        told = {"answer-convictions": "no", "note-convictions": "Register of 2 March", "number": ""}
        assert owner.post(page, owner.form(page, at) | told).status_code == 303
        answer = consultant.post(page, mine | {"note": "Typed here.", "note-prosecution": "Asked on the phone."})
        assert answer.status_code == 409
        assert "Somebody saved this after you opened the page." in answer.text
        assert "No · Register of 2 March" in answer.text
        kept = fields_of(answer.text, at)
        assert (kept["note"], kept["note-prosecution"]) == ("Typed here.", "Asked on the phone.")
        with entered(app, stand.here.tenant):
            assert recognitions.find(ids["recognition"]).note != "Typed here."
        assert consultant.post(page, kept).status_code == 303
        with entered(app, stand.here.tenant):
            assert recognitions.find(ids["recognition"]).note == "Typed here."

    def test_no_second_one_is_offered_while_one_is_prepared(self, ids, consultant):
        for client, offered in ((ids["client"], True), (ids["clean_client"], False)):
            text = consultant.get(f"/northgate/clients/{client}/recognitions").text
            assert ("Prepare an application" in text) is offered


def test_one_begun_by_mistake_can_be_removed_from_its_page_and_one_applied_for_cannot(ids, consultant, page):
    begun = f"/northgate/clients/{ids['clean_client']}/recognitions/{ids['clean_recognition']}"
    assert "Remove: begun by mistake" not in consultant.get(page).text
    assert "so it stays on record" in consultant.post(f"{page}/remove").text
    assert "Remove: begun by mistake" in consultant.get(begun).text
    assert "The application was removed." in consultant.get(consultant.post(f"{begun}/remove").location).text
    assert consultant.get(begun).status_code == 404


def test_a_declined_application_says_so(ids, consultant, page):
    at = f"/recognitions/{ids['recognition']}"
    sent = consultant.form(page, at) | {"declined_on": str(today())}
    assert consultant.post(page, sent).status_code == 303
    assert "Declined or withdrawn" in consultant.get(page).text
