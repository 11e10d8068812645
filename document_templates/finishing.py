"""What Word would do on opening, done before: numbers of drawings, bookmarks and captions made unique and consecutive.

Loops repeat whatever the template holds, its bookmarks and drawing numbers too; Word calls such a file damaged.
The first of a repeated bookmark stays, so references point at something.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any
from xml.sax.saxutils import quoteattr

from document_templates.contents import plain_text
from document_templates.finding import Patch, in_paragraphs, places

_IDENTIFIED = re.compile(rb"<wp:docPr [^>]*>|<w:bookmark(Start|End) [^>]*>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_SEQUENCE = re.compile(
    rb'(?P<head><w:instrText[^>]*>\s*SEQ\s+(?P<kind>\w+)[^<]*</w:instrText>(?:(?!</w:p>).)*?w:fldCharType="separate"/>'
    rb"(?:(?!</w:p>).)*?<w:t(?: [^>]*)?>)[^<]*(?P<tail></w:t>)"
    rb'|(?P<simple><w:fldSimple [^>]*w:instr="\s*SEQ\s+(?P<simple_kind>\w+)[^>]*>(?:(?!</w:p>).)*?<w:t(?: [^>]*)?>)'
    rb"[^<]*(?P<simple_tail></w:t>)",
    re.DOTALL,
)
_REFERENCE = re.compile(
    rb'(?P<head><w:instrText[^>]*>\s*REF\s+(?P<name>[^\s<]+)[^<]*</w:instrText>(?:(?!</w:p>).)*?w:fldCharType="separate"/>'
    rb"(?:(?!</w:p>).)*?<w:t(?: [^>]*)?>)[^<]*(?P<tail></w:t>)",
    re.DOTALL,
)
_CHART = re.compile(rb'<c:chart [^>]*?\br:id="([^"]*)"')
_BOOKMARK = re.compile(rb'<w:bookmarkStart w:id="(\d+)" w:name="([^"]*)"/>')


# Set before what wants finishing, in the template once rather than looked for in each document. No XML holds them.
IDENTITY, FIELD, HEADING = b"\x02", b"\x03", b"\x04"
ALL_MARKS = b"\x01\x05" + IDENTITY + FIELD + HEADING


def marked(xml: bytes, heading: re.Pattern[bytes] | None = None) -> bytes:
    """With a mark before each drawing and bookmark; in the body, before each field and each heading's style too."""
    for tag in (b"<wp:docPr ", b"<w:bookmark"):
        xml = xml.replace(tag, IDENTITY + tag)
    if heading is None:
        return xml
    for tag in (b"<w:instrText", b"<w:fldSimple "):
        xml = xml.replace(tag, FIELD + tag)
    return heading.sub(rb"%s\g<0>" % HEADING, xml)


def charts_drawn(xml: bytes) -> Iterator[str]:
    """The relationships of the charts that a part shows, looked for at its marks: some may have been left out."""
    for at in places(xml, IDENTITY):
        if xml.startswith(b"<wp:docPr ", at + 1):
            for match in _CHART.finditer(xml, at, xml.find(b"</w:drawing>", at)):
                yield match[1].decode()


class Identities:
    """The numbers handed out in one document, over its body, headers and footers."""

    def __init__(self, charts: Mapping[str, Any]) -> None:
        self.charts = charts
        self.drawing, self.bookmark = 0, 0
        self.names: set[str] = set()
        self._open: dict[str, str] = {}

    def given(self, xml: bytes) -> Iterator[Patch]:
        for at in places(xml, IDENTITY):
            match = _IDENTIFIED.match(xml, at + 1)
            if not match:
                yield at, at + 1, b""
                continue
            yield at, match.end(), self._one(match[0].decode(), (match[1] or b"").decode()).encode()

    def _one(self, tag: str, what: str) -> str:
        attributes = dict(_ATTRIBUTE.findall(tag))
        if what == "Start":
            return self._start(attributes)
        if what == "End":
            number = self._open.pop(attributes.get("w:id", ""), "")
            return f'<w:bookmarkEnd w:id="{number}"/>' if number else ""
        self.drawing += 1
        attributes["id"] = str(self.drawing)
        chart = self.charts.get(unescape(attributes.get("name", "")))
        if isinstance(chart, Mapping) and chart.get("alt") and not attributes.get("descr"):
            attributes["descr"] = quoteattr(str(chart["alt"]), {'"': "&quot;"})[1:-1]
        written = " ".join(f'{name}="{value}"' for name, value in attributes.items())
        return f"<wp:docPr {written}{'/' if tag.endswith('/>') else ''}>"

    def _start(self, attributes: dict[str, str]) -> str:
        name, old = attributes.get("w:name", ""), attributes.get("w:id", "")
        if name in self.names or name.startswith("_Toc"):  # headings get fresh ones
            self._open[old] = ""
            return ""
        self.names.add(name)
        self.bookmark += 1
        self._open[old] = str(self.bookmark)
        columns = "".join(f' {key}="{value}"' for key, value in attributes.items() if key.startswith("w:col"))
        return f'<w:bookmarkStart w:id="{self.bookmark}" w:name="{name}"{columns}/>'


def captions_counted(xml: bytes) -> Iterator[Patch]:
    """Caption numbers in the order they stand."""
    counts: dict[bytes, int] = {}
    done = 0
    for at in places(xml, FIELD):
        yield at, at + 1, b""
        if at < done:
            continue
        end = xml.find(b"</w:p>", at)
        done = len(xml) if end < 0 else end
        if xml.find(b"SEQ ", at, done) < 0:
            continue
        for match in _SEQUENCE.finditer(xml, at, done):
            kind = match["kind"] or match["simple_kind"]
            counts[kind] = counts.get(kind, 0) + 1
            head, tail = ("head", "tail") if match["kind"] else ("simple", "simple_tail")
            yield match.end(head), match.start(tail), str(counts[kind]).encode()


def captions_referred(xml: bytes) -> bytes:
    """References to captions with the same words."""
    wanted = {match["name"] for match in _REFERENCE.finditer(xml)}
    words: dict[bytes, bytes] = {}
    for match in _BOOKMARK.finditer(xml) if wanted else ():
        if match[2] in wanted:
            end = xml.find(b'<w:bookmarkEnd w:id="%s"/>' % match[1], match.end())
            words[match[2]] = plain_text(xml[match.end() : end].decode()).encode()

    def referred(match: re.Match[bytes]) -> bytes:
        return match["head"] + words[match["name"]] + match["tail"] if words.get(match["name"]) else match[0]

    return in_paragraphs(xml, b"REF ", lambda paragraph: _REFERENCE.sub(referred, paragraph)) if words else xml
