"""Interviews of an engagement: the sample against what was held, a sheet for each person asked, sheets to print."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from blueprints import clashes
from blueprints.forms import choice, day, note, revision_seen, uuid_or_none
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.interview_sheet import answers_sent, differences, sheet_of
from blueprints.page import capital, member_words
from blueprints.rating_locks import lock_of
from blueprints.refusals import say_refusal
from consultancy import sampling
from consultancy.actions import interviews as acting
from consultancy.calendar import today
from consultancy.models.engagement import Engagement
from consultancy.models.interview import Interview
from consultancy.privacy import reading
from consultancy.queries import engagements, interviews
from consultancy.standards import catalogue
from consultancy.tallies import Line
from tenants.database import transaction
from tenants.permissions import Permission
from tenants.refusal import NotValid

bp = Blueprint("interviews", __name__)


class InterviewForm(FlaskForm):
    role = choice(_l("Asked as"), lambda: sampling.role_words(member_words()))
    site = choice(_l("Workplace"), list, empty=_l("Not said"))
    shift = choice(
        _l("Shift"), lambda: [(str(one), str(one)) for one in range(1, sampling.MOST_SHIFTS + 1)], empty=_l("Not said")
    )
    held_on = day(_l("Held on"), required=True)


class SheetForm(InterviewForm):
    note = note(_l("What else was said"), description=_l("No names: neither of the person nor of others."))
    revision = revision_seen()


@bp.get("/engagements/<uuid:engagement>/interviews")
@requires(Permission.ASSESSMENT_READ, engagement=engagements.find)
def index(engagement):
    return list_page(engagement, InterviewForm(formdata=None, data={"held_on": today()}))


@bp.post("/engagements/<uuid:engagement>/interviews")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def create(engagement):
    form = offer_sites(InterviewForm(), engagement)
    if not form.validate_on_submit():
        return list_page(engagement, form), 422
    try:
        with transaction():
            interview = acting.hold_interview(engagement, by=me(), **placed(form))
    except acting.NotYetHeld as refusal:
        form.held_on.errors = [say_refusal(refusal)]
        return list_page(engagement, form), refusal.status
    flash(_("%(label)s is open. Nobody’s name stands on it.", label=interview.label), "good")
    return redirect(url_for(".show", interview=interview.id), 303)


@bp.get("/interviews/<uuid:interview>")
@requires(Permission.ASSESSMENT_READ, interview=interviews.find)
def show(interview):
    shown = sheet_page(interview, offer_sites(form_of(interview), interview.engagement, interview))
    put_on_record(interview)
    return shown


@bp.post("/interviews/<uuid:interview>")
@requires(Permission.ASSESSMENT_WRITE, interview=interviews.find)
def fill(interview):
    """The whole sheet at once. Where somebody saved it meanwhile, both are shown and nothing typed is lost."""
    form, sent = offer_sites(SheetForm(), interview.engagement, interview), answers_sent(request.form)
    if not form.validate_on_submit():
        return sheet_page(interview, form, sent), 422
    try:
        with transaction():
            acting.fill_sheet(
                interview, revision=int(form.revision.data), note=form.note.data, answers=sent, by=me(), **placed(form)
            )
    except acting.FilledMeanwhile as clash:
        between = differences(interviews.answers_of(interview), sent)
        between += changed_head(interview, form)
        form.revision.data = str(interview.revision)  # saving again is choosing what was typed here
        page = sheet_page(interview, form, sent, {"sentence": say_refusal(clash), "differences": between})
        return page, clash.status
    except acting.NotYetHeld as refusal:
        form.held_on.errors = [say_refusal(refusal)]
        return sheet_page(interview, form, sent), refusal.status
    except NotValid as refusal:
        form.form_errors.append(say_refusal(refusal))
        return sheet_page(interview, form, sent), 422
    flash(_("%(label)s is saved.", label=interview.label), "good")
    return redirect(url_for(".show", interview=interview.id), 303)


@bp.post("/interviews/<uuid:interview>/remove")
@requires(Permission.ASSESSMENT_WRITE, interview=interviews.find)
def remove(interview):
    engagement, label = interview.engagement, interview.label
    with transaction():
        acting.remove_interview(interview, by=me())
    flash(_("%(label)s is taken away. Its number is not given again.", label=label), "good")
    return redirect(url_for(".index", engagement=engagement.id), 303)


@bp.get("/interviews/<uuid:interview>/paper")
@requires(Permission.ASSESSMENT_READ, interview=interviews.find)
def paper(interview):
    """The sheet for the clipboard, with what is on it so far."""
    engagement = interview.engagement
    shown = interviews.shown(interview)
    printed = render_template(
        "interviews/paper.html",
        engagement=engagement,
        head=head_of(shown),
        note=interview.note,
        **sheet_of(engagement, interview.role, interviews.answers_of(interview), engagement.language),
    )
    put_on_record(interview)
    return printed


@bp.get("/engagements/<uuid:engagement>/interviews/paper/<role>")
@requires(Permission.ASSESSMENT_READ, engagement=engagements.find)
def blank(engagement, role):
    """An empty sheet for a role, to be copied for the visit."""
    if role not in sampling.ROLES:
        abort(404)
    return render_template(
        "interviews/paper.html",
        engagement=engagement,
        head={"label": "I-", "role": role_word(role, engagement.language)},
        note="",
        **sheet_of(engagement, role, {}, engagement.language),
    )


def put_on_record(interview: Interview) -> None:
    """Who read what people said, once a day; after the page is made, which would load its rows again otherwise."""
    if not reading.is_noted(interview.engagement, by=me(), today=today()) and interviews.has_notes(interview):
        with transaction():
            reading.note_reading(interview.engagement, by=me())


def offer_sites(form: Any, engagement: Engagement, stored: Interview | None = None) -> Any:
    """The workplaces in scope, and where an interview was held before the scope was changed."""
    places = [(str(site.id), site.name) for site in interviews.workplaces(engagement)]
    held_at = str(stored.site_id) if stored and stored.site_id else ""
    if stored and held_at and held_at not in dict(places):
        places.append((held_at, interviews.shown(stored).site))
    form.site.choices = [("", _("Not said")), *places]
    return form


def placed(form: InterviewForm) -> dict[str, Any]:
    return {
        "role": form.role.data,
        "site": uuid_or_none(form.site.data),
        "shift": int(form.shift.data) if form.shift.data else None,
        "held_on": form.held_on.data,
    }


def form_of(interview: Interview) -> SheetForm:
    return SheetForm(
        formdata=None,
        data={
            "role": interview.role,
            "site": str(interview.site_id or ""),
            "shift": str(interview.shift or ""),
            "held_on": interview.held_on,
            "note": interview.note,
            "revision": str(interview.revision),
        },
    )


def list_page(engagement: Engagement, form: InterviewForm) -> str:
    covered, standard = interviews.coverage(engagement), catalogue.find(engagement.standard)
    tallied = interviews.tallies_of(engagement)
    return render_template(
        "interviews/index.html",
        engagement=engagement,
        form=offer_sites(form, engagement),
        rows=[head_of(one) for one in interviews.of_engagement(engagement)],
        coverage=covered,
        people=interviews.people_of(engagement),
        groups=[
            {"title": _("By role"), "lines": [line_of(one, role_word(one.key)) for one in covered.roles]},
            {"title": _("By workplace"), "lines": [line_of(one, one.key) for one in covered.sites]},
            {"title": _("By shift"), "lines": [line_of(one, one.key) for one in covered.shifts]},
        ],
        tallies=[
            {
                "number": one.code,
                "title": one.full_title,
                "tally": tallied[one.code],
                "url": url_for("assessments.show", engagement=engagement.id, requirement=one.code),
            }
            for one in standard.requirements
            if one.code in tallied
        ],
        blanks=[(role, capital(word)) for role, word in sampling.role_words(member_words())],
        contractors=sampling.RULES["contractors"][member_words()],
        **lock_of(engagement),
    )


def sheet_page(
    interview: Interview, form: SheetForm, sent: dict[str, acting.Answer] | None = None, conflict: Any = None
) -> str:
    engagement = interview.engagement
    answers = interviews.answers_of(interview) if sent is None else sent
    return render_template(
        "interviews/show.html",
        engagement=engagement,
        interview=head_of(interviews.shown(interview)),
        form=form,
        conflict=conflict,
        **sheet_of(engagement, interview.role, answers, member_words()),
        **lock_of(engagement),
    )


def changed_head(interview: Interview, form: SheetForm) -> list[dict[str, str]]:
    """What stands at the head of the sheet now, where it is not what was typed."""
    stored = offer_sites(form_of(interview), interview.engagement, interview)
    return clashes.differences(stored, form, ("role", "site", "shift", "held_on", "note"))


def head_of(one: interviews.Shown) -> dict[str, Any]:
    interview = one.interview
    return {
        "id": interview.id,
        "label": interview.label,
        "role": role_word(interview.role),
        "site": one.site,
        "shift": interview.shift,
        "held_on": interview.held_on,
        "by": one.by_name or _("The platform"),
        "answers": one.answers,
        "url": url_for("interviews.show", interview=interview.id),
    }


def line_of(line: Line, word: str) -> dict[str, Any]:
    return {"word": word or _("Not said"), "wanted": line.wanted, "held": line.held}


def role_word(role: str, words: str = "") -> str:
    return capital(sampling.RULES["roles"][role][words or member_words()])
