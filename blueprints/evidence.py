"""Evidence: files brought in by dropping, pasting, the camera or a plain form; the shelf; one piece; its pictures."""

from io import BytesIO
from math import ceil
from typing import Any

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm

from blueprints.assessments import first_error, known, wants_json
from blueprints.evidence_panel import (
    UploadForm,
    of_evidence,
    page_address,
    requirements_of,
    scanner_set_up,
    shown,
    upload_form,
)
from blueprints.forms import choice, clean, day, line, note, revision_seen, shown_name, uuid_or_none
from blueprints.guards import requires
from blueprints.headers import ASKED_AGAIN, OF_FILES
from blueprints.identity import me
from blueprints.page import member_words
from blueprints.rated_site import site_named
from blueprints.refusals import say_refusal
from consultancy.actions import evidence as acting
from consultancy.calendar import clock
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import Evidence
from consultancy.queries import assessments, clients, engagements
from consultancy.queries import evidence as pieces
from consultancy.standards.words import choices
from tenants.database import transaction
from tenants.files import file_store, sha256_in
from tenants.limits import KILOBYTE, MEGABYTE, NAME_CHARACTERS
from tenants.permissions import Permission

bp = Blueprint("evidence", __name__)

MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "txt": "text/plain",
    "jpg": "image/jpeg",
    "png": "image/png",
}


class EvidenceForm(FlaskForm):
    title = line(_l("Title"), required=True)
    source = choice(_l("What it is"), lambda: choices("sources", member_words()))
    effective_on = day(_l("Dated"), description=_l("The day it speaks of, not the day of the upload."))
    note = note(_l("Note"))
    revision = revision_seen()


class RetireForm(FlaskForm):
    reason = line(_l("Why it is taken out of use"))


@bp.get("/engagements/<uuid:engagement>/evidence")
@requires(Permission.EVIDENCE_READ, engagement=engagements.find)
def index(engagement):
    return shelf_page(engagement.client, engagement, upload_form(engagement, empty=True))


@bp.get("/clients/<uuid:client>/evidence")
@requires(Permission.EVIDENCE_READ, client=clients.find)
def of_client(client):
    return shelf_page(client, None, None)


@bp.post("/engagements/<uuid:engagement>/evidence")
@requires(Permission.EVIDENCE_WRITE, engagement=engagements.find)
def receive(engagement):
    """By the script one file at a time, or by the button all at once; what was refused stops nothing else."""
    site_named(engagement)
    form = upload_form(engagement)
    taken: list[acting.Taken] = []
    if form.validate_on_submit():
        try:
            with transaction():
                taken = acting.take_in(
                    engagement,
                    sent=[acting.Sent(shown_name(one.filename), one.read()) for one in form.files.data or []],
                    source=form.source.data,
                    effective_on=form.effective_on.data,
                    note=form.note.data,
                    requirement=form.requirement.data or "",
                    files=file_store(current_app.config),
                    to_be_scanned=scanner_set_up(),
                    by=me(),
                )
        except (acting.NoFiles, acting.TooManyFiles) as refusal:
            form.files.errors = [say_refusal(refusal)]
    refused = [_("%(name)s: %(why)s", name=one.file_name, why=say_refusal(one.refusal)) for one in taken if one.refusal]
    form.files.errors = [*form.files.errors, *refused]
    kept = [one for one in taken if one.evidence]
    if wants_json():
        sentence = said_of(kept[0]) if kept else first_error(form)
        return jsonify(sentence=sentence, kept=bool(kept)), 200 if kept else 422
    if not kept:
        return shelf_page(engagement.client, engagement, form), 422
    for one in kept:
        flash(said_of(one), "good")
    for sentence in refused:
        flash(sentence, "bad")
    if request.form.get("then") == "desk" and form.requirement.data:
        return redirect(url_for("assessments.show", engagement=engagement.id, requirement=form.requirement.data), 303)
    return redirect(url_for(".index", engagement=engagement.id), 303)


