"""The plan of a pre-audit: objectives, criteria and scope, its lines, the meetings, and how many days it takes."""

from functools import partial
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional

from blueprints.clashes import Clash, clashed
from blueprints.forms import choice, clean, day, line, note, revision_seen, typed, uuid_or_none
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import member_words
from blueprints.pre_audits import refuse_other
from blueprints.refusals import say_refusal
from consultancy import audit_days
from consultancy.actions import audit_plans as acting
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.calendar import today
from consultancy.models.audit_plan import AuditPlan, PlanLine
from consultancy.models.engagement import Engagement
from consultancy.queries import audit_plans, engagements
from consultancy.reports.audit import figure, proposed, purpose
from consultancy.standards.words import choices, say
from tenants.database import transaction
from tenants.limits import NAME_CHARACTERS
from tenants.permissions import Permission
from tenants.refusal import NotValid, Refusal

bp = Blueprint("audit_plans", __name__)

AT = "/engagements/<uuid:engagement>/audit-plan"
LINE = ("day", "starts", "ends", "activity", "requirements", "site", "place", "auditor", "auditee")
DAYS = ("personnel", "risk", "shifts", "sites", "adjustment", "reason")
BLANK_ROWS = 5
NEEDED = _l("This is needed.")


class HeadForm(FlaskForm):
    objectives = note(_l("Objectives"), longest=2000)
    criteria = note(_l("Criteria"), longest=2000)
    scope = note(_l("Scope"), longest=2000)
    registrar = line(_l("Registrar"), description=_l("Who certifies, as far as it is known."))
    stage_1_on = day(_l("Stage 1 of the registrar"))
    stage_2_on = day(_l("Stage 2 of the registrar"), description=_l("What is to be mended is due before it."))
    revision = revision_seen()
    seen = HiddenField(default="")


class LineForm(FlaskForm):
    day = day(_l("Day"), required=True)
    starts = TimeField(_l("From"), [InputRequired(NEEDED)])
    ends = TimeField(_l("To"), [InputRequired(NEEDED)])
    activity = line(_l("What is looked at"), required=True, longest=200)
    requirements = line(_l("Clauses or elements"))
    site = choice(_l("Workplace"), list, empty=_l("Not said"))
    place = line(_l("Place"), description=_l("Room, line, yard."))
    auditor = choice(_l("Auditor"), list, empty=_l("The whole team"))
    auditee = line(_l("With whom"), description=_l("The function; a name is not needed."))
    revision = revision_seen()


class DaysForm(FlaskForm):
    personnel = IntegerField(
        _l("Effective personnel"),
        [InputRequired(NEEDED)],
        description=_l("Everybody who works under the system, part time and contractors counted by their hours."),
    )
    risk = choice(_l("Risk"), lambda: choices("audit_risks", member_words()))
    shifts = IntegerField(_l("Shifts"), [InputRequired(NEEDED), NumberRange(1, audit_days.MOST_SHIFTS)])
    sites = IntegerField(_l("Sites"), [InputRequired(NEEDED), NumberRange(1, audit_days.MOST_SITES)])
    adjustment = IntegerField(
        _l("Added or taken away, in percent"),
        [Optional()],
        description=_l("For shifts, sites, complexity or a mature system; at most 30 % less."),
    )
    reason = note(_l("Reason for it"), longest=2000)
    revision = revision_seen()
    seen = HiddenField(default="")


class ListSent(NamedTuple):
    """The list of attendance as the page shows it. From row `own` on, others wrote it meanwhile; revision and mark stay
    those that were sent until what they wrote is shown."""

    rows: list[acting.Came]
    revision: int
    seen: str
    problem: str = ""
    own: int | None = None


AT_FIELD: dict[type[Refusal], str] = {
    acting.StagesReversed: "stage_2_on",
    acting.EndsBeforeStart: "ends",
    acting.OutsideVisit: "day",
    acting.AuditorElsewhere: "starts",
    acting.NotOnTeam: "auditor",
    acting.OutsidePlace: "site",
    audit_days.BeyondTheTable: "personnel",
    audit_days.UnknownRisk: "risk",
    audit_days.InputsNotPossible: "shifts",
    audit_days.AdjustmentTooLarge: "adjustment",
    audit_days.AdjustmentReasonNotGiven: "reason",
}


@bp.get(AT)
@requires(Permission.ASSESSMENT_READ, engagement=engagements.find)
def show(engagement):
    refuse_other(engagement)
    return page_of(engagement)


@bp.post(AT)
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def keep(engagement):
    form = HeadForm()
    if not form.validate_on_submit():
        return page_of(engagement, head=form), 422
    try:
        with transaction():
            acting.keep_head(engagement, **typed(form), revision=int(form.revision.data), by=me())
    except acting.StagesReversed as refusal:
        return page_of(engagement, head=told(form, refusal)), refusal.status
    except ChangedMeanwhile as refusal:
        stored = head_form(engagement)
        clash = clashed(form, stored, audit_plans.HEAD)
        return page_of(engagement, head=form, head_clash=clash), refusal.status
    flash(_("The plan is saved."), "good")
    return redirect(url_for(".show", engagement=engagement.id), 303)


