"""What is planned for a task stays while its gap comes and goes; nobody overwrites, or waits in a ring."""

from datetime import date, timedelta

import pytest

from consultancy.actions.clients import ChangedMeanwhile
from consultancy.actions.engagements import EngagementClosed
from consultancy.actions.planned_tasks import (
    EndsBeforeStart,
    NothingToPlace,
    ProposalMoved,
    StartsInThePast,
    TaskGone,
    WaitsForItself,
    place_by_priority,
    plan_task,
)
from consultancy.queries import assessments, planned_tasks
from consultancy.reports.planned import mark_of, plan_of
from tests.consultancy.actions.conftest import close
from tests.consultancy.reports.practice import assemble, rate
from tests.factories import (
    make_course_need,
    make_finding,
    make_register_entry,
    make_training_record,
    make_worker,
)

START = date(2026, 12, 1)


@pytest.fixture
def ratings(assessment):
    return {code: rate(assessment, code, 1, recommendation=f"Mend {code}") for code in ("5.2", "6.1.3", "9.3")}


@pytest.fixture
def plan(office, engagement, ratings):
    """Plans a task of the engagement, as somebody who has just opened the page."""

    def plan_one(task, **fields):
        seen = plan_of(engagement, START).by_address.get(task)
        revision = fields.pop("revision", seen.revision if seen else 0)
        given = {"depends_on": ""} | fields
        return plan_task(engagement, task=task, revision=revision, today=START, by=office.member.id, **given)

    return plan_one


def tasks_of(engagement):
    return {one.task.reference: one for one in plan_of(engagement, START).tasks}


def accept(office, engagement, *, start=START, everything=False, today=START):
    seen = mark_of(plan_of(engagement, START).proposal(start, everything=everything))
    given = {"start": start, "everything": everything, "seen": seen, "today": today, "by": office.member.id}
    return place_by_priority(engagement, **given)


def test_tasks_appear_as_gaps_appear_and_nothing_is_kept_of_them(engagement, ratings, assessment):
    assert sorted(tasks_of(engagement)) == ["5.2", "6.1.3", "9.3"]
    rate(assessment, "10.2", 0)
    make_register_entry(engagement=engagement, document="R2", state="missing")
    assert sorted(tasks_of(engagement)) == ["10.2", "5.2", "6.1.3", "9.3", "R2"]
    assert planned_tasks.of_engagement(engagement) == []


def test_a_task_is_done_when_its_gap_is_closed_whatever_percent_was_typed(engagement, ratings, plan):
    plan("requirement:5.2", percent=100)
    plan("requirement:6.1.3", percent=10)
    assert not tasks_of(engagement)["5.2"].done
    ratings["6.1.3"].level = 3
    assert tasks_of(engagement)["6.1.3"].done and tasks_of(engagement)["6.1.3"].percent == 100
    ratings["6.1.3"].level = 1  # rated anew: its plan is still there
    assert not tasks_of(engagement)["6.1.3"].done and tasks_of(engagement)["6.1.3"].percent == 10


def test_a_closed_finding_and_a_document_that_is_there_are_done(engagement, ratings, plan):
    make_finding(engagement=engagement, number=1, requirement="8.2", grade="major", status="closed")
    entry = make_register_entry(engagement=engagement, document="R2", state="missing")
    plan("document:R2", owner_text="Ana")
    entry.state = "have"
    assert [tasks_of(engagement)[one].done for one in ("F-01", "R2")] == [True, True]


def test_what_is_planned_wins_over_what_is_recorded(engagement, ratings, plan):
    ratings["5.2"].owner_text, ratings["5.2"].due, ratings["5.2"].effort_text = "Dale", date(2027, 1, 4), "4 d"
    before = tasks_of(engagement)["5.2"]
    assert (before.owner, before.due, before.days) == ("Dale", date(2027, 1, 4), 4)
    plan("requirement:5.2", side="consultancy", owner_text="Priya", due=date(2027, 2, 1), effort_days=1.5)
    after = tasks_of(engagement)["5.2"]
    assert (after.side, after.owner, after.due, after.days) == ("consultancy", "Priya", date(2027, 2, 1), 1.5)
    assert after.priority.figure > before.priority.figure


