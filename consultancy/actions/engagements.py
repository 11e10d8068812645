"""Opening an engagement, moving it through its stages, typing the paragraphs of its report."""

from collections.abc import Iterable, Mapping
from datetime import date
from statistics import fmean
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from consultancy import scoring
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.actions.shared_evidence import hand_on
from consultancy.models.assessment import Assessment
from consultancy.models.client import Client, Site
from consultancy.models.engagement import Assignment, Engagement, EngagementSite, EngagementStage
from consultancy.models.register_entry import RegisterEntry
from consultancy.program_documents import DOCUMENTS
from consultancy.queries import assessments, engagements, independence
from consultancy.scoring import Rated
from consultancy.standards import catalogue
from consultancy.standards.words import choices
from tenants import audit
from tenants.database import db
from tenants.models import Membership
from tenants.refusal import NotValid, Refusal

DATES = ("kick_off_on", "site_visit_from", "site_visit_to", "report_due_on")
ASSESSING = {"gap_analysis": "assess", "pre_audit": "on_site"}
TEXTS = ("headline", "lead", "scope", "method", "effort", "decision", "limits", "strengths", "divergent") + (
    # a pre-audit
    "postponement", "meetings",
    # the manual
    "context", "parties",
    # the minutes of a management review
    "review_on", "review_place", "review_attendees", "review_previous", "review_changes", "review_objectives",
    "review_nonconformities", "review_monitoring", "review_audits", "review_consultation", "review_risks",
    "review_resources", "review_communications", "review_improvements", "review_conclusion", "review_told",
    # the readiness letter
    "sose_certificate", "sose_audit_on", "sose_auditor", "sose_closed_on", "sose_registration", "sose_report",
    "sose_form", "sose_convictions", "sose_participation", "sose_apply_on", "sose_note",
)  # fmt: skip


class EngagementClosed(Refusal):
    """A closed engagement takes no more work."""


class StageNotCurrent(Refusal):
    """Only the stage that is running can be finished."""


class ScoredByPoints(Refusal):
    """Workbooks and checklists rate by levels; this standard is scored by the points of its methods."""


class DatesReversed(NotValid):
    """The visit cannot end before it begins."""


class NotIndependent(NotValid):
    """Somebody would audit what they wrote. Carries the name and what speaks against it; a reason lets it go on."""


def open_engagement(
    client: Client,
    *,
    kind: str,
    standard: str,
    title: str,
    language: str,
    opened_on: date,
    by: UUID | None,
    lead: Membership | None = None,
    sites: Iterable[Site] = (),
    lead_reason: str = "",
    **details: Any,
) -> Engagement:
    """Open an engagement with its stages, its assessment (or its document register) and the sites in scope. The lead of
    a pre-audit who helped the client needs `lead_reason` (NotIndependent)."""
    pinned = catalogue.find(standard)
    if (
        details.get("site_visit_from")
        and details.get("site_visit_to")
        and details["site_visit_to"] < details["site_visit_from"]
    ):
        raise DatesReversed(details["site_visit_from"], details["site_visit_to"])
    stages = [key for key, _ in choices(f"stages_{kind}")]
    engagement = Engagement(
        client_id=client.id,
        kind=kind,
        standard=pinned.key,
        title=title,
        language=language,
        opened_on=opened_on,
        stage=stages[0],
        lead_id=lead.id if lead else None,
        **details,
    )
    db.session.add(engagement)
    db.session.flush()
    for position, stage in enumerate(stages, start=1):
        started = opened_on if position == 1 else None
        db.session.add(EngagementStage(engagement_id=engagement.id, stage=stage, position=position, started_on=started))
    db.session.add_all(EngagementSite(engagement_id=engagement.id, site_id=site.id) for site in sites)
    if lead:
        kept = reason_kept(engagement, lead, lead_reason)
        db.session.add(
            Assignment(engagement_id=engagement.id, membership_id=lead.id, part="lead", independence_reason=kept)
        )
    db.session.add(Assessment(engagement_id=engagement.id, standard=pinned.key))
    if kind == "program_development":
        db.session.add_all(
            RegisterEntry(engagement_id=engagement.id, document=document.code, state="missing")
            for document in DOCUMENTS
        )
    db.session.flush()
    audit.record("engagement.opened", engagement, by=by, kind=kind)
    return engagement


