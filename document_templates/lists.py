"""Lists that a value makes, in the styles of the template: each numbered one begins at its own first number."""

import re

from lxml import etree

from document_templates.contents import W
from document_templates.links import SIGN
from document_templates.relationships import parse

# Stand for a list of its own until the document is whole; values cannot forge them.
_FIRST, _NEXT = f"{SIGN}first:", f"{SIGN}next:"
_MARKED = re.compile(rf'<w:numId w:val="(?P<which>{_FIRST}|{_NEXT})(?P<depth>\d+):(?P<in>[^":]*):(?P<start>\d+)"/>')


class ListStyles:
    """The paragraph styles of a template by their names in English, and which list a numbered one counts in."""

    def __init__(self, styles: bytes | None, numbering: bytes | None) -> None:
        self.ids: dict[str, str] = {}
        self.counted: dict[str, tuple[str, int]] = {}  # style id: abstract list, level
        self._numbering = numbering
        if styles:
            self._read(styles)

    def _read(self, styles: bytes) -> None:
        root = parse(styles)
        by_id = {
            one.get(f"{W}styleId", ""): one for one in root.iter(f"{W}style") if one.get(f"{W}type") == "paragraph"
        }
        abstract = self._abstract_lists()
        for style_id, style in by_id.items():
            self.ids.setdefault(_value(style, "name").lower(), style_id)
            number = style.find(f"{W}pPr/{W}numPr")
            if number is not None and (found := abstract.get(_value(number, "numId"))):
                self.counted[style_id] = found, int(_value(number, "ilvl") or 0)

    def _abstract_lists(self) -> dict[str, str]:
        if not self._numbering:
            return {}
        return {
            num.get(f"{W}numId", ""): _value(num, "abstractNumId") for num in parse(self._numbering).iter(f"{W}num")
        }

    def settled(self, xml: bytes) -> tuple[bytes, bytes] | None:
        """The body with real lists, and the lists with the new ones; None where no value made a numbered list."""
        if f'"{_FIRST}'.encode() not in xml or not self._numbering:
            return None
        root = parse(self._numbering)
        nums = root.findall(f"{W}num")
        last = max(int(num.get(f"{W}numId", "0")) for num in nums)
        given: list[etree._Element] = []
        current: dict[str, str] = {}  # by how deep a list stands

        def settle(match: re.Match[str]) -> str:
            if match["which"] == _FIRST:
                current[match["depth"]] = str(last + len(given) + 1)
                given.append(_new(current[match["depth"]], *self.counted[match["in"]], match["start"]))
            return f'<w:numId w:val="{current[match["depth"]]}"/>'

        xml = _MARKED.sub(settle, xml.decode()).encode()
        for one in reversed(given):
            nums[-1].addnext(one)
        return xml, etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def number_mark(style: str, depth: int, start: int, *, first: bool) -> str:
    """The number of one entry, in the list that the entries before it at this depth began."""
    which = _FIRST if first else _NEXT
    return f'<w:numPr><w:numId w:val="{which}{depth}:{style}:{start}"/></w:numPr>'


def _new(number: str, abstract: str, level: int, start: str) -> etree._Element:
    num = etree.Element(f"{W}num", {f"{W}numId": number})
    etree.SubElement(num, f"{W}abstractNumId", {f"{W}val": abstract})
    override = etree.SubElement(num, f"{W}lvlOverride", {f"{W}ilvl": str(level)})
    etree.SubElement(override, f"{W}startOverride", {f"{W}val": start})
    return num


def _value(element: etree._Element, child: str) -> str:
    found = element.find(f"{W}{child}")
    return "" if found is None else found.get(f"{W}val", "")
