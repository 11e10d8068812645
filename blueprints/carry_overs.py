"""An earlier assessment carried over to this one: chosen, previewed, copied; and each requirement confirmed."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.assessments import held, known
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.rated_site import site_named
from blueprints.rating_history import back_to_desk, revision_of_page
from blueprints.rating_locks import lock_of
from blueprints.refusals import say_refusal
from consultancy.actions import carry_overs as acting
from consultancy.models.engagement import Engagement
from consultancy.queries import assessments, carry_overs, engagements
from consultancy.standards import catalogue
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("carry_overs", __name__)

PARTS = (("ratings", _l("Ratings")), ("recommendations", _l("Recommendations")), ("notes", _l("What was seen")))


class CarryForm(FlaskForm):
    source = HiddenField(validators=[InputRequired()])
    parts = SelectMultipleField(
        _l("What to carry over"),
        choices=[SelectChoice(key, word) for key, word in PARTS],
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )


@bp.get("/engagements/<uuid:engagement>/carry-over")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def show(engagement):
    """Choose an earlier engagement, see what would be copied, then copy: three looks at one address."""
    sources = carry_overs.sources(engagement)
    chosen = request.args.get("earlier", "")
    source = next((one for one in sources if str(one.id) == chosen), None)
    if chosen and source is None:
        abort(404)
    form = CarryForm(formdata=None, data={"source": chosen, "parts": [key for key, _word in PARTS]})
    return page_of(engagement, sources, source, form)


@bp.post("/engagements/<uuid:engagement>/carry-over")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def carry(engagement):
    form = CarryForm()
    sources = carry_overs.sources(engagement)
    source = next((one for one in sources if str(one.id) == form.source.data), None)
    if source is None:
        abort(422)
    try:
        with transaction():
            copied = acting.carry_forward(engagement, source=source, parts=form.parts.data or [], by=me())
    except acting.NothingChosen as refusal:
        form.parts.errors = [say_refusal(refusal)]
        return page_of(engagement, sources, source, form), 422
    count = copied.ratings + copied.recommendations + copied.notes
    flash(
        ngettext("%(num)s entry is carried over.", "%(num)s entries are carried over.", count)
        if count
        else _("There was nothing left to carry over."),
        "good",
    )
    return redirect(url_for("rating_grid.show", engagement=engagement.id), 303)


@bp.post("/engagements/<uuid:engagement>/assessment/<requirement>/confirm")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def confirm(engagement, requirement):
    known(engagement, requirement)
    site, revision = site_named(engagement), revision_of_page()
    assessment = held(engagement)
    rating = assessments.rating_of(assessment, requirement, site)
    if rating is not None:
        with transaction():
            acting.confirm(rating, assessment=assessment, revision=revision, by=me())
    return back_to_desk(engagement, requirement, _("Still true: it counts for this year now."))


def page_of(engagement: Engagement, sources: list[Engagement], source: Engagement | None, form: CarryForm) -> Any:
    return render_template(
        "carry_overs/show.html",
        engagement=engagement,
        sources=[
            {
                "title": one.title,
                "opened_on": one.opened_on,
                "standard": catalogue.find(one.standard).full_name,
                "url": url_for(".show", engagement=engagement.id, earlier=one.id),
            }
            for one in sources
        ],
        source=source,
        copying=acting.plan(engagement, source).copying if source else None,
        form=form,
        **lock_of(engagement),
    )
