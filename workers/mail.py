"""Mail leaves here: through the server that SMTP_URL names, or as readable files in the data folder.

A mail may leave twice (its sender died between the other side's yes and our note of it), then with the same Message-ID;
none is lost.
"""

import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

import structlog
from flask import Flask

from tenants import messages, practices
from tenants.database import db, tenant_session, transaction
from tenants.messages import BadAddress, Letter, Message, PlatformMessage

log = structlog.get_logger()

TURN_SECONDS = 10  # documents are rung for between two turns of the mail
PATIENCE_SECONDS = 10  # for one answer of the server
BROKEN_CONNECTIONS = 3  # then the server is left alone until the next turn


class Letterbox:
    """Where mail goes when there is no server: one .eml per mail, named by its time and its id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def post(self, mail: EmailMessage) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stamp = mail["Date"].datetime.strftime("%Y%m%d-%H%M%S")
        file = self.folder / f"{stamp}-{mail['Message-ID'].strip('<>').partition('@')[0]}.eml"
        mail.set_content(mail.get_content(), cte="8bit")  # a person reads it and copies its link
        unfinished = file.with_suffix(".part")
        unfinished.write_bytes(mail.as_bytes(policy=WIRE.clone(linesep="\n")))
        unfinished.replace(file)

    def close(self) -> None:
        """Nothing stays open."""


class Server:
    """One connection for as many mails as it lasts; opened anew after it broke."""

    def __init__(self, url: str, own_name: str) -> None:
        self.at, self.own_name = urlsplit(url), own_name
        self.link: smtplib.SMTP | None = None

    def post(self, mail: EmailMessage) -> None:
        try:
            if self.link is None:
                self.link = self._connect()
            self.link.send_message(mail)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError):
            raise  # an answer about this mail; the connection is good
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        if self.link is not None:
            with suppress(OSError):
                self.link.quit()
            self.link.close()
        self.link = None

    def _connect(self) -> smtplib.SMTP:
        host, secure = self.at.hostname or "", ssl.create_default_context()
        options: dict[str, Any] = {"timeout": PATIENCE_SECONDS, "local_hostname": self.own_name}
        if self.at.scheme == "smtps":
            return self._signed_in(smtplib.SMTP_SSL(host, self.at.port or 465, context=secure, **options))
        connection = smtplib.SMTP(host, self.at.port or (587 if self.at.username else 25), **options)
        try:
            connection.ehlo_or_helo_if_needed()
            if connection.has_extn("starttls"):
                connection.starttls(context=secure)
            elif self.at.username and not _on_this_machine(host):
                raise smtplib.SMTPNotSupportedError("a password goes to another machine through TLS only")
            return self._signed_in(connection)
        except OSError:
            connection.close()
            raise

    def _signed_in(self, connection: smtplib.SMTP) -> smtplib.SMTP:
        if self.at.username:
            connection.login(unquote(self.at.username), unquote(self.at.password or ""))
        return connection


def send_mail(app: Flask, *, seconds: float = TURN_SECONDS) -> int:
    """Send what is due, for a while; how many mails left. A server that is away stops nothing else."""
    with app.app_context(), transaction():
        waiting = messages.due()
    if not waiting:
        return 0
    until, left, broken = time.monotonic() + seconds, 0, 0
    url, sender = app.config.get("SMTP_URL", ""), sender_of(app)
    way: Server | Letterbox = Server(url, sender.domain) if url else Letterbox(Path(app.config["MAIL_FOLDER"]))
    try:
        for tenant_id, message_id in waiting:
            if time.monotonic() > until or broken >= BROKEN_CONNECTIONS:
                break
            answer = send(app, tenant_id, message_id, sender, way.post)
            left += answer is None
            broken += answer is not None and not _about_the_mail(answer)
    finally:
        way.close()
    return left


def send(
    app: Flask, tenant_id: UUID | None, message_id: UUID, sender: Address, post: Callable[[EmailMessage], None]
) -> OSError | None:
    """One mail: taken in hand, posted outside any transaction, noted. What went wrong, if anything did."""
    model: type[Any] = Message if tenant_id else PlatformMessage
    with inside(app, tenant_id):
        message = messages.claim(model, message_id)
        mail = compose(message, sender) if message else None
    if mail is None:
        return None  # somebody else has it in hand
    fault: OSError | None = None
    try:
        post(mail)
    except OSError as error:  # smtplib's faults are of this kind too
        fault = error
        log.warning("mail.not_taken", kind=type(error).__name__, message=str(message_id))
    with inside(app, tenant_id):
        posted = db.session.get_one(model, (tenant_id, message_id) if tenant_id else message_id)
        if fault is None:
            messages.sent(posted)
        else:
            messages.refused(posted, for_good=_never(fault))
    return fault


@contextmanager
def inside(app: Flask, tenant_id: UUID | None) -> Iterator[None]:
    """A fresh context and one short transaction, in the consultancy whose mail it is."""
    with app.app_context():
        if tenant_id:
            tenant_session().enter(tenant_id)
        with transaction():
            yield


def compose(message: Letter, sender: Address) -> EmailMessage:
    """The mail as it leaves: the same for every try. A consultancy's carries its name, and answers go to it."""
    mail = EmailMessage(policy=WIRE)
    mail["From"] = sender
    if isinstance(message, Message):
        firm = practices.practice()
        mail.replace_header("From", Address(" ".join(firm.name.split()), addr_spec=sender.addr_spec))
        with suppress(BadAddress):
            mail["Reply-To"] = messages.plain_address(firm.email)
    mail["To"] = message.to_email
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.message_id}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    return mail


def sender_of(app: Flask) -> Address:
    """`?from=` of SMTP_URL, or the name it signs in with where that is an address, or no-reply at our own host."""
    at = urlsplit(app.config.get("SMTP_URL", ""))
    ours = urlsplit(app.config.get("PUBLIC_BASE_URL", "")).hostname or "localhost"
    for said in (*parse_qs(at.query).get("from", ()), unquote(at.username or "")):
        with suppress(BadAddress):
            return Address(addr_spec=messages.plain_address(said))
    return Address(addr_spec=f"no-reply@{'localhost' if _is_number(ours) else ours}")


def _about_the_mail(fault: OSError) -> bool:
    return isinstance(fault, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)


def _never(fault: OSError) -> bool:
    """Did the server say that it will not ever take this mail?"""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in fault.recipients.values())
    return isinstance(fault, smtplib.SMTPDataError) and fault.smtp_code >= 500


def _on_this_machine(host: str) -> bool:
    return host == "localhost" or _is_number(host) and ip_address(host).is_loopback


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
