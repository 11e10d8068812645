"""Looking across clients: what the heat map shows, and what the medians keep to themselves."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from consultancy.actions import ratings, standard_moves, standards
from consultancy.actions.engagements import measure_levels, open_engagement
from consultancy.models.assessment import Rating
from consultancy.queries import assessments, insight
from consultancy.standards.rules import Draft
from tests.factories import (
    DAY,
    entered,
    found_tenant,
    make_assessment,
    make_client,
    make_engagement,
    make_engagement_site,
    make_member,
    make_rating,
    make_site,
)

ISO, CSA = "iso45001-2018-amd1", "csa-z45001-2019"


@pytest.fixture
def session(database_app):
    with entered(database_app, found_tenant(database_app, slug="northgate")) as session:
        yield session


@pytest.fixture
def office(session):
    """`session`, `member` and `open(standard)`, which answers an engagement opened against it."""
    client, member = make_client(), make_member()

    def open_one(standard):
        return open_engagement(
            client, kind="gap_analysis", standard=standard, title="Gap", language="en", opened_on=DAY, by=member.id
        )

    return SimpleNamespace(session=session, client=client, member=member, open=open_one)


def rated(client, levels, *, day=DAY, standard=ISO):
    engagement = make_engagement(client=client, opened_on=day, stage="assess", standard=standard)
    assessment = make_assessment(engagement=engagement)
    for requirement, level in levels.items():
        make_rating(assessment=assessment, requirement=requirement, level=level)
    measure_levels(assessment)
    return assessment


def sector_of(count, sector, level=2, headcount=None):
    for _number in range(count):
        rated(make_client(sector=sector, headcount=headcount), {"4.1": level})


def groups(name):
    return {group.key: group for group in insight.medians(insight.newest_of(ISO))[name]}


def test_each_client_is_shown_with_its_latest_assessment_cut_to_a_whole_level(session):
    client = make_client(sector="food", headcount=60)
    rated(client, {"4.1": 0}, day=DAY - timedelta(days=300))
    assessment = rated(client, {"4.1": 3, "4.2": 2, "5.1": 1})
    make_rating(assessment=assessment, requirement="5.2", level=3, site=make_site(client=client))
    measure_levels(assessment)
    session.flush()
    [row], total = insight.heat_map(insight.newest_of(ISO))
    assert (row.levels, row.opened_on, total) == ({"4": 2, "5": 1}, DAY, 1)


def test_the_map_keeps_to_one_standard_one_sector_and_one_size(session):
    for sector, headcount in (("food", 60), ("research", 60), ("food", 5)):
        rated(make_client(sector=sector, headcount=headcount), {"4.1": 2})
    rated(make_client(sector="food", headcount=60), {"4": 2}, standard="cor2020")
    make_client(sector="food", headcount=60)  # nothing rated
    session.flush()
    assert insight.heat_map(insight.newest_of(ISO))[1] == 3
    assert insight.heat_map(insight.newest_of(ISO), sector="food")[1] == 2
    assert insight.heat_map(insight.newest_of(ISO), sector="food", size="50-99")[1] == 1
    assert insight.heat_map(insight.newest_of("cor2020"))[1] == 1


def test_a_group_of_four_is_not_shown_and_one_of_five_is(session):
    sector_of(4, "food")
    session.flush()
    assert groups("sector") == {}
    sector_of(1, "food", level=3)
    session.flush()
    assert groups("sector")["food"] == insight.Group("food", 5, {"4": 2.0})


def test_a_clause_that_only_four_of_five_were_rated_in_is_not_shown(session):
    sector_of(4, "food")
    rated(make_client(sector="food"), {"5.1": 1})
    session.flush()
    assert groups("sector") == {}


def test_groups_are_of_one_kind_each_so_that_none_is_the_difference_of_two(session):
    sector_of(5, "food", headcount=60)
    sector_of(4, "research", headcount=60)
    session.flush()
    assert set(groups("sector")) == {"food"}
    assert {key: group.clients for key, group in groups("size").items()} == {"50-99": 9}
    assert set(insight.medians(insight.newest_of(ISO))) == {"sector", "size"}  # no total, and no sector within a size


def test_the_median_is_of_clients_and_not_of_ratings(session):
    for level in (0, 1, 2, 3):
        rated(make_client(sector="food"), {"4.1": level})
    rated(make_client(sector="food"), {"4.1": 3, "4.2": 3, "4.3": 3, "4.4": 3})
    session.flush()
    assert groups("sector")["food"].medians == {"4": 2.0}


def test_a_client_is_held_against_its_assessment_before_and_its_own_standard(session):
    client = make_client()
    for days, level in ((600, 0), (300, 1), (0, 3)):
        rated(client, {"4.1": level, "4.2": level}, day=DAY - timedelta(days=days))
    rated(client, {"1": 2}, day=DAY - timedelta(days=100), standard="cor2020")
    session.flush()
    assert [one.averages for one in insight.assessed(client)] == [{"4": 3.0}, {"4": 1.0}]
    assert insight.assessed(make_client()) == []


def test_what_was_carried_over_and_not_confirmed_is_nobodys_level(session):
    client = make_client(sector="food")
    rated(client, {"4.1": 3}, day=DAY - timedelta(days=300))
    here = rated(client, {"4.1": 0, "5.1": 2})
    untouched = rated(make_client(sector="food"), {"4.1": 0})
    for one in session.scalars(sa.select(Rating).where(Rating.level == 0)):
        one.carried_over = True
    session.flush()
    measure_levels(here)
    measure_levels(untouched)
    [shown] = insight.heat_map(insight.newest_of(ISO))[0]
    assert (shown.client_id, shown.levels) == (client.id, {"5": 2})
    assert [one.averages for one in insight.assessed(client)] == [{"5": 2.0}, {"4": 3.0}]
    assert insight.assessed(untouched.engagement.client) == []


def test_what_was_rated_before_an_engagement_moved_to_another_standard_is_nowhere_in_the_figures(session):
    clients = [make_client(sector="food") for _number in range(5)]
    for client in clients:
        old = rated(client, {"4.1": 0})
        old.engagement.standard = CSA
        new = make_assessment(engagement=old.engagement)
        make_rating(assessment=new, requirement="5.1", level=2)
        measure_levels(new)
    session.flush()
    assert insight.newest_of(ISO) == []
    assert groups("sector") == {}
    assert [row.levels for row in insight.heat_map(insight.newest_of(CSA))[0]] == [{"5": 2}] * 5
    assert insight.standards_used() == [CSA]
    assert [(one.standard, one.averages) for one in insight.assessed(clients[0])] == [(CSA, {"5": 2.0})]


@pytest.mark.parametrize(
    ("headcount", "size"),
    [(0, "1-19"), (19, "1-19"), (20, "20-49"), (49, "20-49"), (50, "50-99"), (100, "100-249"), (249, "100-249"),
     (250, "250+"), (9000, "250+")],
)  # fmt: skip
def test_a_headcount_belongs_to_one_size(session, headcount, size):
    rated(make_client(headcount=headcount), {"4.1": 2})
    session.flush()
    assert [key for key in insight.SIZES if insight.heat_map(insight.newest_of(ISO), size=key)[1]] == [size]


def test_what_is_shown_follows_every_rating(office):
    """Rated, corrected, set aside, at one site: the map reads what the assessment keeps, so it must be kept up."""
    assessment = assessments.of_engagement(office.open(ISO))
    site = make_site(client=office.client)
    make_engagement_site(engagement=assessment.engagement, site=site)

    def shown(requirement, at=None, **fields):
        rating = assessments.rating_of(assessment, requirement, at)
        ratings.rate_requirement(
            assessment, requirement=requirement, site=at, revision=rating.revision if rating else 0, by=None, **fields
        )
        return [one.averages for one in insight.newest_of(ISO)]

    assert shown("4.1", state="rated", level=3) == [{"4": 3.0}]
    assert shown("4.2", state="rated", level=0) == [{"4": 1.5}]
    assert shown("4.2", state="rated", level=2) == [{"4": 2.5}]
    assert shown("4.3", site.id, state="rated", level=0) == [{"4": 2.5}]
    assert shown("4.2", state="not_verified") == [{"4": 3.0}]
    assert shown("4.1", state="not_applicable", reason="No") == []
    assert insight.standards_used() == []


def test_what_was_carried_to_another_standard_is_measured_there_once_confirmed(office):
    engagement = office.open(ISO)
    assessment = assessments.of_engagement(engagement)
    ratings.rate_requirement(
        assessment, requirement="4.1", revision=0, by=None, state="rated", level=3
    )
    office.session.refresh(assessment)
    standard_moves.move_to_standard(
        engagement, standard=CSA, revision=assessment.revision, by=office.member.id
    )
    assert insight.newest_of(CSA) == []
    here = assessments.of_engagement(engagement)
    [rating] = office.session.scalars(sa.select(Rating).where(Rating.assessment_id == here.id))
    ratings.rate_requirement(
        here, requirement=rating.requirement, revision=rating.revision, by=office.member.id, confirmed=True
    )
    assert [one.averages for one in insight.newest_of(CSA)] == [{"4": 3.0}]


def test_questions_of_ones_own_are_gathered_by_their_elements(office):
    standard = standards.begin_standard(
        name="Our yard", version="1", kind="standard", based_on="", source="", by_points=False, marks=None,
        by=office.member.id,
    )  # fmt: skip
    for code, element in (("Q1", "3 Controls"), ("Q2", "3 Controls"), ("Q3", "People")):
        standards.write_requirement(
            standard, draft=Draft(code=code, title=code, element=element), by=office.member.id
        )
    standards.publish_standard(standard, licence_confirmed=True, revision=standard.revision, by=office.member.id)
    assessment = assessments.of_engagement(office.open(standard.key))
    for code, level in (("Q1", 3), ("Q2", 2), ("Q3", 0)):
        ratings.rate_requirement(assessment, requirement=code, revision=0, by=None, state="rated", level=level)
    assert [one.averages for one in insight.newest_of(standard.key)] == [{"3": 2.5, "People": 0.0}]
