"""What is asked for: a deliverable, in one language or in both, its data frozen as they stand."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from consultancy.actions import brand as branding
from consultancy.actions import document_templates
from consultancy.actions.engagements import refuse_closed
from consultancy.actions.numbering import next_number, one_at_a_time
from consultancy.models.deliverable import Deliverable
from consultancy.models.document_template import DocumentTemplateVersion
from consultancy.models.engagement import Engagement
from consultancy.queries import brand as looks
from consultancy.queries import deliverables
from consultancy.reports import ASSEMBLE, UnknownKind
from document_templates import library
from tenants import audit
from tenants.database import db
from tenants.moments import one_moment
from tenants.refusal import NotValid


class OtherRequest(NotValid):
    """The form was sent before and asked for something else: it needs a new key."""


def request_deliverable(
    engagement: Engagement,
    *,
    kind: str,
    language: str,
    request_key: str,
    by: UUID | None,
    today: date,
    subject: str = "",
    template: str = document_templates.DEFAULT,
) -> Deliverable:
    """One document in one language; see `request_editions`."""
    [deliverable] = request_editions(
        engagement, kind=kind, languages=(language,), request_key=request_key, by=by, today=today, subject=subject,
        template=template,
    )  # fmt: skip
    return deliverable


def request_editions(
    engagement: Engagement,
    *,
    kind: str,
    languages: Sequence[str],
    request_key: str,
    by: UUID | None,
    today: date,
    subject: str = "",
    template: str = document_templates.DEFAULT,
) -> list[Deliverable]:
    """Freeze the data as it stands and queue the document, an edition in each language: one number and version, one
    moment's data, a file each. The same form sent twice is one request.

    `template`: the id of one of the consultancy's own, STARTER for ours, DEFAULT for theirs where they have one. Of
    several editions it writes the one in its language, the others are written with the defaults.
    Raises UnknownKind, EngagementClosed, OtherRequest, MissingData (what the report cannot do without), and what
    `document_templates.chosen` raises.
    """
    if kind not in ASSEMBLE:
        raise UnknownKind(kind)
    one_at_a_time(Engagement, engagement.id)
    if already := deliverables.of_request(request_key):
        same = {(one.engagement_id, one.kind, one.subject) for one in already} == {(engagement.id, kind, subject)}
        if not same or {one.language for one in already} != set(languages):
            raise OtherRequest(already[0].title)
        if template not in (document_templates.DEFAULT, *map(_choice_of, already)):
            raise OtherRequest(already[0].title)
        return already
    refuse_closed(engagement)
    versions = _templates(template, kind=kind, languages=languages)
    number, version = next_number(engagement, kind=kind, subject=subject, today=today)
    with one_moment():
        assembled = {
            language: ASSEMBLE[kind](
                engagement, number=number, version=version, language=language, today=today, subject=subject
            )
            for language in languages
        }
    brand = branding.frozen(looks.brand())
    editions = [
        Deliverable(
            engagement_id=engagement.id,
            client_id=engagement.client_id,
            kind=kind,
            subject=subject,
            title=title,
            language=language,
            number=number,
            version=version,
            request_key=request_key,
            snapshot=snapshot,
            brand=brand,
            requested_by_id=by,
            **_frozen_template(versions[language], kind, language),
        )
        for language, (title, snapshot) in assembled.items()
    ]
    db.session.add_all(editions)
    db.session.flush()
    for one in editions:
        audit.record(
            "deliverable.requested", one, by=by, kind=kind, version=version, language=one.language,
            snapshot=one.snapshot_sha256,
        )  # fmt: skip
    return editions


def _templates(choice: str, *, kind: str, languages: Sequence[str]) -> dict[str, DocumentTemplateVersion | None]:
    """What each edition is written with. A template of another kind, or in none of the languages, is refused."""
    found: dict[str, DocumentTemplateVersion | None] = {}
    other: document_templates.TemplateOfOtherKind | None = None
    for language in languages:
        try:
            found[language] = document_templates.chosen(choice, kind=kind, language=language)
        except document_templates.TemplateOfOtherKind as refusal:
            other = refusal
    if other and not found:
        raise other
    for language in set(languages) - set(found):
        found[language] = document_templates.chosen(document_templates.DEFAULT, kind=kind, language=language)
    return found


def _choice_of(deliverable: Deliverable) -> str:
    """What a form would have sent to ask for the template that this document is written with."""
    version = deliverable.document_template_version
    return str(version.document_template_id) if version else document_templates.STARTER


def _frozen_template(version: DocumentTemplateVersion | None, kind: str, language: str) -> dict[str, Any]:
    if version is None:
        starter = library.starter(kind, language)
        return {"template": starter.name, "template_sha256": starter.sha256}
    return {
        "template": version.document_template.name,
        "template_sha256": version.sha256,
        "document_template_version_id": version.id,
    }
