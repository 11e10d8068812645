"""After the password comes the code: until then nothing is open, and every code opens once."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tenants import credentials, throttles
from tenants.credentials import Credential
from tenants.database import db, now
from tenants.models import Membership, Person, SignIn
from tenants.permissions import Role
from tenants.throttles import Throttle
from tests.blueprints.offices import PASSWORD
from tests.blueprints.requests import ROWS, asked
from tests.blueprints.visiting import Visitor

WAITING = {"S3", "S5", "S6"}  # open to who still owes the code: signing out, and the code itself
PUBLIC = {row["id"] for row in ROWS if row["ano"] != "L"}
SETTING_UP = {"S3", "U5", "U6", "U7"}


@pytest.fixture
def visitor(signed_in):
    return signed_in("ano")


@pytest.fixture
def secret(app, stand):
    """Gives a person a second factor that was set up long ago; answers its secret."""

    def give(word: str) -> str:
        with app.app_context():
            person = stand.people[word][0]
            kept = credentials.set_up(person)
            credentials.confirm(person, credentials.code_now(kept.totp_secret))
            kept.last_step = 0
            db.session.commit()
            return kept.totp_secret

    return give


def enter(visitor, stand, word="con", **fields):
    answer = visitor.post("/sign-in", {"email": stand.emails[word], "password": PASSWORD} | fields)
    visitor._token = ""
    return answer


def code(secret: str, ahead: int = 0) -> str:
    return credentials.code_at(secret, credentials.step_at(now()) + ahead)


def give(visitor, typed, **fields):
    answer = visitor.post("/sign-in/code", {"code": typed} | fields)
    visitor._token = ""
    return answer


def token(visitor) -> None:
    """The token of the page this half-way visitor may open."""
    page = visitor.client.get("/sign-in/code", follow_redirects=True).text
    visitor._token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def test_the_code_opens_the_door_that_the_password_did_not(visitor, stand, secret):
    known = secret("con")
    assert enter(visitor, stand, next="/northgate/clients?q=mill").location == "/northgate/clients?q=mill"
    wanted = visitor.get("/northgate/clients?q=mill").location
    assert wanted == "/sign-in/code?next=/northgate/clients?q%3Dmill"
    fields = visitor.form(wanted, "/sign-in/code")
    assert visitor.post("/sign-in/code", fields | {"code": code(known)}).location == "/northgate/clients?q=mill"
    assert visitor.get("/northgate/clients?q=mill").status_code == 200


def led(visitor, stand, but) -> dict[str, int]:
    """Where every route leads that is not among `but`, and how many of them lead there."""
    token(visitor)
    found: dict[str, int] = {}
    for row in ROWS:
        if row["id"] in but:
            continue
        path = asked(row, slug="northgate", employer=stand.here.employers[0], sign_in=stand.people["own"][2]).path
        answer = visitor.get(path) if row["method"] == "GET" else visitor.post(path, {})
        place = f"{answer.status_code} {(answer.location or row['id']).partition('?')[0]}"
        found[place] = found.get(place, 0) + 1
    return found


def test_behind_the_password_alone_every_page_leads_to_the_code(visitor, stand, secret):
    secret("own")
    enter(visitor, stand, "own")
    but = WAITING | PUBLIC
    assert led(visitor, stand, but) == {"303 /sign-in/code": len([row for row in ROWS if row["id"] not in but])}


def test_an_owner_without_a_second_factor_reaches_the_page_that_sets_it_up_and_no_other(visitor, stand):
    enter(visitor, stand, "own")
    but = SETTING_UP | PUBLIC
    assert led(visitor, stand, but) == {"303 /me/second-factor": len([row for row in ROWS if row["id"] not in but])}


@pytest.mark.parametrize("word", ["own", "adm"])
def test_who_must_have_a_second_factor_sets_it_up_and_is_in(app, visitor, stand, word):
    enter(visitor, stand, word)
    page = visitor.get("/me/second-factor").text
    assert "Your role needs a second factor." in page
    token(visitor)
    visitor.post("/me/second-factor")
    page = visitor.get("/me/second-factor").text
    known = re.search(r'<code[^>]*translate="no">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
    assert f"secret={known}" in page
    assert visitor.post("/me/second-factor/confirm", {"code": "000000x"}).status_code == 422
    before = visitor.cookie
    codes = visitor.post("/me/second-factor/confirm", {"code": code(known)})
    assert len(re.findall(r"<code[^>]*>[a-z2-7]{5}-[a-z2-7]{5}</code>", codes.text)) == 10
    assert visitor.get("/northgate/clients/new").status_code == 200
    assert Visitor(app, before).get("/me").location.startswith("/sign-in")
    assert known not in visitor.get("/me/second-factor").text


def test_an_operator_must_have_one_too(app, visitor, stand):
    with app.app_context():
        db.session.execute(sa.update(Person).where(Person.id == stand.people["con"][0]).values(operator=True))
        db.session.commit()
    enter(visitor, stand)
    assert visitor.get("/me").location.startswith("/me/second-factor")


@pytest.mark.parametrize("word", ["con", "cli", "par"])
def test_everybody_else_may_go_without(visitor, stand, word):
    enter(visitor, stand, word)
    assert visitor.get("/me").status_code == 200
    assert "Set it up" in visitor.get("/me").text


def test_a_new_role_asks_for_it_with_the_next_page(app, visitor, stand, signed_in):
    enter(visitor, stand)
    with app.app_context():
        db.session().enter(stand.here.tenant)
        mine = db.session.scalar(sa.select(Membership).where(Membership.person_id == stand.people["con"][0]))
        mine.role = Role.ADMIN
        db.session.commit()
    assert visitor.get("/northgate/clients").location.startswith("/me/second-factor")


def test_a_replayed_code_opens_nothing(app, signed_in, stand, secret):
    known = secret("con")
    right = code(known)
    first, second = signed_in("ano"), signed_in("ano")
    for each in (first, second):
        enter(each, stand)
        token(each)
    assert give(first, right).status_code == 303
    answer = give(second, right)
    assert (answer.status_code, "used already" in answer.text) == (422, True)
    assert second.get("/me").location.startswith("/sign-in/code")


def test_the_cookie_of_before_the_code_is_worth_nothing_after_it(app, visitor, stand, secret):
    known = secret("con")
    enter(visitor, stand)
    before, copied = visitor.cookie, Visitor(app, visitor.cookie)
    token(visitor)
    give(visitor, code(known))
    assert visitor.cookie != before
    assert visitor.get("/me").status_code == 200
    assert copied.get("/me").location.startswith("/sign-in?next=")
    assert copied.get("/sign-in/code").location.startswith("/sign-in?next=")


def test_signing_out_half_way_ends_it(app, visitor, stand, secret):
    known = secret("con")
    enter(visitor, stand)
    token(visitor)
    copied = Visitor(app, visitor.cookie, visitor.token)
    assert visitor.post("/sign-out").location == "/sign-in"
    assert give(copied, code(known)).location.startswith("/sign-in?next=")


def test_a_recovery_code_lets_in_once(app, signed_in, stand):
    with app.app_context():
        person = stand.people["con"][0]
        kept = credentials.set_up(person)
        codes = credentials.confirm(person, credentials.code_now(kept.totp_secret))
        db.session.commit()
    answers = []
    for _ in range(2):
        each = signed_in("ano")
        enter(each, stand)
        token(each)
        answers.append(give(each, codes[0]).status_code)
    assert answers == [303, 422]


def test_five_wrong_codes_in_five_minutes_are_enough(app, signed_in, stand, secret):
    known = secret("con")
    answers = []
    for _ in range(2):  # signing in anew does not start the count anew
        each = signed_in("ano")
        enter(each, stand)
        for _ in range(3):
            token(each)
            answers.append(give(each, "000000").status_code)
    token(each)
    assert answers == [422] * 5 + [429]
    assert give(each, code(known)).status_code == 429
    with app.app_context():
        db.session.execute(sa.update(Throttle).values(window=Throttle.window - timedelta(minutes=6)))
        db.session.commit()
    token(each)
    assert give(each, code(known)).status_code == 303


def test_right_codes_are_not_counted(app, signed_in, stand, secret):
    secret("con")
    for _ in range(7):
        with app.app_context():
            kept = db.session.get_one(Credential, stand.people["con"][0])
            kept.last_step = 0
            db.session.commit()
            known = kept.totp_secret
        each = signed_in("ano")
        enter(each, stand)
        token(each)
        assert give(each, code(known)).status_code == 303


def test_other_sign_ins_of_the_person_owe_the_code_from_now_on(app, signed_in, visitor, stand, secret):
    enter(visitor, stand)
    assert visitor.get("/me").status_code == 200
    secret("con")
    assert visitor.get("/me").location.startswith("/sign-in/code")


def test_turning_it_off_and_new_codes_ask_for_a_code(signed_in, stand, secret):
    known, visitor = secret("con"), signed_in("con")
    for path in ("/me/second-factor/recovery-codes", "/me/second-factor/off"):
        assert visitor.post(path, {"code": ""}).status_code == 422
        assert visitor.post(path, {"code": "000000"}).status_code == 422
    new = visitor.post("/me/second-factor/recovery-codes", {"code": code(known)})
    codes = re.findall(r"<code[^>]*>([a-z2-7]{5}-[a-z2-7]{5})</code>", new.text)
    assert len(codes) == 10
    assert visitor.post("/me/second-factor/off", {"code": codes[0]}).location == "/me/second-factor"
    assert visitor.get("/me").status_code == 200


def test_an_owner_who_takes_the_phone_off_sets_another_up_at_once(signed_in, stand, secret):
    known, visitor = secret("own"), signed_in("own")
    assert visitor.get("/northgate/clients/new").status_code == 200
    visitor.post("/me/second-factor/off", {"code": code(known)})
    assert visitor.get("/northgate/clients").location.startswith("/me/second-factor")


def test_a_second_factor_in_force_is_not_replaced_from_an_open_desk(app, signed_in, stand, secret):
    known, visitor = secret("con"), signed_in("con")
    assert visitor.post("/me/second-factor").status_code == 409
    assert visitor.post("/me/second-factor/confirm", {"code": code(known)}).location == "/me/second-factor"
    with app.app_context():
        assert db.session.get_one(Credential, stand.people["con"][0]).totp_secret == known


def test_half_way_the_half_hour_and_the_twelve_hours_run_as_ever(app, visitor, stand, secret):
    known = secret("con")
    enter(visitor, stand)
    token(visitor)
    with app.app_context():
        newest = db.session.scalar(
            sa.select(SignIn).where(SignIn.person_id == stand.people["con"][0]).order_by(SignIn.created_at.desc())
        )
        assert newest.expires_at - newest.created_at <= timedelta(hours=12, seconds=1)
        newest.last_seen_at = now() - timedelta(minutes=31)
        db.session.commit()
    assert give(visitor, code(known)).location.startswith("/sign-in?next=")


def test_the_account_that_is_tried_is_counted_by_person(app, visitor, stand, secret):
    secret("con")
    enter(visitor, stand)
    token(visitor)
    give(visitor, "000000")
    with app.app_context():
        keys = db.session.scalars(sa.select(Throttle.key).where(Throttle.tries > 0)).all()
    assert [key for key in keys if key.startswith(throttles.SECOND_FACTOR.name)]
