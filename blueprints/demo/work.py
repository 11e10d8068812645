"""The demo consultancies' engagements: opened, rated from real checklists, moved to where they stand today."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app

from blueprints.demo.auditing import audited
from blueprints.demo.files import CHECKLISTS, day, rows
from blueprints.demo.hearing import heard
from blueprints.demo.practice import Loading
from consultancy.actions import checklists, deliverables, engagements, findings, register
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.queries import assessments
from consultancy.queries import engagements as reading
from consultancy.queries import register as register_queries
from tenants.database import db, tenant_session
from tenants.files import file_store
from tenants.models import Consent, partner_named

STANDARDS = {"ISO 45001": "iso45001-2018-amd1", "IHSA COR 2020": "cor2020"}  # the others wait until they are offered
KINDS = ("gap_analysis", "program_development", "pre_audit")
STAGES = {  # the demo's own words -> ours
    "intake and proposal": "scope",
    "kick-off and document request": "collect",
    "desk review": "collect",
    "site visit": "assess",
    "desk review and site visit": "assess",
    "visite et rapport": "assess",
    "report and debrief": "review",
    "plan and legal fixes": "roadmap",
    "drafting": "drafting",
    "client review and JHSC consultation": "consultation",
    "roll-out and training": "operating",
    "prepare": "prepare",
    "preparation and sampling": "prepare",
    "perform": "on_site",
    "mock audit on site": "on_site",
    "summarize": "review",
    "report and verdict": "review",
    "corrective actions": "follow_up",
}
NOW = {
    "intake": "scope",
    "debrief": "released",
    "preparing": "prepare",
    "corrective_actions": "follow_up",
    "drafting": "drafting",
}
GRADES = {"would be major": "major", "would be minor": "minor", "OFI": "ofi"}
ACTION_STATES = {"overdue": "planned"}  # overdue is derived from the date


def offered(row: dict[str, str]) -> bool:
    return row["kind"] in KINDS and row["standard"] in STANDARDS


def do_the_work(loading: Loading) -> None:
    for row in rows("engagements"):
        if offered(row):
            with loading.inside(row["consultancy_slug"]):
                engagement = opened(loading, row)
                loading.engagements[row["engagement_id"]] = (engagement.tenant_id, engagement.id)
                rated(loading, row, engagement)
                heard(loading, row, engagement)
                found(loading, row, engagement)
                kept_register(loading, row, engagement)
                audited(row["engagement_id"], engagement, by=loading.members[lead_of(row)].id)
                moved_on(row, engagement)
    consents(loading)


def lead_of(row: dict[str, str]) -> str:
    return next(rows("assignments", engagement_id=row["engagement_id"], assignment="lead"))["person_id"]


def opened(loading: Loading, row: dict[str, str]) -> Engagement:
    client = db.session.get_one(Client, (tenant_session().tenant_id, loading.clients[row["client_id"]].id))
    lead = loading.members[lead_of(row)]
    sites = [loading.sites[site["site_id"]] for site in rows("sites", client_id=row["client_id"])]
    engagement = engagements.open_engagement(
        client,
        kind=row["kind"],
        standard=STANDARDS[row["standard"]],
        title=row["title"],
        language=row["deliverable_language"],
        opened_on=date.fromisoformat(row["opened_on"]),
        by=lead.id,
        lead=lead,
        sites=sites,
        kick_off_on=day(row["kick_off_on"]),
        site_visit_from=day(row["site_visit_from"]),
        site_visit_to=day(row["site_visit_to"]),
        report_due_on=day(row["report_due_on"]),
        audit_window=row["planned_audit_window"],
        independence_note=row["independence_note"],
        follows_id=loading.engagements[row["follows"]][1] if row["follows"] else None,
    )
    for assignment in rows("assignments", engagement_id=row["engagement_id"]):
        if assignment["assignment"] != "lead":
            engagements.assign(
                engagement, member=loading.members[assignment["person_id"]], part=assignment["assignment"], by=lead.id,
                reason=assignment["independence_reason"],
            )  # fmt: skip
    return engagement


def rated(loading: Loading, row: dict[str, str], engagement: Engagement) -> None:
    """The filled checklist goes through the importer that users have."""
    path = CHECKLISTS / f"{row['client_id']}.xlsx"
    if row["kind"] != "gap_analysis" or row["stage"] == "intake" or not path.exists():
        return
    assessment = assessments.of_engagement(engagement)
    by = loading.members[lead_of(row)].id
    kept = checklists.receive(
        assessment,
        file_name=f"checklist_{path.name}",
        content=path.read_bytes(),
        files=file_store(current_app.config),
        by=by,
    )
    db.session.flush()
    db.session.refresh(assessment)
    checklists.apply(kept, revision=assessment.revision, by=by)


def found(loading: Loading, row: dict[str, str], engagement: Engagement) -> None:
    judged = assessments.judged(assessments.of_engagement(engagement))
    for one in rows("findings", engagement_id=row["engagement_id"]):
        requirement = one["reference"].removeprefix("COR ").strip()
        rating = judged[requirement].rating if requirement in judged else None
        finding = findings.raise_finding(
            engagement,
            by=loading.members[one["raised_by"]].id,
            raised_on=date.fromisoformat(one["raised_on"]),
            requirement=requirement,
            grade=GRADES.get(one["grade"], one["grade"]),
            title=one["title"],
            statement=one["statement"],
            evidence=one["evidence"],
            recommendation=rating.recommendation if rating else "",
            owner_text=rating.owner_text if rating else "",
            due=rating.due if rating else None,
            status="open",  # it is closed once its actions are there
            legal_duty=duty_in_words(one["duty_id"]),
        )
        for action in rows("corrective_actions", finding_id=one["finding_id"]):
            findings.plan_action(finding, by=loading.members[lead_of(row)].id, **action_fields(action))
        finding.status = one["status"]


def duty_in_words(duty_id: str) -> str:
    """The citation, which the finding prints, with what the duty is."""
    found = next(rows("ohsa_duties", id=duty_id), None) if duty_id else None
    return f"{found['citation']}: {found['duty']}"[:160] if found else ""


def action_fields(action: dict[str, str]) -> dict[str, Any]:
    return {
        "correction": action["correction"],
        "root_cause": action["root_cause"],
        "action": action["corrective_action"],
        "control_level": action["hierarchy_level"],
        "owner_text": action["owner"],
        "due": day(action["due_on"]),
        "status": ACTION_STATES.get(action["status"], action["status"]),
        "completed_on": day(action["completed_on"]),
        "verified_by": action["verified_by"],
        "verified_on": day(action["verified_on"]),
        "effect_check": action["effect_check"],
    }


def kept_register(loading: Loading, row: dict[str, str], engagement: Engagement) -> None:
    if row["kind"] != "program_development":
        return
    kept = register_queries.of_engagement(engagement)
    entries = {
        one["doc_code"]: {
            "state": one["status"],
            "note": one["note"],
            "number": one["document_number"],
            "issue": one["revision"],
            "dated": day(one["dated"]),
            "approver": one["approver"],
            "review_due": day(one["review_due"]),
        }
        for one in rows("documents", client_id=row["client_id"])
        if one["doc_code"] in kept
    }
    register.keep_register(engagement, entries=entries, revisions={}, by=loading.members[lead_of(row)].id)


def moved_on(row: dict[str, str], engagement: Engagement) -> None:
    """Planned and real dates by stage, then up to the stage of today."""
    stages = {stage.stage: stage for stage in reading.stages(engagement)}
    for one in rows("engagement_stages", engagement_id=row["engagement_id"]):
        stage = stages[STAGES[one["stage"]]]
        stage.planned_from = stage.planned_from or day(one["planned_start"])
        stage.planned_to = day(one["planned_end"]) or stage.planned_to
        stage.started_on = stage.started_on or day(one["actual_start"])
    until = NOW.get(row["stage"])
    for key, stage in stages.items():
        if key == until or row["stage"] == "closed_lost":
            break
        on = day(
            next(
                (
                    one["actual_end"]
                    for one in rows("engagement_stages", engagement_id=row["engagement_id"])
                    if STAGES[one["stage"]] == key
                ),
                "",
            )
        )
        engagements.finish_stage(
            engagement, stage=key, on=on or stage.started_on or engagement.opened_on, by=engagement.lead_id
        )
    if row["closed_on"]:
        engagement.closed_on = day(row["closed_on"])
    db.session.flush()
    engagements.measure_progress(engagement)


def consents(loading: Loading) -> None:
    partners = partner_ids(loading)
    for row in rows("partner_consents"):
        if row["engagement_id"] not in loading.engagements:
            continue
        tenant_id, engagement_id = loading.engagements[row["engagement_id"]]
        slug = next(slug for slug, one in loading.tenants.items() if one == tenant_id)
        with loading.inside(slug):
            db.session.add(
                Consent(
                    partner_id=partners[row["partner_id"]],
                    tenant_id=tenant_id,
                    engagement_id=engagement_id,
                    show_employer=row["show_employer_name"] == "yes",
                    reference=f"REF-{str(engagement_id)[:8].upper()}",
                    granted_on=date.fromisoformat(row["granted_on"]),
                    expires_on=date.fromisoformat(row["expires_on"]),
                    revoked_on=day(row["revoked_on"]),
                )
            )


def partner_ids(loading: Loading) -> dict[str, UUID]:
    with loading.app.app_context():
        return {row["partner_id"]: partner_named(row["name"]) for row in rows("partners")}


def request_reports(loading: Loading) -> None:
    """The first report, and one of every other kind, wait in the queue for a worker."""
    wanted = (
        ("tolmie-gap-2026", "gap_report", ""),
        ("tolmie-gap-2026", "corrective_action_plan", ""),
        ("tolmie-prog-2026", "roadmap", ""),
        ("tolmie-prog-2026", "policy", "P1"),
        ("tolmie-prog-2026", "procedure", "A1"),
        ("stonebridge-cor-2026", "pre_audit_report", ""),
    )
    for name, kind, subject in wanted:
        tenant_id, engagement_id = loading.engagements[name]
        slug = next(slug for slug, one in loading.tenants.items() if one == tenant_id)
        with loading.inside(slug):
            engagement = db.session.get_one(Engagement, (tenant_id, engagement_id))
            closed_on, engagement.closed_on = engagement.closed_on, None  # it was asked for before that
            deliverables.request_deliverable(
                engagement,
                kind=kind,
                subject=subject,
                language="en",
                request_key=f"demo-{name}-{kind}",
                by=engagement.lead_id,
                today=today(),
            )
            engagement.closed_on = closed_on
