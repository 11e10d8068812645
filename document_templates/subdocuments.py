"""What stock docxtpl does and the compiled way does not: whole documents as values, and parts put in place of others.

Stock docxtpl (with docxcompose) lays them into the template; the template that comes out is then compiled, filled and
finished like any other. So everything keeps its bounds: the strict tags, the escaping, the contents page, the bytes.
"""

import io
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import nsmap
from docxtpl import DocxTemplate
from docxtpl.subdoc import SubdocComposer
from lxml import etree

from document_templates.intake import inspect_archive
from document_templates.refusals import BrokenFile, UnusableReplacement

# docxcompose takes this prefix of python-docx for other properties, in the whole process, and does without it itself.
nsmap["cp"] = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"

_SECTION = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}sectPr"
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_REPLACEABLE = re.compile(r"word/(media|embeddings)/[^/]+")


class Asked(Exception):
    """A tag prints a sub-document that is not laid into the template yet."""


@dataclass(frozen=True)
class SubDocument:
    """`{{p chapter }}`: the body of another Word file, with its pictures, styles, lists and footnotes."""

    content: bytes
    laid: str = ""  # its body, once it is part of the template

    def xml(self) -> str:
        if not self.laid:
            raise Asked
        return self.laid


@dataclass(frozen=True)
class Replacements:
    """`fields["replacements"]`: what stands in the place of dummies in the template, all found before it is filled.

    `pictures`: by the name, title or description of the picture in Word. `media` and `embedded`: pairs of the old bytes
    and the new. `parts`: by the name of the part in the file.
    """

    pictures: Mapping[str, bytes] = field(default_factory=dict)
    media: tuple[tuple[bytes, bytes], ...] = ()
    embedded: tuple[tuple[bytes, bytes], ...] = ()
    parts: Mapping[str, bytes] = field(default_factory=dict)


def replaced(template: bytes, wanted: Replacements, parts: Mapping[str, bytes]) -> bytes:
    """The template with other pictures and workbooks in it. `parts` are its own, to know what is really there."""
    old = {"word/media/": [], "word/embeddings/": []}  # type: dict[str, list[bytes]]
    for folder, found in old.items():
        found += [data for name, data in parts.items() if name.startswith(folder)]
    document = DocxTemplate(io.BytesIO(template))
    document.render_init()
    for name, data in wanted.pictures.items():
        document.replace_pic(name, io.BytesIO(_picture(name, data)))
    for before, after in wanted.media:
        _there(before in old["word/media/"])
        document.replace_media(io.BytesIO(before), io.BytesIO(_alike(before, after)))
    for before, after in wanted.embedded:  # docxtpl takes these two from the disk only; nothing here may write there
        _there(before in old["word/embeddings/"])
        document.crc_to_new_embedded[document.get_file_crc(io.BytesIO(before))] = _workbook(after)
    for name, after in wanted.parts.items():
        _there(bool(_REPLACEABLE.fullmatch(name)) and name in parts)
        document.zipname_to_replace[name] = _workbook(after) if "/embeddings/" in name else _alike(parts[name], after)
    stream = io.BytesIO()
    try:
        document.save(stream)
    except ValueError as error:
        raise UnusableReplacement("it has no picture of that name, title or description") from error
    return stream.getvalue()


def laid_in(template: bytes, fields: Mapping[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """The template with all that the sub-documents among the fields refer to, and fields in which they are laid."""
    main = DocxTemplate(io.BytesIO(template)).get_docx()
    laid: dict[bytes, SubDocument] = {}
    for one in _subdocuments(fields):
        if one.content not in laid:
            inspect_archive(one.content, kind="docx")
            laid[one.content] = SubDocument(one.content, _attached(main, one.content))
    stream = io.BytesIO()
    main.save(stream)
    return stream.getvalue(), _with(laid, fields)


def _attached(main: Any, content: bytes) -> str:
    try:
        part = docx.Document(io.BytesIO(content))
        # docxcompose marks each list with a random number; the same document must get the same one
        state = random.getstate()
        random.seed(0)
        try:
            SubdocComposer(main).attach_parts(part)
        finally:
            random.setstate(state)
    except (OpcError, KeyError, ValueError, AttributeError, IndexError) as error:
        raise BrokenFile("A document that is to become part of another cannot be read.") from error
    body = part.element.body
    return "".join(etree.tostring(one, encoding="unicode", with_tail=False) for one in body if one.tag != _SECTION)


def _subdocuments(value: object) -> Iterator[SubDocument]:
    if isinstance(value, SubDocument):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _subdocuments(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _subdocuments(one)


def _with(laid: Mapping[bytes, SubDocument], value: Any) -> Any:
    if isinstance(value, SubDocument):
        return laid[value.content]
    if isinstance(value, Mapping):
        return {key: _with(laid, one) for key, one in value.items()}
    return [_with(laid, one) for one in value] if isinstance(value, (list, tuple)) else value


def _there(found: bool) -> None:
    if not found:
        raise UnusableReplacement("it holds no such part")


def _picture(name: str, data: bytes) -> bytes:
    if not data.startswith(_PICTURES):
        raise UnusableReplacement(f"what should stand for “{name}” is no picture")
    return data


def _alike(before: bytes, after: bytes) -> bytes:
    if not any(before.startswith(start) and after.startswith(start) for start in _PICTURES):
        raise UnusableReplacement("the new picture is not of the same kind")
    return after


def _workbook(data: bytes) -> bytes:
    inspect_archive(data, kind="xlsx")
    return data
