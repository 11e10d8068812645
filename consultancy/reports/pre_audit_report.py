"""Pre-audit report: the conclusion by rule, the gates, and the findings as an auditor would write them."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from consultancy import points
from consultancy.models.corrective_action import CorrectiveAction
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from consultancy.points import Mark
from consultancy.queries import assessments, engagements, findings
from consultancy.reports.audit import (
    after_stage_2,
    attendance,
    days_fields,
    head_fields,
    independence_fields,
    stage1_fields,
    timetable,
    trails,
)
from consultancy.reports.cards import finding_fields
from consultancy.reports.document import Fields, document_fields, typed
from consultancy.reports.evidence_pictures import evidence_pictures
from consultancy.reports.figures import findings_by_clause
from consultancy.reports.interviews import interview_fields
from consultancy.reports.record import STILL_OPEN, Record, read
from consultancy.reports.refusals import MissingData
from consultancy.reports.wording import capital, counted, lines, short_day, text
from consultancy.standards import marks
from consultancy.standards.catalogue import Requirement
from consultancy.standards.words import say

CHIP_OF_FINDING = {"open": "open", "verification": "done", "closed": "closed", "noted": "closed"}


def assemble(
    engagement: Engagement, *, number: str, version: str, language: str, today: date, subject: str
) -> tuple[str, Fields]:
    record = read(engagement, language)
    if not record.anything_rated and not record.findings:
        raise MissingData("rating", language)
    title = capital(say("deliverables", "pre_audit_report", language))
    fields = document_fields(
        engagement, title=title, number=number, version=version, language=language, today=today, kicker=True
    )
    gates = [gate(record, one, language) for one in record.standard.must_items()]
    still_open = [one for one in record.findings if one.status in STILL_OPEN]
    counts = {
        grade: sum(one.grade == grade for one in (record.findings if grade == "strength" else still_open))
        for grade in ("major", "minor", "ofi", "strength")
    }
    columns, by_clause = findings_by_clause(record, still_open, "grades", language)
    before = earlier_report(engagement)
    todo, head = before_the_audit(record, language, before), head_fields(engagement, language)
    headed = {one["label"] for one in head}
    earlier, earlier_lead = earlier_findings(before, language)
    fields |= {
        "independence": lines(engagement.independence_note)
        + [text("independence", language, firm=fields["firm"]["name"])],
        "counts": counts | {"gates": len(gates), "gates_passed": sum(one["state"] == "passed" for one in gates)},
        "charts": {"findings": columns},
        "findings_by_clause": by_clause,
        "conclusion": {
            "code": record.conclusion.code,
            "lead": " ".join(typed(engagement, "headline") + typed(engagement, "lead")),
            "reasons": [reason.sentence(language) for reason in record.conclusion.reasons],
            "postponement": " ".join(typed(engagement, "postponement")),
        },
        "gates": gates,
        "plan": [one for one in plan(record, fields, language) if one["label"] not in headed],
        "sample": typed(engagement, "method"),
        "interviews": interview_fields(engagement, record.standard, language),
        "nonconformities": [nonconformity(record, one, language) for one in record.by_grade("major", "minor")],
        "remarks": [
            {"grade": one.grade, "clauses": one.requirement, "title": one.title, "statement": one.statement}
            for one in record.by_grade("ofi", "strength")
        ]
        + [
            {"grade": "strength", "clauses": "", "title": line, "statement": ""}
            for line in typed(engagement, "strengths")
        ],
        "earlier": earlier,
        "earlier_lead": earlier_lead,
        "questions": [
            {"clause": one.code, "text": one.audit_question}
            for one in record.standard.requirements
            if asked(record, one)
        ],
        "pictures": evidence_pictures(record, language),
        "before": [task.fields(language) for task in todo],
        "audit": {
            "independence": independence_fields(engagement, language),
            "head": head,
            "timetable": timetable(engagement, language),
            "attendance": attendance(engagement),
            "stage1": stage1_fields(engagement, language),
            "trails": trails(engagement, language),
            "days": days_fields(engagement, language, today),
            "marks": marks_fields(record, language, today),
            "too_late": after_stage_2(engagement, [(task.due, task.finding) for task in todo], language),
        },
        "meetings": typed(engagement, "meetings"),
        "divergent": typed(engagement, "divergent"),
    }
    return title, fields


def gate(record: Record, requirement: Requirement, language: str) -> Fields:
    """Something an audit cannot do without: not passed when absent or under an open major, in part when informal or
    under an open minor."""
    rated = record.as_counted(requirement.code)
    level = rated.counted_level
    raised = [one for one in record.findings_on(requirement.code) if one.status in STILL_OPEN]
    grades = {one.grade for one in raised}
    state = "passed"
    if level == 0 or "major" in grades:
        state = "not_passed"
    elif level is None:
        state = "not_verified"
    elif level == 1 or "minor" in grades:
        state = "in_part"
    if level is None:
        evidence = capital(say("states", rated.counted_state, language))
    else:
        evidence = text("rated_as", language, level=say("levels", level, language))
    codes = ", ".join(one.label for one in raised if one.grade != "strength")
    return {
        "name": f"{requirement.code} {requirement.full_title}",
        "state": state,
        "evidence": text("see", language, what=evidence, codes=codes) if codes else evidence,
    }


def plan(record: Record, fields: Fields, language: str) -> list[Fields]:
    overall = record.score.overall
    headcount = record.engagement.client.headcount
    scope = typed(record.engagement, "scope") or [site["name"] for site in fields["sites"]] + (
        [counted("n_people", headcount, language)] if headcount is not None else []
    )
    known = {
        "criteria": text("criteria_of", language, standard=fields["standard"]["name"]),
        "scope_label": "\n".join(scope) if typed(record.engagement, "scope") else "; ".join(scope),
        "team_label": "; ".join(f"{one['name']} ({one['role'].lower()})" for one in fields["team"]),
        "on_site": fields["visit"]["dates"],
        "requirements_label": text(
            "looked_at",
            language,
            seen=overall.rated + overall.not_applicable,
            total=overall.total,
            not_verified=overall.not_verified + overall.not_rated,
        )
        if record.anything_rated
        else "",
    }
    return [{"label": text(label, language), "value": value} for label, value in known.items() if value]


def nonconformity(record: Record, finding: Finding, language: str) -> Fields:
    fields = finding_fields(record, finding, language)
    if finding.status not in STILL_OPEN:
        fields["title"] = text("closed_since", language, title=finding.title)
    return fields


class Earlier(NamedTuple):
    """What the engagement that this pre-audit follows had raised, strengths left out, and what answers it."""

    title: str
    raised: list[Finding]
    actions: list[CorrectiveAction]

    def label(self, label: str, language: str) -> str:
        """Each report counts from F-01, so a number of the earlier one is never written alone."""
        return text("label_of_earlier", language, label=label, title=self.title)


def earlier_report(engagement: Engagement) -> Earlier | None:
    before = engagements.find(engagement.follows_id) if engagement.follows_id else None
    if before is None:
        return None
    raised = [one for one in findings.of_engagement(before) if one.grade != "strength"]
    return Earlier(before.title, raised, findings.actions_of(before))


def earlier_findings(before: Earlier | None, language: str) -> tuple[list[Fields], str]:
    """Findings of the gap analysis this pre-audit follows, with the corrective actions in which the answer is seen."""
    if before is None:
        return [], ""
    answers: dict[object, list[str]] = {}
    for action in before.actions:
        answers.setdefault(action.finding_id, []).append(action.label)
    raised = before.raised
    rows = [
        {
            "number": one.label,
            "title": one.title,
            "status": CHIP_OF_FINDING[one.status],
            "seen_in": ", ".join(answers.get(one.id, [])) or "–",
        }
        for one in raised
    ]
    closed = sum(one.status == "closed" for one in raised)
    count = counted("n_findings", len(raised), language)
    return rows, text("earlier_lead", language, closed=closed, findings=count, title=before.title) if rows else ""


class Task(NamedTuple):
    """Something that is to be mended before the registrar comes."""

    due: date | None
    action: str
    finding: str
    owner: str

    def fields(self, language: str) -> Fields:
        return self._asdict() | {"due": short_day(self.due, language)}


def before_the_audit(record: Record, language: str, before: Earlier | None = None) -> list[Task]:
    """What decides the conclusion, by date: open majors and minors of this report and of the earlier one, and
    must-items absent without such a finding here."""
    todo: list[Task] = []
    answered, under_way = set(), actions_under_way(findings.actions_of(record.engagement))
    for one in record.by_grade("major", "minor"):
        if one.status in STILL_OPEN:
            answered.add(one.requirement)
            todo += [to_close(one, language), *under_way.get(one.id, [])]
    for must in record.standard.must_items():
        rating = record.rating(must.code)
        if rating and record.as_counted(must.code).counted_level == 0 and must.code not in answered:
            action = rating.recommendation or text("task_close_gap", language, code=must.code, title=must.full_title)
            todo.append(Task(rating.due, action, must.code, rating.owner_text))
    if before:
        under_way = actions_under_way(before.actions)
        for one in before.raised:
            if one.grade in ("major", "minor") and one.status in STILL_OPEN:
                tasks = [to_close(one, language), *under_way.get(one.id, [])]
                todo += [task._replace(finding=before.label(task.finding, language)) for task in tasks]
    return sorted(todo, key=lambda task: task.due or date.max)


def to_close(finding: Finding, language: str) -> Task:
    action = finding.recommendation or text("task_close_finding", language, title=finding.title)
    return Task(finding.due, action, finding.label, finding.owner_text)


def actions_under_way(actions: Iterable[CorrectiveAction]) -> dict[Any, list[Task]]:
    """Corrective actions of a finding that nobody has verified yet: what they promise is due before the registrar."""
    found: dict[Any, list[Task]] = {}
    for one in actions:
        if one.status not in ("verified", "closed"):
            found.setdefault(one.finding_id, []).append(Task(one.due, one.action, one.label, one.owner_text))
    return found


def marks_fields(record: Record, language: str, today: date) -> Fields:
    """Points by element and in all, against the marks in force, where the standard is scored by points."""
    nothing: Fields = {"elements": [], "overall": "", "legislated": "", "conclusion": "", "source": ""}
    asked = marks.in_force(record.standard, today) if record.standard.by_points else None
    if asked is None:
        return nothing
    score = points.score(record.standard, assessments.answers(record.assessment), asked)
    titles = {clause.number: clause.title for clause in record.standard.clauses()}
    return {
        "elements": [
            {
                "number": one.number,
                "title": titles[one.number],
                "points": one.points,
                "percent": percent_of(one.so_far, language),
                "unverified": one.unverified,
                "met": one.lowest.reaches(asked.element),
                "below": one.number in score.below,
            }
            for one in score.elements
        ],
        "overall": text("mark_overall", language, got=percent_of(score.so_far, language), asked=asked.overall),
        "legislated": text("mark_law", language, got=percent_of(score.legislated, language), asked=asked.legislated),
        "conclusion": capital(say("marks", score.conclusion, language)),
        "source": text(
            "marks_from", language, element=asked.element, source=asked.source,
            certainty=say("certainties", asked.certainty, language),
        ),
    }  # fmt: skip


def percent_of(mark: Mark, language: str) -> str:
    """One decimal, cut; nothing verified has no percent."""
    if mark.percent is None:
        return "–"
    shown = f"{mark.percent}"
    return (shown.replace(".", ",") + "\u00a0%") if language == "fr" else f"{shown} %"


def asked(record: Record, requirement: Requirement) -> bool:
    """An auditor asks where something was found or is missing, and where nobody could look."""
    if any(one.grade != "strength" for one in record.findings_on(requirement.code)):
        return True
    level = record.as_counted(requirement.code).counted_level
    return level in (0, 1) or (requirement.must and level is None)
