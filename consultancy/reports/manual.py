"""The client's health and safety manual: the policy, what is common, and a chapter for each document of the program."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from consultancy.models.client import Client, Contact
from consultancy.models.engagement import Engagement
from consultancy.models.register_entry import RegisterEntry
from consultancy.program_documents import DOCUMENTS, ProgramDocument
from consultancy.queries import clients, register
from consultancy.reports.document import Fields, contact_in, document_fields, representation, titled, typed
from consultancy.reports.paper import known, signatories
from consultancy.reports.policy import POLICIES, pairs, policy_text
from consultancy.reports.procedure import procedure_text
from consultancy.reports.refusals import MissingData
from consultancy.reports.wording import paragraphs, rows_of, short_day, text
from consultancy.standards import catalogue

FIRST_PAGE = "P1"  # the policy that opens the manual
PLACEHOLDER = re.compile(r"\[([^\[\]]+)\]")  # what only the client knows
PARTS = ("definitions", "commitments", "responsibilities", "program", "steps", "records")
EMPTY: Fields = {
    **{name: [] for name in (*PARTS, "scope", "references")},
    **dict.fromkeys(("purpose", "statement", "introduction", "stop_title", "stop", "consultation"), ""),
}


def assemble(
    engagement: Engagement, *, number: str, version: str, language: str, today: date, subject: str
) -> tuple[str, Fields]:
    needed = documents_of(engagement)
    if not needed:
        raise MissingData("chapter", language)
    title = text("manual_title", language)
    fields = document_fields(
        engagement, title=title, number=number, version=version, language=language, today=today, kicker=True
    )
    contacts = clients.contacts(engagement.client)
    content = content_of(engagement, contacts, needed, language, today)
    left = blanks(content)
    fields |= content | {
        "master": master_list(needed, language),
        "matrix": matrix(engagement, needed, language),
        "record_list": record_list(content["chapters"], language),
        "to_fill": to_fill(content, language),
    }
    lines = paragraphs("manual_draft", language, n=len(left), client=engagement.client.name)
    fields["manual"] |= {
        "placeholders": len(left),
        "draft": lines[1 if left else 0],
        "chapter_count": len(content["chapters"]),
    }
    return title, fields


def documents_of(engagement: Engagement) -> list[tuple[ProgramDocument, RegisterEntry]]:
    """The documents that the register says this client needs, in the order of the program."""
    entries = register.of_engagement(engagement)
    kept = [(one, entries[one.code]) for one in DOCUMENTS if one.code in entries]
    return [(one, entry) for one, entry in kept if entry.state != "not_needed"]


def master_list(needed: list[tuple[ProgramDocument, RegisterEntry]], language: str) -> list[Fields]:
    """What the register says of each document, the policy included (ISO 45001 7.5); what it does not know is a dash."""
    return [
        {
            "code": document.code,
            "title": document.title(language),
            "number": entry.number or "–",
            "issue": entry.issue,
            "approver": entry.approver or "–",
            "in_force": short_day(in_force_from(entry), language) or "–",
            "next_review": short_day(entry.review_due, language) or "–",
            "state": entry.state,
        }
        for document, entry in needed
    ]


def in_force_from(entry: RegisterEntry) -> date | None:
    """Since when it holds; a document that never had its approval recorded has its own date at most."""
    return entry.effective_on or entry.dated


def placeholders(engagement: Engagement, contacts: list[Contact], language: str, today: date) -> int:
    """How many places in square brackets the manual would have today."""
    needed = documents_of(engagement)
    return len(blanks(content_of(engagement, contacts, needed, language, today))) if needed else 0


def content_of(
    engagement: Engagement,
    contacts: list[Contact],
    needed: list[tuple[ProgramDocument, RegisterEntry]],
    language: str,
    today: date,
) -> Fields:
    """Everything in which a blank may be left; each of these is printed once and only once."""
    client, speaker = engagement.client, representation(engagement.client)
    merged = known(client, contacts, speaker, language)
    chapters = [
        chapter(document, entry, client, contacts, merged, language, today)
        for document, entry in needed
        if document.code != FIRST_PAGE
    ]
    return {
        "manual": common(engagement, merged, speaker, language),
        "policy": policy_text(FIRST_PAGE, client, merged, language)
        | {"in_force": text("on_signature", language), "next_review": text("in_a_year", language)},
        "signatories": signatories(contacts, speaker, language),
        "chapters": chapters,
    }


def common(engagement: Engagement, merged: dict[str, str], speaker: str, language: str) -> Fields:
    ontario = engagement.client.jurisdiction == "ontario"
    parties = "manual_parties" if ontario else "manual_parties_federal"
    spokesman = speaker if ontario else "federal"
    return {
        "use": paragraphs("manual_use", language, **merged),
        "scope": typed(engagement, "scope") or [text("manual_scope", language, **merged)],
        "context": typed(engagement, "context") or paragraphs("manual_context", language),
        "parties": typed(engagement, "parties") or paragraphs(parties, language, **merged),
        "irs": paragraphs("manual_irs", language, **merged),
        "roles": pairs(rows_of("manual_roles", language), ("who", "does"), merged),
        "representation": paragraphs(f"manual_representation_{spokesman}", language, **merged),
    }


def chapter(
    document: ProgramDocument,
    entry: RegisterEntry,
    client: Client,
    contacts: list[Contact],
    merged: dict[str, str],
    language: str,
    today: date,
) -> Fields:
    """One document of the program with its own revision and owner."""
    coordinator = contact_in(contacts, "coordinator")
    if document.code in POLICIES:
        written = policy_text(document.code, client, merged, language)
        written["references"] = [written.pop("law")]
    else:
        written = procedure_text(document, client, "ISO 45001", merged, language)
    revision = entry.issue or text("manual_revision_draft", language)
    approver = entry.approver or titled(contact_in(contacts, "sponsor")) or text("blank_sponsor", language)
    fields = EMPTY | written
    return fields | {
        "code": document.code,
        "title": document.title(language),
        "number": entry.number or document.code,
        "clause": ", ".join(document.clauses),
        "cor_element": ", ".join(document.elements),
        "state": entry.state,
        "revision": revision,
        "owner": titled(coordinator) or text("blank_coordinator", language),
        "approver": approver,
        "in_force": short_day(in_force_from(entry), language) or text("on_signature", language),
        "next_review": short_day(entry.review_due, language) or text("in_a_year", language),
        "notice": notice(entry, client, language),
        "changes": [
            {
                "revision": revision,
                "date": short_day(entry.dated or today, language),
                "change": text("manual_issue_known" if entry.issue else "manual_first", language),
            }
        ],
        "placeholders": len(blanks(written)),
    }


def notice(entry: RegisterEntry, client: Client, language: str) -> str:
    """That the client has a text of its own: ours must not be taken for it."""
    key = {"have": "manual_own_issue", "needs_work": "manual_revise"}.get(entry.state)
    if key is None:
        return ""
    which = ", ".join(part for part in (entry.number, entry.issue, short_day(entry.dated, language)) if part)
    inside = text("manual_which", language, which=which) if which else ""
    return text(key, language, client=client.name, which=inside)


def matrix(
    engagement: Engagement, needed: list[tuple[ProgramDocument, RegisterEntry]], language: str
) -> list[Fields]:
    """For each requirement of the standard the chapters that answer it; none is said by an empty text."""
    standard = catalogue.find(engagement.standard, language)
    cor = standard.key.startswith("cor")
    rows = []
    for one in standard.requirements:
        answers = [
            document.code
            for document, _entry in needed
            if document.answers(one.code, by_elements=cor)
        ]
        rows.append({"code": one.code, "title": one.full_title, "chapters": ", ".join(answers)})
    return rows


def record_list(chapters: list[Fields], language: str) -> list[Fields]:
    """All records on one list; a place still to be filled in is left where it is filled in, in its chapter."""
    return [
        {
            "name": without_blank(record["name"], language),
            "chapter": one["code"],
            "place": without_blank(record["place"], language),
            "period": without_blank(record["period"], language),
        }
        for one in chapters
        for record in one["records"]
    ]


def without_blank(words: str, language: str) -> str:
    return text("manual_see_chapter", language) if PLACEHOLDER.search(words) else words


def to_fill(content: Fields, language: str) -> list[Fields]:
    """What is still to be filled in, by chapter, without the brackets so that nothing counts twice."""
    shared = blanks({name: content[name] for name in ("manual", "policy", "signatories")})
    parts = [("–", text("manual_common", language), shared)]
    parts += [(one["code"], one["title"], blanks(one)) for one in content["chapters"]]
    return [
        {"code": code, "title": title, "count": len(left), "what": "; ".join(dict.fromkeys(left))}
        for code, title, left in parts
        if left
    ]


def blanks(value: Any) -> list[str]:
    """What stands in square brackets anywhere below."""
    return [found for words in strings(value) for found in PLACEHOLDER.findall(words)]


def strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
