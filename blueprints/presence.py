"""Who else has this requirement open: a line on the clause desk that asks again every fifteen seconds."""

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.assessments import held, known
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.rated_site import site_named
from consultancy.queries import engagements, members
from tenants.permissions import Permission
from workers.presence import look_in

bp = Blueprint("presence", __name__)


@bp.get("/engagements/<uuid:engagement>/assessment/<requirement>/presence")
@requires(Permission.ASSESSMENT_READ, engagement=engagements.find)
def show(engagement, requirement):
    known(engagement, requirement)
    site = site_named(engagement)
    place = f"{held(engagement).id}:{requirement}" + (f":{site}" if site else "")
    present = members.names(look_in(place, me()))
    return render_template("assessments/presence.html", sentence=sentence(present))


def sentence(names: list[str]) -> str:
    if not names:
        return ""
    if len(names) == 1:
        return _("%(name)s has this requirement open too.", name=names[0])
    others = len(names) - 1
    return ngettext(
        "%(name)s and %(num)s other have this requirement open too.",
        "%(name)s and %(num)s others have this requirement open too.",
        others,
        name=names[0],
    )
