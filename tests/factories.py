"""Rows for tests, made by hand. Every column of every model is filled, so that a leak shows whatever it lets through.

They are made in the entered session and flushed, never committed: `entered` commits at its end.
"""

import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from consultancy.models.assessment import Assessment, ChecklistImport, Observation, Rating, RatingChange
from consultancy.models.brand import Brand
from consultancy.models.bulk_request import BulkItem, BulkRequest
from consultancy.models.client import Client, Contact, Site
from consultancy.models.comment import Comment
from consultancy.models.corrective_action import AlsoAnswers, CorrectiveAction
from consultancy.models.deliverable import Deliverable
from consultancy.models.document_event import DocumentEvent
from consultancy.models.document_template import DocumentTemplate, DocumentTemplateVersion
from consultancy.models.engagement import Assignment, Engagement, EngagementSite, EngagementStage
from consultancy.models.evidence import Evidence, EvidenceLink
from consultancy.models.field_workbook import FieldWorkbook, ReturnedWorkbook
from consultancy.models.finding import Finding
from consultancy.models.interview import Interview, InterviewAnswer
from consultancy.models.page_image import PageImage
from consultancy.models.phrase import Phrase
from consultancy.models.phrase_import import PhraseImport
from consultancy.models.planned_task import PlannedTask
from consultancy.models.register_entry import RegisterEntry
from consultancy.models.review_note import ReviewNote
from consultancy.models.saved_filter import SavedFilter
from consultancy.models.standard import OwnRequirement, OwnStandard
from tenants.audit import AuditChain
from tenants.database import db
from tenants.messages import Message
from tenants.models import Consent, Membership, Partner, Person, SignIn, Tenant
from tenants.permissions import Role
from tenants.platform import BreakGlass
from tests.audit_rows import make_attendee as make_attendee
from tests.audit_rows import make_audit_plan as make_audit_plan
from tests.audit_rows import make_followed_trail as make_followed_trail
from tests.audit_rows import make_involvement as make_involvement
from tests.audit_rows import make_plan_line as make_plan_line
from tests.audit_rows import make_stage1_answer as make_stage1_answer
from tests.audit_rows import make_trail_step as make_trail_step
from tests.certificate_rows import make_certificate as make_certificate
from tests.certificate_rows import make_recognition as make_recognition
from tests.certificate_rows import make_recognition_paper as make_recognition_paper
from tests.hsep_rows import make_hsep_plan as make_hsep_plan
from tests.hsep_rows import make_hsep_proof as make_hsep_proof
from tests.hsep_rows import make_hsep_step as make_hsep_step
from tests.hsep_rows import make_hsep_topic as make_hsep_topic
from tests.premium_rows import make_own_premium_band as make_own_premium_band
from tests.premium_rows import make_premium as make_premium
from tests.premium_rows import make_sose_amount as make_sose_amount
from tests.rows import DAY as DAY
from tests.rows import MOMENT as MOMENT
from tests.rows import PLANTED as PLANTED
from tests.rows import add, fill_open
from tests.rows import canary as canary
from tests.rows import entered as entered
from tests.training_rows import make_course_need as make_course_need
from tests.training_rows import make_own_course as make_own_course
from tests.training_rows import make_training_import as make_training_import
from tests.training_rows import make_training_proof as make_training_proof
from tests.training_rows import make_training_record as make_training_record
from tests.training_rows import make_worker as make_worker


def found_tenant(app: Flask, *, slug: str) -> UUID:
    """A committed consultancy with nothing in it; its id."""
    with app.app_context():
        tenant = make_tenant(slug=slug)
        db.session.commit()
        return tenant.id


def make_tenant(*, slug: str, name: str = "Northgate Safety", **columns: Any) -> Tenant:
    """A consultancy with the beginning of its audit trail. The session has entered it afterwards."""
    columns = {"suspended_at": None} | columns
    tenant: Tenant = add(Tenant(slug=slug, name=name, language="en", demo=False, **columns), "suspended_at")
    db.session().enter(tenant.id)
    db.session.add(AuditChain(head=b"", length=0))
    db.session.flush()
    return tenant


def make_partner(*, name: str = "Ontario Safety Association") -> Partner:
    return add(Partner(name=name))


def make_person(
    *, email: str = "", password_hash: str | None = None, partner_id: UUID | None = None, operator: bool = False
) -> Person:
    address = email or f"{canary()}@example.org"
    return add(
        Person(
            email=address,
            password_hash=password_hash,
            partner_id=partner_id,
            operator=operator,
            language="en",
            theme="auto",
            name="Priya Raman",
        )
    )


