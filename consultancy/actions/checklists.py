"""A filled checklist on its way into an assessment: read, asked about, compared, applied whole or not at all."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions import ratings, returned_checklists
from consultancy.actions.engagements import refuse_by_points, refuse_closed
from consultancy.checklists import Checklist, Choice, Ignored, Problem, Question, Returned, Row, read_returning
from consultancy.models.assessment import Assessment, ChecklistImport, Observation
from consultancy.queries import assessments
from consultancy.queries.assessments import Judged
from consultancy.standards import catalogue
from consultancy.standards.catalogue import Standard
from document_templates.child import Child
from tenants import audit
from tenants.database import db, now, tenant_session
from tenants.files import Files, content_key
from tenants.refusal import Refusal

RATING_FIELDS = ("level", "state", "reason", "recommendation", "priority", "effort_text", "owner_text", "due")


class AlreadyImported(Refusal):
    """This very file was applied to this assessment before. Carries the import."""


class RatingsMoved(Refusal):
    """Ratings changed after the preview was shown: look at it again before applying."""


class NotReady(Refusal):
    """Questions or problems are left; nothing is applied until none is."""


class Change(NamedTuple):
    """What applying would do to one requirement. `fields` are (name, before, after) where they differ."""

    row: Row
    kind: str  # new, changed or same
    fields: list[tuple[str, Any, Any]]


def receive(
    assessment: Assessment, *, file_name: str, content: bytes, files: Files, by: UUID | None
) -> ChecklistImport:
    """Read an uploaded checklist in the confined child and keep it for the preview.

    Raises the intake's refusals, AlreadyImported, ScoredByPoints, EngagementClosed. Nothing is kept when it raises.
    """
    refuse_closed(assessment.engagement)
    refuse_by_points(assessment.engagement)
    sha256 = hashlib.sha256(content).hexdigest()
    refuse_twice(assessment, sha256)
    reading = read_confined(content, file_name, assessment.standard, {})
    if isinstance(reading, Returned):
        reading = returned_checklists.check_place(reading, assessment)
    key = content_key(
        tenant_session().tenant_id, "checklists", content, "csv" if file_name.lower().endswith(".csv") else "xlsx"
    )
    files.put(key, content)
    kept = ChecklistImport(
        assessment_id=assessment.id,
        file_name=file_name[-120:],
        file_sha256=sha256,
        file_key=key,
        answers={},
        reading=as_plain(reading),
        revision_seen=assessment.revision,
        by_id=by,
    )
    db.session.add(kept)
    db.session.flush()
    audit.record("checklist.read", kept, by=by, rows=len(reading.rows))
    return kept


def answer(kept: ChecklistImport, *, answers: Mapping[str, str], files: Files, by: UUID | None) -> None:
    """Read the file again with what the consultant answered."""
    kept.answers = dict(kept.answers) | dict(answers)
    content = files.get(kept.file_key)
    kept.reading = as_plain(read_confined(content, kept.file_name, kept.assessment.standard, kept.answers))
    kept.revision_seen = kept.assessment.revision
    audit.record("checklist.answered", kept, by=by)


def read_confined(content: bytes, file_name: str, standard: str, answers: Mapping[str, str]) -> Checklist | Returned:
    with Child() as child:
        return child(read_against, content, file_name, catalogue.find(standard), dict(answers))


def read_against(content: bytes, file_name: str, standard: Standard, answers: dict[str, str]) -> Checklist | Returned:
    """Runs inside the child, which has no database: the standard, perhaps the consultancy's own, travels with it."""
    return read_returning(content, file_name, standard, answers=answers)


def compare(kept: ChecklistImport) -> list[Change]:
    """What applying would change, in the order of the file."""
    judged = assessments.judged(kept.assessment)
    return [change_of(row, judged.get(row.code)) for row in from_plain(kept.reading).rows]


def apply(
    kept: ChecklistImport, *, revision: int, by: UUID | None, choices: Mapping[str, str] | None = None
) -> int:
    """Take the checklist over, all of it or nothing; answers how many requirements changed.

    `revision` is the assessment's as the preview showed it; `choices` decide the conflicts of a workbook of ours.
    Raises NotReady, RatingsMoved, AlreadyImported, ChoiceMissing, EngagementClosed, StandardLeft.
    """
    refuse_closed(kept.assessment.engagement)
    ratings.refuse_left(kept.assessment)
    current = db.session.scalar(
        sa.select(Assessment.revision).where(Assessment.id == kept.assessment_id).with_for_update()
    )
    refuse_twice(kept.assessment, kept.file_sha256)
    if not is_complete(kept):
        raise NotReady(kept.file_name)
    if current != revision:
        raise RatingsMoved(kept.file_name)
    with ratings.at_once(kept.assessment):
        if returned_checklists.is_returned(kept):
            changed = returned_checklists.take_over(kept, choices=choices or {}, by=by)
        else:
            changed = take_over_all(kept, by)
    kept.applied_at = now()
    audit.record("checklist.applied", kept, by=by, requirements=changed)
    return changed


