"""Native charts: a chart that an author drew and formatted in Word gets the figures of this document.

Only what stands for data is rewritten (names, categories, values, their cells); colours, axes, labels and size stay.
The drawing's name in Word (Selection Pane, or `wp:docPr/@name`) says which figures it shows. Some editors give drawings
new names when they save, so a description made of a tag, `{{ charts.by_clause.alt }}`, says it as well and goes first.
"""

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from lxml import etree

from document_templates.refusals import ChartMismatch
from document_templates.relationships import parse

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_DESCRIBED = re.compile(r"{{\s*charts\.(\w+)\.")
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")

_SLOT_SIGN = "\ue0f2"  # of private use; a chart that holds it is written the long way
_MOST_KEPT, _LARGEST_KEPT = 200, 200_000  # categories, bytes: a chart of any report is far smaller


class Drawing(NamedTuple):
    """A chart as it stands in a part of the template."""

    key: str
    relation: str


class Series(NamedTuple):
    name: str
    values: list[float | None]


class Figures(NamedTuple):
    categories: list[str]
    series: list[Series]


def drawings(root: etree._Element) -> list[Drawing]:
    found = []
    for properties in root.iter(f"{_WP}docPr"):
        holder = properties.getparent()
        for chart in holder.iter(f"{C}chart") if holder is not None else ():
            if relation := chart.get(f"{_R}id"):
                described = _DESCRIBED.search(properties.get("descr", ""))
                found.append(Drawing(described[1] if described else properties.get("name", ""), relation))
    return found


def figures(key: str, given: Mapping[str, Any]) -> Figures:
    """The figures of one chart, checked: a wrong length here would be a wrong bar in a client's report."""
    categories = [str(category) for category in given.get("categories", ())]
    series = []
    for one in given.get("series", ()):
        values = [_number(key, value) for value in one.get("values", ())]
        if len(values) != len(categories):
            raise ChartMismatch(key, f"“{one.get('name')}” has {len(values)} values for {len(categories)} categories")
        series.append(Series(str(one.get("name", "")), values))
    return Figures(categories, series)


def _number(key: str, value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ChartMismatch(key, f"“{value}” is not a number")
    return int(value) if value == int(value) else value  # 14.0 days are 14, as Word and LibreOffice write them too


def filled(key: str, part: bytes, data: Figures) -> bytes:
    """The chart part with its caches rewritten, matched series by series in their order."""
    if len(data.categories) > _MOST_KEPT or len(part) > _LARGEST_KEPT or _SLOT_SIGN.encode() in part:
        return _rewritten(key, part, data)
    gaps = frozenset((s, c) for s, one in enumerate(data.series) for c, value in enumerate(one.values) if value is None)
    texts = {f"c{number}": escape(cleaned(name)) for number, name in enumerate(data.categories)}
    for number, one in enumerate(data.series):
        texts[f"s{number}"] = escape(cleaned(one.name))
        texts |= {f"v{number}.{at}": str(value) for at, value in enumerate(one.values)}
    pieces = _kept(key, part, len(data.categories), len(data.series), gaps)
    return "".join(texts[piece] if at % 2 else piece for at, piece in enumerate(pieces)).encode()


@lru_cache(maxsize=64)
def _kept(key: str, part: bytes, categories: int, series: int, gaps: frozenset[tuple[int, int]]) -> list[str]:
    """A chart for this many figures, cut where they stand: every second piece is the name of a figure."""

    def slot(name: str) -> Any:
        return f"{_SLOT_SIGN}{name}{_SLOT_SIGN}"

    empty = [
        Series(slot(f"s{s}"), [None if (s, c) in gaps else slot(f"v{s}.{c}") for c in range(categories)])
        for s in range(series)
    ]
    names = [slot(f"c{number}") for number in range(categories)]
    return _rewritten(key, part, Figures(names, empty)).decode().split(_SLOT_SIGN)


def _rewritten(key: str, part: bytes, data: Figures) -> bytes:
    root = parse(part)
    series = list(root.iter(f"{C}ser"))
    if len(series) != len(data.series):
        raise ChartMismatch(key, f"it draws {len(series)} series and is given {len(data.series)}")
    for column, (element, given) in enumerate(zip(series, data.series, strict=True), 1):
        if element.find(f"{C}xVal") is not None:
            raise ChartMismatch(key, "scatter and bubble charts are not filled")
        _series(element, letter(column), given, data.categories)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _series(element: etree._Element, letter: str, given: Series, categories: list[str]) -> None:
    last = len(categories) + 1
    title = element.find(f"{C}tx")
    if title is None:
        title = etree.Element(f"{C}tx")
        order = element.find(f"{C}order")
        element.insert(0 if order is None else element.index(order) + 1, title)
    for child in list(title):
        title.remove(child)
    _strings(title, f"Sheet1!${letter}$1", [given.name])
    for point in [*element.findall(f"{C}dPt"), *element.findall(f"{C}dLbls/{C}dLbl")]:
        index = point.find(f"{C}idx")
        parent = point.getparent()
        if index is not None and parent is not None and int(index.get("val", "0")) >= len(categories):
            parent.remove(point)
    names, values = element.find(f"{C}cat"), element.find(f"{C}val")
    if values is None:
        values = etree.Element(f"{C}val")
        _before_tail(element, values)
    if names is None:
        names = etree.Element(f"{C}cat")
        values.addprevious(names)
    for child in list(names):
        names.remove(child)
    _strings(names, f"Sheet1!$A$2:$A${last}", categories)
    form = values.find(f".//{C}formatCode")
    pattern = "General" if form is None else form.text or "General"
    for child in list(values):
        values.remove(child)
    reference = etree.SubElement(values, f"{C}numRef")
    etree.SubElement(reference, f"{C}f").text = f"Sheet1!${letter}$2:${letter}${last}"
    cache = etree.SubElement(reference, f"{C}numCache")
    etree.SubElement(cache, f"{C}formatCode").text = pattern
    _points(cache, [None if value is None else str(value) for value in given.values])


def _before_tail(element: etree._Element, new: etree._Element) -> None:
    """`c:val` comes before smooth, shape and extensions, after everything else."""
    for child in element:
        if child.tag in (f"{C}smooth", f"{C}shape", f"{C}extLst"):
            child.addprevious(new)
            return
    element.append(new)


def _strings(parent: etree._Element, formula: str, texts: list[str]) -> None:
    reference = etree.SubElement(parent, f"{C}strRef")
    etree.SubElement(reference, f"{C}f").text = formula
    _points(etree.SubElement(reference, f"{C}strCache"), [cleaned(text) for text in texts])


def _points(cache: etree._Element, texts: list[str | None]) -> None:
    etree.SubElement(cache, f"{C}ptCount").set("val", str(len(texts)))
    for index, text in enumerate(texts):
        if text is not None:
            point = etree.SubElement(cache, f"{C}pt")
            point.set("idx", str(index))
            etree.SubElement(point, f"{C}v").text = text


def letter(column: int) -> str:
    return chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)


def cleaned(text: str) -> str:
    return _NOT_XML.sub("", text)
