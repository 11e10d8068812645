"""What is wrong with a document template, and what could be better: read, compiled and tried before it is taken.

Runs in the confined child. What keeps a template out is raised, with every place; the rest is a report that its author
reads. Nothing of it is guessed from a list kept by hand: names come from the sample, styles from what the tags print.
"""

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from document_templates import archive, fragments, library
from document_templates.branding import Look, render_branded
from document_templates.contents import W
from document_templates.intake import inspect_archive
from document_templates.placeholders import nearest
from document_templates.refusals import TemplateRefusal, UnknownPlaceholder
from document_templates.relationships import parse
from document_templates.rendering import CompiledTemplate, render
from document_templates.sample_fields import pictured, sample
from document_templates.shapes import Asking, Stray, shape_of, unused
from document_templates.tags import ENVIRONMENT, FilledPart, Location
from document_templates.typed_notes import BULLET, NUMBER, PLAIN

MOST_TOLD = 20  # strays at once; more are told after these are mended
# Where nobody reads them from the text: they say in the file's properties what it is.
_IN_PROPERTIES = {
    "document", "document.title", "document.subject", "document.created", "document.language", "document.number",
    "document.version",
}  # fmt: skip
_SCALES = {
    "chip": fragments.RATING, "document_chip": fragments.DOCUMENT, "status_chip": fragments.STATUS,
}  # fmt: skip
_DOTS = tuple(f"Square{code}" for code in ("0", "1", "2", "3", "NV"))
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_REPEATED_ROW = re.compile(r"\{%-?\s*tr\s+for\b")
_NEW_PARAGRAPH = re.compile(r"<w:p([ />])")