@bp.post(f"{AT}/lines")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def add_line(engagement):
    form = offered(LineForm(), engagement)
    if not form.validate_on_submit():
        return page_of(engagement, line=form), 422
    try:
        with transaction():
            acting.plan_line(engagement, slot=slot_of(form), by=me())
    except NotValid as refusal:
        return page_of(engagement, line=told(form, refusal)), refusal.status
    flash(_("The line is planned."), "good")
    return redirect(url_for(".show", engagement=engagement.id), 303)


@bp.get("/audit-plan/lines/<uuid:plan_line>")
@requires(Permission.ASSESSMENT_READ, plan_line=audit_plans.find_line)
def edit_line(plan_line):
    return line_page(plan_line, offered(form_of(plan_line), plan_line.engagement))


@bp.post("/audit-plan/lines/<uuid:plan_line>")
@requires(Permission.ASSESSMENT_WRITE, plan_line=audit_plans.find_line)
def change_line(plan_line):
    form = offered(LineForm(), plan_line.engagement)
    if not form.validate_on_submit():
        return line_page(plan_line, form), 422
    try:
        with transaction():
            acting.change_line(plan_line, slot=slot_of(form), revision=int(form.revision.data), by=me())
    except NotValid as refusal:
        return line_page(plan_line, told(form, refusal)), refusal.status
    except ChangedMeanwhile as refusal:
        stored = offered(form_of(plan_line), plan_line.engagement)
        return line_page(plan_line, form, clashed(form, stored, LINE)), refusal.status
    flash(_("The line is saved."), "good")
    return redirect(url_for(".show", engagement=plan_line.engagement_id), 303)


@bp.post("/audit-plan/lines/<uuid:plan_line>/remove")
@requires(Permission.ASSESSMENT_WRITE, plan_line=audit_plans.find_line)
def remove_line(plan_line):
    engagement = plan_line.engagement_id
    with transaction():
        acting.remove_line(plan_line, by=me())
    flash(_("The line is taken away."), "good")
    return redirect(url_for(".show", engagement=engagement), 303)


@bp.post(f"{AT}/attendance")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def attend(engagement):
    """The whole list at once; a row that is emptied is taken away. Where somebody saved it meanwhile, their rows come
    under those that were typed: whoever saves again deletes nothing unseen."""
    rows, revision, seen = rows_sent(), request.form.get("revision", 0, int), request.form.get("seen", "")
    problem = too_long(rows)
    if problem:
        return page_of(engagement, came=ListSent(rows, revision, seen, problem)), 422
    try:
        with transaction():
            acting.keep_attendance(engagement, rows=rows, revision=revision, seen=seen, by=me())
    except (acting.AttendanceIncomplete, acting.TooManyCame) as refusal:
        return page_of(engagement, came=ListSent(rows, revision, seen, say_refusal(refusal))), refusal.status
    except ChangedMeanwhile as refusal:
        return page_of(engagement, came=both(engagement, rows)), refusal.status
    flash(_("The list of attendance is saved."), "good")
    return redirect(url_for(".show", engagement=engagement.id), 303)


@bp.get("/engagements/<uuid:engagement>/audit-days")
@requires(Permission.ASSESSMENT_READ, engagement=engagements.find)
def days(engagement):
    refuse_other(engagement)
    return days_page(engagement, days_form(engagement))


@bp.post("/engagements/<uuid:engagement>/audit-days")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def keep_days(engagement):
    form = DaysForm()
    if not form.validate_on_submit():
        return days_page(engagement, form), 422
    try:
        with transaction():
            acting.keep_days(
                engagement, inputs=inputs_of(form), revision=int(form.revision.data), seen=form.seen.data, by=me()
            )
    except NotValid as refusal:
        return days_page(engagement, told(form, refusal)), refusal.status
    except ChangedMeanwhile as refusal:
        return days_page(engagement, form, clashed(form, days_form(engagement), DAYS)), refusal.status
    flash(_("The estimate is saved and stands in the report."), "good")
    return redirect(url_for(".days", engagement=engagement.id), 303)


def told(form: Any, refusal: Refusal) -> Any:
    """The refusal beside the field that it is about, or above the form."""
    name = AT_FIELD.get(type(refusal), "")
    if name in form:
        form[name].errors = [say_refusal(refusal)]
    else:
        form.form_errors.append(say_refusal(refusal))
    return form


def offered(form: Any, engagement: Engagement) -> Any:
    """The workplaces in scope and the engagement's team."""
    places = [(str(site.id), site.name) for site in engagements.sites_in_scope(engagement)]
    team = [(str(one.membership_id), one.membership.name) for one in engagements.team(engagement)]
    form.site.choices = [("", _("Not said")), *places]
    form.auditor.choices = [("", _("The whole team")), *team]
    return form


def slot_of(form: Any) -> acting.Slot:
    return acting.Slot(
        form.day.data, form.starts.data, form.ends.data, uuid_or_none(form.site.data), form.place.data,
        form.activity.data, form.requirements.data, uuid_or_none(form.auditor.data), form.auditee.data,
    )  # fmt: skip


