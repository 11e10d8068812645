"""A document of the program other than a policy: our standard text, merged from the client's profile, for the client
to adapt. What only the client knows stands in square brackets."""

from datetime import date

from consultancy.models.client import Client
from consultancy.models.deliverable import FIRST_VERSION
from consultancy.models.engagement import Engagement
from consultancy.program_documents import DOCUMENTS, ProgramDocument
from consultancy.queries import clients
from consultancy.reports.document import Fields, contact_in, document_fields, titled
from consultancy.reports.paper import known, signatories
from consultancy.reports.policy import pairs
from consultancy.reports.refusals import MissingData
from consultancy.reports.wording import short_day, standard_texts, text

TEXTS = standard_texts("procedures")
PROCEDURES = TEXTS["en"]


def assemble(
    engagement: Engagement, *, number: str, version: str, language: str, today: date, subject: str
) -> tuple[str, Fields]:
    chosen = next((one for one in DOCUMENTS if one.code == subject and subject in PROCEDURES), None)
    if chosen is None:
        raise MissingData("procedure", language)
    title = chosen.title(language)
    fields = document_fields(engagement, title=title, number=number, version=version, language=language, today=today)
    client, contacts = engagement.client, clients.contacts(engagement.client)
    speaker = fields["client"]["representation"]
    coordinator = contact_in(contacts, "coordinator")
    owner = titled(coordinator) or text("blank_coordinator", language)
    merged = known(client, contacts, speaker, language)
    written = procedure_text(chosen, client, fields["standard"]["short"], merged, language)
    notices = [text("draft", language, client=client.name, owner=owner)]
    if client.jurisdiction != "ontario":
        notices.append(text("draft_federal", language, client=client.name))
    fields |= {
        "procedure": {
            "code": chosen.code,
            "clause": ", ".join(chosen.clauses),
            "cor_element": ", ".join(chosen.elements),
            "in_force": text("on_signature", language),
            "next_review": text("in_a_year", language),
            "author": owner,
            "approver": titled(contact_in(contacts, "sponsor")) or text("blank_sponsor", language),
            "owner": (coordinator.title if coordinator else "") or owner,
            "sites": ", ".join(site["name"] for site in fields["sites"]) or text("all_sites", language),
            "draft": " ".join(notices),
            "purpose": written["purpose"],
            "scope": written["scope"],
        },
        **{name: written[name] for name in ("definitions", "responsibilities", "steps", "records", "references")},
        "changes": [
            {
                "revision": version,
                "date": short_day(today, language),
                "change": text("first_draft" if version == FIRST_VERSION else "revised_draft", language),
                "approver": "–",
            }
        ],
        "signatories": signatories(contacts, speaker, language),
    }
    return title, fields


def procedure_text(
    document: ProgramDocument, client: Client, standard: str, known: dict[str, str], language: str
) -> Fields:
    """What we wrote of one document, the client's facts put in."""
    words = TEXTS[language][document.code]
    return {
        "purpose": words["purpose"].format(**known),
        "scope": [line.format(**known) for line in words["scope"]],
        "definitions": pairs(words.get("definitions", []), ("term", "meaning"), known),
        "responsibilities": pairs(words["responsibilities"], ("who", "does"), known),
        "steps": pairs(words["steps"], ("title", "text", "who", "record"), known),
        "records": pairs(words["records"], ("name", "place", "period"), known),
        "references": references(document, words["law"], client, standard, known, language),
    }


def references(
    document: ProgramDocument, law: list[str], client: Client, standard: str, known: dict[str, str], language: str
) -> list[str]:
    """The law as far as our texts cite it, then the clause and the element this document answers."""
    cited = [line.format(**known) for line in law]
    if client.jurisdiction != "ontario":
        cited = [text("law_federal", language)]
    if document.clauses:
        iso = standard if standard.startswith("ISO") else "ISO 45001"
        cited.append(text("standard_reference", language, standard=iso, clause=", ".join(document.clauses)))
    if document.elements:
        cited.append(text("cor_reference", language, element=", ".join(document.elements)))
    return cited
