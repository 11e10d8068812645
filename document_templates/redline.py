"""The newer of two documents with tracked changes against the older: accept all gives the one, reject all the other.

Only the body is marked. What cannot be marked without parts of the older file (its pictures, notes and link targets)
is left out of the deleted text and told by `changes`; looks alone are never marked.
"""

import re
from collections.abc import Iterable
from copy import deepcopy
from datetime import UTC, datetime
from itertools import groupby

from lxml import etree

from document_templates import archive
from document_templates.blocks import Block, Row, WordFile, leaves
from document_templates.comparing import Pair, State, aligned, aligned_text, worded
from document_templates.contents import W
from document_templates.pieces import Piece, elements_of, lies_in_a_picture, pieces
from document_templates.tracked import XML_SPACE, unwrap

_NOT_IN_DELETED = tuple(
    f"{W}{one}"
    for one in ("drawing", "pict", "object", "footnoteReference", "endnoteReference", "commentReference",
                "annotationRef", "footnoteRef", "endnoteRef")
) + ("{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent",)  # fmt: skip
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def redline(before: bytes, after: bytes, *, author: str, at: datetime) -> bytes:
    """`after` with every difference of its body from `before` as a tracked change by `author` at `at`."""
    if at.tzinfo is None:
        raise ValueError("the time of a redline names its time zone")
    older, newer = WordFile(before), WordFile(after)
    marker = _Marker(older, newer, _NOT_XML.sub("", author), at)
    marker.compare(older.blocks, newer.blocks, newer.body)
    parts = newer.parts | {
        newer.main: etree.tostring(newer.root, xml_declaration=True, encoding="UTF-8", standalone=True)
    }
    return archive.write([archive.pack(part, parts[part]) for part in archive.ordered(parts)])


