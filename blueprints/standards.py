"""Standards: what we ship, with where it comes from, and the consultancy's own, made by hand or from a file."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired

from blueprints.forms import choice, line, note, one_file, revision_seen, shown_name, typed, whole
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import capital, member_words
from blueprints.refusals import fault_sentence, say_refusal
from consultancy.actions import standards as acting
from consultancy.audit_days import RISKS, TABLE
from consultancy.calendar import clock
from consultancy.checklists.parts import Problem
from consultancy.models.standard import OwnRequirement, OwnStandard
from consultancy.queries import standards
from consultancy.standards import catalogue, crosswalk, marks
from consultancy.standards.rules import LONGEST, MOST_POINTS, MOST_WEIGHT, Draft
from consultancy.standards.words import choices, say
from document_templates.refusals import Unrenderable
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("standards", __name__)

OVERLAID = ("csa-z45001-2019", "iso45001-2018-amd1")
ASKED = ("cor2020",)


class StandardForm(FlaskForm):
    name = line(_l("Name"), required=True, longest=60)
    version = line(_l("Version"), required=True, longest=30, description=_l("For example: 2026 or 2.0."))
    kind = choice(_l("What it is"), lambda: choices("standard_kinds", member_words()))
    based_on = choice(
        _l("Standard below it"),
        lambda: [(key, catalogue.find(key).full_name) for key in (*OVERLAID, *ASKED)],
        empty=_l("None: it stands alone"),
    )
    source = line(_l("Source"), longest=200, description=_l("Where the text comes from, or the licence you hold."))
    by_points = BooleanField(_l("Scored by points, with documentation, interview and observation"))
    mark_overall = IntegerField(_l("Mark overall, %%"), whole(_l("Mark overall"), 0, 100))
    mark_element = IntegerField(_l("Mark in every element, %%"), whole(_l("Mark in every element"), 0, 100))
    legislated_in_full = BooleanField(_l("Legislated questions are asked in full"), default=True)


class RequirementForm(FlaskForm):
    code = line(_l("Code"), required=True, longest=20)
    title = line(_l("Title"), required=True, longest=LONGEST["title"])
    element = line(
        _l("Element"), longest=LONGEST["element"], description=_l("Its number, and its name if you like: 3 Controls.")
    )
    paraphrase = note(_l("Text"))
    question = note(_l("Question to ask"))
    points = IntegerField(_l("Points"), whole(_l("Points"), 0, MOST_POINTS))
    rule = choice(_l("Rule"), lambda: choices("rules", member_words()), empty=_l("None"))
    documentation = IntegerField(_l("Most by documentation"), whole(_l("Most by documentation"), 0, MOST_POINTS))
    interview = IntegerField(_l("Most by interview"), whole(_l("Most by interview"), 0, MOST_POINTS))
    observation = IntegerField(_l("Most by observation"), whole(_l("Most by observation"), 0, MOST_POINTS))
    weight = IntegerField(_l("Weight"), whole(_l("Weight"), 1, MOST_WEIGHT), default=1)
    legislated = BooleanField(_l("Legislated"))
    must = BooleanField(_l("Must-item"))
    revision = revision_seen()


class FileForm(FlaskForm):
    file = one_file(_l("Table (.xlsx or .csv)"))


class PublishForm(FlaskForm):
    licence = BooleanField(
        _l("Our consultancy wrote this text or holds a licence to use it."), [InputRequired(_l("Confirm it."))]
    )
    revision = revision_seen()


class VersionForm(FlaskForm):
    version = line(_l("Name of the new version"), required=True, longest=30)


class RevisionForm(FlaskForm):
    revision = revision_seen()


@bp.get("/settings/standards")
@requires(Permission.SETTINGS_READ)
def index():
    return render_template(
        "standards/index.html",
        shipped=list(catalogue.OFFERED.values()),
        own=[
            {
                "name": one.full_name,
                "kind": say("standard_kinds", one.kind, member_words()),
                "count": count,
                "published": clock(one.published_at) if one.published_at else None,
                "url": url_for(".show", own_standard=one.id),
            }
            for one, count in standards.every()
        ],
        marks=[(catalogue.find(one.standard).full_name, one) for one in marks.TABLE],
        bands=TABLE,
        risks=RISKS,
    )


@bp.get("/settings/standards/shipped/<standard>")
@requires(Permission.SETTINGS_READ)
def shipped(standard):
    if standard not in catalogue.OFFERED:
        abort(404)
    ours = catalogue.OFFERED[standard]
    return render_template(
        "standards/shipped.html",
        standard=ours,
        rows=[{"requirement": one, "meets": met(ours.key, one.code)} for one in ours.requirements],
    )


@bp.get("/settings/standards/new")
@requires(Permission.SETTINGS_WRITE)
def new():
    return render_template("standards/new.html", form=StandardForm(formdata=None))


@bp.post("/settings/standards")
@requires(Permission.SETTINGS_WRITE)
def create():
    form = StandardForm()
    if form.validate_on_submit() and fitting(form):
        try:
            with transaction():
                standard = acting.begin_standard(
                    name=form.name.data, version=form.version.data, kind=form.kind.data,
                    based_on=form.based_on.data, source=form.source.data, by_points=form.by_points.data,
                    marks=marks_of(form), by=me(),
                )  # fmt: skip
        except acting.VersionTaken as refusal:
            form.version.errors = [say_refusal(refusal)]
        except acting.MarksMissing as refusal:
            form.mark_overall.errors = [say_refusal(refusal)]
        else:
            flash(_("The draft is begun. Write its requirements or read them from a file."), "good")
            return redirect(url_for(".show", own_standard=standard.id), 303)
    return render_template("standards/new.html", form=form), 422


@bp.get("/settings/standards/<uuid:own_standard>")
@requires(Permission.SETTINGS_READ, own_standard=standards.find)
def show(own_standard):
    return page_of(own_standard)


@bp.post("/settings/standards/<uuid:own_standard>/file")
@requires(Permission.SETTINGS_WRITE, own_standard=standards.find)
def receive(own_standard):
    form = FileForm()
    if form.validate_on_submit():
        try:
            with transaction():
                acting.receive_requirements(
                    own_standard, file_name=shown_name(form.file.data.filename), content=form.file.data.read(), by=me()
                )
        except Unrenderable as refusal:
            form.file.errors = [refusal.sentence]
        else:
            return redirect(url_for(".show", own_standard=own_standard.id, _anchor="incoming"), 303)
    return page_of(own_standard, file=form), 422


@bp.post("/settings/standards/<uuid:own_standard>/file/take-over")
@requires(Permission.SETTINGS_WRITE, own_standard=standards.find)
def take_over(own_standard):
    form = RevisionForm()
    if not form.validate_on_submit():
        abort(422)
    with transaction():
        changed = acting.take_over(own_standard, revision=int(form.revision.data), by=me())
    flash(_("%(n)s requirements were taken over.", n=changed), "good")
    return redirect(url_for(".show", own_standard=own_standard.id), 303)


@bp.post("/settings/standards/<uuid:own_standard>/file/set-aside")
@requires(Permission.SETTINGS_WRITE, own_standard=standards.find)
def set_aside(own_standard):
    with transaction():
        acting.set_file_aside(own_standard, by=me())
    return redirect(url_for(".show", own_standard=own_standard.id), 303)


@bp.post("/settings/standards/<uuid:own_standard>/publish")
@requires(Permission.SETTINGS_WRITE, own_standard=standards.find)
def publish(own_standard):
    form = PublishForm()
    if form.validate_on_submit():
        try:
            with transaction():
                acting.publish_standard(
                    own_standard, licence_confirmed=form.licence.data, revision=int(form.revision.data), by=me()
                )
        except (acting.NothingToPublish, acting.RequirementFaulty) as refusal:
            form.licence.errors = [say_refusal(refusal)]
        else:
            flash(_("Published. Engagements can choose it from now on."), "good")
            return redirect(url_for(".show", own_standard=own_standard.id), 303)
    return page_of(own_standard, publishing=form), 422


@bp.post("/settings/standards/<uuid:own_standard>/versions")
@requires(Permission.SETTINGS_WRITE, own_standard=standards.find)
def begin_version(own_standard):
    form = VersionForm()
    if form.validate_on_submit():
        try:
            with transaction():
                following = acting.begin_version(own_standard, version=form.version.data, by=me())
        except acting.VersionTaken as refusal:
            form.version.errors = [say_refusal(refusal)]
        else:
            return redirect(url_for(".show", own_standard=following.id), 303)
    return page_of(own_standard, version=form), 422


@bp.get("/settings/standards/<uuid:own_standard>/requirements/new")
@requires(Permission.SETTINGS_WRITE, own_standard=standards.find)
def new_requirement(own_standard):
    return requirement_page(own_standard, RequirementForm(formdata=None), None)


@bp.post("/settings/standards/<uuid:own_standard>/requirements")
@requires(Permission.SETTINGS_WRITE, own_standard=standards.find)
def add_requirement(own_standard):
    return written(own_standard, RequirementForm(), None)


@bp.get("/settings/standards/requirements/<uuid:own_requirement>")
@requires(Permission.SETTINGS_WRITE, own_requirement=standards.find_requirement)
def edit_requirement(own_requirement):
    return requirement_page(
        own_requirement.standard, RequirementForm(formdata=None, obj=own_requirement), own_requirement
    )


@bp.post("/settings/standards/requirements/<uuid:own_requirement>")
@requires(Permission.SETTINGS_WRITE, own_requirement=standards.find_requirement)
def change_requirement(own_requirement):
    return written(own_requirement.standard, RequirementForm(), own_requirement)


@bp.post("/settings/standards/requirements/<uuid:own_requirement>/move-up")
@requires(Permission.SETTINGS_WRITE, own_requirement=standards.find_requirement)
def move_up(own_requirement):
    return moved(own_requirement, up=True)


@bp.post("/settings/standards/requirements/<uuid:own_requirement>/move-down")
@requires(Permission.SETTINGS_WRITE, own_requirement=standards.find_requirement)
def move_down(own_requirement):
    return moved(own_requirement, up=False)


@bp.post("/settings/standards/requirements/<uuid:own_requirement>/remove")
@requires(Permission.SETTINGS_WRITE, own_requirement=standards.find_requirement)
def remove_requirement(own_requirement):
    standard = own_requirement.standard
    with transaction():
        acting.remove_requirement(standard, row=own_requirement, by=me())
    return redirect(url_for(".show", own_standard=standard.id, _anchor="requirements"), 303)


def moved(row: OwnRequirement, *, up: bool) -> Any:
    standard = row.standard
    with transaction():
        acting.move_requirement(standard, row=row, up=up, by=me())
    return redirect(url_for(".show", own_standard=standard.id, _anchor=f"requirement-{row.id}"), 303)


def written(standard: OwnStandard, form: RequirementForm, row: OwnRequirement | None) -> Any:
    if form.validate_on_submit():
        fields = {name: value for name, value in typed(form).items() if value is not None}
        try:
            with transaction():
                acting.write_requirement(
                    standard, draft=Draft(**fields), row=row, revision=int(form.revision.data), by=me()
                )
        except acting.RequirementFaulty as refusal:
            for field, kind, value in refusal.args[0]:
                form[field].errors = [*form[field].errors, fault_sentence(field, kind, value)]
        else:
            return redirect(url_for(".show", own_standard=standard.id, _anchor="requirements"), 303)
    return requirement_page(standard, form, row), 422


def requirement_page(standard: OwnStandard, form: RequirementForm, row: OwnRequirement | None) -> str:
    return render_template("standards/requirement.html", standard=standard, form=form, row=row)


def page_of(
    standard: OwnStandard, *, file: FileForm | None = None, publishing: PublishForm | None = None,
    version: VersionForm | None = None,
) -> str:  # fmt: skip
    incoming = list(acting.compare(standard)) if standard.incoming else []
    kinds = [one.kind for one in incoming]
    return render_template(
        "standards/show.html",
        standard=standard,
        base=catalogue.OFFERED.get(standard.based_on),
        requirements=standards.requirements(standard),
        draft=standard.published_at is None,
        published=clock(standard.published_at) if standard.published_at else "",
        uses=standards.uses(standard),
        file=file or FileForm(formdata=None),
        publishing=publishing or PublishForm(formdata=None, data={"revision": standard.revision}),
        version=version or VersionForm(formdata=None),
        incoming=[one for one in incoming if one.kind != "same"],
        labels={field.name: field.label.text for field in RequirementForm(formdata=None)},
        counts={kind: kinds.count(kind) for kind in ("new", "changed", "same")},
        problems=[
            {"at": one["cell"], "sentence": Problem("", "", one["kind"], one["value"]).sentence(member_words())}
            for one in standard.incoming.get("problems", ())
        ],
    )


def met(standard: str, code: str) -> list[dict[str, str]]:
    """The requirements of other standards that meet this one, for a person to read."""
    return [
        {
            "code": one.to_code,
            "standard": catalogue.OFFERED[one.to_standard].name,
            "certainty": say("certainties", one.certainty, member_words()),
        }
        for one in crosswalk.related(standard, code)
    ]


def marks_of(form: StandardForm) -> tuple[int, int, int] | None:
    if form.mark_overall.data is None or form.mark_element.data is None:
        return None
    return form.mark_overall.data, form.mark_element.data, 100 if form.legislated_in_full.data else 0


def fitting(form: StandardForm) -> bool:
    """An overlay lies over clauses, questions belong to elements, and a standard of one's own to neither."""
    allowed = {"overlay": OVERLAID, "questions": ASKED, "standard": ("",)}[form.kind.data]
    if (form.based_on.data or "") in allowed:
        return True
    names = ", ".join(capital(catalogue.find(key).full_name) for key in allowed if key)
    form.based_on.errors = [_("Choose %(names)s.", names=names) if names else _("A standard of your own stands alone.")]
    return False
