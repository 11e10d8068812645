"""A paragraph as the pieces two versions of it are compared by: words, spaces, and what must never be torn apart."""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import NamedTuple

from lxml import etree

from document_templates.contents import W
from document_templates.tracked import XML_SPACE, unwrap

_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff\ufe00-\ufe0f\u200d\U0001f3fb-\U0001f3ff"
_WORD = re.compile(rf"\s+|[\w{_MARKS}]+(?:[.,:/’'\u2011-][\w{_MARKS}]+)*%?|[^\w\s](?:[{_MARKS}]|(?<=\u200d)[^\w\s])*")
_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_PICTURES = ("drawing", "pict", "object", "AlternateContent")
_NOTES = ("footnoteReference", "endnoteReference")
_WHOLE = ("hyperlink", "sdt", "smartTag", "customXml", "dir", "bdo")
_NOT_COMPARED = ("PAGE", "PAGEREF", "NUMPAGES", "SECTION", "SECTIONPAGES", "TOC")
ATOM = "\0"  # no text of XML holds it, so no word is taken for an atom


class Part(NamedTuple):
    """Where a piece comes from: some text or one child of a run, or an element beside the runs."""

    run: etree._Element | None
    text: str = ""
    node: etree._Element | None = None


class Piece(NamedTuple):
    key: str
    text: str
    parts: tuple[Part, ...]

    @property
    def joins(self) -> bool:
        """Only white space or an invisible mark: it goes with the word before it."""
        return not self.key.strip() and not self.key.startswith(ATOM)


def name(element: etree._Element) -> str:
    return etree.QName(element).localname


def prepare(root: etree._Element) -> None:
    """Fields in their long form, each mark of a field in a run of its own; nothing that only Word's screen wants."""
    for stale in list(root.iter(f"{W}proofErr", f"{W}lastRenderedPageBreak")):
        stale.getparent().remove(stale)
    for simple in list(root.iter(f"{W}fldSimple")):
        begin, code, separate, end = (etree.Element(f"{W}r") for _ in range(4))
        for run, kind in ((begin, "begin"), (separate, "separate"), (end, "end")):
            etree.SubElement(run, f"{W}fldChar", {f"{W}fldCharType": kind})
        instruction = etree.SubElement(code, f"{W}instrText", {XML_SPACE: "preserve"})
        instruction.text = simple.get(f"{W}instr", "")
        for data in simple.findall(f"{W}fldData"):
            simple.remove(data)
        simple[:] = [begin, code, separate, *simple, end]
        unwrap(simple)
    crowded = [run for run in root.iter(f"{W}r") if run.find(f"{W}fldChar") is not None and len(_content(run)) > 1]
    for run in crowded:
        look = run.find(f"{W}rPr")
        for child in _content(run):
            alone = etree.Element(f"{W}r")
            if look is not None:
                alone.append(deepcopy(look))
            run.addprevious(alone)
            alone.append(child)
        run.getparent().remove(run)


def pieces(paragraph: etree._Element, links: Mapping[str, str]) -> list[Piece]:
    return list(_pieces(paragraph, links))


def shown(paragraph: etree._Element, links: Mapping[str, str]) -> str:
    return "".join(piece.text for piece in _pieces(paragraph, links))


def elements_of(parts: Iterable[Part]) -> list[etree._Element]:
    """Runs written anew from the parts of pieces, those of one run together; other elements as they are."""
    written: list[etree._Element] = []
    source: etree._Element | None = None
    for part in parts:
        if part.run is None:
            if part.node is not None:
                written.append(deepcopy(part.node))
            source = None
            continue
        if part.run is not source:
            source = part.run
            written.append(etree.Element(f"{W}r", dict(source.attrib)))
            look = source.find(f"{W}rPr")
            if look is not None:
                written[-1].append(deepcopy(look))
        _add(written[-1], part)
    for element in written:
        element.tail = None
    return written


def lies_in_a_picture(element: etree._Element) -> bool:
    return any(name(above) in _PICTURES for above in element.iterancestors())


