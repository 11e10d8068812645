"""The second factor: codes by the standard, each good for once."""

import base64
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from tenants import credentials
from tenants.credentials import Credential, NothingSetUp, WrongCode
from tenants.database import db, now, transaction
from tenants.messages import PlatformMessage
from tenants.models import Person
from tenants.platform import NoReason, PlatformAudit
from tests.factories import make_person, make_sign_in

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_CODES = {
    59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037",
    20000000000: "353130",
}  # fmt: skip


@pytest.fixture
def person(database_app):
    with database_app.app_context():
        yield make_person().id


def code(credential: Credential, ahead: int = 0) -> str:
    return credentials.code_at(credential.totp_secret, credentials.step_at(now()) + ahead)


def confirmed(person) -> tuple[Credential, list[str]]:
    """In force, as if set up a while ago: the code of the set-up is long past."""
    kept = credentials.set_up(person)
    codes = credentials.confirm(person, code(kept))
    kept.last_step = 0
    db.session.flush()
    return kept, codes


@pytest.mark.parametrize(("moment", "digits"), RFC_CODES.items())
def test_codes_are_those_of_the_standard(moment, digits):
    step = credentials.step_at(datetime.fromtimestamp(moment, UTC))
    assert credentials.code_at(RFC_SECRET, step) == digits


def test_nothing_counts_until_a_code_proves_that_the_app_has_the_secret(person):
    kept = credentials.set_up(person)
    with pytest.raises(WrongCode):
        credentials.accept(person, code(kept))
    with pytest.raises(WrongCode):
        credentials.confirm(person, "000000x")
    assert credentials.of_person(person).confirmed_at is None
    assert len(credentials.confirm(person, code(kept))) == 10


def test_what_is_in_force_is_not_set_up_again(person):
    confirmed(person)
    with pytest.raises(credentials.AlreadySetUp):
        credentials.set_up(person)
    with pytest.raises(WrongCode):
        credentials.confirm(person, code(credentials.of_person(person)))


def test_a_code_works_once(person):
    kept, _codes = confirmed(person)
    right = code(kept)
    credentials.accept(person, right)
    with pytest.raises(WrongCode):
        credentials.accept(person, right)


def test_an_earlier_code_does_not_work_after_a_later_one(person):
    kept, _codes = confirmed(person)
    credentials.accept(person, code(kept, 1))
    for ahead in (0, 1, -1):
        with pytest.raises(WrongCode):
            credentials.accept(person, code(kept, ahead))


@pytest.mark.parametrize("ahead", [-1, 0, 1])
def test_a_clock_may_be_half_a_minute_off(person, ahead):
    kept, _codes = confirmed(person)
    credentials.accept(person, code(kept, ahead))


@pytest.mark.parametrize("ahead", [-3, -2, 2, 3, 100])
def test_a_clock_may_not_be_a_minute_off(person, ahead):
    kept, _codes = confirmed(person)
    with pytest.raises(WrongCode):
        credentials.accept(person, code(kept, ahead))


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "-12345", "      ", "x" * 10_000])
def test_what_is_no_code_is_wrong(person, typed):
    confirmed(person)
    with pytest.raises(WrongCode):
        credentials.accept(person, typed)


def test_a_code_may_be_typed_with_a_space(person):
    kept, _codes = confirmed(person)
    right = code(kept)
    credentials.accept(person, f" {right[:3]} {right[3:]} ")


def test_each_recovery_code_works_once_however_it_is_typed(person):
    _kept, codes = confirmed(person)
    assert len(set(codes)) == 10
    credentials.accept(person, codes[0])
    credentials.accept(person, f"  {codes[1].upper().replace('-', ' ')}")
    for used in codes[:2]:
        with pytest.raises(WrongCode):
            credentials.accept(person, used)
    assert len(credentials.of_person(person).recovery_sha256) == 8


