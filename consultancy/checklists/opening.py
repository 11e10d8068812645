"""From bytes to sheets: first what the file really is, then the gate, then the reader."""

from pathlib import PurePath

from consultancy.checklists.delimited import read_delimited
from consultancy.checklists.grid import Sheet, Unreadable
from consultancy.checklists.workbook import read_workbook
from document_templates.intake import inspect_archive
from document_templates.refusals import ActiveContent, EncryptedFile, FileRefusal, FileTooLarge, WrongKindOfFile
from tenants.limits import MEGABYTE, UPLOAD_BYTES

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx with a password
KIND_OF_REFUSAL: dict[type[FileRefusal], str] = {
    FileTooLarge: "archive_too_large",
    WrongKindOfFile: "wrong_kind",
    EncryptedFile: "old_excel",
    ActiveContent: "active_content",
}
NOT_A_TABLE = (b"MZ", b"%PDF", b"\x7fELF", b"\x89PNG", b"{\\rtf", b"\xff\xd8\xff", b"GIF8")


def open_sheets(data: bytes, filename: str) -> list[Sheet]:
    suffix = PurePath(filename).suffix.lower()
    if not data:
        raise Unreadable("empty")
    if len(data) > UPLOAD_BYTES:
        raise Unreadable("too_large", str(UPLOAD_BYTES // MEGABYTE))
    if data.startswith(COMPOUND) or suffix == ".xls":
        raise Unreadable("old_excel")
    if suffix not in (".xlsx", ".csv") or data.startswith(NOT_A_TABLE) or data.startswith(ZIP) != (suffix == ".xlsx"):
        raise Unreadable("wrong_kind", PurePath(filename).name)
    if suffix == ".csv":
        return [read_delimited(data, filename)]
    try:
        inspect_archive(data, kind="xlsx")
    except FileRefusal as refused:
        kind = KIND_OF_REFUSAL.get(type(refused), "not_a_workbook")
        raise Unreadable(kind, PurePath(filename).name) from refused
    return read_workbook(data)
