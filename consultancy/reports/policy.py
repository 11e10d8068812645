"""One of the four policies of the program, merged from the client's profile."""

from datetime import date

from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.program_documents import DOCUMENTS
from consultancy.queries import clients
from consultancy.reports.document import Fields, document_fields
from consultancy.reports.paper import known, signatories
from consultancy.reports.refusals import MissingData
from consultancy.reports.wording import standard_texts, text

TEXTS = standard_texts("policies")
POLICIES = TEXTS["en"]


def assemble(
    engagement: Engagement, *, number: str, version: str, language: str, today: date, subject: str
) -> tuple[str, Fields]:
    chosen = next((one for one in DOCUMENTS if one.code == subject and subject in POLICIES), None)
    if chosen is None:
        titles = ", ".join(f"{one.code} {one.title(language)}" for one in DOCUMENTS if one.code in POLICIES)
        raise MissingData("policy", language, choices=titles)
    title = chosen.title(language)
    fields = document_fields(
        engagement,
        title=title,
        number=number,
        version=version,
        language=language,
        today=today,
        classification="public",
    )
    contacts = clients.contacts(engagement.client)
    speaker = fields["client"]["representation"]
    merged = known(engagement.client, contacts, speaker, language)
    fields["policy"] = {
        "in_force": text("on_signature", language),
        "next_review": text("in_a_year", language),
        "leader": merged["leader"],
    } | policy_text(subject, engagement.client, merged, language)
    fields["signatories"] = signatories(contacts, speaker, language)
    return title, fields


def policy_text(subject: str, client: Client, known: dict[str, str], language: str) -> Fields:
    """What we wrote of one policy, the client's facts put in."""
    words = TEXTS[language][subject]
    law = words["law"] if client.jurisdiction == "ontario" else text("law_federal", language)
    return {
        "statement": words["statement"].format(**known),
        "introduction": words["introduction"].format(**known),
        "commitments": pairs(words["commitments"], ("name", "text"), known),
        "responsibilities": pairs(words["responsibilities"], ("who", "does"), known),
        "program": pairs(words["program"], ("title", "text"), known),
        "stop_title": words["stop_title"],
        "stop": words["stop"].format(**known),
        "consultation": text("made_with", language, **known),
        "law": text("law_is", language, law=law),
    }


def pairs(rows: list[list[str]], names: tuple[str, ...], known: dict[str, str]) -> list[Fields]:
    """Rows of our standard text with the client's facts put in."""
    return [{name: cell.format(**known) for name, cell in zip(names, row, strict=True)} for row in rows]
