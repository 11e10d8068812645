"""Findings: proposed by a rating, confirmed or written by a consultant."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm

from blueprints.forms import choice, day, line, note, revision_seen, typed
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import member_words
from consultancy import scoring
from consultancy.actions import findings as acting
from consultancy.calendar import today
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from consultancy.queries import assessments, engagements, findings
from consultancy.standards import catalogue
from consultancy.standards.words import choices
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("findings", __name__)


class FindingForm(FlaskForm):
    requirement = choice(_l("Requirement"), list)
    grade = choice(_l("Grade"), lambda: choices("grades", member_words()))
    title = line(
        _l("Title"),
        required=True,
        longest=200,
        description=_l("A sentence with a verb that states the issue, with a figure where there is one."),
    )
    statement = note(
        _l("What we saw"), required=True, description=_l("Facts with evidence numbers; roles, never names of workers.")
    )
    evidence = note(_l("Evidence"))
    why = note(_l("Why it matters"), description=_l("Harm first, law second, audit third."))
    risk = line(_l("Risk"), longest=40)
    recommendation = note(_l("Recommendation"), description=_l("Verb first; the quickest step first."))
    legal_duty = line(
        _l("Legal duty"), longest=160, description=_l("Citation as an aid; only where a duty is touched.")
    )
    owner_text = line(_l("Owner"))
    due = day(_l("Due"))
    status = choice(_l("Status"), lambda: choices("findings", member_words()))
    revision = revision_seen()


def offer_requirements(form: FindingForm, engagement: Engagement) -> FindingForm:
    form.requirement.choices = [
        (one.code, f"{one.code} {one.full_title}") for one in catalogue.find(engagement.standard).requirements
    ]
    return form


@bp.get("/engagements/<uuid:engagement>/findings")
@requires(Permission.FINDING_READ, engagement=engagements.find)
def index(engagement):
    raised, actions = findings.of_engagement(engagement), findings.actions_of(engagement)
    rows = [
        {
            "label": one.label,
            "title": one.title,
            "requirement": one.requirement,
            "grade": one.grade,
            "status": one.status,
            "owner": one.owner_text,
            "due": one.due,
            "actions": sum(action.finding_id == one.id for action in actions),
            "url": url_for(".edit", finding=one.id),
        }
        for one in raised
    ]
    return render_template(
        "findings/index.html",
        engagement=engagement,
        rows=rows,
        proposed=proposed(engagement, raised),
        today=today(),
        facts=ngettext("%(num)s finding", "%(num)s findings", len(rows)),
    )


@bp.get("/engagements/<uuid:engagement>/findings/new")
@requires(Permission.FINDING_WRITE, engagement=engagements.find)
def new(engagement):
    form = offer_requirements(
        FindingForm(formdata=None, data=from_rating(engagement, request.args.get("requirement", ""))), engagement
    )
    return render_template(
        "findings/form.html", engagement=engagement, finding=None, form=form, conflict=None, actions=[]
    )


@bp.post("/engagements/<uuid:engagement>/findings")
@requires(Permission.FINDING_WRITE, engagement=engagements.find)
def create(engagement):
    form = offer_requirements(FindingForm(), engagement)
    if not form.validate_on_submit():
        return render_template(
            "findings/form.html", engagement=engagement, finding=None, form=form, conflict=None, actions=[]
        ), 422
    with transaction():
        finding = acting.raise_finding(engagement, raised_on=today(), by=me(), **typed(form))
    flash(_("%(label)s was raised.", label=finding.label), "good")
    return redirect(url_for(".index", engagement=engagement.id), 303)


@bp.get("/findings/<uuid:finding>")
@requires(Permission.FINDING_READ, finding=findings.find)
def edit(finding):
    form = offer_requirements(FindingForm(formdata=None, obj=finding), finding.engagement)
    return form_page(finding, form)


@bp.post("/findings/<uuid:finding>")
@requires(Permission.FINDING_WRITE, finding=findings.find)
def update(finding):
    form = offer_requirements(FindingForm(), finding.engagement)
    if not form.validate_on_submit():
        return form_page(finding, form), 422
    with transaction():
        acting.change_finding(finding, revision=int(form.revision.data), by=me(), **typed(form))
    flash(_("%(label)s was saved.", label=finding.label), "good")
    return redirect(url_for(".index", engagement=finding.engagement_id), 303)


def form_page(finding: Finding, form: FindingForm) -> str:
    actions = [
        {
            "label": one.label,
            "action": one.action or one.correction,
            "status": one.status,
            "url": url_for("corrective_actions.edit", action=one.id),
        }
        for one in findings.actions_of(finding.engagement)
        if one.finding_id == finding.id
    ]
    return render_template(
        "findings/form.html", engagement=finding.engagement, finding=finding, form=form, conflict=None, actions=actions
    )


def from_rating(engagement: Engagement, requirement: str) -> dict[str, object]:
    """What a new finding takes over from the rating: its words, its owner, its date."""
    judged = assessments.judged(assessments.of_engagement(engagement)).get(requirement)
    if judged is None:
        return {"requirement": requirement, "grade": "minor"}
    rating = judged.rating
    return {
        "requirement": requirement,
        "grade": scoring.proposed_grade(rating.level) or "strength" if rating.level is not None else "minor",
        "statement": "\n".join(one.text for one in judged.observations if one.text),
        "evidence": "\n".join(one.evidence for one in judged.observations if one.evidence),
        "recommendation": rating.recommendation,
        "owner_text": rating.owner_text,
        "due": rating.due,
    }


def proposed(engagement: Engagement, raised: list[Finding]) -> list[dict[str, object]]:
    """Absent and informal requirements that nobody has written a finding for yet."""
    standard, have = catalogue.find(engagement.standard), {one.requirement for one in raised}
    rated = assessments.rated(assessments.of_engagement(engagement))
    return [
        {
            "requirement": one.code,
            "title": one.full_title,
            "level": rated[one.code].level,
            "url": url_for(".new", engagement=engagement.id, requirement=one.code),
        }
        for one in standard.requirements
        if one.code in rated and one.code not in have and scoring.proposes_finding(rated[one.code].level)
    ]
