"""A consultancy's own standards: begun, filled by hand or from a file, published once and for all, followed by a
new version."""

from dataclasses import asdict, replace
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from consultancy.actions.clients import ChangedMeanwhile
from consultancy.models.standard import OwnRequirement, OwnStandard
from consultancy.queries import standards
from consultancy.standards import catalogue
from consultancy.standards.reading import read_requirements
from consultancy.standards.rules import Draft, Frame, faults
from document_templates.child import Child
from tenants import audit
from tenants.database import db, now
from tenants.refusal import NotValid, Refusal

FIELDS = tuple(Draft.__dataclass_fields__)


class AlreadyPublished(Refusal):
    """A published version never changes: engagements are pinned to it. Carries its name."""


class NothingToPublish(NotValid):
    """A standard without a single requirement measures nothing."""


class LicenceNotConfirmed(NotValid):
    """Whoever publishes says that the consultancy may use the text: it wrote it, or holds a licence."""


class MarksMissing(NotValid):
    """A standard by points needs the marks that are to be reached."""


class VersionTaken(NotValid):
    """The consultancy has this version of this standard already. Carries both names."""


class RequirementFaulty(NotValid):
    """Something is wrong with a requirement. Carries [(field, kind of sentence, value)]."""


class DraftMoved(Refusal):
    """The draft changed after the page was opened."""


class NothingRead(Refusal):
    """No file is waiting, or what was read of it has problems."""


class Incoming(NamedTuple):
    """What taking a row over would do. `fields` are (name, before, after) where they differ."""

    draft: Draft
    kind: str  # new, changed or same
    fields: list[tuple[str, Any, Any]]


def begin_standard(
    *, name: str, version: str, kind: str, based_on: str, source: str, by_points: bool,
    marks: tuple[int, int, int] | None, by: UUID | None,
) -> OwnStandard:  # fmt: skip
    """A draft. An overlay begins with every clause of the standard below it, still without text.

    Raises VersionTaken, MarksMissing, UnknownStandard.
    """
    refuse_taken(name, version)
    base = catalogue.find(based_on) if kind != "standard" else None
    if kind == "questions":
        by_points, marks = True, None  # the scheme's own dated marks hold
    if kind == "standard" and by_points and marks is None:
        raise MarksMissing(name)
    overall, element, legislated = marks if by_points and marks else (None, None, None)
    standard = OwnStandard(
        name=name, version=version, kind=kind, based_on=base.key if base else "", source=source, incoming={},
        by_points=by_points and kind != "overlay", mark_overall=overall, mark_element=element,
        mark_legislated=legislated,
    )  # fmt: skip
    db.session.add(standard)
    db.session.flush()
    if base and kind == "overlay":
        for position, one in enumerate(base.requirements, start=1):
            put(OwnRequirement(own_standard_id=standard.id), Draft(code=one.code, title=one.title), position)
    db.session.flush()
    audit.record("standard.begun", standard, by=by, kind=kind)
    return standard


def write_requirement(
    standard: OwnStandard, *, draft: Draft, by: UUID | None, row: OwnRequirement | None = None, revision: int = 0
) -> OwnRequirement:
    """Add a requirement at the end, or change one. Raises RequirementFaulty, AlreadyPublished, ChangedMeanwhile."""
    refuse_published(standard)
    if row is not None and row.revision != revision:
        raise ChangedMeanwhile(row.code)
    rows = standards.requirements(standard)
    found = faults(draft, frame_of(standard))
    if any(one.code == draft.code and one is not row for one in rows):
        found.append(("code", "own_code_twice", draft.code))
    if found:
        raise RequirementFaulty(found)
    kept = row or OwnRequirement(own_standard_id=standard.id)
    put(kept, draft, row.position if row else max((one.position for one in rows), default=0) + 1)
    touch(standard)
    audit.record("standard.requirement_written", standard, by=by, requirement=draft.code)
    return kept


def move_requirement(standard: OwnStandard, *, row: OwnRequirement, up: bool, by: UUID | None) -> None:
    """One place up or down; at the end of the list nothing happens."""
    refuse_published(standard)
    rows = standards.requirements(standard)
    at = rows.index(row)
    other = at - 1 if up else at + 1
    if 0 <= other < len(rows):
        rows[at], rows[other] = rows[other], rows[at]
        for position, one in enumerate(rows, start=1):
            if one.position != position:
                one.position = position
        touch(standard)
        audit.record("standard.requirement_moved", standard, by=by, requirement=row.code)


def remove_requirement(standard: OwnStandard, *, row: OwnRequirement, by: UUID | None) -> None:
    refuse_published(standard)
    audit.record("standard.requirement_removed", standard, by=by, requirement=row.code)
    db.session.delete(row)
    touch(standard)


def receive_requirements(standard: OwnStandard, *, file_name: str, content: bytes, by: UUID | None) -> None:
    """Read a table in the confined child and keep what it says for the preview; the file itself is not kept."""
    refuse_published(standard)
    with Child() as child:
        reading = child(read_requirements, content, file_name, frame_of(standard))
    standard.incoming = reading | {"file_name": file_name[-120:]}
    touch(standard)
    audit.record("standard.file_read", standard, by=by, rows=len(reading["rows"]))


