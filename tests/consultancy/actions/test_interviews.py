"""Interviews: a number and nobody's name, a sheet saved whole, fixed once a report counted it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from consultancy import sampling
from consultancy.actions import interviews as acting
from consultancy.actions.engagements import EngagementClosed
from consultancy.actions.interviews import Answer
from consultancy.actions.rating_locks import RatingsLocked
from consultancy.calendar import today
from consultancy.models.interview import Interview, InterviewAnswer
from consultancy.queries import interviews
from consultancy.standards.catalogue import UnknownRequirement
from consultancy.tallies import Tally
from tenants.database import now
from tests.consultancy.actions.conftest import close
from tests.factories import DAY, make_client, make_deliverable, make_engagement_site, make_site

PLACED = {"role": "workers", "site": None, "shift": None, "held_on": DAY}


@pytest.fixture
def hold(office, engagement):
    def one(**columns):
        return acting.hold_interview(engagement, by=office.member.id, **PLACED | columns)

    return one


@pytest.fixture
def fill(office):
    def one(interview, answers, **columns):
        given = {"revision": interview.revision, "note": "", **PLACED} | columns
        acting.fill_sheet(
            interview, answers={code: Answer(*answer) for code, answer in answers.items()}, by=office.member.id, **given
        )
        return {code: (row.confirmed, row.note) for code, row in interviews.answers_of(interview).items()}

    return one


def test_a_number_is_given_by_the_system_and_never_twice(office, hold):
    first, second = hold(), hold(role="supervisors")
    assert (first.label, second.label, first.by_id) == ("I-01", "I-02", office.member.id)
    acting.remove_interview(second, by=office.member.id)
    assert hold().label == "I-03"


def test_an_interview_has_no_place_for_a_name():
    columns = {column.key for model in (Interview, InterviewAnswer) for column in model.__table__.columns}
    assert columns == {
        "tenant_id", "id", "engagement_id", "number", "role", "site_id", "shift", "held_on", "note", "by_id",
        "created_at", "changed_at", "revision", "interview_id", "standard", "requirement", "confirmed",
    }  # fmt: skip


def test_a_sheet_is_saved_whole_and_what_is_not_on_it_stays(hold, fill):
    interview = hold()
    assert fill(interview, {"5.4": ("yes", ""), "8.2": ("unknown", "No drill seen.")}) == {
        "5.4": ("yes", ""), "8.2": ("unknown", "No drill seen."),
    }  # fmt: skip
    assert fill(interview, {"8.2": ("no", "None at night.")}) == {"5.4": ("yes", ""), "8.2": ("no", "None at night.")}
    assert fill(interview, {"8.2": ("", "")}) == {"5.4": ("yes", "")}


@pytest.mark.parametrize(
    ("answers", "refusal"),
    [
        ({"5.4": ("perhaps", "")}, acting.NotConfirmed), ({"5.4": ("", "Said a lot.")}, acting.NotConfirmed),
        ({"99.9": ("yes", "")}, UnknownRequirement), ({"5.4": ("yes", "x" * 50_001)}, acting.SheetTooLong),
    ],
)  # fmt: skip
def test_a_sheet_that_cannot_be_counted_is_refused_and_nothing_of_it_is_saved(hold, fill, answers, refusal):
    interview = hold()
    with pytest.raises(refusal):
        fill(interview, {"8.2": ("yes", "")} | answers)
    assert interviews.answers_of(interview) == {}


def test_a_sheet_that_somebody_saved_meanwhile_is_not_overwritten(hold, fill):
    interview = hold()
    fill(interview, {"5.4": ("yes", "")})
    with pytest.raises(acting.FilledMeanwhile):
        fill(interview, {"5.4": ("no", "")}, revision=interview.revision - 1)
    assert interviews.answers_of(interview)["5.4"].confirmed == "yes"


@pytest.mark.parametrize("columns", [{"role": "owner"}, {"shift": 7}, {"shift": 0}])
def test_people_are_asked_as_a_role_on_a_shift_that_there_is(hold, columns):
    with pytest.raises((acting.UnknownRole, acting.OutsideScope)):
        hold(**columns)


def test_an_interview_that_is_still_to_come_is_none(hold, fill):
    tomorrow = today() + timedelta(days=1)
    with pytest.raises(acting.NotYetHeld):
        hold(held_on=tomorrow)
    interview = hold(held_on=today())
    with pytest.raises(acting.NotYetHeld):
        fill(interview, {"5.4": ("yes", "")}, held_on=tomorrow)
    assert interviews.answers_of(interview) == {}


def test_people_are_asked_at_a_workplace_in_scope(office, engagement, hold, fill):
    inside, outside, elsewhere = (
        make_site(client=office.client), make_site(client=office.client), make_site(client=make_client()),
    )  # fmt: skip
    chosen = make_engagement_site(engagement=engagement, site=inside)
    interview = hold(site=inside.id)
    for site in (outside, elsewhere):
        with pytest.raises(acting.OutsideScope):
            hold(site=site.id)
    office.session.delete(chosen)
    make_engagement_site(engagement=engagement, site=outside)
    assert fill(interview, {"5.4": ("yes", "")}, site=inside.id)  # where it was held does not change with the scope


def test_what_a_released_report_counted_stays_as_it_was_counted(office, engagement, hold, fill):
    interview = hold()
    make_deliverable(engagement=engagement, kind="gap_report", standing="released", released_at=now())
    for change in (
        hold, lambda: fill(interview, {}), lambda: acting.remove_interview(interview, by=office.member.id),
        lambda: acting.keep_sample(engagement, people=9, shifts=1, by=office.member.id),
    ):  # fmt: skip
        with pytest.raises(RatingsLocked):
            change()


def test_a_closed_engagement_takes_no_interview(office, engagement, hold, fill):
    interview = hold()
    close(engagement)
    for change in (hold, lambda: fill(interview, {}), lambda: acting.remove_interview(interview, by=office.member.id)):
        with pytest.raises(EngagementClosed):
            change()


def test_an_interview_that_is_taken_away_is_counted_no_more(office, engagement, hold, fill):
    kept, gone = hold(), hold()
    for interview, confirmed in ((kept, "yes"), (gone, "no")):
        fill(interview, {"5.4": (confirmed, "")})
    assert interviews.tallies_of(engagement)["5.4"].asked == 2
    acting.remove_interview(gone, by=office.member.id)
    assert (interviews.tallies_of(engagement)["5.4"].yes, interviews.tallies_of(engagement)["5.4"].asked) == (1, 1)
    assert interviews.coverage(engagement).held == 1
    assert office.session.scalar(sa.select(sa.func.count()).select_from(InterviewAnswer)) == 1


def test_answers_count_for_the_standard_they_were_asked_for(office, engagement, hold, fill):
    fill(hold(), {"5.4": ("yes", "")})
    engagement.standard = "cor2020"
    office.session.flush()
    assert interviews.tallies_of(engagement) == {}


def test_a_tally_of_one_site_counts_what_was_said_there(office, engagement, hold, fill):
    north, south = (make_site(client=office.client) for _ in range(2))
    for site, confirmed in ((north, "yes"), (south, "no"), (south, "no")):
        fill(hold(site=site.id), {"5.4": (confirmed, "")}, site=site.id)
    assert interviews.tally_of(engagement, "5.4", south.id) == Tally(no=2)
    assert interviews.tally_of(engagement, "5.4") == interviews.tallies_of(engagement)["5.4"] == Tally(yes=1, no=2)
    assert interviews.tally_of(engagement, "8.2") == Tally()


def test_interviews_are_counted_against_the_sample_agreed_on(office, engagement, hold):
    office.client.headcount = 50
    hold()
    before = interviews.coverage(engagement)
    assert (before.wanted, before.held) == (sampling.interviews(50), 1)
    acting.keep_sample(engagement, people=9, shifts=2, by=office.member.id)
    after = interviews.coverage(engagement)
    assert (after.wanted, [line.key for line in after.shifts]) == (9, ["1", "2", ""])


@pytest.mark.parametrize(("people", "shifts"), [(-1, 1), (100_001, 1), (5, 0), (5, 7)])
def test_a_sample_that_cannot_be_is_refused(office, engagement, people, shifts):
    with pytest.raises(acting.SampleNotPossible):
        acting.keep_sample(engagement, people=people, shifts=shifts, by=office.member.id)


def test_every_change_is_told_in_the_trail_by_numbers(office, engagement, hold, fill):
    interview = hold()
    fill(interview, {"5.4": ("yes", "")})
    acting.remove_interview(interview, by=office.member.id)
    noted = [SimpleNamespace(**note) for note in office.session().info["audit_notes"]]
    mine = [note for note in noted if note.verb.startswith("interview.")]
    assert [note.verb for note in mine] == ["interview.held", "interview.changed", "interview.removed"]
    assert mine[-1].details == {"numbered": 1}
