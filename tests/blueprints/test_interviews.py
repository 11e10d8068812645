"""Interviews by their pages: a sheet that is never lost, a tally beside the tick, nobody's name anywhere."""

import pytest
import sqlalchemy as sa

from consultancy.models.engagement import Engagement, EngagementSite
from consultancy.models.interview import Interview, InterviewAnswer
from tenants.audit import AuditEntry
from tests.factories import (
    entered,
    make_assessment,
    make_engagement_site,
    make_interview,
    make_interview_answer,
    make_own_requirement,
    make_own_standard,
    make_site,
)

HEAD = {"role": "workers", "site": "", "shift": "2", "held_on": "2026-03-04", "note": ""}


@pytest.fixture
def ids(stand):
    return stand.here.employers[0].ids


@pytest.fixture
def sheet(ids):
    return f"/northgate/interviews/{ids['interview']}"


@pytest.fixture
def interviews_page(ids):
    return f"/northgate/engagements/{ids['engagement']}/interviews"


@pytest.fixture
def kept(app, stand, ids):
    """The interview of the stand with its answers, as they are stored."""

    def look():
        with entered(app, stand.here.tenant) as session:
            row = session.get(Interview, (stand.here.tenant, ids["interview"]))
            answers = session.execute(
                sa.select(InterviewAnswer.requirement, InterviewAnswer.confirmed, InterviewAnswer.note).where(
                    InterviewAnswer.interview_id == ids["interview"]
                )
            )
            return row and row.revision, {code: (confirmed, note) for code, confirmed, note in answers}

    return look


@pytest.fixture
def ask(app, stand, ids):
    """So many people more, asked about one requirement."""

    def people(requirement, *confirmed, standard="iso45001-2018-amd1"):
        with entered(app, stand.here.tenant) as session:
            engagement = session.get(Engagement, (stand.here.tenant, ids["engagement"]))
            engagement.standard = standard
            for number, word in enumerate(confirmed, 20):
                interview = make_interview(engagement=engagement, number=number)
                make_interview_answer(interview=interview, requirement=requirement, confirmed=word, standard=standard)

    return people


def test_somebody_is_asked_under_a_number_and_the_sheet_opens(consultant, interviews_page):
    answer = consultant.post(interviews_page, HEAD | {"role": "supervisors"})
    assert answer.status_code == 303
    page = consultant.get(answer.headers["Location"]).text
    assert "I-02" in page
    assert "How do you check that a new worker is ready?" in page
    assert "I-02" in consultant.get(interviews_page).text


def test_what_was_refused_stays_in_the_form(consultant, interviews_page):
    answer = consultant.post(interviews_page, HEAD | {"role": "jhsc_worker", "held_on": "yesterday"})
    assert answer.status_code == 422
    assert '<option selected value="jhsc_worker">' in answer.text


def test_a_sheet_is_filled_without_a_script(consultant, sheet, kept):
    revision, _answers = kept()
    sent = HEAD | {"confirmed-8.2": "no", "note-8.2": "None at night.", "confirmed-5.4": "", "revision": revision}
    assert consultant.post(sheet, sent).status_code == 303
    assert kept()[1]["8.2"] == ("no", "None at night.")
    page = consultant.get(sheet).text
    assert "None at night." in page
    assert 'name="confirmed-8.2" value="no" checked' in page


def test_two_who_fill_one_sheet_see_both_in_words_and_nothing_typed_is_lost(consultant, sheet, kept):
    revision, _answers = kept()
    consultant.post(sheet, HEAD | {"confirmed-8.2": "yes", "revision": revision})
    clash = consultant.post(
        sheet, HEAD | {"confirmed-8.2": "no", "note-8.2": "None at night.", "note": "Mine.", "revision": revision}
    )
    assert clash.status_code == 409
    for words in ("Somebody saved I-01", "8.2: stored now", "No: None at night.", "Yes"):
        assert words in clash.text
    assert 'name="confirmed-8.2" value="no" checked' in clash.text
    assert kept()[1]["8.2"] == ("yes", "")
    stored = kept()[0]
    assert f'name="revision" value="{stored}"' in clash.text
    consultant.post(sheet, HEAD | {"confirmed-8.2": "no", "note-8.2": "None at night.", "revision": stored})
    assert kept()[1]["8.2"] == ("no", "None at night.")


def test_a_note_without_an_answer_is_named_by_its_place_and_kept_on_the_page(consultant, sheet, kept):
    revision, before = kept()
    answer = consultant.post(sheet, HEAD | {"confirmed-8.2": "", "note-8.2": "A lot was said.", "revision": revision})
    assert answer.status_code == 422
    assert "8.2: mark yes, partly, no" in answer.text
    assert "A lot was said." in answer.text
    assert kept() == (revision, before)


def test_a_day_that_is_still_to_come_is_refused_beside_its_field_and_nothing_is_lost(
    consultant, interviews_page, sheet, kept
):
    revision, before = kept()
    answer = consultant.post(interviews_page, HEAD | {"role": "supervisors", "held_on": "2099-03-04"})
    assert (answer.status_code, "2099-03-04 is still to come" in answer.text) == (422, True)
    assert '<option selected value="supervisors">' in answer.text
    sent = HEAD | {"held_on": "2099-03-04", "confirmed-8.2": "no", "note-8.2": "None at night.", "revision": revision}
    answer = consultant.post(sheet, sent)
    assert (answer.status_code, "2099-03-04 is still to come" in answer.text) == (422, True)
    assert "None at night." in answer.text
    assert kept() == (revision, before)