def test_a_finding_raised_later_takes_over_the_plan_of_its_requirement(engagement, ratings, plan):
    first = plan("requirement:5.2", owner_text="Dale").row
    plan("requirement:9.3", depends_on="requirement:5.2")
    finding = make_finding(engagement=engagement, number=1, requirement="5.2", grade="major", status="open")
    assert tasks_of(engagement)["F-01"].owner == "Dale"
    kept = plan(f"finding:{finding.id}", owner_text="Dale", percent=20).row
    assert (kept.id, kept.source) == (first.id, "finding")
    assert plan_of(engagement, START).waits_for(tasks_of(engagement)["9.3"]).task.reference == "F-01"


def test_a_finding_raised_for_a_gap_in_training_takes_over_its_plan_and_keeps_it(office, engagement, plan):
    worker = make_worker(client=office.client, roles="Welder")
    make_course_need(client=office.client, role="Welder")
    make_finding(engagement=engagement, number=1, requirement="8.2", grade="minor", status="open")
    plan("requirement:5.2", depends_on="training:WHMIS")
    first = plan("training:WHMIS", owner_text="Dale", due=date(2027, 2, 1)).row
    speaks = {"requirement": "7.2", "training_course": "WHMIS", "grade": "major", "status": "open"}
    finding = make_finding(engagement=engagement, number=2, **speaks)
    after = tasks_of(engagement)
    assert (after["F-02"].owner, after["F-02"].due, after["F-01"].row) == ("Dale", date(2027, 2, 1), None)
    assert "WHMIS" not in after and plan_of(engagement, START).waits_for(after["5.2"]).task.reference == "F-02"
    make_training_record(worker=worker, done_on=START)  # nobody lacks it, but the finding is not verified yet
    assert tasks_of(engagement)["F-02"].owner == "Dale" and "WHMIS" not in tasks_of(engagement)
    kept = plan(f"finding:{finding.id}", owner_text="Dale", percent=20).row
    assert (kept.id, kept.source) == (first.id, "finding")


def test_a_finding_takes_the_plan_of_its_training_before_that_of_its_requirement(office, engagement, ratings, plan):
    make_worker(client=office.client, roles="Welder")
    make_course_need(client=office.client, role="Welder")
    plan("requirement:5.2", owner_text="Ana")
    plan("training:WHMIS", owner_text="Dale")
    make_finding(engagement=engagement, number=1, requirement="5.2", training_course="WHMIS", status="open")
    assert tasks_of(engagement)["F-01"].owner == "Dale"


@pytest.mark.parametrize(("kind", "code", "phase"), [("overlay", "9.3", "review"), ("questions", "7.01", "run")])
def test_a_standard_of_our_own_is_placed_as_the_one_it_is_based_on(office, begin, write, publish, kind, code, phase):
    own = begin(kind)
    if kind == "questions":
        write(own, code=code, element="7", legislated=False)
    publish(own)
    made = office.open(standard=own.key)
    rate(assessments.of_engagement(made), code, 1, recommendation="Mend it")
    [task] = plan_of(made, START).tasks
    assert (task.task.reference, task.place) == (code, phase)


def test_two_people_who_plan_the_same_task_do_not_overwrite_each_other(plan):
    plan("requirement:5.2", owner_text="Dale", revision=0)
    with pytest.raises(ChangedMeanwhile):
        plan("requirement:5.2", owner_text="Sam", revision=0)


def test_tasks_that_wait_for_each_other_are_refused_by_name(plan):
    plan("requirement:5.2", depends_on="requirement:6.1.3")
    plan("requirement:6.1.3", depends_on="requirement:9.3")
    with pytest.raises(WaitsForItself) as refused:
        plan("requirement:9.3", depends_on="requirement:5.2")
    assert refused.value.args[0] == ["9.3", "5.2", "6.1.3", "9.3"]
    with pytest.raises(WaitsForItself):
        plan("requirement:9.3", depends_on="requirement:9.3")


