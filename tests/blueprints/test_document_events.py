"""A document of the register: who was asked, who approved it, who acknowledged it, and when it is looked at again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consultancy.calendar import today
from consultancy.models.document_event import DocumentEvent
from consultancy.models.register_entry import RegisterEntry
from tests.factories import entered

TODAY = today()
SOON = TODAY + timedelta(days=200)


@pytest.fixture
def path(stand):
    """A document that nothing is recorded of."""
    return f"/northgate/engagements/{stand.here.employers[0].ids['program']}/register/D3"


@pytest.fixture
def kept(app, stand):
    """What the register and its records hold of D3 of the first employer's program."""

    def look():
        program = stand.here.employers[0].ids["program"]
        with entered(app, stand.here.tenant) as session:
            entry = session.scalars(
                sa.select(RegisterEntry).where(RegisterEntry.engagement_id == program, RegisterEntry.document == "D3")
            ).one()
            events = session.scalars(sa.select(DocumentEvent).where(DocumentEvent.register_entry_id == entry.id)).all()
            session.expunge_all()
            return entry, events

    return look


def sent(kind, **fields):
    return {"kind": kind} | {f"{kind}-{name}": str(value) for name, value in fields.items()}


def approval(**fields):
    given = {"who": "Dana Cole, President", "approved_on": TODAY, "effective_on": TODAY, "review_due": SOON}
    return sent("approval", **given | fields)


def test_an_approval_goes_into_the_master_list(consultant, path, kept):
    assert consultant.post(f"{path}/events", approval()).status_code == 303
    entry, [event] = kept()
    assert (entry.state, entry.approver) == ("have", "Dana Cole, President")
    assert (entry.dated, entry.effective_on, entry.review_due) == (TODAY, TODAY, SOON)
    assert (event.kind, event.who) == ("approval", "Dana Cole, President")


@pytest.mark.parametrize("author", ["Dana Cole", "dana  cole, Coordinator"])
def test_who_wrote_a_document_does_not_approve_it(consultant, path, kept, author):
    fields = consultant.form(path, path) | {"author": author, "approver": "", "state": "needs_work"}
    assert consultant.post(path, fields).status_code == 303
    answer = consultant.post(f"{path}/events", approval(who="Dana Cole"))
    assert (answer.status_code, f"{author} wrote it. Somebody else has to read and approve it." in answer.text) == (
        422,
        True,
    )
    again = consultant.post(path, consultant.form(path, path) | {"approver": "Dana Cole"})
    assert (again.status_code, "Somebody else has to read and approve it." in again.text) == (422, True)
    assert kept()[0].approver == ""
    assert kept()[1] == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"review_due": TODAY - timedelta(days=1)}, "would be over already"),
        ({"review_due": TODAY}, "would be over already"),
        ({"approved_on": TODAY + timedelta(days=1), "effective_on": SOON}, "is still to come"),
        ({"effective_on": TODAY - timedelta(days=1)}, "It cannot take effect"),
        ({"who": ""}, "This is needed."),
    ],
)
def test_dates_that_cannot_be_are_refused_in_words(consultant, path, kept, fields, sentence):
    answer = consultant.post(f"{path}/events", approval(**fields))
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert kept()[1] == []


def test_a_consultation_is_told_with_whom_and_what_came_of_it(consultant, path):
    fields = sent("consultation", held_on=TODAY, part="committee", who="4 members", outcome="Shift leads were added.")
    assert consultant.post(f"{path}/events", fields).status_code == 303
    page = consultant.get(path).text
    assert "Joint health and safety committee (JHSC): 4 members" in page
    assert "Shift leads were added." in page


def test_an_approval_without_a_consultation_is_said(consultant, path):
    consultant.post(f"{path}/events", approval())
    assert "It is approved without a consultation" in consultant.get(path).text
    consultant.post(f"{path}/events", sent("consultation", held_on=TODAY, part="workers", outcome="Agreed."))
    assert "It is approved without a consultation" not in consultant.get(path).text


def test_no_more_workers_acknowledge_than_there_are(consultant, path, kept):
    count = {"held_on": TODAY, "reached": 41, "invited": 40}
    assert consultant.post(f"{path}/events", sent("acknowledgement", **count)).status_code == 422
    too_many_names = {"reached": 1, "invited": 40, "names": "Ann\nBo"}
    assert consultant.post(f"{path}/events", sent("acknowledgement", **count | too_many_names)).status_code == 422
    assert kept()[1] == []
    fine = {"reached": 30, "names": "Ann\n\n Bo "}
    assert consultant.post(f"{path}/events", sent("acknowledgement", **count | fine)).status_code == 303
    assert kept()[1][0].names == "Ann\nBo"
    assert "30 of 40 workers acknowledged it" in consultant.get(path).text


