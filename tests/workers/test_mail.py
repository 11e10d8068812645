"""Mail leaves: every one at least once, under its own Message-ID, whatever the server and the sender go through."""

import os
import ssl
import stat
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa

from tenants import messages
from tenants.database import db, now
from tenants.messages import Message, PlatformMessage
from tenants.models import Tenant
from tests.factories import entered, found_tenant
from tests.workers.smtp_server import DROPPED, MailServer, failing
from workers import mail
from workers.mail import send_mail

BODY = "Bienvenue à Northgate.\n\nhttps://practice.example/invitation/" + "x" * 90 + "\n"


@pytest.fixture
def app(copied_database, tmp_path):
    copied_database.app.config |= {
        "SMTP_URL": "", "MAIL_FOLDER": str(tmp_path / "mail"), "PUBLIC_BASE_URL": "https://practice.example",
    }  # fmt: skip
    return copied_database.app


@pytest.fixture
def tenants(app):
    places = [found_tenant(app, slug=slug) for slug in ("northgate", "lakeshore")]
    with app.app_context():
        db.session.execute(sa.update(Tenant).values(email="office@northgate.example"))
        db.session.commit()
    return places


def write(app, tenants, each=1, to="dana@example.org"):
    """So many mails in every consultancy and for the platform; their ids as the other side will see them."""
    written = set()
    for place in tenants:
        with entered(app, place):
            for number in range(each):
                row = messages.write(to_email=to, subject=f"Numéro {number}", body=BODY)
                written.add(row.message_id)
    with app.app_context():
        for number in range(each):
            row = messages.write_for_platform(to_email=to, subject=f"Numéro {number}", body=BODY)
            written.add(row.message_id)
        db.session.commit()
    return written


def states(app, tenants):
    found = []
    for place in tenants:
        with entered(app, place) as session:
            found += session.scalars(sa.select(Message.state)).all()
    with app.app_context():
        found += db.session.scalars(sa.select(PlatformMessage.state)).all()
    return found


def turn_comes(app, tenants):
    """As if the pause of every mail were over."""
    for place in tenants:
        with entered(app, place) as session:
            session.execute(sa.update(Message).values(run_after=now()))
    with app.app_context():
        db.session.execute(sa.update(PlatformMessage).values(run_after=now()))
        db.session.commit()


def ids(server):
    return [one["Message-ID"].strip("<>").partition("@")[0] for one in server.taken]


def test_without_a_server_mails_lie_readable_in_the_data_folder(app, tenants):
    written = write(app, tenants)
    assert (send_mail(app), send_mail(app)) == (3, 0)
    files = sorted(Path(app.config["MAIL_FOLDER"]).iterdir())
    assert {file.stem.split("-")[2] for file in files} == written
    for file in files:
        assert BODY.strip() in file.read_text(encoding="utf-8")  # as it is, no line of it broken or encoded
        letter = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert (letter["To"], letter["Subject"]) == ("dana@example.org", "Numéro 0")
    assert states(app, tenants) == ["sent"] * 3
    assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700


def test_a_consultancys_mail_carries_its_name_and_answers_go_to_it(app, tenants):
    write(app, tenants)
    with MailServer() as server:
        app.config["SMTP_URL"] = server.url
        send_mail(app)
    senders = sorted((str(one["From"]), str(one["Reply-To"])) for one in server.taken)
    ours = ("Northgate Safety <no-reply@practice.example>", "office@northgate.example")
    assert senders == [ours, ours, ("no-reply@practice.example", "None")]
    assert all(one.get_content().split() == BODY.split() for one in server.taken)


def test_a_name_with_line_breaks_makes_no_other_header(app, tenants):
    with app.app_context():
        db.session.execute(sa.update(Tenant).values(name="North\r\nBcc: x@example.org", email="a@b\r\nX-A: b"))
        db.session.commit()
    write(app, tenants)
    with MailServer() as server:
        app.config["SMTP_URL"] = server.url
        assert send_mail(app) == 3
    assert {one["Bcc"] or one["X-A"] or one["Reply-To"] for one in server.taken} == {None}


def test_a_server_that_fails_for_a_third_gets_every_mail_at_least_once(app, tenants, full):
    written = write(app, tenants, each=100 if full else 15)
    with MailServer(failing(0.3, seed=7)) as server:
        app.config["SMTP_URL"] = server.url
        for _ in range(60):
            send_mail(app)
            turn_comes(app, tenants)
            if set(states(app, tenants)) == {"sent"}:
                break
    assert set(states(app, tenants)) == {"sent"}
    assert (set(ids(server)), len(ids(server))) == (written, len(written))
    assert server.refused > len(written) // 10


def test_a_connection_that_breaks_after_the_mail_was_taken_brings_the_same_mail_again(app, tenants):
    [written] = write(app, [])
    with MailServer(lambda _mail: DROPPED, after_taking=True) as server:
        app.config["SMTP_URL"] = server.url
        assert send_mail(app) == 0
        server.mood = lambda _mail: ""
        turn_comes(app, [])
        assert send_mail(app) == 1
    assert ids(server) == [written] * 2
    first, second = server.taken
    assert first.as_bytes() == second.as_bytes()