def test_recovery_codes_are_kept_as_hashes_that_fit_their_person_only(person):
    _kept, codes = confirmed(person)
    row = db.session.scalar(sa.select(Credential.recovery_sha256).where(Credential.person_id == person))
    assert not {each.replace("-", "") for each in codes} & set(row)
    other = make_person().id
    confirmed(other)
    with pytest.raises(WrongCode):
        credentials.accept(other, codes[0])


def test_new_recovery_codes_end_the_old_ones(person):
    kept, old = confirmed(person)
    new = credentials.renew_recovery_codes(person, code(kept))
    with pytest.raises(WrongCode):
        credentials.accept(person, old[0])
    credentials.accept(person, new[0])


def test_turning_it_off_asks_for_a_code_and_takes_every_sign_in_back_to_the_password(person):
    kept, codes = confirmed(person)
    sign_in = make_sign_in(person=credentials.db.session.get_one(type(make_person()), person))
    with pytest.raises(WrongCode):
        credentials.turn_off(person, "000000")
    credentials.turn_off(person, codes[3])
    db.session.expire_all()
    assert credentials.of_person(person) is None
    assert sign_in.second_factor_at is None


def test_a_lost_second_factor_is_taken_off_with_a_reason_and_ends_every_sign_in(person):
    kept, codes = confirmed(person)
    who = db.session.get_one(Person, person)
    sign_in = make_sign_in(person=who)
    with pytest.raises(NoReason):
        credentials.take_off(who, reason="  ", letter=("Taken off", "It is off."))
    credentials.take_off(who, reason="Seen in person with a passport.", letter=("Taken off", "It is off."))
    db.session.expire_all()
    assert credentials.of_person(person) is None
    assert sign_in.revoked_at is not None
    with pytest.raises(WrongCode):
        credentials.accept(person, codes[0])
    mail = db.session.scalars(sa.select(PlatformMessage).where(PlatformMessage.to_email == who.email)).one()
    assert mail.subject == "Taken off"
    entry = db.session.scalars(sa.select(PlatformAudit).where(PlatformAudit.verb == "second_factor.taken_off")).one()
    assert entry.details == {"person": str(person), "reason": "Seen in person with a passport."}
    with pytest.raises(NothingSetUp):
        credentials.take_off(who, reason="Again.", letter=("Taken off", "It is off."))


def test_what_happens_to_a_second_factor_is_written_down(person):
    kept, codes = confirmed(person)
    credentials.accept(person, codes[0])
    credentials.renew_recovery_codes(person, code(kept))
    verbs = db.session.scalars(sa.select(PlatformAudit.verb).where(PlatformAudit.by_person_id == person)).all()
    assert sorted(verbs) == [
        "second_factor.recovery_code_used", "second_factor.recovery_codes_renewed", "second_factor.set_up",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("roles", "operator", "needed"),
    [
        (["owner"], False, True), (["consultant", "admin"], False, True), (["consultant"], False, False),
        (["client"], False, False), ([], False, False), ([], True, True), (["client"], True, True),
    ],
)  # fmt: skip
def test_owners_administrators_and_operators_need_one(roles, operator, needed):
    assert credentials.required_of(roles, operator=operator) is needed


def test_one_code_sent_twice_at_once_opens_once(copied_database):
    app = copied_database.app
    with app.app_context(), transaction():
        person = make_person().id
        kept, _codes = confirmed(person)
        right = code(kept)
    together, answers = Barrier(6), []

    def give():
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    credentials.accept(person, right)
                answers.append("in")
            except WrongCode:
                answers.append("refused")

    threads = [Thread(target=give) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["in", *["refused"] * 5]


def test_the_secret_is_shown_as_apps_and_people_read_it():
    address = credentials.address("ABCDEFGH", "dana@harrow.example")
    assert address == "otpauth://totp/OHS%20consultancy:dana@harrow.example?secret=ABCDEFGH&issuer=OHS%20consultancy"
    assert credentials.in_groups("ABCDEFGHIJ") == "ABCD EFGH IJ"
    assert timedelta(seconds=credentials.STEP_SECONDS) == timedelta(seconds=30)
