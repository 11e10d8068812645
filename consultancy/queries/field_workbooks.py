"""Reading field workbooks: handed out, and come back."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.models.assessment import Assessment
from consultancy.models.engagement import Engagement
from consultancy.models.field_workbook import FieldWorkbook, ReturnedWorkbook
from tenants.database import db

SHOWN = 30  # of each list on the page


def find(workbook_id: UUID) -> FieldWorkbook | None:
    return db.session.scalar(
        sa.select(FieldWorkbook)
        .options(joinedload(FieldWorkbook.assessment).joinedload(Assessment.engagement).joinedload(Engagement.client))
        .where(FieldWorkbook.id == workbook_id)
    )


def find_returned(returned_id: UUID) -> ReturnedWorkbook | None:
    workbook = joinedload(ReturnedWorkbook.workbook)
    return db.session.scalar(
        sa.select(ReturnedWorkbook)
        .options(
            workbook.joinedload(FieldWorkbook.site),
            workbook.joinedload(FieldWorkbook.assessment)
            .joinedload(Assessment.engagement)
            .joinedload(Engagement.client),
        )
        .where(ReturnedWorkbook.id == returned_id)
    )


def claimed(assessment: Assessment, whole: str, short: str) -> FieldWorkbook | None:
    """The workbook of this assessment that a file says it is: by its id, or by the beginning of it in its fields."""
    digits = sa.func.replace(sa.cast(FieldWorkbook.id, sa.Text), "-", "")
    named = digits == whole if whole else sa.func.concat("w", sa.func.left(digits, 12)) == short
    return db.session.scalars(
        sa.select(FieldWorkbook).where(FieldWorkbook.assessment_id == assessment.id, named)
    ).first()


def made(assessment: Assessment) -> list[FieldWorkbook]:
    """The latest first."""
    return list(
        db.session.scalars(
            sa.select(FieldWorkbook)
            .options(joinedload(FieldWorkbook.site), joinedload(FieldWorkbook.made_by))
            .where(FieldWorkbook.assessment_id == assessment.id)
            .order_by(FieldWorkbook.made_at.desc(), FieldWorkbook.id)
            .limit(SHOWN)
        )
    )


def returned(assessment: Assessment) -> list[ReturnedWorkbook]:
    """The latest first."""
    return list(
        db.session.scalars(
            sa.select(ReturnedWorkbook)
            .join(
                FieldWorkbook,
                sa.and_(
                    FieldWorkbook.tenant_id == ReturnedWorkbook.tenant_id,
                    FieldWorkbook.id == ReturnedWorkbook.field_workbook_id,
                ),
            )
            .options(joinedload(ReturnedWorkbook.by))
            .where(FieldWorkbook.assessment_id == assessment.id)
            .order_by(ReturnedWorkbook.created_at.desc(), ReturnedWorkbook.id)
            .limit(SHOWN)
        )
    )


def applied_before(one: ReturnedWorkbook) -> list[ReturnedWorkbook]:
    """What was applied of the same workbook already, oldest first."""
    return list(
        db.session.scalars(
            sa.select(ReturnedWorkbook)
            .where(
                ReturnedWorkbook.field_workbook_id == one.field_workbook_id,
                ReturnedWorkbook.applied_at.is_not(None),
                ReturnedWorkbook.id != one.id,
            )
            .order_by(ReturnedWorkbook.applied_at)
        )
    )
