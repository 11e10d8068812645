"""What the page of a roadmap shows: the tasks by phase, the working of their priority, and the same as a drawing."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from blueprints.page import capital, may, member_words
from consultancy import roadmap
from consultancy.calendar import months_after
from consultancy.models.planned_task import SIDES, SOURCES
from consultancy.reports.planned import Plan, Planned
from consultancy.roadmap import PHASES, Placed
from consultancy.standards.words import choices, say
from tenants.permissions import Permission

UNPLACED = "none"
# The drawing, in units of its own: names on the left, a row for each task, months above.
LEFT, RIGHT, ROW, HEAD = 150, 990, 22, 30
MOST_MONTHS = 36
FILTERS = {
    "phase": (*PHASES, UNPLACED),
    "side": (*SIDES, UNPLACED),
    "source": SOURCES,
    "state": ("all", "done"),
    "legal": ("1",),
}


def kept_query() -> dict[str, Any]:
    """The filters of the address; what nobody can mean is left out."""
    typed = {name: request.args.get(name, "") for name in FILTERS}
    return {name: value for name, value in typed.items() if value in FILTERS[name]}


def anchor_of(address: str) -> str:
    return "task-" + "".join(letter if letter.isalnum() else "-" for letter in address)


def shown(plan: Plan, today: date) -> dict[str, Any]:
    query, words = kept_query(), member_words()
    tasks = [one for one in plan.by_priority if _wanted(one, query)]
    rows = [_row(one, plan, today, query) for one in tasks]
    groups = [
        {
            "title": roadmap.phase_name(key, words) if key in PHASES else _("Not placed yet"),
            "aim": roadmap.phase_aim(key, words) if key in PHASES else _("Each of these needs a phase."),
            "rows": [row for row in rows if row["phase"] == (key if key in PHASES else "")],
        }
        for key in (*PHASES, UNPLACED)
    ]
    going = [one for one in plan.tasks if not one.done]
    return {
        "groups": [group for group in groups if group["rows"]],
        "drawing": _drawing(tasks, plan, today),
        "undated": sum(one.due is None for one in tasks),
        "counts": {
            "open": len(going),
            "done": len(plan.tasks) - len(going),
            "unplaced": sum(not one.phase for one in going),
            "late": sum(_late(one, today) for one in going),
            "early": [one.task.reference for one in going if plan.too_early(one)],
        },
        "query": query,
        "choices": {
            "phase": [(key, roadmap.phase_name(key, words)) for key in PHASES] + [(UNPLACED, _("Not placed yet"))],
            "side": [(key, capital(word)) for key, word in choices("sides", words)] + [(UNPLACED, _("Not agreed yet"))],
            "source": [(key, capital(word)) for key, word in choices("task_sources", words)],
        },
        "source": roadmap.RULES["source"][words],
        "built_on": plan.record.engagement if plan.record.engagement is not plan.engagement else None,
        "today": today,
    }


def proposed(plan: Plan, proposal: Sequence[Placed]) -> list[dict[str, Any]]:
    """The proposal phase by phase, in order of time."""
    rows = [
        {
            "phase": placed.phase,
            "reference": one.task.reference,
            "what": one.task.what,
            "figure": _figure(one.priority.figure),
            "before": roadmap.phase_name(one.phase, member_words()) if one.phase else "",
            "due_before": one.due,
            "starts_on": placed.starts_on,
            "due": placed.due,
        }
        for placed in sorted(proposal, key=lambda placed: (placed.starts_on, placed.due))
        for one in (plan.by_address[placed.key],)
    ]
    titles = [(key, roadmap.phase_name(key, member_words())) for key in PHASES]
    found = [{"title": title, "rows": [row for row in rows if row["phase"] == key]} for key, title in titles]
    return [group for group in found if group["rows"]]


def _wanted(one: Planned, query: dict[str, Any]) -> bool:
    state = query.get("state", "")
    return (
        (state == "all" or one.done == (state == "done"))
        and query.get("phase", one.phase or UNPLACED) == (one.phase or UNPLACED)
        and query.get("side", one.side or UNPLACED) == (one.side or UNPLACED)
        and query.get("source", one.task.source) == one.task.source
        and ("legal" not in query or one.task.legal)
    )


def _late(one: Planned, today: date) -> bool:
    return bool(one.due and one.due < today and not one.done)


def _row(one: Planned, plan: Plan, today: date, query: dict[str, Any]) -> dict[str, Any]:
    before, engagement = plan.waits_for(one), plan.engagement.id
    anchor = anchor_of(one.address)
    return {
        "address": one.address,
        "anchor": anchor,
        "phase": one.phase,
        "reference": one.task.reference,
        "what": one.task.what,
        "clause": one.task.clause,
        "url": _place_of(one, plan),
        "legal": one.task.legal,
        "must": one.task.must,
        "figure": _figure(one.priority.figure),
        "working": _working(one),
        "estimated": one.priority.estimated,
        "side": say("sides", one.side, member_words()) if one.side else "",
        "owner": one.owner,
        "starts_on": one.starts_on,
        "due": one.due,
        "late": _late(one, today),
        "days": _figure(one.days) if one.days is not None else "",
        "effort": one.task.effort,
        "recorded_owner": one.task.owner,
        "recorded_due": one.task.due,
        "after": before.task.reference if before else "",
        "after_done": bool(before and before.done),
        "too_early": plan.too_early(one),
        "percent": one.percent,
        "done": one.done,
        "done_when": one.row.done_when if one.row else "",
        "edit_url": url_for("roadmap.index", engagement=engagement, edit=one.address, _anchor=anchor, **query),
    }


def _place_of(one: Planned, plan: Plan) -> str:
    """Where its gap stands; nowhere for who may not read who was trained."""
    if one.task.source == "finding":
        return url_for("findings.edit", finding=one.task.key)
    if one.task.source == "document":
        return url_for("register.index", engagement=plan.engagement.id, _anchor=f"doc-{one.task.key}")
    if one.task.source == "training":
        readable = may(Permission.TRAINING_READ)
        return url_for("training_gaps.show", client=plan.engagement.client_id) if readable else ""
    return url_for("assessments.show", engagement=plan.record.engagement.id, requirement=one.task.key)


def _working(one: Planned) -> str:
    worked, words = one.priority, roadmap.RULES["severity"][one.task.severity][member_words()]
    return _(
        "severity %(severity)s (%(words)s) × law %(legal)s × audit %(audit)s ÷ %(days)s d = %(figure)s",
        severity=worked.severity, words=words, legal=worked.legal, audit=worked.audit, days=_figure(worked.days),
        figure=_figure(worked.figure),
    )  # fmt: skip


def _figure(value: float) -> str:
    words = f"{value:g}"
    return words.replace(".", ",") if member_words() == "fr" else words


def _drawing(tasks: Sequence[Planned], plan: Plan, today: date) -> dict[str, Any] | None:
    """Bars over months, in the order of the days; every fact of it stands in the table as well."""
    dated = sorted(
        (one for one in tasks if one.due), key=lambda one: (one.starts_on or one.due or today, one.due or today)
    )
    if not dated:
        return None
    days = [day for one in dated for day in (one.starts_on, one.due, today) if day]
    first = min(days).replace(day=1)
    months = min((max(days).year - first.year) * 12 + max(days).month - first.month + 1, MOST_MONTHS)
    length = (months_after(first, months) - first).days

    def across(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * min(max((day - first).days / length, 0), 1), 1)

    every = 1 if months <= 14 else 3
    return {
        "height": HEAD + ROW * len(dated) + 8,
        "months": [
            {"x": across(month), "label": f"{month:%Y-%m}"}
            for month in (months_after(first, number) for number in range(0, months, every))
        ],
        "today": across(today),
        "bars": [_bar(one, HEAD + ROW * place, across, today) for place, one in enumerate(dated)],
    }


def _bar(one: Planned, y: int, across: Any, today: date) -> dict[str, Any]:
    end = one.due or today
    begin = one.starts_on or end
    x, right = across(begin), across(end)
    width = max(round(right - x, 1), 6)
    x = min(x, RIGHT - width)
    return {
        "y": y,
        "x": x,
        "width": width,
        "filled": round(width * one.percent / 100, 1),
        "kind": "conf" if one.done else "gap" if _late(one, today) else "act",
        "label": one.task.reference,
        "anchor": anchor_of(one.address),
        "late": _late(one, today),
        "title": f"{one.task.reference} {one.task.what[:120]} · {begin} – {end}",
    }
