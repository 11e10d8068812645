"""The gate for uploaded Word and Excel files, before any library opens them.

Sizes are counted while inflating, because headers lie; the type is what the content says, because names lie too.
"""

import io
import re
import zipfile
import zlib
from typing import Literal
from xml.parsers import expat

from document_templates.fields_in_text import FieldCodes
from document_templates.refusals import (
    ActiveContent,
    BrokenFile,
    EmptyFile,
    EncryptedFile,
    FileTooLarge,
    WrongKindOfFile,
)
from tenants.limits import (
    ARCHIVE_ENTRIES,
    ARCHIVE_INFLATED_BYTES,
    ARCHIVE_PART_BYTES,
    ARCHIVE_RATIO,
    ARCHIVE_RATIO_FROM_BYTES,
    MEGABYTE,
    UPLOAD_BYTES,
)

Kind = Literal["xlsx", "docx"]

_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAIN = {
    "docx": f"{_OFFICE}wordprocessingml.document.main+xml",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet.main+xml",
}
_CALLED = {"docx": "a Word document (.docx)", "xlsx": "an Excel workbook (.xlsx)"}
_OTHER_MAINS = {
    "application/vnd.ms-word.document.macroEnabled.main+xml": "a Word document with macros (.docm)",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml": "a Word template with macros (.dotm)",
    f"{_OFFICE}wordprocessingml.template.main+xml": "a Word template (.dotx): save it as .docx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": "an Excel workbook with macros (.xlsm)",
    "application/vnd.ms-excel.sheet.binary.macroEnabled.main": "a binary Excel workbook (.xlsb)",
    f"{_OFFICE}presentationml.presentation.main+xml": "a PowerPoint file (.pptx)",
    **{main: _CALLED[kind] for kind, main in _MAIN.items()},
}
_SIGNATURES = (
    (b"MZ", "a program"), (b"\x7fELF", "a program"), (b"%PDF", "a PDF"), (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"), (b"{\\rtf", "an RTF document"), (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"), (b"\x1f\x8b", "an archive"), (b"<", "a web page or XML"),
)  # fmt: skip
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_ARCHIVE_STARTS = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ")
_ARCHIVE_NAME = re.compile(r"\.(zip|7z|rar|gz|tgz|bz2|xz|tar|jar|docx|docm|xlsm|xlsb|pptx)$", re.IGNORECASE)
_MACRO_NAME = re.compile(
    r"vba(Project|Data)|activeX|customUI|macrosheets?/|\.(exe|dll|js|vbs|bat|cmd|ps1|hta|lnk|scr)$", re.IGNORECASE
)
_LEADS_OUT = re.compile(r"^/|\\|\0|(^|/)\.\.(/|$)|^[A-Za-z]:")
_MACRO_TYPE = re.compile(r"macroEnabled|vbaProject|activeX|macrosheet|attachedToolbars", re.IGNORECASE)
_CHART_WORKBOOK = re.compile(r"word/embeddings/[^/]+\.xlsx", re.IGNORECASE)
_REFUSED_RELATIONS = {
    "attachedTemplate": "an attached template", "oleObject": "an embedded object", "control": "a control",
    "vbaProject": "macros", "wordVbaData": "macros", "aFChunk": "another document inside it", "subDocument":
    "a sub-document", "frame": "a frame", "mailMergeSource": "a mail merge source", "mailMergeHeaderSource":
    "a mail merge source", "recipientData": "a mail merge source", "activeXControlBinary": "a control",
    "extensibility": "a custom menu", "keyMapCustomizations": "custom keys", "attachedToolbars": "custom menus",
    "webextension": "an add-in", "webextensiontaskpanes": "an add-in",
}  # fmt: skip
_LINKS = ("http://", "https://", "mailto:")
_BLOCK = 1 << 16


def inspect_archive(data: bytes, *, kind: Kind) -> None:
    """Raise the refusal, with its sentence, that keeps this upload out; return when it may be opened."""
    if not data:
        raise EmptyFile("The file is empty.")
    if len(data) > UPLOAD_BYTES:
        raise FileTooLarge(f"The file is larger than {UPLOAD_BYTES // MEGABYTE} MB.")
    if not data.startswith(b"PK\x03\x04"):
        raise _not_a_container(data, kind)
    parts = _inflate(data, kind)
    types = _content_types(parts, kind)
    for name, part in parts.items():
        is_xml = name.lower().endswith((".xml", ".rels", ".vml")) or types.get(name.lower(), "").endswith("xml")
        if is_xml:
            _inspect_xml(name, part, kind)


def _not_a_container(data: bytes, kind: Kind) -> Exception:
    if data.startswith(_OLD_OFFICE):
        if _ENCRYPTED_STREAM in data:
            return EncryptedFile("The file is locked with a password; save it without one.")
        newer = ".docx" if kind == "docx" else ".xlsx"
        return WrongKindOfFile(f"The file is in an old Office format (.doc, .xls); save it as {newer}.")
    found = next((words for start, words in _SIGNATURES if data.lstrip()[:8].startswith(start)), "something else")
    return WrongKindOfFile(f"The file should be {_CALLED[kind]}, but its content is {found}.")


def _inflate(data: bytes, kind: Kind) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _inspect_entries(entries, kind)
            parts: dict[str, bytes] = {}
            total = 0
            for entry in entries:
                part = _part(archive, entry, ARCHIVE_INFLATED_BYTES - total)
                total += len(part)
                _inspect_nested(entry.filename, part, kind)
                parts[entry.filename] = part
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise BrokenFile(f"The file is damaged: it cannot be read as {_CALLED[kind]}.") from error
    return parts


def _inspect_entries(entries: list[zipfile.ZipInfo], kind: Kind) -> None:
    if len(entries) > ARCHIVE_ENTRIES:
        raise FileTooLarge(f"The file holds more than {ARCHIVE_ENTRIES:,} parts.")
    if sum(entry.file_size for entry in entries) > ARCHIVE_INFLATED_BYTES:
        raise FileTooLarge(f"The file grows to more than {ARCHIVE_INFLATED_BYTES // MEGABYTE} MB when opened.")
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        if entry.flag_bits & 0x1:
            raise EncryptedFile("The file is locked with a password; save it without one.")
        if _LEADS_OUT.search(name):
            raise BrokenFile("A part of the file has a name that leads out of it.")
        if name.casefold() in seen:
            raise BrokenFile("Two parts of the file have the same name.")
        seen.add(name.casefold())
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BrokenFile("A part of the file is packed in a way that Office does not use.")
        if _MACRO_NAME.search(name):
            raise ActiveContent("The file holds macros or programs; save it without them.")
    ends = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < ends:
            raise BrokenFile("The parts of the file overlap.")
        ends = entry.header_offset + 30 + entry.compress_size


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    pieces = []
    size = 0
    with archive.open(entry) as stream:
        while piece := stream.read(_BLOCK):
            size += len(piece)
            if size > ARCHIVE_PART_BYTES:
                raise FileTooLarge(f"A part of the file grows to more than {ARCHIVE_PART_BYTES // MEGABYTE} MB.")
            if size > left:
                raise FileTooLarge(f"The file grows to more than {ARCHIVE_INFLATED_BYTES // MEGABYTE} MB when opened.")
            if size > ARCHIVE_RATIO_FROM_BYTES and size > ARCHIVE_RATIO * max(entry.compress_size, 1):
                raise FileTooLarge("A part of the file grows suspiciously when opened.")
            pieces.append(piece)
    return b"".join(pieces)


def _inspect_nested(name: str, part: bytes, kind: Kind) -> None:
    """No archive within the archive, except the workbook behind a Word chart, which passes this gate itself."""
    if kind == "docx" and _CHART_WORKBOOK.fullmatch(name) and part.startswith(b"PK\x03\x04"):
        inspect_archive(part, kind="xlsx")
    elif _ARCHIVE_NAME.search(name) or part.startswith(_ARCHIVE_STARTS):
        raise BrokenFile("The file holds another archive.")
    elif part.startswith(_OLD_OFFICE) or part.startswith((b"MZ", b"\x7fELF")):
        raise ActiveContent("The file holds an embedded object; remove it and save again.")


def _content_types(parts: dict[str, bytes], kind: Kind) -> dict[str, str]:
    data = parts.get("[Content_Types].xml")
    if data is None:
        raise WrongKindOfFile(f"The file should be {_CALLED[kind]}, but it is a plain zip archive.")
    _inspect_xml("[Content_Types].xml", data, kind)
    types: dict[str, str] = {}
    mains: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        content_type = attributes.get("ContentType", "")
        if tag.endswith("Override"):
            types[attributes.get("PartName", "").lstrip("/").lower()] = content_type
        if content_type in _OTHER_MAINS:
            mains.append(content_type)
        elif _MACRO_TYPE.search(content_type) or (kind == "docx" and "oleObject" in content_type):
            raise ActiveContent("The file holds macros or embedded objects; save it without them.")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.Parse(data, True)
    if _MAIN[kind] not in mains:
        found = _OTHER_MAINS[mains[0]] if mains else "an archive without a document"
        raise WrongKindOfFile(f"The file should be {_CALLED[kind]}, but its content is {found}.")
    if any("macro" in main.lower() for main in mains):
        raise ActiveContent("The file holds macros; save it without them.")
    main_part = next((part for part, listed in types.items() if listed == _MAIN[kind]), "")
    if main_part and main_part not in {name.lower() for name in parts}:
        raise BrokenFile(f"The file is damaged: it cannot be read as {_CALLED[kind]}.")
    return types


def _inspect_xml(name: str, part: bytes, kind: Kind) -> None:
    """Well formed, in an encoding that hides nothing, no document type; for Word, nothing that runs or fetches."""

    def doctype(*_: object) -> None:
        raise ActiveContent("The file declares a document type, which Office files never do.")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = doctype
    if kind == "docx":
        if name.endswith(".rels"):
            parser.StartElementHandler = _relationship
        elif name.startswith("word/"):
            FieldCodes(parser)
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise BrokenFile(f"The file is damaged: its part {name[:80]} is not readable XML.") from error


def _relationship(tag: str, attributes: dict[str, str]) -> None:
    if not tag.endswith("Relationship"):
        return
    what = attributes.get("Type", "").rsplit("/", 1)[-1]
    target = attributes.get("Target", "")
    if what in _REFUSED_RELATIONS:
        raise ActiveContent(f"The document refers to {_REFUSED_RELATIONS[what]}; remove it and save again.")
    outside = attributes.get("TargetMode") == "External"
    if outside and not (what == "hyperlink" and target.strip().lower().startswith(_LINKS)):
        raise ActiveContent(f"The document fetches something from outside ({target[:80]}); put it into the document.")