def test_a_task_that_ends_before_what_it_waits_for_is_warned_of_until_that_is_done(engagement, ratings, plan):
    plan("requirement:9.3", due=date(2027, 5, 1))
    plan("requirement:5.2", depends_on="requirement:9.3", due=date(2027, 4, 1))
    assert plan_of(engagement, START).too_early(tasks_of(engagement)["5.2"])
    ratings["9.3"].level = 3
    assert not plan_of(engagement, START).too_early(tasks_of(engagement)["5.2"])


def test_what_cannot_be_is_refused(engagement, ratings, plan):
    with pytest.raises(EndsBeforeStart):
        plan("requirement:5.2", starts_on=date(2027, 2, 2), due=date(2027, 2, 1))
    ratings["5.2"].due = date(2027, 1, 1)
    with pytest.raises(EndsBeforeStart):  # the day that the rating names counts as well
        plan("requirement:5.2", starts_on=date(2027, 2, 2), due=None)
    for gone in ("requirement:4.1", "finding:unknown", "nonsense", ""):
        with pytest.raises(TaskGone):
            plan(gone)
    with pytest.raises(TaskGone):
        plan("requirement:5.2", depends_on="requirement:4.1")
    close(engagement)
    with pytest.raises(EngagementClosed):
        plan("requirement:5.2", owner_text="Dale")


def test_all_are_placed_by_priority_as_the_preview_showed(office, engagement, ratings):
    breach = {"requirement": "6.1.3", "grade": "major", "status": "open", "legal_duty": "OHSA 25"}
    make_finding(engagement=engagement, number=1, **breach).due = None
    assert accept(office, engagement) == 3
    placed = tasks_of(engagement)
    assert {one: placed[one].phase for one in placed} == {"F-01": "legal", "5.2": "lead", "9.3": "review"}
    assert placed["F-01"].due <= START + timedelta(days=30)
    with pytest.raises(NothingToPlace):
        accept(office, engagement)
    assert accept(office, engagement, everything=True) == 3


def test_what_was_planned_by_hand_stays_where_it_is(office, engagement, plan):
    plan("requirement:5.2", phase="run", starts_on=date(2027, 6, 1), due=date(2027, 6, 30))
    assert accept(office, engagement) == 2
    assert (tasks_of(engagement)["5.2"].phase, tasks_of(engagement)["5.2"].due) == ("run", date(2027, 6, 30))


def test_a_proposal_that_no_longer_holds_is_not_accepted(office, engagement, ratings, plan):
    seen = mark_of(plan_of(engagement, START).proposal(START))
    ratings["9.3"].level = 3
    given = {"start": START, "everything": False, "today": START, "by": office.member.id}
    with pytest.raises(ProposalMoved):
        place_by_priority(engagement, seen=seen, **given)
    with pytest.raises(StartsInThePast):
        place_by_priority(engagement, seen=seen, **given | {"today": START + timedelta(days=1)})
    assert planned_tasks.of_engagement(engagement) == []


def test_the_word_roadmap_follows_the_plan(office, engagement, ratings, plan):
    accept(office, engagement)
    plan(
        "requirement:9.3", phase="review", side="client", owner_text="Dale", starts_on=date(2027, 10, 1),
        due=date(2027, 10, 30), effort_days=2.5, percent=40, depends_on="requirement:5.2",
    )  # fmt: skip
    _title, english = assemble("roadmap", engagement)
    _title, french = assemble("roadmap", engagement, language="fr")
    phases = english["roadmap"]["phases"]
    assert [phase["name"] for phase in phases] == [
        "Month 1: lead", "Months 1 to 3: lay the ground", "Months 10 to 11: review",
    ]  # fmt: skip
    [task] = phases[-1]["tasks"]
    assert (task["owner"], task["starts"], task["due"]) == ("Dale (client)", "1 Oct 2027", "30 Oct 2027")
    assert (task["after"], task["effort"], task["percent"]) == ("5.2", "2.5 d", "40")
    assert french["roadmap"]["phases"][-1]["tasks"][0]["effort"] == "2,5 j"
    assert assemble("roadmap", engagement)[1] == english
