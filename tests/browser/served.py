"""The demo practice, served by a real web server on a database of its own, for a browser to walk through."""

import hashlib
import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
import sqlalchemy as sa
from flask import Flask
from PIL import Image

from blueprints.demo.files import CHECKLISTS
from blueprints.demo.hsep_plans import plan_topics
from blueprints.demo.practice import PASSWORD, TOTP_SECRET, Loading, found
from blueprints.demo.premiums import pay
from blueprints.demo.training import train
from blueprints.demo.work import do_the_work
from consultancy.actions import brand, checklists, document_templates, engagements
from consultancy.actions import evidence as pieces
from consultancy.calendar import today
from consultancy.models.audit_plan import PlanLine
from consultancy.models.client import Client
from consultancy.models.corrective_action import CorrectiveAction
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from consultancy.models.followed_trail import FollowedTrail
from consultancy.models.interview import Interview
from consultancy.privacy import export, exports
from consultancy.queries import assessments
from consultancy.queries import document_templates as queries
from document_templates import library, pdf_pages
from tenants import credentials, founding, invitations, platform, resets
from tenants.database import db
from tenants.files import content_key, file_store
from tenants.models import Membership, Person, Tenant
from tenants.permissions import Role
from tests.blueprints.papers import paper
from tests.browser.desks import desks
from tests.browser.files import AMBIGUOUS, BROKEN
from tests.browser.hsep import hsep_of
from tests.browser.screens import PRODUCTIONS, STANDINGS
from tests.browser.standards import on_own_standards, own_standards
from tests.browser.training import training_of
from tests.browser.visits import workbooks
from tests.document_templates import word_files
from tests.factories import (
    entered,
    make_bulk_item,
    make_bulk_request,
    make_deliverable,
    make_member,
    make_page_image,
    make_phrase,
    make_review_note,
)

SLUG = "northfield-ridge"
OWNER = "p.oyelaran@northfield-ridge.example"
NAMED = {
    "gap": "tolmie-gap-2026",
    "program": "tolmie-prog-2026",
    "pre_audit": "stonebridge-cor-2026",
    "asked": "cedarline-pre-2026",
    "audited": "cedarline-pre-2026",
}
FAILURE = "The template has a tag that is never closed: {% if."
WORD = b"PK\x05\x06" + bytes(18)  # an archive with nothing in it: what a file holds is not this suite's subject


@dataclass
class Served:
    """The practice at an address; `places` are the ids that addresses are made of, by a word for each."""

    app: Flask
    url: str
    slug: str
    tenant: UUID
    places: dict[str, UUID]

    def address(self, endpoint: str, **values: object) -> str:
        """The full address of a page; values that name a place become its id."""
        known = {name: self.places.get(value, value) for name, value in values.items()}
        rule = next(self.app.url_map.iter_rules(endpoint))
        if "tenant_slug" in rule.arguments:
            known.setdefault("tenant_slug", self.slug)
        return self.url + self.app.url_map.bind("127.0.0.1").build(endpoint, known)

    def fresh_engagement(self, kind: str = "gap_analysis", standard: str = "iso45001-2018-amd1") -> UUID:
        """A newly opened engagement of the first client, with nothing rated."""
        with entered(self.app, self.tenant) as session:
            lead = owner_of(session)
            client = session.scalars(sa.select(Client).where(Client.id == self.places["client"])).one()
            return engagements.open_engagement(
                client, kind=kind, standard=standard, title=f"Walk {uuid4().hex[:6]}", language="en",
                opened_on=date(2026, 3, 2), by=lead.id, lead=lead,
                lead_reason="She reviews every page.",
            ).id  # fmt: skip

    def speak(self, email: str, language: str) -> None:
        with self.app.app_context():
            db.session.execute(sa.update(Person).where(Person.email == email).values(language=language))
            db.session.commit()


def owner_of(session) -> Membership:
    return session.scalars(
        sa.select(Membership).join(Person, Person.id == Membership.person_id).where(Person.email == OWNER)
    ).one()


