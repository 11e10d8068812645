"""Roadmap: what to do, by when, from the gaps, the findings and the register."""

from datetime import date, timedelta

from consultancy.calendar import months_after
from consultancy.models.engagement import Engagement
from consultancy.models.register_entry import RegisterEntry
from consultancy.program_documents import EFFORT, effort_days
from consultancy.reports.cards import priority
from consultancy.reports.document import Fields, document_fields, original_words
from consultancy.reports.figures import effort
from consultancy.reports.planned import plan_of
from consultancy.reports.refusals import MissingData
from consultancy.reports.tasks import Task
from consultancy.reports.timeline import timeline
from consultancy.reports.wording import counted, paragraphs, short_day, span, text
from consultancy.roadmap import PHASES, phase_aim, phase_name

HIGH = "high"
DAYS_OF_A_FIRST_PHASE = 30
PHASE_MONTHS = (3, 6, 12)


def assemble(
    engagement: Engagement, *, number: str, version: str, language: str, today: date, subject: str
) -> tuple[str, Fields]:
    plan = plan_of(engagement, today, language)
    record, tasks = plan.record, plan.for_word(language)
    if not tasks:
        raise MissingData("task", language)
    title = text("roadmap_title", language)
    fields = document_fields(engagement, title=title, number=number, version=version, language=language, today=today)
    fields["limits"] = paragraphs("limits_of_a_plan", language) + original_words(record.engagement, language)
    notes = []
    if record.engagement is not engagement and record.judged:
        notes.append(text("roadmap_source", language, title=record.engagement.title))
    planned, chart = roadmap_fields(tasks, today, language)
    fields["charts"] = {"effort": chart}
    fields["roadmap"] = planned | {
        "timeline": timeline(tasks, record, today, language),
        "documents": document_counts(plan.entries),
        "notes": notes,
    }
    return title, fields


def document_counts(entries: dict[str, RegisterEntry]) -> Fields:
    states = [entry.state for entry in entries.values()]
    if not states:
        return {}
    return {"total": len(states)} | {key: states.count(key) for key in ("have", "needs_work", "missing", "not_needed")}


def roadmap_fields(tasks: list[Task], today: date, language: str) -> tuple[Fields, Fields | None]:
    """Phases as planned, else by due date as of `today`, and the chart of their days. Sums are sums of their rows."""
    phases: list[Fields] = []
    days: list[float] = []
    more = False
    for (label, window, aim), due in _as_planned(tasks, language) or _by_date(tasks, today, language):
        phase_days, phase_more = _effort(due)
        days.append(phase_days)
        more = more or phase_more
        phases.append(
            {
                "name": label,
                "window": window,
                "aim": aim,
                "tasks": [_task_fields(task, language) for task in due],
                "task_count": len(due),
                "high": _high(due),
                "findings": ", ".join(task.reference for task in due if task.finding),
                "effort": _days(phase_days, phase_more, language),
            }
        )
    chart, message = effort(phases, days, language)
    return {
        "lead": _lead(tasks, len(phases), language),
        "phases": phases,
        "window": short_day(max((task.due for task in tasks if task.due), default=None), language),
        "task_count": len(tasks),
        "high": _high(tasks),
        "effort": _days(sum(days), more, language),
        "effort_message": message,
        "documents": {},
        "notes": [],
    }, chart


def _as_planned(tasks: list[Task], language: str) -> list[tuple[list[str], list[Task]]]:
    """The phases of the consultancy's plan, from their first day to their last; none as long as nothing is placed."""
    found: list[tuple[list[str], list[Task]]] = []
    for key in PHASES:
        placed = [task for task in tasks if task.phase == key]
        starts = [day for task in placed for day in (task.starts_on, task.due) if day]
        ends = [task.due for task in placed if task.due]
        window = span(min(starts), max(ends), language) if ends else ""
        if placed:
            found.append(([phase_name(key, language), window, phase_aim(key, language)], _in_time(placed)))
    rest = [task for task in tasks if not task.phase]
    if found and rest:
        found.append((paragraphs("phase_unplaced", language), _in_time(rest)))
    return found


def _in_time(tasks: list[Task]) -> list[Task]:
    return sorted(tasks, key=lambda task: (task.starts_on or task.due or date.max, task.due or date.max))


def _by_date(tasks: list[Task], today: date, language: str) -> list[tuple[list[str], list[Task]]]:
    return [
        (
            paragraphs(
                f"phase_{name}", language, today=short_day(today, language), first=short_day(first, language),
                last=short_day(last, language),
            ),
            due,
        )
        for name, first, last, due in _phases(tasks, today)
        if due
    ]  # fmt: skip


def _phases(tasks: list[Task], today: date) -> list[tuple[str, date | None, date | None, list[Task]]]:
    ends = [today + timedelta(days=DAYS_OF_A_FIRST_PHASE)] + [months_after(today, months) for months in PHASE_MONTHS]
    dated = sorted((task for task in tasks if task.due), key=lambda task: task.due or today)
    phases: list[tuple[str, date | None, date | None, list[Task]]] = [
        ("overdue", None, today, [task for task in dated if task.due and task.due < today])
    ]
    start = today
    for name, end in zip(("days30", "months3", "months6", "months12"), ends, strict=True):
        phases.append((name, start, end, [task for task in dated if task.due and start <= task.due <= end]))
        start = end + timedelta(days=1)
    phases.append(("later", ends[-1], None, [task for task in dated if task.due and task.due > ends[-1]]))
    phases.append(("undated", None, None, [task for task in tasks if task.due is None]))
    return phases


def _effort(tasks: list[Task]) -> tuple[float, bool]:
    """Days that can be read, to one decimal, and whether something else comes on top."""
    read_days = [effort_days(task.effort) for task in tasks]
    plain = all(EFFORT.fullmatch(task.effort.strip()) for task in tasks)
    return round(sum(days for days in read_days if days is not None), 1), not plain


def _days(days: float, more: bool, language: str) -> str:
    if not days:
        return "–"
    number = f"{days:.1f}".removesuffix(".0")
    number = number.replace(".", ",") if language == "fr" else number
    return f"{number} {text('day_sign', language)}{' +' if more else ''}"


def _high(tasks: list[Task]) -> int:
    return sum(task.priority == HIGH for task in tasks)


def _lead(tasks: list[Task], phases: int, language: str) -> str:
    return text(
        "roadmap_lead",
        language,
        tasks=counted("n_tasks", len(tasks), language),
        phases=counted("n_phases", phases, language),
        high=counted("n_high", _high(tasks), language),
    )


def _task_fields(task: Task, language: str) -> Fields:
    return {
        "reference": task.reference,
        "what": task.what,
        "clause": task.clause,
        "priority": priority(task.priority, language),
        "owner": task.owner,
        "due": short_day(task.due, language),
        "effort": task.effort,
        "starts": short_day(task.starts_on, language),
        "after": task.after,
        "percent": f"{task.percent}" if task.percent else "",
    }
