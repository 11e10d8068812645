"""What every document says of itself: control, firm, client, team, readers."""

import re
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from consultancy.calendar import ONTARIO
from consultancy.models.client import Client, Contact, Site
from consultancy.models.deliverable import FIRST_VERSION, ISSUED, Deliverable
from consultancy.models.engagement import Engagement
from consultancy.program_documents import COMMITTEE_FROM, REPRESENTATIVE_FROM
from consultancy.queries import clients, engagements
from consultancy.reports.wording import capital, lines, long_day, paragraphs, short_day, span, text
from consultancy.standards import catalogue
from consultancy.standards.words import choices, say
from tenants.database import db, tenant_session
from tenants.models import Membership, Tenant

Fields = dict[str, Any]
READERS = ("sponsor", "coordinator", "jhsc_worker", "hsr")
PROVINCES = {
    "en": {"ON": "Ontario", "QC": "Québec", "MB": "Manitoba", "NB": "New Brunswick", "NS": "Nova Scotia"},
    "fr": {"ON": "Ontario", "QC": "Québec", "MB": "Manitoba", "NB": "Nouveau-Brunswick", "NS": "Nouvelle-Écosse"},
}
TOWN = re.compile(r",\s*(?P<town>[^,]+?)[,(\s]\s*(?P<province>ON|QC|MB|NB|NS|Ontario|Québec)\)?\s*$")
POSTAL_CODE = re.compile(r",?\s*[A-Z]\d[A-Z]\s*\d[A-Z]\d\s*$", re.IGNORECASE)


def document_fields(
    engagement: Engagement,
    *,
    title: str,
    number: str,
    version: str,
    language: str,
    today: date,
    kicker: bool = False,
    classification: str = "confidential",
) -> Fields:
    """The fields that all kinds share. Seven statements at most, whatever the size of the engagement."""
    client, firm = engagement.client, db.session.get_one(Tenant, tenant_session().tenant_id)
    standard, standard_short = names_of(engagement.standard, language)
    contacts, sites = clients.contacts(client), engagements.sites_in_scope(engagement)
    team = [(row.part, signed(row.membership)) for row in engagements.team(engagement)]
    if engagement.lead and "lead" not in dict(team):
        team.insert(0, ("lead", signed(engagement.lead)))
    team.sort(key=lambda member: (("lead", "consultant", "reviewer").index(member[0]), member[1]))
    unknown = text("not_assigned", language)
    return {
        "document": {
            "title": title,
            "short": title,
            "kicker": standard.upper() if kicker else "",
            "number": number,
            "version": version,
            "issued": long_day(today, language),
            "created": today.isoformat(),
            "subject": title,
            "classification": text(classification, language),
            "language": text("locale", language),
            "language_name": text("language", language),
        },
        "firm": {"name": firm.name},
        "client": {
            "name": client.name,
            "legal_name": client.legal_name,
            "place": place(sites, language),
            "contact": titled(contact_in(contacts, "sponsor")) or client.name,
            "representation": representation(client),
            "profile": profile(client, contacts, language),
        },
        "standard": {"name": standard, "short": standard_short},
        "author": {"name": next((name for part, name in team if part == "lead"), unknown)},
        "reviewer": {"name": next((name for part, name in team if part == "reviewer"), unknown)},
        "team": [{"role": capital(say("assignments", part, language)), "name": name} for part, name in team],
        "signatories": [
            {"name": name, "function": capital(say("assignments", part, language))}
            for part, name in team
            if part != "consultant"
        ],
        "versions": versions(number, version, today, language),
        "distribution": [{"recipient": titled(one)} for part in READERS for one in contacts if one.part == part],
        "visit": {"dates": span(engagement.site_visit_from, engagement.site_visit_to, language)},
        "sites": [{"name": site.name, "address": site.address} for site in sites],
        "limits": paragraphs("limits", language, client=client.legal_name)
        + typed(engagement, "limits")
        + original_words(engagement, language),
    }


def original_words(engagement: Engagement, language: str) -> list[str]:
    """What people wrote is never translated by us: a document in the other language says so once."""
    return [] if engagement.language == language else [text(f"original_{engagement.language}", language)]


def typed(engagement: Engagement, name: str) -> list[str]:
    """The paragraphs somebody typed on the engagement's page."""
    return lines(engagement.texts.get(name, ""))


