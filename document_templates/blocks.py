"""A Word document as blocks that can be compared: paragraphs, tables, and the contents page, which is passed over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from lxml import etree

from document_templates import archive
from document_templates.contents import Outline, W
from document_templates.pieces import ATOM, Piece, name, pieces, prepare
from document_templates.refusals import UnreadableTemplate
from document_templates.relationships import CONTENT_TYPES, OFFICE, Relation, parse, relations, resolve
from document_templates.tracked import accept

_TRANSPARENT = ("sdt", "sdtContent", "customXml", "smartTag")
_COUNTED = (f"{ATOM}SEQ ", f"{ATOM}REF ")
Kind = Literal["paragraph", "table", "contents"]


@dataclass(eq=False)
class Block:
    kind: Kind
    elements: list[etree._Element]  # several only for a contents page
    links: Mapping[str, str] = field(repr=False)

    @property
    def element(self) -> etree._Element:
        return self.elements[0]

    @cached_property
    def pieces(self) -> list[Piece]:
        return pieces(self.element, self.links)

    @cached_property
    def rows(self) -> list["Row"]:
        return [Row(row, self.links) for row in leaves(self.element, "tr")]

    @cached_property
    def key(self) -> tuple[object, ...]:
        if self.kind == "paragraph":
            return ("paragraph", "".join(piece.key for piece in self.pieces))
        return (self.kind, *(row.key for row in self.rows)) if self.kind == "table" else ("contents",)

    @cached_property
    def text(self) -> str:
        if self.kind == "paragraph":
            return "".join(piece.text for piece in self.pieces)
        return "\n".join(row.text for row in self.rows) if self.kind == "table" else ""

    @cached_property
    def wording(self) -> str:
        """The text without the numbers that Word counts itself: a new table renumbers every caption after it."""
        return "".join(piece.key[:4] if piece.key.startswith(_COUNTED) else piece.key for piece in self.pieces)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.text.lower().split())

    @property
    def columns(self) -> int:
        return len(self.element.findall(f"{W}tblGrid/{W}gridCol"))

    @property
    def name(self) -> str:
        """What the table is called for those who cannot see it."""
        found = self.element.find(f"{W}tblPr/{W}tblCaption")
        return "" if found is None else found.get(f"{W}val", "")

    @property
    def style(self) -> str:
        found = self.element.find(f"{W}pPr/{W}pStyle")
        return "" if found is None else found.get(f"{W}val", "")


@dataclass(eq=False)
class Row:
    element: etree._Element
    links: Mapping[str, str] = field(repr=False)

    @cached_property
    def cells(self) -> list[list[Block]]:
        return [blocks(cell, self.links) for cell in leaves(self.element, "tc")]

    @cached_property
    def key(self) -> tuple[object, ...]:
        return tuple(tuple(block.key for block in cell) for cell in self.cells)

    @cached_property
    def text(self) -> str:
        return "\t".join("\n".join(block.text for block in cell) for cell in self.cells)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.text.lower().split())


class WordFile:
    """A document taken apart, with the tracked changes in it made final."""

    def __init__(self, content: bytes) -> None:
        self.parts = archive.read(content)
        if CONTENT_TYPES not in self.parts or "_rels/.rels" not in self.parts:
            raise UnreadableTemplate("it is not a Word document")
        found = [resolve("", r.target) for r in relations(self.parts, "") if r.kind.endswith("/officeDocument")]
        if not found or found[0] not in self.parts:
            raise UnreadableTemplate("it has no text")
        self.main = found[0]
        self.relations: list[Relation] = relations(self.parts, self.main)
        self.root = self.tree(self.main)
        body = self.root.find(f"{W}body")
        if body is None:
            raise UnreadableTemplate("it has no text")
        self.body = body
        self.links = self.links_of(self.main)
        try:
            self.outline = Outline(self._beside("styles"), self._beside("numbering"))
        except ValueError as error:
            raise UnreadableTemplate("its numbering is damaged") from error

    @cached_property
    def blocks(self) -> list[Block]:
        return blocks(self.body, self.links)

    def tree(self, part: str) -> etree._Element:
        root = parse(self.parts[part])
        accept(root)
        prepare(root)
        return root

    def links_of(self, part: str) -> dict[str, str]:
        return {r.id: r.target for r in relations(self.parts, part) if r.external}

    def beside(self, kind: str) -> list[str]:
        """The parts of one kind that the text refers to, in a steady order."""
        listed = {resolve(self.main, r.target) for r in self.relations if r.kind == f"{OFFICE}/{kind}"}
        return sorted(part for part in listed if part in self.parts)

    def _beside(self, kind: str) -> bytes | None:
        found = self.beside(kind)
        return self.parts[found[0]] if found else None


def blocks(container: etree._Element, links: Mapping[str, str]) -> list[Block]:
    found: list[Block] = []
    depth = 0  # of the fields of a contents page that are still open
    for element, in_contents in _leaves(container, ("p", "tbl"), False):
        starts = not depth and (in_contents or _starts_contents(element))
        if starts and not (in_contents and found and found[-1].kind == "contents"):
            found.append(Block("contents", [], links))
        if starts or depth:
            found[-1].elements.append(element)
            depth = 0 if in_contents else max(depth + _opened(element), 0)
        else:
            found.append(Block("paragraph" if element.tag == f"{W}p" else "table", [element], links))
    return found


def leaves(container: etree._Element, wanted: str) -> list[etree._Element]:
    """The rows of a table or the cells of a row, also those in a content control."""
    return [element for element, _ in _leaves(container, (wanted,), False)]


def _leaves(
    container: etree._Element, wanted: tuple[str, ...], in_contents: bool
) -> Iterator[tuple[etree._Element, bool]]:
    for child in container:
        kind = name(child)
        if kind in wanted:
            yield child, in_contents
        elif kind in _TRANSPARENT:
            gallery = child.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
            is_contents = gallery is not None and gallery.get(f"{W}val") == "Table of Contents"
            yield from _leaves(child, wanted, in_contents or is_contents)


def _starts_contents(element: etree._Element) -> bool:
    codes = element.iter(f"{W}instrText") if element.tag == f"{W}p" else ()
    return any((code.text or "").strip().startswith("TOC") for code in codes)


def _opened(element: etree._Element) -> int:
    kinds = [mark.get(f"{W}fldCharType") for mark in element.iter(f"{W}fldChar")]
    return kinds.count("begin") - kinds.count("end")
