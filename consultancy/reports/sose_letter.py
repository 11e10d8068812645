"""Letter to an employer that wants the Chief Prevention Officer's recognition (SOSE): what was shown, what was not.

Nothing counts as shown that nobody typed or recorded. The criteria and how sure we are of each: docs/deliverables.md.
"""

from dataclasses import dataclass
from datetime import date

from consultancy.certification import in_force_on
from consultancy.models.certificate import Certificate
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import Evidence
from consultancy.models.finding import Finding
from consultancy.models.recognition import Recognition
from consultancy.queries import clients, engagements, findings, recognitions
from consultancy.recognition import FULFILLED, QUESTIONS, Clock, answer_of
from consultancy.reports.document import Fields, contact_in, document_fields, typed
from consultancy.reports.record import STILL_OPEN
from consultancy.reports.wording import capital, counted, long_day, paragraphs, short_day, text
from consultancy.standards.words import say
from tenants.practices import practice

CODES_SHOWN = 4
# Papers that one line of proof shows, in the order of the checklist.
PAPERS_IN_PACK = ("registration", "report", "form")
ANSWERED_BY = {"convictions": ("convictions", "prosecution"), "participation": ("participation",)}
PAPERS = ("registration", "report", "form", "convictions", "participation")
SHOWN, PLANNED, NOT_SHOWN, TOO_OLD = "shown", "planned", "not_shown", "too_old"


@dataclass(frozen=True)
class Applying:
    """The client's latest application and the papers laid into it, read once for a letter."""

    recognition: Recognition | None
    papers: dict[str, Evidence]

    @classmethod
    def of(cls, client: Client) -> "Applying":
        latest = recognitions.latest(client)
        return cls(latest, recognitions.papers(latest) if latest else {})

    @property
    def certificate(self) -> Certificate | None:
        return self.recognition.certificate if self.recognition else None


@dataclass(frozen=True)
class Audit:
    """The lead auditor's audit as far as it was recorded or typed, seen from the day of applying. `on_record`: its days
    stand on the client's certificate, so the page of the application reads the same clock."""

    ended: date | None
    closed: date | None
    apply: date | None
    today: date
    clock: Clock
    on_record: bool = False

    @property
    def last(self) -> date | None:
        """The last day that the letter aims at: by the earlier reading (docs/adr/0022)."""
        return self.clock.strict

    @property
    def late(self) -> bool:
        """Too late by the earlier reading; by the later one it may still serve."""
        return self.last is not None and self.when > self.last

    @property
    def state(self) -> str:
        if self.ended is None:
            return NOT_SHOWN
        if self.ended > self.today:
            return PLANNED
        if self.on_record:
            return TOO_OLD if self.clock.refuses(self.when) == "too_late" else SHOWN
        return TOO_OLD if self.late else SHOWN

    @property
    def closing(self) -> str:
        if self.closed is None or (self.ended and self.closed < self.ended):
            return NOT_SHOWN
        return SHOWN if self.closed <= self.today else PLANNED

    @property
    def when(self) -> date:
        return max(self.apply or self.today, self.today)


def assemble(
    engagement: Engagement, *, number: str, version: str, language: str, today: date, subject: str
) -> tuple[str, Fields]:
    title = capital(say("deliverables", "sose_letter", language))
    fields = document_fields(engagement, title=title, number=number, version=version, language=language, today=today)
    client, firm = engagement.client, practice()
    sponsor = contact_in(clients.contacts(client), "sponsor")
    applying = Applying.of(client)
    audit = audit_of(engagement, applying, today)
    checklist = checklist_of(engagement, applying, audit, language)
    missing = sum(one["state"] != SHOWN for one in checklist)
    answer = (
        counted("sose_not_ready", missing, language, client=client.name, total=len(checklist))
        if missing
        else text("sose_ready", language, client=client.name)
    )
    status = [text("sose_standard", language, standard=fields["standard"]["name"])]
    if client.jurisdiction != "ontario":
        status.insert(0, text("sose_federal", language, client=client.name))
    detail = [" ".join(firm.address.split()), firm.phone, firm.email]
    fields["firm"] |= {"detail": "  ·  ".join(part for part in detail if part)}
    fields |= {
        "letter": {
            "addressee": [
                ", ".join(part for part in (sponsor.name, sponsor.title) if part)
                if sponsor
                else text("sose_addressee_blank", language),
                client.legal_name,
                *([fields["client"]["place"]] if fields["client"]["place"] else []),
            ],
            "subject": text("sose_title", language),
            "salutation": text("sose_salutation", language, name=sponsor.name)
            if sponsor
            else text("sose_salutation_blank", language),
            "answer": answer,
            "status": " ".join(status + typed(engagement, "sose_note")),
            "window": window(audit, ready=not missing, language=language),
            "how": " ".join(
                [text("sose_how", language)]
                + ([text("sose_how_cor", language)] if engagement.standard.startswith("cor") else [])
            ),
            "limits": paragraphs("sose_limits", language, day=long_day(today, language)),
            "sources": text("sose_sources", language),
            "shown": len(checklist) - missing,
            "total": len(checklist),
        },
        "checklist": checklist,
    }
    return title, fields


