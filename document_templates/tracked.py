"""Word's own marks of change: taken out of a document, so that it says one thing only, and counted."""

from collections.abc import Iterable
from typing import NamedTuple

from lxml import etree

from document_templates.contents import W

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_GONE = tuple(f"{W}{name}" for name in ("del", "moveFrom"))
_STAYS = tuple(f"{W}{name}" for name in ("ins", "moveTo"))
_FORMER_LOOKS = tuple(
    f"{W}{name}"
    for name in ("rPrChange", "pPrChange", "tblPrChange", "tblPrExChange", "tblGridChange", "trPrChange", "tcPrChange",
                 "sectPrChange", "numberingChange", "cellIns", "cellDel", "cellMerge")
)  # fmt: skip
_RANGES = tuple(
    f"{W}{name}{end}" for name in ("moveFromRange", "moveToRange", "customXmlInsRange", "customXmlDelRange",
                                   "customXmlMoveFromRange", "customXmlMoveToRange") for end in ("Start", "End")
)  # fmt: skip


class Tracked(NamedTuple):
    total: int
    authors: tuple[str, ...]


def tracked(roots: Iterable[etree._Element]) -> Tracked:
    """How many tracked changes these parts hold, and whose they are."""
    marks = [mark for root in roots for mark in root.iter(*_GONE, *_STAYS, *_FORMER_LOOKS)]
    return Tracked(len(marks), tuple(sorted({mark.get(f"{W}author") or "" for mark in marks} - {""})))


def accept(root: etree._Element) -> None:
    """Make every tracked change final, as Word's own command does."""
    for mark in list(root.iter(*_FORMER_LOOKS, *_RANGES)):
        _remove(mark)
    for row in list(root.iter(f"{W}tr")):
        properties = row.find(f"{W}trPr")
        if properties is not None and properties.find(f"{W}del") is not None:
            _remove(row)
    ended = [
        paragraph
        for paragraph in root.iter(f"{W}p")
        if any(paragraph.find(f"{W}pPr/{W}rPr/{W}{gone}") is not None for gone in ("del", "moveFrom"))
    ]
    for mark in list(root.iter(*_GONE)):
        _remove(mark)
    for mark in list(root.iter(*_STAYS)):
        unwrap(mark)
    for paragraph in ended:
        _join_with_next(paragraph)
    for table in list(root.iter(f"{W}tbl")):
        if next(table.iter(f"{W}tr"), None) is None:
            _remove(table)


def unwrap(element: etree._Element) -> None:
    """Put the children where the element stands; an element in properties has none and just goes."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    parent[at : at + 1] = list(element)


def _join_with_next(paragraph: etree._Element) -> None:
    following = paragraph.getnext()
    content = [child for child in paragraph if child.tag != f"{W}pPr"]
    if following is None or following.tag != f"{W}p":
        if not content and following is not None and following.tag == f"{W}tbl":
            _remove(paragraph)
        return
    at = 1 if following.find(f"{W}pPr") is not None else 0
    following[at:at] = content
    _remove(paragraph)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
