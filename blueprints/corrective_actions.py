"""Corrective actions: planned for a finding, followed until their effect was checked."""

import re
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm

from blueprints import board, lists
from blueprints.forms import choice, day, line, note, revision_seen, typed
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import member_words
from blueprints.refusals import say_refusal
from consultancy.actions import corrective_actions as moving
from consultancy.actions import findings as acting
from consultancy.calendar import today
from consultancy.models.corrective_action import BONES, WHYS, CorrectiveAction
from consultancy.models.engagement import Engagement
from consultancy.queries import corrective_actions, engagements, findings
from consultancy.standards.words import choices
from tenants.database import transaction
from tenants.permissions import Permission
from tenants.refusal import Refusal

bp = Blueprint("corrective_actions", __name__)

LONGEST_LIST = 200  # characters of numbers of findings
NUMBER = re.compile(r"(?:F-?)?0*([1-9]\d{0,8})\Z", re.IGNORECASE)


class ManyForm(lists.ManyForm):
    status = lists.state_of_many("corrective_actions")


class MoveForm(FlaskForm):
    status = choice(_l("Move to"), lambda: choices("corrective_actions", member_words()))
    revision = revision_seen()


class LinkForm(FlaskForm):
    numbers = line(_l("Findings"), required=True, longest=LONGEST_LIST, description=_l("Such as F-03, F-07."))
    engagement = choice(_l("Of"), list)


class ActionForm(FlaskForm):
    correction = note(_l("Correction"), description=_l("What was done at once."))
    why_1 = note(_l("Why did it happen?"))
    why_2 = note(_l("Why was that so?"))
    why_3 = note(_l("And why that?"))
    why_4 = note(_l("And why that? (fourth)"))
    why_5 = note(_l("And why that? (fifth)"))
    bone_people = note(_l("People"), description=_l("Skills, load, supervision; roles, never names."))
    bone_method = note(_l("Method"))
    bone_machine = note(_l("Machine"))
    bone_material = note(_l("Material"))
    bone_environment = note(_l("Environment"))
    bone_measurement = note(_l("Measurement"))
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
    effect_due = day(_l("Effect is checked on"), description=_l("Weeks after it was done, when it can be seen."))
    effect_result = choice(
        _l("Result of the check"), lambda: choices("effects", member_words()), empty=_l("Not checked yet")
    )
    effect_check = note(_l("Check of effect"))
    revision = revision_seen()


@bp.get("/engagements/<uuid:engagement>/corrective-actions")
@requires(Permission.CORRECTIVE_ACTION_READ, engagement=engagements.find)
def index(engagement):
    kept = lists.kept_filters("corrective_actions")
    if (begin_with := lists.default_query(kept)) is not None:
        return redirect(url_for(".index", engagement=engagement.id, **begin_with), 303)
    return board.list_page(engagement, ManyForm(formdata=None), kept)


@bp.post("/engagements/<uuid:engagement>/corrective-actions/change")
@requires(Permission.CORRECTIVE_ACTION_WRITE, engagement=engagements.find)
def change_many(engagement):
    form, marks = ManyForm(), lists.marks(request.form.getlist("marked"))
    if not form.validate_on_submit():
        return board.list_page(engagement, form, marks=marks), 422
    try:
        with transaction():
            changed = moving.change_actions(engagement, marked=marks, by=me(), today=today(), **form.said())
    except Refusal as refusal:
        flash(say_refusal(refusal), "bad")
        return board.list_page(engagement, form, marks=marks), refusal.status
    flash(ngettext("%(num)s action was changed.", "%(num)s actions were changed.", len(changed)), "good")
    return redirect(board.addresses_of(engagement).of(page=lists.page_asked()), 303)


@bp.post("/corrective-actions/<uuid:action>/move")
@requires(Permission.CORRECTIVE_ACTION_WRITE, action=findings.find_action)
def move(action):
    """From the board: dragged, or by the card's own form. The address carries the board's filter."""
    form, engagement = MoveForm(), action.finding.engagement
    if not form.validate_on_submit():
        flash(_("Choose where to move it."), "bad")
        return board.list_page(engagement, ManyForm(formdata=None)), 422
    try:
        with transaction():
            moving.move_action(action, status=form.status.data, revision=int(form.revision.data), by=me())
    except Refusal as refusal:
        flash(say_refusal(refusal), "bad")
        return board.list_page(engagement, ManyForm(formdata=None)), refusal.status
    return redirect(board.addresses_of(engagement).of(page=lists.page_asked()), 303)


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


@bp.post("/corrective-actions/<uuid:action>/findings")
@requires(Permission.CORRECTIVE_ACTION_WRITE, action=findings.find_action)
def link(action):
    form = offer_engagements(LinkForm(), action)
    if form.validate_on_submit() and (numbers := numbers_in(form)):
        target = engagements.find(UUID(form.engagement.data)) or home_of(action)
        try:
            with transaction():
                linked = moving.link_findings(action, engagement=target, numbers=numbers, by=me())
        except Refusal as refusal:
            form.numbers.errors = [say_refusal(refusal)]
            answer = page_of(action.finding, action, ActionForm(formdata=None, obj=action), linking=form)
            return answer, refusal.status
        flash(
            ngettext(
                "%(label)s answers %(num)s finding more.", "%(label)s answers %(num)s findings more.", len(linked),
                label=action.label,
            ),
            "good",
        )  # fmt: skip
        return redirect(url_for(".edit", action=action.id), 303)
    return page_of(action.finding, action, ActionForm(formdata=None, obj=action), linking=form), 422


@bp.post("/corrective-actions/<uuid:action>/findings/<uuid:finding>/remove")
@requires(Permission.CORRECTIVE_ACTION_WRITE, action=findings.find_action, finding=findings.find)
def unlink(action, finding):
    with transaction():
        moving.unlink_finding(action, finding, by=me())
    flash(_("%(label)s no longer answers %(finding)s.", label=action.label, finding=finding.label), "good")
    return redirect(url_for(".edit", action=action.id), 303)


def numbers_in(form) -> list[int]:
    """F-03, F-07 as numbers; what is no number of a finding is named."""
    found = []
    for word in re.split(r"[,;\s]+", form.numbers.data.strip(" ,;")):
        match = NUMBER.match(word)
        if not match:
            form.numbers.errors = [_("“%(word)s” is no number of a finding.", word=word)]
            return []
        found.append(int(match[1]))
    return found


def home_of(action: CorrectiveAction) -> Engagement:
    return action.finding.engagement


def offer_engagements(form, action):
    """This engagement first, then the employer's others: another standard may ask for the same thing."""
    home = home_of(action)
    others = [one for one in engagements.of_client(home.client) if one.id != home.id]
    form.engagement.choices = [(str(one.id), one.title) for one in [home, *others]]
    return form


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


def page_of(finding, action, form, linking=None):
    further = corrective_actions.also_answered([action.id]).get(action.id, []) if action else []
    return render_template(
        "corrective_actions/form.html",
        engagement=finding.engagement,
        finding=finding,
        action=action,
        form=form,
        conflict=None,
        whys=WHYS,
        bones=BONES,
        further=[
            {
                "label": one.label,
                "title": one.title,
                "requirement": one.requirement,
                "grade": one.grade,
                "place": one.elsewhere,
                "url": url_for("findings.edit", finding=one.id),
                "remove_url": url_for("corrective_actions.unlink", action=action.id, finding=one.id),
            }
            for one in further
        ],
        linking=(linking or offer_engagements(LinkForm(formdata=None), action)) if action else None,
    )
