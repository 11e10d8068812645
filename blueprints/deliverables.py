"""Deliverables: requested on a page, written by the queue, downloaded, released, withdrawn."""

import secrets
from io import BytesIO

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from jinja2_fragments.flask import render_block
from wtforms import HiddenField
from wtforms.validators import Regexp

from blueprints.deliverable_page import ReleaseForm, RemarkForm, WithdrawForm, progress_shown, recipients_of, shown
from blueprints.forms import choice
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import capital, member_words
from blueprints.refusals import say_refusal
from blueprints.reset import public_address
from consultancy.actions import checks
from consultancy.actions import deliverables as acting
from consultancy.actions import document_templates as choosing
from consultancy.calendar import clock, today
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.program_documents import DOCUMENTS
from consultancy.queries import deliverables, document_templates, engagements, members
from consultancy.reports import OFFERED, MissingData
from consultancy.standards.words import LANGUAGES as EDITIONS
from consultancy.standards.words import say
from tenants import practices
from tenants.database import transaction
from tenants.files import file_store
from tenants.permissions import Permission
from workers.queues import DOCUMENTS as DOCUMENTS_QUEUE
from workers.queues import ring

bp = Blueprint("deliverables", __name__)

BOTH = "both"
LANGUAGES = (("en", _l("English")), ("fr", _l("French")), (BOTH, _l("English and French, two files")))
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
                editions = acting.request_editions(
                    engagement,
                    kind=form.kind.data,
                    subject=form.subject.data or "",
                    languages=written_in(form.language.data),
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
            if len(editions) > 1:
                flash(_("Both were requested. Each is reviewed and released on its own."), "good")
                return redirect(url_for(".index", engagement=engagement.id), 303)
            return redirect(url_for(".show", deliverable=editions[0].id), 303)
    return page_of(engagement, form), 422


@bp.get("/deliverables/<uuid:deliverable>")
@requires(Permission.DELIVERABLE_READ, deliverable=deliverables.find)
def show(deliverable):
    remarked = RemarkForm(formdata=None, data={"page": request.args.get("page", type=int)})
    return render_template("deliverables/show.html", **shown(deliverable, remark_form=remarked))


@bp.get("/deliverables/<uuid:deliverable>/progress")
@requires(Permission.DELIVERABLE_READ, deliverable=deliverables.find)
def progress(deliverable):
    return render_block("deliverables/show.html", "progress", **progress_shown(deliverable))


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


@bp.post("/deliverables/<uuid:deliverable>/check")
@requires(Permission.DELIVERABLE_WRITE, deliverable=deliverables.find)
def check(deliverable):
    with transaction():
        checks.check_now(deliverable, files=file_store(current_app.config), by=me())
    return redirect(url_for(".show", deliverable=deliverable.id, _anchor="check"), 303)


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
    form.recipients.choices = recipients_of(deliverable)
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


def written_in(language: str) -> tuple[str, ...]:
    """What a form calls both is an edition in each language."""
    return EDITIONS if language == BOTH else (language,)


def request_form(engagement: Engagement, form: DeliverableForm | None = None) -> DeliverableForm:
    key, kind = secrets.token_urlsafe(24), request.args.get("kind")
    chosen = {"request_key": key, "language": engagement.language, "kind": kind}
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
