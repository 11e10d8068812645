"""A document is written for somebody who may still ask for it, and for nobody else."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consultancy.actions import deliverables
from consultancy.calendar import today
from consultancy.models.deliverable import Deliverable
from tenants.audit import AuditEntry
from tenants.database import db
from tenants.models import Membership
from tests.factories import make_member
from workers.deliverables import write_deliverables


def run(app):
    with app.app_context():
        return write_deliverables()


@pytest.fixture
def asked(office):
    """A queued document and the member who asked for it."""
    row = office.queue()
    with office.inside():
        member = make_member()
        db.session.get_one(Deliverable, (office.tenant, row)).requested_by_id = member.id
        db.session.commit()
        return row, member.id


def change(office, member_id, **columns):
    with office.inside():
        db.session.execute(sa.update(Membership).where(Membership.id == member_id).values(**columns))
        db.session.commit()


def test_who_was_off_boarded_while_the_document_waited_gets_none(office, eye, asked):
    row, member = asked
    change(office, member, left_on=today())
    assert run(office.app) == 1
    assert (eye.production(row), eye.column("sha256", row), eye.column("lease_until", row)) == ("cancelled", None, None)
    with office.inside():
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "deliverable.cancelled")).one()
        assert (entry.subject_id, entry.details) == (row, {"reason": "requester no longer authorised"})
    assert run(office.app) == 0


@pytest.mark.parametrize("days_left", [None, 1])
def test_who_is_still_a_member_gets_the_document(office, eye, asked, days_left):
    row, member = asked
    change(office, member, left_on=days_left and today() + timedelta(days=days_left))
    assert run(office.app) == 1
    assert eye.production(row) == "ready"


def test_what_the_platform_asked_for_is_written(office, eye):
    row = office.queue()
    with office.inside():
        db.session.get_one(Deliverable, (office.tenant, row)).requested_by_id = None
        db.session.commit()
    run(office.app)
    assert eye.production(row) == "ready"


def test_who_asks_again_for_what_failed_answers_for_it(office, eye, asked):
    row, member = asked
    eye.set("update deliverable set production = 'failed'")
    change(office, member, left_on=today())
    with office.inside():
        colleague = make_member()
        deliverables.retry(db.session.get_one(Deliverable, (office.tenant, row)), by=colleague.id)
        db.session.commit()
    run(office.app)
    assert eye.production(row) == "ready"
