"""Plans of the Health and Safety Excellence program: their days and topics, the five steps, and what shows them."""

from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from blueprints import evidence_pack
from blueprints.clashes import Clash, clashed
from blueprints.forms import choice, day, line, note, revision_seen, typed
from blueprints.guards import requires
from blueprints.headers import OF_FILES
from blueprints.hsep_page import plan_line, shown_step, shown_topic, topics_to_choose
from blueprints.identity import me
from blueprints.page import member_words
from blueprints.refusals import say_refusal
from consultancy import rebates
from consultancy.actions import hsep_plans as acting
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.hsep_plan import HsepPlan, HsepStep, HsepTopic
from consultancy.queries import clients, evidence, hsep_plans
from consultancy.standards.words import choices
from tenants.database import transaction
from tenants.files import file_store
from tenants.limits import MEGABYTE
from tenants.permissions import Permission
from tenants.refusal import NotValid, Refusal

bp = Blueprint("hsep_plans", __name__)

IN_MEMORY = 16 * MEGABYTE  # a larger archive lies on the disk until it is sent


class BeginForm(FlaskForm):
    provider = line(_l("Provider"), description=_l("Approved by the WSIB; it may be you."))
    joined_on = day(_l("Joined on"))


class PlanForm(FlaskForm):
    provider = line(_l("Provider"))
    joined_on = day(_l("Joined on"))
    approved_on = day(_l("Plan approved on"), description=_l("The 12 months count from here."))
    submitted_on = day(_l("Submitted on"))
    returned_on = day(_l("Returned on"))
    return_by = day(_l("Answer the remarks by"), description=_l("As the WSIB said. 60 days were seen in 2020: check."))
    remarks = note(_l("Remarks of the WSIB"))
    achieved_on = day(_l("Achieved on"))
    level = choice(_l("Level achieved"), lambda: choices("hsep_levels", member_words()), empty=_l("None yet"))
    badge = line(_l("Badge"), longest=80, description=_l("As the WSIB calls it."))
    revision = revision_seen()


class TopicForm(FlaskForm):
    code = StringField(_l("Topic"), [DataRequired(_l("This is needed.")), Length(max=12)])
    title = line(_l("Its name with the WSIB"), description=_l("Where the name here is not verified or not known."))


class StepForm(FlaskForm):
    what = note(_l("What is done"))
    who = line(_l("Who"))
    due = day(_l("Due"))
    done_on = day(_l("Done on"))
    remark = note(_l("Remark of the validator"))
    revision = revision_seen()


class FileForm(FlaskForm):
    evidence = choice(_l("File that shows it"), list)


@bp.get("/clients/<uuid:client>/hsep-plans")
@requires(Permission.HSEP_READ, client=clients.find)
def index(client):
    return index_page(client, BeginForm(formdata=None))


@bp.post("/clients/<uuid:client>/hsep-plans")
@requires(Permission.HSEP_WRITE, client=clients.find)
def begin(client):
    form = BeginForm()
    if form.validate_on_submit():
        try:
            with transaction():
                plan = acting.begin_plan(client, today=today(), by=me(), **typed(form))
        except NotValid as refusal:
            mark(form, refusal)
        else:
            flash(_("The plan was begun. Choose its topics next."), "good")
            return redirect(url_for(".show", hsep_plan=plan.id), 303)
    return index_page(client, form), 422


@bp.get("/hsep-plans/<uuid:hsep_plan>")
@requires(Permission.HSEP_READ, hsep_plan=hsep_plans.find)
def show(hsep_plan):
    return plan_page(hsep_plan)


@bp.post("/hsep-plans/<uuid:hsep_plan>")
@requires(Permission.HSEP_WRITE, hsep_plan=hsep_plans.find)
def update(hsep_plan):
    form = PlanForm()
    if form.validate_on_submit():
        try:
            with transaction():
                acting.change_plan(
                    hsep_plan, revision=int(form.revision.data), today=today(), by=me(), **typed(form)
                )
        except ChangedMeanwhile as refusal:
            clash = clashed(form, PlanForm(formdata=None, obj=hsep_plan), typed(form))
            return plan_page(hsep_plan, form=form, clash=clash), refusal.status
        except NotValid as refusal:
            mark(form, refusal)
        else:
            flash(_("The plan was saved."), "good")
            return redirect(url_for(".show", hsep_plan=hsep_plan.id), 303)
    return plan_page(hsep_plan, form=form), 422


