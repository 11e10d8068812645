"""Changing one's password on one's own page, and ending sign-ins from there."""

import re
import time

import pytest
import sqlalchemy as sa

from blueprints.identity import hashed
from tenants import sign_ins
from tenants.database import db
from tenants.messages import PlatformMessage
from tests.blueprints.offices import PASSWORD
from tests.blueprints.visiting import Visitor, cookie_of
from tests.factories import make_sign_in

NEW = "copper kettle sings at dawn"
LONGEST = "".join(chr(0x4E00 + place * 7) for place in range(128))


@pytest.fixture
def visitor(signed_in):
    return signed_in("con")


@pytest.fixture
def elsewhere(app, stand):
    """The same person at another desk."""
    with app.app_context():
        person = sign_ins.find(hashed(stand.people["con"][1])).sign_in.person
        make_sign_in(person=person, token_sha256=hashed("another desk"))
        db.session.commit()
    return Visitor(app, cookie_of(app, "another desk"))


def change(visitor, new, old=PASSWORD):
    return visitor.post("/me/password", {"old": old, "new": new})


def sign_in(signed_in, stand, password):
    return signed_in("ano").post("/sign-in", {"email": stand.emails["con"], "password": password}).status_code


def test_a_new_password_takes_the_place_of_the_old(visitor, signed_in, stand):
    assert change(visitor, NEW).location == "/me"
    assert sign_in(signed_in, stand, NEW) == 303
    assert sign_in(signed_in, stand, PASSWORD) == 422


def test_changing_it_ends_every_other_sign_in_and_renews_this_one(app, visitor, elsewhere):
    copied = Visitor(app, visitor.cookie)
    assert elsewhere.get("/me").status_code == 200
    change(visitor, NEW)
    assert elsewhere.get("/me").location.startswith("/sign-in")
    assert copied.get("/me").location.startswith("/sign-in")
    assert visitor.get("/me").status_code == 200


def test_without_the_old_password_nothing_changes(visitor, elsewhere, signed_in, stand):
    answer = change(visitor, NEW, old="not the old password")
    assert answer.status_code == 422
    assert "That is not your password." in answer.text
    assert elsewhere.get("/me").status_code == 200
    assert sign_in(signed_in, stand, PASSWORD) == 303


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("", "This is needed."), ("plum tide kz7 o", None), ("plum tide kz7!", "At least 15 characters."),
        (LONGEST, None), (LONGEST + "x", "At most 128 characters."), ("x" * 400_000, "At most 128 characters."),
        ("password1234567", "Many people would try this one."), ("northgate-northgate", "It is made of your own name"),
        ("Priya Raman 2026", "It is made of your own name"),
    ],
    ids=["none", "15", "14", "128", "129", "400,000", "common", "the firm", "the person"],
)  # fmt: skip
def test_a_password_is_long_and_not_everybodys(visitor, signed_in, stand, new, sentence):
    answer = change(visitor, new)
    refused = sentence is not None
    assert answer.status_code == {True: 422, False: 303}[refused]
    assert (sentence or "") in answer.text
    assert sign_in(signed_in, stand, PASSWORD) == {True: 303, False: 422}[refused]


def test_a_megabyte_is_refused_and_hashed_by_nobody(visitor):
    begun = time.process_time()
    assert change(visitor, "x" * 1_000_000, old="x" * 1_000_000).status_code in (413, 422)
    assert time.process_time() - begun < 1


def test_a_page_never_shows_a_password_again(visitor):
    assert "plum tide kz7!" not in change(visitor, "plum tide kz7!").text


def test_guessing_the_old_password_from_an_open_desk_ends_after_ten(visitor):
    for _ in range(10):
        assert change(visitor, NEW, old="a guess of the password").status_code == 422
    assert change(visitor, NEW).status_code == 429


def test_the_person_is_told_with_a_link_from_the_configured_address_only(app, visitor, stand):
    app.config["PUBLIC_BASE_URL"] = "https://office.example/"
    change(visitor, NEW)
    app.config["PUBLIC_BASE_URL"] = ""
    with app.app_context():
        mail = db.session.scalar(sa.select(PlatformMessage))
    assert mail.to_email == stand.emails["con"]
    assert re.findall(r"https?://\S+", mail.body) == ["https://office.example/reset"]


def test_every_other_sign_in_can_be_ended_at_once(visitor, elsewhere):
    assert "Sign out everywhere else" in visitor.get("/me").text
    assert visitor.post("/me/sign-ins/revoke-others").location == "/me"
    assert elsewhere.get("/me").location.startswith("/sign-in")
    assert visitor.get("/me").status_code == 200


def test_a_hash_of_weaker_settings_is_renewed_with_the_next_sign_in(app, signed_in, stand):
    person = stand.people["con"][0]
    with app.app_context():
        weak = sign_ins.passwords.PasswordHash(
            (sign_ins.passwords.Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)
        )
        row = db.session.get_one(sign_ins.Person, person)
        row.password_hash = kept = weak.hash(PASSWORD)
        db.session.commit()
    assert sign_in(signed_in, stand, PASSWORD) == 303
    with app.app_context():
        assert db.session.get_one(sign_ins.Person, person).password_hash != kept
    assert sign_in(signed_in, stand, PASSWORD) == 303
