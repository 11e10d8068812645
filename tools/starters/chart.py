"""Native charts, each with the workbook that Word opens on Edit Data: bars, columns and a radar."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import NamedTuple

import xlsxwriter

from tools.starters.wording import said


class Series(NamedTuple):
    """Colours are the theme's: accents 3 to 6 are the rating scale, which no brand changes."""

    name: str
    fill: str
    label: str = "tx1"


class Chart(NamedTuple):
    """What an author sees in Word before any data arrives; `form` is bars, columns or radar."""

    form: str
    series: tuple[Series, ...]
    sample: tuple[tuple[str, tuple[float, ...]], ...]


GREY = '<a:schemeClr val="bg1"><a:lumMod val="75000"/></a:schemeClr>'


def _accent(number: int) -> str:
    return f'<a:schemeClr val="accent{number}"/>'


RATINGS = (
    Series("Effective", _accent(3), "bg1"),
    Series("Developing", _accent(4)),
    Series("Informal", _accent(5)),
    Series("Absent", _accent(6), "bg1"),
    Series("Not verified", GREY),
)
GRADES = (Series("Major", _accent(6), "bg1"), Series("Minor", _accent(5)), Series("Opportunity", GREY))
CLAUSES = ("4 Context", "5 Leadership", "6 Planning", "7 Support", "8 Operation", "9 Performance", "10 Improvement")
CHARTS = {
    "by_clause": Chart("bars", RATINGS, (
        ("4 Context of the organization", (1, 1, 1, 1, 0)),
        ("5 Leadership and worker participation", (1, 1, 1, 1, 0)),
        ("6 Planning", (1, 2, 2, 2, 1)),
        ("7 Support", (2, 3, 2, 1, 1)),
        ("8 Operation", (1, 2, 2, 1, 1)),
        ("9 Performance evaluation", (1, 1, 1, 1, 1)),
        ("10 Improvement", (1, 1, 1, 0, 0)),
    )),
    "readiness": Chart("radar", (Series("Readiness, %", _accent(1)),), tuple(
        (clause, (percent,)) for clause, percent in zip(CLAUSES, (40, 55, 35, 50, 45, 25, 60), strict=True))),
    "findings": Chart("columns", GRADES, tuple(
        (clause, counts) for clause, counts in zip(
            CLAUSES, ((0, 1, 1), (1, 1, 0), (2, 1, 1), (0, 2, 1), (1, 3, 0), (2, 1, 0), (0, 1, 1)), strict=True))),
    "statuses": Chart("columns", GRADES, (
        ("Closed", (1, 2, 1)), ("Verified", (1, 0, 1)), ("Done, to verify", (1, 1, 0)), ("Open", (2, 2, 1)),
        ("Planned", (1, 1, 0)), ("Overdue", (1, 0, 0)))),
    "effort": Chart("columns", (Series("Days of effort", _accent(1), "bg1"),), (
        ("Next 30 days", (4,)), ("Months 1 to 3", (9.5,)), ("Months 3 to 6", (7,)), ("Months 6 to 12", (6,)))),
}
# Relationship of each chart in a starter; those of styles, headers and footers are lower.
RELATIONSHIPS = {key: f"rId{place}" for place, key in enumerate(CHARTS, start=20)}

# So that building twice gives the same bytes.
FIXED_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

NAMESPACES = ('xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
              'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
              'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"')
QUIET = '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
HAIRLINE = ('<c:spPr><a:ln w="6350"><a:solidFill><a:schemeClr val="tx2"><a:lumMod val="25000"/>'
            '<a:lumOff val="75000"/></a:schemeClr></a:solidFill></a:ln></c:spPr>')
GRID = f"<c:majorGridlines>{HAIRLINE}</c:majorGridlines>"
NUMBER = '<c:numFmt formatCode="General" sourceLinked="0"/>'
OVER_EACH_OTHER = '<c:overlap val="100"/>'
NO_LINE = "<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>"


def _letters(size: int, colour: str, bold: bool = False) -> str:
    """Text properties of a chart part; size in hundredths of a point."""
    return (f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{size}" b="{int(bold)}"><a:solidFill>'
            f'<a:schemeClr val="{colour}"/></a:solidFill><a:latin typeface="+mn-lt"/></a:defRPr></a:pPr>'
            '<a:endParaRPr lang="en-CA"/></a:p></c:txPr>')


def _points(values: Sequence[object]) -> str:
    return f'<c:ptCount val="{len(values)}"/>' + "".join(
        f'<c:pt idx="{place}"><c:v>{said(str(value))}</c:v></c:pt>' for place, value in enumerate(values))


def _look(form: str, fill: str) -> str:
    if form == "radar":
        solid = f"<a:solidFill>{fill}</a:solidFill>"
        return (f'<c:spPr><a:ln w="31750">{solid}</a:ln></c:spPr><c:marker><c:symbol val="circle"/><c:size val="6"/>'
                f"<c:spPr>{solid}</c:spPr></c:marker>")
    return (f'<c:spPr><a:solidFill>{fill}</a:solidFill><a:ln w="9525"><a:solidFill><a:schemeClr val="bg1"/>'
            '</a:solidFill></a:ln></c:spPr><c:invertIfNegative val="0"/>')


def _labels(chart: Chart, colour: str) -> str:
    """Zeros stay silent where parts are stacked: "0;;". Days may have a decimal, and a phase without any says 0."""
    stacked = chart.form != "radar" and len(chart.series) > 1
    place = "" if chart.form == "radar" else f'<c:dLblPos val="{"ctr" if stacked else "outEnd"}"/>'
    pattern = "0;;" if stacked else "General"
    return (f'<c:dLbls><c:numFmt formatCode="{pattern}" sourceLinked="0"/>'
            "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
            f'{_letters(900, colour if stacked else "tx1", bold=True)}{place}<c:showLegendKey val="0"/>'
            '<c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
            '<c:showBubbleSize val="0"/></c:dLbls>')


