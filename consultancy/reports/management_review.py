"""Minutes of a management review (ISO 45001 9.3): one row for each input, with what the record says about it.

Only what is recorded or typed is said. Everything else is an open place that the meeting fills in.
"""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from consultancy.calendar import ONTARIO
from consultancy.models.corrective_action import TO_DO, CorrectiveAction
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from consultancy.models.register_entry import RegisterEntry
from consultancy.program_documents import DOCUMENTS
from consultancy.queries import clients, engagements, findings, register
from consultancy.reports.corrective_action_plan import status, totals
from consultancy.reports.document import READERS, Fields, contact_in, document_fields, titled, typed
from consultancy.reports.paper import signatories
from consultancy.reports.record import STILL_OPEN, Record, read
from consultancy.reports.sose_letter import day_typed
from consultancy.reports.sources import source
from consultancy.reports.wording import capital, counted, long_day, paragraphs, short_day, text
from consultancy.standards.words import say
from tenants.database import db

LISTED = 5  # ideas shown one by one
# Input -> its letter, the requirements whose rating belongs to it, the documents of the program that do.
INPUTS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "previous": ("a", (), ("C4",)),
    "changes": ("b", ("4.1", "4.2", "6.1.3"), ("D1", "R2")),
    "objectives": ("c", ("5.2", "6.2.1", "6.2.2"), ("P1", "R4")),
    "nonconformities": ("d", ("10.2",), ("A1", "A2")),
    "monitoring": ("d", ("9.1.1", "9.1.2"), ("C2",)),
    "audits": ("d", ("9.2.1", "9.2.2"), ("C3",)),
    "consultation": ("d", ("5.4",), ("D3",)),
    "risks": ("d", ("6.1.1", "6.1.2.1", "6.1.2.2"), ("R1", "R3")),
    "resources": ("e", ("7.1", "7.2"), ("S1",)),
    "communications": ("f", ("7.4.3",), ("S3",)),
    "improvements": ("g", ("10.1", "10.3"), ()),
}
ASKED = ("suitable", "adequate", "effective", "change", "strategy")


@dataclass(frozen=True)
class Seen:
    """What the review looks at: of the engagement and of the one before it."""

    record: Record
    findings: list[Finding]
    actions: list[CorrectiveAction]
    entries: dict[str, RegisterEntry]
    before: tuple[str, date | None]  # number and day of the minutes before these
    today: date
    language: str

    @property
    def engagement(self) -> Engagement:
        return self.record.engagement


def assemble(
    engagement: Engagement, *, number: str, version: str, language: str, today: date, subject: str
) -> tuple[str, Fields]:
    title = capital(say("deliverables", "management_review", language))
    fields = document_fields(engagement, title=title, number=number, version=version, language=language, today=today)
    client, contacts = engagement.client, clients.contacts(engagement.client)
    seen = look(engagement, number, today, language)
    held = day_typed(engagement, "review_on")
    invited = [titled(one) for part in READERS for one in contacts if one.part == part]
    present = typed(engagement, "review_attendees")
    introduction = (
        text("review_held", language, day=long_day(held, language), today=long_day(today, language))
        if held and held <= today
        else text("review_prefilled", language, day=long_day(today, language), client=client.name)
    )
    fields |= {
        "review": {
            "date": long_day(held, language) or text("review_date_blank", language),
            "place": " ".join(typed(engagement, "review_place")) or text("review_place_blank", language),
            "chair": titled(contact_in(contacts, "sponsor")) or text("blank_sponsor", language),
            "introduction": introduction,
            "conclusion": typed(engagement, "review_conclusion"),
            "told": typed(engagement, "review_told"),
        },
        "attendees": [{"name": name, "present": "yes"} for name in present]
        or [{"name": name, "present": ""} for name in invited],
        "inputs": [agenda_item(seen, engagement, name) for name in INPUTS],
        "decisions": [decision(one, today, language) for one in seen.actions if one.status in TO_DO],
        "conclusions": [
            dict(zip(("name", "question"), paragraphs(f"review_asked_{name}", language), strict=True)) for name in ASKED
        ],
        "signatories": signatories(contacts, fields["client"]["representation"], language, with_coordinator=True),
    }
    return title, fields


def look(engagement: Engagement, number: str, today: date, language: str) -> Seen:
    record = read(source(engagement), language)
    behind = sources(engagement, record.engagement)
    return Seen(
        record=record,
        findings=[one for each in behind for one in findings.of_engagement(each)],
        actions=[one for each in behind for one in findings.actions_of(each)],
        entries=register.of_engagement(engagement),
        before=minutes_before(engagement, number),
        today=today,
        language=language,
    )


def sources(engagement: Engagement, rated: Engagement) -> list[Engagement]:
    """Whose findings count: its own, those of what it follows, and of the assessment it builds on."""
    followed = engagements.find(engagement.follows_id) if engagement.follows_id else None
    found = {one.id: one for one in (followed, rated, engagement) if one is not None}
    return list(found.values())


