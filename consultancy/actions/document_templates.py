"""The consultancy's own document templates: taken in, versioned, made default, retired, chosen for a deliverable."""

from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions import brand
from consultancy.models.document_template import DocumentTemplate, DocumentTemplateVersion
from consultancy.queries import brand as looks
from consultancy.queries import document_templates
from consultancy.reports import ASSEMBLE, UnknownKind
from document_templates import linting
from document_templates.child import Child
from tenants import audit
from tenants.database import db, now, tenant_session
from tenants.files import Files, content_key, sha256_of
from tenants.limits import NAME_CHARACTERS
from tenants.refusal import NotValid, Refusal

SHELF = "document_templates"
DEFAULT, STARTER = "", "starter"  # what a request may name instead of a template


class AlreadyVersion(NotValid):
    """This very file is a version of the template already. Carries its number."""


class TemplateRetired(NotValid):
    """The template is not used for new documents any more. Carries its name."""


class TemplateOfOtherKind(NotValid):
    """The template is for another kind of deliverable or another language. Carries its name."""


class NoSuchTemplate(NotValid):
    """The consultancy has no such template."""


class NotInUse(Refusal):
    """A retired template is neither made the default nor retired again. Carries its name."""


def add_template(
    *,
    kind: str,
    language: str,
    name: str,
    file_name: str,
    content: bytes,
    files: Files,
    by: UUID | None,
    office: bool = False,
) -> DocumentTemplate:
    """Take a template in as its first version; the first of its kind and language becomes the default. `office`:
    LibreOffice is there to make a picture of its sample.

    Raises the gate's and the linter's refusals, UnknownKind. Nothing is kept when it raises.
    """
    if kind not in ASSEMBLE:
        raise UnknownKind(kind)
    report = _examined(content, kind, language)
    template = DocumentTemplate(
        kind=kind, language=language, name=name, is_default=document_templates.default(kind, language) is None
    )
    db.session.add(template)
    db.session.flush()
    _add_version(template, 1, report, file_name=file_name, content=content, files=files, by=by, office=office)
    return template


def add_version(
    template: DocumentTemplate, *, file_name: str, content: bytes, files: Files, by: UUID | None, office: bool = False
) -> DocumentTemplateVersion:
    """A newer file of the same template. New documents use it; those already requested keep theirs.

    Raises the gate's and the linter's refusals, AlreadyVersion, TemplateRetired.
    """
    _alone(template)
    if template.retired_at:
        raise TemplateRetired(template.name)
    sha256 = sha256_of(content)
    versions = document_templates.versions(template)
    if same := next((one for one in versions if one.sha256 == sha256), None):
        raise AlreadyVersion(same.number)
    report = _examined(content, template.kind, template.language)
    number = versions[0].number + 1
    return _add_version(
        template, number, report, file_name=file_name, content=content, files=files, by=by, office=office
    )


def make_default(template: DocumentTemplate, *, by: UUID) -> None:
    """Offer it first for its kind and language, in place of the one before. Raises NotInUse."""
    _alone(template)
    if template.retired_at:
        raise NotInUse(template.name)
    if template.is_default:
        return
    before = document_templates.default(template.kind, template.language)
    if before:
        before.is_default = False
        db.session.flush()
    template.is_default = True
    db.session.flush()
    audit.record("document_template.made_default", template, by=by)


def retire(template: DocumentTemplate, *, by: UUID) -> None:
    """Use it for no new document. Its versions stay: documents were written with them. Raises NotInUse."""
    _alone(template)
    if template.retired_at:
        raise NotInUse(template.name)
    template.retired_at, template.is_default = now(), False
    db.session.flush()
    audit.record("document_template.retired", template, by=by)


def chosen(choice: str, *, kind: str, language: str) -> DocumentTemplateVersion | None:
    """The version that a new document is written with; None: our starter.

    Raises NoSuchTemplate, TemplateRetired, TemplateOfOtherKind.
    """
    if choice == STARTER:
        return None
    if choice == DEFAULT:
        template = document_templates.default(kind, language)
        return document_templates.newest(template) if template else None
    template = document_templates.find(_id(choice))
    if template is None:
        raise NoSuchTemplate
    if template.retired_at:
        raise TemplateRetired(template.name)
    if (template.kind, template.language) != (kind, language):
        raise TemplateOfOtherKind(template.name)
    return document_templates.newest(template)


def sample_of(version: DocumentTemplateVersion, *, files: Files) -> bytes:
    """What this version becomes with made-up data in the look of today: in the confined child, as a document is."""
    template, content = version.document_template, files.get(version.file_key)
    look = brand.look_of(brand.frozen(looks.brand()), files=files)
    with Child() as child:
        return child(linting.tried, content, template.kind, template.language, look)


def _examined(content: bytes, kind: str, language: str) -> linting.Report:
    with Child() as child:
        return child(linting.examined, content, kind, language)


def _add_version(
    template: DocumentTemplate, number: int, report: linting.Report, *, file_name: str, content: bytes, files: Files,
    by: UUID | None, office: bool,
) -> DocumentTemplateVersion:  # fmt: skip
    key = content_key(tenant_session().tenant_id, SHELF, content, "docx")
    files.put(key, content)
    version = DocumentTemplateVersion(
        document_template_id=template.id,
        number=number,
        file_name=file_name[-NAME_CHARACTERS:],
        file_key=key,
        sha256=sha256_of(content),
        size=len(content),
        report=asdict(report),
        preview="queued" if office else "unavailable",
        uploaded_by_id=by,
    )
    db.session.add(version)
    db.session.flush()
    audit.record("document_template.uploaded", template, by=by, version=number, sha256=version.sha256)
    return version


def _alone(template: DocumentTemplate) -> None:
    """Versions and defaults of one kind are given out one at a time."""
    db.session.execute(
        sa.select(DocumentTemplate.id).where(DocumentTemplate.kind == template.kind).order_by(DocumentTemplate.id)
        .with_for_update()
    )  # fmt: skip
    db.session.refresh(template)


def _id(choice: str) -> UUID:
    try:
        return UUID(choice)
    except ValueError as error:
        raise NoSuchTemplate from error
