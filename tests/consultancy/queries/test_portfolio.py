"""The portfolio: one row per client, with the facts of its latest work."""

from datetime import timedelta

import pytest

from consultancy.actions.engagements import measure_levels
from consultancy.queries import clients, portal
from tests.factories import (
    DAY,
    entered,
    found_tenant,
    make_assessment,
    make_client,
    make_deliverable,
    make_engagement,
    make_finding,
    make_member,
    make_rating,
    make_stage,
)


@pytest.fixture
def tenant(database_app):
    return found_tenant(database_app, slug="northgate")


@pytest.fixture
def session(database_app, tenant):
    with entered(database_app, tenant) as session:
        yield session


def opened(client, day=DAY, *, closed=None, **columns):
    engagement = make_engagement(client=client, opened_on=day, stage="assess", **columns)
    engagement.closed_on = closed
    return engagement


def row_of(client):
    rows, _total = clients.portfolio()
    return next(row for row in rows if row.client.id == client.id)


def test_a_client_without_an_engagement_has_a_row_too(session):
    row = row_of(make_client())
    assert (row.engagement, row.lead_name, row.open_majors, row.levels) == (None, None, 0, {})


def test_the_latest_open_engagement_is_shown_before_any_closed_one(session):
    client = make_client()
    older = opened(client)
    opened(client, DAY + timedelta(days=30), closed=DAY + timedelta(days=60))
    session.flush()
    assert row_of(client).engagement.id == older.id
    newer = opened(client, DAY + timedelta(days=10))
    session.flush()
    assert row_of(client).engagement.id == newer.id


def test_the_row_names_the_lead_and_the_end_of_the_running_stage(session):
    lead, client = make_member(), make_client()
    engagement = opened(client, lead=lead)
    make_stage(engagement=engagement, stage="assess", planned_to=DAY + timedelta(days=9))
    make_stage(engagement=engagement, stage="review", planned_to=DAY + timedelta(days=99))
    session.flush()
    assert (row_of(client).lead_name, row_of(client).next_date) == (lead.name, DAY + timedelta(days=9))


def test_only_open_majors_are_counted_over_all_engagements_of_the_client(session):
    client = make_client()
    for engagement in (opened(client), opened(client)):
        for number, (grade, status) in enumerate(
            [
                ("major", "open"),
                ("major", "verification"),
                ("major", "closed"),
                ("minor", "open"),
                ("strength", "noted"),
            ]
        ):
            make_finding(engagement=engagement, number=number + 1, grade=grade, status=status)
    assert row_of(client).open_majors == 4


def test_the_level_of_a_clause_is_the_average_cut_down(session):
    client = make_client()
    assessment = make_assessment(engagement=opened(client))
    for requirement, level in (("4.1", 2), ("4.2", 3), ("4.3", 3), ("10.2", 1), ("9.1.1", 0)):
        make_rating(assessment=assessment, requirement=requirement, level=level)
    measure_levels(assessment)
    assert row_of(client).levels == {"4": 2, "10": 1, "9": 0}


def test_the_level_is_of_the_standard_that_the_engagement_is_measured_against_now(session):
    client = make_client()
    engagement = opened(client)
    before = make_assessment(engagement=engagement)
    make_rating(assessment=before, requirement="4.1", level=0)
    measure_levels(before)
    engagement.standard = "csa-z45001-2019"
    session.flush()
    assert row_of(client).levels == {}
    here = make_assessment(engagement=engagement)
    make_rating(assessment=here, requirement="4.1", level=3)
    measure_levels(here)
    assert row_of(client).levels == {"4": 3}


def test_a_level_that_was_carried_over_and_not_confirmed_is_not_averaged(session):
    client = make_client()
    assessment = make_assessment(engagement=opened(client))
    make_rating(assessment=assessment, requirement="4.1", level=3)
    make_rating(assessment=assessment, requirement="4.2", level=1).carried_over = True
    make_rating(assessment=assessment, requirement="5.1", level=2).carried_over = True
    session.flush()
    measure_levels(assessment)
    assert row_of(client).levels == {"4": 3}


def test_clients_come_by_name_fifty_to_a_page(session):
    for number in range(60):
        make_client(legal_name=f"Firm {number:02}" if number % 2 else f"firm {number:02}")
    (first, total), (second, _) = clients.portfolio(), clients.portfolio(page=2)
    names = [row.client.legal_name for row in (*first, *second)]
    assert (total, len(first), len(second)) == (60, 50, 10)
    assert names == sorted(names, key=str.lower)


@pytest.mark.parametrize(("words", "found"), [("mill", 1), ("MILL", 1), ("hrw", 1), ("100%", 0), ("_", 0), ("", 2)])
def test_a_search_looks_at_both_names_and_the_code(session, words, found):
    make_client(legal_name="Harrow Works", trade_name="The Mill", code="HRW")
    make_client(legal_name="Other", trade_name="Else", code="ELSE")
    assert clients.portfolio(search=words)[1] == found


def test_the_portal_finds_released_files_of_its_own_employer_only(database_app, tenant):
    with entered(database_app, tenant):
        mine, other = make_client(), make_client()
        standings = ("draft", "in_review", "approved", "released", "superseded", "withdrawn")
        made = {
            (client.id, standing): make_deliverable(engagement=opened(client), standing=standing).id
            for client in (mine, other)
            for standing in standings
        }
        mine_id, other_id = mine.id, other.id
    with entered(database_app, tenant, mine_id):
        assert [one.id for one in portal.released()] == [made[mine_id, "released"]]
        assert {key for key, one in made.items() if portal.find_released(one)} == {(mine_id, "released")}
        assert portal.employer().id == mine_id
        assert {one.client_id for one in portal.engagements()} == {mine_id} != {other_id}
