"""Corrective actions: planned for a finding, followed until their effect was checked."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm

from blueprints.forms import choice, day, line, note, revision_seen, typed
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import member_words
from blueprints.refusals import say_refusal
from consultancy.actions import findings as acting
from consultancy.calendar import today
from consultancy.queries import engagements, findings
from consultancy.standards.words import choices
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("corrective_actions", __name__)

SOON = timedelta(days=30)


class ActionForm(FlaskForm):
    correction = note(_l("Correction"), description=_l("What was done at once."))
    root_cause = note(_l("Root cause"), description=_l("A cause in the system, never “human error”."))
    action = note(_l("Corrective action"), required=True)
    control_level = choice(_l("Level of control"), lambda: choices("hierarchy", member_words()), empty=_l("Not said"))
    owner_text = line(_l("Owner"))
    due = day(_l("Due"))
    status = choice(_l("Status"), lambda: choices("corrective_actions", member_words()))
    completed_on = day(_l("Completed on"))
    proof = note(_l("Proof"))
    verified_by = line(_l("Verified by"), description=_l("Someone other than the owner."))
    verified_on = day(_l("Verified on"))
    effect_check = note(_l("Check of effect"))
    revision = revision_seen()


@bp.get("/engagements/<uuid:engagement>/corrective-actions")
@requires(Permission.CORRECTIVE_ACTION_READ, engagement=engagements.find)
def index(engagement):
    rows = [
        {
            "label": one.label,
            "action": one.action or one.correction,
            "finding_label": one.finding.label,
            "grade": one.finding.grade,
            "finding_url": url_for("findings.edit", finding=one.finding_id),
            "owner": one.owner_text,
            "due": one.due,
            "status": one.status,
            "overdue": one.overdue(today()),
            "url": url_for(".edit", action=one.id),
        }
        for one in findings.actions_of(engagement)
    ]
    return render_template(
        "corrective_actions/index.html",
        engagement=engagement,
        rows=rows,
        today=today(),
        soon=today() + SOON,
        facts=ngettext("%(num)s action", "%(num)s actions", len(rows)),
    )


@bp.get("/findings/<uuid:finding>/corrective-actions/new")
@requires(Permission.CORRECTIVE_ACTION_WRITE, finding=findings.find)
def new(finding):
    form = ActionForm(
        formdata=None, data={"action": finding.recommendation, "owner_text": finding.owner_text, "due": finding.due}
    )
    return page_of(finding, None, form)


@bp.post("/findings/<uuid:finding>/corrective-actions")
@requires(Permission.CORRECTIVE_ACTION_WRITE, finding=findings.find)
def create(finding):
    form = ActionForm()
    if form.validate_on_submit():
        try:
            with transaction():
                action = acting.plan_action(finding, by=me(), **typed(form))
        except (acting.VerifierIsOwner, acting.VerifierMissing) as refusal:
            form.verified_by.errors = [say_refusal(refusal)]
        else:
            flash(_("%(label)s was planned.", label=action.label), "good")
            return redirect(url_for(".index", engagement=finding.engagement_id), 303)
    return page_of(finding, None, form), 422


@bp.get("/corrective-actions/<uuid:action>")
@requires(Permission.CORRECTIVE_ACTION_READ, action=findings.find_action)
def edit(action):
    return page_of(action.finding, action, ActionForm(formdata=None, obj=action))


@bp.post("/corrective-actions/<uuid:action>")
@requires(Permission.CORRECTIVE_ACTION_WRITE, action=findings.find_action)
def update(action):
    form = ActionForm()
    if form.validate_on_submit():
        try:
            with transaction():
                acting.follow_action(action, revision=int(form.revision.data), by=me(), **typed(form))
        except (acting.VerifierIsOwner, acting.VerifierMissing) as refusal:
            form.verified_by.errors = [say_refusal(refusal)]
        else:
            flash(_("%(label)s was saved.", label=action.label), "good")
            return redirect(url_for(".index", engagement=action.engagement_id), 303)
    return page_of(action.finding, action, form), 422


def page_of(finding, action, form):
    return render_template(
        "corrective_actions/form.html",
        engagement=finding.engagement,
        finding=finding,
        action=action,
        form=form,
        conflict=None,
    )