def minutes_before(engagement: Engagement, number: str) -> tuple[str, date | None]:
    found = db.session.execute(
        sa.select(Deliverable.number, Deliverable.released_at)
        .join(
            Engagement,
            sa.and_(Engagement.tenant_id == Deliverable.tenant_id, Engagement.id == Deliverable.engagement_id),
        )
        .where(
            Engagement.client_id == engagement.client_id,
            Deliverable.kind == "management_review",
            Deliverable.standing == "released",
            Deliverable.number != number,
        )
        .order_by(Deliverable.released_at.desc())
        .limit(1)
    ).first()
    return (found[0], found[1].astimezone(ONTARIO).date() if found[1] else None) if found else ("", None)


def agenda_item(seen: Seen, engagement: Engagement, name: str) -> Fields:
    letter, codes, documents = INPUTS[name]
    title, question = paragraphs(f"review_input_{name}", seen.language)
    known = OWN[name](seen) if name in OWN else []
    return {
        "letter": letter,
        "title": title,
        "question": question,
        "record": [*known, *rated(seen, codes), *kept(seen, documents)],
        "presented": typed(engagement, f"review_{name}"),
    }


def rated(seen: Seen, codes: tuple[str, ...]) -> list[str]:
    lines = []
    for code in codes:
        counted = seen.record.as_counted(code).counted_level
        if counted is not None:
            title = seen.record.standard.requirement(code).full_title
            level = say("levels", counted, seen.language)
            lines.append(text("review_rated", seen.language, code=code, title=title, level=level))
    return lines


def kept(seen: Seen, documents: tuple[str, ...]) -> list[str]:
    lines = []
    for one in DOCUMENTS:
        entry = seen.entries.get(one.code) if one.code in documents else None
        if entry is None or entry.state == "not_needed":
            continue
        issue = ("", "") if entry.state == "missing" else (entry.issue, short_day(entry.dated, seen.language))
        state = ", ".join(part for part in (say("register", entry.state, seen.language), *issue) if part)
        title = one.title(seen.language)
        lines.append(text("review_document", seen.language, code=one.code, title=title, state=state))
    return lines


def previous(seen: Seen) -> list[str]:
    number, day = seen.before
    lines = [text("review_last", seen.language, number=number, day=short_day(day, seen.language))] if number else []
    return lines + standing_of_actions(seen)


def standing_of_actions(seen: Seen) -> list[str]:
    if not seen.actions:
        return []
    numbers = totals(seen.actions, seen.today)
    return [
        text(
            "review_actions",
            seen.language,
            actions=counted("n_actions", len(seen.actions), seen.language),
            closed=numbers["closed"] + numbers["verified"],
            done=numbers["done"],
            open=numbers["open"] + numbers["planned"],
            overdue=numbers["overdue"],
        )
    ]


def changes(seen: Seen) -> list[str]:
    headcount = seen.engagement.client.headcount
    if headcount is None:
        return []
    return [text("review_people", seen.language, people=counted("n_people", headcount, seen.language))]


def nonconformities(seen: Seen) -> list[str]:
    graded = [one for one in seen.findings if one.grade in ("major", "minor")]
    if not graded:
        return standing_of_actions(seen)
    still = [one.grade for one in graded if one.status in STILL_OPEN]
    late = [one.label for one in seen.actions if one.overdue(seen.today)]
    said = text(
        "review_findings",
        seen.language,
        findings=counted("n_findings", len(graded), seen.language),
        major=still.count("major"),
        minor=still.count("minor"),
    )
    overdue = [text("review_overdue", seen.language, codes=", ".join(late))] if late else []
    closed = text("review_closed", seen.language, n=len(graded) - len(still))
    return [said, closed, *standing_of_actions(seen), *overdue]


def audits(seen: Seen) -> list[str]:
    """The conclusion of a pre-audit, by rule."""
    if seen.engagement.kind != "pre_audit" or not seen.record.anything_rated:
        return []
    conclusion = say("conclusions", seen.record.conclusion.code, seen.language)
    return [text("review_audit", seen.language, title=seen.engagement.title, conclusion=conclusion)]


def consultation(seen: Seen) -> list[str]:
    body = seen.engagement.client.participation_body
    return [capital(say("participation", body, seen.language))] if body else []


def improvements(seen: Seen) -> list[str]:
    ideas = [one for one in seen.findings if one.grade == "ofi" and one.status in STILL_OPEN]
    lines = [text("review_idea", seen.language, number=one.label, title=one.title) for one in ideas[:LISTED]]
    return lines + ([text("review_more", seen.language, n=len(ideas) - LISTED)] if len(ideas) > LISTED else [])


OWN = {
    "previous": previous,
    "changes": changes,
    "nonconformities": nonconformities,
    "audits": audits,
    "consultation": consultation,
    "improvements": improvements,
}


def decision(action: CorrectiveAction, today: date, language: str) -> Fields:
    return {
        "number": action.label,
        "what": action.action or action.correction or action.finding.title,
        "owner": action.owner_text,
        "due": short_day(action.due, language),
        "status": status(action, today),
    }
