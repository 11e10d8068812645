"""Everything of one client, or of the whole consultancy, in one archive that needs no program of ours to be read.

Written to a file as it is read: rows are streamed from the database and files from the storage, one after the other.
"""

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import sqlalchemy as sa

from consultancy.models.client import Client
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import Evidence
from consultancy.models.page_image import PageImage
from consultancy.privacy import inventory
from consultancy.privacy.employer import UNTOLD, for_employer
from consultancy.privacy.spreadsheets import plain, write_rows
from tenants.database import db
from tenants.files import Files
from tenants.limits import MEGABYTE
from tenants.models import Consent

COMPLETE, EMPLOYER = "consultancy", "client"  # profiles: for ourselves, and to hand to the employer
PROFILES = (COMPLETE, EMPLOYER)
IN_MEMORY = 8 * MEGABYTE

# A mail that waits may hold a link that still lets somebody in.
# The secret of a workbook vouches for its fields; it leaves the house in no file.
LEFT_OUT = {"message": frozenset({"body"}), "field_workbook": frozenset({"secret"})}

README = """{what}

Made on {at}. Everything here can be opened without the program it came from.

json/   one file per table, every row with every column
csv/    the same for a spreadsheet; a text that begins like a formula has an apostrophe in front of it
files/  the documents, imported checklists, field workbooks and evidence themselves; the tables name them in the columns
        file_key and pdf_key
manifest.json   every file of this archive with its size and SHA-256, and the number of rows of every table

Ids tie the tables together: client_id in one table is id in the table client, and so on.
{profile}"""
FOR_THE_EMPLOYER = """
This copy is made to be handed to the employer. Notes of interviews carry no author, and names that are on record are
taken out of their text; a name that stands on no record can still be in it, so read the notes before you hand them
over. Left out: the consultancy's own note on the client, documents that were not released, the sheets of interviews and
evidence from them, imported checklists and field workbooks as they were typed, and what was read from them.
"""


@dataclass
class Written:
    """What an archive holds, for its manifest and for the certificate of whoever made it."""

    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)  # files that a row names and the storage does not have


Change = Callable[[str, dict[str, Any]], dict[str, Any]]


def write_client(client: Client, *, profile: str, files: Files, to: BinaryIO, at: datetime) -> Written:
    """Everything of one client."""
    rows = inventory.rows_below(Client, [client.id])
    change = for_employer(rows) if profile == EMPLOYER else _as_it_is
    told = [model for model in rows if profile != EMPLOYER or model not in UNTOLD]
    tables = [(model.__tablename__, _rows(model, rows[model])) for model in told]
    tables.append(("consent", _consents(client.tenant_id, rows[Engagement])))
    words = README.format(
        what=f"Records of the client {client.code}.",
        at=f"{at:%Y-%m-%d %H:%M} UTC",
        profile=FOR_THE_EMPLOYER if profile == EMPLOYER else "",
    )
    return _write(to, tables, change, _files_of(rows, profile), files, words, at=at, profile=profile)


def write_tenant(tenant_id: UUID, *, files: Files, to: BinaryIO, at: datetime) -> Written:
    """Everything of the entered consultancy."""
    rows = {model: list(db.session.scalars(sa.select(model.id))) for model in inventory.of_tenant()}
    tables = [(model.__tablename__, _rows(model, None)) for model in rows]
    tables.append(("consent", _consents(tenant_id, None)))
    words = README.format(what="All records of the consultancy.", at=f"{at:%Y-%m-%d %H:%M} UTC", profile="")
    return _write(to, tables, _as_it_is, _files_of(rows, COMPLETE), files, words, at=at, profile=COMPLETE)


def _as_it_is(_table: str, row: dict[str, Any]) -> dict[str, Any]:
    return row


def _rows(model: Any, keys: list[UUID] | None) -> Iterator[dict[str, Any]]:
    left_out = LEFT_OUT.get(model.__tablename__, frozenset())
    names = [column.key for column in model.__table__.columns if column.key not in left_out]
    wanted = sa.select(*(getattr(model, name) for name in names)).execution_options(yield_per=500)
    for some in [None] if keys is None else inventory.in_batches(keys):
        found = wanted if some is None else wanted.where(model.id.in_(some))
        for row in db.session.execute(found.order_by(model.id)):
            yield dict(zip(names, row, strict=True))


def _consents(tenant_id: UUID, engagements: list[UUID] | None) -> Iterator[dict[str, Any]]:
    names = [column.key for column in Consent.__table__.columns]
    wanted = sa.select(*(getattr(Consent, name) for name in names)).where(inventory.consents(tenant_id, engagements))
    for row in db.session.execute(wanted):
        yield dict(zip(names, row, strict=True))