def load(app: Flask) -> Served:
    """The demo practice, and one deliverable in every state a deliverable can be in."""
    loading = Loading(app)
    found(loading)
    train(loading)
    pay(loading)
    do_the_work(loading)
    plan_topics(loading)
    tenant = loading.tenants[SLUG]
    places = {name: loading.engagements[key][1] for name, key in NAMED.items()}
    places |= deliverables_in_every_state(app, tenant, places["gap"])
    places |= uploads(app, tenant, places)
    visit = Served(app, "", SLUG, tenant, places).fresh_engagement()
    places |= {"visit": visit} | workbooks(app, tenant, visit)
    places |= evidence_of(app, tenant, places["rated"])
    places |= people(app, tenant)
    places |= {"tenant": tenant, "suspended": platform_of(app)}
    with entered(app, tenant) as session:
        gap = session.scalars(sa.select(Engagement).where(Engagement.id == places["gap"])).one()
        places["client"] = gap.client_id
        places["other_client"] = session.scalars(sa.select(Client.id).where(Client.id != places["client"])).first()
        places["finding"] = session.scalars(
            sa.select(Finding.id).where(Finding.engagement_id == places["pre_audit"])
        ).first()
        places["interview"] = session.scalars(
            sa.select(Interview.id).where(Interview.engagement_id == places["asked"], Interview.note != "")
        ).first()
        places["action"] = session.scalars(
            sa.select(CorrectiveAction.id).where(CorrectiveAction.engagement_id == places["pre_audit"])
        ).first()
        places["closed_action"] = session.scalars(
            sa.select(CorrectiveAction.id).where(CorrectiveAction.engagement_id == gap.id)
        ).first()
        places["closed_finding"] = session.scalars(sa.select(Finding.id).where(Finding.engagement_id == gap.id)).first()
        places["plan_line"] = session.scalars(
            sa.select(PlanLine.id).where(PlanLine.engagement_id == places["audited"]).order_by(PlanLine.starts)
        ).first()
        places["followed_trail"] = session.scalars(sa.select(FollowedTrail.id)).first()
        places["closed"] = session.scalars(sa.select(Engagement.id).where(Engagement.closed_on.is_not(None))).first()
    with app.app_context():
        other = db.session.scalars(sa.select(Tenant).where(Tenant.slug != SLUG, Tenant.suspended_at.is_(None))).first()
        other_id = other.id
        db.session.rollback()
    with entered(app, other_id) as session:
        places["foreign_client"] = session.scalars(sa.select(Client.id)).first()
    places |= training_of(app, tenant, places["client"], owner_of)
    places |= hsep_of(app, tenant, places["client"])
    places["reset_secret"] = reset_link(app)
    served = Served(app, "", SLUG, tenant, places)
    places["unrated"] = served.fresh_engagement()
    places |= exports_of(app, tenant, places["client"])
    places |= templates_of(app, tenant)
    by_points_key, own = own_standards(app, tenant, owner_of)
    places |= own | on_own_standards(app, tenant, served, by_points_key, owner_of)
    places |= desks(app, tenant, served, owner_of)
    return served


def platform_of(app: Flask) -> UUID:
    """Somebody who runs the platform, and a consultancy that they suspended."""
    with app.app_context():
        person = founding.add_person(
            email="operator@platform.example", name="Noor Haddad", language="en",
            password_hash=founding.hash_password(PASSWORD),
        )  # fmt: skip
        platform.appoint(person, by=None)
        credentials.install(person.id, secret=TOTP_SECRET)
        closed = founding.open_consultancy(slug="closed", name="Closed", legal_name="Closed Inc.", language="en")
        db.session.flush()
        platform.suspend(closed, reason="They asked us to.", by=person.id)
        db.session.commit()
        return closed.id


def reset_link(app: Flask) -> str:
    """A living link for somebody who never signs in here: it would die of that."""
    secrets: list[str] = []

    def letter(secret: str) -> tuple[str, str]:
        secrets.append(secret)
        return "Choose a new password", secret

    with app.app_context():
        resets.ask("l.dsouza@northfield-ridge.example", letter=letter)
        db.session.commit()
    return secrets[0]


def people(app: Flask, tenant: UUID) -> dict[str, Any]:
    """A colleague, one who left, a client user, and the open invitation of somebody new."""
    secret = invitations.new_secret()
    with entered(app, tenant) as session:
        owner = owner_of(session).id
        invitations.invite(
            email="new@northfield-ridge.example", role=Role.CONSULTANT, secret=secret, subject="s", body="b", by=owner,
            today=today(),
        )  # fmt: skip
        staff = sa.select(Membership.id).where(Membership.client_id.is_(None), Membership.id != owner)
        former = make_member()
        former.left_on = today()
        return {
            "member": session.scalars(staff.where(Membership.left_on.is_(None))).first(),
            "former_member": former.id,
            "portal_user": session.scalars(sa.select(Membership.id).where(Membership.client_id.is_not(None))).first(),
            "invitation": secret,
        }


