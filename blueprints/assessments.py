"""The clause desk: one requirement at a time, saved as it is typed."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from blueprints.desk import beside, heard, label_of, shown, suggested, tree, weakest_site
from blueprints.evidence_panel import panel
from blueprints.forms import choice, day, line, note, revision_seen, twice, whole
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import member_words
from blueprints.rated_site import selector, site_named, stay_at_site
from blueprints.rating_locks import lock_of
from blueprints.refusals import say_refusal
from consultancy.actions import rating_locks, ratings
from consultancy.calendar import clock, today
from consultancy.models.assessment import Assessment, Observation, Rating
from consultancy.models.engagement import Engagement
from consultancy.privacy import reading
from consultancy.queries import assessments, engagements, phrases
from consultancy.queries import rating_locks as locks
from consultancy.standards import catalogue
from consultancy.standards.rules import MOST_POINTS
from consultancy.standards.words import choices
from tenants.database import now, transaction
from tenants.permissions import Permission

bp = Blueprint("assessments", __name__)

LEVELS = ("0", "1", "2", "3")
CHOICES = (*LEVELS, "not_verified", "not_applicable", "")
TYPED = ("reason", "recommendation", "priority", "effort_text", "owner_text", "due", *ratings.POINTS)


class RatingForm(FlaskForm):
    rating = RadioField(_l("Rating"), [Optional()], choices=[SelectChoice(key) for key in CHOICES])
    reason = note(_l("Reason"))
    recommendation = note(_l("Recommendation"))
    priority = choice(_l("Priority"), lambda: choices("priorities", member_words()), empty=_l("Not set"))
    effort_text = line(_l("Effort"))
    owner_text = line(_l("Owner"))
    due = day(_l("Due"))
    document_points = IntegerField(_l("Documentation"), whole(_l("Documentation"), 0, MOST_POINTS))
    interview_points = IntegerField(_l("Interview"), whole(_l("Interview"), 0, MOST_POINTS))
    observation_points = IntegerField(_l("Observation on site"), whole(_l("Observation on site"), 0, MOST_POINTS))
    observation = note(_l("Observation"))
    method = choice(_l("How it was seen"), lambda: choices("methods", member_words()), empty=_l("Not said"))
    evidence = note(_l("Evidence"))
    seen_on = day(_l("Seen on"))
    revision = revision_seen()


class ObservationForm(FlaskForm):
    text = note(_l("Observation"))
    method = choice(_l("How it was seen"), lambda: choices("methods", member_words()), empty=_l("Not said"))
    evidence = note(_l("Evidence"))
    seen_on = day(_l("Seen on"))
    revision = revision_seen()


@bp.get("/engagements/<uuid:engagement>/assessment/<requirement>")
@requires(Permission.ASSESSMENT_READ, engagement=engagements.find)
def show(engagement, requirement):
    known(engagement, requirement)
    site = site_named(engagement)
    assessment = begun(engagement, requirement, site)
    found = assessments.judgement(assessment, requirement, site)
    rating, seen = found or (None, [])
    page = desk(engagement, assessment, requirement, rating, form_of(rating), seen=seen)
    if any(one.method == "interview" for one in seen):
        put_on_record(engagement, shown=True)
    return page


def put_on_record(engagement: Engagement, requirement: str | None = None, *, shown: bool = False) -> None:
    """Who read notes of interviews, once a day; after the page is made, which would load its rows again otherwise."""
    if not reading.is_noted(engagement, by=me(), today=today()) and (
        shown or reading.has_interviews(engagement, requirement)
    ):
        with transaction():
            reading.note_reading(engagement, by=me())


@bp.post("/engagements/<uuid:engagement>/assessment/<requirement>")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def rate(engagement, requirement):
    """Saved by the script field by field, or by the buttons of the form; then the next requirement."""
    assessment, form = held(engagement), RatingForm()
    known(engagement, requirement)
    take_phrase(form, engagement)
    site = site_named(engagement)
    if labels := twice(form):
        sentence = _("%(names)s: sent twice with different values. Nothing was saved.", names=", ".join(labels))
        return refused(engagement, assessment, requirement, form, sentence)
    if not form.validate_on_submit():
        return refused(engagement, assessment, requirement, form, first_error(form))
    try:
        with transaction():
            rating = save(assessment, requirement, site, form)
            stands = {"revision": rating.revision, "fields": standing(rating)}  # committed, it would be read once more
    except ratings.RatedMeanwhile as clash:
        return clashed(engagement, assessment, requirement, form, clash)
    except rating_locks.RatingsLocked as refusal:
        return refused(engagement, assessment, requirement, form, say_refusal(refusal), refusal.status)
    except ratings.ReasonMissing:
        form.reason.errors = [_("Say why it does not apply.")]
        return refused(engagement, assessment, requirement, form, form.reason.errors[0])
    except ratings.PointsOutOfRange as refusal:
        field = form[f"{refusal.args[1]}_points"]
        field.errors = [say_refusal(refusal)]
        return refused(engagement, assessment, requirement, form, field.errors[0])
    if wants_json():
        return jsonify(saved=clock(now())[-5:], **stands)
    onward = following(engagement, requirement) if request.form.get("then") == "next" else requirement
    return redirect(url_for(".show", engagement=engagement.id, requirement=onward), 303)


@bp.post("/engagements/<uuid:engagement>/observations/<uuid:observation>")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find, observation=assessments.find_observation)
def rewrite_observation(engagement, observation):
    assessment, form = held(engagement), ObservationForm()
    if observation.rating.assessment_id != assessment.id:
        abort(404)
    stay_at_site(observation.rating)
    if not form.validate_on_submit():
        if wants_json():
            return jsonify(sentence=first_error(form)), 422
        return desk_with(engagement, assessment, observation, form), 422
    try:
        with transaction():
            ratings.correct_observation(
                observation,
                assessment=assessment,
                text=form.text.data,
                method=form.method.data or "",
                evidence=form.evidence.data,
                seen_on=form.seen_on.data,
                revision=int(form.revision.data),
                by=me(),
            )
            revision = observation.revision
    except ratings.RatedMeanwhile:
        return clashed_observation(engagement, assessment, observation, form)
    if wants_json():
        return jsonify(revision=revision, saved=clock(now())[-5:])
    return redirect(url_for(".show", engagement=engagement.id, requirement=observation.rating.requirement), 303)


def standing(rating: Rating) -> dict[str, str]:
    """The fields as they stand now, for a page that sent only what was changed on it."""
    written = {name: getattr(rating, name) for name in TYPED}
    return {"rating": picked(rating)} | {name: "" if it is None else str(it) for name, it in written.items()}


def take_phrase(form: RatingForm, engagement: Engagement) -> None:
    """The button beside a phrase puts it under the recommendation and saves, as every other button of the desk does."""
    phrase = phrases.of_key(request.form.get("use", ""), engagement.language)
    if phrase and phrase.part == "recommendation":
        form.recommendation.data = f"{form.recommendation.data}\n{phrase.text}".strip()


def save(assessment: Assessment, requirement: str, site: UUID | None, form: RatingForm) -> Rating:
    fields: dict[str, Any] = {name: form[name].data for name in TYPED if name in request.form}
    if "rating" in request.form:
        picked = form.rating.data or ""
        fields["state"] = "rated" if picked in LEVELS else picked or "not_rated"
        fields["level"] = int(picked) if picked in LEVELS else None
    rating = ratings.rate_requirement(
        assessment, requirement=requirement, site=site, revision=int(form.revision.data), by=me(), **fields
    )
    if form.observation.data or form.evidence.data:
        ratings.note_observation(
            rating,
            assessment=assessment,
            text=form.observation.data,
            method=form.method.data or "",
            evidence=form.evidence.data,
            seen_on=form.seen_on.data,
            by=me(),
        )
    return rating


def desk(
    engagement: Engagement,
    assessment: Assessment,
    requirement: str,
    rating: Rating | None,
    form: RatingForm,
    conflict: Any = None,
    rewritten: ObservationForm | None = None,
    seen: list[Observation] | None = None,
) -> str:
    seen = assessments.observations_of(rating) if seen is None else seen
    told = heard(engagement, requirement)
    return render_template(
        "assessments/show.html",
        engagement=engagement,
        assessment=assessment,
        form=form,
        conflict=conflict,
        observations=[
            rewritten if rewritten and rewritten.row["id"] == one.id else observation_form(one) for one in seen
        ],
        carried_over=bool(rating and rating.carried_over),
        shelf=panel(engagement, assessment, requirement, seen, told["heard"]),
        **told,
        **lock_of(engagement),
        **selector(engagement, "assessments.show", requirement=requirement),
        **suggested(assessment, requirement, rating),
        weakest=weakest_site(engagement, assessment, requirement, rating),
        **tree(engagement, assessments.rated(assessment, g.get("rated_site")), requirement),
        **beside(engagement, rating, requirement),
    )


def observation_form(row: Any) -> ObservationForm:
    return beside_its_row(ObservationForm(formdata=None, obj=row), row)


def beside_its_row(form: ObservationForm, row: Any) -> ObservationForm:
    form.row = {"id": row.id, "by_name": None}
    return form


def desk_with(
    engagement: Engagement, assessment: Assessment, observation: Any, typed: ObservationForm, conflict: Any = None
) -> str:
    """The page around one observation whose text could not be saved; what was typed stays in its form."""
    rating = observation.rating
    rewritten = beside_its_row(typed, observation)
    return desk(engagement, assessment, rating.requirement, rating, form_of(rating), conflict, rewritten)


def form_of(rating: Rating | None) -> RatingForm:
    if rating is None:
        return RatingForm(formdata=None)
    form = RatingForm(formdata=None, obj=rating)
    form.rating.data = picked(rating)
    return form


def picked(rating: Rating) -> str:
    """Which of the choices stands for it."""
    if rating.state == "rated":
        return str(rating.level)
    return rating.state if rating.state != "not_rated" else ""


def refused(
    engagement: Engagement, assessment: Assessment, requirement: str, form: RatingForm, sentence: str, status: int = 422
) -> Any:
    if wants_json():
        return jsonify(sentence=sentence), status
    rating = assessments.rating_of(assessment, requirement, g.get("rated_site"))
    return desk(engagement, assessment, requirement, rating, form), status


def clashed(
    engagement: Engagement, assessment: Assessment, requirement: str, form: RatingForm, clash: ratings.RatedMeanwhile
) -> Any:
    """Both texts, side by side; what was typed stays in the form until one is chosen."""
    rating = assessments.rating_of(assessment, requirement, g.get("rated_site"))
    changed = assessments.history(rating)
    stored = form_of(rating)
    names = ["rating" if name in ("state", "level") else name for name in clash.args[1]]
    conflict = both_texts(engagement, requirement, changed, list(dict.fromkeys(names)), stored, form)
    conflict["revision"] = rating.revision if rating else 0
    if wants_json():
        return render_template("assessments/conflict.html", conflict=conflict), 409
    form.revision.data = str(conflict["revision"])  # saving again is choosing one's own
    return desk(engagement, assessment, requirement, rating, form, conflict), 409


def clashed_observation(engagement: Engagement, assessment: Assessment, observation: Any, form: ObservationForm) -> Any:
    """Two people rewrote the same observation: both wordings, side by side."""
    stored = observation_form(observation)
    names = [name for name in ("text", "method", "evidence", "seen_on") if stored[name].data != form[name].data]
    changed = [one for one in assessments.history(observation.rating) if one[0].field == "observation"]
    requirement = observation.rating.requirement
    conflict = both_texts(engagement, requirement, changed, names or ["text"], stored, form)
    conflict["revision"] = observation.revision
    if wants_json():
        return render_template("assessments/conflict.html", conflict=conflict), 409
    form.revision.data = str(observation.revision)
    return desk_with(engagement, assessment, observation, form, conflict), 409


def both_texts(
    engagement: Engagement, requirement: str, changed: Any, names: list[str], theirs: FlaskForm, yours: FlaskForm
) -> dict[str, Any]:
    return {
        "by": (changed[0][1] if changed else None) or _("Somebody"),
        "at": clock(changed[0][0].at)[-5:] if changed else "",
        "url": url_for(".show", engagement=engagement.id, requirement=requirement),
        "fields": [
            {
                "name": name,
                "label": label_of(name),
                "theirs": theirs[name].data or "",
                "theirs_shown": shown(name, theirs[name].data),
                "yours_shown": shown(name, yours[name].data),
            }
            for name in names
        ],
    }


def begun(engagement: Engagement, requirement: str, site: UUID | None) -> Assessment:
    """The assessment; what locks it and what people said of the requirement were read with it and are kept for the page
    (rating_locks.lock_of, desk.heard)."""
    assessment, g.released_report, g.tally = locks.begin_desk(engagement, requirement, site)
    return assessment


def held(engagement: Engagement) -> Assessment:
    return assessments.of_engagement(engagement)


def known(engagement: Engagement, requirement: str) -> None:
    if requirement not in catalogue.find(engagement.standard):
        abort(404)


def following(engagement: Engagement, requirement: str) -> str:
    codes = [one.code for one in catalogue.find(engagement.standard).requirements]
    return codes[min(codes.index(requirement) + 1, len(codes) - 1)]


def first_error(form: FlaskForm) -> str:
    return next(
        (str(error) for errors in form.errors.values() for error in errors), _("That cannot be saved as it is.")
    )


def wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
