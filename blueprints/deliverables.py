"""Deliverables: requested on a page, written by the queue, downloaded, released, withdrawn."""

import secrets
from io import BytesIO
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from jinja2_fragments.flask import render_block
from wtforms import HiddenField, IntegerField, SelectMultipleField
from wtforms.validators import Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.forms import choice, day, note, whole
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import capital, may, member_words
from blueprints.refusals import say_refusal
from blueprints.reset import public_address
from consultancy.actions import deliverables as acting
from consultancy.actions import document_templates as choosing
from consultancy.actions.reviews import MOST_PAGES
from consultancy.calendar import clock, today
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.program_documents import DOCUMENTS
from consultancy.queries import comments, deliverables, document_templates, engagements, members, reviews
from consultancy.reports import OFFERED, MissingData
from consultancy.standards.words import say
from tenants import practices
from tenants.database import transaction
from tenants.files import file_store
from tenants.limits import COMMENT_CHARACTERS
from tenants.permissions import Permission
from workers.queues import DOCUMENTS as DOCUMENTS_QUEUE
from workers.queues import ring

bp = Blueprint("deliverables", __name__)

LANGUAGES = (("en", "English"),)  # in which a deliverable can be written
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


NOT_THIS_TEMPLATE = (choosing.NoSuchTemplate, choosing.TemplateRetired, choosing.TemplateOfOtherKind)


class DeliverableForm(FlaskForm):
    kind = choice(_l("Deliverable"), list)
    subject = choice(
        _l("Document"),
        lambda: [(one.code, f"{one.code} {one.title(member_words())}") for one in DOCUMENTS],
        empty=_l("For a policy or a procedure"),
    )
    language = choice(_l("Language"), lambda: LANGUAGES)
    template = choice(_l("Document template"), list, validate_choice=False)
    request_key = HiddenField(validators=[Regexp(r"[A-Za-z0-9_-]{16,64}\Z")])


class EditedForm(FlaskForm):
    file = FileField(_l("Word file (.docx)"), [FileRequired(_l("Choose a file."))])


class WithdrawForm(FlaskForm):
    reason = note(_l("Reason"), required=True)


class RemarkForm(FlaskForm):
    page = IntegerField(_l("Page"), whole(_l("Page"), 1, MOST_PAGES), render_kw={"min": 1, "inputmode": "numeric"})
    remark = note(_l("Remark"), required=True, longest=COMMENT_CHARACTERS)


class SendBackForm(FlaskForm):
    reason = note(_l("What is to be mended"), required=True, longest=COMMENT_CHARACTERS)


