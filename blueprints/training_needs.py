"""What the roles of a client need, and which of them are exempt and why."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from blueprints.forms import choice, line, typed
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import capital, member_words
from blueprints.refusals import say_refusal
from blueprints.training import header
from consultancy import training as rules
from consultancy.actions import training as acting
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.queries import clients, training
from consultancy.standards.words import say
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("training_needs", __name__)


class NeedForm(FlaskForm):
    role = line(_l("Role"), longest=60, description=_l("As it stands with the people. Empty: everybody."))
    course = choice(_l("Course"), list)
    exempt = BooleanField(_l("The role is exempt"))
    reason = line(_l("Reason of the exemption"), longest=160)


@bp.get("/clients/<uuid:client>/training/needs")
@requires(Permission.TRAINING_READ, client=clients.find)
def show(client):
    return page_of(client, NeedForm(formdata=None))


@bp.post("/clients/<uuid:client>/training/needs")
@requires(Permission.TRAINING_WRITE, client=clients.find)
def say_need(client):
    form = NeedForm()
    form.course.choices = courses_offered()
    if form.validate_on_submit():
        try:
            with transaction():
                acting.say_need(client, by=me(), **typed(form))
        except acting.ReasonMissing as refusal:
            form.reason.errors = [say_refusal(refusal)]
        else:
            flash(_("Saved: the matrix follows it."), "good")
            return redirect(url_for(".show", client=client.id), 303)
    return page_of(client, form), 422


@bp.post("/clients/<uuid:client>/training/needs/<uuid:need>/remove")
@requires(Permission.TRAINING_WRITE, client=clients.find, need=training.find_need)
def remove(client, need):
    if need.client_id != client.id:
        abort(404)
    with transaction():
        acting.remove_need(need, by=me())
    flash(_("Taken back: nobody needs it for that role."), "good")
    return redirect(url_for(".show", client=client.id), 303)


def courses_offered() -> list[tuple[str, str]]:
    return [(one.code, f"{one.code} · {one.title(member_words())}") for one in training.offered(today())]


def page_of(client: Client, form: NeedForm) -> str:
    words, seen = member_words(), training.overview(client, today())
    offered = training.offered(today())
    form.course.choices = [(one.code, f"{one.code} · {one.title(words)}") for one in offered]
    return render_template(
        "training/needs.html",
        client=client,
        form=form,
        roles=sorted({role for row in seen.rows for role in row.person.roles}),
        needs=[
            {
                "role": one.role or capital(_("everybody")),
                "exempt": one.exempt,
                "reason": one.reason,
                "url": url_for(".remove", client=client.id, need=one.id),
            }
            | header(seen.shelf.find(one.course, today()))
            for one in training.needs_of(client)
        ],
        coverage={
            role: one.percent for role, one in rules.covered_by(seen.rows, lambda person: person.roles or ("",)).items()
        },
        courses=[
            header(one)
            | {
                "needed_by": one.needed_by(words),
                "validity": one.validity,
                "source": one.source,
                "certainty": capital(say("course_certainties", one.certainty, words)),
            }
            for one in offered
        ],
    )
