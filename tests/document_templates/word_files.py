"""Word files made for a test, hostile ones too, and what a reader finds in a finished one."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import docx
import xlsxwriter
from docx.document import Document
from lxml import etree
from PIL import Image

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"


def template(*paragraphs: str, build: Callable[[Document], object] | None = None) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if build:
        build(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def picture(kind: str = "PNG", *, size: tuple[int, int] = (120, 40), **saved: Any) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "#7A1E4C").save(stream, kind, **saved)
    return stream.getvalue()


def table_of(*rows: tuple[str, ...]) -> Callable[[Document], object]:
    def build(document: Document) -> None:
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text

    return build


def opened(document: bytes) -> Document:
    return docx.Document(io.BytesIO(document))


def texts(document: bytes) -> list[str]:
    return [paragraph.text for paragraph in opened(document).paragraphs]


def parts(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body(document: bytes) -> str:
    return parts(document)["word/document.xml"].decode()


def rebuilt(document: bytes, changes: Mapping[str, bytes | None], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same file with parts replaced, added or (None) left out."""
    stream = io.BytesIO()
    kept = {**parts(document), **changes}
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in kept.items():
            if data is not None:
                archive.writestr(name, data)
    return stream.getvalue()


def with_paragraph_xml(document: bytes, xml: str) -> bytes:
    changed = re.sub(r"(<w:sectPr)", lambda found: xml + found[1], body(document), count=1)
    return rebuilt(document, {"word/document.xml": changed.encode()})


def with_relationship(document: bytes, row: str, part: str = "word/_rels/document.xml.rels") -> bytes:
    changed = parts(document)[part].decode().replace("</Relationships>", f"{row}</Relationships>")
    return rebuilt(document, {part: changed.encode()})


def with_chart(document: bytes, key: str, *, series: int = 1, before: str = "", after: str = "") -> bytes:
    """A bar chart with its workbook, drawn in a paragraph of its own."""
    drawn = "".join(
        f'<c:ser><c:idx val="{n}"/><c:order val="{n}"/>'
        f'<c:spPr><a:solidFill><a:schemeClr val="accent{n + 3}"/></a:solidFill></c:spPr>'
        f"<c:cat><c:strRef><c:f>Sheet1!$A$2</c:f></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>Sheet1!$B$2</c:f><c:numCache><c:formatCode>0;;</c:formatCode></c:numCache></c:numRef>"
        f"</c:val></c:ser>"
        for n in range(series)
    )
    chart = (
        f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        f'xmlns:r="{OFFICE}"><c:chart><c:plotArea><c:barChart><c:barDir val="bar"/>{drawn}</c:barChart></c:plotArea>'
        f'</c:chart><c:externalData r:id="rId1"/></c:chartSpace>'
    )
    book = io.BytesIO()
    workbook = xlsxwriter.Workbook(book, {"in_memory": True})
    workbook.add_worksheet("Sheet1")
    workbook.close()
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/package" Target="../embeddings/chart1.xlsx"/></Relationships>'
    )
    paragraph = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        f'wordprocessingDrawing"><wp:extent cx="100" cy="100"/><wp:docPr id="7" name="{key}"/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        f'<a:graphicData uri="{CHART}"><c:chart xmlns:c="{CHART}" r:id="rIdChart"/></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )
    around = [f"<w:p><w:r><w:t>{tag}</w:t></w:r></w:p>" if tag else "" for tag in (before, after)]
    document = with_paragraph_xml(document, around[0] + paragraph + around[1])
    row = f'<Relationship Id="rIdChart" Type="{OFFICE}/chart" Target="charts/chart1.xml"/>'
    document = with_relationship(document, row)
    types = parts(document)["[Content_Types].xml"].decode()
    types = types.replace(
        "</Types>",
        '<Default Extension="xlsx" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"/>'
        f'<Override PartName="/word/charts/chart1.xml" ContentType="{CHART_TYPE}"/></Types>',
    )
    return rebuilt(
        document,
        {
            "[Content_Types].xml": types.encode(),
            "word/charts/chart1.xml": chart.encode(),
            "word/charts/_rels/chart1.xml.rels": rels.encode(),
            "word/embeddings/chart1.xlsx": book.getvalue(),
        },
    )


def cached(chart: bytes) -> list[tuple[str, list[str], list[str]]]:
    """Name, categories and values of each series, as Word would draw them."""
    root = etree.fromstring(chart)
    c = f"{{{CHART}}}"

    def words(element: etree._Element, path: str) -> list[str]:
        return [v.text or "" for v in element.findall(f"{path}//{c}v")]

    return [("".join(words(s, f"{c}tx")), words(s, f"{c}cat"), words(s, f"{c}val")) for s in root.iter(f"{c}ser")]
