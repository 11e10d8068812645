"""Moving an engagement to another version of its standard: previewed first, and nothing is lost."""

from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions.engagements import measure_levels, measure_progress, refuse_closed, touch_ratings
from consultancy.actions.rating_locks import refuse_locked
from consultancy.models.assessment import Assessment, Observation, Rating
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import EvidenceLink
from consultancy.models.finding import Finding
from consultancy.models.interview import Interview, InterviewAnswer
from consultancy.queries import assessments
from consultancy.standards import catalogue
from consultancy.standards.catalogue import Requirement, Standard
from tenants import audit
from tenants.database import db
from tenants.refusal import NotValid, Refusal

COPIED = (
    "requirement", "site_id", "state", "level", "reason", "recommendation", "priority", "effort_text", "owner_text",
    "due", "document_points", "interview_points", "observation_points",
)  # fmt: skip
SEEN = ("text", "method", "evidence", "seen_on", "by_id", "imported", "created_at")


class SameStandard(NotValid):
    """The engagement is measured against this version already."""


class MovedSincePreview(Refusal):
    """Ratings changed after the preview was shown."""


class FindingsWouldBeLost(Refusal):
    """Findings stand on requirements that the other version does not have. Carries their numbers."""


class Comparison(NamedTuple):
    """One version of a standard against another: (before, after) with the same text, with another text, what is new
    and what is gone. Ratings carry over where the number stays; a changed text is named so that it is read again."""

    same: list[Requirement]
    reworded: list[tuple[Requirement, Requirement]]
    new: list[Requirement]
    gone: list[Requirement]


def compare(before: Standard, after: Standard) -> Comparison:
    old = {one.code: one for one in before.requirements}
    both = [(old[one.code], one) for one in after.requirements if one.code in old]
    return Comparison(
        same=[now for was, now in both if asks_the_same(was, now)],
        reworded=[(was, now) for was, now in both if not asks_the_same(was, now)],
        new=[one for one in after.requirements if one.code not in old],
        gone=[one for one in before.requirements if one.code not in after],
    )


def asks_the_same(was: Requirement, now: Requirement) -> bool:
    def asked(one: Requirement) -> tuple:
        return one.title, one.paraphrase, one.own_text, one.points, one.rule, one.methods, one.legislated

    return asked(was) == asked(now)


def move_to_standard(engagement: Engagement, *, standard: str, revision: int, by: UUID | None) -> Assessment:
    """Measure the engagement against another version from now on. Ratings and what was seen are copied where the
    requirement is still there, marked as carried over until somebody judges them again; evidence speaks for it there
    too, and what people confirmed of it counts. The old assessment stays as it was and can be read. `revision` is the
    old assessment's as the preview showed it.

    Raises SameStandard, UnknownStandard, MovedSincePreview, FindingsWouldBeLost, EngagementClosed, RatingsLocked.
    """
    refuse_closed(engagement)
    refuse_locked(engagement)
    after = catalogue.find(standard)
    if after.key == engagement.standard or not after.opens_engagements:
        raise SameStandard(after.full_name)
    old = assessments.of_engagement(engagement)
    current = db.session.scalar(sa.select(Assessment.revision).where(Assessment.id == old.id).with_for_update())
    if current != revision:
        raise MovedSincePreview(engagement.title)
    orphans = findings_without_requirement(engagement, after)
    if orphans:
        raise FindingsWouldBeLost(", ".join(one.label for one in orphans))
    before, engagement.standard = engagement.standard, after.key
    new = assessment_against(engagement, after)
    carried = carry_over(old, new, after)
    pieces = carry_evidence(old, new, after)
    answers = carry_answers(engagement, before, after)
    db.session.flush()
    touch_ratings(new)
    measure_progress(engagement, measure_levels(new))
    audit.record(
        "engagement.moved_to_standard", engagement, by=by, before=before, after=after.key, requirements=carried,
        evidence=pieces, answers=answers,
    )  # fmt: skip
    return new


def findings_without_requirement(engagement: Engagement, after: Standard) -> list[Finding]:
    rows = db.session.scalars(sa.select(Finding).where(Finding.engagement_id == engagement.id).order_by(Finding.number))
    return [one for one in rows if one.requirement not in after]


def assessment_against(engagement: Engagement, standard: Standard) -> Assessment:
    """Of an engagement that comes back to a version it left, the assessment it left there: nothing is rated twice."""
    kept = db.session.scalar(
        sa.select(Assessment).where(Assessment.engagement_id == engagement.id, Assessment.standard == standard.key)
    )
    if kept is None:
        kept = Assessment(engagement_id=engagement.id, standard=standard.key)
        db.session.add(kept)
        db.session.flush()
    return kept


