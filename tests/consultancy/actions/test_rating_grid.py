"""Several requirements do not apply, for one reason: all at once or none, and over nobody's newer judgement."""

import pytest

from consultancy.actions import rating_grid, ratings
from consultancy.queries import assessments
from tests.practice import statements_of


@pytest.fixture
def rate(office, assessment):
    """A colleague at the desk."""

    def rate_one(requirement, **fields):
        rating = assessments.rating_of(assessment, requirement)
        return ratings.rate_requirement(
            assessment, requirement=requirement, revision=rating.revision if rating else 0, by=office.other.id,
            **fields,
        )  # fmt: skip

    return rate_one


@pytest.fixture
def mark(office, assessment):
    def mark_all(requirements, reason="Nothing is outsourced."):
        return rating_grid.mark_not_applicable(
            assessment, requirements=requirements, reason=reason, by=office.member.id
        )

    return mark_all


def standing(assessment):
    return {one.requirement: (one.state, one.level) for one in assessments.ratings(assessment)}


def test_several_requirements_do_not_apply_for_one_reason(rate, mark):
    seen = rate("8.1.4.2", state="rated", level=1).revision
    marked = mark({"8.1.4.2": seen, "8.1.4.3": 0})
    assert {(one.state, one.level, one.reason) for one in marked} == {
        ("not_applicable", None, "Nothing is outsourced.")
    }


@pytest.mark.parametrize(
    ("requirements", "reason", "refusal"),
    [({}, "Why", rating_grid.NothingMarked), ({"4.1": 0}, " ", ratings.ReasonMissing)],
)
def test_marking_needs_requirements_and_a_reason(mark, requirements, reason, refusal):
    with pytest.raises(refusal):
        mark(requirements, reason)


@pytest.mark.parametrize("judged", [{"level": 2}, {"state": "not_verified"}])
def test_what_a_colleague_judged_since_is_named_and_nothing_is_marked(assessment, rate, mark, judged):
    seen = {"4.1": rate("4.1", state="rated", level=1).revision, "4.2": 0, "5.2": 0}
    rate("4.1", **judged)
    rate("5.2", state="rated", level=0)
    before = standing(assessment)
    with pytest.raises(rating_grid.JudgedMeanwhile) as refusal:
        mark(seen)
    assert refusal.value.args[0] == ["4.1", "5.2"]
    assert standing(assessment) == before


def test_words_that_a_colleague_typed_since_stay_beside_the_mark(rate, mark):
    seen = rate("4.1", state="rated", level=1).revision
    rate("4.1", recommendation="Keep a list.")
    (marked,) = mark({"4.1": seen})
    assert (marked.state, marked.recommendation) == ("not_applicable", "Keep a list.")


def test_who_marked_the_same_for_the_same_reason_agrees(rate, mark):
    rate("4.1", state="not_applicable", reason="Nothing is outsourced.")
    assert len(mark({"4.1": 0})) == 1
    with pytest.raises(rating_grid.JudgedMeanwhile):
        mark({"4.1": 0}, "Another reason.")


def test_many_are_one_change_of_the_assessment_and_measured_once(office, assessment, mark):
    office.session.refresh(assessment)
    before = assessment.revision
    with statements_of(office.session.connection()) as ran:
        mark(dict.fromkeys(("4.1", "4.2", "4.3", "4.4", "5.1", "5.2", "5.3", "5.4"), 0))
    office.session.refresh(assessment)
    assert assessment.revision == before + 1
    assert sum("FROM engagement_stage" in one for one in ran) == 1
