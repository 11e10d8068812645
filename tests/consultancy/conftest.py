"""A consultancy with two employers, each with a row in every table and files in the storage."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from consultancy.models.assessment import ChecklistImport
from consultancy.models.client import Client
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import Evidence
from consultancy.models.field_workbook import FieldWorkbook, ReturnedWorkbook
from tenants.files import Folder, content_key
from tenants.models import Membership
from tenants.permissions import Role
from tests.factories import entered, found_tenant, make_consent, make_member, make_partner
from tests.worlds import make_employer, make_office

SHELVES = (
    (Deliverable, "deliverables", "docx"), (ChecklistImport, "checklists", "xlsx"),
    (FieldWorkbook, "field_workbooks", "docx"), (ReturnedWorkbook, "field_workbooks", "docx"),
    (Evidence, "evidence", "txt"),
)  # fmt: skip


def store_files(session: Any, files: Folder, tenant: Any, ids: dict[type, list[Any]]) -> set[str]:
    """Give the rows of an employer that name a file a file of their own; answers the keys."""
    keys = set()
    for model, shelf, extension in SHELVES:
        for key in ids[model]:
            row = session.get(model, (tenant, key))
            content = f"the file of {row.id}".encode()
            row.file_key = content_key(tenant, shelf, content, extension)
            files.put(row.file_key, content)
            keys.add(row.file_key)
    return keys


@pytest.fixture
def kept(database_app, tmp_path) -> Iterator[SimpleNamespace]:
    """`session`, `tenant`, `owner`, `first` and `second` (ids by model), `client` (of the first), `files`, `keys`."""
    tenant, files = found_tenant(database_app, slug="northgate"), Folder(tmp_path / "files")
    with entered(database_app, tenant) as session:
        owner = make_member(role=Role.OWNER)
        first, second = make_employer(lead=owner), make_employer(lead=owner)
        office, partner = make_office(by=owner), make_partner()
        for engagement in session.scalars(sa.select(Engagement)):
            engagement.legal_hold = ""
            make_consent(partner=partner, engagement=engagement)
        keys = (store_files(session, files, tenant, first), store_files(session, files, tenant, second))
        session.flush()
        yield SimpleNamespace(
            app=database_app, session=session, tenant=tenant, owner=owner, first=first, second=second, office=office,
            client=session.get(Client, (tenant, first[Client][0])), files=files, keys=keys,
            user=session.get(Membership, (tenant, first[Membership][0])),
        )  # fmt: skip