def exports_of(app: Flask, tenant: UUID, client_id: UUID) -> dict[str, UUID]:
    """An export of one client and one of everything, as the owner made them."""
    with entered(app, tenant) as session:
        owner, client = owner_of(session), session.get(Client, (tenant, client_id))
        export.export_client(client, profile="client", files=file_store(app.config), by=owner.id)
        export.export_tenant(files=file_store(app.config), by=owner.id)
    with entered(app, tenant):
        return {"client_export": exports.made(client_id)[0].entry.id, "whole_export": exports.made()[0].entry.id}


def templates_of(app: Flask, tenant: UUID) -> dict[str, Any]:
    """A template of the consultancy's own with something to mend, one that is retired, and a look with a logo."""
    files, ours = file_store(app.config), library.starter("gap_report").content
    with entered(app, tenant) as session:
        by = owner_of(session).id
        kept = {"language": "en", "files": files, "by": by}
        template = document_templates.add_template(
            name="House style", kind="gap_report", file_name="house.docx", content=ours, **kept
        )
        plain = word_files.template("Written for {{ client.name }}.")
        document_templates.add_version(template, file_name="house 2.docx", content=plain, files=files, by=by)
        retired = document_templates.add_template(
            name="Old roadmap", kind="roadmap", file_name="old.docx", content=plain, **kept
        )
        document_templates.retire(retired, by=by)
        brand.choose(
            primary="#7A1E4C", accent="#8A4B00", heading_font="Georgia", body_font="Verdana",
            logo=word_files.picture(size=(400, 120)), revision=0, files=files, by=by,
        )  # fmt: skip
        version = queries.newest(template)
        version.image_key = content_key(tenant, "previews", blank_page(), pdf_pages.IMAGE_KIND)
        version.preview, version.page_count = "made", 1
        files.put(version.image_key, blank_page())
        return {
            "template": template.id,
            "retired_template": retired.id,
            "template_version": version.id,
        }


def deliverables_in_every_state(app: Flask, tenant: UUID, engagement_id: UUID) -> dict[str, UUID]:
    states = [(production, "draft") for production in PRODUCTIONS] + [("ready", standing) for standing in STANDINGS]
    places = {}
    with entered(app, tenant) as session:
        engagement = session.scalars(sa.select(Engagement).where(Engagement.id == engagement_id)).one()
        key = content_key(tenant, "deliverables", WORD, "docx")
        file_store(app.config).put(key, WORD)
        for number, (production, standing) in enumerate(states):
            row = make_deliverable(
                engagement=engagement, by=engagement.lead, production=production, standing=standing,
                title="gap analysis report", number=f"TOLMIE-GAP-2025-{number + 1:02}", version="1.0", file_key=key,
                size=len(WORD), sha256=hashlib.sha256(WORD).hexdigest(), subject="",
                failure=FAILURE if production == "failed" else "",
                withdrawn_reason="It named a site that was not visited." if standing == "withdrawn" else "",
                run_after=sa.func.now() + timedelta(days=1), lease_until=sa.func.now() + timedelta(days=1),
            )  # fmt: skip
            places[standing if production == "ready" else production] = row.id
        places["newer"] = edited_copy(app, engagement)
        places["bulk_request"] = asked_in_bulk(engagement)
        places["phrase"] = make_phrase(text="Guards were taken off and nobody put them back.").id
        review = session.get_one(Deliverable, (tenant, places["in_review"]))
        show_pages(app, review)
        show_pages(app, session.get_one(Deliverable, (tenant, places["released"])))
        make_review_note(deliverable=review, by=engagement.lead, page=3, text="The chart has no title.")
    return places


def blank_page() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1000, 1294), "white").save(out, pdf_pages.IMAGE_KIND)
    return out.getvalue()


def show_pages(app: Flask, row: Deliverable) -> None:
    """Three blank pages, pictured, and a PDF of them."""
    pdf, store = io.BytesIO(), file_store(app.config)
    blank = pypdfium2.PdfDocument.new()
    for _ in range(3):
        blank.new_page(612, 792)
    blank.save(pdf)
    store.put(key := content_key(row.tenant_id, "previews", pdf.getvalue(), "pdf"), pdf.getvalue())
    row.pdf_key, row.preview, row.page_count, row.contents_pages = key, "made", 3, {"_Toc000001": "2"}
    for page, picture in enumerate(pdf_pages.images(pdf.getvalue(), 1, 3), 1):
        key = content_key(row.tenant_id, "previews", picture, pdf_pages.IMAGE_KIND)
        store.put(key, picture)
        make_page_image(deliverable=row, page=page, file_key=key)


