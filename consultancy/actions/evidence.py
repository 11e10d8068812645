"""Bringing evidence in, saying what it shows, taking it out of use."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions.clients import ChangedMeanwhile
from consultancy.actions.engagements import refuse_closed
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import SOURCES, Evidence, EvidenceLink
from consultancy.queries import assessments
from consultancy.standards import catalogue
from document_templates import evidence as opening
from document_templates.child import Child
from document_templates.refusals import BrokenFile, FileRefusal, Unrenderable
from tenants import audit
from tenants.database import db, now, tenant_session
from tenants.files import Files, content_key, sha256_of
from tenants.limits import EVIDENCE_FILES_AT_ONCE, NAME_CHARACTERS
from tenants.refusal import NotValid, Refusal

SHELF = "evidence"


class NoFiles(NotValid):
    """Nothing was sent."""


class TooManyFiles(NotValid):
    """More files at once than one sending takes. Carries the limit."""


class UnknownSource(NotValid):
    """Evidence is a document, a record, an interview or an observation."""


class StillChecked(Refusal):
    """The virus scanner has not answered yet; until then nobody opens the file."""


class ReasonForRetiring(NotValid):
    """Evidence is taken out of use with a reason, so that a reader of the trail understands."""


class Sent(NamedTuple):
    """A file as it arrived; the name is the one that pages show."""

    file_name: str
    content: bytes


class Taken(NamedTuple):
    """What became of a file that was sent: the piece it is now, or the piece it was already, or why it was refused."""

    file_name: str
    evidence: Evidence | None = None
    already: bool = False
    refusal: FileRefusal | None = None


def take_in(
    engagement: Engagement,
    *,
    sent: Sequence[Sent],
    source: str,
    effective_on: date | None,
    note: str,
    requirement: str,
    files: Files,
    to_be_scanned: bool,
    by: UUID | None,
) -> list[Taken]:
    """Keep each file that may be kept, linked to the requirement where one is named; a refused one stops no other.

    `to_be_scanned`: nobody opens them before the virus scanner answered. Raises NoFiles, TooManyFiles, UnknownSource,
    UnknownRequirement, EngagementClosed; the refusal of a single file stands in its answer.
    """
    refuse_closed(engagement)
    if not sent:
        raise NoFiles
    if len(sent) > EVIDENCE_FILES_AT_ONCE:
        raise TooManyFiles(EVIDENCE_FILES_AT_ONCE)
    if source not in SOURCES:
        raise UnknownSource(source)
    if requirement:
        catalogue.find(engagement.standard).requirement(requirement)
    taken = []
    with Child() as child:
        for one in sent:
            try:
                settled = _looked_at(child, one)
            except FileRefusal as refusal:
                taken.append(Taken(one.file_name, refusal=refusal))
                continue
            said = {"source": source, "effective_on": effective_on, "note": note}
            taken.append(_keep(engagement, one, settled, said, files, to_be_scanned, by))
    for each in taken:
        if each.evidence is not None and requirement:
            link(each.evidence, engagement=engagement, requirement=requirement, by=by)
    return taken


def link(evidence: Evidence, *, engagement: Engagement, requirement: str, by: UUID | None) -> EvidenceLink:
    """Say that a piece speaks for a requirement; saying it twice changes nothing.

    What an open engagement rests on belongs to it from then on, so that an older one's end does not destroy it; a
    held one gives nothing away.
    Raises EngagementClosed, UnknownRequirement.
    """
    refuse_closed(engagement)
    catalogue.find(engagement.standard).requirement(requirement)
    assessment = assessments.of_engagement(engagement)
    same = sa.select(EvidenceLink).where(
        EvidenceLink.evidence_id == evidence.id,
        EvidenceLink.assessment_id == assessment.id,
        EvidenceLink.requirement == requirement,
    )
    kept = db.session.scalar(same)
    if kept is not None:
        return kept
    owner = evidence.engagement
    if owner.id != engagement.id and owner.closed_on is not None and not owner.legal_hold:
        evidence.engagement_id = engagement.id
    made = EvidenceLink(evidence_id=evidence.id, assessment_id=assessment.id, requirement=requirement)
    db.session.add(made)
    db.session.flush()
    audit.record("evidence.linked", evidence, by=by, assessment=assessment.id, requirement=requirement)
    return made


def unlink(made: EvidenceLink, *, by: UUID | None) -> None:
    """A piece speaks for this requirement no longer. Raises EngagementClosed."""
    assessment = assessments.find(made.assessment_id)
    assert assessment is not None
    refuse_closed(assessment.engagement)
    evidence = made.evidence
    db.session.delete(made)
    db.session.flush()
    audit.record("evidence.unlinked", evidence, by=by, assessment=assessment.id, requirement=made.requirement)


def change(
    evidence: Evidence, *, revision: int, title: str, source: str, effective_on: date | None, note: str, by: UUID | None
) -> None:
    """Say anew what a piece is. Raises ChangedMeanwhile, UnknownSource, EngagementClosed."""
    refuse_closed(evidence.engagement)
    if evidence.revision != revision:
        raise ChangedMeanwhile(evidence.title)
    if source not in SOURCES:
        raise UnknownSource(source)
    evidence.title, evidence.source, evidence.effective_on, evidence.note = title, source, effective_on, note
    db.session.flush()
    audit.record("evidence.changed", evidence, by=by)


def retire(evidence: Evidence, *, reason: str, by: UUID | None) -> None:
    """Out of use: no page of a requirement and no report names it any more.

    Raises ReasonForRetiring, EngagementClosed.
    """
    refuse_closed(evidence.engagement)
    if not reason.strip():
        raise ReasonForRetiring
    if evidence.retired_at is None:
        evidence.retired_at, evidence.retired_reason = now(), reason.strip()
        db.session.flush()
        audit.record("evidence.retired", evidence, by=by)


def hand_over(evidence: Evidence, *, by: UUID | None) -> None:
    """Somebody opens the file. Raises StillChecked."""
    if evidence.state == "quarantined":
        raise StillChecked(evidence.title)
    audit.record("evidence.downloaded", evidence, by=by)


def _looked_at(child: Child, one: Sent) -> opening.Settled:
    try:
        settled: opening.Settled = child(opening.settled, one.content, one.file_name)
    except Unrenderable as refusal:
        raise BrokenFile(f"The file cannot be opened: {refusal.reason}.") from refusal
    return settled


def _keep(
    engagement: Engagement,
    one: Sent,
    settled: opening.Settled,
    said: dict[str, str | date | None],
    files: Files,
    to_be_scanned: bool,
    by: UUID | None,
) -> Taken:
    sent_sha256 = sha256_of(one.content)
    db.session.execute(sa.select(Client.id).where(Client.id == engagement.client_id).with_for_update(key_share=True))
    already = _already(engagement.client_id, sent_sha256)
    if already is not None and already.state == "infected":
        return Taken(one.file_name, refusal=FileRefusal("The virus scanner found this very file infected before."))
    if already is not None:
        return Taken(one.file_name, already, already=True)
    content = settled.content or one.content
    stem = one.file_name.rpartition(".")[0] or one.file_name
    evidence = Evidence(
        client_id=engagement.client_id,
        engagement_id=engagement.id,
        title=stem,
        file_name=f"{stem[: NAME_CHARACTERS - 5]}.{settled.kind}",
        file_key=_stored(content, settled.kind, files),
        small_file_key=_stored(settled.small, "jpg", files),
        large_file_key=_stored(settled.large, "jpg", files),
        sha256=sha256_of(content),
        sent_sha256=sent_sha256,
        size=len(content),
        kind=settled.kind,
        width=settled.width,
        height=settled.height,
        state="quarantined" if to_be_scanned else "clean",
        uploaded_by_id=by,
        **said,
    )
    db.session.add(evidence)
    db.session.flush()
    audit.record("evidence.added", evidence, by=by, size=evidence.size, sha256=evidence.sha256)
    return Taken(one.file_name, evidence)


def _already(client_id: UUID, sha256: str) -> Evidence | None:
    """The same content on the client's shelf, as it was sent or as it was kept. Asked while the client is locked."""
    return db.session.scalar(
        sa.select(Evidence)
        .where(
            Evidence.client_id == client_id,
            sa.or_(Evidence.sent_sha256 == sha256, Evidence.sha256 == sha256),
            sa.or_(Evidence.retired_at.is_(None), Evidence.state == "infected"),
        )
        .order_by(Evidence.state == "infected")
        .limit(1)
    )


def _stored(content: bytes, extension: str, files: Files) -> str | None:
    if not content:
        return None
    key = content_key(tenant_session().tenant_id, SHELF, content, extension)
    files.put(key, content)
    return key