def _files_of(rows: inventory.Ids, profile: str) -> Iterator[tuple[str, str]]:
    """(name in the archive, storage key) of every file; to the employer goes what was released to them, and evidence
    that is no interview. No evidence leaves before the virus scanner has answered for it."""
    for model in inventory.with_files():
        if model is PageImage or (profile == EMPLOYER and model not in (Deliverable, Evidence)):
            continue  # the pictures of pages show what the document beside them says
        for some in inventory.in_batches(rows.get(model, [])):
            wanted = sa.select(model).where(model.id.in_(some), model.file_key.is_not(None)).order_by(model.id)
            for row in db.session.scalars(wanted):
                if not _goes_out(row, profile):
                    continue
                yield _archive_name(row, row.file_name), row.file_key
                if model is Deliverable and row.pdf_key:
                    yield _archive_name(row, row.pdf_name), row.pdf_key


def _archive_name(row: Any, file_name: str) -> str:
    name = re.sub(r"[^\w .()-]", "_", file_name)[-100:].lstrip(". ") or "file"
    return f"files/{row.__tablename__}/{str(row.id)[:8]} {name}"


def _goes_out(row: Any, profile: str) -> bool:
    if isinstance(row, Evidence):
        return row.can_be_opened and not (profile == EMPLOYER and row.source == "interview")
    return profile != EMPLOYER or row.standing in ("released", "superseded")


def _write(
    to: BinaryIO,
    tables: Iterable[tuple[str, Iterator[dict[str, Any]]]],
    change: Change,
    named: Iterable[tuple[str, str]],
    files: Files,
    words: str,
    *,
    at: datetime,
    profile: str,
) -> Written:
    written = Written()
    with ZipFile(to, "w", ZIP_DEFLATED) as archive:
        for table, rows in tables:
            with SpooledTemporaryFile(IN_MEMORY) as as_json, SpooledTemporaryFile(IN_MEMORY) as as_csv:
                written.rows[table] = _write_table(as_json, as_csv, (change(table, row) for row in rows))
                _add(archive, f"json/{table}.json", as_json, written, at)
                _add(archive, f"csv/{table}.csv", as_csv, written, at)
        for name, key in named:
            try:
                content = files.open(key)
            except (FileNotFoundError, ValueError):  # lost, or never a key: the rest is carried out all the same
                written.missing.append(key)
                continue
            with content:
                _add(archive, name, content, written, at, stored=True)
        _add(archive, "README.txt", io.BytesIO(words.encode()), written, at)
        manifest = {
            "made_at": at.isoformat(), "profile": profile, "rows": written.rows, "missing": written.missing,
            "entries": written.entries,
        }  # fmt: skip
        archive.writestr(_info("manifest.json", at), json.dumps(manifest, indent=1, ensure_ascii=False))
    return written


def _write_table(as_json: IO[bytes], as_csv: IO[bytes], rows: Iterator[dict[str, Any]]) -> int:
    """The same rows in both forms, read once."""
    sheet = io.TextIOWrapper(as_csv, encoding="utf-8", newline="", write_through=True)
    first = next(rows, None)
    heads = list(first) if first else []

    def each() -> Iterator[list[Any]]:
        row = first
        separator = b"[\n"
        while row is not None:
            as_json.write(separator)
            as_json.write(json.dumps({name: plain(row[name]) for name in row}, ensure_ascii=False).encode())
            separator = b",\n"
            yield list(row.values())
            row = next(rows, None)

    count = write_rows(sheet, heads, each())
    as_json.write(b"\n]\n" if count else b"[]\n")
    sheet.detach()
    return count


def _add(
    archive: ZipFile, name: str, content: IO[bytes], written: Written, at: datetime, *, stored: bool = False
) -> None:
    content.seek(0)
    digest, size = hashlib.sha256(), 0
    info = _info(name, at)
    info.compress_type = ZIP_STORED if stored else ZIP_DEFLATED  # Word and Excel files are compressed already
    with archive.open(info, "w", force_zip64=True) as entry:
        while block := content.read(MEGABYTE):
            digest.update(block)
            size += len(block)
            entry.write(block)
    written.entries[name] = {"sha256": digest.hexdigest(), "bytes": size}


def _info(name: str, at: datetime) -> ZipInfo:
    info = ZipInfo(name, date_time=at.timetuple()[:6])
    info.compress_type = ZIP_DEFLATED
    return info
