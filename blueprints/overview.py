"""What the engagement's own page shows, for its three kinds."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from blueprints.desk import is_open
from blueprints.page import capital, member_words
from consultancy import scoring
from consultancy.conclusions import Conclusion, conclude
from consultancy.models.engagement import Engagement
from consultancy.queries import assessments, deliverables, engagements, findings, register
from consultancy.standards import catalogue
from consultancy.standards.words import choices, say

SHOWN = 5


def overview(engagement: Engagement) -> dict[str, Any]:
    standard = catalogue.find(engagement.standard)
    rated = assessments.rated(assessments.of_engagement(engagement))
    score = scoring.score(standard, rated)
    raised = findings.of_engagement(engagement)
    entries = register.of_engagement(engagement) if engagement.kind == "program_development" else {}
    unrated = next(
        (one.code for one in standard.requirements if is_open(rated.get(one.code, scoring.UNRATED))),
        None,
    )
    following = (
        {"number": unrated, "url": url_for("assessments.show", engagement=engagement.id, requirement=unrated)}
        if unrated
        else None
    )
    written = deliverables.of_engagement(engagement)
    order = {"major": 0, "minor": 1, "ofi": 2}
    gaps = sorted(
        (one for one in raised if one.grade in order and one.status != "closed"),
        key=lambda one: (order[one.grade], one.number),
    )
    return {
        "facts": facts(engagement, standard),
        "lead_name": engagement.lead.name if engagement.lead else None,
        "stages": stages(engagement),
        "stage": current_stage(engagement),
        "next_step": next_step(engagement, following, written, entries),
        "clauses": bars(engagement, standard, score) if rated else [],
        "summary": summary(score.overall) if rated else "",
        "next_unrated": following if rated else None,
        "readiness": score.overall.readiness,
        "conclusion": conclusion_of(engagement, standard, rated, raised).code
        if engagement.kind == "pre_audit"
        else None,
        "gaps": [
            {
                "number": one.label,
                "title": one.title,
                "grade": one.grade,
                "url": url_for("findings.edit", finding=one.id),
                "line": f"{one.requirement} {standard.requirement(one.requirement).full_title}",
            }
            for one in gaps[:SHOWN]
        ],
        "findings_count": len(raised),
        "findings_url": url_for("findings.index", engagement=engagement.id),
        "deliverables": [
            {
                "title": capital(one.title),
                "number": f"{one.number} v{one.version}",
                "language": one.language,
                "production": one.production,
                "standing": one.standing,
                "url": url_for("deliverables.show", deliverable=one.id),
            }
            for one in written[:SHOWN]
        ],
        "dates": dates(engagement),
        "register_counts": register_counts(entries),
        "by_points": standard.by_points,
        "capped_by": score.capped_by if score.overall.rated else (),
        "breaches": score.breaches,
    }


def conclusion_of(engagement: Engagement, standard: catalogue.Standard, rated: Any, raised: Any) -> Conclusion:
    musts = {one.code: rated.get(one.code, scoring.UNRATED) for one in standard.must_items()}
    still = ((one.label, one.grade) for one in raised if one.status in ("open", "verification"))
    return conclude(still, musts, findings.open_before(engagement))


def facts(engagement: Engagement, standard: catalogue.Standard) -> str:
    client = engagement.client
    parts = [
        capital(say("engagements", engagement.kind, member_words())),
        standard.full_name,
        _("%(n)s people", n=client.headcount) if client.headcount is not None else "",
        say("participation", client.participation_body, member_words()) if client.participation_body else "",
    ]
    return " · ".join(part for part in parts if part)


def stages(engagement: Engagement) -> list[dict[str, Any]]:
    rows = []
    for row in engagements.stages(engagement):
        if row.finished_on:
            fact = _("Done %(day)s", day=row.finished_on)
        elif row.planned_to:
            fact = _("Planned to %(day)s", day=row.planned_to)
        else:
            fact = _("Since %(day)s", day=row.started_on) if row.started_on else ""
        now = row.stage == engagement.stage and engagement.closed_on is None
        rows.append(
            {
                "label": capital(say(f"stages_{engagement.kind}", row.stage, member_words())),
                "fact": fact,
                "done": bool(row.finished_on),
                "now": now,
            }
        )
    return rows


def current_stage(engagement: Engagement) -> dict[str, Any] | None:
    if engagement.closed_on:
        return None
    return {
        "key": engagement.stage,
        "label": capital(say(f"stages_{engagement.kind}", engagement.stage, member_words())),
        "may_finish": True,
    }


def next_step(engagement: Engagement, following: Any, written: Any, entries: Any) -> dict[str, str] | None:
    """One thing to do next, verb first."""
    if engagement.closed_on:
        return None
    if engagement.kind == "program_development":
        missing = sum(entry.state in ("missing", "needs_work") for entry in entries.values())
        if missing:
            return {
                "title": _("Write the next of %(n)s documents", n=missing),
                "why": _("The register says which are missing or need work."),
                "url": url_for("register.index", engagement=engagement.id),
                "label": _("Open the register"),
            }
    elif following:
        return {
            "title": _("Rate the next requirement, %(number)s", number=following["number"]),
            "why": _("Or bring the ratings of a site visit in from Excel."),
            "url": following["url"],
            "label": _("Rate %(number)s", number=following["number"]),
        }
    ready = next((one for one in written if one.production == "ready" and one.standing == "draft"), None)
    if ready:
        return {
            "title": _("Read the draft, then release it"),
            "why": f"{capital(ready.title)}, {ready.number} v{ready.version}",
            "url": url_for("deliverables.show", deliverable=ready.id),
            "label": _("Open the draft"),
        }
    return {
        "title": _("Write a deliverable"),
        "why": _("It is written from what is recorded now."),
        "url": url_for("deliverables.index", engagement=engagement.id),
        "label": _("Choose a deliverable"),
    }


def bars(engagement: Engagement, standard: catalogue.Standard, score: scoring.Score) -> list[dict[str, Any]]:
    titles = {clause.number: clause for clause in standard.clauses()}
    return [
        {
            "number": number,
            "title": titles[number].title,
            "conforms": tally.effective,
            "partial": tally.developing,
            "gap": tally.absent + tally.informal,
            "not_verified": tally.not_verified,
            "not_applicable": tally.not_applicable,
            "not_rated": tally.not_rated,
            "total": tally.total,
            "url": url_for(
                "assessments.show", engagement=engagement.id, requirement=titles[number].requirements[0].code
            ),
        }
        for number, tally in score.by_clause
    ]


def summary(tally: scoring.Tally) -> str:
    return _(
        "%(conforms)s conform, %(partial)s partial, %(gap)s gaps, %(not_verified)s not verified, "
        "%(not_applicable)s not applicable, %(not_rated)s not rated",
        conforms=tally.effective,
        partial=tally.developing,
        gap=tally.absent + tally.informal,
        not_verified=tally.not_verified,
        not_applicable=tally.not_applicable,
        not_rated=tally.not_rated,
    )


def dates(engagement: Engagement) -> list[dict[str, Any]]:
    named = (
        (_("Kick-off"), engagement.kick_off_on),
        (_("Site visit"), engagement.site_visit_from),
        (_("Report due"), engagement.report_due_on),
        (_("Closed"), engagement.closed_on),
    )
    return [{"label": label, "on": on} for label, on in named if on]


def register_counts(entries: Any) -> list[dict[str, Any]]:
    states = [entry.state for entry in entries.values()]
    return [{"key": key, "count": states.count(key)} for key, _word in choices("register")] if states else []
