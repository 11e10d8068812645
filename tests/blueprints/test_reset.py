"""Forgotten passwords at the door: one answer for everybody, links from the configured address, used once."""

import re

import pytest
import sqlalchemy as sa

from tenants import credentials
from tenants.database import db
from tenants.messages import PlatformMessage
from tests.blueprints.offices import PASSWORD
from tests.blueprints.visiting import without_marks
from tests.practice import statements_of
from tests.walls import connection_of

NEW = "copper kettle sings at dawn"
BASE = "https://office.example"


@pytest.fixture
def app(app):
    app.config["PUBLIC_BASE_URL"] = f"{BASE}/"
    yield app
    app.config["PUBLIC_BASE_URL"] = ""


@pytest.fixture
def visitor(signed_in):
    return signed_in("ano")


def ask(visitor, email, *, place=1, **options):
    return visitor.post("/reset", {"email": email}, environ_base={"REMOTE_ADDR": f"192.0.2.{place}"}, **options)


def mailed(app) -> list[PlatformMessage]:
    with app.app_context():
        return list(db.session.scalars(sa.select(PlatformMessage).order_by(PlatformMessage.created_at)))


def linked(app) -> str:
    """The path of the newest link that was mailed."""
    return re.search(rf"{BASE}(/reset/\S+)", mailed(app)[-1].body)[1]


def enter(visitor, stand, password, word="con"):
    return visitor.post("/sign-in", {"email": stand.emails[word], "password": password})


def test_a_forgotten_password_is_chosen_anew(app, visitor, signed_in, stand):
    here = signed_in("con")
    assert here.get("/me").status_code == 200
    assert ask(visitor, f" {stand.emails['con'].upper()} ").status_code == 200
    assert "Choose a new password" in visitor.get(linked(app)).text
    assert visitor.post(linked(app), {"password": NEW}).location == "/sign-in"
    assert here.get("/me").location.startswith("/sign-in")
    assert enter(visitor, stand, PASSWORD).status_code == 422
    assert enter(visitor, stand, NEW).status_code == 303


def test_the_answer_to_an_address_nobody_has_is_the_same(app, signed_in, stand):
    unknown, known = (ask(signed_in("ano"), email) for email in ("nobody@example.org", stand.emails["con"]))
    assert unknown.status_code == known.status_code == 200
    assert without_marks(unknown) == without_marks(known)
    assert sorted(unknown.headers.keys()) == sorted(known.headers.keys())
    assert [mail.to_email for mail in mailed(app)] == [stand.emails["con"]]


def test_an_address_nobody_has_costs_the_same_statements(app, visitor, stand):
    counted = []
    visitor.token  # noqa: B018 - opens the page whose token the form sends
    for email in ("nobody@example.org", stand.emails["con"]):
        with statements_of(connection_of(app)) as statements:
            ask(visitor, email)
        counted.append(len(statements))
    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    "email", ["", "nobody", "dana@harrow.example\r\nBcc: all@example.org", "x" * 300 + "@example.org"]
)
def test_what_is_no_address_is_said_to_be_none(app, visitor, email):
    assert ask(visitor, email).status_code == 422
    assert mailed(app) == []


def test_the_sixth_request_of_a_day_is_refused_for_the_account_and_for_the_address(app, visitor, stand):
    statuses = [ask(visitor, stand.emails["con"], place=place).status_code for place in range(6)]
    assert statuses == [200] * 5 + [429]
    assert ask(visitor, "nobody@example.org", place=0).status_code == 200
    statuses = [ask(visitor, f"person{place}@example.org", place=77).status_code for place in range(6)]
    assert statuses == [200] * 5 + [429]
    assert ask(visitor, "else@example.org", place=77, headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 429


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "Forwarded"])
def test_no_header_changes_where_the_link_leads(app, visitor, stand, header):
    ask(visitor, stand.emails["con"], headers={header: "evil.example"})
    assert re.findall(r"https?://[^/\s]+", mailed(app)[0].body) == [BASE]
    assert "evil" not in mailed(app)[0].body


def test_a_request_that_names_another_host_gets_no_link(app, visitor, stand):
    for options in ({"headers": {"Host": "evil.example"}}, {"base_url": "http://evil.example"}):
        assert ask(visitor, stand.emails["con"], **options).status_code == 400
    assert mailed(app) == []


def test_a_replayed_link_changes_nothing(app, visitor, stand):
    ask(visitor, stand.emails["con"])
    link = linked(app)
    visitor.post(link, {"password": NEW})
    assert visitor.get(link).location == "/reset"
    assert visitor.post(link, {"password": "a quiet orchard by the sea"}).location == "/reset"
    assert "used or is too old" in visitor.get("/reset").text
    assert enter(visitor, stand, NEW).status_code == 303


def test_a_link_dies_when_its_person_signs_in(app, visitor, signed_in, stand):
    ask(visitor, stand.emails["con"])
    link = linked(app)
    enter(signed_in("ano"), stand, PASSWORD)
    assert visitor.post(link, {"password": NEW}).location == "/reset"
    assert enter(signed_in("ano"), stand, PASSWORD).status_code == 303


def test_a_guessed_link_leads_back_to_asking(visitor):
    for secret in ("x", "x" * 43, "%00", "..", "é"):
        assert visitor.get(f"/reset/{secret}").status_code in (303, 404)


@pytest.mark.parametrize("new", ["", "too short", "password1234567", "x" * 129])
def test_a_weak_password_is_refused_and_the_link_lives_on(app, visitor, stand, new):
    ask(visitor, stand.emails["con"])
    link = linked(app)
    assert visitor.post(link, {"password": new}).status_code == 422
    assert visitor.post(link, {"password": NEW}).location == "/sign-in"


def test_a_reset_does_not_go_around_the_second_factor(app, visitor, stand):
    with app.app_context():
        person = stand.people["con"][0]
        kept = credentials.set_up(person)
        credentials.confirm(person, credentials.code_now(kept.totp_secret))
        db.session.commit()
    ask(visitor, stand.emails["con"])
    visitor.post(linked(app), {"password": NEW})
    enter(visitor, stand, NEW)
    assert visitor.get("/northgate/clients").location.startswith("/sign-in/code")


def test_the_person_is_told_that_the_password_changed(app, visitor, stand):
    ask(visitor, stand.emails["con"])
    visitor.post(linked(app), {"password": NEW})
    assert [mail.subject for mail in mailed(app)] == ["Choose a new password", "Your password was changed"]