def test_a_review_that_leaves_work_changes_the_state(consultant, path, kept):
    fields = sent("review", held_on=TODAY, who="Sam Roy", outcome="Names are old.", review_due=SOON)
    assert consultant.post(f"{path}/events", fields).status_code == 303
    assert (kept()[0].state, kept()[0].review_due) == ("needs_work", SOON)


def test_a_slip_is_struck_out_with_a_reason_and_stays_readable(consultant, path, kept):
    consultant.post(f"{path}/events", sent("consultation", held_on=TODAY, part="workers", outcome="Wrong document."))
    [event] = kept()[1]
    strike = f"{path}/events/{event.id}/strike"
    assert consultant.post(strike, {"reason": " "}).status_code == 422
    assert consultant.post(strike, {"reason": "Belongs to R1."}).status_code == 303
    assert "Struck out: Belongs to R1." in consultant.get(path).text
    assert consultant.post(strike, {"reason": "Again."}).status_code == 409
    assert consultant.post(strike.replace("/D3/", "/R1/"), {"reason": "Again."}).status_code == 404


def test_a_document_that_is_not_needed_has_no_life(consultant, path):
    consultant.post(path, consultant.form(path, path) | {"state": "not_needed", "note": "No committee."})
    assert consultant.post(f"{path}/events", approval()).status_code == 409


def test_what_is_no_kind_of_record_and_no_document_is_refused(consultant, path):
    assert consultant.post(f"{path}/events", {"kind": "burial"}).status_code == 422
    assert consultant.get(f"{path[:-2]}Z9").status_code == 404


class TestTheLawChanged:
    def test_a_document_older_than_a_change_is_looked_at_again_until_somebody_does(self, consultant, path):
        register = path[:-3]
        old = {"state": "have", "dated": "2026-01-15"}
        assert consultant.post(path, consultant.form(path, path) | old).status_code == 303
        page = consultant.get(path).text
        assert "look at it again" in page
        assert "Since 2026-07-01 · Source: workplacesafetynorth.ca (from a source)" in " ".join(page.split())
        assert "/D3" in consultant.get(f"{register}?show=look_again").text
        review = sent("review", held_on=TODAY, who="Sam Roy", outcome="Fits.", stays="y", review_due=SOON)
        consultant.post(f"{path}/events", review)
        assert "look at it again" not in consultant.get(path).text
        assert "/D3" not in consultant.get(f"{register}?show=look_again").text

    def test_a_federal_employer_is_not_asked_about_ontario_law(self, app, stand, consultant, path):
        with entered(app, stand.here.tenant) as session:
            session.execute(sa.text("update client set jurisdiction = 'federal'"))
        consultant.post(path, consultant.form(path, path) | {"state": "have", "dated": "2026-01-15"})
        assert "look at it again" not in consultant.get(path).text


class TestTheMasterList:
    def test_number_issue_dates_and_approver_are_kept(self, consultant, path, kept):
        register = path[:-3]
        typed = {
            "number-D3": "HS-07", "issue-D3": "B", "dated-D3": "2026-08-03", "review_due-D3": "2026-09-01",
            "approver-D3": "Dana Cole", "state-D3": "have",
        }  # fmt: skip
        assert consultant.post(register, consultant.form(register, register) | typed).status_code == 303
        entry, _events = kept()
        assert (entry.number, entry.issue, entry.approver) == ("HS-07", "B", "Dana Cole")
        assert str(entry.dated) == "2026-08-03"
        assert "/D3" in consultant.get(f"{register}?show=overdue").text
        assert "/D3" in consultant.get(f"{register}?text=hs-07").text
        assert "/D3" not in consultant.get(f"{register}?text=hs-08").text

    @pytest.mark.parametrize("typed", [{"dated-D3": "3 August"}, {"dated-D3": "1889-01-01"}, {"number-D3": "9" * 41}])
    def test_what_cannot_be_is_said_beside_its_field_and_kept(self, consultant, path, typed):
        register = path[:-3]
        answer = consultant.post(register, consultant.form(register, register) | typed)
        assert (answer.status_code, next(iter(typed.values())) in answer.text) == (422, True)

    def test_a_filtered_list_saves_what_it_shows_and_comes_back_filtered(self, consultant, path, kept):
        register = f"{path[:-3]}?text=D3"
        answer = consultant.post(register, {"state-D3": "missing", "note-D3": "", "revision-D3": 1})
        assert (answer.status_code, answer.location.endswith("?text=D3")) == (303, True)
        assert kept()[0].state == "missing"


def test_the_matrix_says_what_no_document_answers(consultant, path):
    page = path.replace("/D3", "/matrix")
    whole, bare = consultant.get(page).text, consultant.get(f"{page}?show=bare").text
    assert "Consultation and participation of workers" in whole
    assert "Consultation and participation of workers" not in bare
    consultant.post(path, consultant.form(path, path) | {"state": "not_needed", "note": "None."})
    assert "Consultation and participation of workers" in consultant.get(f"{page}?show=bare").text