@bp.post("/hsep-plans/<uuid:hsep_plan>/remove")
@requires(Permission.HSEP_WRITE, hsep_plan=hsep_plans.find)
def remove(hsep_plan):
    client_id = hsep_plan.client_id
    with transaction():
        acting.remove_plan(hsep_plan, by=me())
    flash(_("The plan was removed."), "good")
    return redirect(url_for(".index", client=client_id), 303)


@bp.post("/hsep-plans/<uuid:hsep_plan>/topics")
@requires(Permission.HSEP_WRITE, hsep_plan=hsep_plans.find)
def choose(hsep_plan):
    form = TopicForm()
    if form.validate_on_submit():
        try:
            with transaction():
                topic = acting.choose_topic(hsep_plan, today=today(), by=me(), **typed(form))
        except (NotValid, acting.PlanIsSubmitted) as refusal:
            form.code.errors = [say_refusal(refusal)]
            return plan_page(hsep_plan, topic=form), refusal.status
        else:
            flash(_("The topic was chosen. Its five steps wait to be planned."), "good")
            return redirect(url_for(".topic", hsep_topic=topic.id), 303)
    return plan_page(hsep_plan, topic=form), 422


@bp.get("/hsep-topics/<uuid:hsep_topic>")
@requires(Permission.HSEP_READ, hsep_topic=hsep_plans.find_topic)
def topic(hsep_topic):
    return topic_page(hsep_topic)


@bp.post("/hsep-topics/<uuid:hsep_topic>/drop")
@requires(Permission.HSEP_WRITE, hsep_topic=hsep_plans.find_topic)
def drop(hsep_topic):
    plan_id = hsep_topic.hsep_plan_id
    with transaction():
        acting.drop_topic(hsep_topic, by=me())
    flash(_("The topic was dropped with its steps. Files stay."), "good")
    return redirect(url_for(".show", hsep_plan=plan_id), 303)


@bp.post("/hsep-steps/<uuid:hsep_step>")
@requires(Permission.HSEP_WRITE, hsep_step=hsep_plans.find_step)
def work_on(hsep_step):
    form = StepForm(prefix=prefix_of(hsep_step.step))
    if form.validate_on_submit():
        try:
            with transaction():
                acting.work_on_step(
                    hsep_step, revision=int(form.revision.data), today=today(), by=me(), **typed(form)
                )
        except ChangedMeanwhile as refusal:
            stored = StepForm(formdata=None, obj=hsep_step, prefix=prefix_of(hsep_step.step))
            clash = clashed(form, stored, typed(form))
            return topic_page(hsep_step.topic, refused=(hsep_step.step, form), clash=clash), refusal.status
        except acting.DoneAhead as refusal:
            form.done_on.errors = [say_refusal(refusal)]
        else:
            flash(_("The step was saved."), "good")
            return redirect(url_for(".topic", hsep_topic=hsep_step.hsep_topic_id), 303)
    return topic_page(hsep_step.topic, refused=(hsep_step.step, form)), 422


@bp.post("/hsep-steps/<uuid:hsep_step>/evidence")
@requires(Permission.HSEP_WRITE, hsep_step=hsep_plans.find_step)
def link(hsep_step):
    try:
        with transaction():
            acting.show_step(hsep_step, evidence_id=id_sent(), by=me())
    except NotValid as refusal:
        flash(say_refusal(refusal), "bad")
        return topic_page(hsep_step.topic), refusal.status
    flash(_("The file shows this step now."), "good")
    return redirect(url_for(".topic", hsep_topic=hsep_step.hsep_topic_id), 303)


