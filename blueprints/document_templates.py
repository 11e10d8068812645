"""The consultancy's own Word templates: on the shelf, uploaded, in versions, with what the linter said of each."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from blueprints.deliverables import as_download
from blueprints.forms import choice, line, one_file, shown_name
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import capital, member_words
from blueprints.refusals import say_refusal
from consultancy.actions import document_templates as acting
from consultancy.calendar import clock
from consultancy.models.document_template import DocumentTemplate, DocumentTemplateVersion
from consultancy.queries import document_templates
from consultancy.reports import ASSEMBLE
from consultancy.standards.words import say
from document_templates import library
from document_templates.linting import UnknownPlaceholders
from document_templates.refusals import FileRefusal, TemplateRefusal
from tenants.database import transaction
from tenants.files import file_store
from tenants.permissions import Permission
from workers.queues import PREVIEWS, ring

bp = Blueprint("document_templates", __name__)

LANGUAGES = (("en", "English"), ("fr", "Français"))
LONGEST_NAME = 60


class VersionForm(FlaskForm):
    file = one_file(_l("Word file (.docx)"))


class TemplateForm(VersionForm):
    name = line(_l("Name"), required=True, longest=LONGEST_NAME, description=_l("As your consultants will find it."))
    kind = choice(_l("For"), lambda: [(kind, kind_word(kind)) for kind in ASSEMBLE])
    language = choice(_l("Language"), lambda: LANGUAGES)


@bp.get("/document-templates")
@requires(Permission.DOCUMENT_TEMPLATE_READ)
def index():
    shelf = document_templates.shelf()
    groups = [
        {
            "kind": kind,
            "title": kind_word(kind),
            "rows": [row_of(template, version) for template, version in shelf if template.kind == kind],
        }
        for kind in ASSEMBLE
    ]
    return render_template("document_templates/index.html", groups=groups)


@bp.get("/document-templates/new")
@requires(Permission.DOCUMENT_TEMPLATE_WRITE)
def new():
    return render_template("document_templates/new.html", form=TemplateForm(formdata=None))


@bp.post("/document-templates")
@requires(Permission.DOCUMENT_TEMPLATE_WRITE)
def create():
    form = TemplateForm()
    if form.validate_on_submit():
        try:
            with transaction():
                template = acting.add_template(
                    kind=form.kind.data, language=form.language.data, name=form.name.data, by=me(), **sent(form)
                )
        except (FileRefusal, TemplateRefusal) as refusal:
            form.file.errors = sentences_of(refusal)
        else:
            ring(PREVIEWS)
            flash(_("The template was taken in. New documents can be written with it."), "good")
            return redirect(url_for(".show", document_template=template.id), 303)
    return render_template("document_templates/new.html", form=form), 422


@bp.get("/document-templates/<uuid:document_template>")
@requires(Permission.DOCUMENT_TEMPLATE_READ, document_template=document_templates.find)
def show(document_template):
    return page_of(document_template, VersionForm(formdata=None))


@bp.post("/document-templates/<uuid:document_template>/versions")
@requires(Permission.DOCUMENT_TEMPLATE_WRITE, document_template=document_templates.find)
def add_version(document_template):
    form = VersionForm()
    if form.validate_on_submit():
        try:
            with transaction():
                version = acting.add_version(document_template, by=me(), **sent(form))
        except (FileRefusal, TemplateRefusal, acting.AlreadyVersion) as refusal:
            form.file.errors = sentences_of(refusal)
        else:
            ring(PREVIEWS)
            flash(_("Version %(number)s is used from now on.", number=version.number), "good")
            return redirect(url_for(".show", document_template=document_template.id), 303)
    return page_of(document_template, form), 422


@bp.post("/document-templates/<uuid:document_template>/default")
@requires(Permission.DOCUMENT_TEMPLATE_WRITE, document_template=document_templates.find)
def make_default(document_template):
    with transaction():
        acting.make_default(document_template, by=me())
    flash(_("It is the default now."), "good")
    return redirect(url_for(".show", document_template=document_template.id), 303)


@bp.post("/document-templates/<uuid:document_template>/retire")
@requires(Permission.DOCUMENT_TEMPLATE_WRITE, document_template=document_templates.find)
def retire(document_template):
    with transaction():
        acting.retire(document_template, by=me())
    flash(_("Retired. What was written with it stays as it is."), "good")
    return redirect(url_for(".show", document_template=document_template.id), 303)


@bp.get("/document-templates/versions/<uuid:version>")
@requires(Permission.DOCUMENT_TEMPLATE_READ, version=document_templates.find_version)
def report(version):
    return render_template(
        "document_templates/report.html",
        template=row_of(version.document_template, version),
        version=version_of(version),
        report=report_of(version),
    )


@bp.get("/document-templates/versions/<uuid:version>/file")
@requires(Permission.DOCUMENT_TEMPLATE_READ, version=document_templates.find_version)
def download(version):
    return as_download(file_store(current_app.config).get(version.file_key), version.file_name)


@bp.get("/document-templates/versions/<uuid:version>/sample")
@requires(Permission.DOCUMENT_TEMPLATE_READ, version=document_templates.find_version)
def sample(version):
    content = acting.sample_of(version, files=file_store(current_app.config))
    return as_download(content, _("Sample of %(file)s", file=version.file_name))


@bp.get("/document-templates/starters/<name>")
@requires(Permission.DOCUMENT_TEMPLATE_READ)
def starter(name):
    """One of ours: a kind, or a kind and a language as in `policy.fr`."""
    kind, _dot, language = name.partition(".")
    if kind not in ASSEMBLE or (language or "en") not in dict(LANGUAGES) or name.endswith(".en"):
        abort(404)
    return as_download(library.starter(kind, language or "en").content, f"{name}.docx")


def kind_word(kind: str) -> str:
    return capital(say("deliverables", kind, member_words()))


def language_word(language: str) -> str:
    return dict(LANGUAGES)[language]


def sent(form: VersionForm) -> dict[str, Any]:
    """The uploaded file as the verbs want it."""
    name = shown_name(form.file.data.filename)
    return {
        "file_name": name if name.lower().endswith(".docx") else f"{name}.docx",
        "content": form.file.data.read(),
        "files": file_store(current_app.config),
        "office": bool(current_app.config["OFFICE"]),
    }


def sentences_of(refusal: Any) -> list[str]:
    """One line for each thing to mend, with its place."""
    return refusal.sentences if isinstance(refusal, UnknownPlaceholders) else [say_refusal(refusal)]


def row_of(template: DocumentTemplate, version: DocumentTemplateVersion) -> dict[str, Any]:
    return {
        "id": template.id,
        "name": template.name,
        "kind": kind_word(template.kind),
        "language": language_word(template.language),
        "default": template.is_default,
        "retired": template.retired_at is not None,
        "version": version.number,
        "notices": len(version.report["notices"]),
        "at": clock(version.uploaded_at),
        "by": by_word(version),
        "url": url_for("document_templates.show", document_template=template.id),
    }


def version_of(version: DocumentTemplateVersion) -> dict[str, Any]:
    return {
        "id": version.id,
        "number": version.number,
        "file_name": version.file_name,
        "size": _("%(size)d kB", size=max(1, version.size // 1024)),
        "sha256": version.sha256,
        "notices": len(version.report["notices"]),
        "at": clock(version.uploaded_at),
        "by": by_word(version),
        "picture": url_for("previews.sample", version=version.id) if version.image_key else "",
        "pages": version.page_count,
        "no_picture": "" if version.image_key else no_picture(version),
    }


def no_picture(version: DocumentTemplateVersion) -> str:
    """Why the first page of the sample is not shown."""
    return {
        "queued": _("A picture of its first page is being made."),
        "making": _("A picture of its first page is being made."),
        "failed": _("A picture of its first page could not be made: %(why)s.", why=version.preview_failure),
    }.get(version.preview, _("There is no LibreOffice here to make a picture of its first page."))


def by_word(version: DocumentTemplateVersion) -> str:
    return version.uploaded_by.name if version.uploaded_by else _("The platform")


def page_of(template: DocumentTemplate, form: VersionForm) -> str:
    versions = document_templates.versions(template)
    return render_template(
        "document_templates/show.html",
        template=row_of(template, versions[0]),
        versions=[version_of(one) for one in versions],
        report=report_of(versions[0]),
        form=form,
    )


def report_of(version: DocumentTemplateVersion) -> dict[str, Any]:
    kept = version.report
    return {
        "known": kept["known"],
        "unused": kept["unused"],
        "notices": [notice_sentence(one["about"], one["what"]) for one in kept["notices"]],
    }


def notice_sentence(about: str, what: str) -> str:
    return {
        "style": _("The style “%(what)s” is missing. What is printed in it will look like ordinary text.", what=what),
        "header_row": _("Table %(what)s grows with its data, but no row is repeated at the top of a page.", what=what),
        "language": _("The file does not say its language, so screen readers guess and Word marks every word."),
        "other_language": _("The file says its language is %(what)s. It is kept here for another one.", what=what),
        "contents": _("There is no table of contents; our own template of this kind has one."),
        "alt_text": _("The picture “%(what)s” has no alternative text for people who do not see it.", what=what),
    }[about]
