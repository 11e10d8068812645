"""Going back: what was saved last is undone, what stood there before is put back, and nothing is ever lost."""

import pytest

from consultancy.actions import rating_history, ratings
from consultancy.actions.engagements import EngagementClosed
from consultancy.queries import assessments
from tests.consultancy.actions.conftest import close


@pytest.fixture
def rate(office, assessment):
    def rate_one(requirement="4.1", by=None, **fields):
        rating = assessments.rating_of(assessment, requirement)
        return ratings.rate_requirement(
            assessment, requirement=requirement, revision=rating.revision if rating else 0,
            by=(by or office.member).id, **fields,
        )  # fmt: skip

    return rate_one


@pytest.fixture
def undo(office, assessment):
    def undo_one(requirement="4.1", by=None, revision=None):
        rating = assessments.rating_of(assessment, requirement)
        seen = revision if revision is not None else rating.revision if rating else 0
        return rating_history.undo_last(
            assessment, requirement=requirement, revision=seen, by=(by or office.member).id
        )

    return undo_one


def changes(rating, field):
    return [change for change, _name in assessments.history(rating) if change.field == field]


def test_the_last_saving_is_undone_with_all_fields_it_touched(rate, undo):
    rate(state="rated", level=1)
    rate(level=3, owner_text="Dana")
    rating = undo()
    assert (rating.level, rating.owner_text) == (1, "")


def test_the_first_rating_undone_is_not_rated_again(rate, undo):
    rate(state="rated", level=2)
    rating = undo()
    assert (rating.state, rating.level) == ("not_rated", None)


def test_undone_twice_it_is_there_again(rate, undo):
    rate(state="rated", level=1)
    rate(level=3)
    undo()
    assert undo().level == 3


def test_only_ones_own_saving_is_undone(office, rate, undo):
    rate(state="rated", level=1)
    rate(by=office.other, owner_text="Sam")
    rating = undo()
    assert (rating.state, rating.owner_text) == ("not_rated", "Sam")


def test_what_somebody_else_saved_since_is_never_undone(office, rate, undo):
    rate(state="rated", level=1)
    rate(by=office.other, level=2)
    with pytest.raises(ratings.RatedMeanwhile):
        undo()


def test_who_changed_nothing_has_nothing_to_undo(office, rate, undo):
    with pytest.raises(rating_history.NothingToUndo):
        undo()
    rate(state="rated", level=1)
    with pytest.raises(rating_history.NothingToUndo):
        undo(by=office.other)


def test_an_earlier_value_is_put_back_from_the_history(office, assessment, rate):
    rate(recommendation="First wording.")
    rate(recommendation="Second wording.")
    rating = rate(recommendation="Third wording.")
    second = changes(rating, "recommendation")[1]
    rating_history.restore(second, assessment=assessment, revision=rating.revision, by=office.member.id)
    assert rating.recommendation == "First wording."
    assert changes(rating, "recommendation")[0].before == "Third wording."


def test_a_page_that_is_out_of_date_puts_nothing_back(office, assessment, rate):
    rate(recommendation="First wording.")
    rating = rate(recommendation="Second wording.")
    seen, change = rating.revision, changes(rating, "recommendation")[0]
    rate(by=office.other, recommendation="Theirs.")
    with pytest.raises(ratings.RatedMeanwhile):
        rating_history.restore(change, assessment=assessment, revision=seen, by=office.member.id)
    assert rating.recommendation == "Theirs."


def test_the_words_of_an_observation_come_back(office, assessment, rate):
    rating = rate(state="rated", level=1)
    seen = ratings.note_observation(rating, assessment=assessment, text="Guard open.", by=office.member.id)
    ratings.correct_observation(
        seen, assessment=assessment, text="Guard shut.", method="document", evidence="Photo 4", seen_on=None,
        revision=seen.revision, by=office.member.id,
    )  # fmt: skip
    (change,) = changes(rating, "observation")
    rating_history.restore(change, assessment=assessment, revision=rating.revision, by=office.member.id)
    assert (seen.text, seen.evidence) == ("Guard open.", "Photo 4")


def test_an_observation_that_was_taken_away_is_added_anew(office, assessment, rate):
    rating = rate(state="rated", level=1)
    seen = ratings.note_observation(rating, assessment=assessment, text="Guard open.", by=office.member.id)
    ratings.correct_observation(
        seen, assessment=assessment, text="Guard shut.", method="", evidence="", seen_on=None,
        revision=seen.revision, by=office.member.id,
    )  # fmt: skip
    ratings.remove_observation(seen, assessment=assessment, by=office.member.id)
    assert assessments.observations_of(rating) == []
    taken_away = changes(rating, "observation")[0]
    rating_history.restore(taken_away, assessment=assessment, revision=rating.revision, by=office.member.id)
    assert [one.text for one in assessments.observations_of(rating)] == ["Guard shut."]


def test_a_closed_engagement_goes_back_to_nothing(engagement, rate, undo):
    rate(state="rated", level=1)
    close(engagement)
    with pytest.raises(EngagementClosed):
        undo()
