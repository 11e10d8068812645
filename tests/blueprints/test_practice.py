"""The settings page: what the consultancy says about itself is changed by its office, and the trail keeps both."""

import pytest
import sqlalchemy as sa

from tenants.audit import AuditEntry
from tenants.models import Tenant
from tests.blueprints.visiting import digest
from tests.factories import entered
from tests.walls import connection_of

PAGE = "/northgate/settings"


@pytest.fixture
def owner(signed_in):
    return signed_in("own")


@pytest.fixture
def fields(owner):
    return owner.form(PAGE, PAGE) | {"email": "office@northgate.example"}


def practice(app, stand):
    with entered(app, stand.here.tenant) as session:
        tenant = session.get_one(Tenant, stand.here.tenant)
        return {name: getattr(tenant, name) for name in ("name", "legal_name", "address", "restrict_consultants")}


def changes(app, stand):
    with entered(app, stand.here.tenant) as session:
        return list(session.scalars(sa.select(AuditEntry.details).where(AuditEntry.verb == "settings.changed")))


def test_the_office_changes_the_settings_and_the_trail_keeps_before_and_after(app, stand, owner, fields):
    before = practice(app, stand)
    new = {"name": "Northgate OHS", "address": "1 King St.\nSudbury", "restrict_consultants": "y"}
    answer = owner.post(PAGE, fields | new)
    assert (answer.status_code, answer.location) == (303, PAGE)
    after = practice(app, stand)
    assert (after["name"], after["restrict_consultants"]) == ("Northgate OHS", True)
    [entry] = changes(app, stand)
    assert entry["before"]["name"] == before["name"]
    assert entry["after"]["name"] == "Northgate OHS"
    assert (entry["before"]["restrict_consultants"], entry["after"]["restrict_consultants"]) == (False, True)
    assert "legal_name" not in entry["after"]
    assert "Northgate OHS" in owner.get("/northgate/clients").text


def test_saving_without_a_change_writes_no_entry(app, stand, owner, fields):
    owner.post(PAGE, fields)
    owner.post(PAGE, owner.form(PAGE, PAGE))
    assert len(changes(app, stand)) == 1


def test_who_saved_first_wins_and_the_second_is_told(app, stand, owner, signed_in, fields):
    other = signed_in("adm")
    theirs = other.form(PAGE, PAGE) | {"email": "office@northgate.example", "name": "Second"}
    assert owner.post(PAGE, fields | {"name": "First"}).status_code == 303
    assert other.post(PAGE, theirs).status_code == 409
    assert practice(app, stand)["name"] == "First"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": "\x00 "}, {"name": "x" * 121}, {"legal_name": ""}, {"legal_name": "x" * 161},
        {"address": "x" * 401}, {"email": "no-address"}, {"email": "a@b"}, {"email": "a b@c.example"},
        {"email": "a@b.example\r\nBcc: x@y.example"}, {"email": "x" * 255}, {"phone": "0" * 41}, {"language": "de"},
        {"language": ""}, {"seen": ""}, {"seen": "zz"}, {"seen": "' or 1=1"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_words_kept(app, stand, owner, fields, wrong):
    before = digest(connection_of(app), stand.here.tenant)
    answer = owner.post(PAGE, fields | {"phone": "705 555 0100"} | wrong)
    assert answer.status_code == 422
    assert "phone" in wrong or "705 555 0100" in answer.text
    assert digest(connection_of(app), stand.here.tenant) == before


def test_columns_that_the_form_does_not_have_stay_as_they_are(app, stand, owner, fields):
    owner.post(PAGE, fields | {"slug": "stolen", "demo": "y", "suspended_at": "2026-01-01", "id": "x"})
    with entered(app, stand.here.tenant) as session:
        tenant = session.get_one(Tenant, stand.here.tenant)
        assert (tenant.slug, tenant.demo, tenant.suspended_at) == ("northgate", False, None)


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "{{7*7}}", "'; DROP TABLE tenant; --", "Prévoir Est"])
def test_text_is_kept_as_typed_and_shown_as_text(app, stand, owner, fields, text):
    owner.post(PAGE, fields | {"name": text})
    assert practice(app, stand)["name"] == text
    assert "<img src=x" not in owner.get(PAGE).text


def test_a_consultant_knows_of_no_settings(signed_in, stand, app):
    before = digest(connection_of(app), stand.here.tenant)
    visitor = signed_in("con")
    assert PAGE not in visitor.get("/northgate/clients").text
    assert visitor.get(PAGE).status_code == 404
    assert visitor.post(PAGE, {"name": "Mine"}).status_code == 404
    assert digest(connection_of(app), stand.here.tenant) == before
