"""What is left to do: from the findings, from gaps no finding speaks of, from the register and from training."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from consultancy import training
from consultancy.models.engagement import Engagement
from consultancy.models.register_entry import RegisterEntry
from consultancy.program_documents import DOCUMENTS, ProgramDocument
from consultancy.queries import training as reading
from consultancy.reports.record import STILL_OPEN, Record
from consultancy.reports.wording import counted, text
from consultancy.standards.courses import Course

SEVERITIES: dict[int | None, str] = {0: "absent", 1: "informal", 2: "developing"}  # by level


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
    source: str = ""  # finding, requirement, document or training; with `key` it says which
    key: str = ""
    severity: str = ""  # grade of the finding, or how it was rated, or what the document lacks
    legal: bool = False
    must: bool = False
    step: str = ""  # of plan, do, check, act
    phase: str = ""  # what follows is the consultancy's plan, where it has one
    starts_on: date | None = None
    after: str = ""  # reference of the task it waits for
    percent: int = 0

    @property
    def address(self) -> str:
        return f"{self.source}:{self.key}"


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
            tasks.append(
                Task(
                    finding.label, what, requirement.code, level, owner, due, effort, True, top, "finding",
                    str(finding.id), finding.grade, bool(finding.legal_duty) or requirement.legislated,
                    requirement.must, requirement.step,
                )
            )  # fmt: skip
            effort = ""  # the effort was estimated for the requirement: it counts once
        rated = record.as_counted(requirement.code)
        if rating is None or findings or rated.level == 3 or rated.counted_state in ("not_applicable", "not_rated"):
            continue
        what = rating.recommendation
        if rating.level in (0, 1):
            what = what or text("task_close_gap", language, code=requirement.code, title=requirement.full_title)
        if what:
            owner, due = rating.owner_text, rating.due
            tasks.append(
                Task(
                    requirement.code, what, requirement.code, level, owner, due, effort, False, top, "requirement",
                    requirement.code, SEVERITIES.get(rating.level, "doubt"), requirement.legislated,
                    requirement.must, requirement.step,
                )
            )  # fmt: skip
    return tasks


def closed_tasks(
    record: Record, entries: dict[str, RegisterEntry], planned: Iterable[str], language: str
) -> list[Task]:
    """What is done: closed findings, and of what was planned the requirements and documents that lack nothing now.
    `planned`: addresses of tasks. Nobody keeps that they are done; it is seen from what stands there."""
    wanted, done = set(planned), []
    for finding in record.findings:
        if finding.status == "closed" and finding.grade != "strength" and finding.requirement in record.standard:
            of = record.standard.requirement(finding.requirement)
            done.append(
                Task(
                    finding.label, finding.recommendation or finding.title, of.code, "", finding.owner_text,
                    finding.due, "", True, of.clause, "finding", str(finding.id), finding.grade,
                    bool(finding.legal_duty) or of.legislated, of.must, of.step,
                )
            )  # fmt: skip
    for of in record.standard.requirements:
        rated = record.as_counted(of.code)
        if f"requirement:{of.code}" in wanted and (rated.counted_level == 3 or rated.counted_state == "not_applicable"):
            what = text("task_close_gap", language, code=of.code, title=of.full_title)
            done.append(
                Task(of.code, what, of.code, "", "", None, "", False, of.clause, "requirement", of.code, "developing",
                     of.legislated, of.must, of.step)
            )  # fmt: skip
    for document in DOCUMENTS:
        entry = entries.get(document.code)
        if entry and f"document:{document.code}" in wanted and entry.state in ("have", "not_needed"):
            done.append(_document_task(document, "needs_work", "task_write", language))
    return done


def document_tasks(entries: dict[str, RegisterEntry], language: str) -> list[Task]:
    """A missing document is to be written, one that needs work is to be revised."""
    verbs = {"missing": "task_write", "needs_work": "task_revise"}
    return [
        _document_task(document, entries[document.code].state, verbs[entries[document.code].state], language)
        for document in DOCUMENTS
        if document.code in entries and entries[document.code].state in verbs
    ]


def training_tasks(
    engagement: Engagement, record: Record, planned: Iterable[str], today: date, language: str
) -> tuple[list[Task], list[Task]]:
    """A task for each course that people of the client lack, unless an open finding speaks of it; and of what was
    planned those that nobody lacks any more and no finding took over. What the law asks for is due within a month.
    Nobody is named."""
    seen = reading.overview(engagement.client, today)
    told = {one.training_course for one in record.findings if one.status in STILL_OPEN}
    gaps = training.gaps(seen.rows)
    going, done = [], []
    for course in training.by_weight((seen.shelf.find(code, today) for code in gaps if code not in told), gaps):
        lacking = gaps[course.code]
        counts = training.counted_by_role(lacking, seen.needs, course.code)
        roles = training.told_by_role(counts, text("training_everybody", language))
        what = counted("training_task", len(lacking), language, course=course.title(language), roles=roles)
        going.append(_training_task(course, what, record, training.close_by(course, today)))
    for code in (address.partition(":")[2] for address in planned if address.startswith("training:")):
        if code not in gaps and code not in told:
            course = seen.shelf.find(code, today)
            done.append(_training_task(course, course.title(language), record, None))
    return going, done


def _training_task(course: Course, what: str, record: Record, due: date | None) -> Task:
    place = reading.place_of(course, record.standard)
    top = record.standard.requirement(place).clause if place else ""
    grade = training.grade(course)
    return Task(
        course.code, what, place, "high" if grade == "major" else "medium", "", due, "", stream=top, source="training",
        key=course.code, severity=grade, legal=training.legal(course),
    )  # fmt: skip


def _document_task(document: ProgramDocument, lacks: str, verb: str, language: str) -> Task:
    what = text(verb, language, title=document.title(language))
    clauses = ", ".join(document.clauses)
    legal = document.when == "ontario"
    return Task(
        document.code, what, clauses, "", "", None, "", source="document", key=document.code, severity=lacks,
        legal=legal,
    )  # fmt: skip
