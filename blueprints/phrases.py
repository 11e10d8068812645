"""The phrase library: the consultancy's own texts for findings and recommendations, beside those that come along."""

from math import ceil
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm

from blueprints.forms import choice, clean, note, revision_seen, typed
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.lists import page_asked
from blueprints.page import member_words
from consultancy.actions import phrases as acting
from consultancy.queries import phrases
from consultancy.queries.sifting import PER_PAGE
from consultancy.standards import catalogue
from consultancy.standards import phrases as shipped
from tenants.database import transaction
from tenants.limits import PHRASE_CHARACTERS
from tenants.permissions import Permission

bp = Blueprint("phrases", __name__)

FIRST = next(iter(catalogue.OFFERED))
PARTS = {"statement": _l("What we saw"), "recommendation": _l("Recommendation")}
LANGUAGES = (("en", "English"), ("fr", "Français"))


def every_requirement() -> list[tuple[str, str]]:
    """Of every standard: the choice of one field says both."""
    return [
        (f"{standard.key}/{one.code}", f"{standard.name} {one.code} {one.full_title}")
        for standard in catalogue.OFFERED.values()
        for one in standard.requirements
    ]


class PhraseForm(FlaskForm):
    place = choice(_l("Requirement"), every_requirement)
    part = choice(_l("Part of a finding"), lambda: list(PARTS.items()))
    language = choice(_l("Language"), lambda: LANGUAGES)
    text = note(
        _l("Text"), required=True, longest=PHRASE_CHARACTERS,
        description=_l("In your own words. The wording of ISO and CSA standards is protected; no names of workers."),
    )  # fmt: skip
    revision = revision_seen()


@bp.get("/phrases")
@requires(Permission.PHRASE_READ)
def index():
    standard = request.args.get("standard", FIRST)
    standard = standard if standard in catalogue.OFFERED else FIRST
    clause = clean(request.args.get("clause", ""))[:20]
    retired, page = request.args.get("retired") == "1", page_asked()
    own, total = phrases.page_of(standard, clause=clause, retired=retired, page=page)
    words = catalogue.find(standard)
    return render_template(
        "phrases/index.html",
        own=[
            {
                "requirement": one.requirement,
                "part": PARTS[one.part],
                "language": one.language,
                "text": one.text,
                "url": url_for(".edit", phrase=one.id),
            }
            for one in own
        ],
        shipped=[] if retired else brought_along(standard, clause),
        standards=[{"key": one.key, "label": one.name} for one in catalogue.OFFERED.values()],
        standard=standard,
        clause=clause,
        clauses=[{"key": one.number, "label": f"{one.number} {one.title}"} for one in words.clauses()],
        retired=retired,
        pages=pages_of(standard, clause, retired, page, total, len(own)),
        facts=ngettext("%(num)s phrase of your own", "%(num)s phrases of your own", total),
    )


def brought_along(standard: str, clause: str) -> list[dict[str, Any]]:
    """What comes with the product, in the reader's language."""
    return [
        {"requirement": one.requirement, "part": PARTS[one.part], "text": one.words[member_words()]}
        for one in shipped.SHIPPED.values()
        if one.standard == standard and (not clause or f"{one.requirement}.".startswith(f"{clause}."))
    ]


def pages_of(standard: str, clause: str, retired: bool, page: int, total: int, shown: int) -> dict[str, Any]:
    last, first = ceil(total / PER_PAGE) or 1, (page - 1) * PER_PAGE

    def address(number: int) -> str:
        asked: dict[str, Any] = {"standard": standard, "clause": clause or None, "retired": "1" if retired else None}
        return url_for(".index", **asked, page=number)

    return {
        "page": page, "pages": last, "total": total, "first": first + 1 if shown else 0,
        "last": first + shown if shown else 0,
        "previous_url": address(page - 1) if page > 1 else None,
        "next_url": address(page + 1) if page < last else None,
    }  # fmt: skip


@bp.get("/phrases/new")
@requires(Permission.PHRASE_WRITE)
def new():
    place = f"{request.args.get('standard', FIRST)}/{request.args.get('requirement', '')}"
    begun = {"place": place, "language": member_words(), "part": request.args.get("part", "statement")}
    return render_template("phrases/form.html", phrase=None, form=PhraseForm(formdata=None, data=begun))


@bp.post("/phrases")
@requires(Permission.PHRASE_WRITE)
def create():
    form = PhraseForm()
    if not form.validate_on_submit():
        return render_template("phrases/form.html", phrase=None, form=form), 422
    with transaction():
        phrase = acting.write_phrase(by=me(), **told(form))
    flash(_("The phrase was added. It is offered on the finding form and on the clause desk."), "good")
    return redirect(url_for(".index", standard=phrase.standard), 303)


@bp.get("/phrases/<uuid:phrase>")
@requires(Permission.PHRASE_READ, phrase=phrases.find)
def edit(phrase):
    place = f"{phrase.standard}/{phrase.requirement}"
    return render_template(
        "phrases/form.html", phrase=phrase, form=PhraseForm(formdata=None, obj=phrase, data={"place": place})
    )


@bp.post("/phrases/<uuid:phrase>")
@requires(Permission.PHRASE_WRITE, phrase=phrases.find)
def update(phrase):
    form = PhraseForm()
    if not form.validate_on_submit():
        return render_template("phrases/form.html", phrase=phrase, form=form), 422
    with transaction():
        acting.change_phrase(phrase, revision=int(form.revision.data), by=me(), **told(form))
    flash(_("The phrase was saved."), "good")
    return redirect(url_for(".index", standard=phrase.standard), 303)


@bp.post("/phrases/<uuid:phrase>/retire")
@requires(Permission.PHRASE_WRITE, phrase=phrases.find)
def retire(phrase):
    with transaction():
        acting.retire_phrase(phrase, by=me())
    flash(_("The phrase is retired.") if phrase.retired_at else _("The phrase is offered again."), "good")
    return redirect(url_for(".index", standard=phrase.standard), 303)


def told(form: PhraseForm) -> dict[str, str]:
    standard, _slash, requirement = form.place.data.partition("/")
    return typed(form, "place") | {"standard": standard, "requirement": requirement}
