"""What the tests stand on: the application starts, nothing stays behind, and nobody speaks to another machine."""

import socket

import pytest
import sqlalchemy as sa

from tenants.database import db
from tenants.models import Tenant
from tests.conftest import OutsideWorld
from tests.factories import found_tenant


@pytest.mark.parametrize("again", [1, 2])
def test_what_one_test_commits_the_next_does_not_see(app, again):
    found_tenant(app, slug="northgate")
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Tenant)) == 1


def test_the_application_answers_on_a_database_of_its_own(copied_app):
    assert copied_app.test_client().get("/sign-in").status_code == 200


def test_nobody_speaks_to_another_machine():
    with pytest.raises(OutsideWorld), socket.socket() as outside:
        outside.connect(("192.0.2.1", 9))
    with pytest.raises(OutsideWorld):
        socket.getaddrinfo("example.org", 443)
