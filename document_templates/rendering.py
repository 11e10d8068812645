"""From a document template and its fields to a finished Word document: bytes in, bytes out, same input same bytes.

A template is read, joined and compiled once and kept; a render then fills text, finishes it and zips, without a tree.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from html import unescape
from typing import Any, NamedTuple
from xml.parsers import expat

from docxtpl import DocxTemplate
from lxml import etree

from document_templates import archive, charts, contents, properties
from document_templates.chart_workbook import workbook
from document_templates.finding import patched
from document_templates.finishing import (
    ALL_MARKS,
    HEADING,
    Identities,
    captions_counted,
    captions_referred,
    charts_drawn,
)
from document_templates.lists import ListStyles
from document_templates.page_numbers import plain_numbers, right_edge
from document_templates.placeholders import nearest, unknown
from document_templates.references import References
from document_templates.refusals import UnknownPlaceholder, UnreadableTemplate, Unrenderable
from document_templates.relationships import (
    CONTENT_TYPES,
    DECLARATION,
    OFFICE,
    ContentTypes,
    Relation,
    parse,
    reachable,
    relations,
    rels_name,
    resolve,
    write_relations,
)
from document_templates.spoken import language_of, spoken
from document_templates.subdocuments import Asked, Replacements, laid_in, replaced
from document_templates.tags import Filled, FilledPart, Misfit, has_tags
from tenants.limits import DOCUMENT_BYTES

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_FILLED = tuple(f"{_WORD}{kind}+xml" for kind in ("header", "footer", "footnotes", "endnotes", "comments"))
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_CORE_KIND = "application/vnd.openxmlformats-package.core-properties+xml"
_APP_KIND = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
_CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_CORE, _APP = "docProps/core.xml", "docProps/app.xml"
_CONTENTS = contents.MARKER.encode()
_TEMPLATES_KEPT = 32  # compiled; one is about as large as its document.xml times five
_FRAMES_KEPT = 16  # by which charts are left out
_NOT_SHOWN = ("settings.xml", "styles.xml", "fontTable.xml", "webSettings.xml", "numbering.xml", "theme/", "glossary/")


def render(template: bytes, fields: Mapping[str, Any], pages: Mapping[str, str] | None = None) -> bytes:
    """The document that `template` becomes with `fields`: plain dictionaries, lists, text, numbers, and our own values.

    `pages`: the page numbers of the headings by their bookmarks, where a layout has been measured. What puts other
    parts or whole documents into it is laid in by stock docxtpl first, for this document alone.
    """
    compiled, numbers = _compiled(bytes(template)), plain_numbers(pages)
    if isinstance(wanted := fields.get("replacements"), Replacements):
        template = replaced(template, wanted, archive.read(template))
        compiled = CompiledTemplate(template)
    try:
        return compiled.render(fields, numbers)
    except Asked:
        template, laid = laid_in(template, fields)
    return CompiledTemplate(template).render(laid, numbers)


def check(template: bytes) -> None:
    """Raise what keeps this template from ever being filled: a broken file, an unclosed or forbidden tag."""
    _compiled(bytes(template))


@lru_cache(maxsize=_TEMPLATES_KEPT)
def _compiled(template: bytes) -> "CompiledTemplate":
    return CompiledTemplate(template)


class CompiledTemplate:
    """A template with everything done that does not depend on the fields."""

    def __init__(self, template: bytes) -> None:
        parts = archive.read(template)
        if CONTENT_TYPES not in parts or "_rels/.rels" not in parts:
            raise UnreadableTemplate("it is not a Word document")
        self.types = ContentTypes(parts[CONTENT_TYPES])
        self.relations = {part: found for part in ["", *parts] if (found := relations(parts, part))}
        self._tidy_package(parts)
        self.main = self._main(parts)
        self.outline, self.parts = self._read_parts(parts)
        self.core_tags = self._core_tags(parts)
        self._prepare_charts(parts)
        self.static = {
            name: archive.pack(name, data, once=True)
            for name, data in parts.items()
            if name not in self.changing and not name.endswith(".rels") and name != CONTENT_TYPES
        }
        self.static[_APP] = archive.pack(_APP, properties.APPLICATION, once=True)
        self.embedded = {name: parts[name] for name in self.chart_parts.values()}
        self.spoken: dict[str, dict[str, archive.Member]] = {}
        self._speaking = {name: parts[name] for name in self.static if name.endswith(("styles.xml", "settings.xml"))}
        self._frame_without = lru_cache(maxsize=_FRAMES_KEPT)(self._frame_of_drawn)

    def _tidy_package(self, parts: dict[str, bytes]) -> None:
        """Leave out what no document should carry on: orphans, thumbnail, the way to another template."""
        package = [r for r in self.relations.get("", []) if "thumbnail" not in r.kind]
        package = [r for r in package if not r.kind.endswith(("/core-properties", "/extended-properties"))]
        taken = {r.id for r in package}
        for kind, target in ((_CORE_RELATION, _CORE), (f"{OFFICE}/extended-properties", _APP)):
            number = next(n for n in range(1, 1000) if f"rId{n}" not in taken)
            taken.add(f"rId{number}")
            package.append(Relation(f"rId{number}", kind, target))
        self.relations[""] = package
        for part, listed in self.relations.items():
            self.relations[part] = [r for r in listed if not r.kind.endswith("/attachedTemplate")]
        there = reachable(self.relations)
        for name in [n for n in parts if n not in there and n != CONTENT_TYPES and n not in (_CORE, _APP)]:
            del parts[name]
        self.relations = {part: listed for part, listed in self.relations.items() if part in parts or not part}
        self.types.overrides |= {_CORE: _CORE_KIND, _APP: _APP_KIND}
        for name in parts:
            if name.endswith("settings.xml"):
                unwanted = rb"<w:(?:updateFields|attachedTemplate)\b[^>]*/>"
                parts[name] = re.sub(unwanted, b"", parts[name])

    def _main(self, parts: Mapping[str, bytes]) -> str:
        for relation in self.relations[""]:
            if relation.kind.endswith("/officeDocument") and (name := resolve("", relation.target)) in parts:
                return name
        raise UnreadableTemplate("it is not a Word document")

    def _related(self, kind: str, parts: Mapping[str, bytes]) -> str:
        """The name of the part of this kind that belongs to the body, "" for none."""
        for relation in self.relations.get(self.main, []):
            if relation.kind == f"{OFFICE}/{kind}" and (name := resolve(self.main, relation.target)) in parts:
                return name
        return ""

    def _read_parts(self, parts: dict[str, bytes]) -> tuple[contents.Outline, list[FilledPart]]:
        body = parse(parts[self.main])
        instruction = contents.mark(body)
        styles, self.numbering = parts.get(self._related("styles", parts)), self._related("numbering", parts)
        numbering = parts.get(self.numbering)
        outline = contents.Outline(styles, numbering, instruction or contents.INSTRUCTION, right_edge(body))
        self.lists = ListStyles(styles, numbering)
        self.drawn = {self.main: charts.drawings(body)}
        filled = [FilledPart(self.main, etree.tostring(body, encoding="unicode"), styles=self.lists, outline=outline)]
        for name in sorted(parts):
            kind = self.types.of(name)
            if name == self.main or not (kind in _FILLED or kind == _CHART):
                self._refuse_stray_tags(name, parts[name])
                continue
            root = parse(parts[name])
            self.drawn[name] = charts.drawings(root)
            xml = etree.tostring(root, encoding="unicode")
            if has_tags(xml) or "<wp:docPr" in xml:
                filled.append(FilledPart(name, xml, styles=self.lists))
        return outline, filled

    def _refuse_stray_tags(self, name: str, data: bytes) -> None:
        if not name.startswith("word/") or not name.endswith(".xml") or name == self.main:
            return
        if any(shown in name for shown in _NOT_SHOWN):
            return
        if b"{{" in data or b"{%" in data:
            raise UnreadableTemplate("a tag stands where none is filled in", name)

    def _core_tags(self, parts: dict[str, bytes]) -> dict[str, FilledPart]:
        data = parts.pop(_CORE, None)
        if data is None:
            return {}
        texts = {etree.QName(element).localname: element.text or "" for element in parse(data)}
        return {
            name: FilledPart(_CORE, text, plain=True)
            for name, text in texts.items()
            if name in ("title", "subject", "creator") and has_tags(text)
        }

    def _prepare_charts(self, parts: dict[str, bytes]) -> None:
        """Which part, and which workbook in it, each drawing shows."""
        self.chart_of: dict[tuple[str, str], str] = {}
        self.chart_parts: dict[str, str] = {}
        self.workbooks: dict[str, str] = {}
        for part, drawn in self.drawn.items():
            targets = {r.id: resolve(part, r.target) for r in self.relations.get(part, []) if not r.external}
            for drawing in drawn:
                target = targets.get(drawing.relation, "")
                if target not in parts:
                    raise UnreadableTemplate(f"the chart “{drawing.key}” has lost its data")
                if target in self.chart_parts:
                    raise UnreadableTemplate(f"two drawings share the chart “{drawing.key}”")
                self.chart_of[part, drawing.relation] = target
                self.chart_parts[target] = target
                for relation in self.relations.get(target, []):
                    if relation.kind.endswith("/package") and resolve(target, relation.target) in parts:
                        self.workbooks[target] = resolve(target, relation.target)
        self.changing = {part.name for part in self.parts} | set(self.chart_parts) | set(self.workbooks.values())

    def _frame_of_drawn(self, left_out: frozenset[tuple[str, str]]) -> "Frame":
        """The frame where these drawings of charts do not stand in the document."""
        if not left_out:
            return self._frame(self.relations, {})
        listed = {part: [r for r in own if (part, r.id) not in left_out] for part, own in self.relations.items()}
        return self._frame(listed, {})

    def _frame(self, listed: Mapping[str, list[Relation]], added: Mapping[str, str]) -> "Frame":
        """Content types, relationships and parts that stay; `added` are kinds by extension that are new."""
        there = reachable(listed)
        members = {CONTENT_TYPES: archive.pack(CONTENT_TYPES, self.types.write(there, added), once=True)}
        for part, own in listed.items():
            if own and (not part or part in there):
                name = rels_name(part) if part else "_rels/.rels"
                members[name] = archive.pack(name, write_relations(own), once=True)
        members |= {name: member for name, member in self.static.items() if name in there}
        return Frame(listed, there, members)

    def render(self, fields: Mapping[str, Any], pages: Mapping[str, str] | None = None) -> bytes:
        given_charts = fields.get("charts")
        given_charts = given_charts if isinstance(given_charts, Mapping) else {}
        filled = {part.name: self._filled(part, fields) for part in self.parts}
        texts, left_out = self._texts(filled, given_charts, pages or {})
        changed = self._charts(texts, left_out, given_charts, fields)
        frame = self._frame_without(left_out)
        references = References(fields)
        unsettled = [name for name, part in filled.items() if not part.plain]
        if settled := references.settled(texts, unsettled, frame.listed):
            texts, listed = settled
            frame = self._frame(listed, dict(picture.kind for picture in references.media.values()))
        if self.main in unsettled and (lists := self.lists.settled(texts[self.main])):
            texts[self.main], changed[self.numbering] = lists
        changed |= {name: picture.content for name, picture in references.media.items()}
        for name in texts.keys() - changed.keys():
            changed[name] = _checked(name, texts[name], filled[name].proved)
        packed = frame.members | self._spoken(language_of(fields))
        packed |= {name: archive.pack(name, data) for name, data in changed.items() if name in frame.there}
        packed[_CORE] = archive.pack(_CORE, properties.core(fields, self._core_texts(fields)))
        document = archive.write([packed[name] for name in archive.ordered(packed)])
        if len(document) > DOCUMENT_BYTES:
            raise Unrenderable(f"it grows over {DOCUMENT_BYTES >> 20} MB")
        return document

    def _spoken(self, language: str) -> dict[str, archive.Member]:
        """What says in which language a reader's Word is to check the spelling and a screen reader is to speak."""
        if language and language not in self.spoken:
            parts = ((name, data, spoken(name, data, language)) for name, data in self._speaking.items())
            self.spoken[language] = {n: archive.pack(n, new, once=True) for n, old, new in parts if new != old}
        return self.spoken.get(language, {})

    def _core_texts(self, fields: Mapping[str, Any]) -> dict[str, str]:
        try:
            return {name: unescape(part.words(fields)) for name, part in self.core_tags.items()}
        except Misfit as misfit:
            raise unknown(misfit, fields) from misfit

    def _filled(self, part: FilledPart, fields: Mapping[str, Any]) -> Filled:
        try:
            return part.fill(fields)
        except Misfit as misfit:
            raise unknown(misfit, fields) from misfit

    def _texts(
        self, filled: Mapping[str, Filled], given_charts: Mapping[str, Any], pages: Mapping[str, str]
    ) -> tuple[dict[str, bytes], frozenset[tuple[str, str]]]:
        """The parts finished, and the drawings of charts that a condition has left out: part and relationship."""
        identities = Identities(given_charts)
        texts = {}
        left_out = set(self.chart_of)
        for part in self.parts:
            xml = filled[part.name].xml
            if part.whole_cells:
                xml = _cells_settled(part, xml)
            left_out -= {(part.name, relation) for relation in charts_drawn(xml)}
            patches = list(identities.given(xml))
            if part.name == self.main:
                patches += captions_counted(xml)
                if part.refers:
                    xml, patches = captions_referred(patched(xml, patches)), []
                entries, bookmarks = self.outline.bookmarked(xml, HEADING, identities.bookmark + 1, patches)
                identities.bookmark += len(entries)
                patches += bookmarks
                if (at := xml.find(_CONTENTS)) >= 0:
                    patches.append((at, at + len(_CONTENTS), self.outline.field(entries, pages).encode()))
            texts[part.name] = patched(xml, patches)
        return texts, frozenset(left_out)

    def _charts(
        self,
        texts: Mapping[str, bytes],
        left_out: frozenset[tuple[str, str]],
        given: Mapping[str, Any],
        fields: Mapping[str, Any],
    ) -> dict[str, bytes]:
        """Charts and workbooks with the figures of this document."""
        changed: dict[str, bytes] = {}
        for drawing, target in self.chart_of.items():
            if drawing in left_out:
                continue
            part, relation = drawing
            key = next(d.key for d in self.drawn[part] if d.relation == relation)
            if not isinstance(given.get(key), Mapping):
                raise UnknownPlaceholder(f"charts.{key}", nearest(f"charts.{key}", key, dict(given), fields), "a chart")
            data = charts.figures(key, given[key])
            source = texts[target] if target in texts else self.embedded[target]
            changed[target] = charts.filled(key, source, data)
            if target in self.workbooks:
                changed[self.workbooks[target]] = workbook(data)
        return changed


class Frame(NamedTuple):
    """What a document holds besides its texts: relationships, the parts they lead to, and those that stay, packed."""

    listed: Mapping[str, list[Relation]]
    there: set[str]
    members: dict[str, archive.Member]


def _checked(name: str, xml: bytes, proved: bool) -> bytes:
    data = xml if xml.startswith(b"<?xml") else DECLARATION.encode() + xml
    if not proved:
        _well_formed(name, data)
    return data


def _cells_settled(part: FilledPart, xml: bytes) -> bytes:
    """Tables whose columns a tag repeats or joins, made even by docxtpl."""
    xml = xml.translate(None, ALL_MARKS)
    _well_formed(part.name, xml)
    tree = DocxTemplate.fix_tables(None, xml.decode()).getroottree()
    return part.marked(etree.tostring(tree, encoding="unicode").encode())


def _well_formed(name: str, data: bytes) -> None:
    """A document that Word cannot open must never leave: a condition may begin in one cell and end in another."""
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise UnreadableTemplate("a tag begins in one paragraph or cell and ends in another", name) from error
