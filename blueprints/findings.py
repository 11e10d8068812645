"""Findings: proposed by a rating, confirmed or written by a consultant."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm

from blueprints import lists
from blueprints.desk import address
from blueprints.forms import choice, day, line, note, revision_seen, typed
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import member_words
from blueprints.rated_site import site_named
from blueprints.refusals import say_refusal
from consultancy import scoring
from consultancy.actions import findings as acting
from consultancy.calendar import today
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from consultancy.queries import assessments, corrective_actions, engagements, findings, phrases
from consultancy.queries.sifting import Wanted, owners
from consultancy.standards import catalogue
from consultancy.standards.words import choices
from tenants.database import transaction
from tenants.permissions import Permission
from tenants.refusal import Refusal

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


SORTS = ("number", "title", "clause", "grade", "status", "due", "owner")


class ManyForm(lists.ManyForm):
    status = lists.state_of_many("findings")


@bp.get("/engagements/<uuid:engagement>/findings")
@requires(Permission.FINDING_READ, engagement=engagements.find)
def index(engagement):
    kept = lists.kept_filters("findings")
    if (begin_with := lists.default_query(kept)) is not None:
        return redirect(url_for(".index", engagement=engagement.id, **begin_with), 303)
    return list_page(engagement, wanted(request.args), lists.page_asked(), kept, ManyForm(formdata=None))


@bp.post("/engagements/<uuid:engagement>/findings/change")
@requires(Permission.FINDING_WRITE, engagement=engagements.find)
def change_many(engagement):
    form, marks = ManyForm(), lists.marks(request.form.getlist("marked"))
    asked = wanted(request.args)
    if not form.validate_on_submit():
        return list_page(engagement, asked, lists.page_asked(), lists.kept_filters("findings"), form, marks), 422
    try:
        with transaction():
            changed = acting.change_findings(engagement, marked=marks, by=me(), today=today(), **form.said())
    except Refusal as refusal:
        flash(say_refusal(refusal), "bad")
        kept = lists.kept_filters("findings")
        return list_page(engagement, asked, lists.page_asked(), kept, form, marks), refusal.status
    flash(ngettext("%(num)s finding was changed.", "%(num)s findings were changed.", len(changed)), "good")
    return redirect(lists.Addresses(".index", engagement, asked).of(page=lists.page_asked()), 303)


def wanted(values) -> Wanted:
    return lists.wanted_of(values, sorts=SORTS, statuses=findings.STATUSES, grades=findings.GRADES)


def list_page(engagement, asked, page, kept, form, marks=()):
    rows, counts = findings.page_of(engagement, asked, page=page, today=today())
    actions = findings.action_counts([one.id for one in rows])
    addresses = lists.Addresses("findings.index", engagement, asked)
    return render_template(
        "findings/index.html",
        engagement=engagement,
        rows=[
            {
                "id": one.id,
                "revision": one.revision,
                "label": one.label,
                "title": one.title,
                "requirement": one.requirement,
                "grade": one.grade,
                "status": one.status,
                "owner": one.owner_text,
                "due": one.due,
                "legal": one.legal_duty,
                "actions": actions.get(one.id, 0),
                "url": url_for("findings.edit", finding=one.id),
            }
            for one in rows
        ],
        wanted=asked,
        addresses=addresses,
        chips=lists.chips(addresses, counts, grades=findings.GRADES, statuses=findings.STATUSES, words="findings"),
        kept=lists.as_chips(kept, addresses),
        suggested=lists.filter_words(asked),
        query=lists.query_of(asked),
        heads=lists.heads(addresses, SORTS),
        clauses=lists.clauses_of(engagement),
        owners=owners(Finding, engagement),
        form=form,
        marked={str(key) for key, _revision in marks},
        pages=lists.pages(addresses, page, counts.matching, len(rows)),
        everything=counts.everything,
        proposed=proposed(engagement) if page == 1 and not asked.anything else [],
        today=today(),
        facts=ngettext("%(num)s finding", "%(num)s findings", counts.everything),
    )


@bp.get("/engagements/<uuid:engagement>/findings/new")
@requires(Permission.FINDING_WRITE, engagement=engagements.find)
def new(engagement):
    begun = from_rating(engagement, request.args.get("requirement", ""), site_named(engagement))
    form = offer_requirements(FindingForm(formdata=None, data=begun), engagement)
    return new_page(engagement, form)


def new_page(engagement, form):
    about = form.requirement.data if form.requirement.data in catalogue.find(engagement.standard) else None
    return render_template(
        "findings/form.html", engagement=engagement, finding=None, form=form, conflict=None, actions=[],
        phrases=offered(engagement, form), back=address(engagement, about),
    )  # fmt: skip


def offered(engagement: Engagement, form: FindingForm) -> list[phrases.Offered]:
    return phrases.on_requirement(engagement.standard, form.requirement.data or "", engagement.language)


def used(form: FindingForm, engagement: Engagement) -> bool:
    """A phrase was chosen, or those of another requirement asked for: the page comes again and nothing is saved."""
    if "use" not in request.form:
        return False
    if phrase := phrases.of_key(request.form["use"], engagement.language):
        field = form[phrase.part]
        field.data = f"{field.data}\n{phrase.text}".strip()
    return True


@bp.post("/engagements/<uuid:engagement>/findings")
@requires(Permission.FINDING_WRITE, engagement=engagements.find)
def create(engagement):
    site_named(engagement)
    form = offer_requirements(FindingForm(), engagement)
    if used(form, engagement):
        return new_page(engagement, form)
    if not form.validate_on_submit():
        return new_page(engagement, form), 422
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
    if used(form, finding.engagement):
        return form_page(finding, form)
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
            "also": one.finding_id != finding.id,
            "url": url_for("corrective_actions.edit", action=one.id),
        }
        for one in corrective_actions.answering(finding)
    ]
    return render_template(
        "findings/form.html", engagement=finding.engagement, finding=finding, form=form, conflict=None,
        actions=actions, phrases=offered(finding.engagement, form),
    )  # fmt: skip


def from_rating(engagement: Engagement, requirement: str, site: UUID | None) -> dict[str, object]:
    """What a new finding takes over from the rating, of the site it was begun at: its words, its owner, its date."""
    judged = assessments.judgement(assessments.of_engagement(engagement), requirement, site)
    if judged is None:
        return {"requirement": requirement, "grade": "minor"}
    rating, level = judged.rating, scoring.Rated.of(judged.rating).counted_level
    return {
        "requirement": requirement,
        "grade": scoring.proposed_grade(level) or "strength" if level is not None else "minor",
        "statement": "\n".join(one.text for one in judged.observations if one.text),
        "evidence": "\n".join(one.evidence for one in judged.observations if one.evidence),
        "recommendation": rating.recommendation,
        "owner_text": rating.owner_text,
        "due": rating.due,
    }


def proposed(engagement: Engagement) -> list[dict[str, object]]:
    """Absent and informal requirements that nobody has written a finding for yet."""
    standard, have = catalogue.find(engagement.standard), findings.requirements_with_findings(engagement)
    rated = assessments.rated(assessments.of_engagement(engagement))
    return [
        {
            "requirement": one.code,
            "title": one.full_title,
            "level": rated[one.code].level,
            "url": url_for(".new", engagement=engagement.id, requirement=one.code),
        }
        for one in standard.requirements
        if one.code in rated and one.code not in have and scoring.proposes_finding(rated[one.code].counted_level)
    ]
