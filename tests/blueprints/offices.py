"""Two consultancies with two employers each, everybody who could come to a page, and a canary in every text."""

from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from blueprints.identity import hashed
from consultancy.actions import field_workbooks
from consultancy.actions.checklists import as_plain
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.privacy import exports
from consultancy.privacy.export import export_client, export_tenant
from consultancy.privacy.retention import purge_plan, word_for
from consultancy.program_documents import DOCUMENTS
from consultancy.reports.planned import mark_of, plan_of
from consultancy.standards.rules import Draft
from consultancy.standards.words import choices
from document_templates import library
from document_templates.field_workbook_checking import Answer, Filled
from document_templates.logos import settled
from document_templates.photographs import settled as settled_picture
from tenants.database import db
from tenants.files import content_key, file_store, sha256_of
from tenants.founding import hash_password
from tenants.models import Membership, Person
from tenants.permissions import Role
from tenants.practices import practice, seen
from tenants.tokens import Token
from tests.blueprints.audited import audit
from tests.blueprints.papers import paper
from tests.blueprints.programs import programs
from tests.blueprints.trained import train
from tests.consultancy.checklists.files import excel, read, row
from tests.document_templates.filled_workbooks import filled
from tests.document_templates.word_files import picture
from tests.factories import (
    canary,
    entered,
    found_tenant,
    make_assessment,
    make_assignment,
    make_brand,
    make_break_glass,
    make_bulk_item,
    make_bulk_request,
    make_checklist_import,
    make_client,
    make_consent,
    make_contact,
    make_corrective_action,
    make_deliverable,
    make_document_event,
    make_document_template,
    make_document_template_version,
    make_engagement,
    make_evidence,
    make_evidence_link,
    make_finding,
    make_interview,
    make_interview_answer,
    make_member,
    make_message,
    make_observation,
    make_own_course,
    make_own_premium_band,
    make_own_requirement,
    make_own_standard,
    make_page_image,
    make_partner,
    make_person,
    make_phrase,
    make_rating,
    make_rating_change,
    make_register_entry,
    make_returned_workbook,
    make_review_note,
    make_sign_in,
    make_site,
    make_stage,
)

PASSWORD = "a long enough password"
NEXT_CENTURY = date(2099, 1, 1)
YESTERDAY = today() - timedelta(days=1)
WORD_FILE = b"PK\x03\x04 the bytes of a finished document"
PDF_FILE, PICTURE = b"%PDF-1.7 the bytes of its PDF", b"RIFF the bytes of a picture"
NOW_STAGE = {"gap_analysis": "assess", "program_development": "drafting", "pre_audit": "on_site"}
UNSURE = excel(row("4.1", "partial"))  # "partial" may be a level or another: the reader asks


@dataclass
class Employer:
    """Ids of an employer's rows by what they are, and the revision that each editable one stands at."""

    ids: dict[str, Any] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)

    def keep(self, **rows) -> None:
        self.ids |= {name: one.id for name, one in rows.items()}
        self.revisions |= {name: getattr(one, "revision", 0) for name, one in rows.items()}


@dataclass
class Office:
    tenant: UUID
    slug: str
    employers: tuple[Employer, Employer]


@dataclass
class Stand:
    """`people`: the word for a person -> (person's id, the value in their cookie, their sign-in's id)."""

    here: Office
    elsewhere: Office
    people: dict[str, tuple[UUID, str, UUID]]
    emails: dict[str, str]


def open_engagement(client: Client, *, kind: str = "gap_analysis", lead: Membership | None = None) -> Engagement:
    """An engagement in the middle of its work, with its stages and its assessment, open."""
    now = NOW_STAGE[kind]
    engagement = make_engagement(client=client, kind=kind, lead=lead, stage=now)
    engagement.closed_on, engagement.legal_hold = None, ""
    stages = [key for key, _word in choices(f"stages_{kind}")]
    for place, key in enumerate(stages):
        stage = make_stage(engagement=engagement, stage=key, position=place + 1)
        if place >= stages.index(now):
            stage.finished_on = None
    db.session.flush()
    return engagement


