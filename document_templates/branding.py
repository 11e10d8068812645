"""A consultancy's look in a document template: colours and fonts of the theme, and the logo where the name would stand.

Done on the template before anything is filled in, so the same template and the same brand are the same bytes. The
colours of ratings, grades and states are no part of a brand: they mean something.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from document_templates import archive
from document_templates.colours import darkened
from document_templates.contents import W
from document_templates.relationships import (
    CONTENT_TYPES,
    OFFICE,
    Relation,
    parse,
    relations,
    rels_name,
    write_relations,
)
from document_templates.rendering import render

# Every Word has them, on Windows and on a Mac, and LibreOffice has others of the same widths.
FONTS = ("Arial", "Calibri", "Cambria", "Georgia", "Tahoma", "Times New Roman", "Trebuchet MS", "Verdana")
LOGO_STYLE = "Cover Brand"
_LOGO_TEXT = re.compile(r"\{\{-?\s*firm\.name\s*-?\}\}")
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DARK = 0.55  # of the first colour: bands that white words stand on, headings
_THEME_NAMES = {"accent1": "accent1", "accent2": "accent2", "text2": "dk2", "dark2": "dk2", "hyperlink": "hlink"}
_TALLEST, _WIDEST = 648_000, 2_520_000  # 18 by 70 mm, in Word's own units
_PART = re.compile(r"word/(document|styles|numbering|(header|footer)\d*)\.xml")
_PICTURE = """<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:drawing>
<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{tall}"/>
<wp:docPr id="1" name="Logo" descr="{{{{ firm.name }}}}"/>
<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>
<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>
<pic:nvPicPr><pic:cNvPr id="0" name="Logo"/><pic:cNvPicPr/></pic:nvPicPr>
<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{tall}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>
</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"""


@dataclass(frozen=True)
class Look:
    """What a document wears. Colours are six capital hexadecimal digits; a logo without bytes is none."""

    primary: str
    accent: str
    heading_font: str
    body_font: str
    logo: bytes = b""
    logo_kind: str = "png"
    logo_width: int = 0
    logo_height: int = 0

    @property
    def theme(self) -> dict[str, str]:
        dark = darkened(self.primary, _DARK)
        return {"accent1": self.primary, "accent2": self.accent, "dk2": dark, "hlink": self.primary}


def render_branded(
    template: bytes, fields: Mapping[str, Any], look: Look | None, pages: Mapping[str, str] | None = None
) -> bytes:
    """The document, in the look of the firm where it has one. Runs in the confined child."""
    return render(branded(template, look) if look else template, fields, pages)


@lru_cache(maxsize=16)
def branded(template: bytes, look: Look) -> bytes:
    """The same template in this look. A template that does not use the theme keeps its own colours and fonts."""
    parts = archive.read(template)
    for name in [name for name in parts if name.startswith("word/theme/") and name.endswith(".xml")]:
        parts[name] = _themed(parts[name], look)
    brand_styles = _styles_named(parts.get("word/styles.xml", b""), LOGO_STYLE)
    for name in [name for name in parts if _PART.fullmatch(name)]:
        root = parse(parts[name])
        _coloured(root, look.theme)
        if look.logo:
            _show_logo(root, name, parts, brand_styles, look)
        parts[name] = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return archive.write([archive.pack(name, parts[name]) for name in archive.ordered(parts)])


def _themed(data: bytes, look: Look) -> bytes:
    root = parse(data)
    for slot, colour in look.theme.items():
        for element in root.iter(f"{_A}{slot}"):
            for child in list(element):
                element.remove(child)
            etree.SubElement(element, f"{_A}srgbClr", val=colour)
    for slot, font in (("majorFont", look.heading_font), ("minorFont", look.body_font)):
        for latin in root.iterfind(f".//{_A}{slot}/{_A}latin"):
            latin.attrib.clear()
            latin.set("typeface", font)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _coloured(root: etree._Element, theme: dict[str, str]) -> None:
    """Beside the name of a theme colour stands its value, for readers that do not look it up: it must agree."""
    for element in root.iter(etree.Element):
        for named, value in (("themeColor", "color" if _is_line(element) else "val"), ("themeFill", "fill")):
            colour = theme.get(_THEME_NAMES.get(element.get(f"{W}{named}", ""), ""))
            changed = any(element.get(f"{W}{named}{how}") for how in ("Tint", "Shade"))
            if colour and not changed and element.get(f"{W}{value}") is not None:
                element.set(f"{W}{value}", colour)


def _is_line(element: etree._Element) -> bool:
    """Borders, shadings and underlines keep their colour beside their kind."""
    return element.get(f"{W}color") is not None


def _styles_named(styles: bytes, name: str) -> set[str]:
    if not styles:
        return set()
    found = set()
    for style in parse(styles).iter(f"{W}style"):
        named = style.find(f"{W}name")
        if named is not None and named.get(f"{W}val", "").lower() == name.lower():
            found.add(style.get(f"{W}styleId", ""))
    return found


def _show_logo(root: etree._Element, name: str, parts: dict[str, bytes], styles: set[str], look: Look) -> None:
    """Where a paragraph of the brand's own style holds the firm's name and nothing else, the logo stands instead."""
    relation = ""
    for paragraph in list(root.iter(f"{W}p")):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        text = "".join(piece.text or "" for piece in paragraph.iter(f"{W}t")).strip()
        if style is None or style.get(f"{W}val") not in styles or not _LOGO_TEXT.fullmatch(text):
            continue
        relation = relation or _related_logo(name, parts, look)
        for child in list(paragraph):
            if child.tag != f"{W}pPr":
                paragraph.remove(child)
        paragraph.append(_picture(relation, look))


def _picture(relation: str, look: Look) -> etree._Element:
    scale = min(_TALLEST / look.logo_height, _WIDEST / look.logo_width)
    wide, tall = int(look.logo_width * scale), int(look.logo_height * scale)
    return parse(_PICTURE.format(relation=relation, wide=wide, tall=tall).encode())


def _related_logo(name: str, parts: dict[str, bytes], look: Look) -> str:
    """Lay the logo into the file once, and a relationship to it beside this part."""
    media = f"word/media/firm-logo.{look.logo_kind}"
    parts[media] = look.logo
    parts[CONTENT_TYPES] = _with_type(parts[CONTENT_TYPES], look.logo_kind)
    listed = relations(parts, name)
    taken = {one.id for one in listed}
    key = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
    parts[rels_name(name)] = write_relations([*listed, Relation(key, f"{OFFICE}/image", media.removeprefix("word/"))])
    return key


def _with_type(data: bytes, kind: str) -> bytes:
    root = parse(data)
    extensions = {row.get("Extension", "").lower() for row in root}
    if kind not in extensions:
        namespace = etree.QName(root).namespace
        root.insert(0, root.makeelement(f"{{{namespace}}}Default", Extension=kind, ContentType=f"image/{kind}"))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