class UnknownPlaceholders(TemplateRefusal):
    """Placeholders that this kind of document does not have, each with its place and the nearest that exists."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(sentences)
        self.sentences = sentences

    @property
    def sentence(self) -> str:
        return " ".join(self.sentences)


@dataclass(frozen=True)
class Notice:
    """Something to mend that keeps nothing from being written: `about` says what, `what` which or where."""

    about: str  # style, header_row, language, other_language, contents, alt_text
    what: str = ""


@dataclass(frozen=True)
class Report:
    """What a template asks for and what its author should know. `tried`: bytes of the document it became."""

    known: list[str]
    unused: list[str]
    notices: list[Notice]
    tried: int


def examined(content: bytes, kind: str, language: str) -> Report:
    """The report on an upload. Raises the refusal that keeps it out: of the gate, the tags, the names or the trial."""
    inspect_archive(content, kind="docx")
    compiled = CompiledTemplate(content)
    fields = sample(kind, language)
    asking = Asking(shape_of(fields))
    sentences = [sentence for part in _parts_of(compiled) for sentence in _strays(part, asking, fields)]
    for key in _charts_of(compiled):
        charts = asking.root.names.get("charts")
        if charts is None or key not in charts.names:
            near = nearest(f"charts.{key}", key, dict(charts.names) if charts else {}, fields)
            sentences.append(UnknownPlaceholder(f"charts.{key}", near, "the data of a chart").sentence)
        else:
            asking.used.add(charts.path)
            asking.whole(charts.names[key])
    if sentences:
        raise UnknownPlaceholders(sentences[:MOST_TOLD])
    tried = render(content, fields)
    values = {one.path for one in asking.root.below() if not one.names and not one.each}
    return Report(
        known=sorted(asking.used & values),
        unused=unused(asking.root, asking.used | _IN_PROPERTIES),
        notices=_notices(compiled, content, asking.filters, kind, language),
        tried=len(tried),
    )


def tried(content: bytes, kind: str, language: str, look: Look | None) -> bytes:
    """What the template becomes with the sample, in the look of the firm."""
    return render_branded(content, pictured(sample(kind, language)), look)


def _parts_of(compiled: CompiledTemplate) -> list[FilledPart]:
    return [*compiled.parts, *compiled.core_tags.values()]


def _charts_of(compiled: CompiledTemplate) -> list[str]:
    return [drawing.key for drawn in compiled.drawn.values() for drawing in drawn]


def _strays(part: FilledPart, asking: Asking, fields: dict[str, Any]) -> list[str]:
    source = _NEW_PARAGRAPH.sub(r"\n<w:p\1", part.source)
    before = len(asking.strays)
    asking.walk(ENVIRONMENT.parse(source))
    return [_told(stray, Location(part.name, source, stray.line), fields) for stray in asking.strays[before:]]


def _told(stray: Stray, location: Location, fields: dict[str, Any]) -> str:
    near = nearest(stray.name, stray.last, dict.fromkeys(stray.beside), fields)
    return UnknownPlaceholder(stray.name, near, location.place).sentence


def _notices(compiled: CompiledTemplate, content: bytes, filters: set[str], kind: str, language: str) -> list[Notice]:
    parts = archive.read(content)
    body, styles = parse(parts[compiled.main]), parts.get("word/styles.xml", b"<none/>")
    return [
        *_missing_styles(compiled, styles, filters),
        *_tables_without_header(body),
        *_language(styles, language),
        *_contents(body, kind),
        *_pictures_without_words(parts),
    ]


def _missing_styles(compiled: CompiledTemplate, styles: bytes, filters: set[str]) -> list[Notice]:
    defined = {style.get(f"{W}styleId", "") for style in parse(styles).iter(f"{W}style")}
    needed = [style for name, scale in _SCALES.items() if name in filters
              for style, *_words in fragments._CHIPS[scale].values()]  # fmt: skip
    needed += _DOTS if "dots" in filters else ()
    needed += ["EvidenceRef"] if "marked" in filters else []
    missing = [name for name in dict.fromkeys(needed) if name not in defined]
    if "markdown" in filters:  # looked for by their names, as they are English in every Word
        missing += [name for name in (PLAIN, BULLET, NUMBER) if name.lower() not in compiled.lists.ids]
    return [Notice("style", name) for name in missing]


def _tables_without_header(body: etree._Element) -> list[Notice]:
    """Tables that grow with their data, and so may run over a page, without a row that is repeated there."""
    found = []
    for number, table in enumerate(body.iter(f"{W}tbl"), start=1):
        rows = table.findall(f"{W}tr")
        grows = any(_REPEATED_ROW.search(_text(row)) for row in rows)
        if grows and _has_top_row(table) and not any(row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows):
            found.append(Notice("header_row", str(number)))
    return found


def _has_top_row(table: etree._Element) -> bool:
    """Some tables are read by their first column: they say in Word's table options that no row heads them."""
    look = table.find(f"{W}tblPr/{W}tblLook")
    return look is None or look.get(f"{W}firstRow", "1") not in ("0", "false")


def _language(styles: bytes, language: str) -> list[Notice]:
    stated = [lang.get(f"{W}val", "") for lang in parse(styles).iterfind(f"{W}docDefaults//{W}lang")]
    if not any(stated):
        return [Notice("language")]
    return [] if stated[0].lower().startswith(language) else [Notice("other_language", stated[0])]


def _contents(body: etree._Element, kind: str) -> list[Notice]:
    """Kinds whose own starter opens with a page of contents are long enough to need one."""
    if _has_contents(body):
        return []
    ours = parse(archive.read(library.starter(kind).content)["word/document.xml"])
    return [Notice("contents")] if _has_contents(ours) else []


def _has_contents(body: etree._Element) -> bool:
    instructions = [*(one.text or "" for one in body.iter(f"{W}instrText")),
                    *(one.get(f"{W}instr", "") for one in body.iter(f"{W}fldSimple"))]  # fmt: skip
    return any(one.strip().startswith("TOC") for one in instructions)


def _pictures_without_words(parts: dict[str, bytes]) -> list[Notice]:
    found = []
    for name in sorted(parts):
        if not re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", name):
            continue
        for drawing in parse(parts[name]).iter(f"{W}drawing"):
            said = drawing.find(f".//{_DRAWN}")
            if drawing.find(f".//{_PICTURE}") is not None and said is not None and not said.get("descr"):
                found.append(Notice("alt_text", said.get("name", "")))
    return found


def _text(element: etree._Element) -> str:
    return "".join(piece.text or "" for piece in element.iter(f"{W}t"))
