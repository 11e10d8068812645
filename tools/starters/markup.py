"""Paragraphs, runs and tables as WordprocessingML text, in named styles only: direct formatting cannot be said here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from tools.starters.wording import TAG, said

# Twips (1/20 pt). Letter paper; text width is the page less its margins.
PORTRAIT_TEXT = 9406
LANDSCAPE_TEXT = 13572


def text(words: str) -> str:
    """Escape words but leave document-template tags as Word would store them."""
    return "".join(escape(part) for part in TAG.split(words))


def run(words: str, style: str | None = None) -> str:
    properties = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    lines = [f'<w:t xml:space="preserve">{text(line)}</w:t>' for line in said(words).split("\n")]
    return f"<w:r>{properties}{'<w:br/>'.join(lines)}</w:r>"


def field(instruction: str, cached: str) -> str:
    """A Word field with the text it shows until somebody refreshes it."""
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
    return mark("begin") + code + mark("separate") + run(cached) + mark("end")


TAB = "<w:r><w:tab/></w:r>"


def p(style: str, *parts: str, section: str = "") -> str:
    """A paragraph; parts that are not runs already are taken as words."""
    runs = "".join(part if part.startswith("<") else run(part) for part in parts if part)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{section}</w:pPr>{runs}</w:p>'


def when(condition: str, *blocks: str) -> str:
    """Print the blocks only when the condition holds; each tag stands in a paragraph that disappears."""
    return p("BodyText", f"{{%p if {condition} %}}") + "".join(blocks) + p("BodyText", "{%p endif %}")


def choose(*branches: tuple[str, str]) -> str:
    """The first branch whose condition holds; the condition "" is the last resort."""
    out = []
    for position, (condition, block) in enumerate(branches):
        word = "else" if not condition else f"{'if' if position == 0 else 'elif'} {condition}"
        out.append(p("BodyText", f"{{%p {word} %}}") + block)
    return "".join(out) + p("BodyText", "{%p endif %}")


def each(loop: str, *blocks: str) -> str:
    return p("BodyText", f"{{%p for {loop} %}}") + "".join(blocks) + p("BodyText", "{%p endfor %}")


Cell = str | Sequence[str]


def cell(width: int, content: Cell, middle: bool = False) -> str:
    blocks = [content] if isinstance(content, str) else content
    align = '<w:vAlign w:val="center"/>' if middle else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{align}</w:tcPr>{"".join(blocks)}</w:tc>'


def row(widths: Sequence[int], cells: Iterable[Cell], *, header: bool = False, height: int = 0,
        exact: bool = False, middle: bool = False) -> str:
    rule = "exact" if exact else "atLeast"
    properties = "<w:cantSplit/>"
    properties += f'<w:trHeight w:val="{height}" w:hRule="{rule}"/>' if height else ""
    properties += "<w:tblHeader/>" if header else ""
    written = [cell(width, content, middle) for width, content in zip(widths, cells, strict=True)]
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(written)}</w:tr>"


def tag_row(widths: Sequence[int], tag: str) -> str:
    """A row that only carries a loop or a condition and disappears when the document is written."""
    return row(widths, [p("TableText", tag)] + [p("TableText")] * (len(widths) - 1))


def row_when(widths: Sequence[int], condition: str, *rows: str) -> str:
    return tag_row(widths, f"{{%tr if {condition} %}}") + "".join(rows) + tag_row(widths, "{%tr endif %}")


def row_each(widths: Sequence[int], loop: str, *rows: str) -> str:
    return tag_row(widths, f"{{%tr for {loop} %}}") + "".join(rows) + tag_row(widths, "{%tr endfor %}")


# w:tblLook bits: 0x20 first row, 0x40 last row, 0x80 first column, 0x600 no bands.
LOOK = {"header": "0620", "total": "0660", "label": "0680", "plain": "0600"}


def table(style: str, widths: Sequence[int], rows: Iterable[str], *, says: str, look: str = "header",
          indent: int = 0) -> str:
    """A fixed-width table; `says` is its title and description for a screen reader."""
    value = LOOK[look]
    flags = (f'w:firstRow="{int(look in ("header", "total"))}" w:lastRow="{int(look == "total")}" '
             f'w:firstColumn="{int(look == "label")}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"')
    place = f'<w:tblInd w:w="{indent}" w:type="dxa"/>' if indent else ""
    quoted = text(said(says)).replace('"', "&quot;")
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>{place}'
            f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="{value}" {flags}/>'
            f'<w:tblCaption w:val="{quoted}"/><w:tblDescription w:val="{quoted}"/></w:tblPr>'
            f'<w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>')


def header_row(widths: Sequence[int], *titles: str) -> str:
    """Column titles; a leading # sets a figure column, a leading = a column of chips."""
    styles = {"#": "TableHeaderNumber", "=": "TableHeaderCenter"}
    cells = [p(styles.get(title[0], "TableHeader"), title.lstrip("#=")) for title in titles]
    return row(widths, cells, header=True)


def caption(label: str, number: int, message: str) -> str:
    return p("Caption", run(f"{label} "), field(f"SEQ {label} \\* ARABIC", str(number)), run(f"  {message}"))


SPACER = p("TableSpacer")
NOTHING = p("SectionBreak")