def photograph_of(app: Flask, engagement: Engagement, *, by: Membership) -> Any:
    """A photograph that speaks for a requirement, with its two sizes."""
    made = settled_picture(picture())
    keys = []
    for content, extension in ((made.content, made.kind), (made.small, "jpg"), (made.large, "jpg")):
        keys.append(content_key(engagement.tenant_id, "evidence", content, extension))
        file_store(app.config).put(keys[-1], content)
    return make_evidence(
        engagement=engagement, by=by, kind=made.kind, source="observation", file_key=keys[0], small_file_key=keys[1],
        large_file_key=keys[2], sha256=sha256_of(made.content), effective_on=YESTERDAY,
    )  # fmt: skip


def versions_of(app: Flask, engagement: Engagement, *, by: Membership) -> list[Deliverable]:
    """A document that the client had, and the draft that follows it: real files, which can be compared."""
    number, made = canary().upper(), []
    for version, standing, words in (("1.0", "released", "Walk weekly."), ("2.0", "draft", "Walk daily.")):
        content = paper(number, words)
        key = content_key(engagement.tenant_id, "deliverables", content, "docx")
        file_store(app.config).put(key, content)
        made.append(
            make_deliverable(
                engagement=engagement, by=by, kind="roadmap", number=number, version=version, standing=standing,
                file_key=key, sha256=sha256_of(content),
            )
        )  # fmt: skip
    return made


def fill_employer(app: Flask, *, lead: Membership) -> Employer:
    client = make_client(sector="manufacturing")
    employer, site = Employer(), make_site(client=client)
    make_contact(client=client)
    engagement, program = open_engagement(client, lead=lead), open_engagement(client, kind="program_development")
    make_assignment(engagement=engagement, member=lead, part="lead")
    assessment = make_assessment(engagement=engagement)
    make_rating(assessment=make_assessment(engagement=program), requirement="4.1", level=2)
    program.standard = "csa-z45001-2019"
    make_rating(assessment=make_assessment(engagement=program, standard=program.standard), requirement="4.1", level=2)
    rating = make_rating(assessment=assessment, requirement="6.1.2.1", level=1)
    observation = make_observation(rating=rating, by=lead)
    change = make_rating_change(rating=rating, by=lead)
    finding = make_finding(engagement=engagement, by=lead, requirement="6.1.2.1")
    action = make_corrective_action(finding=finding, owner_text="Dana", verified_by="Sam")
    evidence = photograph_of(app, engagement, by=lead)
    evidence_link = make_evidence_link(evidence=evidence, assessment=assessment)
    interview = make_interview(engagement=engagement, by=lead, site_id=site.id)
    make_interview_answer(interview=interview)
    audited = audit(employer, open_engagement(client, kind="pre_audit", lead=lead), client, lead=lead)
    entries = {one.code: make_register_entry(engagement=program, document=one.code) for one in DOCUMENTS}
    document_event = make_document_event(entry=entries["P1"], by=lead)
    key = content_key(engagement.tenant_id, "checklists", UNSURE, "xlsx")
    file_store(app.config).put(key, UNSURE)
    asked, whole = (make_checklist_import(assessment=assessment, by=lead) for _ in range(2))
    asked.reading, whole.reading = (as_plain(read(data)) for data in (UNSURE, excel(row("4.1", 2))))
    asked.file_name = whole.file_name = "checklist.xlsx"
    asked.file_key = whole.file_key = key
    asked.applied_at = whole.applied_at = None
    asked.answers = whole.answers = {}
    workbook, back = workbooks_of(app, employer, assessment, by=lead)
    key = content_key(engagement.tenant_id, "deliverables", WORD_FILE, "docx")
    file_store(app.config).put(key, WORD_FILE)
    pdf_key = content_key(engagement.tenant_id, "previews", PDF_FILE, "pdf")
    file_store(app.config).put(pdf_key, PDF_FILE)
    written = {"engagement": engagement, "by": lead, "file_key": key, "pdf_key": pdf_key}
    draft, released = make_deliverable(**written), make_deliverable(**written, standing="released")
    in_review, remarked = make_deliverable(**written, standing="in_review"), make_deliverable(**written)
    make_page_image(deliverable=draft, file_key=picture_of_a_page(app, engagement.tenant_id))
    older, newer = versions_of(app, engagement, by=lead)
    bulk = make_bulk_request(by=lead)
    make_bulk_item(request=bulk, engagement=engagement, problem="closed")
    queued, failed = (make_deliverable(engagement=engagement, by=lead, production=how) for how in ("queued", "failed"))
    db.session.flush()
    template, version = take_in_template(app, engagement.tenant_id)
    consent = make_consent(partner=make_partner(), engagement=engagement)
    secret = canary()
    employer.keep(member=make_member(), colleague=make_member(), invitation=invited(secret, by=lead), consent=consent)
    employer.ids |= {"invitation_secret": secret, "number": newer.number}
    employer.keep(
        client=client, site=site, engagement=engagement, program=program,
        assessment=assessment, rating=rating, observation=observation, rating_change=change, finding=finding,
        action=action, asked=asked, whole=whole, draft=draft,
        evidence=evidence, evidence_link=evidence_link, interview=interview,
        released=released, queued=queued, failed=failed, in_review=in_review,
        review_note=make_review_note(deliverable=remarked, by=lead), bulk_request=bulk,
        pre_audit=audited,
        field_workbook=workbook, returned=back, phrase=make_phrase(by=lead), document_template=template,
        document_event=document_event,
        version=version, older=older, newer=newer,
    )  # fmt: skip
    train(employer, client, program, evidence, by=lead)
    employer.keep(**programs(client, evidence))
    employer.ids["proposal"] = mark_of(plan_of(engagement, today()).proposal(NEXT_CENTURY))
    return employer


