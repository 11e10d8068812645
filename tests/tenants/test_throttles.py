"""How often one may try: counted in the database, for accounts that exist and those that do not."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from tenants import throttles
from tenants.database import db, now, transaction
from tenants.throttles import RESET, SECOND_FACTOR, SIGN_IN, Throttle, TooManyTries


@pytest.fixture
def practice(database_app):
    with database_app.app_context():
        yield


def tries(purpose=SIGN_IN, *, most=60, **who) -> int:
    """How many tries are let through before one is refused."""
    for count in range(most):
        try:
            with transaction():
                throttles.take(purpose, **who)
        except TooManyTries:
            return count
    return most


def pass_time(span: timedelta) -> None:
    with transaction():
        db.session.execute(sa.update(Throttle).values(window=Throttle.window - span))


def test_an_account_may_be_tried_ten_times_in_five_minutes(practice):
    assert tries(account="dana@harrow.example", address="192.0.2.1") == 10


def test_an_account_is_the_same_however_its_address_is_typed(practice):
    for place, typed in enumerate(("dana@harrow.example", " DANA@harrow.example ", "Dana@Harrow.Example")):
        for _ in range(3):
            throttles.take(SIGN_IN, account=typed, address=f"192.0.2.{place}")
    throttles.take(SIGN_IN, account="dana@harrow.example", address="192.0.2.9")
    with pytest.raises(TooManyTries):
        throttles.take(SIGN_IN, account="dana@harrow.example", address="192.0.2.10")


def test_an_address_may_try_ten_accounts_in_five_minutes(practice):
    for place in range(10):
        throttles.take(SIGN_IN, account=f"person{place}@harrow.example", address="192.0.2.1")
    with pytest.raises(TooManyTries):
        throttles.take(SIGN_IN, account="another@harrow.example", address="192.0.2.1")


def test_a_household_of_version_six_is_one_address_and_so_is_a_mapped_one(practice):
    for place in range(10):
        throttles.take(SIGN_IN, account=f"person{place}@harrow.example", address=f"2001:db8:1:2::{place:x}")
    with pytest.raises(TooManyTries):
        throttles.take(SIGN_IN, account="another@harrow.example", address="2001:db8:1:2:ffff::1")
    throttles.take(SIGN_IN, account="another@harrow.example", address="2001:db8:1:3::1")
    assert tries(account="", address="::ffff:192.0.2.7") == 10
    with pytest.raises(TooManyTries):
        throttles.take(SIGN_IN, account="one-more@harrow.example", address="192.0.2.7")


def test_everybody_together_may_try_a_thousand_times(practice):
    throttles.take(SIGN_IN, account="first@harrow.example", address="192.0.2.1")
    everybody = sa.select(Throttle.key).where(Throttle.tries == 1)
    with transaction():
        db.session.execute(sa.update(Throttle).where(Throttle.key.in_(everybody)).values(tries=1000))
    with pytest.raises(TooManyTries):
        throttles.take(SIGN_IN, account="elsewhere@example.org", address="198.51.100.1")


def test_the_window_passes(practice):
    who = {"account": "dana@harrow.example", "address": "192.0.2.1"}
    assert tries(**who) == 10
    pass_time(timedelta(minutes=4, seconds=30))
    assert tries(**who) == 0
    pass_time(timedelta(minutes=1, seconds=1))
    assert tries(**who) == 10


def test_tries_spread_over_the_edge_of_a_window_count_together(practice):
    who = {"account": "dana@harrow.example", "address": "192.0.2.1"}
    for _ in range(9):
        throttles.take(SIGN_IN, **who)
    db.session.flush()
    pass_time(timedelta(minutes=3))
    assert tries(**who) == 1


def test_a_refused_try_is_not_counted_so_that_nobody_is_locked_out_for_good(practice):
    who = {"account": "dana@harrow.example", "address": "192.0.2.1"}
    assert tries(**who) == 10
    for _ in range(20):
        assert tries(**who) == 0
    assert db.session.scalar(sa.select(sa.func.max(Throttle.tries))) == 10


def test_a_success_clears_the_account_and_gives_the_address_its_try_back(practice):
    for place in range(9):
        throttles.take(SIGN_IN, account="dana@harrow.example", address=f"192.0.2.{place}")
    taken = throttles.take(SIGN_IN, account="dana@harrow.example", address="192.0.2.50")
    throttles.give_back(taken)
    throttles.clear(SIGN_IN, " Dana@harrow.example")
    db.session.flush()
    assert tries(account="dana@harrow.example", address="192.0.2.50") == 10


def test_who_signs_in_to_an_account_of_their_own_does_not_clear_their_address(practice):
    for place in range(9):
        throttles.take(SIGN_IN, account=f"victim{place}@harrow.example", address="192.0.2.1")
    throttles.give_back(throttles.take(SIGN_IN, account="own@evil.example", address="192.0.2.1"))
    throttles.clear(SIGN_IN, "own@evil.example")
    assert tries(account="own@evil.example", address="192.0.2.1") == 1


def test_codes_have_limits_of_their_own(practice):
    who = {"account": "dana@harrow.example"}
    passed = []
    for _ in range(12):  # an hour of trying, five minutes at a time
        passed.append(tries(SECOND_FACTOR, **who))
        pass_time(timedelta(minutes=5, seconds=31))
    assert passed == [5, 5, 5, 5, 0, 0, 0, 0, 0, 0, 0, 5]
    for _ in range(40):
        passed.append(tries(SECOND_FACTOR, **who))
        pass_time(timedelta(minutes=11))
    assert sum(passed) == 50
    assert tries(SIGN_IN, **who, address="192.0.2.1") == 10


def test_resets_are_asked_for_five_times_a_day(practice):
    assert tries(RESET, account="dana@harrow.example", address="192.0.2.1") == 5
    pass_time(timedelta(hours=23))
    assert tries(RESET, account="dana@harrow.example", address="192.0.2.2") == 0
    assert tries(RESET, account="sam@harrow.example", address="192.0.2.1") == 0
    pass_time(timedelta(hours=1, seconds=31))
    assert tries(RESET, account="dana@harrow.example", address="192.0.2.1") == 5


def test_no_key_tells_whose_it_is(practice):
    throttles.take(SIGN_IN, account="dana@harrow.example", address="192.0.2.1")
    keys = db.session.scalars(sa.select(Throttle.key)).all()
    assert len(keys) == 3
    assert not [key for key in keys if "dana" in key or "192" in key.split(":")[0]]
    assert {len(key.removeprefix("sign_in:")) for key in keys} == {64}


def test_old_windows_are_swept_and_those_in_use_kept(practice):
    throttles.take(RESET, account="dana@harrow.example", address="192.0.2.1")
    db.session.flush()
    pass_time(timedelta(hours=23))
    assert throttles.sweep() == 0
    pass_time(timedelta(hours=3))
    assert throttles.sweep() == 2


def test_tries_at_the_same_moment_are_all_counted(copied_database):
    """More at once than the limit, each from another address: ten are let through, to the last one."""
    app, together, answers = copied_database.app, Barrier(16), []

    def knock(place):
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    throttles.take(SIGN_IN, account="dana@harrow.example", address=f"198.51.100.{place}")
                answers.append("in")
            except TooManyTries:
                answers.append("refused")

    threads = [Thread(target=knock, args=(place,)) for place in range(15)]
    for thread in threads:
        thread.start()
    together.wait()
    for thread in threads:
        thread.join()
    assert (answers.count("in"), answers.count("refused")) == (10, 5)


def test_a_try_counts_although_the_request_it_belonged_to_was_undone(practice):
    who = {"account": "dana@harrow.example", "address": "192.0.2.1"}
    with transaction():
        throttles.take(SIGN_IN, **who)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Throttle)) == 3
    assert db.session.scalar(sa.select(sa.func.max(Throttle.window))) <= now()
