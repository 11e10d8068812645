"""Last year's assessment begins this year's; nothing of it counts until somebody says that it is still true."""

from datetime import date

import pytest

from consultancy import scoring
from consultancy.actions import carry_overs, rating_grid, rating_history, ratings
from consultancy.actions.carry_overs import NotEarlier, NothingChosen
from consultancy.models.engagement import EngagementSite
from consultancy.queries import assessments
from consultancy.reports.problems import problems_of
from consultancy.standards import catalogue
from tests.factories import DAY, make_client, make_site

EVERYTHING = ("ratings", "recommendations", "notes")


@pytest.fixture
def before(office):
    """Last year: 4.1 informal with advice and a note of each kind, 4.2 set aside, 5.2 effective."""
    engagement = office.open()
    there, by = assessments.of_engagement(engagement), office.member.id

    def rate(requirement, **fields):
        return ratings.rate_requirement(there, requirement=requirement, revision=0, by=by, **fields)

    poor = rate("4.1", state="rated", level=1, recommendation="Keep a list.", owner_text="Dana", due=DAY)
    rate("4.2", state="not_applicable", reason="Nobody else.")
    rate("5.2", state="rated", level=3)
    ratings.note_observation(poor, assessment=there, text="A list of 2024.", method="document", by=by)
    ratings.note_observation(poor, assessment=there, text="Nobody told me.", method="interview", by=by)
    return engagement


@pytest.fixture
def carry(office, engagement, before):
    def carry_one(*parts, source=None):
        return carry_overs.carry_forward(
            engagement, source=source or before, parts=parts or EVERYTHING, by=office.member.id
        )

    return carry_one


def tally(assessment):
    return scoring.score(catalogue.find(assessment.standard), assessments.rated(assessment)).overall


def words(assessment, requirement):
    return [one.text for one in assessments.observations_of(assessments.rating_of(assessment, requirement))]


def test_ratings_advice_and_notes_come_along_without_dates_and_interviews(assessment, carry):
    assert carry()[:4] == (3, 1, 1, 0)
    rating = assessments.rating_of(assessment, "4.1")
    assert (rating.level, rating.recommendation, rating.owner_text, rating.due) == (1, "Keep a list.", "Dana", None)
    assert rating.carried_over
    assert words(assessment, "4.1") == ["A list of 2024."]


def test_only_what_was_chosen_comes_along(assessment, carry):
    carry("recommendations")
    rating = assessments.rating_of(assessment, "4.1")
    assert (rating.state, rating.recommendation, words(assessment, "4.1")) == ("not_rated", "Keep a list.", [])
    assert assessments.rating_of(assessment, "5.2") is None


def test_in_two_goes_the_second_brings_what_the_first_left_out(assessment, carry):
    carry("recommendations")
    carry("ratings", "notes")
    rating = assessments.rating_of(assessment, "4.1")
    assert (rating.level, rating.recommendation, rating.carried_over) == (1, "Keep a list.", True)
    assert words(assessment, "4.1") == ["A list of 2024."]


def test_what_was_carried_over_takes_the_rest_later_and_keeps_the_judgement_it_has(office, assessment, before, carry):
    carry("ratings")
    newer = office.open()
    ratings.rate_requirement(
        assessments.of_engagement(newer), requirement="4.1", revision=0, by=office.member.id, state="rated", level=3,
        recommendation="Keep two lists.",
    )  # fmt: skip
    assert carry_overs.plan(assessment.engagement, before).copying[:4] == (0, 1, 1, 0)
    assert carry("ratings", "recommendations", source=newer)[:3] == (0, 1, 0)
    assert carry("recommendations", "notes")[:3] == (0, 0, 1)
    rating = assessments.rating_of(assessment, "4.1")
    assert (rating.level, rating.recommendation, rating.carried_over) == (1, "Keep two lists.", True)
    assert words(assessment, "4.1") == ["A list of 2024."]


def test_absent_is_a_judgement_that_a_later_carry_over_leaves_alone(office, engagement, assessment, before, carry):
    there = assessments.of_engagement(before)
    ratings.rate_requirement(there, requirement="6.1.1", revision=0, by=office.member.id, state="rated", level=0)
    carry("ratings")
    newer = office.open()
    ratings.rate_requirement(
        assessments.of_engagement(newer), requirement="6.1.1", revision=0, by=office.member.id, state="rated", level=3
    )
    carry(source=newer)
    assert assessments.rating_of(assessment, "6.1.1").level == 0


def test_what_is_rated_here_already_stays(office, assessment, carry):
    ratings.rate_requirement(assessment, requirement="4.1", revision=0, by=office.member.id, state="rated", level=0)
    assert carry().rated_here == 1
    rating = assessments.rating_of(assessment, "4.1")
    assert (rating.level, rating.recommendation, rating.carried_over) == (0, "", False)


def test_twice_changes_nothing(office, assessment, carry):
    carry("notes")
    office.session.refresh(assessment)
    first = assessment.revision
    assert carry("notes").notes == 0
    office.session.refresh(assessment)
    assert (words(assessment, "4.1"), assessment.revision) == (["A list of 2024."], first)


def test_it_counts_as_not_rated_until_it_is_confirmed(office, assessment, carry):
    carry()
    figures = tally(assessment)
    assert (figures.rated, figures.not_applicable, figures.decided, figures.carried_over) == (0, 0, 0, 3)
    rating = assessments.rating_of(assessment, "4.1")
    carry_overs.confirm(rating, assessment=assessment, revision=rating.revision, by=office.member.id)
    figures = tally(assessment)
    assert (figures.rated, figures.decided, figures.carried_over, rating.level) == (1, 1, 2, 1)


