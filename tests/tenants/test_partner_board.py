"""A partner sees six columns of what employers consented to, and nothing else."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consultancy.calendar import today
from tenants.database import db
from tenants.models import Consent, Tenant
from tenants.sign_ins import BoardRow, membership_of, memberships_of, partner_board
from tests.factories import (
    DAY,
    canary,
    entered,
    found_tenant,
    make_client,
    make_consent,
    make_deliverable,
    make_engagement,
    make_member,
    make_partner,
    make_person,
    make_stage,
)


@pytest.fixture
def seats(database_app):
    """An engagement under consent: the partner's person, another partner's, the consent, and the employer's name."""
    tenant, word = found_tenant(database_app, slug="northgate"), canary()
    with entered(database_app, tenant):
        partner, other = make_partner(), make_partner(name="Another Association")
        engagement = make_engagement(client=make_client(trade_name=word), stage="reporting", percent=80)
        make_stage(engagement=engagement, stage="reporting", planned_from=DAY, planned_to=DAY)
        make_deliverable(engagement=engagement, standing="released")
        consent = make_consent(partner=partner, engagement=engagement, reference="ON-17", granted_on=DAY)
        people = make_person(partner_id=partner.id), make_person(partner_id=other.id)
        return people[0].id, people[1].id, consent.id, word


def board(app, person) -> list[BoardRow]:
    with app.app_context():
        return partner_board(person)


def change(app, consent, **columns) -> None:
    with app.app_context():
        db.session.execute(sa.update(Consent).where(Consent.id == consent).values(**columns))
        db.session.commit()


def test_the_board_has_six_columns_and_a_reference_in_place_of_the_employer(database_app, seats):
    person, _, _, word = seats
    [row] = board(database_app, person)
    assert len(row) == 6
    assert (row.employer, row.consultancy, row.stage, row.band, row.released) == (
        "ON-17", "Northgate Safety", "reporting", "nearly_there", True,
    )  # fmt: skip
    assert (row.dates["planned_from"], row.dates.keys()) == ("2026-03-02", {"planned_from", "planned_to", "audit"})
    assert word not in repr(row)


def test_the_employer_is_named_only_where_the_consent_says_so(database_app, seats):
    person, _, consent, word = seats
    change(database_app, consent, show_employer=True)
    assert [row.employer for row in board(database_app, person)] == [word]


def test_another_partner_sees_nothing(database_app, seats):
    assert board(database_app, seats[1]) == []


@pytest.mark.parametrize(
    "columns", [{"revoked_on": DAY}, {"expires_on": DAY}, {"expires_on": today() - timedelta(days=2)}], ids=str
)
def test_a_consent_that_ended_shows_nothing(database_app, seats, columns):
    change(database_app, seats[2], **columns)
    assert board(database_app, seats[0]) == []


def test_a_suspended_consultancy_shows_nothing(database_app, seats):
    with database_app.app_context():
        db.session.execute(sa.update(Tenant).values(suspended_at=sa.func.now()))
        db.session.commit()
    assert board(database_app, seats[0]) == []


def test_someone_who_is_no_partner_sees_nothing(database_app, seats):
    with database_app.app_context():
        person = make_person().id
        db.session.commit()
    assert board(database_app, person) == []


def test_a_person_finds_the_consultancies_they_belong_to_today_and_no_others(database_app):
    tenants = [found_tenant(database_app, slug=slug) for slug in ("northgate", "lakeshore", "elsewhere")]
    with database_app.app_context():
        person = make_person(email="priya@example.org")
        key = person.id
        db.session.commit()
    for tenant in tenants[:2]:
        with entered(database_app, tenant) as session:
            make_member(person=session.merge(person, load=False))
    with entered(database_app, tenants[1]) as session:
        session.execute(sa.text("update membership set left_on = '2026-01-01'"))
    with database_app.app_context():
        assert [found.slug for found in memberships_of(key)] == ["northgate"]
        assert membership_of(key, "northgate").tenant_id == tenants[0]
        assert membership_of(key, "lakeshore") is None
