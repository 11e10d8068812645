"""A forgotten password: the link works once, within the hour, and dies of everything that should kill it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tenants import passwords, resets, sign_ins
from tenants.database import db, now
from tenants.messages import BadAddress, PlatformMessage
from tenants.models import SignIn
from tenants.passwords import PasswordRefused
from tenants.platform import PlatformAudit
from tenants.resets import LinkIsDead
from tenants.tokens import Token
from tests.factories import make_person, make_sign_in
from tests.practice import statements_of

OLD, NEW = "a garden of nine slow clocks", "copper kettle sings at dawn"
TOLD = ("Your password was changed", "If it was not you, say so.")


@pytest.fixture
def person(database_app):
    with database_app.app_context():
        yield make_person(password_hash=passwords.hashed(OLD))


def asked(email: str) -> str:
    """The secret part of the link that would be mailed."""
    secrets = []

    def letter(secret):
        secrets.append(secret)
        return "Choose a new password", f"https://office.example/reset/{secret}"

    resets.ask(email, letter=letter)
    return secrets[0]


def change(secret: str, new: str = NEW) -> None:
    resets.use(secret, new=new, about=[], letter=TOLD)


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_the_link_changes_the_password_and_ends_every_sign_in(person):
    here, there = make_sign_in(person=person), make_sign_in(person=person)
    secret = asked(person.email)
    assert resets.find(secret) is person
    change(secret)
    db.session.expire_all()
    assert passwords.fits(NEW, person.password_hash)[0]
    assert None not in (here.revoked_at, there.revoked_at)


def test_the_link_is_kept_as_a_hash_and_is_long(person):
    secret = asked(person.email)
    token = db.session.scalar(sa.select(Token))
    assert len(secret) >= 43
    assert secret.encode() not in token.token_sha256
    assert token.expires_at - now() <= timedelta(hours=1)


def test_a_used_link_is_dead(person):
    secret = asked(person.email)
    change(secret)
    with pytest.raises(LinkIsDead):
        change(secret, "another quiet orchard by the sea")
    assert passwords.fits(NEW, person.password_hash)[0]


def test_a_link_dies_with_the_next_sign_in(person):
    secret = asked(person.email)
    make_sign_in(person=person)
    with pytest.raises(LinkIsDead):
        resets.find(secret)


def test_a_link_dies_with_a_change_of_password_or_address(person):
    first = asked(person.email)
    sign_ins.set_password(person, "a quiet orchard by the sea", about=[], letter=TOLD)
    second = asked(person.email)
    person.email = "elsewhere@example.org"
    db.session.flush()
    for secret in (first, second):
        with pytest.raises(LinkIsDead):
            resets.find(secret)


def test_a_newer_link_ends_the_older(person):
    older, newer = asked(person.email), asked(person.email)
    with pytest.raises(LinkIsDead):
        resets.find(older)
    assert resets.find(newer) is person


def test_a_link_lasts_an_hour(person):
    secret = asked(person.email)
    db.session.execute(sa.update(Token).values(expires_at=now() - timedelta(seconds=1)))
    with pytest.raises(LinkIsDead):
        resets.find(secret)


@pytest.mark.parametrize("secret", ["", "x", "x" * 43, "é" * 2000, "\x00"])
def test_what_is_no_link_is_dead(person, secret):
    with pytest.raises(LinkIsDead):
        resets.find(secret)


def test_a_link_of_another_kind_resets_nothing(person):
    secret = asked(person.email)
    db.session.execute(sa.update(Token).values(purpose="invitation"))
    with pytest.raises(LinkIsDead):
        resets.find(secret)


def test_a_weak_password_leaves_the_link_alive(person):
    secret = asked(person.email)
    with pytest.raises(PasswordRefused):
        change(secret, "password1234567")
    change(secret)


def test_the_person_is_told_by_mail_and_it_is_written_down(person):
    change(asked(person.email))
    subjects = db.session.scalars(sa.select(PlatformMessage.subject)).all()
    verbs = db.session.scalars(sa.select(PlatformAudit.verb)).all()
    assert sorted(subjects) == ["Choose a new password", "Your password was changed"]
    assert sorted(verbs) == ["person.password_changed", "person.reset_asked"]


def test_an_address_nobody_has_costs_the_same_statements_and_leaves_nothing(person):
    stranger, known, address = [], [], person.email
    for email, kept in (("nobody@example.org", stranger), (address, known)):
        db.session.expunge_all()
        with statements_of(db.session.connection()) as seen:
            asked(email)
        kept += [statement.split("(")[0].split("SAVEPOINT")[0].strip() for statement in seen]
        if email == "nobody@example.org":
            assert (count(Token), count(PlatformMessage), count(PlatformAudit)) == (0, 0, 0)
    assert (stranger.pop(), known.pop()) == ("ROLLBACK TO", "RELEASE")
    assert stranger == known
    assert len(known) > 4
    assert (count(Token), count(PlatformMessage)) == (1, 1)


def test_who_never_had_a_password_gets_no_link(person):
    invited = make_person()
    invited.password_hash = None
    db.session.flush()
    asked(invited.email)
    assert count(PlatformMessage) == 0


def test_what_is_no_address_is_refused_before_anything_is_done(person):
    with pytest.raises(BadAddress):
        asked("dana@harrow.example\r\nBcc: all@example.org")
    assert count(SignIn) == count(Token) == 0
