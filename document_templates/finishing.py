"""What Word would do on opening, done before: numbers of drawings, bookmarks and captions made unique and consecutive.

Loops repeat whatever the template holds, its bookmarks and drawing numbers too; Word calls such a file damaged.
The first of a repeated bookmark stays, so references point at something.
"""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from xml.sax.saxutils import quoteattr

from document_templates.contents import plain_text
from document_templates.finding import in_paragraphs, places

_IDENTIFIED = re.compile(r"<wp:docPr [^>]*>|<w:bookmark(Start|End) [^>]*>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_SEQUENCE = re.compile(
    r'(?P<head><w:instrText[^>]*>\s*SEQ\s+(?P<kind>\w+)[^<]*</w:instrText>(?:(?!</w:p>).)*?w:fldCharType="separate"/>'
    r"(?:(?!</w:p>).)*?<w:t(?: [^>]*)?>)[^<]*(?P<tail></w:t>)"
    r'|(?P<simple><w:fldSimple [^>]*w:instr="\s*SEQ\s+(?P<simple_kind>\w+)[^>]*>(?:(?!</w:p>).)*?<w:t(?: [^>]*)?>)[^<]*'
    r"(?P<simple_tail></w:t>)",
    re.DOTALL,
)
_REFERENCE = re.compile(
    r'(?P<head><w:instrText[^>]*>\s*REF\s+(?P<name>[^\s<]+)[^<]*</w:instrText>(?:(?!</w:p>).)*?w:fldCharType="separate"/>'
    r"(?:(?!</w:p>).)*?<w:t(?: [^>]*)?>)[^<]*(?P<tail></w:t>)",
    re.DOTALL,
)
_BOOKMARK = re.compile(r'<w:bookmarkStart w:id="(\d+)" w:name="([^"]*)"/>')


class Identities:
    """The numbers handed out in one document, over its body, headers and footers."""

    def __init__(self, charts: Mapping[str, Any]) -> None:
        self.charts = charts
        self.drawing, self.bookmark = 0, 0
        self.names: set[str] = set()
        self._open: dict[str, str] = {}

    def given(self, xml: str) -> str:
        pieces: list[str] = []
        at = 0
        for start in sorted([*places(xml, "<wp:docPr "), *places(xml, "<w:bookmark")]):
            if match := _IDENTIFIED.match(xml, start):
                pieces += (xml[at:start], self._one(match))
                at = match.end()
        return "".join([*pieces, xml[at:]]) if pieces else xml

    def _one(self, match: re.Match[str]) -> str:
        attributes = dict(_ATTRIBUTE.findall(match[0]))
        if match[1] == "Start":
            return self._start(attributes)
        if match[1] == "End":
            number = self._open.pop(attributes.get("w:id", ""), "")
            return f'<w:bookmarkEnd w:id="{number}"/>' if number else ""
        self.drawing += 1
        attributes["id"] = str(self.drawing)
        chart = self.charts.get(unescape(attributes.get("name", "")))
        if isinstance(chart, Mapping) and chart.get("alt") and not attributes.get("descr"):
            attributes["descr"] = quoteattr(str(chart["alt"]), {'"': "&quot;"})[1:-1]
        written = " ".join(f'{name}="{value}"' for name, value in attributes.items())
        return f"<wp:docPr {written}{'/' if match[0].endswith('/>') else ''}>"

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


def captions_counted(xml: str) -> str:
    """Caption numbers in the order they stand, and the references to them with the same words."""
    if "SEQ " not in xml:
        return xml
    counts: dict[str, int] = {}

    def next_number(match: re.Match[str]) -> str:
        kind = match["kind"] or match["simple_kind"]
        counts[kind] = counts.get(kind, 0) + 1
        return f"{match['head'] or match['simple']}{counts[kind]}{match['tail'] or match['simple_tail']}"

    xml = in_paragraphs(xml, "SEQ ", lambda paragraph: _SEQUENCE.sub(next_number, paragraph))
    wanted: set[str] = set()

    def noted(paragraph: str) -> str:
        wanted.update(match["name"] for match in _REFERENCE.finditer(paragraph))
        return paragraph

    in_paragraphs(xml, "REF ", noted)
    if not wanted:
        return xml
    words: dict[str, str] = {}
    for match in _BOOKMARK.finditer(xml):
        if match[2] in wanted:
            end = xml.find(f'<w:bookmarkEnd w:id="{match[1]}"/>', match.end())
            words[match[2]] = plain_text(xml[match.end() : end])

    def referred(match: re.Match[str]) -> str:
        return f"{match['head']}{words[match['name']]}{match['tail']}" if words.get(match["name"]) else match[0]

    return in_paragraphs(xml, "REF ", lambda paragraph: _REFERENCE.sub(referred, paragraph))