def raised_by_us(engagement: Engagement) -> list[Finding]:
    """Findings of the engagement and of the one it follows."""
    before = engagements.find(engagement.follows_id) if engagement.follows_id else None
    return [one for each in (before, engagement) if each for one in findings.of_engagement(each)]


def points_missing(engagement: Engagement, language: str, today: date) -> int:
    """How many points of the checklist are not shown today."""
    applying = Applying.of(engagement.client)
    rows = checklist_of(engagement, applying, audit_of(engagement, applying, today), language)
    return sum(one["state"] != SHOWN for one in rows)


def audit_of(engagement: Engagement, applying: Applying, today: date) -> Audit:
    """As the client's application records it; what it leaves open, as it was typed."""
    held, planned = applying.certificate, applying.recognition.planned_on if applying.recognition else None
    # where only the closing is on record, it speaks for the end as well: the audit ended then or before
    recorded = (held.audit_on or held.audit_closed_on) if held else None
    ended = recorded or day_typed(engagement, "sose_audit_on")
    closed = (held.audit_closed_on if held else None) or day_typed(engagement, "sose_closed_on")
    return Audit(
        ended=ended,
        closed=closed,
        apply=planned or day_typed(engagement, "sose_apply_on"),
        today=today,
        clock=Clock.of(ended, closed, held.standard if held else ""),
        on_record=recorded is not None,
    )


def shown_by(engagement: Engagement, applying: Applying, name: str, language: str) -> list[str]:
    """What shows one line of the checklist: the auditor, a paper laid into the pack, an answer; else what was typed."""
    recorded = _recorded(applying, name, language)
    return [recorded] if recorded else typed(engagement, f"sose_{name}")


def _recorded(applying: Applying, name: str, language: str) -> str:
    if applying.recognition is None:
        return ""
    if name == "auditor":
        return applying.certificate.lead_auditor if applying.certificate else ""
    if name in PAPERS_IN_PACK:
        piece = applying.papers.get(name)
        return piece.title if piece else ""
    asked = [one for one in QUESTIONS if one.key in ANSWERED_BY[name]]
    answers = [answer_of(applying.recognition.answers, one.key) for one in asked]
    if any(one.stands(answer) != FULFILLED for one, (answer, _note) in zip(asked, answers, strict=True)):
        return ""
    return "\n".join(note for _answer, note in answers if note) or text("sose_declared", language)


def day_typed(engagement: Engagement, name: str) -> date | None:
    """A day typed on the engagement's page is kept as 2026-11-30."""
    words = engagement.texts.get(name, "")
    return date.fromisoformat(words) if words else None


def checklist_of(engagement: Engagement, applying: Applying, audit: Audit, language: str) -> list[Fields]:
    rows = [
        certified(engagement, applying, audit, language),
        {"item": text("sose_item_audit", language)} | audited(engagement, applying, audit, language),
        {"item": text("sose_item_closed", language), "state": audit.closing, "proof": closing(audit, language)},
        *(paper(name, shown_by(engagement, applying, name, language), language) for name in PAPERS),
    ]
    return [*rows, *own_record(engagement, applying, language)]


def paper(name: str, proof: list[str], language: str) -> Fields:
    return {
        "item": text(f"sose_item_{name}", language),
        "state": SHOWN if proof else NOT_SHOWN,
        "proof": "\n".join(proof) or text("sose_not_shown", language),
    }