def carry_over(old: Assessment, new: Assessment, standard: Standard) -> int:
    """Copy what is not rated in the new assessment yet; answers how many ratings."""
    rated_there = sa.select(Rating.requirement, Rating.site_id).where(Rating.assessment_id == new.id)
    there = {(requirement, site) for requirement, site in db.session.execute(rated_there)}
    copies: dict[UUID, Rating] = {}
    for row in db.session.scalars(sa.select(Rating).where(Rating.assessment_id == old.id)):
        if row.requirement in standard and (row.requirement, row.site_id) not in there:
            copy = Rating(assessment_id=new.id, carried_over=row.state != "not_rated")
            for name in COPIED:
                setattr(copy, name, getattr(row, name))
            refit(copy, standard.requirement(row.requirement))
            copies[row.id] = copy
    db.session.add_all(copies.values())
    db.session.flush()
    for seen in db.session.scalars(
        sa.select(Observation)
        .join(Rating, sa.and_(Rating.tenant_id == Observation.tenant_id, Rating.id == Observation.rating_id))
        .where(Rating.assessment_id == old.id)
        .order_by(Observation.created_at)
    ):
        if seen.rating_id in copies:
            copy = Observation(rating_id=copies[seen.rating_id].id)
            for name in SEEN:
                setattr(copy, name, getattr(seen, name))
            db.session.add(copy)
    return len(copies)


def carry_evidence(old: Assessment, new: Assessment, standard: Standard) -> int:
    """What spoke for a requirement speaks for it in the new assessment too; answers how many links were made."""
    spoken_there = sa.select(EvidenceLink.requirement, EvidenceLink.evidence_id).where(
        EvidenceLink.assessment_id == new.id
    )
    there = {(requirement, piece) for requirement, piece in db.session.execute(spoken_there)}
    copies = [
        EvidenceLink(
            evidence_id=row.evidence_id, assessment_id=new.id, requirement=row.requirement, linked_at=row.linked_at
        )
        for row in db.session.scalars(sa.select(EvidenceLink).where(EvidenceLink.assessment_id == old.id))
        if row.requirement in standard and (row.requirement, row.evidence_id) not in there
    ]
    db.session.add_all(copies)
    return len(copies)


def carry_answers(engagement: Engagement, before: str, standard: Standard) -> int:
    """What people confirmed of a requirement they confirmed of it in the other version too; answers how many were
    copied. Whoever fills in a sheet meanwhile is waited for."""
    db.session.execute(sa.select(Interview.id).where(Interview.engagement_id == engagement.id).with_for_update())
    copies = [
        InterviewAnswer(
            interview_id=row.interview_id, standard=standard.key, requirement=row.requirement,
            confirmed=row.confirmed, note=row.note,
        )
        for row in answers_to_carry(engagement, before, standard)
    ]  # fmt: skip
    db.session.add_all(copies)
    return len(copies)


def answers_to_carry(engagement: Engagement, before: str, standard: Standard) -> list[InterviewAnswer]:
    """Answers to what the other version asks as well, save those that were given there already."""
    rows = db.session.scalars(
        sa.select(InterviewAnswer)
        .join(
            Interview,
            sa.and_(Interview.tenant_id == InterviewAnswer.tenant_id, Interview.id == InterviewAnswer.interview_id),
        )
        .where(
            Interview.engagement_id == engagement.id, InterviewAnswer.standard.in_((before, standard.key)),
        )
        .order_by(Interview.number, InterviewAnswer.requirement)
    ).all()  # fmt: skip
    there = {(row.interview_id, row.requirement) for row in rows if row.standard == standard.key}
    return [
        row
        for row in rows
        if row.standard == before and row.requirement in standard and (row.interview_id, row.requirement) not in there
    ]


def refit(copy: Rating, asked: Requirement) -> None:
    """Points that the question no longer gives, or never asked for, cannot stand: that method is not verified."""
    most = {method.name: method.most for method in asked.methods}
    for method in ("document", "interview", "observation"):
        got = getattr(copy, f"{method}_points")
        if got is not None and got > most.get(method, -1):
            setattr(copy, f"{method}_points", None)
    missing = [method for method in most if getattr(copy, f"{method}_points") is None]
    if missing and copy.state == "rated":
        copy.state, copy.level = "not_verified", None