class ReleaseForm(FlaskForm):
    recipients = SelectMultipleField(
        _l("Tell by mail"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=True
    )
    message = note(_l("Message"), longest=COMMENT_CHARACTERS, description=_l("Stands in the mail, above the link."))
    expires_on = day(_l("Last day to download"), description=_l("Empty: as long as it is not withdrawn."))


class CommentForm(FlaskForm):
    text = note(_l("Comment"), required=True, longest=COMMENT_CHARACTERS)


@bp.get("/engagements/<uuid:engagement>/deliverables")
@requires(Permission.DELIVERABLE_READ, engagement=engagements.find)
def index(engagement):
    return page_of(engagement, request_form(engagement))


@bp.post("/engagements/<uuid:engagement>/deliverables")
@requires(Permission.DELIVERABLE_WRITE, engagement=engagements.find)
def create(engagement):
    form = request_form(engagement, DeliverableForm())
    if form.validate_on_submit():
        try:
            with transaction():
                deliverable = acting.request_deliverable(
                    engagement,
                    kind=form.kind.data,
                    subject=form.subject.data or "",
                    language=form.language.data,
                    template=form.template.data or "",
                    request_key=form.request_key.data,
                    by=me(),
                    today=today(),
                )
        except MissingData as missing:
            form.kind.errors = [missing.sentence]
        except NOT_THIS_TEMPLATE as refusal:
            form.template.errors = [say_refusal(refusal)]
        else:
            ring(DOCUMENTS_QUEUE)
            return redirect(url_for(".show", deliverable=deliverable.id), 303)
    return page_of(engagement, form), 422


@bp.get("/deliverables/<uuid:deliverable>")
@requires(Permission.DELIVERABLE_READ, deliverable=deliverables.find)
def show(deliverable):
    return render_template("deliverables/show.html", **shown(deliverable))


@bp.get("/deliverables/<uuid:deliverable>/progress")
@requires(Permission.DELIVERABLE_READ, deliverable=deliverables.find)
def progress(deliverable):
    return render_block("deliverables/show.html", "progress", **shown(deliverable))


@bp.get("/deliverables/<uuid:deliverable>/file")
@requires(Permission.DELIVERABLE_READ, deliverable=deliverables.find)
def download(deliverable):
    if deliverable.production != "ready":
        raise acting.WrongState(deliverable.production)
    content = file_store(current_app.config).get(deliverable.file_key)
    with transaction():
        acting.hand_over(deliverable, by=me())
    return as_download(content, deliverable.file_name)


@bp.post("/deliverables/<uuid:deliverable>/retry")
@requires(Permission.DELIVERABLE_WRITE, deliverable=deliverables.find)
def retry(deliverable):
    with transaction():
        acting.retry(deliverable, by=me())
    ring(DOCUMENTS_QUEUE)
    return redirect(url_for(".show", deliverable=deliverable.id), 303)


@bp.post("/deliverables/<uuid:deliverable>/cancel")
@requires(Permission.DELIVERABLE_WRITE, deliverable=deliverables.find)
def cancel(deliverable):
    with transaction():
        acting.cancel(deliverable, by=me())
    return redirect(url_for(".show", deliverable=deliverable.id), 303)


@bp.post("/deliverables/<uuid:deliverable>/release")
@requires(Permission.DELIVERABLE_RELEASE, deliverable=deliverables.find)
def release(deliverable):
    form, users = ReleaseForm(), members.users_of(deliverable.engagement.client)
    form.recipients.choices = [(str(one.member.id), one.member.name) for one in users]
    if not form.validate_on_submit():
        return render_template("deliverables/show.html", **shown(deliverable, release_form=form)), 422
    told = [one for one in users if str(one.member.id) in (form.recipients.data or [])]
    try:
        with transaction():
            acting.release(
                deliverable,
                by=me(),
                recipients=[acting.Recipient(one.member.name, one.email) for one in told],
                letter=letter_about(deliverable, form.message.data),
                expires_on=form.expires_on.data,
            )
    except acting.AccessEndsTooEarly as refusal:
        form.expires_on.errors = [say_refusal(refusal)]
        return render_template("deliverables/show.html", **shown(deliverable, release_form=form)), 422
    flash(_("Released. The client can download it now."), "good")
    return redirect(url_for(".show", deliverable=deliverable.id), 303)


@bp.post("/deliverables/<uuid:deliverable>/withdraw")
@requires(Permission.DELIVERABLE_RELEASE, deliverable=deliverables.find)
def withdraw(deliverable):
    form = WithdrawForm()
    if not form.validate_on_submit():
        return render_template("deliverables/show.html", **shown(deliverable, form=form)), 422
    with transaction():
        acting.withdraw(deliverable, reason=form.reason.data, by=me())
    flash(_("Withdrawn. The client no longer sees it."), "good")
    return redirect(url_for(".show", deliverable=deliverable.id), 303)


def letter_about(deliverable: Deliverable, message: str) -> acting.Letter:
    """The mail to the client’s people, in the client’s language."""
    firm, client = practices.practice(), deliverable.engagement.client
    page = url_for("portal.show", deliverable=deliverable.id)
    with force_locale(client.language):
        what = f"{capital(deliverable.title)} ({deliverable.number} v{deliverable.version})"
        subject = _("%(firm)s: a document is ready for you", firm=firm.name)
        body = _(
            "%(firm)s released a document for %(client)s: %(what)s.", firm=firm.name, client=client.name, what=what
        )
        return acting.Letter(subject, "\n\n".join(part for part in (body, message, public_address(page)) if part))


def as_download(content: bytes, name: str):
    return send_file(BytesIO(content), mimetype=WORD, as_attachment=True, download_name=name, max_age=0)


def request_form(engagement: Engagement, form: DeliverableForm | None = None) -> DeliverableForm:
    chosen = {"request_key": secrets.token_urlsafe(24), "language": "en", "kind": request.args.get("kind")}
    form = form or DeliverableForm(formdata=None, data=chosen)
    offered = OFFERED[engagement.kind]
    form.kind.choices = [(kind, capital(say("deliverables", kind, member_words()))) for kind in offered]
    form.template.choices = templates_offered(offered)
    if not {"policy", "procedure"} & set(offered):
        form.subject.choices = [("", _("For a policy or a procedure"))]
    return form


def templates_offered(kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    """The consultancy's own, defaults first, then ours. Which kind and language each is for stands beside it."""
    own = [
        (
            str(one.id),
            " · ".join(
                [
                    one.name,
                    capital(say("deliverables", one.kind, member_words())),
                    one.language.upper(),
                    *([_("default")] if one.is_default else []),
                ]
            ),
        )
        for one in document_templates.offered(kinds)
    ]
    if not own:
        return [(choosing.DEFAULT, _("Our starter"))]
    return [(choosing.DEFAULT, _("Your default, else our starter")), *own, (choosing.STARTER, _("Our starter"))]


def template_word(deliverable: Deliverable) -> str:
    version = deliverable.document_template_version
    if version is None:
        return _("our starter")
    return _("%(name)s, version %(number)s", name=deliverable.template, number=version.number)


def page_of(engagement: Engagement, form: DeliverableForm) -> str:
    rows = [
        {
            "title": capital(one.title),
            "number": one.number,
            "version": one.version,
            "language": one.language,
            "production": one.production,
            "standing": one.standing,
            "at": clock(one.requested_at),
            "by": one.requested_by.name if one.requested_by else _("The platform"),
            "url": url_for(".show", deliverable=one.id),
        }
        for one in deliverables.of_engagement(engagement)
    ]
    missing = [
        {"title": label, "url": url_for("problems.show", engagement=engagement.id, wanted=kind)}
        for kind, label in form.kind.choices
    ]
    return render_template("deliverables/index.html", engagement=engagement, rows=rows, form=form, missing=missing)


def shown(deliverable: Deliverable, **forms: FlaskForm) -> dict[str, object]:
    """What the page of a deliverable shows; `forms` are those that were refused, with what was typed."""
    done = {"queued": 0, "writing": 1, "ready": 2, "failed": 1, "cancelled": 0}[deliverable.production]
    released = deliverable.standing in ("released", "superseded", "withdrawn")
    newer = next(
        (one for one in deliverables.versions(deliverable) if one.requested_at > deliverable.requested_at), None
    )
    labels = (
        (_("Requested"), deliverable.requested_at),
        (_("Written"), deliverable.ready_at),
        (_("Released"), deliverable.released_at),
    )
    reached = 3 if released else done
    draft = deliverable.production == "ready" and deliverable.standing in ("draft", "in_review", "approved")
    return {
        "engagement": deliverable.engagement,
        "deliverable": {
            "id": deliverable.id,
            "title": capital(deliverable.title),
            "number": deliverable.number,
            "version": deliverable.version,
            "language": deliverable.language,
            "production": deliverable.production,
            "standing": deliverable.standing,
            "failure": deliverable.failure,
            "attempts": deliverable.attempts,
            "file_name": deliverable.file_name,
            "size_label": _("%(size)d kB", size=max(1, (deliverable.size or 0) // 1024)) if deliverable.size else "",
            "sha256": deliverable.sha256,
            "requested_label": _("requested %(at)s", at=clock(deliverable.requested_at)),
            "ready_label": _("written %(at)s", at=clock(deliverable.ready_at)) if deliverable.ready_at else "",
            "template_label": template_word(deliverable),
            "withdrawn_reason": deliverable.withdrawn_reason,
        },
        "steps": [
            {
                "label": label,
                "fact": clock(at) if at else "",
                "done": place < reached,
                "now": place == reached and not released,
            }
            for place, (label, at) in enumerate(labels)
        ],
        "may": {
            "download": deliverable.production == "ready",
            "retry": deliverable.production == "failed" and may(Permission.DELIVERABLE_WRITE),
            "release": draft and may(Permission.DELIVERABLE_RELEASE) and not waits_for_approval(deliverable),
            "remark": draft and may(Permission.DELIVERABLE_WRITE),
            "approve": deliverable.standing == "in_review" and may(Permission.DELIVERABLE_RELEASE),
            "send_back": deliverable.standing in ("in_review", "approved") and may(Permission.DELIVERABLE_RELEASE),
            "withdraw": deliverable.standing == "released" and may(Permission.DELIVERABLE_RELEASE),
        },
        "newer": newer_version(newer) if newer else None,
        "review": review_of(deliverable) if deliverable.production == "ready" and not released else None,
        "log": log_of(deliverable),
        "thread": said_about(deliverable),
        "comment_form": CommentForm(formdata=None)
        if deliverable.standing == "released" and may(Permission.DELIVERABLE_WRITE)
        else None,
        "form": WithdrawForm(formdata=None),
        "remark_form": RemarkForm(formdata=None),
        "edited_form": EditedForm(formdata=None) if may_edit(deliverable) else None,
        "compared": compared_label(deliverable),
        "edited": deliverable.edited_from_id is not None,
        "send_back_form": SendBackForm(formdata=None),
        "release_form": release_form(deliverable) if draft else None,
    } | forms


def may_edit(deliverable: Deliverable) -> bool:
    open_still = deliverable.engagement.closed_on is None and deliverable.standing != "withdrawn"
    return deliverable.production == "ready" and open_still and may(Permission.DELIVERABLE_WRITE)


def compared_label(deliverable: Deliverable) -> str:
    """The version that its changes can be told against, or ""."""
    before = deliverables.compared_with(deliverable) if deliverable.production == "ready" else None
    return f"v{before.version}" if before else ""


def release_form(deliverable: Deliverable) -> ReleaseForm:
    form = ReleaseForm(formdata=None)
    users = members.users_of(deliverable.engagement.client)
    form.recipients.choices = [(str(one.member.id), one.member.name) for one in users if one.member.left_on is None]
    form.recipients.data = []
    return form


def waits_for_approval(deliverable: Deliverable) -> bool:
    return practices.practice().approve_by_another and deliverable.standing != "approved"


def review_of(deliverable: Deliverable) -> dict[str, Any]:
    notes = [
        {
            "id": one.id,
            "page": one.page,
            "text": one.text,
            "by": one.by.name,
            "at": clock(one.created_at),
            "settled": one.settled_at is not None,
        }
        for one in reviews.notes_on(deliverable)
    ]
    return {
        "notes": notes,
        "open": sum(not one["settled"] for one in notes),
        "needs_another": waits_for_approval(deliverable),
        "mine": deliverable.requested_by_id == me(),
    }


def newer_version(newer: Deliverable) -> dict[str, str]:
    return {"title": f"v{newer.version}", "url": url_for("deliverables.show", deliverable=newer.id)}


def said_about(deliverable: Deliverable) -> list[dict[str, str]]:
    return [{"by": one.by_name, "at": clock(one.created_at), "text": one.text} for one in comments.thread(deliverable)]


def log_of(deliverable: Deliverable) -> list[dict[str, str]]:
    verbs = {
        "requested": _("Requested"),
        "written": _("Written"),
        "failed": _("Not written"),
        "retried": _("Tried again"),
        "cancelled": _("Cancelled"),
        "submitted": _("Submitted for review"),
        "sent_back": _("Sent back"),
        "approved": _("Approved"),
        "released": _("Released"),
        "superseded": _("Superseded"),
        "withdrawn": _("Withdrawn"),
        "downloaded": _("Downloaded"),
        "edited": _("Edited in Word and brought back"),
    }
    return [
        {"at": clock(entry.at), "by": name or _("The platform"), "words": verbs[entry.verb.partition(".")[2]]}
        for entry, name in deliverables.log(deliverable)
    ]
