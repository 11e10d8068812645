"""The guards themselves: what keeps a route closed, and that the tests would notice if it did not."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from blueprints import guards
from blueprints.guards import first_segments
from tenants import founding
from tenants.database import db
from tenants.models import Tenant
from tenants.permissions import GRANTS, Permission, Role


def test_the_first_words_of_the_platforms_addresses_name_no_consultancy(app):
    assert first_segments(app) <= founding.PLATFORM_WORDS
    assert {"sign-in", "me", "partner", "health", "static"} <= first_segments(app)


@pytest.mark.parametrize("word", [*sorted(founding.PLATFORM_WORDS), "", "a/b", "Ä", "A", "-a", "a-", "a b", "x" * 61])
def test_a_consultancy_is_not_founded_under_a_word_of_the_platform(app, word):
    with app.app_context():
        with pytest.raises(founding.NotAnAddress):
            founding.open_consultancy(slug=word, name="Odd", legal_name="Odd Ltd.", language="en")
        assert db.session.scalar(sa.select(Tenant.id).where(Tenant.slug == word)) is None


def test_a_consultancy_is_founded_under_a_word_of_its_own(app):
    with app.app_context():
        made = founding.open_consultancy(slug="harrow-2", name="Harrow", legal_name="Harrow Ltd.", language="en")
        assert made.slug == "harrow-2"


class TestTheSweepsWouldNotice:
    """Positive controls: a guard is taken away, and what the sweep of the matrix looks at is no longer the same."""

    def test_a_role_that_is_granted_too_much(self, signed_in, stand):
        path = f"/northgate/clients/{stand.here.employers[0].ids['client']}"
        assert signed_in("cli").get(path).status_code == 404
        granted = GRANTS[Role.CLIENT]
        GRANTS[Role.CLIENT] = granted | {Permission.CLIENT_READ}
        try:
            assert signed_in("cli").get(path).status_code == 200
        finally:
            GRANTS[Role.CLIENT] = granted

    def test_a_guard_that_forgets_the_token(self, signed_in):
        kept = guards.csrf.protect
        guards.csrf.protect = lambda: None
        try:
            assert signed_in("own").client.post(f"/northgate/clients/{uuid4()}", data={}).status_code == 404
        finally:
            guards.csrf.protect = kept
        assert signed_in("own").client.post(f"/northgate/clients/{uuid4()}", data={}).status_code == 400


def test_a_sign_in_of_somebody_else_cannot_be_revoked(app, signed_in, stand):
    visitor = signed_in("con")
    theirs = stand.people["own"][2]
    assert visitor.post(f"/me/sign-ins/{theirs}/revoke").status_code == 404
    assert signed_in("own").get("/me").status_code == 200