def certified(engagement: Engagement, applying: Applying, audit: Audit, language: str) -> Fields:
    """A certificate that the application rests on counts while it is in force on the day of applying; what was typed
    does not bring back one that is known to be expired, suspended or withdrawn."""
    held = applying.certificate
    if held is None:
        return paper("system", typed(engagement, "sose_certificate"), language)
    if in_force_on(held, audit.when):
        return paper("system", [certificate_words(held, language)], language)
    named = ", ".join(part for part in (held.registrar, held.number) if part)
    named = named or say("certificate_standards", held.standard, language)
    said = text("sose_not_in_force", language, certificate=named, day=short_day(audit.when, language))
    return paper("system", [], language) | {"proof": said}


def certificate_words(held: Certificate, language: str) -> str:
    until = text("sose_until", language, day=short_day(held.expires_on, language)) if held.expires_on else ""
    standard = say("certificate_standards", held.standard, language)
    return ", ".join(part for part in (standard, held.registrar, held.number, until) if part)


def audited(engagement: Engagement, applying: Applying, audit: Audit, language: str) -> Fields:
    """Shown only when both the auditor and the day are known, and the day still serves."""
    auditor = " ".join(shown_by(engagement, applying, "auditor", language))
    if audit.state == NOT_SHOWN:
        proof = text("sose_audit_undated", language, auditor=auditor) if auditor else text("sose_not_shown", language)
        return {"state": NOT_SHOWN, "proof": proof}
    serves = "sose_audit_doubtful" if audit.late else "sose_audit_valid"
    key = {SHOWN: serves, PLANNED: "sose_audit_coming", TOO_OLD: "sose_audit_old"}[audit.state]
    said = text(
        key,
        language,
        day=short_day(audit.ended, language),
        last=short_day(audit.last, language),
        apply=short_day(audit.when, language),
    )
    if not auditor:
        state = NOT_SHOWN if audit.state == SHOWN else audit.state
        return {"state": state, "proof": text("sose_auditor_unknown", language, audit=said)}
    return {"state": audit.state, "proof": f"{said}\n{auditor}"}


def closing(audit: Audit, language: str) -> str:
    if audit.closed is None:
        return text("sose_not_shown", language)
    key = {SHOWN: "sose_closed_on", PLANNED: "sose_closed_later", NOT_SHOWN: "sose_closed_before"}[audit.closing]
    return text(key, language, day=short_day(audit.closed, language))


def own_record(engagement: Engagement, applying: Applying, language: str) -> list[Fields]:
    """Recognition asks for closed, not for planned: our own majors and minors count as well. With an application, those
    of every engagement and their actions, as its page counts them.
    Where none was ever raised there is nothing to say."""
    graded = [one for one in raised_by_us(engagement) if one.grade in ("major", "minor")]
    if applying.recognition:
        open_ = [one.label for one in recognitions.open_findings(engagement.client)]
        open_ += [one.label for one in recognitions.open_actions(engagement.client)]
    else:
        open_ = [one.label for one in graded if one.status in STILL_OPEN]
    if open_:
        codes = ", ".join(open_[:CODES_SHOWN])
        if more := len(open_) - CODES_SHOWN:
            codes = text("sose_and_more", language, codes=codes, n=more) if more > 0 else codes
        state, proof = NOT_SHOWN, text("sose_still_open", language, codes=codes)
    elif graded:
        state, proof = SHOWN, text("sose_nothing_open", language, n=len(graded))
    else:
        return []
    return [{"item": text("sose_item_findings", language), "state": state, "proof": proof}]


def window(audit: Audit, *, ready: bool, language: str) -> str:
    """When to apply: what we suggest, or why no day can be suggested yet."""
    ended, last = long_day(audit.ended, language), long_day(audit.last, language)
    if audit.state == NOT_SHOWN:
        return text("sose_window_none", language)
    if audit.state == PLANNED:
        return text("sose_window_planned", language, day=ended)
    if audit.state == TOO_OLD:
        return text("sose_window_old", language)
    if audit.late:
        return text("sose_window_doubtful", language, last=last)
    if not ready:
        return text("sose_window_later", language, day=ended, last=last)
    if audit.apply and audit.apply >= audit.today:
        return text("sose_window_day", language, day=long_day(audit.apply, language), last=last)
    return text("sose_window_ready", language, first=long_day(audit.today, language), last=last)
