"""The pages of training: a matrix that can be filtered, forms that lose nothing, a gap on its way through."""

import re
from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa

from consultancy.models.finding import Finding
from consultancy.models.training import TrainingRecord, Worker
from tests.factories import (
    entered,
    make_client,
    make_course_need,
    make_training_record,
    make_worker,
)


@pytest.fixture
def ids(stand):
    return stand.here.employers[0].ids


@pytest.fixture
def base(ids):
    return f"/northgate/clients/{ids['client']}/training"


def crowd(app, stand, people=120):
    """A client with many people, every fourth of whom lacks first aid."""
    with entered(app, stand.here.tenant):
        client = make_client()
        make_course_need(client=client, role="Welder", course="FA-S")
        for number in range(people):
            worker = make_worker(client=client, name=f"Person {number:03}", roles="Welder", shift="days")
            if number % 4:
                make_training_record(worker=worker, course="FA-S")
        return client.id


class TestMatrix:
    def test_it_shows_fifty_people_a_page_and_filters_before_it_cuts(self, app, stand, consultant):
        base = f"/northgate/clients/{crowd(app, stand)}/training"
        first, third = consultant.get(base).text, consultant.get(f"{base}?page=3").text
        assert (first.count('<th scope="row">'), third.count('<th scope="row">')) == (50, 20)
        assert "Covered: 75 % of what the people shown need (90 of 120)." in first
        missing = consultant.get(f"{base}?status=missing&role=Welder").text
        assert missing.count('<th scope="row">') == 30
        assert "Covered: 0 %" in missing
        assert "1 to 30 of 30" in missing
        assert "Person 007" in consultant.get(f"{base}?q=son+007").text
        assert "Nobody fits" in consultant.get(f"{base}?site=Nowhere").text

    def test_an_address_that_was_typed_wrong_shows_more_and_never_an_error(self, app, stand, consultant, base):
        assert "FA-S" in consultant.get(base).text
        assert consultant.get(f"{base}?status=nonsense&page=999999").status_code == 200


class TestForms:
    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"name": "", "number": "", "roles": "Kept role"}, "Give a name or a number."),
            ({"name": "x" * 121, "roles": "Kept role"}, "At most 120 characters."),
            ({"name": "Robin", "roles": "Kept role", "started_on": "1800-01-01"}, "A day between 1990 and 2100."),
        ],
    )
    def test_a_refused_person_is_still_in_the_form(self, consultant, base, fields, words):
        answer = consultant.post(f"{base}/people", fields | {"revision": 0})
        assert answer.status_code == 422
        assert words in answer.text
        assert "Kept role" in answer.text

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"done_on": "2098-01-01"}, "That day has not come yet."),
            ({"done_on": "2025-01-02", "expires_on": "2025-01-01"}, "It cannot end before it was done."),
            ({"done_on": "2025-01-02", "verified": "y", "proof": ""}, "Verified needs the day"),
            ({"course": "JUGGLING"}, "Not a valid choice"),
            ({"done_on": "2020-01-02", "course": "WHMIS"}, "WHMIS of that day is recorded already."),
        ],
    )
    def test_a_refused_record_is_still_in_the_form(self, consultant, base, ids, fields, words):
        answer = consultant.post(f"{base}/people/{ids['worker']}/records", {"course": "WAH", "proof": "Kept"} | fields)
        assert answer.status_code == 422
        assert words in answer.text

    @pytest.mark.parametrize(
        ("fields", "words", "kept"),
        [
            ({"proof": "", "evidence": ""}, "what was seen", ""),
            ({"proof": "x" * 161, "evidence": ""}, "At most 160 characters.", "x" * 161),
            ({"proof": "Card 4711", "evidence": "nonsense"}, "form-errors", "Card 4711"),
        ],
    )
    def test_a_refused_proof_is_still_in_the_form_of_its_record(
        self, app, stand, consultant, base, ids, fields, words, kept
    ):
        with entered(app, stand.here.tenant) as session:
            worker = session.get_one(Worker, (stand.here.tenant, ids["worker"]))
            make_training_record(worker=worker, course="AED", done_on=date(2026, 2, 1), verified=False)
            record = make_training_record(worker=worker, course="TDG", done_on=date(2026, 1, 5), verified=False)
            address = f"{base}/records/{record.id}/verify"
        answer = consultant.post(address, fields)
        assert answer.status_code == 422
        assert answer.text.count("<details class=\"mt-2\" open>") == 1
        opened = answer.text.split('<details class="mt-2" open>')[1].split("</details>")[0]
        assert f'action="{address}"' in opened
        assert words in opened
        assert f'value="{kept}"' in opened

    def test_somebody_elses_person_is_not_found_under_this_client(self, stand, consultant, base):
        theirs = stand.here.employers[1].ids
        for path in (f"people/{theirs['worker']}", f"import/{theirs['training_list']}"):
            assert consultant.get(f"{base}/{path}").status_code == 404
        for path in (f"records/{theirs['training_record']}/remove", f"needs/{theirs['need']}/remove"):
            assert consultant.post(f"{base}/{path}", {}).status_code == 404

    def test_an_exemption_without_a_reason_is_refused(self, consultant, base):
        refused = consultant.post(f"{base}/needs", {"role": "Office", "course": "WAH", "exempt": "y"})
        assert (refused.status_code, "Say why the role is exempt." in refused.text) == (422, True)
        told = {"role": "Office", "course": "WAH", "exempt": "y", "reason": "No <heights>."}
        assert consultant.post(f"{base}/needs", told).status_code == 303
        assert "No &lt;heights&gt;." in consultant.get(f"{base}/needs").text