KILLED = """
import os, signal, sys
from tests.practice import bare_app
from workers import mail
app = bare_app(sys.argv[1])
app.config |= {"SMTP_URL": sys.argv[2], "PUBLIC_BASE_URL": "https://practice.example"}
class Dies(mail.Server):
    def post(self, letter):
        super().post(letter)
        os.kill(os.getpid(), signal.SIGKILL)
mail.Server = Dies
mail.send_mail(app)
"""


def test_a_sender_killed_between_sending_and_noting_sends_the_same_mail_again(app, tenants, copied_database):
    written = write(app, [tenants[0]])
    with MailServer() as server:
        command = [sys.executable, "-c", KILLED, copied_database.url, server.url]
        for _ in written:
            died = subprocess.run(command, check=False, env=os.environ | {"PYTHONPATH": str(Path.cwd())})
            assert died.returncode == -9
        assert set(ids(server)) == written
        assert states(app, [tenants[0]]) == ["waiting"] * 2
        app.config["SMTP_URL"] = server.url
        assert send_mail(app) == 0  # in hand, as far as anybody knows
        turn_comes(app, [tenants[0]])
        assert send_mail(app) == 2
    assert sorted(ids(server)) == sorted([*written, *written])
    assert states(app, [tenants[0]]) == ["sent"] * 2


def test_an_address_that_is_unknown_there_is_not_tried_again(app, tenants):
    write(app, [])
    with MailServer() as server:
        server.addresses = {"dana@example.org"}
        app.config["SMTP_URL"] = server.url
        assert send_mail(app) == 0
    assert states(app, []) == ["failed"]


def test_a_mail_that_is_refused_for_good_fails_and_the_others_leave(app, tenants):
    write(app, tenants)
    with MailServer(lambda letter: "554 never" if letter["Reply-To"] else "") as server:
        app.config["SMTP_URL"] = server.url
        assert send_mail(app) == 1
    assert sorted(states(app, tenants)) == ["failed", "failed", "sent"]


def test_a_server_that_is_away_keeps_every_mail_and_is_left_alone_after_three_tries(app, tenants):
    write(app, tenants, each=3)
    with MailServer() as server:
        gone = server.url
    app.config["SMTP_URL"] = gone
    assert send_mail(app) == 0
    assert set(states(app, tenants)) == {"waiting"}
    with app.app_context():
        assert len(messages.due()) == 9 - mail.BROKEN_CONNECTIONS


def test_a_folder_that_cannot_be_written_loses_nothing(app, tenants, tmp_path):
    (tmp_path / "mail").write_text("a file stands in the way")
    write(app, tenants)
    assert send_mail(app) == 0
    assert states(app, tenants) == ["waiting"] * 3


@pytest.mark.parametrize(
    ("url", "base", "sender"),
    [
        ("smtp://post:secret@mail.example", "https://practice.example", "no-reply@practice.example"),
        ("smtp://post%40firm.example:secret@mail.example", "https://practice.example", "post@firm.example"),
        ("smtps://u:p@mail.example/?from=Office@firm.example", "https://practice.example", "office@firm.example"),
        ("", "http://127.0.0.1:8000", "no-reply@localhost"),
        ("", "", "no-reply@localhost"),
    ],
)
def test_who_the_mail_comes_from(app, url, base, sender):
    app.config |= {"SMTP_URL": url, "PUBLIC_BASE_URL": base}
    assert mail.sender_of(app).addr_spec == sender


@pytest.mark.parametrize(
    ("host", "here"),
    [("localhost", True), ("127.0.0.9", True), ("::1", True), ("mail.example", False), ("10.0.0.1", False)],
)
def test_a_password_goes_without_tls_to_this_machine_only(host, here):
    assert mail._on_this_machine(host) is here


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine's address, signed by nobody but itself."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / "certificate.pem", folder / "key.pem"


def secret_server(certificate, **options):
    secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secure.load_cert_chain(*certificate)
    return MailServer(secure=secure, **options)


@pytest.mark.parametrize("from_the_start", [True, False], ids=["smtps", "starttls"])
def test_mail_and_password_leave_through_tls(app, tenants, certificate, monkeypatch, from_the_start):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with secret_server(certificate, from_the_start=from_the_start) as server:
        app.config["SMTP_URL"] = server.url.replace("//", "//office:a%20secret@")
        write(app, tenants[:1])
        assert send_mail(app) == 2
        assert len(server.taken) == 2
        assert server.signed_in


@pytest.mark.parametrize("from_the_start", [True, False], ids=["smtps", "starttls"])
def test_a_server_that_cannot_show_who_it_is_gets_no_mail_and_no_password(app, tenants, certificate, from_the_start):
    with secret_server(certificate, from_the_start=from_the_start) as server:
        app.config["SMTP_URL"] = server.url.replace("//", "//office:a%20secret@")
        write(app, tenants[:1])
        assert send_mail(app) == 0
        assert (server.taken, server.signed_in) == ([], [])
    assert set(states(app, tenants[:1])) == {"waiting"}
