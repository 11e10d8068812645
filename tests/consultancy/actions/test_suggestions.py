"""A rating against another standard suggests a level here: accepted by a person, or ignored, and never by itself."""

import pytest

from consultancy.actions import ratings, standard_moves, suggestions
from consultancy.actions.suggestions import SuggestionGone
from consultancy.queries import assessments
from consultancy.queries.suggestions import elsewhere
from tests.factories import make_client

COR = "cor2020"  # its element 8 meets 7.4.1 in part


@pytest.fixture
def cor(office):
    """The client's pre-audit against COR, with a way to rate its elements."""
    assessment = assessments.of_engagement(office.open("pre_audit", standard=COR))

    def rate(level, requirement="8"):
        rating = assessments.rating_of(assessment, requirement)
        return ratings.rate_requirement(
            assessment, requirement=requirement, revision=rating.revision if rating else 0, by=office.member.id,
            state="rated", level=level,
        )  # fmt: skip

    rate.assessment = assessment
    return rate


@pytest.fixture
def offered(assessment):
    def offered_now(requirement="7.4.1"):
        return elsewhere(assessment, requirement, assessments.rating_of(assessment, requirement))

    return offered_now


@pytest.fixture
def decide(office, assessment, offered):
    def decide_one(verb, key=None):
        rating = assessments.rating_of(assessment, "7.4.1")
        return verb(
            assessment, requirement="7.4.1", key=key or offered().waiting[0].source.key,
            revision=rating.revision if rating else 0, by=office.member.id,
        )  # fmt: skip

    return decide_one


def test_what_is_met_in_part_suggests_developing_at_most(cor, offered):
    cor(3)
    (one,) = offered().waiting
    assert (one.source.standard, one.source.requirement, one.source.level, one.level) == (COR, "8", 3, 2)
    assert (one.relation.relation, one.relation.certainty, bool(one.source.at)) == ("related", "ours", True)


def test_what_asks_for_as_much_or_more_suggests_its_own_level(office, offered):
    overlay = assessments.of_engagement(office.open(standard="csa-z45001-2019"))
    ratings.rate_requirement(
        overlay, requirement="7.4.1", revision=0, by=office.member.id, state="rated", level=3
    )
    assert [one.level for one in offered().waiting] == [3]


def test_nothing_is_applied_until_somebody_accepts(assessment, cor, offered, decide):
    cor(3)
    offered()
    assert assessments.rating_of(assessment, "7.4.1") is None
    rating = decide(suggestions.accept)
    assert (rating.state, rating.level, rating.source["requirement"]) == ("rated", 2, "8")
    assert assessments.rated(assessment)["7.4.1"].linked
    assert offered().waiting == []


def test_a_source_that_changes_says_so_and_changes_nothing(assessment, cor, offered, decide):
    cor(3)
    rating = decide(suggestions.accept)
    assert not offered().source_changed
    cor(1)
    assert offered().source_changed
    assert (rating.level, rating.source["level"]) == (2, 3)
    assert [one.level for one in offered().waiting] == [1]


def test_judged_anew_it_is_no_longer_from_elsewhere(office, assessment, cor, decide):
    cor(3)
    rating = decide(suggestions.accept)
    ratings.rate_requirement(
        assessment, requirement="7.4.1", revision=rating.revision, by=office.member.id, level=3, state="rated"
    )
    assert rating.source is None


def test_ignored_it_stays_away_until_the_rating_there_changes(assessment, cor, offered, decide):
    cor(3)
    rating = decide(suggestions.ignore)
    assert (rating.state, offered().waiting) == ("not_rated", [])
    cor(2)
    assert [one.source.level for one in offered().waiting] == [2]


def test_what_the_page_showed_must_still_stand_there(cor, offered, decide):
    cor(3)
    shown = offered().waiting[0].source.key
    cor(1)
    with pytest.raises(SuggestionGone):
        decide(suggestions.accept, key=shown)


def test_what_was_rated_before_an_engagement_moved_on_suggests_nothing(office, assessment, cor, offered):
    cor(3)
    engagement = cor.assessment.engagement
    office.session.refresh(cor.assessment)
    standard_moves.move_to_standard(
        engagement, standard=assessment.standard, revision=cor.assessment.revision, by=office.member.id
    )
    assert offered().waiting == []
    moved = assessments.of_engagement(engagement)
    assert elsewhere(moved, "7.4.1", None).waiting == []


def test_another_client_suggests_nothing(office, cor, offered):
    cor(3)
    cor.assessment.engagement.client_id = make_client().id
    office.session.flush()
    assert offered().waiting == []


def test_a_requirement_judged_here_is_left_in_peace(office, assessment, cor, offered):
    cor(3)
    ratings.rate_requirement(assessment, requirement="7.4.1", revision=0, by=office.member.id, state="rated", level=1)
    assert offered().waiting == []
