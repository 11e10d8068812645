"""Training matrix: who needs what by role, what is covered, what lacks and what ends soon."""

from collections.abc import Iterable
from datetime import date

from consultancy import training
from consultancy.models.engagement import Engagement
from consultancy.queries import training as reading
from consultancy.queries.training import Overview
from consultancy.reports.document import Fields, document_fields, original_words
from consultancy.reports.refusals import MissingData
from consultancy.reports.training_words import duty, sure
from consultancy.reports.wording import capital, counted, paragraphs, short_day, text
from consultancy.standards.courses import Course
from consultancy.standards.words import say
from consultancy.training import STATUSES, Coverage, Row, Standing

WHY = (training.TOO_LATE, training.NO_FIRST_PART, training.NO_SECOND_PART)


def assemble(
    engagement: Engagement, *, number: str, version: str, language: str, today: date, subject: str
) -> tuple[str, Fields]:
    seen = reading.overview(engagement.client, today)
    if not any(row.cells for row in seen.rows):
        raise MissingData("training", language)
    title = text("training_title", language)
    fields = document_fields(engagement, title=title, number=number, version=version, language=language, today=today)
    fields["limits"] = paragraphs("training_limits", language, day=short_day(today, language)) + original_words(
        engagement, language
    )
    lacking = training.gaps(seen.rows)
    fields["training"] = {
        "lead": lead(seen, lacking, language),
        "roles": [role_fields(role, seen, language) for role in roles(seen)],
        "by_role": groups(seen, roles_of, "training_no_role", language),
        "by_site": groups(seen, lambda person: [person.site], "training_no_site", language),
        "by_shift": shifts(seen, language),
        "gaps": [
            gap_fields(course, lacking[course.code], seen, language)
            for course in training.by_weight((seen.shelf.find(code, today) for code in lacking), lacking)
        ],
        "due": [due_fields(until, row, code, seen, language) for until, row, code in training.due(seen.rows)],
        "people": [
            person_fields(row, code, cell, seen, language)
            for row in seen.rows
            for code, cell in row.cells.items()
            if cell.status in training.GAPS
        ],
    }
    return title, fields


def lead(seen: Overview, lacking: dict[str, list[Row]], language: str) -> str:
    whole = training.coverage(seen.rows)
    first = counted(
        "training_lead", whole.people, language, percent=whole.percent or 0, covered=whole.covered, needed=whole.needed
    )
    rest = counted("training_lead_gaps", len(lacking), language) if lacking else text("training_lead_whole", language)
    return f"{first} {rest}"


def roles_of(person: training.Person) -> Iterable[str]:
    return person.roles or ("",)


def roles(seen: Overview) -> list[str]:
    """Roles that need something themselves or have people who do, as people call them."""
    return sorted({role for row in seen.rows if row.cells for role in roles_of(row.person)})


def role_fields(role: str, seen: Overview, language: str) -> Fields:
    rows = [row for row in seen.rows if role in roles_of(row.person)]
    return {
        "name": role or capital(text("training_no_role", language)),
        "people": len(rows),
        "coverage": percent(training.coverage(rows), language),
        "courses": [
            line
            for course in seen.courses
            if (line := course_fields(course, [row.cells[course.code] for row in rows if course.code in row.cells],
                                      language))
        ],
    }  # fmt: skip


def course_fields(course: Course, cells: list[Standing], language: str) -> Fields:
    if not cells:
        return {}
    counts = {status: sum(cell.status == status for cell in cells) for status in STATUSES}
    asked = len(cells) - counts[training.EXEMPT]
    covered = sum(counts[status] for status in training.COVERED)
    reasons = dict.fromkeys(cell.because for cell in cells if cell.status == training.EXEMPT)
    return {
        "code": course.code,
        "title": course.title(language),
        "basis": basis(course, language),
        "counts": counts,
        "coverage": percent(Coverage(len(cells), asked, covered), language),
        "exempt": " · ".join(text("training_exempt", language, reason=reason) for reason in reasons),
    }


def basis(course: Course, language: str) -> str:
    """Where the need comes from, and that it is unsure where it is."""
    return duty(course, language) or sure(course, capital(say("course_bases", course.basis, language)), language)


def percent(coverage: Coverage, language: str) -> str:
    return "–" if coverage.percent is None else text("training_percent", language, n=coverage.percent)


def groups(seen: Overview, kinds: object, unnamed: str, language: str) -> list[Fields]:
    found = training.covered_by(seen.rows, kinds)  # type: ignore[arg-type]
    return [
        {"name": name or capital(text(unnamed, language)), "people": one.people, "needed": one.needed,
         "covered": one.covered, "coverage": percent(one, language)}
        for name, one in found.items()
    ]  # fmt: skip


def shifts(seen: Overview, language: str) -> list[Fields]:
    return [
        {
            "site": one.site or capital(text("training_no_site", language)),
            "shift": one.shift or capital(text("training_no_shift", language)),
            "people": one.coverage.people,
            "coverage": percent(one.coverage, language),
            "first_aid": one.first_aid,
            "supervisors": one.supervisors,
        }
        for one in training.shifts(seen.rows)
    ]


def gap_fields(course: Course, lacking: list[Row], seen: Overview, language: str) -> Fields:
    counts = training.counted_by_role(lacking, seen.needs, course.code)
    return {
        "code": course.code,
        "title": course.title(language),
        "basis": basis(course, language),
        "people": len(lacking),
        "roles": training.told_by_role(counts, text("training_everybody", language)),
        "by": short_day(training.close_by(course, seen.today), language),
        "law": training.legal(course),
    }


def due_fields(until: date, row: Row, code: str, seen: Overview, language: str) -> Fields:
    return person_fields(row, code, row.cells[code], seen, language) | {"until": short_day(until, language)}


def person_fields(row: Row, code: str, cell: Standing, seen: Overview, language: str) -> Fields:
    why = text(f"training_{cell.because}", language) if cell.because in WHY else ""
    return {
        "name": row.person.label,
        "roles": "; ".join(row.person.roles),
        "site": " · ".join(part for part in (row.person.site, row.person.shift) if part),
        "course": seen.shelf.find(code, seen.today).title(language),
        "status": cell.status,
        "why": why,
        "until": short_day(cell.until, language),
    }
