"""What is left to do: from the findings, from gaps no finding speaks of, from the register and from training."""

from dataclasses import dataclass
from datetime import date

from consultancy import training
from consultancy.models.engagement import Engagement
from consultancy.models.register_entry import RegisterEntry
from consultancy.program_documents import DOCUMENTS
from consultancy.queries import training as reading
from consultancy.reports.record import STILL_OPEN, Record
from consultancy.reports.wording import counted, text
from consultancy.standards.courses import LAW


@dataclass(frozen=True)
class Task:
    reference: str
    what: str
    clause: str
    priority: str
    owner: str
    due: date | None
    effort: str
    finding: bool = False
    stream: str = ""  # the top clause it belongs to; none for a document of the program


def tasks_of(record: Record, language: str) -> list[Task]:
    """One task for each open finding, and one for each gap or doubt that no finding speaks of, in clause order."""
    tasks = []
    for requirement in record.standard.requirements:
        top = requirement.clause
        rating = record.rating(requirement.code)
        level = rating.priority if rating else ""
        effort = rating.effort_text if rating else ""
        findings = [one for one in record.findings_on(requirement.code) if one.grade != "strength"]
        for finding in findings:
            if finding.status not in STILL_OPEN:
                continue
            what, owner, due = finding.recommendation, finding.owner_text, finding.due
            if rating:
                what, owner, due = what or rating.recommendation, owner or rating.owner_text, due or rating.due
            what = what or text("task_close_finding", language, title=finding.title)
            tasks.append(Task(finding.label, what, requirement.code, level, owner, due, effort, True, top))
            effort = ""  # the effort was estimated for the requirement: it counts once
        rated = record.as_counted(requirement.code)
        if rating is None or findings or rated.level == 3 or rated.counted_state in ("not_applicable", "not_rated"):
            continue
        what = rating.recommendation
        if rating.level in (0, 1):
            what = what or text("task_close_gap", language, code=requirement.code, title=requirement.full_title)
        if what:
            owner, due = rating.owner_text, rating.due
            tasks.append(Task(requirement.code, what, requirement.code, level, owner, due, effort, stream=top))
    return tasks


def document_tasks(entries: dict[str, RegisterEntry], language: str) -> list[Task]:
    """A missing document is to be written, one that needs work is to be revised."""
    verbs = {"missing": "task_write", "needs_work": "task_revise"}
    return [
        Task(
            document.code,
            text(verbs[entries[document.code].state], language, title=document.title(language)),
            ", ".join(document.clauses),
            "",
            "",
            None,
            "",
        )
        for document in DOCUMENTS
        if document.code in entries and entries[document.code].state in verbs
    ]


def training_tasks(engagement: Engagement, record: Record, today: date, language: str) -> list[Task]:
    """A task for each course that people of the client lack, unless an open finding speaks of it. What the law asks for
    is due within a month. Nobody is named."""
    seen = reading.overview(engagement.client, today)
    told = {one.training_course for one in record.findings if one.status in STILL_OPEN}
    everybody = text("training_everybody", language)
    tasks = []
    gaps = training.gaps(seen.rows)
    courses = [seen.shelf.find(code, today) for code in gaps if code not in told]
    for course in sorted(courses, key=lambda one: (one.basis != LAW, one.code)):
        code, lacking = course.code, gaps[course.code]
        place = next((one for one in course.places(record.standard.key) if one in record.standard), "")
        counts = training.counted_by_role(lacking, seen.needs, code)
        roles = ", ".join(f"{role or everybody} {many}" for role, many in counts.items())
        what = counted("training_task", len(lacking), language, course=course.title(language), roles=roles)
        top = record.standard.requirement(place).clause if place else ""
        priority = "high" if training.grade(course) == "major" else "medium"
        due = training.close_by(course, today)
        tasks.append(Task(code, what, place, priority, "", due, "", stream=top))
    return tasks
