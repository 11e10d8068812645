"""Reading a consultancy's own standards."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from consultancy.models.engagement import Engagement
from consultancy.models.standard import KEY, OwnRequirement, OwnStandard
from tenants.database import db

Found = tuple[OwnStandard, list[OwnRequirement]]


def find(standard_id: UUID) -> OwnStandard | None:
    return db.session.scalar(sa.select(OwnStandard).where(OwnStandard.id == standard_id))


def find_requirement(requirement_id: UUID) -> OwnRequirement | None:
    return db.session.scalar(sa.select(OwnRequirement).where(OwnRequirement.id == requirement_id))


def requirements(standard: OwnStandard) -> list[OwnRequirement]:
    return list(
        db.session.scalars(
            sa.select(OwnRequirement)
            .where(OwnRequirement.own_standard_id == standard.id)
            .order_by(OwnRequirement.position, OwnRequirement.code)
        )
    )


def published(key: str) -> OwnStandard | None:
    """A published version by the name an engagement pinned."""
    try:
        wanted = UUID(key.removeprefix(KEY)) if key.startswith(KEY) else None
    except ValueError:
        return None
    standard = find(wanted) if wanted else None
    return standard if standard and standard.published_at else None


def newest_published() -> list[Found]:
    """The version of each line of the consultancy's own standards that nothing published follows."""
    later = aliased(OwnStandard)
    followed = sa.exists().where(
        later.tenant_id == OwnStandard.tenant_id, later.follows_id == OwnStandard.id, later.published_at.is_not(None)
    )
    return _with_requirements(
        sa.select(OwnStandard)
        .where(OwnStandard.published_at.is_not(None), ~followed)
        .order_by(OwnStandard.name, OwnStandard.version)
    )


def published_names() -> dict[str, str]:
    """Every published version by the name an engagement pins, earlier ones too: engagements stay with them."""
    rows = db.session.scalars(
        sa.select(OwnStandard)
        .where(OwnStandard.published_at.is_not(None))
        .order_by(OwnStandard.name, OwnStandard.published_at.desc())
    )
    return {one.key: one.full_name for one in rows}


def every() -> list[tuple[OwnStandard, int]]:
    """All versions, drafts first, with how many requirements each has."""
    counted = (
        sa.select(sa.func.count())
        .select_from(OwnRequirement)
        .where(OwnRequirement.tenant_id == OwnStandard.tenant_id, OwnRequirement.own_standard_id == OwnStandard.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(OwnStandard, counted).order_by(
            OwnStandard.published_at.desc().nulls_first(), OwnStandard.name, OwnStandard.version
        )
    )
    return [(standard, count) for standard, count in rows]


def uses(standard: OwnStandard) -> int:
    """How many engagements are pinned to this version."""
    return (
        db.session.scalar(sa.select(sa.func.count()).select_from(Engagement).where(Engagement.standard == standard.key))
        or 0
    )


def _with_requirements(chosen: sa.Select[Any]) -> list[Found]:
    own = list(db.session.scalars(chosen))
    rows: dict[UUID, list[OwnRequirement]] = {one.id: [] for one in own}
    for row in db.session.scalars(
        sa.select(OwnRequirement)
        .where(OwnRequirement.own_standard_id.in_(rows))
        .order_by(OwnRequirement.position, OwnRequirement.code)
    ):
        rows[row.own_standard_id].append(row)
    return [(one, rows[one.id]) for one in own]
