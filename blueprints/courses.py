"""The shelf of courses: those that are shipped with their sources, and the consultancy's own."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField

from blueprints.forms import choice, line, revision_seen, typed, whole
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import capital, member_words
from blueprints.refusals import say_refusal
from blueprints.training import header
from consultancy.actions import courses as acting
from consultancy.calendar import today
from consultancy.queries import training
from consultancy.standards.courses import SHIPPED, Course
from consultancy.standards.words import choices, say
from tenants.database import transaction
from tenants.permissions import Permission
from tenants.refusal import NotValid

bp = Blueprint("courses", __name__)

FIELD_OF: dict[type[NotValid], str] = {
    acting.CourseCodeTaken: "code",
    acting.CourseCodeFaulty: "code",
    acting.CitationMissing: "citation",
}


class CourseForm(FlaskForm):
    code = line(_l("Code"), longest=12, description=_l("2 to 12 capitals, digits and hyphens."))
    title_en = line(_l("Title in English"), required=True)
    title_fr = line(_l("Title in French"), description=_l("Left empty, the English one."))
    needed_by = line(_l("Who needs it"))
    validity = IntegerField(_l("Counts for, in months"), whole(None, 1, 240), description=_l("Empty: it does not end."))
    basis = choice(_l("Basis"), lambda: choices("course_bases", member_words()))
    citation = line(_l("Section of the law"), description=_l("A finding quotes it as the legal duty."))
    source = line(_l("Source"), longest=200)
    certainty = choice(_l("How sure it is"), lambda: choices("course_certainties", member_words()))
    revision = revision_seen()


@bp.get("/courses")
@requires(Permission.TRAINING_READ)
def index():
    return render_template(
        "courses/index.html",
        shipped=[described(one) for one in SHIPPED.today(today())],
        own=[
            described(training.as_course(one))
            | {"retired": one.retired_at is not None, "url": url_for(".edit", own_course=one.id)}
            for one in training.own_courses()
        ],
    )


@bp.get("/courses/new")
@requires(Permission.TRAINING_WRITE)
def new():
    begun = {"basis": "client", "certainty": "general"}
    return render_template("courses/form.html", course=None, form=CourseForm(formdata=None, data=begun))


@bp.post("/courses")
@requires(Permission.TRAINING_WRITE)
def create():
    form = CourseForm()
    form.code.data = (form.code.data or "").upper()
    if form.validate_on_submit():
        try:
            with transaction():
                acting.add_course(by=me(), **typed(form))
        except (acting.CourseCodeTaken, acting.CourseCodeFaulty, acting.CitationMissing) as refusal:
            form[FIELD_OF[type(refusal)]].errors = [say_refusal(refusal)]
        else:
            flash(_("The course was added. Roles can need it now."), "good")
            return redirect(url_for(".index"), 303)
    return render_template("courses/form.html", course=None, form=form), 422


@bp.get("/courses/<uuid:own_course>")
@requires(Permission.TRAINING_READ, own_course=training.find_own_course)
def edit(own_course):
    form = CourseForm(formdata=None, obj=own_course)
    del form.code  # needs and records name it
    return render_template("courses/form.html", course=own_course, form=form)


@bp.post("/courses/<uuid:own_course>")
@requires(Permission.TRAINING_WRITE, own_course=training.find_own_course)
def update(own_course):
    form = CourseForm()
    del form.code
    if form.validate_on_submit():
        try:
            with transaction():
                acting.change_course(own_course, revision=int(form.revision.data), by=me(), **typed(form))
        except acting.CitationMissing as refusal:
            form.citation.errors = [say_refusal(refusal)]
        else:
            flash(_("The course was saved. Records keep the end they were given."), "good")
            return redirect(url_for(".index"), 303)
    return render_template("courses/form.html", course=own_course, form=form), 422


@bp.post("/courses/<uuid:own_course>/retire")
@requires(Permission.TRAINING_WRITE, own_course=training.find_own_course)
def retire(own_course):
    with transaction():
        acting.retire_course(own_course, by=me())
    flash(_("The course is retired.") if own_course.retired_at else _("The course is offered again."), "good")
    return redirect(url_for(".index"), 303)


def described(course: Course) -> dict[str, Any]:
    words = member_words()
    return header(course) | {
        "needed_by": course.needed_by(words),
        "validity": course.validity,
        "source": course.source,
        "certainty": capital(say("course_certainties", course.certainty, words)),
    }