def _series(chart: Chart, place: int) -> str:
    name, fill, label = chart.series[place]
    column = "BCDEF"[place]
    last = len(chart.sample) + 1
    categories = [category for category, _ in chart.sample]
    values = [numbers[place] for _, numbers in chart.sample]
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>'
        f"<c:tx><c:strRef><c:f>Sheet1!${column}$1</c:f><c:strCache>{_points([name])}</c:strCache></c:strRef></c:tx>"
        f"{_look(chart.form, fill)}{_labels(chart, label)}"
        f"<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache>{_points(categories)}</c:strCache></c:strRef>"
        f"</c:cat><c:val><c:numRef><c:f>Sheet1!${column}$2:${column}${last}</c:f><c:numCache>"
        f"<c:formatCode>General</c:formatCode>{_points(values)}</c:numCache></c:numRef></c:val></c:ser>")


def _plot(chart: Chart) -> str:
    drawn = "".join(_series(chart, place) for place in range(len(chart.series)))
    if chart.form == "radar":
        return ('<c:radarChart><c:radarStyle val="marker"/><c:varyColors val="0"/>' + drawn
                + '<c:axId val="111"/><c:axId val="222"/></c:radarChart>')
    bars, stacked = chart.form == "bars", len(chart.series) > 1
    return (f'<c:barChart><c:barDir val="{"bar" if bars else "col"}"/>'
            f'<c:grouping val="{"stacked" if stacked else "clustered"}"/><c:varyColors val="0"/>{drawn}'
            f'<c:gapWidth val="{35 if bars else 60}"/>{OVER_EACH_OTHER if stacked else ""}'
            '<c:axId val="111"/><c:axId val="222"/></c:barChart>')


def _axes(form: str) -> str:
    """A radar keeps its scale from 0 to 100; bars and columns carry their numbers and need none."""
    names, scale = {
        "bars": (f'<c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/><c:axPos val="l"/>{NUMBER}'
                 f'{QUIET}<c:tickLblPos val="low"/>{HAIRLINE}{_letters(950, "tx1")}',
                 f'<c:min val="0"/></c:scaling><c:delete val="1"/><c:axPos val="b"/>{NUMBER}{QUIET}'
                 f'<c:tickLblPos val="nextTo"/>{NO_LINE}{_letters(900, "tx1")}<c:crossAx val="111"/>'
                 '<c:crosses val="max"/><c:crossBetween val="between"/>'),
        "columns": (f'<c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/>{NUMBER}'
                    f'{QUIET}<c:tickLblPos val="low"/>{HAIRLINE}{_letters(900, "tx1")}',
                    f'<c:min val="0"/></c:scaling><c:delete val="1"/><c:axPos val="l"/>{NUMBER}{QUIET}'
                    f'<c:tickLblPos val="nextTo"/>{NO_LINE}{_letters(900, "tx1")}<c:crossAx val="111"/>'
                    '<c:crosses val="autoZero"/><c:crossBetween val="between"/>'),
        "radar": (f'<c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/>{GRID}'
                  f'{NUMBER}{QUIET}<c:tickLblPos val="nextTo"/>{HAIRLINE}{_letters(950, "tx2", bold=True)}',
                  f'<c:max val="100"/><c:min val="0"/></c:scaling><c:delete val="0"/><c:axPos val="l"/>{GRID}'
                  # no numbers on the scale: in the middle they would stand on the labels of low values
                  f'<c:numFmt formatCode="0" sourceLinked="0"/>{QUIET}<c:tickLblPos val="none"/>{HAIRLINE}'
                  f'{_letters(800, "tx1")}<c:crossAx val="111"/><c:crosses val="autoZero"/>'
                  '<c:crossBetween val="between"/><c:majorUnit val="20"/>'),
    }[form]
    return (f'<c:catAx><c:axId val="111"/>{names}<c:crossAx val="222"/><c:crosses val="autoZero"/><c:auto val="1"/>'
            '<c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>'
            f'<c:valAx><c:axId val="222"/><c:scaling><c:orientation val="minMax"/>{scale}</c:valAx>')


def chart_xml(key: str) -> str:
    chart = CHARTS[key]
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace {NAMESPACES}><c:date1904 val="0"/>'
        '<c:lang val="en-CA"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f"{_plot(chart)}{_axes(chart.form)}</c:plotArea>"
        f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_letters(900, "tx1")}</c:legend>'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f'<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_letters(900, "tx1")}'
        '<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>')


def workbook(key: str) -> bytes:
    chart, out = CHARTS[key], io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": FIXED_DAY})
        sheet = book.add_worksheet("Sheet1")
        for column, series in enumerate(chart.series, start=1):
            sheet.write(0, column, said(series.name))
        for line, (category, numbers) in enumerate(chart.sample, start=1):
            sheet.write(line, 0, said(category))
            for column, number in enumerate(numbers, start=1):
                sheet.write(line, column, number)
    return out.getvalue()


def drawing(key: str, identifier: int, width_cm: float, height_cm: float) -> str:
    """The inline drawing; its name is the key under which the data arrives."""
    width, height = int(width_cm * 360000), int(height_cm * 360000)  # EMU
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{identifier}" name="{key}" descr="{{{{ charts.{key}.alt }}}}"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{RELATIONSHIPS[key]}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>')