def assign(
    engagement: Engagement, *, member: Membership, part: str, by: UUID | None, reason: str = ""
) -> Assignment:
    """Raises NotIndependent where something speaks against the person and no reason is given. Who led until now stays
    as a consultant."""
    kept = reason_kept(engagement, member, reason)
    if part == "lead":
        for one in engagements.team(engagement):
            one.part = "consultant" if one.part == "lead" else one.part
        engagement.lead_id = member.id
    assignment = Assignment(
        engagement_id=engagement.id, membership_id=member.id, part=part, independence_reason=kept
    )
    db.session.add(assignment)
    db.session.flush()
    audit.record("engagement.assigned", assignment, by=by, part=part)
    return assignment


def reason_kept(engagement: Engagement, member: Membership, reason: str) -> str:
    """The reason why somebody audits although they helped the client; empty where nothing speaks against them."""
    against = independence.of_engagement(engagement).against.get(member.id, ())
    if against and not reason:
        raise NotIndependent(member.name, against)
    return reason if against else ""


def finish_stage(engagement: Engagement, *, stage: str, on: date, by: UUID | None) -> None:
    """The running stage is done; the next one begins. Finishing the last closes the engagement, and evidence that an
    open one rests on too goes over to that one."""
    refuse_closed(engagement)
    if engagement.stage != stage:
        raise StageNotCurrent(stage)
    stages = engagements.stages(engagement)
    current = next(row for row in stages if row.stage == stage)
    current.finished_on = on
    following = next((row for row in stages if row.position == current.position + 1), None)
    if following:
        following.started_on = following.started_on or on
        engagement.stage = following.stage
    else:
        engagement.closed_on = on
        db.session.flush()
        hand_on(engagement, by=by)
    db.session.flush()
    measure_progress(engagement)
    audit.record("engagement.stage_finished", engagement, by=by, stage=stage)


def measure_progress(engagement: Engagement, rated: Mapping[str, Rated] | None = None) -> None:
    """Percent = finished stages over stages; within the assessing stage, the share of decided requirements counts."""
    stages = engagements.stages(engagement)
    done = sum(row.finished_on is not None for row in stages)
    within = 0
    if engagement.closed_on is None and engagement.stage == ASSESSING.get(engagement.kind):
        standard = catalogue.find(engagement.standard)
        if rated is None:
            rated = assessments.rated(assessments.of_engagement(engagement))
        within = scoring.score(standard, rated).overall.decided_percent
    percent = min(100, (100 * done + within) // len(stages)) if stages else 0
    if percent != engagement.percent:
        # Past the revision: who types the report's texts, or rates another requirement, is not in the way of this.
        db.session.execute(
            sa.update(Engagement)
            .where(Engagement.id == engagement.id)
            .values(percent=percent)
            .execution_options(synchronize_session=False)
        )
        set_committed_value(engagement, "percent", percent)


def type_texts(engagement: Engagement, *, texts: dict[str, str], revision: int, by: UUID) -> None:
    """Keep the paragraphs a consultant types for the report."""
    refuse_closed(engagement)
    if engagement.revision != revision:
        raise ChangedMeanwhile(engagement.title)
    kept = {name: texts[name].strip() for name in TEXTS if texts.get(name, "").strip()}
    if kept != engagement.texts:
        engagement.texts = kept
        audit.record("engagement.texts_typed", engagement, by=by)


def refuse_closed(engagement: Engagement) -> None:
    if engagement.closed_on is not None:
        raise EngagementClosed(engagement.title)


def refuse_by_points(engagement: Engagement) -> None:
    if catalogue.find(engagement.standard).by_points:
        raise ScoredByPoints(engagement.title)


def measure_levels(assessment: Assessment) -> Mapping[str, Rated]:
    """Average level by top-level clause of what somebody judged here. After `touch_ratings`: its lock lets two who rate
    at once count each other. Answers what it read."""
    standard, rated = catalogue.find(assessment.standard), assessments.rated(assessment)
    by_clause: dict[str, list[int]] = {}
    for requirement, one in rated.items():
        if one.counted_level is not None and requirement in standard:
            by_clause.setdefault(standard.requirement(requirement).clause, []).append(one.counted_level)
    db.session.execute(
        sa.update(Assessment)
        .where(Assessment.id == assessment.id)
        .values(clause_levels={clause: fmean(levels) for clause, levels in by_clause.items()})
        .execution_options(synchronize_session=False)
    )
    return rated


def touch_ratings(assessment: Assessment) -> None:
    """Count one more change of the assessment, whoever made it: an import that was previewed before notices."""
    db.session.execute(
        sa.update(Assessment)
        .where(Assessment.id == assessment.id)
        .values(revision=Assessment.revision + 1)
        .execution_options(synchronize_session=False)
    )