@bp.get("/engagements/<uuid:engagement>/assessment/<requirement>/evidence")
@requires(Permission.EVIDENCE_WRITE, engagement=engagements.find)
def choose(engagement, requirement):
    """What the client's shelf holds already and may speak for this requirement too."""
    known(engagement, requirement)
    site = site_named(engagement)
    words = clean(request.args.get("q", ""))[:NAME_CHARACTERS]
    found = pieces.to_link(assessments.of_engagement(engagement), engagement.client, requirement, words)
    return render_template(
        "evidence/choose.html",
        engagement=engagement,
        requirement=requirement,
        site=site,
        q=words,
        pieces=[shown(one) for one in found],
        more=len(found) == pieces.OFFERED,
    )


@bp.get("/evidence/<uuid:evidence>")
@requires(Permission.EVIDENCE_READ, evidence=pieces.find)
def show(evidence):
    return piece_page(evidence, EvidenceForm(formdata=None, obj=evidence))


@bp.post("/evidence/<uuid:evidence>")
@requires(Permission.EVIDENCE_WRITE, evidence=pieces.find)
def update(evidence):
    form = EvidenceForm()
    if not form.validate_on_submit():
        return piece_page(evidence, form), 422
    with transaction():
        acting.change(
            evidence,
            revision=int(form.revision.data),
            title=form.title.data,
            source=form.source.data,
            effective_on=form.effective_on.data,
            note=form.note.data,
            by=me(),
        )
    flash(_("Saved."), "good")
    return redirect(url_for(".show", evidence=evidence.id), 303)


@bp.post("/evidence/<uuid:evidence>/retire")
@requires(Permission.EVIDENCE_WRITE, evidence=pieces.find)
def retire(evidence):
    form = RetireForm()
    try:
        with transaction():
            acting.retire(evidence, reason=form.reason.data or "", by=me())
    except acting.ReasonForRetiring as refusal:
        form.reason.errors = [say_refusal(refusal)]
        return piece_page(evidence, EvidenceForm(formdata=None, obj=evidence), form), 422
    flash(_("Out of use. No report names it any more."), "good")
    return redirect(url_for(".show", evidence=evidence.id), 303)


@bp.post("/evidence/<uuid:evidence>/links")
@requires(Permission.EVIDENCE_WRITE, evidence=pieces.find)
def link(evidence):
    engagement = engagement_named(evidence)
    site_named(engagement)
    requirement = clean(request.form.get("requirement", ""))
    with transaction():
        acting.link(evidence, engagement=engagement, requirement=requirement, by=me())
    flash(_("“%(title)s” speaks for %(requirement)s now.", title=evidence.title, requirement=requirement), "good")
    if request.form.get("then") == "desk":
        return redirect(url_for("assessments.show", engagement=engagement.id, requirement=requirement), 303)
    return redirect(url_for(".show", evidence=evidence.id), 303)


@bp.post("/evidence/<uuid:evidence>/links/<uuid:evidence_link>/remove")
@requires(Permission.EVIDENCE_WRITE, evidence=pieces.find, evidence_link=pieces.find_link)
def unlink(evidence, evidence_link):
    if evidence_link.evidence_id != evidence.id:
        abort(404)
    with transaction():
        acting.unlink(evidence_link, by=me())
    flash(_("It no longer speaks for %(requirement)s.", requirement=evidence_link.requirement), "message")
    return redirect(url_for(".show", evidence=evidence.id), 303)


@bp.get("/evidence/<uuid:evidence>/file")
@requires(Permission.EVIDENCE_READ, evidence=pieces.find)
def download(evidence):
    """Always to be saved, never shown by the browser: a PDF may be a web page as well."""
    if evidence.state == "infected" or not evidence.file_key:
        abort(404)
    with transaction():
        acting.hand_over(evidence, by=me())
    content = BytesIO(file_store(current_app.config).get(evidence.file_key))
    answer = send_file(
        content, mimetype=MEDIA[evidence.kind], as_attachment=True, download_name=evidence.file_name, max_age=0
    )
    answer.headers.update(OF_FILES)
    return answer


@bp.get("/evidence/<uuid:evidence>/thumbnail")
@requires(Permission.EVIDENCE_READ, evidence=pieces.find)
def thumbnail(evidence):
    return picture(evidence, evidence.small_file_key)


