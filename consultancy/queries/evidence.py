"""Reading evidence: what speaks for a requirement, what a client's shelf holds, what waits for the virus scanner."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.assessment import Assessment
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import INTERVIEW, Evidence, EvidenceLink
from consultancy.models.hsep_plan import HsepProof
from consultancy.models.training import TrainingProof
from tenants.database import db
from tenants.models import Membership
from tenants.moments import each_of

_PICTURE_KEY = sa.case(
    (Evidence.kind.in_(("jpg", "png")), sa.func.coalesce(Evidence.large_file_key, "")), else_=""
)
PER_PAGE = 50
WORDS = 8  # what is typed after the eighth word narrows nothing
OFFERED = 30  # pieces that may be linked; more words find fewer
TO_HAND_OVER = 200  # the newest pieces in a list to choose from


class Shown(NamedTuple):
    """A piece with who brought it in and the requirements it speaks for."""

    evidence: Evidence
    by_name: str | None
    requirements: list[str]


class Place(NamedTuple):
    """A requirement that a piece speaks for, with the engagement it is asked in."""

    link: EvidenceLink
    engagement_id: UUID
    engagement: str


class Filed(NamedTuple):
    """A piece as a report lists it."""

    requirement: str
    title: str
    source: str
    effective_on: date | None
    picture_key: str = ""  # of the size in which a report shows it, for photographs and screenshots


def find(evidence_id: UUID) -> Evidence | None:
    return db.session.scalar(
        sa.select(Evidence)
        .options(joinedload(Evidence.engagement).joinedload(Engagement.client))
        .where(Evidence.id == evidence_id)
    )


def find_link(link_id: UUID) -> EvidenceLink | None:
    return db.session.scalar(
        sa.select(EvidenceLink).options(joinedload(EvidenceLink.evidence)).where(EvidenceLink.id == link_id)
    )


def on_requirement(assessment: Assessment, requirement: str) -> list[Shown]:
    """What speaks for a requirement, with its other requirements in the same assessment. One statement."""
    statement = _shown(EvidenceLink.assessment_id == assessment.id).where(
        Evidence.retired_at.is_(None), _linked_to(assessment, requirement)
    )
    return _rows(statement.order_by(Evidence.uploaded_at, Evidence.id))


def shelf(
    client: Client,
    *,
    engagement: Engagement | None = None,
    search: str = "",
    unlinked: bool = False,
    retired: bool = False,
    page: int = 1,
) -> tuple[list[Shown], int]:
    """One page of a client's evidence, newest first, and how many pieces there are. Two statements.

    `engagement`: what was brought in for it or speaks for one of its requirements.
    """
    wanted = [Evidence.client_id == client.id, Evidence.retired_at.is_not(None) if retired else _in_use()]
    if engagement is not None:
        wanted.append(sa.or_(Evidence.engagement_id == engagement.id, _linked_in(engagement)))
    if unlinked:
        wanted.append(~sa.exists().where(*_of_evidence()))
    wanted += _holding(search)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Evidence).where(*wanted)) or 0
    statement = _shown().where(*wanted).order_by(Evidence.uploaded_at.desc(), Evidence.id)
    return _rows(statement.limit(PER_PAGE).offset((page - 1) * PER_PAGE)), total


def to_link(assessment: Assessment, client: Client, requirement: str, search: str) -> list[Shown]:
    """Pieces of the client that do not speak for the requirement yet."""
    statement = _shown(EvidenceLink.assessment_id == assessment.id).where(
        Evidence.client_id == client.id, _in_use(), Evidence.state != "infected",
        ~_linked_to(assessment, requirement), *_holding(search),
    )  # fmt: skip
    return _rows(statement.order_by(Evidence.uploaded_at.desc(), Evidence.id).limit(OFFERED))


def places_of(evidence: Evidence) -> list[Place]:
    rows = db.session.execute(
        sa.select(EvidenceLink, Engagement.id, Engagement.title)
        .join(
            Assessment,
            sa.and_(Assessment.tenant_id == EvidenceLink.tenant_id, Assessment.id == EvidenceLink.assessment_id),
        )
        .join(
            Engagement, sa.and_(Engagement.tenant_id == Assessment.tenant_id, Engagement.id == Assessment.engagement_id)
        )
        .where(EvidenceLink.evidence_id == evidence.id)
        .order_by(Engagement.opened_on.desc(), EvidenceLink.requirement)
    )
    return [Place(*row) for row in rows]


def needed_elsewhere(engagement: Engagement) -> dict[UUID, Engagement]:
    """The engagement's own pieces that outlive it, each with another engagement of the client, open or held, that it
    goes to: one whose requirement it speaks for; where it shows what one of the client's people was trained in, or a
    step of an HSEp plan, any. The open ones before the held, the older before the newer. One statement."""
    speaks = sa.exists().where(
        *_of_evidence(),
        Assessment.tenant_id == EvidenceLink.tenant_id,
        Assessment.id == EvidenceLink.assessment_id,
        Assessment.engagement_id == Engagement.id,
    )
    shows = sa.exists().where(
        TrainingProof.tenant_id == Evidence.tenant_id, TrainingProof.evidence_id == Evidence.id
    )
    proves = sa.exists().where(HsepProof.tenant_id == Evidence.tenant_id, HsepProof.evidence_id == Evidence.id)
    rows = db.session.execute(
        sa.select(Evidence.id, Engagement)
        .join(
            Engagement,
            sa.and_(Engagement.tenant_id == Evidence.tenant_id, Engagement.client_id == Evidence.client_id),
        )
        .where(
            Evidence.engagement_id == engagement.id,
            Engagement.id != engagement.id,
            sa.or_(Engagement.closed_on.is_(None), Engagement.legal_hold != ""),
            sa.or_(speaks, shows, proves),
        )
        .order_by(speaks.desc(), Engagement.closed_on.is_(None).desc(), Engagement.opened_on, Engagement.id)
    )
    found: dict[UUID, Engagement] = {}
    for piece, other in rows:
        found.setdefault(piece, other)
    return found


def may_leave() -> sa.ColumnElement[bool]:
    """What may go to others, in a pack or by its title, once the virus scanner let it through: never an interview."""
    return sa.and_(_in_use(), Evidence.state != "infected", Evidence.source != INTERVIEW)


def to_hand_over(client: Client) -> list[Evidence]:
    """The client's pieces that may leave, the newest first."""
    return list(
        db.session.scalars(
            sa.select(Evidence)
            .where(Evidence.client_id == client.id, may_leave())
            .order_by(Evidence.uploaded_at.desc(), Evidence.id)
            .limit(TO_HAND_OVER)
        )
    )


