"""Page numbers in the contents: what a layout measured, written as Word writes it.

A number that was measured stands in a PAGEREF field, at the right edge after a row of dots; Word counts it anew when
the field is refreshed. Which number a page shows is the template's own business: a section may begin to count anew.
"""

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from document_templates import archive
from document_templates.relationships import parse

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BOOKMARK = re.compile(r"_Toc\d{6}")
_NUMBER = re.compile(r"\d{1,5}")
_ALL_LEVELS = range(1, 10)
_LETTER = 12_240, 1_440  # width and margin of a page that does not say, in twentieths of a point
_LEFT_OUT = re.compile(r'\\n(?:\s*"(\d)-(\d)")?(?:\s|$)')


def shown_levels(instruction: str) -> set[int]:
    """The levels of the contents that carry page numbers; its switch \\n leaves them out."""
    found = _LEFT_OUT.search(instruction)
    if not found:
        return set(_ALL_LEVELS)
    without = range(int(found[1]), int(found[2]) + 1) if found[1] else _ALL_LEVELS
    return set(_ALL_LEVELS) - set(without)


def reference(bookmark: str, page: str) -> str:
    """A tab, and the number as a field that already knows its result."""
    return (
        '<w:r><w:tab/></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> PAGEREF {bookmark} \\h </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:r><w:t>{page}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def right_tab(position: int) -> str:
    return f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{position}"/></w:tabs>'


def has_right_tab(style_id: str, by_id: Mapping[str, etree._Element]) -> bool:
    """Does the style, or one that it is based on, say where page numbers end?"""
    seen: set[str] = set()
    while style_id in by_id and style_id not in seen:
        seen.add(style_id)
        style = by_id[style_id]
        if any(tab.get(f"{W}val") in ("right", "end") for tab in style.iterfind(f"{W}pPr/{W}tabs/{W}tab")):
            return True
        base = style.find(f"{W}basedOn")
        style_id = "" if base is None else base.get(f"{W}val", "")
    return False


def right_edge(body: etree._Element) -> int:
    """How wide the text of the section is in which the contents stand."""
    marked = next((node for node in body.iter(etree.Comment) if node.text == "contents"), None)
    after = False
    for element in body.iter():
        after = after or element is marked
        if after and element.tag == f"{W}sectPr":
            return _text_width(element)
    return _LETTER[0] - 2 * _LETTER[1]


def _text_width(section: etree._Element) -> int:
    def twips(part: str, name: str, otherwise: int) -> int:
        found = section.find(f"{W}{part}")
        value = "" if found is None else found.get(f"{W}{name}", "")
        return int(value) if value.isdigit() else otherwise

    width = twips("pgSz", "w", _LETTER[0])
    return max(1_440, width - twips("pgMar", "left", _LETTER[1]) - twips("pgMar", "right", _LETTER[1]))


def shown_on(document: bytes, headings: Mapping[str, int]) -> dict[str, str]:
    """The number that Word shows on each of these pages, counted from 1. None at all where a later section counts anew
    or in letters: a layout does not tell where in it a section begins."""
    first, *others = _counting(parse(archive.read(document)["word/document.xml"])) or [""]
    if any(others) or not (first == "" or first.isdigit()):
        return {}
    offset = int(first or 1) - 1
    return {name: str(page + offset) for name, page in headings.items()}


def _counting(body: etree._Element) -> list[str]:
    """How each section counts its pages: "" goes on, a figure begins there, anything else is a form of its own."""
    found = []
    for section in body.iter(f"{W}sectPr"):
        counting = section.find(f"{W}pgNumType")
        form = "decimal" if counting is None else counting.get(f"{W}fmt", "decimal")
        start = "" if counting is None else counting.get(f"{W}start", "")
        found.append(start if form == "decimal" else form)
    return found


def plain_numbers(pages: Any) -> dict[str, str]:
    """What the outside gives as page numbers, as far as it can be one: it is written into the document."""
    if not isinstance(pages, Mapping):
        return {}
    return {
        str(name): str(number)
        for name, number in pages.items()
        if BOOKMARK.fullmatch(str(name)) and _NUMBER.fullmatch(str(number))
    }