def test_where_it_was_held_is_offered_when_the_scope_has_changed(app, stand, ids, consultant, sheet, kept):
    with entered(app, stand.here.tenant) as session:
        interview = session.get(Interview, (stand.here.tenant, ids["interview"]))
        engagement = interview.engagement
        interview.site_id = make_site(client=engagement.client, name="Yard 4").id
        site = str(interview.site_id)
        session.execute(sa.delete(EngagementSite).where(EngagementSite.engagement_id == engagement.id))
        make_engagement_site(engagement=engagement, site=make_site(client=engagement.client))
    assert f'<option selected value="{site}">Yard 4</option>' in consultant.get(sheet).text
    fields = consultant.form(sheet, sheet) | {"note": "The rest."}
    assert consultant.post(sheet, fields).status_code == 303
    with entered(app, stand.here.tenant) as session:
        interview = session.get(Interview, (stand.here.tenant, ids["interview"]))
        assert (interview.note, str(interview.site_id)) == ("The rest.", site)


def test_an_interview_is_taken_away_with_its_answers(consultant, sheet, kept):
    assert consultant.post(f"{sheet}/remove").status_code == 303
    assert kept() == (None, {})
    assert consultant.get(sheet).status_code == 404


def test_reading_what_people_said_is_noted_once_a_day(app, stand, ids, consultant, sheet):
    for path in (sheet, f"{sheet}/paper", sheet):
        assert consultant.get(path).status_code == 200
    with entered(app, stand.here.tenant) as session:
        read = sa.select(sa.func.count()).where(
            AuditEntry.verb == "notes.read", AuditEntry.subject_id == ids["engagement"]
        )
        assert session.scalar(read) == 1


def test_an_empty_sheet_is_printed_for_each_role_and_for_no_other(consultant, interviews_page):
    page = consultant.get(f"{interviews_page}/paper/jhsc_worker").text
    assert "Are recommendations answered within 21 days?" in page
    assert consultant.get(f"{interviews_page}/paper/owner").status_code == 404


def test_the_tally_stands_beside_the_tick_of_the_desk(consultant, ids, ask):
    ask("8.2", "yes", "yes", "partly", "no", "unknown")
    page = consultant.get(f"/northgate/engagements/{ids['engagement']}/assessment/8.2").text
    assert "2 yes, 1 partly, 1 no of 5 asked (1 did not know)" in page
    assert "That suggests" not in page  # levels are nobody's to suggest from one way alone


def test_a_sample_that_was_tried_is_kept_and_counted_against(consultant, ids, interviews_page):
    sampling = f"/northgate/engagements/{ids['engagement']}/sampling"
    tried = consultant.get(f"{sampling}?headcount=50&shifts=2").text
    assert "Keep this as the sample" in tried
    assert consultant.post(sampling, {"headcount": "50", "shifts": "2"}).status_code == 303
    assert "1 held, 20 asked for by the sample" in consultant.get(interviews_page).text
    assert "Agreed sample" in consultant.get(sampling).text
    assert consultant.post(sampling, {"headcount": "50", "shifts": "9"}).status_code == 422


def test_points_are_suggested_at_the_desk_and_given_by_a_person_only(app, stand, consultant, ids):
    with entered(app, stand.here.tenant) as session:
        own = make_own_standard(by_points=True, kind="questions", based_on="cor2020")
        make_own_requirement(
            standard=own, code="3.01", element="3", points=6, documentation=6, interview=6, observation=None
        )
        engagement = session.get(Engagement, (stand.here.tenant, ids["engagement"]))
        engagement.standard = own.key
        make_assessment(engagement=engagement, standard=own.key)
        for number, confirmed in enumerate(("yes", "yes", "partly", "no"), 20):
            interview = make_interview(engagement=engagement, number=number)
            make_interview_answer(interview=interview, requirement="3.01", confirmed=confirmed, standard=own.key)
    desk, marks = (f"/northgate/engagements/{ids['engagement']}/{page}" for page in ("assessment/3.01", "marks"))
    assert "2 yes, 1 partly, 1 no of 4 asked. That suggests 3 of 6 points." in consultant.get(desk).text
    assert "No points given yet; that suggests 3 of 6." in consultant.get(marks).text
    assert consultant.post(desk, {"interview_points": "3", "revision": "0", "then": "stay"}).status_code == 303
    assert "That suggests" not in consultant.get(desk).text
    assert "3 of 6 points given, as that suggests." in consultant.get(marks).text


def test_on_a_telephone_each_count_of_what_people_confirmed_has_its_word(consultant, interviews_page, ask):
    """A table that becomes cards says in each cell what its column was."""
    ask("8.1.3", "yes", "unknown")
    page = consultant.get(interviews_page).text
    table = page[page.index("Answers by requirement") :].split("</table>")[0]
    for word in ("Yes", "Partly", "No", "Did not know", "Asked"):
        assert f'data-k="{word}"' in table