def form_of(one: PlanLine) -> LineForm:
    data = {name: getattr(one, name) for name in ("day", "starts", "ends", "activity", "requirements", "place")}
    more = {"site": str(one.site_id or ""), "auditor": str(one.auditor_id or ""), "revision": str(one.revision)}
    return LineForm(formdata=None, data=data | more | {"auditee": one.auditee})


def inputs_of(form: Any) -> audit_days.Inputs:
    return audit_days.Inputs(
        form.personnel.data, form.risk.data, form.shifts.data, form.sites.data, form.adjustment.data or 0,
        form.reason.data,
    )  # fmt: skip


def rows_sent() -> list[acting.Came]:
    count = sum(name.startswith("name-") for name in request.form)
    sent = request.form
    return [
        acting.Came(
            clean(sent.get(f"name-{place}", "")), clean(sent.get(f"role-{place}", "")), f"opening-{place}" in sent,
            f"closing-{place}" in sent,
        )
        for place in range(count)
    ]  # fmt: skip


def too_long(rows: list[acting.Came]) -> str:
    for place, row in enumerate(rows, start=1):
        if max(len(row.name), len(row.role)) > NAME_CHARACTERS:
            return _("Row %(place)s: at most %(most)s characters.", place=place, most=NAME_CHARACTERS)
    return ""


def both(engagement: Engagement, rows: list[acting.Came]) -> ListSent:
    mine = [row for row in rows if any(row)]
    theirs = [row for row in kept_rows(engagement) if row not in mine]
    plan = audit_plans.of_engagement(engagement)
    problem = _(
        "Somebody saved the list after you opened this page. Their rows stand under yours: empty what is not to stay,"
        " and save again."
    )
    seen = audit_plans.marks(engagement).attendance
    return ListSent(mine + theirs, plan.revision if plan else 0, seen, problem, len(mine))


def kept_rows(engagement: Engagement) -> list[acting.Came]:
    return [acting.Came(one.name, one.role, one.opening, one.closing) for one in audit_plans.attendance(engagement)]


def page_of(
    engagement: Engagement, *, head: Any = None, head_clash: Clash | None = None, line: Any = None,
    came: ListSent | None = None,
) -> str:  # fmt: skip
    plan = audit_plans.of_engagement(engagement)
    blank = [acting.Came("", "", False, False)] * BLANK_ROWS
    seen = audit_plans.marks(engagement).attendance
    kept = ListSent(kept_rows(engagement) + blank, plan.revision if plan else 0, seen)
    return render_template(
        "audit_plans/show.html",
        engagement=engagement,
        head=head or head_form(engagement),
        head_clash=head_clash,
        lines=audit_plans.lines(engagement),
        line_form=line or offered(LineForm(formdata=None, data={"day": engagement.site_visit_from}), engagement),
        line_refused=line is not None,
        attendance=came or kept,
    )


def head_form(engagement: Engagement) -> HeadForm:
    """What is kept; where nothing is yet, what the engagement proposes in the language of its deliverables."""
    plan, seen = audit_plans.of_engagement(engagement), audit_plans.marks(engagement).head
    if plan is None:
        proposing = proposed(engagement, engagement.language)
        return HeadForm(formdata=None, data=proposing | {"revision": "0", "seen": seen})
    kept = {name: getattr(plan, name) for name in ("registrar", "stage_1_on", "stage_2_on", "revision")}
    said = purpose(engagement, plan, engagement.language)
    return HeadForm(formdata=None, data=kept | said | {"seen": seen})


def line_page(one: PlanLine, form: Any, clash: Clash | None = None) -> str:
    return render_template("audit_plans/line.html", engagement=one.engagement, line=one, form=form, clash=clash)


def days_form(engagement: Engagement) -> DaysForm:
    plan, seen = audit_plans.of_engagement(engagement), audit_plans.marks(engagement).days
    if plan and plan.personnel is not None:
        return DaysForm(formdata=None, obj=plan, data={"reason": plan.adjustment_reason, "seen": seen})
    data = {
        "personnel": engagement.client.headcount,
        "shifts": engagement.sample_shifts,
        "sites": len(engagements.sites_in_scope(engagement)) or 1,
        "revision": str(plan.revision) if plan else "0",
        "seen": seen,
    }
    return DaysForm(formdata=None, data=data)


def days_page(engagement: Engagement, form: DaysForm, clash: Clash | None = None) -> str:
    plan = audit_plans.of_engagement(engagement)
    found = kept_estimate(plan)
    return render_template(
        "audit_plans/days.html",
        engagement=engagement,
        form=form,
        clash=clash,
        found=found,
        risk=say("audit_risks", plan.risk, member_words()) if plan and found else "",
        certainty=say("certainties", found.band.certainty, member_words()) if found else "",
        table=audit_days.issue_in_force(today()),
        figure=partial(figure, language=member_words()),
    )


def kept_estimate(plan: AuditPlan | None) -> audit_days.Estimate | None:
    return audit_days.of_plan(plan, today()) if plan else None
