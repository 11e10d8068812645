"""What the check of a finished file found is kept beside the file that it was found in."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions.deliverables import WrongState
from consultancy.models.client import Client
from consultancy.models.deliverable import Deliverable
from consultancy.queries import clients
from document_templates.checking import Asked, Report, checked
from document_templates.child import Child
from tenants import audit
from tenants.database import db
from tenants.files import Files
from tenants.practices import practice

NAME = "name"  # the problem of a file that names another client
LETTERS = ("sose_letter", "rebate_sheet")  # kinds that have a subject line and no title


def asked_of(deliverable: Deliverable) -> Asked:
    """What the check is told of a document: what was printed in it, and whose names have no business there."""
    client = db.session.scalars(sa.select(Client).where(Client.id == deliverable.client_id)).one()
    ours = f"{client.legal_name} {client.trade_name} {practice().name}".lower()
    return Asked(
        language=deliverable.language,
        typed=deliverable.snapshot,
        foreign_names=tuple(name for name in sorted(clients.names_of_others(client.id)) if name.lower() not in ours),
        one_title=deliverable.kind not in LETTERS,
    )


def asked_about(deliverable_id: UUID) -> Asked:
    """The same of a document by its id, for who has just written it."""
    return asked_of(db.session.scalars(sa.select(Deliverable).where(Deliverable.id == deliverable_id)).one())


def check_now(deliverable: Deliverable, *, files: Files, by: UUID) -> None:
    """Read a document's promises back, where that was not done when it was written. Raises WrongState."""
    if deliverable.production != "ready" or deliverable.file_key is None or deliverable.sha256 is None:
        raise WrongState(deliverable.production)
    content, asked = files.get(deliverable.file_key), asked_of(deliverable)
    with Child() as child:
        found = checked(child, content, asked)
    keep(deliverable.id, found, of_sha256=deliverable.sha256)
    audit.record("deliverable.checked", deliverable, by=by, problems=found.count)


def keep(deliverable_id: UUID, report: Report, *, of_sha256: str) -> None:
    """Beside the file that was checked, and never beside one that took its place meanwhile."""
    wanted = sa.select(Deliverable).where(Deliverable.id == deliverable_id, Deliverable.sha256 == of_sha256)
    deliverable = db.session.scalar(wanted.with_for_update())
    if deliverable is not None:
        deliverable.check_report = as_plain(report, deliverable.client_id)
        db.session.flush()


def as_plain(report: Report, client_id: UUID) -> dict[str, Any]:
    """For the database. Another client is kept by its id: its name goes with it, and is told to who may know of it."""
    others = clients.names_of_others(client_id) if any(one.about == NAME for one in report.problems) else {}
    problems = [
        [one.about, str(others.get(one.where, "")) if one.about == NAME else one.where, one.under]
        for one in report.problems
    ]
    return {"checks": report.checks, "count": report.count, "problems": problems}
