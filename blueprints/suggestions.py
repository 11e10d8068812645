"""What ratings elsewhere suggest on the clause desk: shown with relation and source, accepted or ignored."""

from typing import Any

from flask import Blueprint, abort
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import InputRequired

from blueprints.assessments import held, known
from blueprints.forms import revision_seen
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.rated_site import site_named
from blueprints.rating_history import back_to_desk
from consultancy.actions import suggestions as acting
from consultancy.queries import engagements
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("suggestions", __name__)


class SuggestionForm(FlaskForm):
    key = HiddenField(validators=[InputRequired()])
    revision = revision_seen()


@bp.post("/engagements/<uuid:engagement>/assessment/<requirement>/suggestion/accept")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def accept(engagement, requirement):
    with transaction():
        acting.accept(**asked(engagement, requirement), by=me())
    return back_to_desk(engagement, requirement, _("Accepted. The rating says where it comes from."))


@bp.post("/engagements/<uuid:engagement>/assessment/<requirement>/suggestion/ignore")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def ignore(engagement, requirement):
    with transaction():
        acting.ignore(**asked(engagement, requirement), by=me())
    return back_to_desk(engagement, requirement, _("Ignored. It comes back only when the rating there changes."))


def asked(engagement, requirement: str) -> dict[str, Any]:
    known(engagement, requirement)
    form = SuggestionForm()
    if not form.validate_on_submit():
        abort(422)
    return {
        "assessment": held(engagement),
        "requirement": requirement,
        "site": site_named(engagement),
        "key": form.key.data,
        "revision": int(form.revision.data),
    }