def _pieces(paragraph: etree._Element, links: Mapping[str, str]) -> Iterator[Piece]:
    waiting: list[Part] = []
    for nodes in _grouped(paragraph):
        node = nodes[0]
        if len(nodes) > 1 or name(node) in _WHOLE:
            yield from _words(waiting)
            waiting = []
            yield _whole(nodes, links)
        elif node.tag == f"{W}r":
            for child in _content(node):
                part = _part(node, child)
                if part.node is None or _key(part.node) == "":
                    waiting.append(part)
                    continue
                yield from _words(waiting)
                waiting = []
                key = _key(part.node)
                yield Piece(key, "" if key.startswith(ATOM) else key, (part,))
        elif node.tag != f"{W}pPr":
            waiting.append(Part(None, node=node))
    yield from _words(waiting)


def _part(run: etree._Element, child: etree._Element) -> Part:
    if child.tag != f"{W}t":
        return Part(run, node=child)
    text = child.text or ""
    return Part(run, text if child.get(XML_SPACE) == "preserve" else text.strip())


def _key(child: etree._Element) -> str:
    """What a child of a run is compared by; "" for what is invisible and simply stays with the newer document."""
    kind = name(child)
    if kind in _PICTURES:
        return f"{ATOM}picture"
    if kind in _NOTES:
        return f"{ATOM}note"
    if kind == "sym":
        return f"{ATOM}{child.get(f'{W}font')} {child.get(f'{W}char')}"
    return _CHARACTERS.get(kind, "")


def _words(waiting: list[Part]) -> Iterator[Piece]:
    """Words whatever runs they are spread over, each with the invisible marks that lie in it."""
    text = "".join(part.text for part in waiting)
    at, index = 0, 0
    for match in _WORD.finditer(text):
        taken: list[Part] = []
        while index < len(waiting) and at < match.end():
            part = waiting[index]
            if part.text and at + len(part.text) > match.end():
                cut = match.end() - at
                taken.append(part._replace(text=part.text[:cut]))
                waiting[index] = part._replace(text=part.text[cut:])
                at = match.end()
            else:
                taken.append(part)
                at += len(part.text)
                index += 1
        yield Piece(match[0], match[0], tuple(taken))
    if index < len(waiting):
        yield Piece("", "", tuple(waiting[index:]))


def _grouped(paragraph: etree._Element) -> Iterator[list[etree._Element]]:
    """The children one by one, a field from its begin to its end as one; fields left open are taken apart."""
    field: list[etree._Element] = []
    depth = 0
    for child in paragraph:
        mark = child.find(f"{W}fldChar") if child.tag == f"{W}r" else None
        kind = "" if mark is None else mark.get(f"{W}fldCharType", "")
        depth += {"begin": 1, "end": -1 if depth else 0}.get(kind, 0)
        if depth or field:
            field.append(child)
            if not depth:
                yield field
                field = []
        else:
            yield [child]
    yield from ([one] for one in field)


def _whole(nodes: list[etree._Element], links: Mapping[str, str]) -> Piece:
    parts = tuple(Part(None, node=node) for node in nodes)
    code = ""
    results, depths = [], [False]
    for node in nodes:
        for leaf in node.iter(f"{W}fldChar", f"{W}instrText", f"{W}t", *(f"{W}{one}" for one in _CHARACTERS)):
            kind = leaf.get(f"{W}fldCharType", "")
            if kind == "begin":
                depths.append(True)
            elif kind == "end" and len(depths) > 1:
                depths.pop()
            elif kind == "separate":
                depths[-1] = False
            elif name(leaf) == "instrText":
                code = code or (leaf.text or "").strip()
            elif not any(depths):
                results.append(_CHARACTERS.get(name(leaf)) or leaf.text or "")
    text = "".join(results)
    if len(nodes) > 1:
        kind = code.split(" ")[0].upper()
        if kind in _NOT_COMPARED:
            return Piece(f"{ATOM}{kind}", "", parts)
        return Piece(f"{ATOM}{kind} {text}", text, parts)
    target = links.get(nodes[0].get(_R_ID, ""), "")
    return Piece(f"{ATOM}{name(nodes[0])} {text} {target}", text, parts)


def _content(run: etree._Element) -> list[etree._Element]:
    return [child for child in run if child.tag != f"{W}rPr"]


def _add(run: etree._Element, part: Part) -> None:
    if part.node is not None:
        run.append(deepcopy(part.node))
        return
    last = run[-1] if len(run) else None
    if last is None or last.tag != f"{W}t":
        last = etree.SubElement(run, f"{W}t", {XML_SPACE: "preserve"})
    last.text = (last.text or "") + part.text
