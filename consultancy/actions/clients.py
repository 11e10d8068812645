"""Taking on clients and keeping their profile true."""

import re
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.client import Client, Contact, Site
from tenants import audit
from tenants.database import db
from tenants.refusal import NotValid, Refusal

CODE = re.compile(r"[A-Z0-9]{2,12}")
PROFILE = (
    "legal_name",
    "trade_name",
    "language",
    "naics_code",
    "sector",
    "jurisdiction",
    "headcount",
    "participation_body",
    "wsib_account",
    "wsib_schedule",
    "standard_sought",
    "target_date",
    "note",
)


class CodeTaken(NotValid):
    """Another client of the consultancy already opens its document numbers with this code."""


class ChangedMeanwhile(Refusal):
    """Somebody saved the same record after this page was opened."""


def add_client(*, code: str, by: UUID | None, conditions: dict[str, str] | None = None, **profile: Any) -> Client:
    """Take on an employer. Raises CodeTaken."""
    if db.session.scalar(sa.select(Client.id).where(Client.code == code)):
        raise CodeTaken(code)
    client = Client(
        code=code, conditions=conditions or {}, **{name: profile[name] for name in PROFILE if name in profile}
    )
    db.session.add(client)
    db.session.flush()
    audit.record("client.added", client, by=by)
    return client


def change_profile(client: Client, *, revision: int, by: UUID, **profile: Any) -> None:
    """Correct the profile. Raises ChangedMeanwhile."""
    if client.revision != revision:
        raise ChangedMeanwhile(client.name)
    changed = [name for name in PROFILE if name in profile and getattr(client, name) != profile[name]]
    for name in changed:
        setattr(client, name, profile[name])
    if changed:
        audit.record("client.changed", client, by=by, fields=changed)


def add_site(client: Client, *, name: str, address: str, high_hazard: bool, by: UUID | None) -> Site:
    site = Site(client_id=client.id, name=name, address=address, high_hazard=high_hazard)
    db.session.add(site)
    db.session.flush()
    audit.record("site.added", site, by=by)
    return site


def add_contact(
    client: Client, *, by: UUID | None, name: str, title: str, part: str, email: str, phone: str
) -> Contact:
    contact = Contact(client_id=client.id, name=name, title=title, part=part, email=email, phone=phone)
    db.session.add(contact)
    db.session.flush()
    audit.record("contact.added", contact, by=by)
    return contact


def suggest_code(legal_name: str) -> str:
    """The first word of the name, in capitals: what most firms would choose."""
    letters = re.sub(r"[^A-Z0-9]", "", (legal_name.split() or [""])[0].upper())
    return letters[:12]
