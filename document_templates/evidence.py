"""A file as it may be kept as evidence: opened in the confined child only, its kind told by its content.

The name says what it should be and the content must be that; what runs, moves, is locked or grows is turned away.
"""

import re
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Literal, cast

import pypdfium2

from document_templates import photographs
from document_templates.intake import inspect_archive
from document_templates.refusals import BrokenFile, EmptyFile, EncryptedFile, FileTooLarge, WrongKindOfFile
from tenants.limits import MEGABYTE, PREVIEW_SIDE, UPLOAD_BYTES

OFFICE, TEXTS = ("docx", "xlsx"), ("csv", "txt")
TAKEN = ("pdf", *OFFICE, *TEXTS, *photographs.ENDINGS)
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True)
class Settled:
    """What is kept of an upload. `content` is empty where it is kept as it was sent; `small` and `large` are JPEGs for
    pages, empty where there is nothing to show."""

    kind: str
    content: bytes = b""
    width: int = 0
    height: int = 0
    small: bytes = b""
    large: bytes = b""


def settled(data: bytes, file_name: str) -> Settled:
    """Look at an upload under the name that pages show. Raises a FileRefusal with its sentence."""
    if not data:
        raise EmptyFile("The file is empty.")
    if len(data) > UPLOAD_BYTES:
        raise FileTooLarge(f"The file is larger than {UPLOAD_BYTES // MEGABYTE} MB.")
    ending = file_name.rpartition(".")[2].lower() if "." in file_name else ""
    if ending in OFFICE:
        inspect_archive(data, kind=cast(Literal["docx", "xlsx"], ending))
        return Settled(ending)
    if ending == "pdf":
        return _pdf(data)
    if ending in TEXTS:
        _inspect_text(data)
        return Settled(ending)
    if ending in photographs.ENDINGS:
        made = photographs.settled(data)
        return Settled(made.kind, made.content, made.width, made.height, made.small, made.large)
    raise WrongKindOfFile(
        "Files of this kind are not taken. Send PDF, Word (.docx), Excel (.xlsx), text, CSV, JPEG, PNG, WebP or HEIC."
    )


def _pdf(data: bytes) -> Settled:
    if not data.startswith(b"%PDF-"):
        raise WrongKindOfFile("The file should be a PDF, but its content is something else.")
    try:
        with closing(pypdfium2.PdfDocument(data)) as document:
            if len(document) == 0:
                raise BrokenFile("The PDF has no pages.")
            small, large = photographs.shown(_first_page(document))
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedFile("The file is locked with a password; save it without one.") from error
        raise BrokenFile("The PDF is damaged.") from error
    return Settled("pdf", small=small, large=large)


def _first_page(document: Any) -> Any:
    page = document[0]
    scale = min(2.0, PREVIEW_SIDE / max(page.get_width(), page.get_height(), 1.0))
    return page.render(scale=scale).to_pil().convert("RGB")


def _inspect_text(data: bytes) -> None:
    """Text in one of the ways that Office and editors write it."""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NOT_TEXT.search(text):
            return
    raise WrongKindOfFile("The file should be text, but its content is something else.")
