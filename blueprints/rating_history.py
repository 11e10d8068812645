"""The way back on the clause desk: undo the last saving, put an earlier wording back, take an observation away."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from blueprints.assessments import held, known
from blueprints.forms import revision_seen
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.rated_site import site_named, stay_at_site
from blueprints.refusals import say_refusal
from consultancy.actions import rating_history, ratings
from consultancy.queries import assessments, engagements
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("rating_history", __name__)


class BackForm(FlaskForm):
    revision = revision_seen()


@bp.post("/engagements/<uuid:engagement>/assessment/<requirement>/undo")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def undo(engagement, requirement):
    known(engagement, requirement)
    site, revision = site_named(engagement), revision_of_page()
    try:
        with transaction():
            rating_history.undo_last(
                held(engagement), requirement=requirement, site=site, revision=revision, by=me()
            )
    except rating_history.NothingToUndo as refusal:
        return back_to_desk(engagement, requirement, say_refusal(refusal))
    return back_to_desk(engagement, requirement, _("Undone. The history keeps what stood there."))


@bp.post("/engagements/<uuid:engagement>/history/<uuid:rating_change>/restore")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find, rating_change=assessments.find_change)
def restore(engagement, rating_change):
    assessment, requirement = held(engagement), rating_change.rating.requirement
    if rating_change.rating.assessment_id != assessment.id:
        abort(404)
    stay_at_site(rating_change.rating)
    revision = revision_of_page()
    with transaction():
        rating_history.restore(rating_change, assessment=assessment, revision=revision, by=me())
    return back_to_desk(engagement, requirement, _("Put back as it was. The history keeps what stood there."))


@bp.post("/engagements/<uuid:engagement>/observations/<uuid:observation>/remove")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find, observation=assessments.find_observation)
def remove_observation(engagement, observation):
    assessment, requirement = held(engagement), observation.rating.requirement
    if observation.rating.assessment_id != assessment.id:
        abort(404)
    stay_at_site(observation.rating)
    with transaction():
        ratings.remove_observation(observation, assessment=assessment, by=me())
    return back_to_desk(engagement, requirement, _("Taken away. The history keeps its words."))


def revision_of_page() -> int:
    form = BackForm()
    if not form.validate_on_submit():
        abort(422)
    return int(form.revision.data)


def back_to_desk(engagement, requirement: str, said: str):
    flash(said, "message")
    return redirect(url_for("assessments.show", engagement=engagement.id, requirement=requirement), 303)