def workbooks_of(app: Flask, employer: Employer, assessment: Any, *, by: Membership) -> tuple[Any, Any]:
    """A workbook for a visit, and one that came back: a requirement rated, something noted."""
    files = file_store(app.config)
    workbook = field_workbooks.make(
        assessment, site=None, language="en", author=canary(), files=files, by=by.id, today=today()
    )
    employer.ids["filled"] = filled(files.get(workbook.file_key), {"4.1": {"r": "2 Developing", "n": "Seen."}})
    back = make_returned_workbook(workbook=workbook, by=by, file_name="filled.docx")
    back.reading = field_workbooks.as_plain(Filled((Answer("4.1", "2", canary(), "d"),), ()))
    back.applied_at = None
    return workbook, back


def picture_of_a_page(app: Flask, tenant: UUID) -> str:
    key = content_key(tenant, "previews", PICTURE, "webp")
    file_store(app.config).put(key, PICTURE)
    return key


def take_in_template(app: Flask, tenant: UUID) -> tuple[Any, Any]:
    """A template of the consultancy's own, as if it had uploaded our starter."""
    content = library.starter("roadmap").content
    key = content_key(tenant, "document_templates", content, "docx")
    file_store(app.config).put(key, content)
    template = make_document_template(kind="roadmap")
    return template, make_document_template_version(
        template=template, file_key=key, sha256=sha256_of(content), file_name="ours.docx", size=len(content),
        image_key=picture_of_a_page(app, tenant),
    )


def draw_brand(app: Flask, tenant: UUID) -> Any:
    """The look of the consultancy's documents, with a logo."""
    logo = settled(picture())
    key = content_key(tenant, "logos", logo.content, logo.kind)
    file_store(app.config).put(key, logo.content)
    return make_brand(file_key=key, logo_kind=logo.kind, logo_width=logo.width, logo_height=logo.height)


def keep_records(app: Flask, office: Office) -> None:
    """What the duties on records need: exports that were made, a client that may go, mail whose time is over."""
    with entered(app, office.tenant) as session:
        owner = session.scalars(sa.select(Membership.id).where(Membership.role == Role.OWNER)).one()
        make_message(state="sent", created_at=datetime(2020, 3, 2, tzinfo=UTC))
        for employer in office.employers:
            engagement = session.get(Engagement, (office.tenant, employer.ids["engagement"]))
            leaving = make_client(sector="manufacturing")
            make_engagement(client=leaving, lead=engagement.lead, legal_hold="", stage="assess")
            employer.ids |= {"leaving": leaving.id, "leaving_code": leaving.code}
            client = session.get(Client, (office.tenant, employer.ids["client"]))
            export_client(client, profile="client", files=file_store(app.config), by=owner)
        export_tenant(files=file_store(app.config), by=owner)
    with entered(app, office.tenant):
        plan, (whole,) = word_for(purge_plan(today())), exports.made()
        for employer in office.employers:
            (made,) = exports.made(employer.ids["client"])
            employer.ids |= {"made": made.entry.id, "whole_made": whole.entry.id, "plan": plan}


