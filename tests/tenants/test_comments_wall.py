"""A client user adds a comment on a document released to their own employer, and on nothing else: each wall alone."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from consultancy.models.client import Client
from consultancy.models.comment import Comment
from consultancy.models.deliverable import Deliverable
from tenants import boundary
from tenants.boundary import BoundaryError
from tenants.database import db
from tenants.models import Membership
from tests.practice import rolled_back
from tests.walls import CLIENT_USER, SESSION, WALLS, connection_of, fingerprint, standing, without_listener

REFUSED = (BoundaryError, sa.exc.ProgrammingError)


@pytest.fixture
def comment(world):
    """A comment as a client user of the first employer would write it, with whatever else is said here."""
    mine = world.here.employers[0]
    good = {
        "tenant_id": world.here.tenant, "client_id": mine[Client][0], "deliverable_id": mine[Deliverable][1],
        "by_id": mine[Membership][0],
    }  # fmt: skip

    def make(**columns):
        return Comment(text="Which day?", by_name="Dana", **(good | columns))

    return make


def added(world, wall, row):
    """Does a client user's session get the row into the database?"""
    with rolled_back(world.app(wall)) as app:
        connection = connection_of(app)
        before = [fingerprint(connection, Comment, side.tenant) for side in (world.here, world.elsewhere)]
        with standing(wall), app.app_context():
            db.session().enter(world.here.tenant, client_id=world.client(CLIENT_USER))
            db.session.add(row)
            try:
                db.session.flush()
            except REFUSED:
                db.session.rollback()
            return before != [fingerprint(connection, Comment, side.tenant) for side in (world.here, world.elsewhere)]


@pytest.mark.parametrize("wall", WALLS)
def test_a_comment_on_the_employers_own_released_document_is_taken(world, wall, comment):
    assert added(world, wall, comment())


@pytest.mark.parametrize("wall", WALLS)
class TestRefused:
    def test_for_another_employer(self, world, wall, comment):
        theirs = world.here.employers[1]
        assert not added(world, wall, comment(client_id=theirs[Client][0]))
        assert not added(world, wall, comment(client_id=theirs[Client][0], deliverable_id=theirs[Deliverable][1]))

    def test_on_another_employers_document_under_the_own_name(self, world, wall, comment):
        assert not added(world, wall, comment(deliverable_id=world.here.employers[1][Deliverable][1]))

    def test_on_a_document_that_is_not_released(self, world, wall, comment):
        assert not added(world, wall, comment(deliverable_id=world.here.employers[0][Deliverable][0]))

    def test_on_no_document(self, world, wall, comment):
        assert not added(world, wall, comment(deliverable_id=uuid4()))

    def test_in_another_consultancy(self, world, wall, comment):
        theirs = world.elsewhere.employers[0]
        other = comment(
            tenant_id=world.elsewhere.tenant, client_id=theirs[Client][0], deliverable_id=theirs[Deliverable][1],
            by_id=theirs[Membership][0],
        )  # fmt: skip
        assert not added(world, wall, other)

    def test_on_a_document_of_another_consultancy(self, world, wall, comment):
        theirs = world.elsewhere.employers[0][Deliverable][1]
        assert not added(world, wall, comment(deliverable_id=theirs))

    def test_a_comment_that_was_made_is_neither_changed_nor_taken_back(self, world, wall):
        key = (world.here.tenant, world.here.employers[0][Comment][0])
        for change in (lambda row: setattr(row, "text", "Never said."), lambda row: db.session.delete(row)):
            with rolled_back(world.app(wall)) as app:
                connection = connection_of(app)
                before = fingerprint(connection, Comment, world.here.tenant)
                with standing(wall), app.app_context():
                    db.session().enter(world.here.tenant, client_id=world.client(CLIENT_USER))
                    change(db.session.get_one(Comment, key))
                    with pytest.raises((*REFUSED, StaleDataError, sa.exc.SAWarning)):
                        db.session.flush()
                    db.session.rollback()
                assert before == fingerprint(connection, Comment, world.here.tenant)


def test_the_check_would_notice_a_session_without_its_guard(world, comment):
    """Past row-level security and without the session's guard, the foreign comment goes in: the test has teeth."""
    foreign = comment(client_id=world.here.employers[1][Client][0])
    with without_listener("before_flush", boundary.guard_rows):
        assert added(world, SESSION, foreign)


def test_a_released_document_of_the_own_employer_is_what_the_database_asks_for(world):
    with world.walled.app_context():
        rule = db.session.scalar(
            sa.text("select with_check from pg_policies where tablename = 'comment' and policyname = :name"),
            {"name": "own_employer_inserts"},
        )
    assert "released" in rule
