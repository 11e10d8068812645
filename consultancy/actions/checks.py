"""What the check of a finished file found is kept beside the file that it was found in."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.client import Client
from consultancy.models.deliverable import Deliverable
from consultancy.queries import clients
from document_templates.checking import Asked, Report
from tenants.database import db
from tenants.practices import practice

LETTERS = ("sose_letter",)  # kinds that have a subject line and no title


def asked_of(deliverable: Deliverable) -> Asked:
    """What the check is told of a document: what was printed in it, and whose names have no business there."""
    client = db.session.scalars(sa.select(Client).where(Client.id == deliverable.client_id)).one()
    ours = f"{client.legal_name} {client.trade_name} {practice().name}".lower()
    return Asked(
        language=deliverable.language,
        typed=deliverable.snapshot,
        foreign_names=tuple(name for name in clients.names_of_others(client) if name.lower() not in ours),
        one_title=deliverable.kind not in LETTERS,
    )


def asked_about(deliverable_id: UUID) -> Asked:
    """The same of a document by its id, for who has just written it."""
    return asked_of(db.session.scalars(sa.select(Deliverable).where(Deliverable.id == deliverable_id)).one())


def keep(deliverable_id: UUID, report: Report, *, of_sha256: str) -> None:
    """Beside the file that was checked, and never beside one that took its place meanwhile."""
    db.session.execute(
        sa.update(Deliverable)
        .where(Deliverable.id == deliverable_id, Deliverable.sha256 == of_sha256)
        .values(check_report=as_plain(report))
        .execution_options(synchronize_session=False)
    )


def as_plain(report: Report) -> dict[str, Any]:
    problems = [[one.about, one.where, one.under] for one in report.problems]
    return {"checks": report.checks, "count": report.count, "problems": problems}
