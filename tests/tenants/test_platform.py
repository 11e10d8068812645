"""Operators: what they do to consultancies as a whole is written down, and a broken glass is heard by everybody."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tenants import platform
from tenants.audit import AuditEntry, broken_link
from tenants.boundary import BoundaryError
from tenants.database import db, now
from tenants.founding import open_consultancy
from tenants.messages import Message
from tenants.models import Person, Tenant
from tenants.permissions import Role
from tenants.platform import PlatformAudit
from tenants.sign_ins import memberships_of
from tests.factories import (
    entered,
    found_tenant,
    make_client,
    make_deliverable,
    make_engagement,
    make_member,
    make_person,
)


@pytest.fixture
def app(database_app):
    return database_app


def words(language):
    return f"Somebody looks in ({language})", "For an hour."


@pytest.fixture
def tenant(app):
    """A consultancy with an owner, one who left, and an administrator."""
    tenant = found_tenant(app, slug="northgate")
    with entered(app, tenant):
        make_member(role=Role.OWNER, person=make_person(email="owner@example.org"))
        make_member(role=Role.OWNER, person=make_person(email="gone@example.org")).left_on = date(2020, 1, 1)
        make_member(role=Role.ADMIN, person=make_person(email="admin@example.org"))
    return tenant


@pytest.fixture
def operator(app):
    with app.app_context():
        person = make_person(email="operator@example.org", operator=True)
        db.session.commit()
        return person.id


def broken(app, tenant, operator, reason="A report will not open."):
    with app.app_context():
        person = db.session.get_one(Person, operator)
        glass = platform.break_glass(db.session.get_one(Tenant, tenant), person=person, reason=reason, letter=words)
        db.session.commit()
        return glass.id


def trail(app, tenant):
    with entered(app, tenant) as session:
        assert broken_link() is None
        return [entry.verb for entry in session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number))]


def platform_trail(app):
    with app.app_context():
        return [entry.verb for entry in db.session.scalars(sa.select(PlatformAudit).order_by(PlatformAudit.at))]


def test_a_broken_glass_lets_the_operator_in_for_an_hour_and_both_trails_say_so(app, tenant, operator):
    glass = broken(app, tenant, operator)
    with app.app_context():
        assert [(one.id, one.role) for one in memberships_of(operator)] == [(glass, "operator")]
    with entered(app, tenant):
        [(row, name)] = platform.open_glasses()
        assert timedelta(minutes=59) < row.until - row.opened_at <= timedelta(minutes=60)
        assert name == "Priya Raman"
    assert trail(app, tenant) == ["glass.broken"]
    assert platform_trail(app) == ["glass.broken"]


def test_every_owner_is_told_and_nobody_else(app, tenant, operator):
    broken(app, tenant, operator)
    with entered(app, tenant) as session:
        told = [(message.to_email, message.subject) for message in session.scalars(sa.select(Message))]
    assert told == [("owner@example.org", "Somebody looks in (en)")]


@pytest.mark.parametrize("reason", ["", " ", "\n\t"])
def test_without_a_reason_no_glass_breaks(app, tenant, operator, reason):
    with pytest.raises(platform.NoReason):
        broken(app, tenant, operator, reason=reason)


def test_a_second_glass_waits_for_the_first_to_heal(app, tenant, operator):
    broken(app, tenant, operator)
    with pytest.raises(platform.GlassIsOpen):
        broken(app, tenant, operator)


def test_after_the_hour_the_glass_is_whole_again(app, tenant, operator):
    glass = broken(app, tenant, operator)
    with entered(app, tenant):
        platform.find_glass(glass).until = now() - timedelta(seconds=1)
    with app.app_context():
        assert memberships_of(operator) == []
    with entered(app, tenant):
        assert platform.find_glass(glass) is None
        assert platform.open_glasses() == []
    broken(app, tenant, operator)


def test_a_glass_can_be_healed_early(app, tenant, operator):
    glass = broken(app, tenant, operator)
    with entered(app, tenant):
        platform.heal(platform.find_glass(glass), by=None, person_id=operator)
    with app.app_context():
        assert memberships_of(operator) == []
    assert trail(app, tenant) == ["glass.broken", "glass.healed"]
    assert platform_trail(app) == ["glass.broken", "glass.healed"]


def test_a_page_read_behind_the_glass_is_noted_once_per_address(app, tenant, operator):
    glass = broken(app, tenant, operator)
    for path in ("/northgate/clients", "/northgate/clients", "/northgate/clients/1"):
        with entered(app, tenant):
            platform.page_read(glass, path)
    assert trail(app, tenant) == ["glass.broken", "glass.page_read", "glass.page_read"]


def test_a_suspended_consultancy_lets_nobody_in_and_heals_its_glasses(app, tenant, operator):
    broken(app, tenant, operator)
    with app.app_context():
        members = [person for person in db.session.scalars(sa.select(Person)) if memberships_of(person.id)]
        assert len(members) == 3
        platform.suspend(db.session.get_one(Tenant, tenant), reason="They asked us to.", by=operator)
        db.session.commit()
    with app.app_context():
        assert [person for person in db.session.scalars(sa.select(Person)) if memberships_of(person.id)] == []
    with pytest.raises(platform.ConsultancySuspended):
        broken(app, tenant, operator)
    with app.app_context():
        platform.resume(db.session.get_one(Tenant, tenant), by=operator)
        db.session.commit()
    with app.app_context():
        owner = db.session.scalars(sa.select(Person).where(Person.email == "owner@example.org")).one()
        assert len(memberships_of(owner.id)) == 1
    assert trail(app, tenant) == ["glass.broken", "glass.healed", "consultancy.suspended", "consultancy.resumed"]


def test_the_documents_of_a_suspended_consultancy_wait(app, tenant, operator):
    with entered(app, tenant):
        make_deliverable(engagement=make_engagement(client=make_client()), production="queued", fence=0)
    due = sa.select(sa.func.deliverables_due())
    claimed = sa.text("select count(*) from claim_next(60)")
    with app.app_context():
        platform.suspend(db.session.get_one(Tenant, tenant), reason="Not paid.", by=operator)
        db.session.commit()
    with app.app_context():
        assert (db.session.scalar(due), db.session.scalar(claimed)) == (0, 0)
        platform.resume(db.session.get_one(Tenant, tenant), by=operator)
        db.session.commit()
    with app.app_context():
        assert (db.session.scalar(due), db.session.scalar(claimed)) == (1, 1)


def test_a_consultancy_that_nobody_joined_can_be_suspended(app, operator):
    with app.app_context():
        key = open_consultancy(slug="empty", name="Empty", legal_name="Empty Inc.", language="en").id
        db.session.commit()
    with app.app_context():
        platform.suspend(db.session.get_one(Tenant, key), reason="By mistake.", by=operator)
        db.session.commit()
    assert platform_trail(app) == ["consultancy.suspended"]


def test_what_operators_did_is_read_with_names_and_never_changed(app, tenant, operator):
    broken(app, tenant, operator)
    with app.app_context():
        [(entry, who, where)] = platform.trail()
        assert (who, where, entry.details["reason"]) == ("Priya Raman", "Northgate Safety", "A report will not open.")
    for statement in (sa.delete(PlatformAudit), sa.update(PlatformAudit).values(verb="nothing")):
        with app.app_context(), pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            db.session.execute(statement)


def test_a_glass_of_another_consultancy_is_out_of_reach(app, tenant, operator):
    glass = broken(app, tenant, operator)
    elsewhere = found_tenant(app, slug="lakeshore")
    with entered(app, elsewhere):
        assert platform.find_glass(glass) is None
        assert platform.open_glasses() == []
        with pytest.raises(BoundaryError):
            platform.break_glass(
                db.session.get_one(Tenant, tenant),
                person=db.session.get_one(Person, operator),
                reason="x",
                letter=words,
            )
