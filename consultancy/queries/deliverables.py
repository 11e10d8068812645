"""Reading deliverables."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.deliverable import ISSUED, Deliverable
from consultancy.models.engagement import Engagement
from consultancy.models.page_image import PageImage
from tenants.audit import AuditEntry
from tenants.database import db, now
from tenants.limits import PREVIEW_WAIT_HOURS
from tenants.models import Membership

APPROVED = "deliverable.approved"  # as the trail calls it


def find(deliverable_id: UUID) -> Deliverable | None:
    return db.session.scalar(
        sa.select(Deliverable)
        .options(
            joinedload(Deliverable.engagement).joinedload(Engagement.client),
            joinedload(Deliverable.requested_by),
            joinedload(Deliverable.document_template_version),
        )
        .where(Deliverable.id == deliverable_id)
    )


def of_requests(request_keys: Sequence[str]) -> dict[str, list[Deliverable]]:
    """The editions that each of these forms asked for, as far as they did."""
    found: dict[str, list[Deliverable]] = {}
    for one in db.session.scalars(
        sa.select(Deliverable).where(Deliverable.request_key.in_(request_keys)).order_by(Deliverable.language)
    ):
        found.setdefault(one.request_key, []).append(one)
    return found


def pages_awaited(deliverable: Deliverable) -> bool:
    """Are its pages about to be counted? After a while without anybody who does, it is not waited for any more."""
    waited = now() - (deliverable.pages_asked_at or now())
    return deliverable.preview in ("queued", "making") and waited < timedelta(hours=PREVIEW_WAIT_HOURS)


def page_image(deliverable: Deliverable, page: int) -> PageImage | None:
    return db.session.scalar(
        sa.select(PageImage).where(PageImage.deliverable_id == deliverable.id, PageImage.page == page)
    )


def pictured_pages(deliverable: Deliverable) -> list[int]:
    """The pages that there are pictures of, in their order."""
    return list(
        db.session.scalars(
            sa.select(PageImage.page).where(PageImage.deliverable_id == deliverable.id).order_by(PageImage.page)
        )
    )


def of_engagement(engagement: Engagement) -> list[Deliverable]:
    return list(
        db.session.scalars(
            sa.select(Deliverable)
            .options(joinedload(Deliverable.requested_by))
            .where(Deliverable.engagement_id == engagement.id)
            .order_by(Deliverable.requested_at.desc(), Deliverable.language, Deliverable.id)
        )
    )


def versions(deliverable: Deliverable) -> list[Deliverable]:
    """All versions that carry the same document number, newest first."""
    return list(
        db.session.scalars(
            sa.select(Deliverable)
            .where(Deliverable.number == deliverable.number)
            .order_by(Deliverable.requested_at.desc())
        )
    )


def newer_edition(deliverable: Deliverable) -> Deliverable | None:
    """The newest of its number in its language, where that is a later one."""
    same = [one for one in versions(deliverable) if one.language == deliverable.language]
    return next((one for one in same if one.requested_at > deliverable.requested_at), None)


def compared_with(deliverable: Deliverable) -> Deliverable | None:
    """The version that its changes are told against: what the client had last before it, else the one it was edited
    from, else the version written before."""
    earlier = [
        one
        for one in versions(deliverable)
        if one.production == "ready" and one.language == deliverable.language and order(one) < order(deliverable)
    ]
    earlier.sort(key=order, reverse=True)
    issued = [one for one in earlier if one.standing in ISSUED]
    edited = [one for one in earlier if one.id == deliverable.edited_from_id]
    return next(iter([*issued, *edited, *earlier]), None)


def order(deliverable: Deliverable) -> tuple[int, int]:
    """1.10 comes after 1.9."""
    major, minor = deliverable.version.split(".")
    return int(major), int(minor)


def first_ready(kind: str) -> Deliverable | None:
    """The first document of a kind that the queue finished."""
    return db.session.scalar(
        sa.select(Deliverable)
        .where(Deliverable.production == "ready", Deliverable.kind == kind)
        .order_by(Deliverable.ready_at)
        .limit(1)
    )


def approved_at(deliverable: Deliverable) -> datetime | None:
    """When it was approved last."""
    return db.session.scalar(
        sa.select(AuditEntry.at)
        .where(
            AuditEntry.subject == "deliverable", AuditEntry.subject_id == deliverable.id, AuditEntry.verb == APPROVED
        )
        .order_by(AuditEntry.number.desc())
        .limit(1)
    )


def log(deliverable: Deliverable) -> list[tuple[AuditEntry, str | None]]:
    """What happened to it, newest first, with the name of who did it."""
    rows = db.session.execute(
        sa.select(AuditEntry, Membership.name)
        .outerjoin(Membership, sa.and_(Membership.tenant_id == AuditEntry.tenant_id, Membership.id == AuditEntry.by_id))
        .where(AuditEntry.subject == "deliverable", AuditEntry.subject_id == deliverable.id)
        .order_by(AuditEntry.number.desc())
        .limit(50)
    )
    return [(entry, name) for entry, name in rows]
