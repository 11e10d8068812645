"""Courses that the consultancy adds to those that are shipped."""

import re
from typing import Any
from uuid import UUID

from consultancy.actions.clients import ChangedMeanwhile
from consultancy.models.training import OwnCourse
from consultancy.queries import training
from tenants import audit
from tenants.database import db, now
from tenants.refusal import NotValid

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,11}")
FIELDS = ("title_en", "title_fr", "needed_by", "validity", "basis", "citation", "source", "certainty")


class CourseCodeTaken(NotValid):
    """A course that is shipped, or one of the consultancy's own, has this code."""


class CourseCodeFaulty(NotValid):
    """A code is 2 to 12 capitals, digits and hyphens."""


class CitationMissing(NotValid):
    """What the law asks for is said with its section: a finding quotes it."""


def add_course(*, code: str, by: UUID | None, **fields: Any) -> OwnCourse:
    """Raises CourseCodeFaulty, CourseCodeTaken, CitationMissing."""
    if not CODE.fullmatch(code):
        raise CourseCodeFaulty(code)
    if code in training.shelf():
        raise CourseCodeTaken(code)
    refuse_without_citation(fields)
    course = OwnCourse(code=code, **{name: fields[name] for name in FIELDS if name in fields})
    db.session.add(course)
    db.session.flush()
    audit.record("course.added", course, by=by)
    return course


def change_course(course: OwnCourse, *, revision: int, by: UUID | None, **fields: Any) -> None:
    """Records keep the end that the rule gave them when they were made. Raises ChangedMeanwhile, CitationMissing."""
    if course.revision != revision:
        raise ChangedMeanwhile(course.code)
    refuse_without_citation({name: getattr(course, name) for name in FIELDS} | fields)
    changed = [name for name in FIELDS if name in fields and getattr(course, name) != fields[name]]
    for name in changed:
        setattr(course, name, fields[name])
    if changed:
        audit.record("course.changed", course, by=by, fields=changed)


def retire_course(course: OwnCourse, *, by: UUID | None) -> None:
    """Offered no more, or offered again; needs and records that name it stay."""
    course.retired_at = None if course.retired_at else now()
    audit.record("course.retired", course, by=by, retired=course.retired_at is not None)


def refuse_without_citation(fields: dict[str, Any]) -> None:
    if fields.get("basis") == "law" and not fields.get("citation"):
        raise CitationMissing
