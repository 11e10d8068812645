"""The visit without a network: a workbook is made, comes back filled, is compared and applied whole or not at all."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from consultancy import field_workbook as contents
from consultancy.actions import ratings
from consultancy.actions.checklists import RatingsMoved
from consultancy.actions.engagements import refuse_by_points, refuse_closed
from consultancy.field_workbook import BOTH, FILE, LEAVE, Clause
from consultancy.models.assessment import Assessment
from consultancy.models.client import Site
from consultancy.models.engagement import Engagement
from consultancy.models.field_workbook import FieldWorkbook, ReturnedWorkbook
from consultancy.queries import assessments, field_workbooks
from consultancy.queries.assessments import Judged
from consultancy.queries.brand import brand
from consultancy.standards import catalogue
from consultancy.standards.words import say
from document_templates.child import Child
from document_templates.field_workbook import Workbook, build, new_secret, row_digest
from document_templates.field_workbook_checking import Answer, Filled, Issue, Issued, verify
from document_templates.field_workbook_reading import RawWorkbook, claimed, take_in
from tenants import audit
from tenants.database import db, now, tenant_session
from tenants.files import Files, content_key, sha256_of
from tenants.limits import NAME_CHARACTERS
from tenants.refusal import NotValid, Refusal

SHELF = "field_workbooks"
_OLD_OFFICE, _RICH_TEXT, _OPEN_DOCUMENT = b"\xd0\xcf\x11\xe0", b"{\\rtf", b"application/vnd.oasis.opendocument.text"


class FieldsLost(NotValid):
    """Saved as .doc or .rtf: the fields are gone, only their words are left."""


class SavedAsOpenDocument(NotValid):
    """Saved as .odt: the fields are still there, and saving once more as .docx brings them back."""


class ForeignWorkbook(NotValid):
    """Made for another assessment, or nowhere here. Whose it is stays unsaid."""


class AlreadyTakenOver(Refusal):
    """This very file was applied before. Carries what was brought back then."""


class ChoiceMissing(NotValid):
    """Somebody has to decide these requirements first. Carries their numbers."""


class ReasonNeeded(NotValid):
    """Not applicable needs a reason. Carries the numbers of the requirements."""


class NothingToTakeOver(Refusal):
    """The file brings nothing that does not stand there already."""


def make(
    assessment: Assessment, *, site: Site | None, language: str, author: str, files: Files, by: UUID, today: date
) -> FieldWorkbook:
    """Write the workbook for a visit to one site, or to the whole client, as the ratings there stand now.

    Raises EngagementClosed, ScoredByPoints.
    """
    engagement = assessment.engagement
    refuse_closed(engagement)
    refuse_by_points(engagement)
    judged = assessments.judged(assessment, site.id if site else None)
    workbook_id, secret = uuid4(), new_secret()
    file = _workbook(workbook_id, engagement, judged, site, language, author, today)
    content = build(file, secret=secret)
    key = content_key(tenant_session().tenant_id, SHELF, content, "docx")
    files.put(key, content)
    kept = FieldWorkbook(
        id=workbook_id,
        assessment_id=assessment.id,
        site_id=site.id if site else None,
        language=language,
        secret=secret,
        shown={"rows": _shown(file, judged), "site": str(site.id) if site else ""},
        file_name=_file_name(engagement, file.title, site, today),
        file_key=key,
        made_by_id=by,
    )
    db.session.add(kept)
    db.session.flush()
    audit.record("field_workbook.made", kept, by=by, engagement=engagement.id, requirements=len(file.codes))
    return kept


def hand_over(workbook: FieldWorkbook, *, by: UUID) -> None:
    """Somebody takes the file along: what was seen so far leaves the house with it."""
    audit.record("field_workbook.downloaded", workbook, by=by)


def bring_back(assessment: Assessment, *, file_name: str, content: bytes, files: Files, by: UUID) -> ReturnedWorkbook:
    """Read a filled workbook in the confined child and keep it for the preview.

    Raises the intake's refusals, FieldsLost, SavedAsOpenDocument, ForeignWorkbook, AlreadyTakenOver, EngagementClosed.
    """
    refuse_closed(assessment.engagement)
    refuse_other_formats(content)
    with Child() as child:
        raw: RawWorkbook = child(take_in, content)
    workbook = field_workbooks.claimed(assessment, *claimed(raw))
    if workbook is None:
        raise ForeignWorkbook
    sha256 = sha256_of(content)
    refuse_twice(workbook, sha256)
    filled = verify(raw, issued_of(workbook))
    key = content_key(tenant_session().tenant_id, SHELF, content, "docx")
    files.put(key, content)
    kept = ReturnedWorkbook(
        field_workbook_id=workbook.id,
        file_name=file_name[-120:],
        file_sha256=sha256,
        file_key=key,
        reading=as_plain(filled),
        by_id=by,
    )
    db.session.add(kept)
    db.session.flush()
    audit.record(
        "field_workbook.brought_back", kept, by=by, requirements=len(filled.answers), tampered=len(filled.issues)
    )
    return kept


def compare(returned: ReturnedWorkbook) -> list[Clause]:
    """What applying would do, requirement by requirement, where the workbook is about: at its site, or for the whole
    client."""
    settled = [answer for one in field_workbooks.applied_before(returned) for answer in from_plain(one.reading).answers]
    workbook = returned.workbook
    judged = assessments.judged(workbook.assessment, workbook.site_id)
    # Workbooks made before sites were rated on their own show what stood for the whole client, and name no site there.
    elsewhere = workbook.site_id is not None and not workbook.shown.get("site")
    return contents.merge(
        workbook.shown["rows"], from_plain(returned.reading), judged, settled, shown_elsewhere=elsewhere
    )


def apply(
    returned: ReturnedWorkbook, *, revision: int, seen_on: date | None, choices: Mapping[str, str],
    reasons: Mapping[str, str], by: UUID,
) -> int:  # fmt: skip
    """Take the workbook over, all of it or nothing; answers how many requirements changed.

    `revision` is the assessment's as the preview showed it; `choices` and `reasons` are by requirement. Raises
    RatingsMoved, AlreadyTakenOver, ChoiceMissing, ReasonNeeded, NothingToTakeOver, SiteOutOfScope, EngagementClosed.
    """
    workbook = returned.workbook
    assessment = workbook.assessment
    refuse_closed(assessment.engagement)
    ratings.refuse_left(assessment)
    current = db.session.scalar(sa.select(Assessment.revision).where(Assessment.id == assessment.id).with_for_update())
    refuse_twice(workbook, returned.file_sha256)
    if current != revision:
        raise RatingsMoved(returned.file_name)
    clauses = compare(returned)
    decided = {clause.code: _decided(clause, choices) for clause in clauses}
    _refuse_undecided(clauses, decided, reasons)
    judged = assessments.judged(assessment, workbook.site_id)
    changed = 0
    with ratings.at_once(assessment):
        for clause in clauses:
            if clause.brings and decided[clause.code] != LEAVE:
                before, reason = judged.get(clause.code), reasons.get(clause.code, "")
                _take_over(workbook, clause, decided[clause.code], before, reason, seen_on, by)
                changed += 1
    returned.applied_at = now()
    audit.record(
        "field_workbook.applied", returned, by=by, requirements=changed,
        decided={code: choice for code, choice in decided.items() if code in choices},
    )  # fmt: skip
    return changed


def _decided(clause: Clause, choices: Mapping[str, str]) -> str:
    if not clause.choices:
        return FILE
    picked = choices.get(clause.code, "")
    return picked if picked in clause.choices else ""


def _refuse_undecided(clauses: list[Clause], decided: Mapping[str, str], reasons: Mapping[str, str]) -> None:
    if not any(clause.brings for clause in clauses):
        raise NothingToTakeOver
    undecided = [clause.code for clause in clauses if not decided[clause.code]]
    if undecided:
        raise ChoiceMissing(undecided)
    silent = [
        clause.code
        for clause in clauses
        if clause.needs_reason and decided[clause.code] == FILE and not reasons.get(clause.code, "").strip()
    ]
    if silent:
        raise ReasonNeeded(silent)


def _take_over(
    workbook: FieldWorkbook, clause: Clause, choice: str, judged: Judged | None, reason: str, seen_on: date | None,
    by: UUID,
) -> None:  # fmt: skip
    fields: dict[str, Any] = {}
    if clause.rating and choice == FILE:
        fields = contents.rating_fields(clause.rating)
        if clause.rating == "not_applicable":
            fields["reason"] = reason.strip() or clause.note or (judged.rating.reason if judged else "")
    assessment = workbook.assessment
    rating = judged.rating if judged else None
    if fields or rating is None:
        rating = ratings.rate_requirement(
            assessment, requirement=clause.code, site=workbook.site_id, revision=rating.revision if rating else 0,
            by=by, confirmed=bool(fields), **fields,
        )  # fmt: skip
    noted = contents.observation_of(
        clause,
        site=workbook.site.name if workbook.site else "",
        language=assessment.engagement.language,
        kept=choice == BOTH,
    )
    if noted:
        ratings.note_observation(
            rating, assessment=assessment, by=by, seen_on=seen_on, text=noted["text"], method=noted["method"],
            evidence=noted["evidence"],
        )  # fmt: skip


def refuse_other_formats(content: bytes) -> None:
    """What the gate would refuse too, with what to do about it."""
    if content.startswith((_OLD_OFFICE, _RICH_TEXT)):
        raise FieldsLost
    if content.startswith(b"PK") and _OPEN_DOCUMENT in content[:200]:
        raise SavedAsOpenDocument


def refuse_twice(workbook: FieldWorkbook, sha256: str) -> None:
    already = db.session.scalar(
        sa.select(ReturnedWorkbook).where(
            ReturnedWorkbook.field_workbook_id == workbook.id,
            ReturnedWorkbook.file_sha256 == sha256,
            ReturnedWorkbook.applied_at.is_not(None),
        )
    )
    if already:
        raise AlreadyTakenOver(already)


def issued_of(workbook: FieldWorkbook) -> Issued:
    words = contents.words_of(workbook.language)
    return Issued(
        id=workbook.id.hex,
        secret=workbook.secret,
        rows=tuple((row["code"], row["digest"]) for row in workbook.shown["rows"]),
        ratings=dict(contents.ratings_of(workbook.language)),
        ticks="".join(contents.TICKS),
        placeholders=(words.choose, words.write, words.pick),
    )


def _workbook(
    workbook_id: UUID, engagement: Engagement, judged: Mapping[str, Judged], site: Site | None, language: str,
    author: str, today: date,
) -> Workbook:  # fmt: skip
    def word(key: str) -> str:
        return say("field_workbook", key, language)

    standard, client, look = catalogue.find(engagement.standard, language), engagement.client, brand()
    worn = {"colour": look.primary, "heading_font": look.heading_font, "body_font": look.body_font} if look else {}
    return Workbook(
        id=workbook_id.hex,
        language=language,
        title=word("title"),
        subtitle=f"{client.name} – {engagement.title}",
        author=author,
        made_on=today.isoformat(),
        cover=(
            (word("client"), client.name),
            (word("engagement"), engagement.title),
            (word("standard"), f"{standard.name} ({standard.version})"),
            (word("site"), f"{site.name}, {site.address}".strip(", ") if site else word("whole_client")),
            (word("made"), word("made_line").format(on=today.isoformat(), who=author)),
        ),
        instructions=tuple(word(f"line_{number}") for number in range(1, 5)),
        words=contents.words_of(language),
        ratings=contents.ratings_of(language),
        ticks=contents.ticks_of(language),
        groups=contents.groups_of(standard, judged, language),
        **worn,
    )


def _file_name(engagement: Engagement, title: str, site: Site | None, today: date) -> str:
    words = (engagement.client.code, title, today.isoformat(), site.name if site else "")
    return " ".join(word for word in words if word)[: NAME_CHARACTERS - 5] + ".docx"


def _shown(file: Workbook, judged: Mapping[str, Judged]) -> list[dict[str, Any]]:
    return [
        {
            "code": row.code,
            "digest": row_digest(row),
            "rating": row.rating,
            "revision": judged[row.code].rating.revision if row.code in judged else 0,
        }
        for group in file.groups
        for row in group.rows
    ]


def as_plain(filled: Filled) -> dict[str, Any]:
    return {
        "answers": [asdict(one) for one in filled.answers],
        "issues": [one._asdict() for one in filled.issues],
        "visited": filled.visited,
    }


def from_plain(plain: Mapping[str, Any]) -> Filled:
    return Filled(
        answers=tuple(Answer(**one) for one in plain["answers"]),
        issues=tuple(Issue(**one) for one in plain["issues"]),
        visited=plain["visited"],
    )
