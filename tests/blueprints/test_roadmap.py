"""The page of the roadmap: filters in the address, a task planned in place, conflicts and rings said in words."""

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
    assert consultant.get(at(stand, "/placing?start=nonsense")).status_code == 422
    seen = stand.here.employers[0].ids["proposal"]
    assert consultant.post(at(stand, "/placing"), {"start": str(NEXT_CENTURY), "seen": seen}).status_code == 303