@bp.get("/evidence/<uuid:evidence>/preview")
@requires(Permission.EVIDENCE_READ, evidence=pieces.find)
def preview(evidence):
    return picture(evidence, evidence.large_file_key)


def picture(evidence: Evidence, key: str | None) -> Any:
    """Drawn by us from the file's pixels. The browser may keep it, and asks each time whether its reader still may."""
    if evidence.state == "infected" or not key:
        abort(404)
    content = BytesIO(file_store(current_app.config).get(key))
    answer = send_file(content, mimetype="image/jpeg", etag=sha256_in(key))
    answer.headers.update(OF_FILES | {"Cache-Control": ASKED_AGAIN})
    return answer


def said_of(one: acting.Taken) -> str:
    if one.already and one.evidence:
        return _("%(name)s: already there as “%(title)s”.", name=one.file_name, title=one.evidence.title)
    if one.evidence and one.evidence.state == "quarantined":
        return _("%(name)s: kept, and being checked for viruses.", name=one.file_name)
    return _("%(name)s: kept.", name=one.file_name)


def engagement_named(evidence: Evidence) -> Engagement:
    """The engagement that a form names: of the same client, or it does not exist for this piece."""
    try:
        named = uuid_or_none(request.form.get("engagement"))
    except ValueError:
        abort(422)
    engagement = engagements.find(named) if named else evidence.engagement
    if engagement is None or engagement.client_id != evidence.client_id:
        abort(404)
    return engagement


def shelf_page(client: Client, engagement: Engagement | None, form: UploadForm | None) -> str:
    page = max(1, request.args.get("page", 1, int))
    words = clean(request.args.get("q", ""))[:NAME_CHARACTERS]
    chosen = request.args.get("filter", "")
    found, total = pieces.shelf(
        client, engagement=engagement, search=words, page=page,
        unlinked=chosen == "unlinked", retired=chosen == "retired",
    )
    last = max(1, ceil(total / pieces.PER_PAGE))
    return render_template(
        "evidence/index.html",
        engagement=engagement,
        client=client,
        form=form,
        q=words,
        filter=chosen,
        view="list" if request.args.get("view") == "list" else "grid",
        pieces=[shown(one, engagement) for one in found],
        facts=ngettext("%(num)s piece", "%(num)s pieces", total),
        scanner=scanner_set_up(),
        pages={
            "page": page,
            "pages": last,
            "total": total,
            "first": (page - 1) * pieces.PER_PAGE + 1,
            "last": min(page * pieces.PER_PAGE, total),
            "previous_url": page_address(page - 1) if page > 1 else None,
            "next_url": page_address(page + 1) if page < last else None,
        },
    )


def piece_page(evidence: Evidence, form: EvidenceForm, retiring: RetireForm | None = None) -> str:
    places = pieces.places_of(evidence)
    taken = {place.link.requirement for place in places if place.engagement_id == evidence.engagement_id}
    return render_template(
        "evidence/show.html",
        piece=of_evidence(evidence),
        file={
            "name": evidence.file_name,
            "size": size_in_words(evidence.size),
            "pixels": f"{evidence.width} × {evidence.height}" if evidence.width else "",
            "sha256": evidence.sha256,
            "by": pieces.uploaded_by(evidence) or _("The platform"),
            "can_be_opened": evidence.can_be_opened,
            "preview": url_for(".preview", evidence=evidence.id) if evidence.large_file_key else None,
            "virus": evidence.virus,
            "checked": clock(evidence.checked_at) if evidence.checked_at else "",
            "retired_reason": evidence.retired_reason,
        },
        form=form,
        retiring=retiring or RetireForm(formdata=None),
        places=[
            {
                "id": place.link.id,
                "requirement": place.link.requirement,
                "engagement": place.engagement,
                "url": url_for(
                    "assessments.show", engagement=place.engagement_id, requirement=place.link.requirement
                ),
            }
            for place in places
        ],
        offered=[(code, title) for code, title in requirements_of(evidence.engagement) if code not in taken],
        engagement=evidence.engagement,
    )


def size_in_words(size: int) -> str:
    if size < MEGABYTE:
        return _("%(n)d kB", n=max(1, round(size / KILOBYTE)))
    return _("%(n).1f MB", n=size / MEGABYTE)