class _Marker:
    """Writes the marks of one redline into the tree of the newer document."""

    def __init__(self, older: WordFile, newer: WordFile, author: str, at: datetime) -> None:
        self.older, self.newer = older, newer
        self.by = {f"{W}author": author, f"{W}date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        taken = (each.get(f"{W}id", "") for each in newer.root.iter())
        self.last_id = max((int(number) for number in taken if number.isdecimal()), default=0)
        self.known_styles = _declared(newer, "styles", "style", "styleId")
        self.known_lists = _declared(newer, "numbering", "num", "numId")

    def compare(self, before: list[Block], after: list[Block], container: etree._Element) -> None:
        pairs = aligned_text(before, after)
        last: etree._Element | None = None
        first = next((pair.after.element for pair in pairs if pair.after), None)
        look: etree._Element | None = None  # of the paragraph that a deleted end would leave behind
        for pair in pairs:
            if pair.after:
                if pair.before:
                    self._changed(pair, pair.before, pair.after)
                elif pair.after.kind != "contents":
                    self._whole(pair.after.element, "ins", pair.mark)
                last = pair.after.elements[-1]
                look = last.find(f"{W}pPr") if pair.mark == "del" else None
            elif pair.before and pair.before.kind != "contents":
                gone = self._deleted(pair.before.element)
                if look is not None and not pair.mark:
                    _look_like(gone, look)
                self._whole(gone, "del", pair.mark)
                _place(gone, last, first, container)
                last = gone

    def _changed(self, pair: Pair[Block], before: Block, after: Block) -> None:
        if after.kind == "paragraph":
            if before.key != after.key:
                self._rewrite(after.element, worded(before.pieces, after.pieces))
            self._end(after.element, pair.mark)
        elif after.kind == "table" and before.key != after.key:
            self._rows(aligned(before.rows, after.rows), after.element)

    def _rows(self, pairs: list[Pair[Row]], table: etree._Element) -> None:
        last: etree._Element | None = None
        first = next((pair.after.element for pair in pairs if pair.after), None)
        for pair in pairs:
            if pair.after:
                if pair.before is None:
                    self._whole(pair.after.element, "ins", "ins")
                elif pair.before.key != pair.after.key:
                    cells = leaves(pair.after.element, "tc")
                    for was, now, cell in zip(pair.before.cells, pair.after.cells, cells, strict=True):
                        self.compare(was, now, cell)
                last = pair.after.element
            elif pair.before:
                gone = self._deleted(pair.before.element)
                self._whole(gone, "del", "del")
                _place(gone, last, first, table)
                last = gone

    def _whole(self, element: etree._Element, state: State, mark: State) -> None:
        """Mark a paragraph, a row or a table, and all that is in it."""
        for row in element.iter(f"{W}tr"):
            if lies_in_a_picture(row):
                continue
            properties = row.find(f"{W}trPr")
            if properties is None:
                properties = etree.Element(f"{W}trPr")
                row.insert(1 if row.find(f"{W}tblPrEx") is not None else 0, properties)
            properties.append(self._mark(state))
        for paragraph in list(element.iter(f"{W}p")):
            if not lies_in_a_picture(paragraph):
                file = self.older if state == "del" else self.newer
                self._rewrite(paragraph, [(state, piece) for piece in pieces(paragraph, file.links)])
                self._end(paragraph, mark)

    def _end(self, paragraph: etree._Element, mark: State) -> None:
        """The end of the paragraph itself: where it is deleted, its text joins the next one."""
        if not mark:
            return
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            properties = etree.Element(f"{W}pPr")
            paragraph.insert(0, properties)
        look = properties.find(f"{W}rPr")
        if look is None:
            look = etree.Element(f"{W}rPr")
            section = properties.find(f"{W}sectPr")
            properties.insert(len(properties) if section is None else properties.index(section), look)
        look.insert(0, self._mark(mark))

    def _rewrite(self, paragraph: etree._Element, content: Iterable[tuple[State, Piece]]) -> None:
        written: list[etree._Element] = []
        for state, group in groupby(content, key=lambda pair: pair[0]):
            written += self._marked(state, elements_of(part for _, piece in group for part in piece.parts))
        properties = paragraph.find(f"{W}pPr")
        paragraph[:] = written if properties is None else [properties, *written]

    def _marked(self, state: State, elements: list[etree._Element]) -> list[etree._Element]:
        if not state:
            return elements
        written: list[etree._Element] = []
        if state == "del":
            elements = [run for element in elements for run in _runs_only(element)]
            for run in elements:
                self._delete(run)
        for is_run, group in groupby(elements, key=lambda element: element.tag == f"{W}r"):
            if is_run:
                runs = [run for run in group if any(child.tag != f"{W}rPr" for child in run)]
                if runs:
                    written.append(self._mark(state))
                    written[-1].extend(runs)
            else:
                for element in group:
                    self._insert_within(element)
                    written.append(element)
        return written

    def _insert_within(self, element: etree._Element) -> None:
        """A link or a control stays outside its mark, as the schema wants it."""
        for run in list(element.iter(f"{W}r")):
            parent = run.getparent()
            if parent is not None and not lies_in_a_picture(run):
                mark = self._mark("ins")
                parent.replace(run, mark)
                mark.append(run)

    def _delete(self, run: etree._Element) -> None:
        for gone in list(run.iter(*_NOT_IN_DELETED)):
            gone.getparent().remove(gone)
        for text in run.iter(f"{W}t"):
            text.tag = f"{W}delText"
            text.set(XML_SPACE, "preserve")
        for code in run.iter(f"{W}instrText"):
            code.tag = f"{W}delInstrText"
        self._known(run)

    def _deleted(self, element: etree._Element) -> etree._Element:
        """A copy for the newer document, without what only the older one can hold."""
        gone = deepcopy(element)
        gone.tail = None
        for control in list(gone.iter(f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}smartTag")):
            for properties in control.findall(f"{W}sdtPr") + control.findall(f"{W}sdtEndPr"):
                control.remove(properties)
            unwrap(control)
        for section in list(gone.iter(f"{W}sectPr", f"{W}bookmarkStart", f"{W}bookmarkEnd")):
            section.getparent().remove(section)
        self._known(gone)
        return gone

    def _known(self, element: etree._Element) -> None:
        """Styles and lists that the newer document does not have would be another's or nobody's."""
        for style in list(element.iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")):
            if style.get(f"{W}val") not in self.known_styles:
                style.getparent().remove(style)
        for listed in list(element.iter(f"{W}numPr")):
            number = listed.find(f"{W}numId")
            if number is None or number.get(f"{W}val") not in self.known_lists:
                listed.getparent().remove(listed)

    def _mark(self, state: State) -> etree._Element:
        self.last_id += 1
        return etree.Element(f"{W}{state}", {f"{W}id": str(self.last_id)} | self.by)


def _place(
    element: etree._Element, last: etree._Element | None, first: etree._Element | None, container: etree._Element
) -> None:
    if last is not None:
        last.addnext(element)
    elif first is not None:
        first.addprevious(element)
    else:
        container.append(element)


def _look_like(paragraph: etree._Element, look: etree._Element) -> None:
    own = paragraph.find(f"{W}pPr")
    if own is not None:
        paragraph.remove(own)
    taken = deepcopy(look)
    for name_ in ("rPr", "sectPr"):
        for child in taken.findall(f"{W}{name_}"):
            taken.remove(child)
    paragraph.insert(0, taken)


def _runs_only(element: etree._Element) -> list[etree._Element]:
    """What is left of an element in deleted text: its runs, without the link or control around them."""
    runs = [element] if element.tag == f"{W}r" else list(element.iter(f"{W}r"))
    return [run for run in runs if not lies_in_a_picture(run)]


def _declared(file: WordFile, kind: str, element: str, attribute: str) -> set[str]:
    return {
        one.get(f"{W}{attribute}", "") for part in file.beside(kind) for one in file.tree(part).iter(f"{W}{element}")
    }
