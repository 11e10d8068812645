"""Stage 1 is asked item by item, and a trail says where it went and how it ended."""

from datetime import date

import pytest

from consultancy.actions import followed_trails as following
from consultancy.actions import stage1 as asking
from consultancy.actions.audit_plans import OnlyForPreAudit
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.queries import followed_trails, stage1
from consultancy.stage1 import VERSIONS, latest
from consultancy.standards.catalogue import UnknownRequirement

STEPS = [
    following.Step("10.2", "Investigated in two days", "document"),
    following.Step("", "", "document"),
    following.Step("6.1.2", "Not assessed anew", "interview"),
]


@pytest.fixture
def audited(office):
    return office.open("pre_audit")


def answer(engagement, office, **sent):
    asking.answer_checklist(
        engagement, sent={code: asking.Answer(*one) for code, one in sent.items()}, by=office.member.id
    )


def test_answers_are_kept_item_by_item_and_taken_back(office, audited):
    answer(audited, office, scope=("yes", "Dated March", "E-1", 0), law=("", "", "", 0))
    assert {code: one.answer for code, one in stage1.answers(audited).items()} == {"scope": "yes"}
    answer(audited, office, scope=("partly", "", "", 1))
    answer(audited, office, scope=("", "", "", 2))
    assert stage1.answers(audited) == {}


def test_two_who_answer_another_item_are_not_in_each_others_way(office, audited):
    answer(audited, office, scope=("yes", "", "", 0))
    answer(audited, office, scope=("yes", "", "", 0), law=("no", "", "", 0))
    with pytest.raises(ChangedMeanwhile):
        answer(audited, office, scope=("no", "", "", 0))


@pytest.mark.parametrize("sent", [{"scope": ("maybe", "", "", 0)}, {"none": ("yes", "", "", 0)},
                                  {"scope": ("", "A note alone", "", 0)}])  # fmt: skip
def test_an_answer_is_one_of_the_list(office, audited, sent):
    with pytest.raises(asking.UnknownAnswer):
        answer(audited, office, **sent)


def test_a_list_says_where_it_comes_from_and_stays_with_who_answered_it(office, audited):
    assert all(one.source["fr"] and one.certainty and all(item.words["fr"] for item in one.items) for one in VERSIONS)
    assert len({item.code for item in VERSIONS[0].items}) == len(VERSIONS[0].items)
    assert latest(date(2020, 1, 1)) == VERSIONS[0]
    answer(audited, office, scope=("yes", "", "", 0))
    assert stage1.checklist(audited).version == stage1.answers(audited)["scope"].version


def keep(trail, office, revision=1, **changed):
    given = {"name": "The cut of March", "result": "breaks", "conclusion": "At 6.1.2", "steps": STEPS} | changed
    following.keep_trail(trail, revision=revision, by=office.member.id, **given)


def test_a_trail_is_followed_step_by_step(office, audited):
    trail = following.follow_trail(audited, name="The cut", by=office.member.id)
    keep(trail, office)
    keep(trail, office, revision=trail.revision, steps=STEPS[2:] + STEPS[:1])
    assert [one.requirement for one in followed_trails.steps_of(trail)] == ["6.1.2", "10.2"]
    assert followed_trails.steps(audited)[trail.id][0].seen == "Not assessed anew"
    with pytest.raises(ChangedMeanwhile):
        keep(trail, office)
    following.remove_trail(trail, by=office.member.id)
    assert followed_trails.of_engagement(audited) == []


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"steps": [following.Step("10.2", "", "document")]}, following.StepIncomplete),
        ({"steps": [following.Step("", "Seen", "document")]}, following.StepIncomplete),
        ({"steps": [following.Step("10.2", "Seen", "hearsay")]}, following.StepIncomplete),
        ({"steps": [following.Step("99.9", "Seen", "document")]}, UnknownRequirement),
        ({"result": "maybe"}, following.UnknownResult),
        ({"steps": []}, following.ResultWithoutSteps),
    ],
)
def test_a_trail_that_tells_nothing_is_refused(office, audited, changed, refusal):
    trail = following.follow_trail(audited, name="The cut", by=office.member.id)
    with pytest.raises(refusal):
        keep(trail, office, **changed)


def test_only_a_pre_audit_follows_trails_and_asks_for_stage_1(office):
    gap = office.open()
    with pytest.raises(OnlyForPreAudit):
        following.follow_trail(gap, name="x", by=office.member.id)
    with pytest.raises(OnlyForPreAudit):
        answer(gap, office, scope=("yes", "", "", 0))
