"""Standards of the consultancy's own on the shelf of the served practice, and engagements that use them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Flask

from consultancy.actions import interviews, ratings, standard_moves, standards
from consultancy.calendar import today
from consultancy.models.engagement import Engagement
from consultancy.queries import assessments
from consultancy.queries import standards as kept
from consultancy.standards.rules import Draft
from tests.factories import entered

QUESTIONS = (
    ("1.01", "1", "Policy signed and current", 4, "all_or_nothing", True),
    ("3.01", "3", "Controls follow the hierarchy", 6, "range", False),
    ("3.02", "3", "Practices are at hand where the work is done", 4, "range", False),
)


def own_standards(app: Flask, tenant: UUID, owner_of: Callable[..., Any]) -> tuple[str, dict[str, Any]]:
    """Licensed questions in use, and the draft of their next version with a file that was read."""
    with entered(app, tenant) as session:
        by = owner_of(session).id
        questions = standards.begin_standard(
            name="COR questions", version="2026", kind="questions", based_on="cor2020", source="Licence of 2026",
            by_points=True, marks=None, by=by,
        )  # fmt: skip
        for code, element, title, points, rule, legislated in QUESTIONS:
            draft = Draft(
                code=code, element=element, title=title, points=points, rule=rule, legislated=legislated,
                documentation=points, interview=points, question="Who can show it?",
            )  # fmt: skip
            standards.write_requirement(questions, draft=draft, by=by)
        standards.publish_standard(questions, licence_confirmed=True, revision=questions.revision, by=by)
        following = standards.begin_version(questions, version="2027", by=by)
        content = (
            b"code,title,element,points,rule,D/I/O\n3.01,Controls follow it,3,6,range,D\n4.01,Selection,4,2,range,I\n"
        )
        standards.receive_requirements(following, file_name="questions 2027.csv", content=content, by=by)
        own_requirement = kept.requirements(following)[0].id
        key = questions.key
        return key, {"own_draft": following.id, "own_questions": questions.id, "own_requirement": own_requirement}


def on_own_standards(app: Flask, tenant: UUID, served: Any, key: str, owner_of: Callable[..., Any]) -> dict[str, Any]:
    """An engagement by points, and one that moved to another version of its standard."""
    by_points, moved = served.fresh_engagement(standard=key), served.fresh_engagement()
    with entered(app, tenant) as session:
        by = owner_of(session).id
        assessment = assessments.of_engagement(session.get_one(Engagement, (tenant, by_points)))
        ratings.rate_requirement(
            assessment, requirement="3.01", revision=0, by=by, document_points=4, interview_points=2
        )
        asked_about(assessment.engagement, "3.01", ("yes", "yes", "partly", "no"), by=by)
        engagement = session.get_one(Engagement, (tenant, moved))
        left = assessments.of_engagement(engagement)
        rating = ratings.rate_requirement(left, requirement="4.1", revision=0, by=by, state="rated", level=1)
        ratings.note_observation(rating, assessment=left, text="A list of issues from 2024.", by=by)
        session.refresh(left)
        standard_moves.move_to_standard(engagement, standard="csa-z45001-2019", revision=left.revision, by=by)
        return {"by_points": by_points, "moved": moved, "left_behind": left.id}


def asked_about(engagement: Engagement, requirement: str, confirmed: tuple[str, ...], *, by: UUID) -> None:
    """So many workers were asked about a question."""
    placed = {"role": "workers", "site": None, "shift": None, "held_on": today()}
    for word in confirmed:
        interview = interviews.hold_interview(engagement, by=by, **placed)
        interviews.fill_sheet(
            interview, revision=1, note="", answers={requirement: interviews.Answer(word, "")}, by=by, **placed
        )