def compare(standard: OwnStandard) -> list[Incoming]:
    """What taking the file over would change, in its order."""
    rows = {row.code: row for row in standards.requirements(standard)}
    found = []
    for plain in standard.incoming.get("rows", ()):
        row = rows.get(plain["code"])
        spoken = standard.incoming.get("fields", FIELDS) if row else FIELDS
        draft = replace(draft_of(row) if row else Draft(plain["code"]), **{name: plain[name] for name in spoken})
        differing = [
            (name, getattr(row, name) if row else None, getattr(draft, name))
            for name in FIELDS
            if getattr(draft, name) != (getattr(row, name) if row else None) and (row or getattr(draft, name))
        ]
        found.append(Incoming(draft, "new" if row is None else "changed" if differing else "same", differing))
    return found


def take_over(standard: OwnStandard, *, revision: int, by: UUID | None) -> int:
    """Put the rows of the file into the draft, all or none; requirements the file does not name stay. Answers how
    many changed. Raises DraftMoved, NothingRead, AlreadyPublished."""
    refuse_published(standard)
    if standard.revision != revision:
        raise DraftMoved(standard.full_name)
    if standard.incoming.get("problems") or not standard.incoming.get("rows"):
        raise NothingRead(standard.full_name)
    rows = {row.code: row for row in standards.requirements(standard)}
    changed = [one for one in compare(standard) if one.kind != "same"]
    last = max((row.position for row in rows.values()), default=0)
    for number, one in enumerate(changed, start=1):
        row = rows.get(one.draft.code)
        put(row or OwnRequirement(own_standard_id=standard.id), one.draft, row.position if row else last + number)
    standard.incoming = {}
    touch(standard)
    audit.record("standard.file_taken_over", standard, by=by, requirements=len(changed))
    return len(changed)


def set_file_aside(standard: OwnStandard, *, by: UUID | None) -> None:
    refuse_published(standard)
    standard.incoming = {}
    touch(standard)
    audit.record("standard.file_set_aside", standard, by=by)


def publish_standard(standard: OwnStandard, *, licence_confirmed: bool, revision: int, by: UUID | None) -> None:
    """From now on engagements can choose this version, and nobody changes it.

    Raises LicenceNotConfirmed, NothingToPublish, DraftMoved, AlreadyPublished, RequirementFaulty.
    """
    refuse_published(standard)
    if not licence_confirmed:
        raise LicenceNotConfirmed(standard.full_name)
    if standard.revision != revision:
        raise DraftMoved(standard.full_name)
    rows = standards.requirements(standard)
    if not rows:
        raise NothingToPublish(standard.full_name)
    found = [fault for row in rows for fault in faults(draft_of(row), frame_of(standard))]
    if found:
        raise RequirementFaulty(found)
    standard.licence_confirmed, standard.incoming = True, {}
    standard.published_at, standard.published_by_id = now(), by
    db.session.flush()
    audit.record("standard.published", standard, by=by, requirements=len(rows))


def begin_version(standard: OwnStandard, *, version: str, by: UUID | None) -> OwnStandard:
    """A draft of the next version, with every requirement of this one. Raises VersionTaken."""
    refuse_taken(standard.name, version)
    following = OwnStandard(
        name=standard.name, version=version, kind=standard.kind, based_on=standard.based_on, source=standard.source,
        by_points=standard.by_points, mark_overall=standard.mark_overall, mark_element=standard.mark_element,
        mark_legislated=standard.mark_legislated, follows_id=standard.id, incoming={},
    )  # fmt: skip
    db.session.add(following)
    db.session.flush()
    for row in standards.requirements(standard):
        put(OwnRequirement(own_standard_id=following.id), draft_of(row), row.position)
    db.session.flush()
    audit.record("standard.begun", following, by=by, kind=standard.kind)
    return following


def frame_of(standard: OwnStandard) -> Frame:
    return Frame(standard.kind, standard.based_on, standard.by_points)


def draft_of(row: OwnRequirement) -> Draft:
    return Draft(**{name: getattr(row, name) for name in FIELDS})


def put(row: OwnRequirement, draft: Draft, position: int) -> None:
    for name, value in asdict(draft).items():
        setattr(row, name, value)
    row.position = position
    db.session.add(row)


def refuse_published(standard: OwnStandard) -> None:
    """Under a lock: who publishes and who still edits wait for each other."""
    published = db.session.scalar(
        sa.select(OwnStandard.published_at).where(OwnStandard.id == standard.id).with_for_update()
    )
    if published is not None:
        raise AlreadyPublished(standard.full_name)


def refuse_taken(name: str, version: str) -> None:
    taken = sa.select(OwnStandard.id).where(OwnStandard.name == name, OwnStandard.version == version)
    if db.session.scalar(taken):
        raise VersionTaken(name, version)


def touch(standard: OwnStandard) -> None:
    """Count one more change of the draft: who previewed it before notices."""
    db.session.flush()
    revision = db.session.scalar(
        sa.update(OwnStandard)
        .where(OwnStandard.id == standard.id)
        .values(revision=OwnStandard.revision + 1)
        .returning(OwnStandard.revision)
        .execution_options(synchronize_session=False)
    )
    set_committed_value(standard, "revision", revision)
