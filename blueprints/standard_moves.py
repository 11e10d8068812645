"""The standard of an engagement: the marks of one by points, moving to another version, and what was rated before."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import InputRequired

from blueprints.assessments import held, put_on_record
from blueprints.forms import revision_seen
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import member_words
from consultancy import passing, points
from consultancy.actions import standard_moves as acting
from consultancy.calendar import today
from consultancy.models.engagement import Engagement
from consultancy.queries import assessments, engagements, interviews
from consultancy.standards import catalogue
from consultancy.standards import marks as in_force
from consultancy.standards.words import say
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("standard_moves", __name__)


class MoveForm(FlaskForm):
    standard = HiddenField(validators=[InputRequired()])
    revision = revision_seen()


@bp.get("/engagements/<uuid:engagement>/standard")
@requires(Permission.ENGAGEMENT_WRITE, engagement=engagements.find)
def show(engagement):
    """Choose a version, see what it would mean, then move: three looks at one address."""
    before, assessment = catalogue.find(engagement.standard), held(engagement)
    to = request.args.get("to", "")
    choosable = [one for one in catalogue.offered() if one.key != before.key]
    after = next((one for one in choosable if one.key == to), None)
    if to and after is None:
        abort(404)
    return render_template(
        "standard_moves/show.html",
        engagement=engagement,
        before=before,
        after=after,
        choosable=choosable,
        rated=len(assessments.rated(assessment)),
        lost=acting.findings_without_requirement(engagement, after) if after else [],
        comparison=acting.compare(before, after) if after else None,
        answers=len(acting.answers_to_carry(engagement, before.key, after)) if after else 0,
        form=MoveForm(formdata=None, data={"standard": to, "revision": assessment.revision}),
        earlier=[
            {
                "name": catalogue.find(one.standard).full_name,
                "url": url_for(".earlier", engagement=engagement.id, assessment=one.id),
            }
            for one in assessments.earlier(engagement)
        ],
    )


@bp.post("/engagements/<uuid:engagement>/standard")
@requires(Permission.ENGAGEMENT_WRITE, engagement=engagements.find)
def move(engagement):
    form = MoveForm()
    if not form.validate_on_submit():
        abort(422)
    with transaction():
        acting.move_to_standard(engagement, standard=form.standard.data, revision=int(form.revision.data), by=me())
    flash(_("Moved. What was carried over is marked until somebody confirms it."), "good")
    return redirect(url_for("rating_grid.show", engagement=engagement.id), 303)


@bp.get("/engagements/<uuid:engagement>/assessments/<uuid:assessment>")
@requires(Permission.ASSESSMENT_READ, engagement=engagements.find, assessment=assessments.find)
def earlier(engagement, assessment):
    """What was rated against a version that the engagement left, as it was."""
    if assessment.engagement_id != engagement.id:
        abort(404)
    standard = catalogue.find(assessment.standard)
    judged = assessments.judged(assessment)
    page = render_template(
        "standard_moves/earlier.html",
        engagement=engagement,
        standard=standard,
        rows=[
            {
                "number": one.code,
                "title": one.full_title,
                "level": judged[one.code].rating.level,
                "state": judged[one.code].rating.state,
                "texts": [seen.text for seen in judged[one.code].observations if seen.text],
                "recommendation": judged[one.code].rating.recommendation,
            }
            for one in standard.requirements
            if one.code in judged
        ],
    )
    put_on_record(engagement)
    return page


@bp.get("/engagements/<uuid:engagement>/marks")
@requires(Permission.ASSESSMENT_READ, engagement=engagements.find)
def marks(engagement):
    standard = catalogue.find(engagement.standard)
    asked = in_force.in_force(standard, today()) if standard.by_points else None
    return render_template(
        "standard_moves/marks.html",
        engagement=engagement,
        standard=standard,
        marks=asked,
        **(figures(engagement, standard, asked) if asked else {}),
    )


def figures(engagement: Engagement, standard: catalogue.Standard, asked: in_force.Marks) -> dict[str, Any]:
    answers = assessments.answers(held(engagement))
    score = points.score(standard, answers, asked)
    change = passing.to_pass(standard, answers, asked)
    titles = {clause.number: clause.title for clause in standard.clauses()}
    return {
        "conclusion": say("marks", score.conclusion, member_words()),
        "reached": score.conclusion,
        "overall": bounds(score),
        "legislated": shown(score.legislated),
        "lost": score.legislated_lost,
        "unverified": len(score.unverified),
        "elements": [
            {
                "number": one.number,
                "title": titles[one.number],
                "points": one.points,
                "unverified": one.unverified,
                "below": one.number in score.below,
                "met": one.lowest.reaches(asked.element),
            }
            | bounds(one)
            for one in score.elements
        ],
        "heard": heard(engagement, standard, answers),
        "change": None
        if change is None
        else [
            {
                "number": code,
                "title": standard.requirement(code).title,
                "url": url_for("assessments.show", engagement=engagement.id, requirement=code),
            }
            for code in change
        ],
    }


def heard(
    engagement: Engagement, standard: catalogue.Standard, answers: dict[str, points.Answer]
) -> list[dict[str, Any]]:
    """Questions that people were asked about: what they confirmed, the points given, and those it suggests."""
    tallied = interviews.tallies_of(engagement)
    return [
        {
            "number": one.code,
            "title": one.full_title,
            "tally": tallied[one.code],
            "given": answers.get(one.code, points.NO_ANSWER).got.get("interview"),
            "suggested": tallied[one.code].points(method.most),
            "most": method.most,
            "url": url_for("assessments.show", engagement=engagement.id, requirement=one.code),
        }
        for one in standard.requirements
        for method in one.methods
        if method.name == "interview" and one.code in tallied
    ]


def bounds(one: points.PointsScore | points.ElementMark) -> dict[str, str]:
    return {"so_far": shown(one.so_far), "lowest": shown(one.lowest), "highest": shown(one.highest)}


def shown(mark: points.Mark) -> str:
    """One decimal, as the mark was cut; a dash where nothing counts."""
    return "–" if mark.percent is None else f"{mark.percent:.1f} %"
