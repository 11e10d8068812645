"""The master list of the documents a program needs (ISO 45001 7.5), and which requirement each answers."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.forms import clean
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import capital, member_words
from blueprints.refusals import say_refusal
from blueprints.register_entry_fields import FIELDS, read_fields
from blueprints.register_page import chips, fits, lines_of, wanted
from consultancy.actions import register as acting
from consultancy.calendar import today
from consultancy.program_documents import DOCUMENTS
from consultancy.queries import engagements, register
from consultancy.requirement_matrix import by_document, by_requirement
from consultancy.standards import catalogue
from consultancy.standards.words import choices
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("register", __name__)


@bp.get("/engagements/<uuid:engagement>/register")
@requires(Permission.REGISTER_READ, engagement=engagements.find)
def index(engagement):
    return page_of(engagement, register.of_engagement(engagement))


@bp.post("/engagements/<uuid:engagement>/register")
@requires(Permission.REGISTER_WRITE, engagement=engagements.find)
def save(engagement):
    entries = register.of_engagement(engagement)
    codes = [code for code in entries if f"state-{code}" in request.form]
    typed = {code: typed_of(code) for code in codes}
    sent, errors = {}, {}
    for code in codes:
        sent[code], wrong = read_fields(typed[code])
        if request.form.get(f"revision-{code}", type=int) is None:
            wrong["note"] = _("The page was sent without its revision. Reload it.")
        if wrong:
            errors[code] = wrong
    revisions = {code: request.form.get(f"revision-{code}", -1, type=int) for code in codes}
    if not errors:
        try:
            with transaction():
                changed = acting.keep_register(engagement, entries=sent, revisions=revisions, by=me())
        except acting.ReasonNotGiven as refusal:
            errors = {refusal.args[0]: {"note": _("Say why it is not needed.")}}
        except acting.ApprovedByAuthor as refusal:
            errors = {refusal.args[0]: {"approver": say_refusal(refusal)}}
        else:
            flash(ngettext("%(num)d document changed.", "%(num)d documents changed.", changed), "good")
            return redirect(url_for(".index", engagement=engagement.id, **wanted()), 303)
    return page_of(engagement, register.of_engagement(engagement), typed, errors), 422


@bp.get("/engagements/<uuid:engagement>/register/matrix")
@requires(Permission.REGISTER_READ, engagement=engagements.find)
def matrix(engagement):
    entries = register.of_engagement(engagement)
    standard = catalogue.find(engagement.standard, member_words())
    answered = by_requirement(standard, entries)
    bare = [one for one in answered if not one.documents]
    only_bare = request.args.get("show") == "bare"
    return render_template(
        "register/matrix.html",
        engagement=engagement,
        standard=standard.name,
        entries=entries,
        requirements=bare if only_bare else answered,
        documents=[(one, one.title(member_words()), answers) for one, answers in by_document(standard, entries)],
        titles={one.code: one.title(member_words()) for one in DOCUMENTS},
        only_bare=only_bare,
        counts={
            "all": len(answered),
            "in_place": sum(one.in_place for one in answered),
            "bare": len(bare),
        },
    )


def typed_of(code: str) -> dict[str, str]:
    """What was typed of one document, as far as the page offered it."""
    return {name: clean(request.form[f"{name}-{code}"]) for name in FIELDS if f"{name}-{code}" in request.form}


def page_of(engagement: Any, entries: Any, typed: dict[str, dict[str, str]] | None = None, errors: Any = None) -> str:
    typed, errors, filters = typed or {}, errors or {}, wanted()
    lines = lines_of(engagement, entries)
    shown = [one for one in lines if fits(one, filters) or one.document.code in errors]
    return render_template(
        "register/index.html",
        engagement=engagement,
        rows=[row_of(one, typed.get(one.document.code, {}), errors.get(one.document.code, {})) for one in shown],
        everything=bool(lines),
        filters=filters,
        chips=chips(engagement, lines, filters),
        states=[(key, capital(word)) for key, word in choices("register", member_words())],
        today=today(),
    )


def row_of(line: Any, typed: dict[str, str], errors: dict[str, str]) -> dict[str, Any]:
    kept = {name: getattr(line.entry, name) for name in FIELDS}
    written = line.deliverable
    return {
        "code": line.document.code,
        "title": line.document.title(member_words()),
        "clause": "; ".join(line.document.clauses),
        "fields": {name: "" if value is None else str(value) for name, value in (kept | typed).items()},
        "revision": line.entry.revision,
        "errors": errors,
        "overdue": line.overdue,
        "look_again": len(line.overtaken),
        "deliverable": written,
        "url": url_for("document_events.show", engagement=line.entry.engagement_id, code=line.document.code),
    }