def invited(secret: str, *, by: Membership) -> Token:
    """Somebody new was invited as a consultant, with a link that ends with the secret."""
    row = Token(
        purpose="invitation", token_sha256=hashed(secret), tenant_id=by.tenant_id, email=f"{secret}@example.org",
        details={"role": "consultant", "client_id": None, "client_part": None, "by": str(by.id)},
        expires_at=datetime.now(UTC) + timedelta(days=7),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def write_standards() -> dict[str, Any]:
    """A draft with two requirements and a file that was read, and a published version."""
    waiting = {"rows": [asdict(Draft(code="9.9", title="Ninth"))], "problems": [], "left_out": [], "file_name": "o.csv"}
    draft = make_own_standard(published_at=None, licence_confirmed=False, incoming=waiting)
    first, _second = (
        make_own_requirement(standard=draft, code=code, position=place) for place, code in enumerate(("1.1", "1.2"))
    )
    published = make_own_standard(published_by_id=None)
    make_own_requirement(standard=published)
    return {
        "own_standard": draft, "own_requirement": first, "own_published": published, "own_course": make_own_course(),
        "band": make_own_premium_band(),
    }  # fmt: skip


def fill_office(app: Flask, slug: str, make) -> Office:
    """A consultancy with its people, named by `make(word, role)`, and two employers with a client user each."""
    tenant = found_tenant(app, slug=slug)
    with entered(app, tenant):
        lead = make_member(person=make("con"))
        make_member(role=Role.OWNER, person=make("own"))
        make_member(role=Role.ADMIN, person=make("adm"))
        make_member(person=make("conx"))
        make_member(person=make("off")).left_on = YESTERDAY
        employers = (fill_employer(app, lead=lead), fill_employer(app, lead=lead))
        brand, own = draw_brand(app, tenant), write_standards()
        for employer in employers:
            employer.keep(brand=brand, **own)
        for word, employer in zip(("cli", "clix"), employers, strict=True):
            client = db.session.get_one(Client, (tenant, employer.ids["client"]))
            employer.keep(user=make_member(person=make(word), client=client))
    return Office(tenant, slug, employers)


def fill_stand(app: Flask) -> Stand:
    people: dict[str, tuple[UUID, str, UUID]] = {}
    emails: dict[str, str] = {}
    password_hash = hash_password(PASSWORD)

    def person(word: str, **columns) -> Person:
        token = f"{word}-cookie"
        made = make_person(password_hash=password_hash, **columns)
        people[word] = (made.id, token, make_sign_in(person=made, token_sha256=hashed(token)).id)
        emails[word] = made.email
        return made

    here = fill_office(app, "northgate", person)
    elsewhere = fill_office(app, "lakeshore", lambda word: person(f"out_{word}"))
    for word, office in (("par", here), ("out_par", elsewhere), ("parx", None)):
        with entered(app, office.tenant) if office else app.app_context():
            partner = make_partner(name=f"Association of {word}")
            person(word, partner_id=partner.id)
            if office:
                engagement = db.session.get_one(Engagement, (office.tenant, office.employers[0].ids["engagement"]))
                make_consent(partner=partner, engagement=engagement)
            db.session.commit()
    with app.app_context():
        person("op", operator=True)
        watching = person("op2", operator=True).id  # reads everywhere, and the owners may end it
        db.session.commit()
    for office in (here, elsewhere):
        with entered(app, office.tenant):
            glass = make_break_glass(person=db.session.get_one(Person, watching))
            words = {"consultancy": office.tenant, "glass": glass.id, "seen": seen(practice())}
            for employer in office.employers:
                employer.ids |= words
        keep_records(app, office)
    return Stand(here, elsewhere, people, emails)
