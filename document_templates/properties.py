"""What a file says about itself: only what the fields say, nothing left over from the template or another client."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from document_templates.relationships import DECLARATION

_NAMESPACES = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:dcmitype="http://purl.org/dc/dcmitype/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:00)?)?")
APPLICATION = (
    f'{DECLARATION}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Consultancy</Application></Properties>"
).encode()


def core(fields: Mapping[str, Any], filled: Mapping[str, str]) -> bytes:
    """`docProps/core.xml` from `fields["document"]`; a title or author that the template composes of tags is kept."""
    document = fields.get("document")
    document = document if isinstance(document, Mapping) else {}
    author = fields.get("author")
    named = author.get("name", "") if isinstance(author, Mapping) else ""
    author_name = document.get("author") or filled.get("creator") or named
    rows = [
        ("dc:title", filled.get("title") or document.get("title")),
        ("dc:subject", document.get("subject") or filled.get("subject")),
        ("dc:creator", author_name),
        ("cp:keywords", ""),
        ("cp:lastModifiedBy", document.get("last_modified_by") or author_name),
        ("cp:revision", "1"),
        ("dcterms:created", _moment(document.get("created"))),
        ("dcterms:modified", _moment(document.get("modified") or document.get("created"))),
        ("dc:language", _language(document.get("language"))),
        ("dc:identifier", document.get("number")),
        ("cp:version", document.get("version")),
    ]
    elements = []
    for name, value in rows:
        text = "" if value is None else escape(_clean(str(value)))
        if name.startswith("dcterms:"):
            elements.append(f'<{name} xsi:type="dcterms:W3CDTF">{text}</{name}>' if text else "")
        else:
            elements.append(f"<{name}>{text}</{name}>")
    return f"{DECLARATION}<cp:coreProperties {_NAMESPACES}>{''.join(elements)}</cp:coreProperties>".encode()


def _language(value: object) -> str:
    """The tag of a language that the fields may name in words, as the cover shows it."""
    text = str(value or "")
    return {"en": "en-CA", "fr": "fr-CA"}.get(text[:2].lower(), text) if "-" not in text else text


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        value = value.isoformat(timespec="seconds")
    elif isinstance(value, date):
        value = value.isoformat()
    found = _MOMENT.match(str(value or ""))
    return f"{found[1]}T{found[2] or '00:00:00'}Z" if found else ""


def _clean(text: str) -> str:
    return re.sub("[\x00-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
