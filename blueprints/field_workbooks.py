"""The visit without a network: download a workbook, bring it back filled, see what would change, apply."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice

from blueprints.assessments import held
from blueprints.deliverables import as_download
from blueprints.field_workbook_preview import ApplyForm, preview
from blueprints.forms import choice, one_file, shown_name, uuid_or_none
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.refusals import say_refusal
from consultancy.actions import field_workbooks as acting
from consultancy.calendar import clock, today
from consultancy.models.client import Site
from consultancy.models.engagement import Engagement
from consultancy.models.field_workbook import ReturnedWorkbook
from consultancy.queries import engagements, field_workbooks
from document_templates.refusals import FileRefusal, Unrenderable
from tenants.database import transaction
from tenants.files import file_store
from tenants.permissions import Permission
from tenants.refusal import NotValid

bp = Blueprint("field_workbooks", __name__)


class MakeForm(FlaskForm):
    site = choice(_l("Where"), list, empty=_l("Whole client"))
    language = choice(_l("Language"), lambda: (("en", "English"), ("fr", "Français")))

    def offer(self, sites: list[Site]) -> None:
        self.site.choices = [*self.site.choices, *(SelectChoice(str(one.id), one.name) for one in sites)]


class BringBackForm(FlaskForm):
    file = one_file(_l("Filled workbook (.docx)"))


@bp.get("/engagements/<uuid:engagement>/field-workbooks")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def index(engagement):
    return listing(engagement)


@bp.post("/engagements/<uuid:engagement>/field-workbooks")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def make(engagement):
    sites = engagements.sites_in_scope(engagement)
    form = MakeForm()
    form.offer(sites)
    if not form.validate_on_submit():
        return listing(engagement, make_form=form), 422
    chosen = uuid_or_none(form.site.data)
    with transaction():
        acting.make(
            held(engagement),
            site=next((one for one in sites if one.id == chosen), None),
            language=form.language.data,
            author=current_user.person.name,
            files=file_store(current_app.config),
            by=me(),
            today=today(),
        )
    flash(_("The workbook is ready. Download it before you leave."), "good")
    return redirect(url_for(".index", engagement=engagement.id), 303)


@bp.get("/engagements/<uuid:engagement>/field-workbooks/<uuid:field_workbook>/file")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find, field_workbook=field_workbooks.find)
def download(engagement, field_workbook):
    if field_workbook.assessment.engagement_id != engagement.id:
        abort(404)
    content = file_store(current_app.config).get(field_workbook.file_key)
    name = field_workbook.file_name
    with transaction():
        acting.hand_over(field_workbook, by=me())
    return as_download(content, name)


@bp.post("/engagements/<uuid:engagement>/field-workbooks/returned")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def bring_back(engagement):
    form = BringBackForm()
    if form.validate_on_submit():
        try:
            with transaction():
                kept = acting.bring_back(
                    held(engagement),
                    file_name=shown_name(form.file.data.filename),
                    content=form.file.data.read(),
                    files=file_store(current_app.config),
                    by=me(),
                )
        except (FileRefusal, Unrenderable) as refusal:
            form.file.errors = [refusal.sentence]
        except (NotValid, acting.AlreadyTakenOver) as refusal:
            form.file.errors = [say_refusal(refusal)]
        else:
            return redirect(url_for(".show", engagement=engagement.id, returned=kept.id), 303)
    return listing(engagement, back_form=form), 422


@bp.get("/engagements/<uuid:engagement>/field-workbooks/returned/<uuid:returned>")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find, returned=field_workbooks.find_returned)
def show(engagement, returned):
    of(engagement, returned)
    return preview(engagement, returned, ApplyForm(formdata=None))


@bp.post("/engagements/<uuid:engagement>/field-workbooks/returned/<uuid:returned>/apply")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find, returned=field_workbooks.find_returned)
def apply(engagement, returned):
    of(engagement, returned)
    form = ApplyForm()
    if not form.validate_on_submit():
        if form.revision.errors:
            abort(422)
        return preview(engagement, returned, form, sent=request.form), 422
    codes = [row["code"] for row in returned.workbook.shown["rows"]]
    try:
        with transaction():
            changed = acting.apply(
                returned,
                revision=int(form.revision.data),
                seen_on=form.seen_on.data,
                choices=sent_by("choice", codes),
                reasons=sent_by("reason", codes),
                by=me(),
            )
    except (acting.ChoiceMissing, acting.ReasonNeeded) as refusal:
        form.form_errors.append(say_refusal(refusal))
        return preview(engagement, returned, form, sent=request.form, marked=refusal.args[0]), 422
    flash(ngettext("%(num)s requirement was taken over.", "%(num)s requirements were taken over.", changed), "good")
    site = returned.workbook.site_id
    return redirect(url_for("rating_grid.show", engagement=engagement.id, site=site), 303)


def sent_by(name: str, codes: list[str]) -> dict[str, str]:
    """What was typed or picked for requirements: choice-4.1, reason-4.1, …"""
    sent = {code: request.form.get(f"{name}-{code}", "") for code in codes}
    return {code: value for code, value in sent.items() if value}


def of(engagement: Engagement, returned: ReturnedWorkbook) -> None:
    if returned.workbook.assessment.engagement_id != engagement.id:
        abort(404)


def listing(
    engagement: Engagement, *, make_form: MakeForm | None = None, back_form: BringBackForm | None = None
) -> str:
    if make_form is None:
        make_form = MakeForm(formdata=None, language=engagement.language)
        make_form.offer(engagements.sites_in_scope(engagement))
    assessment = held(engagement)
    returned = field_workbooks.returned(assessment)
    made = field_workbooks.made(assessment)
    return render_template(
        "field_workbooks/index.html",
        engagement=engagement,
        make_form=make_form,
        back_form=back_form or BringBackForm(formdata=None),
        made=[
            {
                "title": one.site.name if one.site else _("Whole client"),
                "language": one.language,
                "at": clock(one.made_at),
                "by": one.made_by.name if one.made_by else _("The platform"),
                "back": sum(back.field_workbook_id == one.id for back in returned),
                "url": url_for(".download", engagement=engagement.id, field_workbook=one.id),
            }
            for one in made
        ],
        returned=[
            {
                "file_name": one.file_name,
                "at": clock(one.created_at),
                "by": one.by.name if one.by else _("The platform"),
                "applied": one.applied_at is not None,
                "url": url_for(".show", engagement=engagement.id, returned=one.id),
            }
            for one in returned
        ],
    )