def is_complete(kept: ChecklistImport) -> bool:
    if returned_checklists.is_returned(kept):
        return not kept.reading["problems"]
    return from_plain(kept.reading).complete


def take_over_all(kept: ChecklistImport, by: UUID | None) -> int:
    judged = assessments.judged(kept.assessment)
    changes = [change_of(row, judged.get(row.code)) for row in from_plain(kept.reading).rows]
    for change in changes:
        if change.kind != "same":
            take_over(kept.assessment, change.row, judged.get(change.row.code), by)
    return sum(change.kind != "same" for change in changes)


def take_over(assessment: Assessment, row: Row, judged: Judged | None, by: UUID | None) -> None:
    rating = ratings.rate_requirement(
        assessment, requirement=row.code, revision=judged.rating.revision if judged else 0, by=by, **rating_fields(row)
    )
    if not (row.observation or row.evidence):
        return
    mine = observation_of(row, judged)
    if mine is None:
        ratings.note_observation(
            rating, assessment=assessment, text=row.observation, evidence=row.evidence, by=by, imported=True
        )
    else:
        ratings.correct_observation(
            mine,
            assessment=assessment,
            text=row.observation,
            method=mine.method,
            evidence=row.evidence,
            seen_on=mine.seen_on,
            revision=mine.revision,
            by=by,
        )


def observation_of(row: Row, judged: Judged | None) -> Observation | None:
    """The observation that this row speaks of: the same words, else the one that came from a file before."""
    seen = judged.observations if judged else []
    same = next((one for one in seen if one.text == row.observation), None)
    imported = [one for one in seen if one.imported]
    return same or (imported[0] if len(imported) == 1 else None)


def change_of(row: Row, judged: Judged | None) -> Change:
    rating = judged.rating if judged and judged.rating.state != "not_rated" else None
    mine = observation_of(row, judged)
    before = {name: getattr(rating, name) if rating else None for name in RATING_FIELDS}
    before |= {"observation": mine.text if mine else "", "evidence": mine.evidence if mine else ""}
    after = rating_fields(row) | {"observation": row.observation, "evidence": row.evidence}
    differing = [
        (name, before[name], after[name])
        for name in after
        if (before[name] or "") != (after[name] or "") or _zero(before[name], after[name])
    ]
    kind = "same" if not differing else "new" if rating is None else "changed"
    return Change(row, kind, differing)


def rating_fields(row: Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in RATING_FIELDS if name != "priority"} | {"priority": row.priority or ""}


def refuse_twice(assessment: Assessment, sha256: str) -> None:
    already = db.session.scalar(
        sa.select(ChecklistImport).where(
            ChecklistImport.assessment_id == assessment.id,
            ChecklistImport.file_sha256 == sha256,
            ChecklistImport.applied_at.is_not(None),
        )
    )
    if already:
        raise AlreadyImported(already)


def as_plain(checklist: Checklist | Returned) -> dict[str, Any]:
    if isinstance(checklist, Returned):
        return returned_checklists.as_plain(checklist)
    plain = asdict(checklist)
    for row in plain["rows"]:
        row["due"] = row["due"].isoformat() if row["due"] else None
    return plain


def from_plain(plain: Mapping[str, Any]) -> Checklist:
    rows = (Row(**row | {"due": date.fromisoformat(row["due"]) if row["due"] else None}) for row in plain["rows"])
    questions = (
        Question(**one | {"choices": tuple(Choice(choice["key"], tuple(choice["words"])) for choice in one["choices"])})
        for one in plain["questions"]
    )
    return Checklist(
        rows=tuple(rows),
        questions=tuple(questions),
        problems=tuple(Problem(**one) for one in plain["problems"]),
        ignored=tuple(Ignored(**one) for one in plain["ignored"]),
        missing=tuple(plain["missing"]),
        normalised_cells=plain["normalised_cells"],
        encoding=plain["encoding"],
    )


def _zero(before: Any, after: Any) -> bool:
    """Level 0 and no level are not the same."""
    return (before is None) != (after is None) and 0 in (before, after)
