"""Who else writes the report: stock docxtpl, docxtpl with pictures of charts, plain python-docx, and the bare zip."""

import io
from typing import Any, NamedTuple

import docx
import matplotlib as mpl
from docx.shared import Mm
from docx.table import Table
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate, InlineImage
from jinja2 import Environment
from matplotlib import pyplot

from document_templates import archive
from document_templates.fragments import FRAGMENT_FILTERS

mpl.use("Agg")
DPI = 150


def with_docxtpl(source: bytes, given: dict[str, Any]) -> bytes:
    """As its users do: the template loaded each time, autoescape on. It is lent the chips that the template prints."""
    return _filled(DocxTemplate(io.BytesIO(source)), given)


def with_docxtpl_and_matplotlib(source: bytes, given: dict[str, Any]) -> bytes:
    document = DocxTemplate(io.BytesIO(source))
    pictures = {
        f"chart_{number}": InlineImage(document, _bars(chart), width=Mm(160))
        for number, chart in enumerate(given["charts"].values())
        if chart
    }
    return _filled(document, given | pictures)


def _filled(document: DocxTemplate, given: dict[str, Any]) -> bytes:
    environment = Environment(autoescape=True)
    environment.filters |= FRAGMENT_FILTERS
    document.render(given, environment, autoescape=True)
    return saved(document)


def _bars(chart: dict[str, Any]) -> io.BytesIO:
    figure, axes = pyplot.subplots(figsize=(6.3, 3.2))
    left = [0.0] * len(chart["categories"])
    for series in chart["series"]:
        values = [value or 0 for value in series["values"]]
        axes.barh(chart["categories"], values, left=left, label=series["name"])
        left = [one + other for one, other in zip(left, values, strict=True)]
    axes.legend(loc="upper center", ncols=len(chart["series"]), fontsize=7)
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=DPI)
    pyplot.close(figure)
    return stream


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


class Line(NamedTuple):
    style: str
    text: str


class Grid(NamedTuple):
    style: str
    rows: list[list[list[Line]]]


class Plan(NamedTuple):
    """A report as a program holds it: its lines and tables in order, and an empty file with the styles."""

    shell: bytes
    blocks: list[Line | Grid]


def planned(document: bytes) -> Plan:
    """Read from the finished report, before the clock runs: python-docx is spared collecting and composing."""
    opened = docx.Document(io.BytesIO(document))
    blocks: list[Line | Grid] = []
    for block in opened.iter_inner_content():
        if isinstance(block, Paragraph):
            blocks.append(_line(block))
        elif isinstance(block, Table):
            rows = [[[_line(p) for p in cell.paragraphs] for cell in row.cells] for row in block.rows]
            blocks.append(Grid(block.style.name if block.style is not None else "", rows))
    body = opened.element.body
    for child in list(body)[:-1]:
        body.remove(child)
    return Plan(saved(opened), blocks)


def _line(paragraph: Paragraph) -> Line:
    return Line(paragraph.style.name if paragraph.style is not None else "Normal", paragraph.text)


def with_python_docx(plan: Plan) -> bytes:
    """The naive way: a paragraph and a row at a time, `add_row` and its cells, never `table.cell`."""
    document = docx.Document(io.BytesIO(plan.shell))
    for block in plan.blocks:
        if isinstance(block, Line):
            document.add_paragraph(block.text, style=block.style)
            continue
        table = document.add_table(0, max(map(len, block.rows)))
        table.style = block.style
        for row in block.rows:
            for cell, lines in zip(table.add_row().cells, row, strict=False):
                for number, line in enumerate(lines):
                    paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
                    paragraph.style = line.style
                    paragraph.add_run(line.text)
    return saved(document)


class Bare(NamedTuple):
    """What no writer of this document can be faster than: all parts ready, the body squeezed once, the rest copied."""

    members: dict[str, archive.Member]
    name: str
    body: bytes

    def write(self) -> bytes:
        packed = archive.pack(self.name, self.body)
        return archive.write([packed if name == self.name else member for name, member in self.members.items()])


def bare(document: bytes) -> Bare:
    parts = archive.read(document)
    members = {name: archive.pack(name, parts[name]) for name in archive.ordered(parts)}
    return Bare(members, "word/document.xml", parts["word/document.xml"])
