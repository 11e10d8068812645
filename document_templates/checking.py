"""What a finished document promises, read back from its bytes: a list of what is wrong, empty when it may leave.

Written for the file that leaves, whoever made it: our renderer, an author's template, a hand-edited copy. It tells and
refuses nothing: a consultant may know better.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from document_templates import archive
from document_templates.child import Child
from document_templates.contents import W
from document_templates.links import is_link
from document_templates.refusals import UnreadableTemplate, Unrenderable
from document_templates.relationships import CONTENT_TYPES, OFFICE, ContentTypes, parse, reachable, relations, resolve
from document_templates.schema_order import out_of_order
from tenants.limits import UPLOAD_BYTES

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_TAG = re.compile(r"{{.+?}}|{%.+?%}|{#.+?#}", re.DOTALL)
_SHOWN = re.compile(r"word/(document|(header|footer)\d*|footnotes|endnotes|comments)\.xml")
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_TARGET = re.compile(r"^\s*(?:PAGE|NOTE)?REF\s+(\S+)")
PROMISES = (
    "unreadable", "size", "lost_part", "untyped_part", "outside", "tag", "title", "no_title", "heading_order",
    "header_row", "alt_text", "language", "schema_order", "repeated", "style", "reference", "field", "cell", "question",
    "name",
)  # fmt: skip
UNCHECKED = "unchecked"  # the check itself came to no end
TOLD = 50  # problems kept word for word; a broken template repeats itself
SHORTEST_NAME = 4  # letters; what is shorter stands in ordinary words


@dataclass(frozen=True)
class Problem:
    """One broken promise: `about` says which, `where` what or which one, `under` the heading that it stands under."""

    about: str
    where: str = ""
    under: str = field(default="", compare=False)


@dataclass(frozen=True)
class Asked:
    """What is known of a document beside its bytes; see `problems`."""

    language: str = ""
    typed: object = None
    foreign_names: tuple[str, ...] = ()
    one_title: bool = True


@dataclass(frozen=True)
class Report:
    """`checks`: how many promises were looked at; `problems`: the first of `count`."""

    checks: int
    count: int
    problems: tuple[Problem, ...]


def checked(child: Child, document: bytes, asked: Asked) -> Report:
    """The report about a file, read in the confined child. What cannot be checked is told as such: a finished document
    never fails by its check."""
    try:
        told: Report = child(report, document, asked)
    except Unrenderable as limit:
        return Report(0, 1, (Problem(UNCHECKED, limit.reason),))
    return told


def report(document: bytes, asked: Asked) -> Report:
    unasked = (not asked.language) + (not asked.one_title) + (not asked.foreign_names)
    try:
        found = problems(
            document,
            language=asked.language,
            typed=asked.typed,
            foreign_names=asked.foreign_names,
            one_title=asked.one_title,
        )
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a file that the check did not foresee is no worse a document
        return Report(0, 1, (Problem(UNCHECKED, type(error).__name__),))
    return Report(len(PROMISES) - unasked, len(found), tuple(found[:TOLD]))


def problems(
    document: bytes,
    *,
    language: str = "",
    typed: object = None,
    foreign_names: Iterable[str] = (),
    one_title: bool = True,
) -> list[Problem]:
    """What is wrong with this file. `typed`: the fields it was filled with, whose braces are words and no tags.

    `language`: the one asked for, "en" or "fr". `foreign_names`: of other clients. `one_title`: letters have none.
    """
    try:
        parts = archive.read(document)
        read = {name: parse(data) for name, data in parts.items() if name.endswith((".xml", ".rels"))}
        found = _Finished(parts, read)
    except UnreadableTemplate as error:
        return [Problem("unreadable", error.reason)]
    return list(dict.fromkeys([
        *([Problem("size")] if len(document) > UPLOAD_BYTES else []),
        *found.package(), *found.tags(typed), *found.titles(one_title), *found.headings(), *found.tables(),
        *found.drawings(), *(found.languages(language) if language else ()), *found.order(), *found.identities(),
        *found.styles_in_use(), *found.references(), *found.questions(), *found.names(foreign_names),
    ]))  # fmt: skip


class _Finished:
    def __init__(self, parts: Mapping[str, bytes], read: Mapping[str, etree._Element]) -> None:
        if CONTENT_TYPES not in parts or "word/document.xml" not in parts or "word/styles.xml" not in parts:
            raise UnreadableTemplate("it is not a Word document")
        self.parts, self.read = parts, read
        self.shown = {name: root for name, root in read.items() if _SHOWN.fullmatch(name)}
        self.body, self.styles = read["word/document.xml"], read["word/styles.xml"]
        self.named = {
            style.get(f"{W}styleId", ""): _value(style, "name") for style in self.styles.iter(f"{W}style")
        }
        self.listed = {part: listed for part in ["", *parts] if (listed := relations(parts, part))}

    def package(self) -> Iterator[Problem]:
        types = ContentTypes(self.parts[CONTENT_TYPES])
        for part, listed in self.listed.items():
            for relation in listed:
                if relation.external:
                    if not relation.kind.endswith("/hyperlink") or not is_link(relation.target):
                        yield Problem("outside", relation.target)
                elif resolve(part, relation.target) not in self.parts:
                    yield Problem("lost_part", relation.target)
        for name in sorted(reachable(self.listed)):
            if name in self.parts and not types.of(name):
                yield Problem("untyped_part", name)

    def tags(self, typed: object) -> Iterator[Problem]:
        words = "\n".join(_texts(typed))
        for root in [*self.shown.values(), self.read.get("docProps/core.xml")]:
            for paragraph in () if root is None else (*root.iter(f"{W}p"), *_leaves(root)):
                for tag in _TAG.findall(_text(paragraph)):
                    if tag not in words:
                        yield Problem("tag", tag[:80])

    def titles(self, one_title: bool) -> Iterator[Problem]:
        titles = [p for p in self.body.iter(f"{W}p") if self._style(p).lower() in ("title", "title plain")]
        count = sum(1 for one in titles if _text(one).strip())
        if one_title and count != 1:
            yield Problem("title", str(count))
        core = self.read.get("docProps/core.xml")
        if core is None or not any(etree.QName(e).localname == "title" and (e.text or "").strip() for e in core):
            yield Problem("no_title")

    def headings(self) -> Iterator[Problem]:
        before = 0
        for paragraph in self.body.iter(f"{W}p"):
            level = self._level(paragraph)
            if not level or not _text(paragraph).strip():
                continue
            if level > before + 1:
                yield Problem("heading_order", _text(paragraph).strip()[:80])
            before = level

    def tables(self) -> Iterator[Problem]:
        """Tables that no row heads say so in Word's table options, and are read by their first column."""
        for number, table in enumerate(self.body.iter(f"{W}tbl"), 1):
            rows = table.findall(f"{W}tr")
            look = table.find(f"{W}tblPr/{W}tblLook")
            headed = look is None or look.get(f"{W}firstRow", "1") not in ("0", "false")
            if len(rows) > 1 and headed and rows[0].find(f"{W}trPr/{W}tblHeader") is None:
                yield Problem("header_row", str(number), self._above(table))
            for cell in table.iterfind(f"{W}tr/{W}tc"):
                if not len(cell) or cell[-1].tag != f"{W}p":
                    yield Problem("cell", str(number), self._above(table))

    def drawings(self) -> Iterator[Problem]:
        for root in self.shown.values():
            for drawn in root.iter(f"{_WP}docPr"):
                decorative = any(mark.get("val") not in ("0", "false") for mark in drawn.iter(_DECORATIVE))
                if not decorative and not drawn.get("descr", "").strip():
                    yield Problem("alt_text", drawn.get("name", ""), self._above(drawn))

    def languages(self, language: str) -> Iterator[Problem]:
        stated = [lang.get(f"{W}val", "") for lang in self.styles.iterfind(f"{W}docDefaults//{W}lang")]
        core = self.read.get("docProps/core.xml")
        stated += [e.text or "" for e in core if etree.QName(e).localname == "language"] if core is not None else [""]
        if len(stated) < 2 or not all(one.lower().startswith(language[:2].lower()) for one in stated):
            yield Problem("language", ", ".join(one or "none" for one in stated))

    def order(self) -> Iterator[Problem]:
        for name, root in self.read.items():
            if name.startswith("word/") and name.endswith(".xml"):
                for what in out_of_order(root):
                    yield Problem("schema_order", f"{what} in {name}")

    def identities(self) -> Iterator[Problem]:
        seen: set[tuple[str, str]] = set()
        for root in self.shown.values():
            for tag, key, what in ((f"{_WP}docPr", "id", "drawing"), (f"{W}bookmarkStart", f"{W}name", "bookmark")):
                for element in root.iter(tag):
                    one = what, element.get(key, "")
                    if one in seen:
                        yield Problem("repeated", " ".join(one))
                    seen.add(one)

    def styles_in_use(self) -> Iterator[Problem]:
        for root in self.shown.values():
            for tag in ("pStyle", "rStyle", "tblStyle"):
                for element in root.iter(f"{W}{tag}"):
                    if element.get(f"{W}val") not in self.named:
                        yield Problem("style", element.get(f"{W}val", ""))

    def references(self) -> Iterator[Problem]:
        marks = {b.get(f"{W}name") for root in self.shown.values() for b in root.iter(f"{W}bookmarkStart")}
        for name, root in self.shown.items():
            ids = {relation.id for relation in self.listed.get(name, ())}
            depth = 0
            for element in root.iter(etree.Element):
                anchor = element.get(f"{W}anchor") if element.tag == f"{W}hyperlink" else None
                asked = _TARGET.match(element.text or "") if element.tag == f"{W}instrText" else None
                wanted = anchor or (asked[1] if asked else None)
                if wanted and wanted not in marks and wanted != "_top":
                    yield Problem("reference", wanted)
                for key, value in element.attrib.items():
                    if str(key).startswith(f"{{{OFFICE}}}") and value and value not in ids:
                        yield Problem("reference", str(value))
                if element.tag == f"{W}fldChar":
                    depth += {"begin": 1, "end": -1}.get(element.get(f"{W}fldCharType", ""), 0)
            if depth:
                yield Problem("field", name)

    def questions(self) -> Iterator[Problem]:
        settings = self.read.get("word/settings.xml")
        for name in ("updateFields", "attachedTemplate", "mailMerge"):
            if settings is not None and settings.find(f"{W}{name}") is not None:
                yield Problem("question", name)

    def names(self, foreign: Iterable[str]) -> Iterator[Problem]:
        if wanted := [name for name in foreign if len(name.strip()) >= SHORTEST_NAME]:
            words = " ".join(_text(paragraph) for root in self.shown.values() for paragraph in root.iter(f"{W}p"))
            folded = words.lower()
            for name in wanted:
                near = name.lower() in folded  # so that a thousand clients are asked for in a moment
                if near and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.IGNORECASE):
                    yield Problem("name", name)

    def _above(self, element: etree._Element) -> str:
        """The heading that something stands under, or ""."""
        for ancestor in (element, *element.iterancestors()):
            for before in ancestor.itersiblings(f"{W}p", preceding=True):
                if self._level(before) and (words := _text(before).strip()):
                    return words[:80]
        return ""

    def _style(self, paragraph: etree._Element) -> str:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return "" if style is None else self.named.get(style.get(f"{W}val", ""), "")

    def _level(self, paragraph: etree._Element) -> int:
        """Of a built-in heading, or of a style that says it stands in the outline."""
        found = _HEADING.match(self._style(paragraph))
        return int(found[1]) if found else 0


def _value(element: etree._Element, child: str) -> str:
    found = element.find(f"{W}{child}")
    return "" if found is None else found.get(f"{W}val", "")


def _text(element: etree._Element) -> str:
    return "".join(piece.text or "" for piece in element.iter() if piece.tag == f"{W}t" or not len(element))


def _leaves(root: etree._Element) -> list[etree._Element]:
    """The texts of a part that has no paragraphs, such as the properties of the file."""
    return [] if root.tag.startswith(W) else [element for element in root if not len(element)]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)
