"""Making an export: the archive is written to a temporary file, laid into the storage, and noted in the audit trail.

It is made while the person waits: a client of 200 engagements takes seconds, and the size stands on the page.
"""

import hashlib
from collections.abc import Callable
from tempfile import TemporaryFile
from typing import BinaryIO
from uuid import UUID

from consultancy.models.client import Client
from consultancy.privacy import archive
from consultancy.privacy.exports import SHELF, outlived
from tenants import audit
from tenants.database import db, now, tenant_session
from tenants.files import Files, digest_key
from tenants.limits import MEGABYTE
from tenants.models import Membership
from tenants.refusal import NotValid


class UnknownProfile(NotValid):
    """Exports are made for the consultancy or for the employer."""


def export_client(client: Client, *, profile: str, files: Files, by: UUID) -> str:
    """Lay everything of one client into the storage; answers where. Raises UnknownProfile."""
    if profile not in archive.PROFILES:
        raise UnknownProfile(profile)
    at = now()
    key, facts = _keep(files, lambda to: archive.write_client(client, profile=profile, files=files, to=to, at=at))
    audit.record("client.exported", client, by=by, key=key, profile=profile, **facts)
    return key


def export_tenant(*, files: Files, by: UUID) -> str:
    """Lay everything of the consultancy into the storage; answers where."""
    tenant_id, at = tenant_session().tenant_id, now()
    key, facts = _keep(files, lambda to: archive.write_tenant(tenant_id, files=files, to=to, at=at))
    member = db.session.get_one(Membership, (tenant_id, by))
    audit.record("tenant.exported", member, by=by, key=key, **facts)
    return key


def note_download(subject: Membership | Client, *, key: str, by: UUID) -> None:
    audit.record("export.downloaded", subject, by=by, key=key)


def _keep(files: Files, write: Callable[[BinaryIO], archive.Written]) -> tuple[str, dict[str, int]]:
    for key in outlived():
        files.delete(key)
    with TemporaryFile() as file:
        written = write(file)
        size = file.tell()
        file.seek(0)
        digest = hashlib.sha256()
        while block := file.read(MEGABYTE):
            digest.update(block)
        file.seek(0)
        key = digest_key(tenant_session().tenant_id, SHELF, digest.hexdigest(), "zip")
        files.put_stream(key, file)
    return key, {"size": size, "rows": sum(written.rows.values()), "missing": len(written.missing)}
