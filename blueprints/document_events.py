"""One document of the register: its line, its life (asked, approved, reviewed, acknowledged) and what overtook it."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from blueprints.forms import choice, day, line, note, revision_seen, typed
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import member_words
from blueprints.refusals import say_refusal
from blueprints.register_page import change_shown, changes_for, looked_at, overtaken, review_overdue
from consultancy import law_changes
from consultancy.actions import document_events as acting
from consultancy.actions import register as keeping
from consultancy.calendar import a_year_after, clock, today
from consultancy.models.engagement import Engagement
from consultancy.models.register_entry import RegisterEntry
from consultancy.program_documents import document_of
from consultancy.queries import document_events, engagements, register
from consultancy.standards.words import choices
from tenants.database import transaction
from tenants.permissions import Permission
from tenants.refusal import Refusal

bp = Blueprint("document_events", __name__)

MOST_WORKERS = 100_000
AT = "/engagements/<uuid:engagement>/register/<string(maxlength=4):code>"


class EntryForm(FlaskForm):
    state = choice(_l("State"), lambda: choices("register", member_words()))
    number = line(_l("Number"), longest=40, description=_l("As the client files it."))
    issue = line(_l("Issue"), longest=20)
    author = line(_l("Written by"), description=_l("Who wrote it does not approve it."))
    approver = line(_l("Approver"))
    dated = day(_l("Dated"))
    effective_on = day(_l("In force from"))
    review_due = day(_l("Review due"))
    note = note(_l("Note"), longest=2000)
    revision = revision_seen()


class ConsultationForm(FlaskForm):
    held_on = day(_l("Held on"), required=True)
    part = choice(_l("Held with"), lambda: choices("consulted", member_words()))
    who = line(_l("Who took part"), description=_l("Names or how many; may stay empty."))
    outcome = note(_l("What came of it"), required=True, longest=4000)


class ApprovalForm(FlaskForm):
    who = line(_l("Approved by"), required=True, description=_l("A named person, not who wrote it."))
    approved_on = day(_l("Approved on"), required=True)
    effective_on = day(_l("In force from"), required=True)
    review_due = day(_l("Next review"), description=_l("Policies are reviewed at least once a year (OHSA)."))
    note = note(_l("Note"), longest=2000)


class ReviewForm(FlaskForm):
    held_on = day(_l("Reviewed on"), required=True)
    who = line(_l("Reviewed by"), required=True)
    outcome = note(_l("What came of it"), required=True, longest=4000)
    stays = BooleanField(_l("It stays as it is"), default=True)
    review_due = day(_l("Next review"))


class AcknowledgementForm(FlaskForm):
    held_on = day(_l("Counted on"), required=True)
    reached = IntegerField(_l("Workers who acknowledged it"), [InputRequired(_l("This is needed.")), NumberRange(0)])
    invited = IntegerField(
        _l("Of how many it was given to"),
        [InputRequired(_l("This is needed.")), NumberRange(1, MOST_WORKERS, message=_l("A whole number from 1."))],
    )
    names = note(_l("Their names"), longest=20_000, description=_l("One a line; may stay empty."))
    note = note(_l("Note"), longest=2000)


FORMS: dict[str, type[FlaskForm]] = {
    "consultation": ConsultationForm,
    "approval": ApprovalForm,
    "review": ReviewForm,
    "acknowledgement": AcknowledgementForm,
}
VERBS: dict[str, Any] = {
    "consultation": acting.record_consultation,
    "approval": acting.approve,
    "review": acting.record_review,
    "acknowledgement": acting.record_acknowledgement,
}
# At which field of its form a refusal is shown.
AT_FIELD: dict[type[Refusal], tuple[str, ...]] = {
    acting.InTheFuture: ("held_on", "approved_on"),
    acting.ReviewDateInPast: ("review_due",),
    acting.InForceBeforeApproval: ("effective_on",),
    keeping.ApprovedByAuthor: ("who",),
    acting.MoreThanInvited: ("reached",),
}


@bp.get(AT)
@requires(Permission.REGISTER_READ, engagement=engagements.find)
def show(engagement, code):
    return page_of(engagement, entry_of(engagement, code))


@bp.post(AT)
@requires(Permission.REGISTER_WRITE, engagement=engagements.find)
def update(engagement, code):
    entry, form = entry_of(engagement, code), EntryForm()
    if not form.validate_on_submit():
        return page_of(engagement, entry, entry_form=form), 422
    try:
        with transaction():
            keeping.keep_register(
                engagement, entries={code: typed(form)}, revisions={code: int(form.revision.data)}, by=me()
            )
    except keeping.ReasonNotGiven:
        form.note.errors = [_("Say why it is not needed.")]
        return page_of(engagement, entry_of(engagement, code), entry_form=form), 422
    except keeping.ApprovedByAuthor as refusal:
        form.approver.errors = [say_refusal(refusal)]
        return page_of(engagement, entry_of(engagement, code), entry_form=form), 422
    flash(_("Saved."), "good")
    return redirect(url_for(".show", engagement=engagement.id, code=code), 303)


@bp.post(f"{AT}/events")
@requires(Permission.REGISTER_WRITE, engagement=engagements.find)
def record(engagement, code):
    """The hidden field `kind` says which of the four forms was sent."""
    entry, kind = entry_of(engagement, code), request.form.get("kind", "")
    if kind not in FORMS:
        abort(422)
    form = FORMS[kind](prefix=kind)
    if not form.validate_on_submit():
        return page_of(engagement, entry, sent={kind: form}), 422
    try:
        with transaction():
            VERBS[kind](entry, **typed(form), by=me())
    except tuple(AT_FIELD) as refusal:
        at = next(name for name in AT_FIELD[type(refusal)] if name in form)
        form[at].errors = [say_refusal(refusal)]
        return page_of(engagement, entry_of(engagement, code), sent={kind: form}), 422
    flash(_("Recorded."), "good")
    return redirect(url_for(".show", engagement=engagement.id, code=code), 303)


@bp.post(f"{AT}/events/<uuid:document_event>/strike")
@requires(Permission.REGISTER_WRITE, engagement=engagements.find, document_event=document_events.find)
def strike(engagement, code, document_event):
    if document_event.register_entry_id != entry_of(engagement, code).id:
        abort(404)
    form = StrikeForm()
    if not form.validate_on_submit():
        return page_of(engagement, entry_of(engagement, code), striking=(document_event.id, form)), 422
    with transaction():
        acting.strike(document_event, reason=form.reason.data, by=me())
    flash(_("Struck out. It stays readable; the master list says what the other records say."), "good")
    return redirect(url_for(".show", engagement=engagement.id, code=code), 303)


class StrikeForm(FlaskForm):
    reason = line(_l("Why it is struck out"), required=True)


def entry_of(engagement: Engagement, code: str) -> RegisterEntry:
    entry: RegisterEntry = register.of_engagement(engagement).get(code) or abort(404)
    return entry


def page_of(
    engagement: Engagement, entry: RegisterEntry, *, entry_form: Any = None, sent: Any = None, striking: Any = None
) -> str:
    document = document_of(entry.document)
    events = document_events.of_entry(entry)
    last = {one.kind: one.held_on for one in reversed(events) if not one.struck_reason}
    among = changes_for(engagement)
    passed = overtaken(entry, last, among)
    struck_id, strike_form = striking or (None, StrikeForm(formdata=None))
    return render_template(
        "register/show.html",
        engagement=engagement,
        entry=entry,
        title=document.title(member_words()),
        clauses=document.clauses,
        elements=document.elements,
        entry_form=entry_form or EntryForm(formdata=None, obj=entry),
        forms={kind: (sent or {}).get(kind) or fresh(kind) for kind in FORMS},
        opened=next(iter(sent or {}), ""),
        events=events,
        clock=clock,
        strike_form=strike_form,
        struck_id=struck_id,
        written=document_events.deliverables_of(entry),
        overdue=review_overdue(entry),
        undated=looked_at(entry, last) is None,
        consulted="consultation" in last,
        approved="approval" in last,
        overtaken=[change_shown(one) for one in passed],
        coming=[change_shown(one) for one in law_changes.coming(entry.document, on=today(), among=among)],
        today=today(),
    )


def fresh(kind: str) -> FlaskForm:
    """An empty form; an approval proposes today, and its review in a year."""
    if kind == "approval":
        return ApprovalForm(
            formdata=None, prefix=kind, approved_on=today(), effective_on=today(), review_due=a_year_after(today())
        )
    return FORMS[kind](formdata=None, prefix=kind)
