"""How a course is spoken of in reports and findings."""

from consultancy.reports.wording import text
from consultancy.standards.courses import LAW, UNSURE, Course


def duty(course: Course, language: str) -> str:
    """The section of the law that asks for it, and that it is unsure where it is; none where the law does not ask."""
    return sure(course, course.citation(language), language) if course.basis == LAW else ""


def sure(course: Course, said: str, language: str) -> str:
    return f"{said} ({text('training_unsure', language)})" if course.certainty == UNSURE else said
