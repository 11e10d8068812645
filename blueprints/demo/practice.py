"""Founding the demo consultancies and taking on their clients, as an office would over a year."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from blueprints.demo.files import day, rows
from consultancy.actions import clients
from consultancy.models.client import Client, Site
from tenants import credentials, founding
from tenants.database import db, tenant_session, transaction
from tenants.models import Membership, Partner, Tenant
from tenants.permissions import Role

PASSWORD = "walk-the-floor-2026"  # noqa: S105 - printed at every start; production refuses a demo tenant
TOTP_SECRET = "NORTHFIELDRIDGEWALKSTHEFLOOR2345"  # noqa: S105 - the second factor of demo owners, printed as well
STAFF = {"owner": Role.OWNER, "admin": Role.ADMIN}
PORTAL = {"owner": "sponsor", "contributor": "coordinator", "viewer": "jhsc"}
SECTORS = {
    "manufacturing": "manufacturing",
    "warehousing": "warehousing",
    "research and development": "research",
    "construction": "construction",
    "transportation": "transportation",
    "food": "food",
    "municipal": "municipal",
    "health care": "health_care",
}
BODIES = {"JHSC": "jhsc", "HSR": "hsr", "committee under federal law": "federal"}
CONDITIONS = (
    "hazardous_products",
    "noise_exposed",
    "confined_spaces",
    "designated_substances",
    "overdose_risk",
    "construction_projects",
    "public_buyer",
    "convictions_last_3_years",
    "prosecution_pending",
)


@dataclass
class Loading:
    """What was made so far, by the names the files use."""

    app: Flask
    tenants: dict[str, UUID] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    engagements: dict[str, tuple[UUID, UUID]] = field(default_factory=dict)  # (tenant, engagement)

    @contextmanager
    def inside(self, slug: str) -> Iterator[None]:
        with self.app.app_context():
            tenant_session().enter(self.tenants[slug])
            with transaction():
                yield


def loaded() -> bool:
    return bool(db.session.scalar(sa.select(sa.func.count()).select_from(Tenant).where(Tenant.demo)))


def found(loading: Loading) -> None:
    """Consultancies, their people, partners."""
    with loading.app.app_context(), transaction():
        password_hash = founding.hash_password(PASSWORD)
        for row in rows("consultancies"):
            tenant = founding.open_consultancy(
                slug=row["slug"],
                name=row["trade_name"],
                legal_name=row["legal_name"],
                language=row["default_language"],
                demo=True,
                address=f"{row['street']}, {row['town']} {row['province']}  {row['postal_code']}",
                email=row["email"],
                phone=row["phone"],
            )
            loading.tenants[row["slug"]] = tenant.id
        people = {
            row["email"]: founding.add_person(
                email=row["email"], name=row["full_name"], language=row["languages"][:2], password_hash=password_hash
            )
            for row in rows("people")
        }
        for row in rows("people"):
            if row["role"] in STAFF:
                credentials.install(people[row["email"]].id, secret=TOTP_SECRET)
        for row in rows("contacts"):
            if row["portal_role"] and row["email"] and row["email"] not in people:
                people[row["email"]] = founding.add_person(
                    email=row["email"], name=row["full_name"], language=row["language"], password_hash=password_hash
                )
        for row in rows("partners"):
            partner = Partner(name=row["name"], kind=row["kind"])
            db.session.add(partner)
            db.session.flush()
            person = founding.add_person(
                email=row["email"], name=row["contact_name"], language=row["language"], password_hash=password_hash
            )
            person.partner_id = partner.id
        ids = {email: person.id for email, person in people.items()}
    for slug in loading.tenants:
        with loading.inside(slug):
            staff(loading, slug, ids)
            employers(loading, slug, ids)
            db.session.expunge_all()


def staff(loading: Loading, slug: str, ids: dict[str, UUID]) -> None:
    for row in rows("people", consultancy_slug=slug):
        loading.members[row["person_id"]] = founding.add_member(
            person_id=ids[row["email"]],
            role=STAFF.get(row["role"], Role.CONSULTANT),
            name=row["full_name"],
            designations=row["designations"].replace("; ", ", "),
            joined_on=day(row["joined_on"]),
            left_on=day(row["left_on"]),
        )


def employers(loading: Loading, slug: str, ids: dict[str, UUID]) -> None:
    owner = next(
        member
        for member in loading.members.values()
        if member.role == Role.OWNER and member.tenant_id == loading.tenants[slug]
    )
    for row in rows("employers", consultancy_slug=slug):
        client = clients.add_client(by=owner.id, **profile(row))
        loading.clients[row["client_id"]] = client
        for site in rows("sites", client_id=row["client_id"]):
            address = f"{site['street']}, {site['town']} {site['province']}  {site['postal_code']}"
            loading.sites[site["site_id"]] = clients.add_site(
                client, name=site["name"], address=address, high_hazard=site["high_hazard"] == "yes", by=owner.id
            )
        for contact in rows("contacts", client_id=row["client_id"]):
            clients.add_contact(
                client,
                name=contact["full_name"],
                title=contact["title"],
                part=contact["role"],
                email=contact["email"],
                phone=contact["phone"],
                by=owner.id,
            )
            if contact["portal_role"] and contact["email"] in ids:
                founding.add_member(
                    person_id=ids[contact["email"]],
                    role=Role.CLIENT,
                    name=contact["full_name"],
                    client_id=client.id,
                    client_part=PORTAL[contact["portal_role"]],
                )


def profile(row: dict[str, str]) -> dict[str, Any]:
    sector = next((key for words, key in SECTORS.items() if words in row["sector"]), "other")
    return {
        "code": row["client_id"].upper()[:12],
        "legal_name": row["legal_name"],
        "trade_name": row["trade_name"],
        "language": row["language"],
        "naics_code": row["naics_code"],
        "sector": sector,
        "jurisdiction": row["jurisdiction"],
        "headcount": int(row["headcount_total"]),
        "participation_body": BODIES[row["participation_body"]],
        "wsib_account": row["wsib_account"],
        "wsib_schedule": int(row["wsib_schedule"]) if row["wsib_schedule"].isdigit() else None,
        "standard_sought": row["standard_sought"],
        "target_date": day(row["target_date"]),
        "note": row["notes"],
        "conditions": {name: row[name] for name in CONDITIONS},
    }
