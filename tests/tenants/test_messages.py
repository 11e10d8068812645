"""A mail is a row until the other side took it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tenants import messages
from tenants.audit import AuditEntry
from tenants.database import db, now
from tenants.messages import BadAddress, Message, PlatformMessage
from tests.factories import entered, found_tenant

WRONG = (
    "", "nobody", "a@b", "@example.org", "a@@example.org", "a b@example.org", "a@example.org\r\nBcc: x@example.org",
    "a@example.org\n", "a\x00@example.org", "é@example.org", "a@exаmple.org", "a@-example.org", "a@example..org",
    ".a@example.org", "a.@example.org", "a..b@example.org", f"{'a' * 65}@example.org", f"a@{'b' * 60}.{'c' * 200}.org",
    "Name <a@example.org>", "a@example.org, b@example.org", "a@[127.0.0.1]", '"a b"@example.org',
)  # fmt: skip


@pytest.fixture
def tenant(database_app):
    return found_tenant(database_app, slug="northgate")


@pytest.mark.parametrize("typed", WRONG)
def test_what_is_no_plain_address_gets_no_mail(database_app, tenant, typed):
    with entered(database_app, tenant):
        with pytest.raises(BadAddress):
            messages.write(to_email=typed, subject="Hello", body="Hello.")
        assert db.session.scalars(sa.select(Message)).all() == []


@pytest.mark.parametrize(
    "typed", ["dana@example.org", " Dana@Example.ORG\t", "d.o+x@mail.example.org", "o'neil@example.org"]
)
def test_an_address_is_kept_in_small_letters(database_app, typed):
    assert messages.plain_address(typed) == typed.strip().lower()


def test_a_subject_is_one_line(database_app, tenant):
    with entered(database_app, tenant):
        message = messages.write(to_email="a@example.org", subject="Hello\r\nBcc: b@example.org" + "x" * 300, body="-")
        assert message.subject.startswith("Hello Bcc: b@example.org")
        assert len(message.subject) == 200


def test_two_mails_never_share_a_message_id(database_app, tenant):
    with entered(database_app, tenant):
        one, other = (messages.write(to_email="a@example.org", subject="s", body="b") for _ in range(2))
        assert one.message_id != other.message_id


def test_mails_of_every_consultancy_and_of_the_platform_are_found(copied_database):
    app, expected = copied_database.app, set()
    for place in (found_tenant(app, slug="northgate"), found_tenant(app, slug="lakeshore")):
        with entered(app, place):
            expected.add((place, messages.write(to_email="a@example.org", subject="s", body="b").id))
    with app.app_context():
        expected.add((None, messages.write_for_platform(to_email="a@example.org", subject="s", body="b").id))
        db.session.commit()
    with app.app_context():
        assert set(messages.due()) == expected


def test_a_mail_in_hand_is_nobody_elses_until_its_pause_is_over(database_app, tenant):
    with entered(database_app, tenant):
        message = messages.write(to_email="a@example.org", subject="s", body="b")
        assert messages.claim(Message, message.id) is message
        assert (message.attempts, messages.claim(Message, message.id)) == (1, None)
        assert timedelta(seconds=25) < message.run_after - now() <= timedelta(seconds=30)


def test_pauses_grow_to_an_hour(database_app):
    with database_app.app_context():
        message = messages.write_for_platform(to_email="a@example.org", subject="s", body="b")
        pauses = []
        for _ in range(9):
            message.run_after = now() - timedelta(seconds=1)
            db.session.flush()
            messages.claim(PlatformMessage, message.id)
            pauses.append(round((message.run_after - now()).total_seconds()))
        assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
        db.session.rollback()


def test_a_mail_that_was_taken_keeps_no_link(database_app, tenant):
    with entered(database_app, tenant):
        message = messages.write(to_email="a@example.org", subject="s", body="https://example.org/a-secret")
        messages.sent(message)
        db.session.commit()
        assert (message.state, message.body, message.sent_at is None) == ("sent", "", False)
        assert db.session.scalars(sa.select(AuditEntry.verb)).all() == ["message.sent"]


@pytest.mark.parametrize(
    ("age", "for_good", "state"), [(23, False, "waiting"), (25, False, "failed"), (0, True, "failed")]
)
def test_a_mail_is_tried_for_a_day_unless_the_other_side_says_never(database_app, tenant, age, for_good, state):
    with entered(database_app, tenant):
        message = messages.write(to_email="a@example.org", subject="s", body="b")
        message.created_at = now() - timedelta(hours=age)
        messages.refused(message, for_good=for_good)
        assert message.state == state
