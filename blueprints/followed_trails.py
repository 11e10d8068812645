"""Audit trails: one thing followed across requirements, step by step."""

from itertools import zip_longest
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from blueprints.clashes import Clash, clashed
from blueprints.forms import choice, clean, line, note, revision_seen
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import member_words
from blueprints.pre_audits import refuse_other
from blueprints.rating_locks import lock_of
from blueprints.refusals import say_refusal
from consultancy.actions import followed_trails as acting
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.models.engagement import Engagement
from consultancy.models.followed_trail import FollowedTrail
from consultancy.queries import engagements, followed_trails
from consultancy.standards import catalogue
from consultancy.standards.words import choices
from tenants.database import transaction
from tenants.permissions import Permission
from tenants.refusal import NotValid

bp = Blueprint("followed_trails", __name__)

BLANK_STEPS = 4


class NameForm(FlaskForm):
    name = line(
        _l("What is followed"), required=True, description=_l("One thing: an incident, a new machine, a new worker.")
    )


class TrailForm(NameForm):
    result = choice(_l("How it ended"), lambda: choices("trail_results", member_words()))
    conclusion = note(_l("In words"), longest=4000, description=_l("Where it breaks, or why it holds."))
    revision = revision_seen()


@bp.get("/engagements/<uuid:engagement>/audit-trails")
@requires(Permission.ASSESSMENT_READ, engagement=engagements.find)
def index(engagement):
    refuse_other(engagement)
    return list_page(engagement, NameForm(formdata=None))


@bp.post("/engagements/<uuid:engagement>/audit-trails")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def begin(engagement):
    form = NameForm()
    if not form.validate_on_submit():
        return list_page(engagement, form), 422
    with transaction():
        trail = acting.follow_trail(engagement, name=form.name.data, by=me())
    return redirect(url_for(".show", followed_trail=trail.id), 303)


@bp.get("/audit-trails/<uuid:followed_trail>")
@requires(Permission.ASSESSMENT_READ, followed_trail=followed_trails.find)
def show(followed_trail):
    return trail_page(followed_trail, TrailForm(formdata=None, obj=followed_trail), kept_steps(followed_trail))


@bp.post("/audit-trails/<uuid:followed_trail>")
@requires(Permission.ASSESSMENT_WRITE, followed_trail=followed_trails.find)
def keep(followed_trail):
    form, steps = TrailForm(), steps_sent()
    if not form.validate_on_submit():
        return trail_page(followed_trail, form, steps), 422
    try:
        with transaction():
            acting.keep_trail(
                followed_trail, name=form.name.data, result=form.result.data, conclusion=form.conclusion.data,
                steps=steps, revision=int(form.revision.data), by=me(),
            )  # fmt: skip
    except NotValid as refusal:
        form.form_errors.append(say_refusal(refusal))
        return trail_page(followed_trail, form, steps), refusal.status
    except ChangedMeanwhile as refusal:
        stored = TrailForm(formdata=None, obj=followed_trail)
        clash = clashed(form, stored, ("name", "result", "conclusion"))
        clash["differences"] += changed_steps(kept_steps(followed_trail), steps)
        return trail_page(followed_trail, form, steps, clash), refusal.status
    flash(_("The trail is saved."), "good")
    return redirect(url_for(".show", followed_trail=followed_trail.id), 303)


@bp.post("/audit-trails/<uuid:followed_trail>/remove")
@requires(Permission.ASSESSMENT_WRITE, followed_trail=followed_trails.find)
def remove(followed_trail):
    engagement = followed_trail.engagement_id
    with transaction():
        acting.remove_trail(followed_trail, by=me())
    flash(_("The trail is taken away."), "good")
    return redirect(url_for(".index", engagement=engagement), 303)


def steps_sent() -> list[acting.Step]:
    sent = request.form
    count = sum(name.startswith("requirement-") for name in sent)
    return [
        acting.Step(
            clean(sent.get(f"requirement-{place}", "")), clean(sent.get(f"seen-{place}", "")),
            sent.get(f"method-{place}", ""),
        )
        for place in range(count)
    ]  # fmt: skip


def kept_steps(trail: FollowedTrail) -> list[acting.Step]:
    kept = [acting.Step(one.requirement, one.seen, one.method) for one in followed_trails.steps_of(trail)]
    return kept + [acting.Step("", "", "document")] * BLANK_STEPS


def changed_steps(stored: list[acting.Step], sent: list[acting.Step]) -> list[dict[str, str]]:
    """Step by step what is kept, where it is not what was typed."""
    words = [[step_words(step) for step in steps] for steps in (stored, sent)]
    return [
        {"place": _("Step %(n)s", n=place), "theirs": theirs, "yours": yours}
        for place, (theirs, yours) in enumerate(zip_longest(*words, fillvalue=""), start=1)
        if theirs != yours
    ]


def step_words(step: acting.Step) -> str:
    if not step.requirement and not step.seen:
        return ""
    return f"{step.requirement}: {step.seen} ({dict(choices('methods', member_words())).get(step.method, '')})"


def list_page(engagement: Engagement, form: NameForm) -> str:
    steps = followed_trails.steps(engagement)
    return render_template(
        "followed_trails/index.html",
        engagement=engagement,
        form=form,
        trails=[
            {"row": one, "path": " → ".join(step.requirement for step in steps.get(one.id, []))}
            for one in followed_trails.of_engagement(engagement)
        ],
        **lock_of(engagement),
    )


def trail_page(trail: FollowedTrail, form: Any, steps: list[acting.Step], clash: Clash | None = None) -> str:
    engagement = trail.engagement
    standard = catalogue.find(engagement.standard, member_words())
    return render_template(
        "followed_trails/show.html",
        engagement=engagement,
        trail=trail,
        form=form,
        clash=clash,
        steps=steps,
        methods=choices("methods", member_words()),
        requirements=[(one.code, one.full_title) for one in standard.requirements],
        **lock_of(engagement),
    )
