"""All requirements on one page: ratings inline, and several marked not applicable at once."""

from collections.abc import Collection

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm

from blueprints.assessments import held, put_on_record
from blueprints.desk import grid_rows
from blueprints.forms import note
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.rated_site import selector, site_named
from blueprints.rating_locks import lock_of
from blueprints.refusals import say_refusal
from consultancy.actions import rating_grid as acting
from consultancy.calendar import today
from consultancy.models.engagement import Engagement
from consultancy.queries import assessments, engagements
from consultancy.standards import catalogue
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("rating_grid", __name__)

DIGITS = 9  # of a revision; a row has fewer changes


class NotApplicableForm(FlaskForm):
    reason = note(_l("Why they do not apply"), required=True)


@bp.get("/engagements/<uuid:engagement>/assessment")
@requires(Permission.ASSESSMENT_READ, engagement=engagements.find)
def show(engagement):
    site_named(engagement)
    page = page_of(engagement, NotApplicableForm(formdata=None))
    put_on_record(engagement)
    return page


@bp.post("/engagements/<uuid:engagement>/assessment")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def mark_not_applicable(engagement):
    form, site = NotApplicableForm(), site_named(engagement)
    marked = as_shown(request.form.getlist("requirement"))
    if not form.validate_on_submit():
        return page_of(engagement, form, marked), 422
    try:
        with transaction():
            rows = acting.mark_not_applicable(
                held(engagement), requirements=marked, reason=form.reason.data, site=site, by=me()
            )
    except acting.NothingMarked as refusal:
        form.reason.errors = [say_refusal(refusal)]
        return page_of(engagement, form, marked), 422
    except acting.JudgedMeanwhile as refusal:
        form.form_errors.append(say_refusal(refusal))
        return page_of(engagement, form, marked.keys() - set(refusal.args[0])), 409
    count = len(rows)
    flash(ngettext("%(num)s requirement is not applicable.", "%(num)s requirements are not applicable.", count), "good")
    return redirect(url_for(".show", engagement=engagement.id), 303)


def as_shown(marked: list[str]) -> dict[str, int]:
    """Each marked requirement with the revision of the rating that the page showed. Without one, none was shown."""
    pairs = (one.partition(":") for one in marked)
    return {
        number: int(revision) if revision.isdecimal() and len(revision) <= DIGITS else 0
        for number, _colon, revision in pairs
    }


def page_of(engagement: Engagement, form: NotApplicableForm, marked: Collection[str] = ()) -> str:
    assessment = held(engagement)
    return render_template(
        "assessments/grid.html",
        engagement=engagement,
        assessment=assessment,
        today=today(),
        by_points=catalogue.find(engagement.standard).by_points,
        form=form,
        marked=marked,
        **lock_of(engagement),
        **selector(engagement, "rating_grid.show"),
        **grid_rows(engagement, assessments.on_one_page(assessment, g.get("rated_site"))),
    )