def signed(member: Membership) -> str:
    return f"{member.name}, {member.designations}" if member.designations else member.name


def titled(contact: Contact | None) -> str:
    return ", ".join(part for part in (contact.name, contact.title) if part) if contact else ""


def contact_in(contacts: list[Contact], *parts: str) -> Contact | None:
    return next((contact for part in parts for contact in contacts if contact.part == part), None)


def place(sites: list[Site], language: str) -> str:
    """Town and province of the first site, where its address ends in them: "…, Brantford ON  N3T 9Z9"."""
    address = POSTAL_CODE.sub("", sites[0].address.replace("\n", ", ").strip()) if sites else ""
    found = TOWN.search(address)
    if not found:
        return ""
    province = PROVINCES[language].get(found["province"], found["province"])
    return text("place", language, town=found["town"].strip(), province=province)


def representation(client: Client) -> str:
    """Who speaks for the workers: jhsc, hsr or (asked directly) workers. What the client told us beats the count."""
    if client.participation_body:
        return client.participation_body if client.participation_body in ("jhsc", "hsr") else "workers"
    if client.headcount is None or client.headcount < REPRESENTATIVE_FROM:
        return "workers"
    return "jhsc" if client.headcount >= COMMITTEE_FROM else "hsr"


def profile(client: Client, contacts: list[Contact], language: str) -> list[Fields]:
    """What the client stated of itself; only what is known."""
    sector = _word("sectors", client.sector, language)
    if client.naics_code:
        naics = {"sector": sector, "naics": client.naics_code}
        sector = text("sector_naics", language, **naics) if sector else text("naics", language, **naics)
    sought = client.standard_sought
    if sought and client.target_date:
        sought = text("sought_by", language, what=sought, day=long_day(client.target_date, language))
    people = [
        f"{titled(one)} ({text(f'part_{part}', language)})" for part in READERS for one in contacts if one.part == part
    ]
    known = {
        "legal_name": client.legal_name,
        "trade_name": client.trade_name,
        "sector": sector,
        "people": "" if client.headcount is None else str(client.headcount),
        "representation": _word("participation", client.participation_body, language),
        "jurisdiction": _word("jurisdictions", client.jurisdiction, language),
        "wsib": text("schedule", language, n=client.wsib_schedule) if client.wsib_schedule else "",
        "language": text("language", client.language),
        "sought": sought,
        "contacts": "\n".join(people),
    }
    return [{"label": text(f"profile_{name}", language), "value": value} for name, value in known.items() if value]


def _word(group: str, key: str, language: str) -> str:
    """The field's own word, or what was typed where the list has none."""
    return capital(say(group, key, language)) if key in dict(choices(group)) else key


def versions(number: str, version: str, today: date, language: str) -> list[Fields]:
    """Earlier versions that the client had in hand, then this one."""
    earlier = {} if version == FIRST_VERSION else _in_hand(number, version)
    rows = [
        {
            "version": old,
            "date": short_day(released.astimezone(ONTARIO).date() if released else None, language),
            "change": text("revised_issue" if place_in_series else "first_issue", language),
            "status": capital(say("standing", standing, language)),
        }
        for place_in_series, (old, (released, standing)) in enumerate(earlier.items())
    ]
    change = text("revised_issue" if rows else "first_issue", language)
    this = {"version": version, "date": short_day(today, language), "change": change}
    return [*rows, this | {"status": text("this_version", language)}]


def _in_hand(number: str, version: str) -> dict[str, tuple[datetime | None, str]]:
    """Version: when it was released and how it stands. Two editions of a version are one issue."""
    rows = db.session.execute(
        sa.select(Deliverable.version, Deliverable.released_at, Deliverable.standing)
        .where(
            Deliverable.number == number,
            Deliverable.version != version,
            Deliverable.standing.in_(ISSUED),
        )
        .order_by(Deliverable.requested_at, Deliverable.released_at)
    )
    earlier: dict[str, tuple[datetime | None, str]] = {}
    for old, released, standing in rows:
        earlier.setdefault(old, (released, standing))
    return earlier


def names_of(standard: str, language: str) -> tuple[str, str]:
    """The long and the short name of a standard; one of the consultancy's own is called as the consultancy calls it."""
    if standard in catalogue.OFFERED:
        long, short = paragraphs(f"standard_{standard}", language)
        return long, short
    own = catalogue.find(standard)
    return own.full_name, own.name
