"""Founding a consultancy and letting people in."""

from datetime import date
from typing import Any
from uuid import UUID

from tenants.audit import AuditChain
from tenants.database import db, tenant_session
from tenants.models import Membership, Person, Tenant
from tenants.permissions import Role
from tenants.sign_ins import passwords


def open_consultancy(
    *, slug: str, name: str, legal_name: str, language: str, demo: bool = False, **details: Any
) -> Tenant:
    """A consultancy comes into being. Its audit chain is made with the first member, inside its walls."""
    tenant = Tenant(slug=slug, name=name, legal_name=legal_name, language=language, demo=demo, **details)
    db.session.add(tenant)
    db.session.flush()
    return tenant


def hash_password(password: str) -> str:
    return passwords.hash(password)


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