class TestLists:
    def test_a_list_is_previewed_and_changes_nothing_until_it_is_applied(self, app, stand, consultant, base):
        data = b"name,role,course,date,proof\nZoe,Welder,WAH,2025-03-02,card seen\n"
        sent = consultant.post(f"{base}/import", {"file": (BytesIO(data), "people.csv")})
        preview = consultant.get(sent.location)
        assert "New people: 1 · changed: 0 · as they were: 0 · new records: 1" in preview.text
        assert not self.known(app, stand, "Zoe")
        seen = re.search(r'name="seen" value="(\w+)"', preview.text)[1]
        assert consultant.post(f"{sent.location}/apply", {"seen": "another"}).status_code == 409
        assert consultant.post(f"{sent.location}/apply", {"seen": seen}).status_code == 303
        assert self.known(app, stand, "Zoe")
        again = consultant.post(f"{base}/import", {"file": (BytesIO(data), "people.csv")})
        assert again.location == sent.location
        assert "already imported on" in consultant.get(again.location).text

    def test_the_preview_says_what_of_a_person_becomes_another(self, app, stand, consultant, base, ids):
        with entered(app, stand.here.tenant) as session:
            worker = session.get_one(Worker, (stand.here.tenant, ids["worker"]))
            worker.name, worker.number, worker.roles = "Zoe", "", "Welder; First aider"
        data = b"name,number,role,course\nZoe,Z-1,Picker,\n"
        sent = consultant.post(f"{base}/import", {"file": (BytesIO(data), "people.csv")})
        page = consultant.get(sent.location).text
        assert "Roles: Welder; First aider → Picker" in page
        assert "Number: – → Z-1" in page

    def test_a_list_that_is_set_aside_is_gone(self, consultant, base):
        data = b"name,role,course,date\nZoe,Welder,WAH,2025-03-02\n"
        sent = consultant.post(f"{base}/import", {"file": (BytesIO(data), "people.csv")})
        assert f"{sent.location}/set-aside" in consultant.get(sent.location).text
        done = consultant.post(f"{sent.location}/set-aside", {})
        assert done.location.endswith(f"{base}/import")
        assert "people.csv" not in consultant.get(done.location).text
        assert consultant.get(sent.location).status_code == 404

    def known(self, app, stand, name):
        with entered(app, stand.here.tenant) as session:
            wanted = sa.select(TrainingRecord.course).join(Worker, Worker.id == TrainingRecord.worker_id)
            return list(session.scalars(wanted.where(Worker.name == name)))


class TestGaps:
    def test_a_gap_is_raised_once_and_leads_to_its_finding(self, app, stand, consultant, base, ids):
        fields = {"engagement": str(ids["engagement"]), "grade": "minor"}
        raised = consultant.post(f"{base}/gaps/WHMIS/finding", fields)
        assert "/findings/" in raised.location
        assert "OHSA 42; Reg. 860" in consultant.get(raised.location).text
        twice = consultant.post(f"{base}/gaps/WHMIS/finding", fields)
        assert (twice.status_code, "speaks of this gap already" in twice.text) == (409, True)
        with entered(app, stand.here.tenant) as session:
            made = session.scalars(sa.select(Finding).where(Finding.training_course == "WHMIS")).one()
            assert (made.grade, made.requirement) == ("minor", "7.2")

    def test_a_gap_that_comes_back_after_its_finding_was_closed_is_offered_again(
        self, app, stand, consultant, base, ids
    ):
        fields = {"engagement": str(ids["engagement"]), "grade": "minor"}
        assert consultant.post(f"{base}/gaps/WHMIS/finding", fields).status_code == 303
        offer = f"{base}/gaps/WHMIS/finding"
        others = consultant.get(f"{base}/coverage").text.count(f'value="{ids["engagement"]}"')
        with entered(app, stand.here.tenant) as session:
            session.scalars(sa.select(Finding).where(Finding.training_course == "WHMIS")).one().status = "closed"
        page = consultant.get(f"{base}/coverage").text
        assert offer in page
        assert page.count(f'value="{ids["engagement"]}"') == others + 1
        assert "/findings/" in consultant.post(offer, fields).location

    def test_neither_another_clients_engagement_nor_an_unknown_course_is_taken(self, stand, consultant, base):
        theirs = {"engagement": str(stand.here.employers[1].ids["engagement"]), "grade": "minor"}
        assert consultant.post(f"{base}/gaps/WHMIS/finding", theirs).status_code == 422
        assert consultant.post(f"{base}/gaps/JUGGLING/finding", theirs).status_code == 404