def test_only_another_judgement_or_still_true_confirms_and_never_the_same_again(office, assessment, carry):
    carry()

    def send(requirement, **fields):
        rating = assessments.rating_of(assessment, requirement)
        return ratings.rate_requirement(
            assessment, requirement=requirement, revision=rating.revision, by=office.member.id, **fields
        ).carried_over

    assert send("4.1", state="rated", level=1, recommendation="Keep a longer list.")
    assert send("4.2", state="not_applicable", level=None, reason="Nobody else at all.")
    assert not send("4.1", level=2)
    assert not send("4.2", confirmed=True)


def test_marking_it_not_applicable_is_a_judgement_of_this_year(office, assessment, carry):
    carry()
    (rating,) = rating_grid.mark_not_applicable(
        assessment, requirements={"4.2": 1}, reason="Nobody else.", by=office.member.id
    )
    assert not rating.carried_over


def test_a_report_waits_for_every_one_of_them(engagement, carry):
    carry()
    (waiting,) = (
        one
        for one in problems_of(engagement, kind="gap_report", today=date(2026, 3, 2))
        if one.what == "carried_over_unconfirmed"
    )
    assert (waiting.level, [place.key for place in waiting.places]) == ("blocking", ["4.1", "4.2", "5.2"])


def test_a_confirmation_is_undone_like_any_change(office, assessment, carry):
    carry()
    rating = assessments.rating_of(assessment, "5.2")
    carry_overs.confirm(rating, assessment=assessment, revision=rating.revision, by=office.member.id)
    rating_history.undo_last(assessment, requirement="5.2", revision=rating.revision, by=office.member.id)
    assert (rating.level, rating.carried_over) == (3, True)


def confirmation(rating):
    changes = [one for one, _name in assessments.history(rating)]
    return next(one for one in changes if (one.field, one.after) == ("carried_over", "False"))


def test_a_confirmation_is_put_back_from_the_history_too(office, assessment, carry):
    carry()
    rating = assessments.rating_of(assessment, "5.2")
    carry_overs.confirm(rating, assessment=assessment, revision=rating.revision, by=office.member.id)
    rating_history.restore(
        confirmation(rating), assessment=assessment, revision=rating.revision, by=office.member.id
    )
    assert (rating.level, rating.carried_over) == (3, True)


def test_what_somebody_judged_since_is_never_called_carried_over_again(office, assessment, carry):
    carry()
    rating = assessments.rating_of(assessment, "5.2")
    carry_overs.confirm(rating, assessment=assessment, revision=rating.revision, by=office.member.id)
    confirmed = confirmation(rating)
    ratings.rate_requirement(
        assessment, requirement="5.2", revision=rating.revision, by=office.other.id, level=1
    )
    for back in (
        lambda: rating_history.undo_last(
            assessment, requirement="5.2", revision=rating.revision, by=office.member.id
        ),
        lambda: rating_history.restore(
            confirmed, assessment=assessment, revision=rating.revision, by=office.member.id
        ),
    ):
        with pytest.raises(ratings.RatedMeanwhile):
            back()
    assert (rating.level, rating.carried_over) == (1, False)


def test_a_page_that_does_not_show_a_colleagues_confirmation_does_not_take_it_back(office, assessment, carry):
    carry()
    rating = assessments.rating_of(assessment, "5.2")
    carried = next(one for one, _name in assessments.history(rating) if one.field == "carried_over")
    seen = rating.revision
    carry_overs.confirm(rating, assessment=assessment, revision=seen, by=office.other.id)
    rating_history.undo_last(assessment, requirement="5.2", revision=rating.revision, by=office.other.id)
    old = confirmation(rating)
    carry_overs.confirm(rating, assessment=assessment, revision=rating.revision, by=office.other.id)
    with pytest.raises(ratings.RatedMeanwhile):
        rating_history.restore(old, assessment=assessment, revision=seen, by=office.member.id)
    assert (carried.after, rating.carried_over) == ("True", False)


def test_what_nobody_confirmed_there_is_not_carried_on(office, carry, engagement):
    carry()
    third = office.open()
    counts = carry_overs.carry_forward(third, source=engagement, parts=EVERYTHING, by=office.member.id)
    assert counts.ratings == 0


def test_another_clients_and_another_standards_assessment_is_refused(office, carry):
    stranger = office.open()
    stranger.client_id = make_client().id
    cor = office.open(standard="cor2020")
    ratings.rate_requirement(
        assessments.of_engagement(cor), requirement="1", revision=0, by=office.member.id, state="rated", level=2
    )
    for source in (stranger, cor):
        with pytest.raises(NotEarlier):
            carry(source=source)


def test_a_version_of_the_same_standard_is_offered(office, before):
    newer = office.open(standard="csa-z45001-2019")
    assert carry_overs.plan(newer, before).copying.ratings == 3


def test_something_must_be_chosen(carry):
    with pytest.raises(NothingChosen):
        carry("everything")


def test_a_site_out_of_scope_is_left_where_it_was(office, engagement, before, carry):
    inside, outside = make_site(client=office.client), make_site(client=office.client)
    office.session.add_all(
        EngagementSite(engagement_id=one.id, site_id=site.id)
        for one, site in ((before, inside), (before, outside), (engagement, inside))
    )
    office.session.flush()
    there = assessments.of_engagement(before)
    for level, site in enumerate((inside, outside)):
        ratings.rate_requirement(
            there, requirement="6.1.3", site=site.id, revision=0, by=office.member.id, state="rated", level=level
        )
    carry()
    here = assessments.of_engagement(engagement)
    assert assessments.rating_of(here, "6.1.3", inside.id).level == 0
    assert assessments.rating_of(here, "6.1.3", outside.id) is None
