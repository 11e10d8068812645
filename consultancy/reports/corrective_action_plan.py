"""Corrective action plan: where every action stands on one day."""

from datetime import date, timedelta

import sqlalchemy as sa

from consultancy.models.corrective_action import BONES, TO_DO, WHYS, CorrectiveAction
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from consultancy.queries import clients, corrective_actions, findings
from consultancy.reports.document import Fields, contact_in, document_fields, original_words, titled, typed
from consultancy.reports.figures import by_grade, stacked
from consultancy.reports.paper import signatories
from consultancy.reports.record import GRADES, STILL_OPEN
from consultancy.reports.refusals import MissingData
from consultancy.reports.wording import capital, counted, long_day, short_day, text
from consultancy.standards.words import choices, say
from tenants.database import db

SOON = timedelta(days=30)
STATUSES = ("closed", "verified", "done", "open", "planned", "overdue")


def assemble(
    engagement: Engagement, *, number: str, version: str, language: str, today: date, subject: str
) -> tuple[str, Fields]:
    raised = findings.of_engagement(engagement)
    answered = corrective_actions.answered_of(engagement)
    actions = sorted(findings.actions_of(engagement), key=lambda one: (one.finding.number, one.number))
    answerable = [one for one in raised if one.grade in ("major", "minor")]
    if not actions and not answerable:
        raise MissingData("finding", language)
    title = capital(say("deliverables", "corrective_action_plan", language))
    fields = document_fields(engagement, title=title, number=number, version=version, language=language, today=today)
    contacts = clients.contacts(engagement.client)
    further = corrective_actions.also_answered([one.id for one in actions])
    soon = sorted(
        (one for one in actions if one.due and one.due <= today + SOON and one.status in TO_DO),
        key=lambda one: (one.due or today, one.number),
    )
    coordinator = contact_in(contacts, "coordinator")
    fields |= {
        "charts": {"statuses": status_chart(actions, today, language)},
        "plan": {
            "as_of": long_day(today, language),
            "source": source(engagement, language),
            "owner": titled(coordinator or contact_in(contacts, "sponsor")) or text("not_assigned", language),
            "sponsor": titled(contact_in(contacts, "sponsor")) or text("not_assigned", language),
            "lead": " ".join([lead(actions, today, language), *original_words(engagement, language)]),
            "decision": "\n".join(typed(engagement, "decision")),
            "statuses": [row for grade in GRADES if (row := {"grade": grade} | totals(actions, today, grade))["total"]],
            "totals": totals(actions, today),
            "due_soon": [
                {
                    "number": one.label,
                    "what": one.action or one.correction or one.finding.title,
                    "owner": one.owner_text,
                    "due": short_day(one.due, language),
                    "status": status(one, today),
                }
                for one in soon
            ],
            "waiting": ", ".join(
                one.label for one in answerable if one.id not in answered and one.status in STILL_OPEN
            ),
        },
        "actions": [
            action_fields(one, one.finding, today, language) | {"also": also(further.get(one.id, []))}
            for one in actions
        ],
        "signatories": signatories(contacts, fields["client"]["representation"], language, with_coordinator=True),
    }
    return title, fields


def status(action: CorrectiveAction, today: date) -> str:
    return "overdue" if action.overdue(today) else action.status


def totals(actions: list[CorrectiveAction], today: date, grade: str = "") -> Fields:
    """How many actions stand where; each counts once, an overdue one as overdue only."""
    found = [status(one, today) for one in actions if grade in ("", one.finding.grade)]
    return {name: found.count(name) for name in STATUSES} | {"total": len(found)}


def status_chart(actions: list[CorrectiveAction], today: date, language: str) -> Fields:
    """How many actions stand where, by the grade of their finding: the totals of the table, column by column."""
    if not actions:
        return {}
    # An action on a strength makes something good better: it stands with the opportunities.
    graded = [(status(one, today), "ofi" if one.finding.grade == "strength" else one.finding.grade) for one in actions]
    rows = [by_grade(grade for standing, grade in graded if standing == name) for name in STATUSES]
    names = [
        capital(say("lateness", name, language) if name == "overdue" else say("corrective_actions", name, language))
        for name in STATUSES
    ]
    return stacked(names, rows, "grades", lead(actions, today, language), language)


def lead(actions: list[CorrectiveAction], today: date, language: str) -> str:
    if not actions:
        return text("plan_empty", language)
    late = [one.label for one in actions if one.overdue(today)]
    numbers = totals(actions, today)
    return text(
        "plan_lead",
        language,
        closed=numbers["closed"],
        verified=numbers["verified"],
        actions=counted("n_actions", len(actions), language),
        overdue=counted("n_overdue", len(late), language, codes=", ".join(late))
        if late
        else text("none_overdue", language),
    )


def source(engagement: Engagement, language: str) -> str:
    """The report whose findings are answered, where one was released."""
    kinds = {"gap_analysis": "gap_report", "pre_audit": "pre_audit_report"}
    if engagement.kind not in kinds:
        return ""
    number = db.session.scalar(
        sa.select(Deliverable.number)
        .where(
            Deliverable.engagement_id == engagement.id,
            Deliverable.kind == kinds[engagement.kind],
            Deliverable.standing == "released",
        )
        .order_by(Deliverable.released_at.desc())
        .limit(1)
    )
    return text(f"source_{engagement.kind}", language, number=number) if number else ""


def action_fields(action: CorrectiveAction, finding: Finding, today: date, language: str) -> Fields:
    known = action.control_level in dict(choices("hierarchy"))
    verified = (action.verified_by, short_day(action.verified_on, language))
    return {
        "number": action.label,
        "finding": finding.label,
        "title": finding.title,
        "grade": finding.grade,
        "clauses": finding.requirement,
        "correction": action.correction,
        "whys": whys(action),
        "fishbone": fishbone(action, language),
        "root_cause": action.root_cause,
        "action": action.action,
        "level": say("hierarchy", action.control_level, language) if known else action.control_level,
        "owner": action.owner_text,
        "due": short_day(action.due, language),
        "status": status(action, today),
        "proof": action.proof,
        "verified_by": ", ".join(part for part in verified if part),
        "effect_due": short_day(action.effect_due, language),
        "effect_result": capital(say("effects", action.effect_result, language)) if action.effect_result else "",
        "effect_check": action.effect_check,
    }


def whys(action: CorrectiveAction) -> list[str]:
    """The answers in the order of asking, numbered; empty ones are left out."""
    said = [words for name in WHYS if (words := getattr(action, name))]
    return [f"{number}. {words}" for number, words in enumerate(said, 1)]


def fishbone(action: CorrectiveAction, language: str) -> list[str]:
    space = "\u00a0" if language == "fr" else ""
    return [
        f"{capital(say('bones', name.removeprefix('bone_'), language))}{space}: {words}"
        for name in BONES
        if (words := getattr(action, name))
    ]


def also(linked: list[corrective_actions.Linked]) -> str:
    """The other findings it answers; one of another engagement with that one's title."""
    return ", ".join(f"{one.label} ({one.elsewhere})" if one.elsewhere else one.label for one in linked)