@bp.post("/hsep-proofs/<uuid:hsep_proof>/remove")
@requires(Permission.HSEP_WRITE, hsep_proof=hsep_plans.find_proof)
def unlink(hsep_proof):
    topic_id = hsep_proof.step.hsep_topic_id
    with transaction():
        acting.take_back(hsep_proof, by=me())
    flash(_("The file shows this step no more."), "good")
    return redirect(url_for(".topic", hsep_topic=topic_id), 303)


@bp.get("/hsep-plans/<uuid:hsep_plan>/evidence.zip")
@requires(Permission.HSEP_READ, hsep_plan=hsep_plans.find)
def download(hsep_plan):
    """The clean files of every step, written before the answer begins; the Word pack is asked for on an engagement."""
    packed = evidence_pack.contents(hsep_plans.worked(hsep_plan), member_words())
    name = f"{hsep_plan.client.code}-HSEp-{today()}.zip"
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it is closed with the answer
    written = evidence_pack.write(packed, files=file_store(current_app.config), to=file)
    with transaction():
        acting.hand_over(hsep_plan, by=me(), files=written.files, missing=written.missing)
    file.seek(0)
    answer = send_file(file, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)
    answer.call_on_close(file.close)
    answer.headers.update(OF_FILES)
    return answer


def mark(form: FlaskForm, refusal: Refusal) -> None:
    """Put the sentence of a refusal beside the field it is about, at the head of the form where it is about none."""
    named: dict[type[Refusal], str] = {acting.ProviderMissing: "provider", acting.LevelWithoutDay: "achieved_on",
                                       acting.NothingToSubmit: "submitted_on"}  # fmt: skip
    name = getattr(refusal, "field", None) or named.get(type(refusal))
    if name:
        form[name].errors = [say_refusal(refusal)]
    else:
        form.form_errors.append(say_refusal(refusal))


def id_sent() -> UUID:
    """Of the file that was chosen; what is no id is nobody's."""
    try:
        return UUID(request.form.get("evidence", ""))
    except ValueError:
        return UUID(int=0)


def prefix_of(step: int) -> str:
    return f"step{step}-"


def files_of(client: Client) -> list[tuple[str, str]]:
    return [(str(one.id), one.title) for one in evidence.to_hand_over(client)]


def index_page(client: Client, form: BeginForm) -> str:
    plans = hsep_plans.of_client(client)
    topics = hsep_plans.topics_of(plans)
    return render_template(
        "hsep_plans/index.html",
        client=client,
        form=form,
        plans=[plan_line(plan, today()) | {"topics": len(topics[plan.id])} for plan in plans],
    )


def plan_page(
    plan: HsepPlan, *, form: PlanForm | None = None, topic: TopicForm | None = None, clash: Clash | None = None
) -> str:
    worked = hsep_plans.worked(plan)
    return render_template(
        "hsep_plans/show.html",
        client=plan.client,
        plan=plan_line(plan, today()),
        form=form or PlanForm(formdata=None, obj=plan),
        clash=clash,
        topic_form=topic or TopicForm(formdata=None),
        topics=[shown_topic(one, today()) for one in worked],
        offered=topics_to_choose(plan, [one.topic.code for one in worked]) if topic or not plan.submitted_on else [],
        most=rebates.topics_most(today()),
    )


def topic_page(topic: HsepTopic, *, refused: tuple[int, StepForm] | None = None, clash: Clash | None = None) -> str:
    [worked] = [one for one in hsep_plans.worked(topic.plan) if one.topic.id == topic.id]
    file_form = FileForm(formdata=None)
    file_form.evidence.choices = files_of(topic.plan.client)

    def form_of(step: HsepStep) -> Any:
        if refused and refused[0] == step.step:
            return refused[1]
        return StepForm(formdata=None, obj=step, prefix=prefix_of(step.step))

    return render_template(
        "hsep_plans/topic.html",
        client=topic.plan.client,
        plan=plan_line(topic.plan, today()),
        topic=shown_topic(worked, today()),
        steps=[shown_step(step, files, today()) | {"form": form_of(step)} for step, files in worked.steps],
        file_form=file_form,
        newest_only=evidence.TO_HAND_OVER if len(file_form.evidence.choices) >= evidence.TO_HAND_OVER else 0,
        refused=refused and refused[0],
        clash=clash,
    )
