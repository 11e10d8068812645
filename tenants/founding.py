"""Founding a consultancy and letting people in."""

import re
import unicodedata
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants import invitations, passwords, platform
from tenants.audit import AuditChain
from tenants.database import db, tenant_session
from tenants.limits import NAME_CHARACTERS
from tenants.models import Membership, Person, Tenant
from tenants.permissions import Role
from tenants.refusal import NotValid
from tenants.tokens import Token

# First parts of the platform's own addresses, those to come included; tests compare them with the routes there are.
PLATFORM_WORDS = frozenset(
    ("sign-in", "sign-out", "reset", "invitation", "me", "partner", "ops", "share", "static", "brand", "health")
)
ADDRESS_WORD = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")


class NotAnAddress(NotValid):
    """The word cannot open the consultancy's addresses: it belongs to the platform, or is no word of an address."""

    @property
    def sentence(self) -> str:
        return f"No consultancy can be called {self.args[0]} in its address. Use small letters, digits and hyphens."


def open_consultancy(
    *, slug: str, name: str, legal_name: str, language: str, demo: bool = False, **details: Any
) -> Tenant:
    """A consultancy comes into being. Its audit chain is made with the first member, inside its walls.

    Raises NotAnAddress.
    """
    if slug in PLATFORM_WORDS or not ADDRESS_WORD.fullmatch(slug):
        raise NotAnAddress(slug)
    tenant = Tenant(slug=slug, name=name, legal_name=legal_name, language=language, demo=demo, **details)
    db.session.add(tenant)
    db.session.flush()
    return tenant


class NameTaken(NotValid):
    """Another consultancy's addresses begin with this word already."""

    @property
    def sentence(self) -> str:
        return f"Another consultancy is called {self.args[0]} in its address. Choose another word with --slug."


class NotAName(NotValid):
    """A consultancy's name is one line of at most 120 characters, and not nothing."""

    @property
    def sentence(self) -> str:
        return "The name of a consultancy is one line of 1 to 120 characters."


def slug_of(name: str) -> str:
    """The name as the first part of an address: `Groupe Sécur Nord inc.` is groupe-secur-nord-inc."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:60].strip("-")


def found(
    *,
    name: str,
    slug: str,
    language: str,
    owner_email: str,
    reserved: Collection[str],
    secret: str,
    subject: str,
    body: str,
    today: date,
    by: UUID | None = None,
) -> tuple[Tenant, Token]:
    """Found a consultancy and invite its owner. `reserved`: first parts of addresses that the site has today;
    `by`: the operator (a person), None for the command line.

    Raises NotAName, NotAnAddress, NameTaken, BadAddress.
    """
    if not 0 < len(name) <= NAME_CHARACTERS or not name.isprintable() or name != name.strip():
        raise NotAName(name)
    if slug in reserved:
        raise NotAnAddress(slug)
    if db.session.scalar(sa.select(Tenant.id).where(Tenant.slug == slug)):
        raise NameTaken(slug)
    tenant = open_consultancy(slug=slug, name=name, legal_name=name, language=language)
    tenant_session().enter(tenant.id)
    db.session.add(AuditChain(id=tenant.id))
    db.session.flush()
    invitation = invitations.invite(
        email=owner_email, role=Role.OWNER, secret=secret, subject=subject, body=body, by=None, today=today
    )
    platform.note("consultancy.opened", by=by, tenant_id=tenant.id, slug=slug)
    return tenant, invitation


def hash_password(password: str) -> str:
    return passwords.hashed(password)


def add_person(*, email: str, name: str, language: str, password_hash: str | None) -> Person:
    person = Person(
        email=email.strip().lower(), name=name, language="fr" if language == "fr" else "en", password_hash=password_hash
    )
    db.session.add(person)
    db.session.flush()
    return person


def add_member(
    *,
    person_id: UUID,
    role: Role,
    name: str,
    designations: str = "",
    client_id: UUID | None = None,
    client_part: str | None = None,
    joined_on: date | None = None,
    left_on: date | None = None,
) -> Membership:
    """A person joins the entered consultancy, or its portal on behalf of one employer."""
    tenant_id = tenant_session().tenant_id
    if db.session.get(AuditChain, (tenant_id, tenant_id)) is None:
        db.session.add(AuditChain(id=tenant_id))
    member = Membership(
        person_id=person_id,
        role=role,
        name=name,
        designations=designations,
        client_id=client_id,
        client_part=client_part,
        joined_on=joined_on,
        left_on=left_on,
    )
    db.session.add(member)
    db.session.flush()
    return member