def edited_copy(app: Flask, engagement: Engagement) -> UUID:
    """A second version of a document, with real files: what changed can be told."""
    for version, words in (("1.0", "The guards are checked weekly."), ("1.1", "The guards are checked daily.")):
        content = paper("TOLMIE-GAP-2024-01", words, "Two of five welders had no training record.")
        key = content_key(engagement.tenant_id, "deliverables", content, "docx")
        file_store(app.config).put(key, content)
        row = make_deliverable(
            engagement=engagement, by=engagement.lead, title="gap analysis report", number="TOLMIE-GAP-2024-01",
            version=version, file_key=key, size=len(content), sha256=hashlib.sha256(content).hexdigest(), subject="",
            failure="", withdrawn_reason="",
        )  # fmt: skip
    return row.id


def evidence_of(app: Flask, tenant: UUID, engagement_id: UUID) -> dict[str, UUID]:
    """A photograph, an old record, a file that waits for the scanner and one that it found infected."""
    sent = (
        ("Guard of press 4.jpg", word_files.picture("JPEG", size=(1600, 1200)), "observation"),
        ("Fire drill, spring.pdf", word_files.picture("PDF", size=(595, 842)), "record"),
        ("Legal register.xlsx", (CHECKLISTS / "tolmie.xlsx").read_bytes(), "document"),
        ("Macro of the supplier.txt", b"words", "document"),
    )
    with entered(app, tenant) as session:
        engagement = session.scalars(sa.select(Engagement).where(Engagement.id == engagement_id)).one()
        made = []
        for name, content, source in sent:
            (taken,) = pieces.take_in(
                engagement, sent=[pieces.Sent(name, content)], source=source,
                effective_on=date(2024, 5, 14) if source == "record" else today(), note="", requirement="6.1.3",
                files=file_store(app.config), to_be_scanned=False, by=engagement.lead_id,
            )  # fmt: skip
            made.append(taken.evidence)
        photograph, _record, waiting, infected = made
        pieces.link(photograph, engagement=engagement, requirement="6.1.2.1", by=engagement.lead_id)
        waiting.state, infected.state, infected.virus = "quarantined", "infected", "Eicar-Signature"
        return {"photograph": photograph.id, "waiting": waiting.id, "infected": infected.id}


def asked_in_bulk(engagement: Engagement) -> UUID:
    """A bulk request that is over, with a failure."""
    request = make_bulk_request(by=engagement.lead)
    make_bulk_item(request=request, engagement=engagement, problem="closed")
    return request.id


def uploads(app: Flask, tenant: UUID, places: dict[str, UUID]) -> dict[str, UUID]:
    """A checklist to preview, one that asks, one to mend, one that was applied."""
    served = Served(app, "", SLUG, tenant, places)
    with entered(app, tenant) as session:
        places["client"] = session.scalars(sa.select(Engagement.client_id).where(Engagement.id == places["gap"])).one()
    target, places["rated"] = served.fresh_engagement(), served.fresh_engagement()
    made = {"upload": target}
    with entered(app, tenant) as session:
        rated = session.scalars(sa.select(Engagement).where(Engagement.id == places["rated"])).one()
        assessment, by = assessments.of_engagement(rated), owner_of(session).id
        filled = CHECKLISTS / "tolmie.xlsx"
        kept = checklists.receive(
            assessment, file_name=filled.name, content=filled.read_bytes(), files=file_store(app.config), by=by
        )
        session.flush()
        session.refresh(assessment)
        checklists.apply(kept, revision=assessment.revision, by=by)
    files = {"preview": (CHECKLISTS / "fourabois.xlsx").read_bytes(), "questions": AMBIGUOUS, "problems": BROKEN}
    for name, content in files.items():
        with entered(app, tenant) as session:
            assessment = assessments.of_engagement(
                session.scalars(sa.select(Engagement).where(Engagement.id == target)).one()
            )
            suffix = "xlsx" if name == "preview" else "csv"
            kept = checklists.receive(
                assessment,
                file_name=f"{name}.{suffix}",
                content=content,
                files=file_store(app.config),
                by=owner_of(session).id,
            )
            made[name] = kept.id
    with entered(app, tenant) as session:
        kept = assessments.of_engagement(
            session.scalars(sa.select(Engagement).where(Engagement.id == places["gap"])).one()
        )
        made["applied"] = session.scalars(
            sa.select(checklists.ChecklistImport.id).where(checklists.ChecklistImport.assessment_id == kept.id)
        ).first()
    return made
