"""The roadmap of an engagement: what is left to do by phase and priority, who does it, when, and after what."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DecimalField, HiddenField, IntegerField
from wtforms.validators import NumberRange, Optional, ValidationError

from blueprints import roadmap_page
from blueprints.forms import choice, day, line, note, revision_seen, typed, whole
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import member_words
from blueprints.refusals import say_refusal
from consultancy import roadmap
from consultancy.actions import planned_tasks as acting
from consultancy.calendar import today
from consultancy.models.engagement import Engagement
from consultancy.queries import engagements
from consultancy.reports.planned import Plan, mark_of, plan_of
from consultancy.standards.words import choices
from tenants.database import transaction
from tenants.permissions import Permission
from tenants.refusal import Refusal

bp = Blueprint("roadmap", __name__)

MOST_DAYS = 999


class PlanForm(FlaskForm):
    task = HiddenField()
    side = choice(_l("Whose task"), lambda: choices("sides", member_words()), empty=_l("Not agreed yet"))
    owner_text = line(_l("Owner"))
    phase = choice(
        _l("Phase"),
        lambda: [(key, roadmap.phase_name(key, member_words())) for key in roadmap.PHASES],
        empty=_l("Not placed yet"),
    )
    starts_on = day(_l("Begins"))
    due = day(_l("Due"))
    effort_days = DecimalField(
        _l("Effort in days"),
        [Optional(), NumberRange(0.1, MOST_DAYS, message=_l("From %(min)s to %(max)s days."))],
        places=1,
        render_kw={"inputmode": "decimal"},
    )
    percent = IntegerField(_l("Done, in %"), whole(_l("Done, in %"), 0, 100), render_kw={"inputmode": "numeric"})
    depends_on = choice(_l("After"), list, empty=_l("Waits for nothing"), validate_choice=False)
    done_when = note(_l("Done when"), description=_l("What is there then: a signed policy, a log, a drill held."))
    revision = revision_seen()


class PlacingForm(FlaskForm):
    start = day(_l("The plan begins on"), required=True)
    everything = BooleanField(_l("Move what has its phase and date already, too"))
    seen = HiddenField()

    def validate_start(self, field: Any) -> None:
        if isinstance(field.data, date) and field.data < today():
            raise ValidationError(say_refusal(acting.StartsInThePast(field.data)))


@bp.get("/engagements/<uuid:engagement>/roadmap")
@requires(Permission.ENGAGEMENT_READ, engagement=engagements.find)
def index(engagement):
    plan = plan_of(engagement, today(), member_words())
    return page_of(plan, form_of(plan, request.args.get("edit", "")))


@bp.post("/engagements/<uuid:engagement>/roadmap")
@requires(Permission.ENGAGEMENT_WRITE, engagement=engagements.find)
def save(engagement):
    form = PlanForm()
    if not form.validate_on_submit():
        return refused(engagement, form), 422
    fields = typed(form, "task", "depends_on")
    fields["percent"] = fields["percent"] or 0
    fields["effort_days"] = float(fields["effort_days"]) if fields["effort_days"] is not None else None
    task = form.task.data
    try:
        with transaction():
            planned = acting.plan_task(
                engagement, task=task, depends_on=form.depends_on.data or "", revision=int(form.revision.data),
                today=today(), by=me(), **fields,
            )  # fmt: skip
    except (acting.EndsBeforeStart, acting.WaitsForItself, acting.BeforeGone) as refusal:
        wrong = form.due if isinstance(refusal, acting.EndsBeforeStart) else form.depends_on
        wrong.errors = [say_refusal(refusal)]
        return refused(engagement, form), refusal.status
    flash(_("%(label)s was planned.", label=planned.task.reference), "good")
    return redirect(
        url_for(".index", engagement=engagement.id, _anchor=roadmap_page.anchor_of(task), **roadmap_page.kept_query()),
        303,
    )


@bp.get("/engagements/<uuid:engagement>/roadmap/placing")
@requires(Permission.ENGAGEMENT_READ, engagement=engagements.find)
def placing(engagement):
    if "start" not in request.args:
        return preview_of(engagement, PlacingForm(formdata=None, data={"start": begins(engagement.kick_off_on)}))
    form = PlacingForm(request.args, meta={"csrf": False})
    if not form.validate():
        return preview_of(engagement, form, valid=False), 422
    return preview_of(engagement, form)


@bp.post("/engagements/<uuid:engagement>/roadmap/placing")
@requires(Permission.ENGAGEMENT_WRITE, engagement=engagements.find)
def place(engagement):
    form = PlacingForm()
    if not form.validate_on_submit():
        return preview_of(engagement, form, valid=False), 422
    try:
        with transaction():
            placed = acting.place_by_priority(
                engagement, start=form.start.data, everything=form.everything.data, seen=form.seen.data or "",
                today=today(), by=me(),
            )  # fmt: skip
    except Refusal as refusal:
        form.start.errors = [say_refusal(refusal)]
        return preview_of(engagement, form), refusal.status
    flash(ngettext("%(num)s task was placed.", "%(num)s tasks were placed.", placed), "good")
    return redirect(url_for(".index", engagement=engagement.id), 303)


def begins(kick_off: date | None) -> date:
    return max(kick_off or today(), today())


def form_of(plan: Plan, task: str) -> PlanForm | None:
    """The form of the task that is being planned, or none."""
    one = plan.by_address.get(task)
    if one is None or one.done:
        return None
    form = PlanForm(formdata=None, obj=one.row, data={"task": task, "depends_on": plan.after.get(task, "")})
    form.task.data, form.depends_on.data, form.revision.data = task, plan.after.get(task, ""), str(one.revision)
    return offer_tasks(form, plan)


def offer_tasks(form: PlanForm, plan: Plan) -> PlanForm:
    others = [one for one in plan.tasks if one.address != form.task.data]
    form.depends_on.choices = [("", _("Waits for nothing"))] + [
        (one.address, f"{one.task.reference} {one.task.what[:80]}") for one in others
    ]
    return form


def refused(engagement: Engagement, form: PlanForm) -> str:
    """The page again with what was typed."""
    plan = plan_of(engagement, today(), member_words())
    return page_of(plan, offer_tasks(form, plan))


def page_of(plan: Plan, form: PlanForm | None) -> str:
    shown: dict[str, Any] = roadmap_page.shown(plan, today())
    return render_template("roadmap/index.html", engagement=plan.engagement, form=form, **shown)


def preview_of(engagement: Engagement, form: PlacingForm, *, valid: bool = True) -> str:
    """Nothing is proposed for a day that no plan begins on."""
    plan = plan_of(engagement, today(), member_words())
    proposal = plan.proposal(form.start.data, everything=bool(form.everything.data)) if valid else []
    form.seen.data = mark_of(proposal)
    return render_template(
        "roadmap/placing.html",
        engagement=engagement,
        form=form,
        phases=roadmap_page.proposed(plan, proposal),
        source=roadmap.RULES["source"][member_words()],
        count=len(proposal),
        valid=valid,
    )
