"""The native stacked bar of ratings by clause, with the workbook that Word opens on Edit Data."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

import xlsxwriter

from tools.starters.wording import said

# Series in reading order: (name, fill, label colour). Accents 3 to 6 are the rating scale: no brand changes them.
SERIES = (
    ("Effective", '<a:schemeClr val="accent3"/>', "bg1"),
    ("Developing", '<a:schemeClr val="accent4"/>', "tx1"),
    ("Informal", '<a:schemeClr val="accent5"/>', "tx1"),
    ("Absent", '<a:schemeClr val="accent6"/>', "bg1"),
    ("Not verified", '<a:schemeClr val="bg1"><a:lumMod val="75000"/></a:schemeClr>', "tx1"),
)
# What an author sees in Word before any data arrives.
SAMPLE = (
    ("4 Context of the organization", (1, 1, 1, 1, 0)),
    ("5 Leadership and worker participation", (1, 1, 1, 1, 0)),
    ("6 Planning", (1, 2, 2, 2, 1)),
    ("7 Support", (2, 3, 2, 1, 1)),
    ("8 Operation", (1, 2, 2, 1, 1)),
    ("9 Performance evaluation", (1, 1, 1, 1, 1)),
    ("10 Improvement", (1, 1, 1, 0, 0)),
)

# So that building twice gives the same bytes.
FIXED_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

NAMESPACES = ('xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
              'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
              'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"')


def _letters(size: int, colour: str, bold: bool = False) -> str:
    """Text properties of a chart part; size in hundredths of a point."""
    return (f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{size}" b="{int(bold)}"><a:solidFill>'
            f'<a:schemeClr val="{colour}"/></a:solidFill><a:latin typeface="+mn-lt"/></a:defRPr></a:pPr>'
            '<a:endParaRPr lang="en-CA"/></a:p></c:txPr>')


def _points(values: Sequence[object]) -> str:
    return f'<c:ptCount val="{len(values)}"/>' + "".join(
        f'<c:pt idx="{place}"><c:v>{said(str(value))}</c:v></c:pt>' for place, value in enumerate(values))


def _series(place: int) -> str:
    name, fill, label = SERIES[place]
    column = "BCDEF"[place]
    last = len(SAMPLE) + 1
    categories = [category for category, _ in SAMPLE]
    values = [counts[place] for _, counts in SAMPLE]
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>'
        f"<c:tx><c:strRef><c:f>Sheet1!${column}$1</c:f><c:strCache>{_points([name])}</c:strCache></c:strRef></c:tx>"
        f'<c:spPr><a:solidFill>{fill}</a:solidFill><a:ln w="9525"><a:solidFill><a:schemeClr val="bg1"/></a:solidFill>'
        '</a:ln></c:spPr><c:invertIfNegative val="0"/>'
        # "0;;" keeps zeros silent
        '<c:dLbls><c:numFmt formatCode="0;;" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
        f'{_letters(900, label, bold=True)}<c:dLblPos val="ctr"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache>{_points(categories)}</c:strCache></c:strRef>"
        f"</c:cat><c:val><c:numRef><c:f>Sheet1!${column}$2:${column}${last}</c:f><c:numCache>"
        f"<c:formatCode>General</c:formatCode>{_points(values)}</c:numCache></c:numRef></c:val></c:ser>")


def chart_xml() -> str:
    quiet = '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
    hairline = ('<c:spPr><a:ln w="6350"><a:solidFill><a:schemeClr val="tx2"><a:lumMod val="25000"/>'
                '<a:lumOff val="75000"/></a:schemeClr></a:solidFill></a:ln></c:spPr>')
    number = '<c:numFmt formatCode="General" sourceLinked="0"/>'
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace {NAMESPACES}><c:date1904 val="0"/>'
        '<c:lang val="en-CA"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        '<c:barChart><c:barDir val="bar"/><c:grouping val="stacked"/><c:varyColors val="0"/>'
        + "".join(_series(place) for place in range(len(SERIES)))
        + '<c:gapWidth val="35"/><c:overlap val="100"/><c:axId val="111"/><c:axId val="222"/></c:barChart>'
        '<c:catAx><c:axId val="111"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="l"/>{number}{quiet}<c:tickLblPos val="low"/>{hairline}{_letters(950, "tx1")}'
        '<c:crossAx val="222"/><c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>'
        '<c:valAx><c:axId val="222"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        f'<c:delete val="1"/><c:axPos val="b"/>{number}{quiet}<c:tickLblPos val="nextTo"/>'
        f'<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{_letters(900, "tx1")}<c:crossAx val="111"/><c:crosses val="max"/>'
        '<c:crossBetween val="between"/></c:valAx></c:plotArea>'
        f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_letters(900, "tx1")}</c:legend>'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f'<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_letters(900, "tx1")}'
        '<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>')


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": FIXED_DAY})
        sheet = book.add_worksheet("Sheet1")
        for column, (name, _, _) in enumerate(SERIES, start=1):
            sheet.write(0, column, said(name))
        for line, (category, counts) in enumerate(SAMPLE, start=1):
            sheet.write(line, 0, said(category))
            for column, count in enumerate(counts, start=1):
                sheet.write(line, column, count)
    return out.getvalue()


def drawing(key: str, relationship: str, identifier: int, width_cm: float, height_cm: float) -> str:
    """The inline drawing; its name is the key under which the data arrives."""
    width, height = int(width_cm * 360000), int(height_cm * 360000)  # EMU
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{identifier}" name="{key}" descr="{{{{ charts.{key}.alt }}}}"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{relationship}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>')
