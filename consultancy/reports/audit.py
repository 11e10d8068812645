"""What a pre-audit report tells of the audit itself: independence, times, attendance, Stage 1 list, trails, days."""

from datetime import date
from decimal import Decimal
from typing import Any

from consultancy import audit_days
from consultancy.models.audit_plan import AuditPlan
from consultancy.models.engagement import Engagement
from consultancy.queries import audit_plans, engagements, followed_trails, independence, stage1
from consultancy.reports.wording import capital, long_day, short_day, text
from consultancy.standards import catalogue
from consultancy.standards.words import say

Fields = dict[str, Any]


def proposed(engagement: Engagement, language: str) -> dict[str, str]:
    """Objectives, criteria and scope before anybody typed others."""
    standard = catalogue.find(engagement.standard, language)
    sites = [site.name for site in engagements.sites_in_scope(engagement)]
    return {
        "objectives": text("audit_objectives", language, standard=standard.full_name),
        "criteria": text("criteria_of", language, standard=standard.full_name),
        "scope": engagement.texts.get("scope", "") or "; ".join(sites),
    }


def purpose(engagement: Engagement, plan: AuditPlan, language: str) -> dict[str, str]:
    """Objectives, criteria and scope as they were typed; all three are proposed while none was, whatever else of the
    plan is kept by then."""
    typed = {name: getattr(plan, name) for name in ("objectives", "criteria", "scope")}
    return typed if any(typed.values()) else proposed(engagement, language)


def independence_fields(engagement: Engagement, language: str) -> Fields:
    """What speaks against each of the team, with the reason they audit all the same, and the rule with its source."""
    held = independence.of_engagement(engagement)
    if held.rule is None:
        return {"rule": "", "team": []}
    team = []
    for one in engagements.team(engagement):
        facts = [involved.sentence(language) for involved in held.against.get(one.membership_id, ())]
        team.append(
            {
                "name": one.membership.name,
                "part": capital(say("assignments", one.part, language)),
                "facts": capital("; ".join(facts)) if facts else text("independent", language),
                "reason": (one.independence_reason or text("no_reason", language)) if facts else "",
            }
        )
    certainty = say("certainties", held.rule.certainty, language)
    rule, source = held.rule.words[language], held.rule.source[language]
    return {"rule": text("rule_from", language, rule=rule, source=source, certainty=certainty), "team": team}


def head_fields(engagement: Engagement, language: str) -> list[Fields]:
    plan = audit_plans.of_engagement(engagement)
    if plan is None:
        return []
    said = purpose(engagement, plan, language)
    known = {
        "objectives_label": said["objectives"],
        "criteria": said["criteria"],
        "scope_label": said["scope"],
        "registrar_label": plan.registrar,
        "stage_1_label": long_day(plan.stage_1_on, language) if plan.stage_1_on else "",
        "stage_2_label": long_day(plan.stage_2_on, language) if plan.stage_2_on else "",
    }
    return [{"label": text(label, language), "value": value} for label, value in known.items() if value]


def timetable(engagement: Engagement, language: str) -> list[Fields]:
    return [
        {
            "day": long_day(one.day, language),
            "time": f"{one.starts:%H:%M}–{one.ends:%H:%M}",
            "activity": one.activity,
            "clauses": one.requirements or "–",
            "where": ", ".join(part for part in (one.site.name if one.site else "", one.place) if part) or "–",
            "auditor": one.auditor.name if one.auditor else text("whole_team", language),
            "auditee": one.auditee or "–",
        }
        for one in audit_plans.lines(engagement)
    ]


def attendance(engagement: Engagement) -> list[Fields]:
    return [
        {"name": one.name, "role": one.role or "–", "opening": one.opening, "closing": one.closing}
        for one in audit_plans.attendance(engagement)
    ]


def stage1_fields(engagement: Engagement, language: str) -> Fields:
    """Every item of the list once one was answered; nothing before."""
    answers = stage1.answers(engagement)
    if not answers:
        return {"items": [], "source": ""}
    asked = stage1.checklist(engagement)
    rows = []
    for item in asked.items:
        one = answers.get(item.code)
        rows.append(
            {
                "clause": item.clause or "–",
                "text": item.words[language],
                "answer": one.answer if one else "not_seen",
                "note": one.note if one else "",
                "evidence": one.evidence if one else "",
            }
        )
    certainty = say("certainties", asked.certainty, language)
    source = text("list_from", language, version=asked.version, source=asked.source[language], certainty=certainty)
    return {"items": rows, "source": source}


def trails(engagement: Engagement, language: str) -> list[Fields]:
    steps = followed_trails.steps(engagement)
    return [
        {
            "name": trail.name,
            "path": " → ".join(step.requirement for step in steps.get(trail.id, [])),
            "result": trail.result,
            "conclusion": trail.conclusion,
            "steps": [
                {
                    "clause": step.requirement,
                    "seen": step.seen,
                    "method": capital(say("methods", step.method, language)),
                }
                for step in steps.get(trail.id, [])
            ],
        }
        for trail in followed_trails.of_engagement(engagement)
    ]


def days_fields(engagement: Engagement, language: str, today: date) -> Fields:
    """The working of the estimate, line by line; nothing where nobody gave its inputs."""
    plan = audit_plans.of_engagement(engagement)
    found = audit_days.of_plan(plan, today) if plan else None
    if found is None:
        return {"working": [], "source": ""}
    inputs = found.inputs
    lines = {
        "days_people": str(inputs.personnel),
        "days_risk": capital(say("audit_risks", inputs.risk, language)),
        "days_shifts": f"{inputs.shifts}; {inputs.sites}",
        "days_table": figure(found.from_table, language),
    }
    if inputs.adjustment:
        more = figure(found.changed_by, language, sign=True)
        lines["days_changed"] = f"{more} ({inputs.adjustment:+}\u00a0%): {inputs.reason}"
    lines |= {
        "days_sum": figure(found.days, language),
        "days_surveillance": figure(found.surveillance, language),
        "days_recertification": figure(found.recertification, language),
    }
    return {
        "working": [{"label": text(key, language), "value": value} for key, value in lines.items()],
        "source": text(
            "days_from", language, issue=found.band.issue, source=found.band.source,
            certainty=say("certainties", found.band.certainty, language),
        ),
    }  # fmt: skip


def figure(number: Decimal, language: str, *, sign: bool = False) -> str:
    """A number of days without idle zeros, with the language's decimal sign."""
    shown = format(number.normalize() if number else Decimal(0), "+f" if sign else "f")
    return shown.replace(".", ",") if language == "fr" else shown


def after_stage_2(engagement: Engagement, dues: list[tuple[date | None, str]], language: str) -> str:
    """A warning that names what is due on or after the registrar's Stage 2; empty where nothing is."""
    plan = audit_plans.of_engagement(engagement)
    if plan is None or plan.stage_2_on is None:
        return ""
    late = [code for due, code in dues if due and due >= plan.stage_2_on]
    day = short_day(plan.stage_2_on, language)
    return text("due_too_late", language, day=day, codes=", ".join(dict.fromkeys(late))) if late else ""
