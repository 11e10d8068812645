"""Signing in and out: nothing tells who exists, nothing leads elsewhere, and what ended stays ended."""

from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
import sqlalchemy as sa

from blueprints.identity import hashed
from tenants.database import db, now
from tenants.models import Membership, SignIn
from tests.blueprints.offices import PASSWORD, YESTERDAY
from tests.blueprints.visiting import Visitor, without_marks
from tests.factories import entered

ELSEWHERE = (
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "http:evil.example",
    "https://evil.example/", "javascript:alert(1)", "/\t/evil.example", " //evil.example", "/\r\nSet-Cookie: a=b",
    "evil.example", "/%09//evil.example\\", "http:///evil.example", "/\x00//evil.example",
)  # fmt: skip


@pytest.fixture
def visitor(signed_in):
    return signed_in("ano")


def sign_in(visitor, stand, *, word="con", password=PASSWORD, **fields):
    return visitor.post("/sign-in", {"email": stand.emails[word], "password": password} | fields)


def change(app, word, stand, **columns):
    with app.app_context():
        row = db.session.scalar(sa.select(SignIn).where(SignIn.token_sha256 == hashed(stand.people[word][1])))
        for name, value in columns.items():
            setattr(row, name, value)
        db.session.commit()


def test_signing_in_opens_the_only_door(visitor, stand):
    assert sign_in(visitor, stand).location == "/"
    assert visitor.get("/").location == "/northgate/clients"
    assert visitor.get("/northgate/clients").status_code == 200


@pytest.mark.parametrize(("word", "door"), [("cli", "/northgate/portal"), ("par", "/partner")])
def test_everybody_is_led_to_their_own_door(signed_in, word, door):
    assert signed_in(word).get("/").location == door


def test_an_address_is_found_however_it_is_typed(visitor, stand):
    assert sign_in(visitor, stand, email=f"  {stand.emails['con'].upper()} ").status_code == 303


def test_nothing_tells_an_unknown_address_from_a_wrong_password(signed_in, stand):
    unknown = signed_in("ano").post("/sign-in", {"email": "nobody@example.org", "password": "wrong password"})
    known = signed_in("ano").post("/sign-in", {"email": stand.emails["con"], "password": "wrong password"})
    assert unknown.status_code == known.status_code == 422
    assert without_marks(unknown, "nobody@example.org") == without_marks(known, stand.emails["con"])
    assert sorted(unknown.headers.keys()) == sorted(known.headers.keys())


@pytest.mark.parametrize("password", ["", "x" * 1025, "x" * 400_000, "with\x00nul"])
def test_a_strange_password_is_refused_without_a_fault(visitor, stand, password):
    assert sign_in(visitor, stand, password=password).status_code == 422


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_never_leads_to_another_site(visitor, stand, address):
    answer = sign_in(visitor, stand, next=address)
    assert answer.status_code == 303
    assert urlsplit(urljoin("http://localhost/sign-in", answer.location)).netloc == "localhost"
    assert answer.location == "/"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_preferences_never_lead_to_another_site(signed_in, address):
    assert signed_in("con").post("/me/preferences", {"theme": "dark", "next": address}).location == "/me"


def test_signing_in_leads_back_to_the_page_that_was_wanted(visitor, stand):
    wanted = visitor.get("/northgate/clients?q=mill&page=2").location
    assert wanted == "/sign-in?next=/northgate/clients?q%3Dmill%26page%3D2"
    fields = visitor.form(wanted, "/sign-in")
    assert sign_in(visitor, stand, next=fields["next"]).location == "/northgate/clients?q=mill&page=2"


def test_signing_out_kills_a_copied_cookie(app, visitor, stand):
    sign_in(visitor, stand)
    copied = Visitor(app, visitor.cookie)
    assert copied.get("/me").status_code == 200
    visitor._token = ""
    assert visitor.post("/sign-out").location == "/sign-in"
    assert copied.get("/me").location.startswith("/sign-in")
    assert visitor.get("/me").location.startswith("/sign-in")


def test_signing_in_makes_a_new_value_and_forgets_what_was_before(app, visitor, stand):
    before = (visitor.token, visitor.cookie)
    sign_in(visitor, stand)
    assert visitor.cookie != before[1]
    assert visitor.client.post("/sign-out", data={"csrf_token": before[0]}).status_code == 400


def test_a_revoked_sign_in_is_over_with_the_next_page(app, stand, signed_in, visitor):
    sign_in(visitor, stand)
    other = signed_in("con")
    with app.app_context():
        newest = db.session.scalar(
            sa.select(SignIn.id).where(SignIn.person_id == stand.people["con"][0]).order_by(SignIn.created_at.desc())
        )
    assert other.post(f"/me/sign-ins/{newest}/revoke").status_code == 303
    assert visitor.get("/me").location.startswith("/sign-in")
    assert other.get("/me").status_code == 200


@pytest.mark.parametrize(
    "columns",
    [{"expires_at": timedelta(seconds=-1)}, {"last_seen_at": timedelta(minutes=-31)}, {"revoked_at": timedelta()}],
    ids=["twelve hours", "half an hour of nothing", "revoked"],
)
def test_a_sign_in_that_ran_out_opens_nothing(app, stand, signed_in, columns):
    visitor = signed_in("con")
    change(app, "con", stand, **{name: now() + shift for name, shift in columns.items()})
    assert visitor.get("/northgate/clients").location.startswith("/sign-in?next=")


def test_a_page_keeps_the_sign_in_alive(app, stand, signed_in):
    change(app, "con", stand, last_seen_at=now() - timedelta(minutes=20))
    assert signed_in("con").get("/me").status_code == 200
    with app.app_context():
        row = db.session.scalar(sa.select(SignIn).where(SignIn.token_sha256 == hashed(stand.people["con"][1])))
        assert now() - row.last_seen_at < timedelta(minutes=1)


def test_a_membership_that_ends_takes_effect_with_the_next_page(app, stand, signed_in):
    visitor = signed_in("con")
    path = f"/northgate/clients/{stand.here.employers[0].ids['client']}"
    assert visitor.get(path).status_code == 200
    with entered(app, stand.here.tenant) as session:
        mine = session.scalar(sa.select(Membership).where(Membership.person_id == stand.people["con"][0]))
        mine.left_on = YESTERDAY
    assert visitor.get(path).status_code == 404
    assert visitor.post(path, {"legal_name": "Mine now"}).status_code == 404
    assert "northgate" not in visitor.get("/").text


def test_a_forged_cookie_is_nobodys(app, signed_in, stand):
    good = signed_in("con").cookie
    for cookie in (good[:-3] + "abc", "con-cookie", ""):
        assert Visitor(app, cookie or "x").get("/me").status_code == 303


def test_preferences_are_kept_and_other_words_refused(signed_in):
    visitor = signed_in("con")
    assert visitor.post("/me/preferences", {"theme": "dark", "language": "fr"}).location == "/me"
    page = visitor.get("/me").text
    assert 'data-bs-theme="dark"' in page
    assert 'lang="fr-CA"' in page
    for bad in ({"theme": "pink"}, {"language": "de"}, {"theme": '"><script>'}):
        assert visitor.post("/me/preferences", bad).status_code == 422
    assert 'data-bs-theme="dark"' in visitor.get("/me").text