def uploaded_by(evidence: Evidence) -> str | None:
    return db.session.scalar(sa.select(Membership.name).where(Membership.id == evidence.uploaded_by_id))


def filed(assessment: Assessment) -> list[Filed]:
    """Every clean piece with each requirement that it speaks for, for the index of a report. One statement."""
    return each_of(assessment, _filed)


def _filed(ids: Sequence[UUID]) -> Iterator[tuple[UUID, Filed]]:
    rows = db.session.execute(
        sa.select(
            EvidenceLink.assessment_id, EvidenceLink.requirement, Evidence.title, Evidence.source,
            Evidence.effective_on, _PICTURE_KEY,
        )
        .join(Evidence, sa.and_(*_of_evidence()))
        .where(EvidenceLink.assessment_id.in_(ids), _in_use(), Evidence.state == "clean")
        .order_by(Evidence.uploaded_at, Evidence.id)
    )  # fmt: skip
    return ((row[0], Filed(*row[1:])) for row in rows)


def still_kept(keys: Sequence[str]) -> set[str]:
    """Those of these keys of pictures whose evidence has not been destroyed. One statement."""
    wanted = sa.select(Evidence.large_file_key).where(Evidence.large_file_key.in_(keys), Evidence.state == "clean")
    return set(db.session.scalars(wanted))


def waiting() -> list[tuple[UUID, UUID]]:
    """(consultancy, id) of what the virus scanner is to look at now, a hundred at a time."""
    called = sa.func.evidence_due().table_valued(sa.column("tenant_id", sa.Uuid), sa.column("id", sa.Uuid))
    return [(tenant, row) for tenant, row in db.session.execute(sa.select(called))]


def _shown(*which: Any) -> sa.Select[Any]:
    requirements = (
        sa.select(sa.func.array_agg(EvidenceLink.requirement))
        .where(*_of_evidence(), *which)
        .correlate(Evidence)
        .scalar_subquery()
    )
    return sa.select(Evidence, Membership.name, requirements).outerjoin(
        Membership,
        sa.and_(Membership.tenant_id == Evidence.tenant_id, Membership.id == Evidence.uploaded_by_id),
    )


def _rows(statement: sa.Select[Any]) -> list[Shown]:
    return [
        Shown(evidence, name, sorted(set(requirements or []), key=_in_order))
        for evidence, name, requirements in db.session.execute(statement)
    ]


def _in_order(code: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdigit() else 0, part) for part in code.split(".")]


def _in_use() -> sa.ColumnElement[bool]:
    return Evidence.retired_at.is_(None)


def _of_evidence() -> tuple[sa.ColumnElement[bool], ...]:
    return EvidenceLink.tenant_id == Evidence.tenant_id, EvidenceLink.evidence_id == Evidence.id


def _linked_to(assessment: Assessment, requirement: str) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        *_of_evidence(), EvidenceLink.assessment_id == assessment.id, EvidenceLink.requirement == requirement
    )


def _linked_in(engagement: Engagement) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        *_of_evidence(),
        Assessment.tenant_id == EvidenceLink.tenant_id,
        Assessment.id == EvidenceLink.assessment_id,
        Assessment.engagement_id == engagement.id,
    )


def _holding(search: str) -> list[sa.ColumnElement[bool]]:
    searched = (Evidence.title, Evidence.file_name, Evidence.note)
    return [
        sa.or_(*(column.icontains(word, autoescape=True) for column in searched)) for word in search.split()[:WORDS]
    ]