def make_sign_in(*, person: Person, token_sha256: bytes = b"", second_factor: bool = True) -> SignIn:
    """Somebody signed in, with a code given as well; without `second_factor`, with the password alone."""
    moment = datetime.now(UTC)
    row = SignIn(
        person_id=person.id, token_sha256=token_sha256 or secrets.token_bytes(32), created_at=moment,
        last_seen_at=moment, expires_at=moment + timedelta(hours=12),
        second_factor_at=moment if second_factor else None,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def make_member(
    *, role: Role = Role.CONSULTANT, person: Person | None = None, client: Client | None = None
) -> Membership:
    """A person in the consultancy; with a client, one of its client users."""
    row = Membership(
        person_id=(person or make_person()).id, role=Role.CLIENT if client else role, client_id=client and client.id,
        client_part="coordinator" if client else "", name=canary(), designations=canary(), joined_on=DAY,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def make_client(*, code: str = "", **columns: Any) -> Client:
    return add(
        Client(code=code or secrets.token_hex(5).upper(), language="en", jurisdiction="ontario",
               **{"wsib_schedule": 1, "headcount": 80, "participation_body": "jhsc"} | columns)
    )  # fmt: skip


def make_site(*, client: Client, **columns: Any) -> Site:
    return add(Site(client_id=client.id, **columns))


def make_contact(*, client: Client, part: str = "coordinator", **columns: Any) -> Contact:
    return add(Contact(client_id=client.id, part=part, **columns))


def make_engagement(
    *,
    client: Client,
    kind: str = "gap_analysis",
    lead: Membership | None = None,
    stage: str = "field_work",
    **columns: Any,
) -> Engagement:
    standard = columns.pop("standard", "iso45001-2018-amd1")
    return add(
        Engagement(client_id=client.id, kind=kind, standard=standard, language="en", lead_id=lead and lead.id,
                   stage=stage, percent=columns.pop("percent", 40), **columns)
    )  # fmt: skip


def make_stage(*, engagement: Engagement, stage: str = "field_work", **columns: Any) -> EngagementStage:
    return add(EngagementStage(engagement_id=engagement.id, stage=stage, **columns))


def make_engagement_site(*, engagement: Engagement, site: Site) -> EngagementSite:
    return add(EngagementSite(engagement_id=engagement.id, site_id=site.id))


def make_assignment(*, engagement: Engagement, member: Membership, part: str = "reviewer") -> Assignment:
    return add(Assignment(engagement_id=engagement.id, membership_id=member.id, part=part))


def make_assessment(*, engagement: Engagement, standard: str = "") -> Assessment:
    """Nothing is rated in it; who adds ratings by hand measures them."""
    return add(Assessment(engagement_id=engagement.id, standard=standard or engagement.standard, clause_levels={}))


def make_rating(
    *, assessment: Assessment, requirement: str = "6.1.2", level: int = 2, site: Site | None = None
) -> Rating:
    row = Rating(
        assessment_id=assessment.id, requirement=requirement, state="rated", level=level, priority="high",
        site_id=site and site.id, due=DAY, ignored=[],
    )  # fmt: skip
    return add(row, "source")


def make_observation(*, rating: Rating, by: Membership, method: str = "interview", **columns: Any) -> Observation:
    return add(Observation(rating_id=rating.id, by_id=by.id, method=method, **columns))


def make_rating_change(
    *, rating: Rating, by: Membership, observation: Observation | None = None
) -> RatingChange:
    return add(
        RatingChange(
            rating_id=rating.id, by_id=by.id, field="level", before="1", after="2",
            observation_id=observation and observation.id,
        )
    )  # fmt: skip


def make_checklist_import(*, assessment: Assessment, by: Membership) -> ChecklistImport:
    return add(ChecklistImport(assessment_id=assessment.id, by_id=by.id, file_sha256=secrets.token_hex(32)))


def make_field_workbook(*, assessment: Assessment, by: Membership, **columns: Any) -> FieldWorkbook:
    return add(FieldWorkbook(assessment_id=assessment.id, made_by_id=by.id, **columns))


def make_returned_workbook(*, workbook: FieldWorkbook, by: Membership, **columns: Any) -> ReturnedWorkbook:
    columns = {"file_sha256": secrets.token_hex(32)} | columns
    return add(ReturnedWorkbook(field_workbook_id=workbook.id, by_id=by.id, **columns))


def make_evidence(*, engagement: Engagement, by: Membership | None = None, **columns: Any) -> Evidence:
    """A clean text file in use; its content lies nowhere."""
    columns = {"state": "clean", "source": "document", "kind": "txt", "file_name": f"{canary()}.txt"} | columns
    row = Evidence(
        client_id=engagement.client_id, engagement_id=engagement.id, uploaded_by_id=by and by.id, **columns
    )  # fmt: skip
    return add(row, "small_file_key", "large_file_key", "retired_at", "checked_at")


def make_evidence_link(*, evidence: Evidence, assessment: Assessment, requirement: str = "6.1.2.1") -> EvidenceLink:
    return add(EvidenceLink(evidence_id=evidence.id, assessment_id=assessment.id, requirement=requirement))


def make_interview(*, engagement: Engagement, by: Any = None, number: int = 1, **columns: Any) -> Interview:
    """A worker was asked, on the first shift."""
    columns = {"role": "workers", "shift": 1, "held_on": DAY} | columns
    return add(Interview(engagement_id=engagement.id, number=number, by_id=by and by.id, **columns))


def make_interview_answer(*, interview: Interview, requirement: str = "6.1.2.1", **columns: Any) -> InterviewAnswer:
    columns = {"standard": "iso45001-2018-amd1", "confirmed": "partly"} | columns
    return add(InterviewAnswer(interview_id=interview.id, requirement=requirement, **columns))


def make_finding(*, engagement: Engagement, by: Membership | None = None, number: int = 1, **columns: Any) -> Finding:
    columns = {"grade": "minor", "status": "open", "requirement": "6.1.2", "training_course": ""} | columns
    return add(Finding(engagement_id=engagement.id, number=number, raised_by_id=by and by.id, **columns))


def make_corrective_action(
    *, finding: Finding, number: int = 1, status: str = "planned", **columns: Any
) -> CorrectiveAction:
    columns = {"effect_result": ""} | columns
    return add(
        CorrectiveAction(
            engagement_id=finding.engagement_id, finding_id=finding.id, number=number, status=status, **columns
        )
    )


def make_also_answers(*, action: CorrectiveAction, finding: Finding) -> AlsoAnswers:
    return add(AlsoAnswers(corrective_action_id=action.id, finding_id=finding.id))


def make_saved_filter(*, by: Membership, **columns: Any) -> SavedFilter:
    columns = {"list_name": "findings", "query": "grade=major"} | columns
    return add(SavedFilter(membership_id=by.id, **columns))


def make_phrase_import(*, by: Membership, **columns: Any) -> PhraseImport:
    """Read, sound, and one phrase long."""
    row = {"standard": "iso45001-2018-amd1", "requirement": "4.1", "part": "statement", "language": "en"}
    reading = {"rows": [row | {"text": "Seen."}], "problems": [], "left_out": [], "heads": {}}
    return add(PhraseImport(membership_id=by.id, **{"file_name": "phrases.csv", "reading": reading} | columns))


def make_phrase(*, by: Membership | None = None, **columns: Any) -> Phrase:
    """In use, about the hazards of ISO 45001."""
    columns = {
        "standard": "iso45001-2018-amd1", "requirement": "6.1.2.1", "language": "en", "part": "statement",
    } | columns  # fmt: skip
    return add(Phrase(written_by_id=by and by.id, **columns), "retired_at")


def make_register_entry(*, engagement: Engagement, document: str = "P1", state: str = "have") -> RegisterEntry:
    return add(RegisterEntry(engagement_id=engagement.id, document=document, state=state))


def make_document_event(*, entry: RegisterEntry, by: Membership | None = None, **columns: Any) -> DocumentEvent:
    columns = {"kind": "approval", "part": "", "struck_reason": "", "reached": None, "invited": None} | columns
    return add(DocumentEvent(register_entry_id=entry.id, by_id=by and by.id, **columns), "reached", "invited")


def make_planned_task(*, engagement: Engagement, **columns: Any) -> PlannedTask:
    columns = {"source": "requirement", "key": "4.1", "side": "client", "phase": "lead", "percent": 0} | columns
    return add(PlannedTask(engagement_id=engagement.id, **columns))


def make_deliverable(
    *, engagement: Engagement, by: Membership | None = None, kind: str = "gap_report", production: str = "ready",
    standing: str = "draft", **columns: Any,
) -> Deliverable:  # fmt: skip
    """A finished file by default. A queued or failed one has no digest yet."""
    row = Deliverable(
        engagement_id=engagement.id, client_id=engagement.client_id, kind=kind, language="en", production=production,
        standing=standing, requested_by_id=by and by.id, version=columns.pop("version", "1.0"),
        fence=columns.pop("fence", 0), attempts=columns.pop("attempts", 0),
        run_after=columns.pop("run_after", MOMENT), lease_until=columns.pop("lease_until", MOMENT),
        preview=columns.pop("preview", "none"), contents_pages=columns.pop("contents_pages", {}), **columns,
    )  # fmt: skip
    if production == "ready":
        row.check_report = row.check_report or {"checks": 20, "count": 1, "problems": [["tag", canary(), canary()]]}
    fill_open(
        row, "expires_on", "recipients", "replaced_key", "pdf_key", "page_count", "previewed_at", "pages_asked_at",
        "check_report",
    )  # fmt: skip
    if production != "ready":
        row.sha256 = None
    db.session.add(row)
    db.session.flush()
    return row


def make_consent(*, partner: Partner, engagement: Engagement, **columns: Any) -> Consent:
    columns = {"granted_on": DAY, "expires_on": date(2999, 1, 1), "revoked_on": None, "show_employer": False} | columns
    row = Consent(
        partner_id=partner.id, tenant_id=engagement.tenant_id, engagement_id=engagement.id,
        reference=columns.pop("reference", canary()), **columns,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def make_comment(*, deliverable: Deliverable, by: Membership, **columns: Any) -> Comment:
    return add(Comment(client_id=deliverable.client_id, deliverable_id=deliverable.id, by_id=by.id, **columns))


def make_review_note(*, deliverable: Deliverable, by: Membership, **columns: Any) -> ReviewNote:
    row = ReviewNote(deliverable_id=deliverable.id, by_id=by.id, **columns)
    return add(row, "settled_at")


def make_page_image(*, deliverable: Deliverable, **columns: Any) -> PageImage:
    columns = {"page": 1} | columns
    return add(PageImage(deliverable_id=deliverable.id, **columns))


def make_bulk_request(*, by: Membership, **columns: Any) -> BulkRequest:
    columns = {"kind": "gap_report", "language": "en", "not_before": MOMENT} | columns
    return add(BulkRequest(requested_by_id=by.id, **columns))


def make_bulk_item(*, request: BulkRequest, engagement: Engagement, **columns: Any) -> BulkItem:
    row = BulkItem(
        bulk_request_id=request.id, engagement_id=engagement.id, asked_by_id=request.requested_by_id, tries=1, **columns
    )  # fmt: skip
    return add(row, "deliverable_id")


def make_message(**columns: Any) -> Message:
    return add(Message(state=columns.pop("state", "waiting"), **columns))


def make_break_glass(*, person: Person, **columns: Any) -> BreakGlass:
    moment = datetime.now(UTC)
    return add(BreakGlass(person_id=person.id, opened_at=moment, until=moment + timedelta(hours=1), **columns))


REPORT = {"known": ["client.name"], "unused": [], "notices": [], "tried": 1}


def make_document_template(*, kind: str = "gap_report", language: str = "en", **columns: Any) -> DocumentTemplate:
    """In use, and not the default."""
    row = DocumentTemplate(kind=kind, language=language, is_default=columns.pop("is_default", False), **columns)
    return add(row, "retired_at")


def make_document_template_version(*, template: DocumentTemplate, **columns: Any) -> DocumentTemplateVersion:
    columns = {"number": 1, "report": REPORT, "preview": "none", "page_count": 9} | columns
    return add(DocumentTemplateVersion(document_template_id=template.id, **columns))


def make_brand(**columns: Any) -> Brand:
    look = {"primary": "7A1E4C", "accent": "8A4B00", "heading_font": "Georgia", "body_font": "Verdana"}
    return add(Brand(**look | columns))


def make_own_standard(**columns: Any) -> OwnStandard:
    """Published, and scored by levels; `published_at=None` makes a draft."""
    columns = {"kind": "standard", "based_on": "", "mark_legislated": 100, "licence_confirmed": True} | columns
    columns = {"published_at": MOMENT, "incoming": {}} | columns
    return add(OwnStandard(**columns), "published_at")


def make_own_requirement(*, standard: OwnStandard, code: str = "1.1", **columns: Any) -> OwnRequirement:
    columns = {"position": 1, "rule": "range", "element": "1"} | columns
    return add(OwnRequirement(own_standard_id=standard.id, code=code, **columns))
