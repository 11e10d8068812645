"""Puts a body, its furniture and the base parts into a .docx; the same body gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from tools.starters import chart
from tools.starters.markup import TAB, field, p, run
from tools.starters.wording import locale, said

BASE = Path(__file__).parent / "base"
EPOCH = (1980, 1, 1, 0, 0, 0)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{OFFICE}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"')

# kind of page -> (relationship of its header, of its footer)
FURNITURE = {"cover": ("rId11", "rId12"), "portrait": ("rId13", "rId14"), "landscape": ("rId15", "rId16"),
             "sheet": ("rId11", "rId14")}


@dataclass(frozen=True)
class Starter:
    """One shipped document template: its body and what its properties say."""

    kind: str
    subject: str
    body: str
    page: str = "portrait"
    footer_left: str = "{{ document.number }}  ·  Version {{ document.version }}"
    author: str = "{{ author.name }}"


def section(page: str) -> str:
    """Section properties, in twips. The cover has no margins: its band reaches the edge of the paper."""
    header, footer = FURNITURE[page]
    sizes = {
        "cover": '<w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="0" w:right="0" w:bottom="0" w:left="0" '
                 'w:header="0" w:footer="0" w:gutter="0"/>',
        "portrait": '<w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1474" w:right="1417" w:bottom="1304" '
                    'w:left="1417" w:header="680" w:footer="567" w:gutter="0"/>',
        # one posted page: no running header, so its first line can stand higher
        "sheet": '<w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1020" w:right="1417" w:bottom="1304" '
                 'w:left="1417" w:header="567" w:footer="567" w:gutter="0"/>',
        "landscape": '<w:pgSz w:w="15840" w:h="12240" w:orient="landscape"/><w:pgMar w:top="1304" w:right="1134" '
                     'w:bottom="1134" w:left="1134" w:header="567" w:footer="510" w:gutter="0"/>',
    }
    return (f'<w:sectPr><w:headerReference w:type="default" r:id="{header}"/>'
            f'<w:footerReference w:type="default" r:id="{footer}"/><w:type w:val="nextPage"/>{sizes[page]}</w:sectPr>')


def end_section(page: str) -> str:
    return p("SectionBreak", section=section(page))


def _header(style: str) -> str:
    return p(style, run("{{ document.short }}"), TAB, run("{{ client.name }}"))


def _footer(style: str, left: str) -> str:
    return p(style, run(left), TAB, run("{{ document.classification }}"), TAB, run("Page "), field("PAGE", "1"),
             run(" of "), field("NUMPAGES", "1"))


def _core(starter: Starter) -> str:
    day = "2026-01-01T00:00:00Z"
    return (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        "<dc:title>{{ document.title }}: {{ client.name }}</dc:title>"
        f"<dc:subject>{escape(said(starter.subject))}</dc:subject><dc:creator>{starter.author}</dc:creator>"
        f"<cp:lastModifiedBy>{starter.author}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{day}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{day}</dcterms:modified>'
        "<dc:language>en-CA</dc:language></cp:coreProperties>")


def _relationships(entries: list[tuple[str, str, str]]) -> str:
    written = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in entries)
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{written}</Relationships>'


def _content_types(parts: dict[str, bytes], charts: list[str]) -> str:
    kinds = {
        "word/document.xml": f"{WORD}.document.main+xml", "word/styles.xml": f"{WORD}.styles+xml",
        "word/numbering.xml": f"{WORD}.numbering+xml", "word/settings.xml": f"{WORD}.settings+xml",
        "word/webSettings.xml": f"{WORD}.webSettings+xml", "word/fontTable.xml": f"{WORD}.fontTable+xml",
        "word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        **{f"word/charts/chart{number}.xml": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
           for number in range(1, len(charts) + 1)},
        **{name: f"{WORD}.header+xml" for name in parts if "/header" in name},
        **{name: f"{WORD}.footer+xml" for name in parts if "/footer" in name},
    }
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>'
                        for name, kind in sorted(kinds.items()) if name in parts)
    excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    sheet = f'<Default Extension="xlsx" ContentType="{excel}"/>' if charts else ""
    return (f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{sheet}{overrides}</Types>')


def _numbering(content: bytes) -> bytes:
    """The word before the letter of an appendix is in the numbering, not in the heading."""
    return content.replace(b'"Appendix %1"', f'"{said("Appendix")} %1"'.encode())


def _spoken(part: bytes) -> bytes:
    """A part in the locale that is being built: the base parts and the chart are written in English."""
    return part.replace(b'"en-CA"', f'"{locale()}"'.encode()).replace(b">en-CA<", f">{locale()}<".encode())


def docx(starter: Starter) -> bytes:
    charts = [key for key, relationship in chart.RELATIONSHIPS.items() if f'r:id="{relationship}"' in starter.body]
    whole = starter.body + section(starter.page)
    texts = {"word/document.xml": f"<w:document {NAMESPACES}><w:body>{whole}</w:body></w:document>"}
    for number, (header, footer) in enumerate([
        (p("HeaderBlank"), p("HeaderBlank")),
        (_header("Header"), _footer("Footer", starter.footer_left)),
        (_header("HeaderLandscape"), _footer("FooterLandscape", starter.footer_left)),
    ], start=1):
        texts[f"word/header{number}.xml"] = f"<w:hdr {NAMESPACES}>{header}</w:hdr>"
        texts[f"word/footer{number}.xml"] = f"<w:ftr {NAMESPACES}>{footer}</w:ftr>"
    parts = {name: (DECLARATION + content).encode() for name, content in texts.items()}
    for name in ("styles.xml", "numbering.xml", "settings.xml", "webSettings.xml", "fontTable.xml"):
        parts[f"word/{name}"] = (BASE / name).read_bytes()
    parts["word/numbering.xml"] = _numbering(parts["word/numbering.xml"])
    parts["word/theme/theme1.xml"] = (BASE / "theme1.xml").read_bytes()
    entries = [(f"rId{place}", f"{OFFICE}/{kind}", target) for place, (kind, target) in enumerate([
        ("styles", "styles.xml"), ("numbering", "numbering.xml"), ("settings", "settings.xml"),
        ("webSettings", "webSettings.xml"), ("fontTable", "fontTable.xml"), ("theme", "theme/theme1.xml")], start=1)]
    for number, (header, footer) in enumerate(list(FURNITURE.values())[:3], start=1):
        entries += [(header, f"{OFFICE}/header", f"header{number}.xml"),
                    (footer, f"{OFFICE}/footer", f"footer{number}.xml")]
    for number, key in enumerate(charts, start=1):
        entries.append((chart.RELATIONSHIPS[key], f"{OFFICE}/chart", f"charts/chart{number}.xml"))
        parts[f"word/charts/chart{number}.xml"] = chart.chart_xml(key).encode()
        parts[f"word/charts/_rels/chart{number}.xml.rels"] = _relationships(
            [("rId1", f"{OFFICE}/package", f"../embeddings/chart{number}.xlsx")]).encode()
        parts[f"word/embeddings/chart{number}.xlsx"] = chart.workbook(key)
    parts["word/_rels/document.xml.rels"] = _relationships(entries).encode()
    parts["docProps/core.xml"] = _core(starter).encode()
    parts["docProps/app.xml"] = (f'{DECLARATION}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/'
                                 '2006/extended-properties"><Application></Application></Properties>').encode()
    parts = {name: _spoken(content) if name.endswith(".xml") else content for name, content in parts.items()}
    opening = {
        "[Content_Types].xml": _content_types(parts, charts).encode(),
        "_rels/.rels": _relationships([
            ("rId1", f"{OFFICE}/officeDocument", "word/document.xml"),
            ("rId2", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ("rId3", f"{OFFICE}/extended-properties", "docProps/app.xml")]).encode(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in (opening | parts).items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()
