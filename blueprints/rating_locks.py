"""Reopening ratings that were locked when their report was released."""

from typing import Any

from flask import Blueprint, flash, g, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from blueprints.forms import note
from blueprints.guards import requires
from blueprints.identity import me, standing
from blueprints.refusals import say_refusal
from consultancy.actions import rating_locks as acting
from consultancy.models.engagement import Engagement
from consultancy.queries import engagements, rating_locks
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("rating_locks", __name__)


class ReopenForm(FlaskForm):
    reopen_reason = note(_l("Why they are reopened"), required=True)


@bp.post("/engagements/<uuid:engagement>/ratings/reopen")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def reopen(engagement):
    with transaction():
        acting.reopen_ratings(engagement, reason=ReopenForm().reopen_reason.data or "", by=me())
    flash(_("The ratings are open. They lock again when the next report is released."), "good")
    return redirect(url_for("rating_grid.show", engagement=engagement.id), 303)


def lock_of(engagement: Engagement) -> dict[str, Any]:
    """What a page of ratings says about writing: may one, why not, and whether this reader may reopen."""
    if engagement.closed_on is not None:
        return {"may_write": False, "locked": _("This engagement is closed: its ratings are read-only.")}
    report = g.released_report if "released_report" in g else rating_locks.released_report(engagement)
    if report is None:
        return {"may_write": True, "locked": None}
    may_reopen = acting.may_reopen(engagement, by=me(), role=standing().role)
    return {
        "may_write": False,
        "locked": say_refusal(acting.RatingsLocked(report.name)),
        "reopen_form": ReopenForm(formdata=None) if may_reopen else None,
    }
