"""What is asked for: a deliverable, in one language or in both, its data frozen as they stand."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from consultancy.actions import brand as branding
from consultancy.actions import document_templates
from consultancy.actions.engagements import refuse_closed
from consultancy.actions.numbering import next_numbers, one_at_a_time
from consultancy.models.deliverable import Deliverable
from consultancy.models.document_template import DocumentTemplateVersion
from consultancy.models.engagement import Engagement
from consultancy.queries import assessments, deliverables
from consultancy.queries import brand as looks
from consultancy.reports import ASSEMBLE, MissingData, UnknownKind
from document_templates import library
from tenants import audit
from tenants.database import db, tenant_session
from tenants.models import Tenant
from tenants.moments import one_moment, read_together
from tenants.refusal import NotValid


class OtherRequest(NotValid):
    """The form was sent before and asked for something else: it needs a new key."""


class Asked(NamedTuple):
    """What is asked of one engagement, by a form or by an item of a bulk request."""

    engagement: Engagement
    languages: Sequence[str]
    request_key: str
    by: UUID | None


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
    asked = Asked(engagement, languages, request_key, by)
    [written] = request_each([asked], kind=kind, today=today, subject=subject, template=template)
    if isinstance(written, MissingData):
        raise written
    return written


def request_each(
    asked: Sequence[Asked], *, kind: str, today: date, subject: str = "", template: str = document_templates.DEFAULT
) -> list[list[Deliverable] | MissingData]:
    """The same of several engagements, no two of them of one client, in so many statements as of one: what each got,
    or what its report cannot do without. Any other refusal is raised, and nothing is asked for then."""
    if kind not in ASSEMBLE:
        raise UnknownKind(kind)
    one_at_a_time(Engagement, *(one.engagement.id for one in asked))
    before = deliverables.of_requests([one.request_key for one in asked])
    for one in asked:
        if one.request_key in before:
            _refuse_another(before[one.request_key], one, kind, subject, template)
        else:
            refuse_closed(one.engagement)
    new = [one for one in asked if one.request_key not in before]
    written = _frozen(new, kind=kind, today=today, subject=subject, template=template) if new else {}
    db.session.add_all(one for editions in written.values() if isinstance(editions, list) for one in editions)
    db.session.flush()
    for share in new:
        editions = written[share.request_key]
        for one in editions if isinstance(editions, list) else ():
            audit.record(
                "deliverable.requested", one, by=share.by, kind=kind, version=one.version, language=one.language,
                snapshot=one.snapshot_sha256,
            )  # fmt: skip
    return [before.get(one.request_key) or written[one.request_key] for one in asked]


def _refuse_another(already: list[Deliverable], asked: Asked, kind: str, subject: str, template: str) -> None:
    same = {(one.engagement_id, one.kind, one.subject) for one in already} == {(asked.engagement.id, kind, subject)}
    if not same or {one.language for one in already} != set(asked.languages):
        raise OtherRequest(already[0].title)
    if template not in (document_templates.DEFAULT, *map(_choice_of, already)):
        raise OtherRequest(already[0].title)


def _frozen(
    asked: Sequence[Asked], *, kind: str, today: date, subject: str, template: str
) -> dict[str, list[Deliverable] | MissingData]:
    """By request key: the editions that are to be queued, or what is missing for them."""
    languages = list(dict.fromkeys(language for one in asked for language in one.languages))
    versions = _templates(template, kind=kind, languages=languages)
    numbers = next_numbers([one.engagement for one in asked], kind=kind, subject=subject, today=today)
    brand = branding.frozen(looks.brand())
    found: dict[str, list[Deliverable] | MissingData] = {}
    with read_together(_rows_of([one.engagement for one in asked]) if len(asked) > 1 else ()):
        for one in asked:
            number, version = numbers[one.engagement.id]
            try:
                assembled = _assembled(one, kind=kind, number=number, version=version, today=today, subject=subject)
            except MissingData as missing:
                found[one.request_key] = missing
                continue
            found[one.request_key] = [
                Deliverable(
                    engagement_id=one.engagement.id,
                    client_id=one.engagement.client_id,
                    kind=kind,
                    subject=subject,
                    title=title,
                    language=language,
                    number=number,
                    version=version,
                    request_key=one.request_key,
                    snapshot=snapshot,
                    brand=brand,
                    requested_by_id=one.by,
                    **_frozen_template(versions[language], kind, language),
                )
                for language, (title, snapshot) in assembled.items()
            ]
    return found


def _assembled(one: Asked, *, kind: str, subject: str, **printed: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """Title and fields in each language; in several, all state the data of one moment."""
    with one_moment() if len(one.languages) > 1 else nullcontext():
        return {
            language: ASSEMBLE[kind](one.engagement, language=language, subject=subject, **printed)
            for language in one.languages
        }


def _rows_of(engagements: Sequence[Engagement]) -> list[Any]:
    """Whose parts a report is put together from."""
    firm = db.session.get_one(Tenant, tenant_session().tenant_id)
    with read_together(engagements):
        assessed = [assessments.of_engagement(one) for one in engagements]
    return [firm, *engagements, *(one.client for one in engagements), *assessed]


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
