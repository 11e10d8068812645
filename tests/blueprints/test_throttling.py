"""Guessing at the door: bounded for every account and every address, with nothing told and nothing to get around."""

import pytest

from blueprints.app import create_app
from blueprints.settings import Settings, SettingsRefused
from ground.ports import LOOPBACK, free_port
from tests.blueprints.offices import PASSWORD
from tests.blueprints.visiting import Visitor, without_marks
from tests.practice import let_go, rolled_back, statements_of
from tests.walls import connection_of

SPOOFED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP")


def guess(visitor, email, password="a wrong password", *, place=1, headers=None):
    fields = {"email": email, "password": password}
    return visitor.post("/sign-in", fields, headers=headers or {}, environ_base={"REMOTE_ADDR": f"192.0.2.{place}"})


@pytest.fixture
def visitor(signed_in):
    return signed_in("ano")


def test_the_eleventh_try_is_refused_even_with_the_right_password(visitor, stand):
    statuses = [guess(visitor, stand.emails["con"], place=place).status_code for place in range(10)]
    assert statuses == [422] * 10
    assert guess(visitor, stand.emails["con"], PASSWORD, place=50).status_code == 429
    assert guess(visitor, stand.emails["adm"], PASSWORD, place=51).status_code == 303  # nobody else is kept out


def test_an_unknown_account_is_counted_like_a_known_one_and_answered_alike(visitor, stand):
    answers = {}
    for base, email in ((0, "nobody@example.org"), (100, stand.emails["con"])):
        answers[email] = [guess(visitor, email, place=base + place) for place in range(11)]
    unknown, known = answers.values()
    assert [answer.status_code for answer in unknown] == [answer.status_code for answer in known] == [422] * 10 + [429]
    assert without_marks(unknown[10], "nobody@example.org") == without_marks(known[10], stand.emails["con"])
    assert sorted(unknown[10].headers.keys()) == sorted(known[10].headers.keys())


def test_an_address_is_refused_after_ten_accounts(visitor, stand):
    for place in range(10):
        assert guess(visitor, f"person{place}@example.org").status_code == 422
    assert guess(visitor, stand.emails["con"], PASSWORD).status_code == 429
    assert guess(visitor, stand.emails["con"], PASSWORD, place=2).status_code == 303


@pytest.mark.parametrize("header", SPOOFED)
def test_a_header_does_not_make_another_address(visitor, stand, header):
    for place in range(10):
        guess(visitor, f"person{place}@example.org", headers={header: f"for=198.51.100.{place}"})
    assert guess(visitor, stand.emails["con"], PASSWORD, headers={header: "203.0.113.7"}).status_code == 429


def test_behind_a_proxy_the_address_that_the_proxy_saw_is_counted(practice, stand):
    """The proxy adds the last entry; what stands before it came from outside and is not believed."""
    app = create_app(
        Settings(
            DATABASE_URL=practice[0].config["SQLALCHEMY_DATABASE_URI"], REDIS_URL="redis://127.0.0.1:1",
            TRUSTED_HOSTS="localhost", SECRET_KEY="k" * 32, PROXY_HOPS=1,
        )
    )  # fmt: skip
    with rolled_back(app):
        visitor = Visitor(app)
        for place in range(10):
            entries = {"X-Forwarded-For": f"203.0.113.{place}, 198.51.100.1"}
            assert guess(visitor, f"person{place}@example.org", headers=entries).status_code == 422
        known = stand.emails["con"]
        assert guess(visitor, known, PASSWORD, headers={"X-Forwarded-For": "198.51.100.1"}).status_code == 429
        assert guess(visitor, known, PASSWORD, headers={"X-Forwarded-For": "198.51.100.2"}).status_code == 303
    let_go(app)


@pytest.mark.parametrize("hops", [-1, 6, 99])
def test_a_number_of_proxies_that_cannot_be_is_refused_at_the_start(hops):
    with pytest.raises(SettingsRefused, match="PROXY_HOPS"):
        Settings(DATABASE_URL="postgresql://x", REDIS_URL="redis://x", PROXY_HOPS=hops)


def test_a_success_forgets_what_was_tried_before(signed_in, visitor, stand):
    for place in range(9):
        guess(visitor, stand.emails["con"], place=place)
    assert guess(signed_in("ano"), stand.emails["con"], PASSWORD, place=20).status_code == 303
    statuses = [guess(visitor, stand.emails["con"], place=30 + place).status_code for place in range(11)]
    assert statuses == [422] * 10 + [429]


def test_an_office_behind_one_address_signs_in_as_often_as_it_likes(signed_in, stand):
    for _ in range(12):
        assert guess(signed_in("ano"), stand.emails["con"], PASSWORD).status_code == 303


def test_a_known_and_an_unknown_account_cost_the_same_statements(app, signed_in, stand):
    seen = {}
    for email in ("nobody@example.org", stand.emails["con"]):
        visitor = signed_in("ano")
        visitor.token  # noqa: B018 - opens the page whose token the form sends
        with statements_of(connection_of(app)) as statements:
            guess(visitor, email)
        seen[email] = [statement.partition("sa_savepoint")[0] for statement in statements]
    unknown, known = seen.values()
    assert unknown == known


def test_a_form_without_a_token_counts_for_nothing(visitor, stand):
    for _ in range(15):
        assert visitor.client.post("/sign-in", data={"email": stand.emails["con"], "password": "x"}).status_code == 400
    assert guess(visitor, stand.emails["con"], PASSWORD).status_code == 303


def test_the_limit_holds_while_the_queue_server_is_away(practice, stand):
    lonely = create_app(
        Settings(
            DATABASE_URL=practice[0].config["SQLALCHEMY_DATABASE_URI"], REDIS_URL=f"redis://{LOOPBACK}:{free_port()}/0",
            TRUSTED_HOSTS="localhost", SECRET_KEY="k" * 32,
        )
    )  # fmt: skip
    with rolled_back(lonely):
        visitor = Visitor(lonely)
        statuses = [guess(visitor, stand.emails["con"]).status_code for _ in range(10)]
        assert statuses == [422] * 10
        assert guess(visitor, stand.emails["con"], PASSWORD).status_code == 429
    let_go(lonely)
