"""The page of the roadmap: filters in the address, a task planned in place, conflicts and rings said in words."""

import pytest

from tests.blueprints.offices import NEXT_CENTURY


def at(stand, rest=""):
    return f"/northgate/engagements/{stand.here.employers[0].ids['engagement']}/roadmap{rest}"


def planned(stand, **fields):
    finding = f"finding:{stand.here.employers[0].ids['finding']}"
    return {"task": finding, "revision": 0, "side": "client", "owner_text": "Dale"} | fields


def test_a_task_is_planned_in_place_and_shown_with_the_working_of_its_priority(stand, consultant):
    page = consultant.get(at(stand)).text
    assert "severity 3" in page or "severity 2" in page or "severity 1" in page
    assert consultant.post(at(stand), planned(stand, effort_days="2.5", percent="40", phase="run")).status_code == 303
    page = consultant.get(at(stand, "?phase=run")).text
    assert "Dale" in page and "40 %" in page and "÷ 2.5 d" in page
    assert "No task matches" in consultant.get(at(stand, "?phase=check")).text


def test_two_people_on_the_same_task_are_told_in_words(stand, consultant):
    assert consultant.post(at(stand), planned(stand)).status_code == 303
    answer = consultant.post(at(stand), planned(stand, owner_text="Sam"))
    assert answer.status_code == 409 and "Somebody saved" in answer.text
    assert "Sam" not in consultant.get(at(stand)).text


def test_what_cannot_be_keeps_what_was_typed(stand, consultant):
    typed = planned(stand, starts_on="2027-02-02", due="2027-02-01", owner_text="Typed by hand")
    answer = consultant.post(at(stand), typed)
    assert answer.status_code == 422 and "cannot end before it begins" in answer.text
    assert "Typed by hand" in answer.text
    answer = consultant.post(at(stand), planned(stand, effort_days="0"))
    assert answer.status_code == 422 and "From 0.1 to 999 days" in answer.text
    assert consultant.post(at(stand), planned(stand, task="requirement:0")).status_code == 409


def test_a_preview_changes_nothing_and_is_accepted_only_as_it_was_shown(stand, consultant):
    assert "Accept for" in consultant.get(at(stand, f"/placing?start={NEXT_CENTURY}")).text
    assert "Not placed yet" in consultant.get(at(stand)).text
    stale = consultant.post(at(stand, "/placing"), {"start": str(NEXT_CENTURY), "seen": "another"})
    assert stale.status_code == 409 and "changed after this preview" in stale.text
    assert "today or later" in consultant.get(at(stand, "/placing?start=2020-01-01")).text
    seen = stand.here.employers[0].ids["proposal"]
    assert consultant.post(at(stand, "/placing"), {"start": str(NEXT_CENTURY), "seen": seen}).status_code == 303


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        ("nonsense", "Not a valid date value."),
        ("", "This is needed."),
        ("9999-12-31", "A day between 1990 and 2100."),
        ("0001-01-01", "A day between 1990 and 2100."),
        ("2020-01-01", "The plan begins today or later, not on 2020-01-01."),
    ],
)
def test_a_day_that_no_plan_begins_on_is_refused_in_words_and_nothing_is_proposed(stand, consultant, start, sentence):
    for answer in (
        consultant.get(at(stand, f"/placing?start={start}")),
        consultant.post(at(stand, "/placing"), {"start": start, "seen": "any"}),
    ):
        assert (answer.status_code, sentence in answer.text) == (422, True)
        assert "Accept for" not in answer.text and "Nothing to place" not in answer.text


def test_what_a_task_was_to_wait_for_may_be_gone_and_what_was_typed_stays(stand, consultant):
    answer = consultant.post(at(stand), planned(stand, depends_on="requirement:0", owner_text="Typed by hand"))
    assert (answer.status_code, "is done or gone meanwhile" in answer.text) == (409, True)
    assert "Typed by hand" in answer.text


def test_a_gap_in_training_leads_to_the_page_of_the_gaps_for_who_may_read_it(stand, consultant, signed_in):
    client = stand.here.employers[0].ids["client"]
    link = f'href="/northgate/clients/{client}/training/coverage"'
    page = consultant.get(at(stand)).text
    assert f'{link}>WHMIS</a>' in page
    assert consultant.get(link.split('"')[1]).status_code == 200
    watched = signed_in("op2").get(at(stand)).text
    assert "WHMIS" in watched and link not in watched
