"""The register of documents a program needs."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.forms import clean
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import capital, member_words
from consultancy.actions import register as acting
from consultancy.program_documents import DOCUMENTS
from consultancy.queries import engagements, register
from consultancy.standards.words import choices
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("register", __name__)

LONGEST_NOTE = 2000


@bp.get("/engagements/<uuid:engagement>/register")
@requires(Permission.REGISTER_READ, engagement=engagements.find)
def index(engagement):
    return page_of(engagement, register.of_engagement(engagement))


@bp.post("/engagements/<uuid:engagement>/register")
@requires(Permission.REGISTER_WRITE, engagement=engagements.find)
def save(engagement):
    entries = register.of_engagement(engagement)
    sent = {
        code: {"state": request.form[f"state-{code}"], "note": clean(request.form.get(f"note-{code}", ""))}
        for code in entries
        if f"state-{code}" in request.form
    }
    states = {key for key, _word in choices("register")}
    errors = {
        code: _("Choose one of the four states.") for code, fields in sent.items() if fields["state"] not in states
    }
    errors |= {
        code: _("At most %(max)d characters.", max=LONGEST_NOTE)
        for code, fields in sent.items()
        if len(fields["note"]) > LONGEST_NOTE
    }
    errors |= {
        code: _("The page was sent without its revision. Reload it.")
        for code in sent
        if request.form.get(f"revision-{code}", type=int) is None
    }
    revisions = {code: request.form.get(f"revision-{code}", -1, type=int) for code in sent}
    if not errors:
        try:
            with transaction():
                changed = acting.keep_register(engagement, entries=sent, revisions=revisions, by=me())
        except acting.ReasonNotGiven as refusal:
            errors = {refusal.args[0]: _("Say why it is not needed.")}
        else:
            flash(_("%(n)s documents changed.", n=changed), "good")
            return redirect(url_for(".index", engagement=engagement.id), 303)
    return page_of(engagement, register.of_engagement(engagement), sent, errors), 422


def page_of(engagement, entries, sent=None, errors=None):
    sent, errors = sent or {}, errors or {}
    rows = [
        {
            "code": document.code,
            "title": document.title(member_words()),
            "clause": "; ".join(document.clauses),
            "state": sent.get(document.code, {}).get("state", entries[document.code].state),
            "note": sent.get(document.code, {}).get("note", entries[document.code].note),
            "revision": entries[document.code].revision,
            "error": errors.get(document.code),
        }
        for document in DOCUMENTS
        if document.code in entries
    ]
    states = [entry.state for entry in entries.values()]
    return render_template(
        "register/index.html",
        engagement=engagement,
        groups=[{"title": "", "rows": rows}] if rows else [],
        counts=[{"key": key, "count": states.count(key)} for key, _word in choices("register")],
        states=[(key, capital(word)) for key, word in choices("register", member_words())],
    )
