"""Ratings are kept per site beside the whole client's: each with its own history, undo and conflicts."""

import pytest

from consultancy.actions import rating_history, ratings
from consultancy.actions.ratings import RatedMeanwhile, SiteOutOfScope
from consultancy.queries import assessments
from tests.factories import make_engagement_site, make_site


@pytest.fixture
def sites(office, engagement):
    north, south = make_site(client=office.client, name="North"), make_site(client=office.client, name="South")
    for site in (north, south):
        make_engagement_site(engagement=engagement, site=site)
    return north, south


@pytest.fixture
def rate(office, assessment):
    def rate_one(site, level, revision=0, by=None):
        return ratings.rate_requirement(
            assessment, requirement="8.2", site=site and site.id, revision=revision, by=(by or office.member).id,
            state="rated", level=level,
        )  # fmt: skip

    return rate_one


def test_each_site_has_its_own_rating_beside_the_whole_clients(assessment, sites, rate):
    north, south = sites
    rate(north, 3)
    rate(south, 1)
    rate(None, 2)
    levels = [assessments.rating_of(assessment, "8.2", site).level for site in (north.id, south.id, None)]
    assert levels == [3, 1, 2]
    assert assessments.rated(assessment)["8.2"].level == 2
    assert assessments.rated(assessment, south.id)["8.2"].level == 1
    assert assessments.levels_at_sites(assessment, "8.2") == [("North", 3), ("South", 1)]


def test_an_undo_at_one_site_leaves_the_other_alone(office, assessment, sites, rate):
    north, south = sites
    rate(south, 1)
    rating = rate(north, 3)
    rating_history.undo_last(
        assessment, requirement="8.2", site=north.id, revision=rating.revision, by=office.member.id
    )
    assert assessments.rating_of(assessment, "8.2", north.id).state == "not_rated"
    assert assessments.rating_of(assessment, "8.2", south.id).level == 1


def test_two_people_conflict_at_the_same_site_only(office, sites, rate):
    north, south = sites
    first = rate(north, 3).revision
    rate(north, 2, revision=first)
    rate(south, 0, by=office.other)
    with pytest.raises(RatedMeanwhile):
        rate(north, 1, revision=first, by=office.other)


def test_a_site_out_of_scope_is_not_rated(office, rate):
    with pytest.raises(SiteOutOfScope):
        rate(make_site(client=office.client), 2)
