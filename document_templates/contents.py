"""The contents page: headings bookmarked, numbered as Word will number them, listed as links.

Written at once rather than asked of Word (`updateFields` asks every reader a question). Page numbers need a layout, so
the entries carry none until a layout has been measured and its numbers are given; Word refreshes them with the field.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from lxml import etree

from document_templates import page_numbers
from document_templates.finding import Patch, between, patched, places
from document_templates.relationships import parse

W = page_numbers.W
MARKER = "<!--contents-->"  # values are escaped, so no value can forge it
PLACEHOLDER = "TOC-IS-FILLED-BY-THE-RENDERER"
INSTRUCTION = ' TOC \\o "1-2" \\h \\z \\t "Heading 1 Run On,1,Appendix Heading,1,Appendix Heading Run On,1" '
_MARKER_TEXT = re.compile(rf"{PLACEHOLDER}|{{{{\s*contents\s*}}}}")
_OWN_NUMBER = re.compile(rb'<w:numPr>(?:<w:ilvl w:val="(\d)"/>)?<w:numId w:val="(\d+)"/>')
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>|<w:(tab|br|noBreakHyphen)(?: [^>]*)?/>")


class HeadingStyle(NamedTuple):
    level: int
    listed: bool
    numbering: str  # the abstract list it counts in, "" for none
    depth: int


class Entry(NamedTuple):
    level: int
    number: str
    text: str
    bookmark: str


class Outline:
    """What the template's styles and lists say about headings."""

    def __init__(
        self, styles: bytes | None, numbering: bytes | None, instruction: str = INSTRUCTION, right_edge: int = 0
    ) -> None:
        self.instruction = instruction
        self.right_edge = right_edge  # where page numbers end, for contents styles that do not say so themselves
        self.without_tab: set[str] = set()
        self.styles: dict[str, HeadingStyle] = {}
        self.contents_styles: dict[int, str] = {}
        self.formats: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.numbers = self._lists(numbering) if numbering else {}
        if styles:
            self._read(styles)
        ids = "|".join(map(re.escape, self.styles)) or "(?!)"
        self.heading = re.compile(rf'<w:pStyle w:val="({ids})"/>'.encode())

    def _lists(self, numbering: bytes) -> dict[str, str]:
        root = parse(numbering)
        for abstract in root.findall(f"{W}abstractNum"):
            self.formats[abstract.get(f"{W}abstractNumId", "")] = {
                int(level.get(f"{W}ilvl", "0")): (
                    _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText"),
                    int(_value(level, "start") or 1),
                )
                for level in abstract.findall(f"{W}lvl")
            }
        return {num.get(f"{W}numId", ""): _value(num, "abstractNumId") for num in root.findall(f"{W}num")}

    def _read(self, styles: bytes) -> None:
        root = parse(styles)
        by_id = {s.get(f"{W}styleId", ""): s for s in root.findall(f"{W}style") if s.get(f"{W}type") == "paragraph"}
        listed = self._listed_levels()
        self.without_tab = {style_id for style_id in by_id if not page_numbers.has_right_tab(style_id, by_id)}
        for style_id, style in by_id.items():
            name = _value(style, "name")
            if found := re.fullmatch(r"toc ([1-9])", name, re.IGNORECASE):
                self.contents_styles[int(found[1])] = style_id
            built_in = re.fullmatch(r"heading ([1-9])", name, re.IGNORECASE)
            level = listed.get(name.lower(), 0)
            if built_in or level:
                depth = level or int(built_in[1] if built_in else 1)
                number_id, at = _numbered(style, by_id)
                self.styles[style_id] = HeadingStyle(depth, bool(level), self.numbers.get(number_id, ""), at)

    def _listed_levels(self) -> dict[str, int]:
        levels: dict[str, int] = {}
        if outline := re.search(r'\\o\s*"(\d)-(\d)"', self.instruction):
            for level in range(int(outline[1]), int(outline[2]) + 1):
                levels[f"heading {level}"] = level
        if named := re.search(r'\\t\s*"([^"]*)"', self.instruction):
            words = re.split(r"[,;]", named[1])
            levels |= {
                name.strip().lower(): int(level)
                for name, level in zip(words[::2], words[1::2], strict=False)
                if level.strip().isdigit()
            }
        return levels

    def bookmarked(
        self, xml: bytes, mark: bytes, first_id: int, others: Iterable[Patch]
    ) -> tuple[list[Entry], list[Patch]]:
        """The entries in their order, and what sets a bookmark into the heading of each. `mark` stands before each
        heading's style and goes; `others` may change what a heading says, such as the number of a caption in it."""
        counters: dict[str, list[int]] = {}
        entries: list[Entry] = []
        patches: list[Patch] = []
        others = sorted(others)
        done = 0
        for at in places(xml, mark):
            style_at = at + len(mark)
            patches.append((at, style_at, b""))
            if at < done:  # in a text box that stands inside a heading
                continue
            match = self.heading.match(xml, style_at)
            inside, end = xml.find(b"</w:pPr>", style_at), xml.find(b"</w:p>", style_at)
            if not match or not 0 <= inside < end or not xml.endswith(b"<w:pPr>", 0, at):
                continue
            inside += len(b"</w:pPr>")
            text = plain_text(patched(xml, between(others, inside, end), inside, end).decode())
            if not text:
                continue
            style = self.styles[match[1].decode()]
            if own := _OWN_NUMBER.search(xml, match.end(), inside):  # numbered by hand, or taken out of the count
                style = style._replace(numbering=self.numbers.get(own[2].decode(), ""), depth=int(own[1] or 0))
            number = self.number(style, counters)
            if not style.listed:
                continue
            identity, name = first_id + len(entries), f"_Toc{len(entries) + 1:06d}"
            entries.append(Entry(style.level, number, text, name))
            patches.append((inside, inside, f'<w:bookmarkStart w:id="{identity}" w:name="{name}"/>'.encode()))
            patches.append((end, end, f'<w:bookmarkEnd w:id="{identity}"/>'.encode()))
            done = end
        return entries, patches

    def number(self, style: HeadingStyle, counters: dict[str, list[int]]) -> str:
        levels = self.formats.get(style.numbering)
        if not levels or style.depth not in levels:
            return ""
        counts = counters.setdefault(style.numbering, [0] * 9)
        counts[style.depth] += 1
        counts[style.depth + 1 :] = [0] * (8 - style.depth)
        shown = re.search(r"%\d(?:.*%\d)?", levels[style.depth][1])
        if not shown or levels[style.depth][0] in ("bullet", "none"):
            return ""
        return re.sub(r"%(\d)", lambda found: self._counted(levels, counts, int(found[1]) - 1), shown[0])

    @staticmethod
    def _counted(levels: Mapping[int, tuple[str, str, int]], counts: list[int], depth: int) -> str:
        form, _, start = levels.get(depth, ("decimal", "", 1))
        count = max(counts[depth], 1) + start - 1
        if form == "upperLetter":
            return chr(64 + (count - 1) % 26 + 1) * ((count - 1) // 26 + 1)
        if form == "lowerLetter":
            return chr(96 + (count - 1) % 26 + 1) * ((count - 1) // 26 + 1)
        return _roman(count).upper() if form == "upperRoman" else _roman(count) if form == "lowerRoman" else str(count)

    def field(self, entries: list[Entry], pages: Mapping[str, str]) -> str:
        """The contents as a field that Word can refresh, its entries already in it. `pages`: the numbers shown on the
        pages of the bookmarks, as far as they are known."""
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            f'<w:r><w:instrText xml:space="preserve">{_escaped(self.instruction)}</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        shown = page_numbers.shown_levels(self.instruction)
        rows = [self._row(one, pages.get(one.bookmark, "") if one.level in shown else "") for one in entries]
        rows = rows or [("", "")]
        rows[0] = (rows[0][0], begin + rows[0][1])
        rows[-1] = (rows[-1][0], rows[-1][1] + end)
        return "".join(f"<w:p>{style}{content}</w:p>" for style, content in rows)

    def _row(self, entry: Entry, page: str) -> tuple[str, str]:
        style = self.contents_styles.get(entry.level, "")
        number = f'<w:r><w:t xml:space="preserve">{entry.number}</w:t></w:r><w:r><w:tab/></w:r>' if entry.number else ""
        looks = f'<w:pStyle w:val="{style}"/>' if style else ""
        if page and (not style or style in self.without_tab):
            looks += page_numbers.right_tab(self.right_edge)
        return (
            f"<w:pPr>{looks}</w:pPr>" if looks else "",
            f'<w:hyperlink w:anchor="{entry.bookmark}" w:history="1">{number}'
            f'<w:r><w:t xml:space="preserve">{entry.text}</w:t></w:r>'
            f"{page_numbers.reference(entry.bookmark, page) if page else ''}</w:hyperlink>",
        )


def mark(body: etree._Element) -> str:
    """Put the marker where the template wants its contents; returns the field's own instruction, "" without a field."""
    for paragraph in list(body.iter(f"{W}p")):
        text = "".join(t.text or "" for t in paragraph.iter(f"{W}t")).strip()
        if _MARKER_TEXT.fullmatch(text):
            _swap([paragraph])
            return INSTRUCTION
        for instruction in paragraph.iter(f"{W}instrText"):
            if (instruction.text or "").strip().startswith("TOC"):
                return _mark_field(paragraph)
        simple = paragraph.find(f"{W}fldSimple")
        if simple is not None and (instruction_text := simple.get(f"{W}instr", "")).strip().startswith("TOC"):
            _swap([paragraph])
            return instruction_text
    return ""


def _mark_field(first: etree._Element) -> str:
    """The paragraphs from the field's begin to its end; left alone when they do not lie side by side."""
    depth = 0
    paragraphs = []
    instruction = "".join(i.text or "" for i in first.iter(f"{W}instrText") if "PAGEREF" not in (i.text or ""))
    paragraph: etree._Element | None = first
    while paragraph is not None:
        if paragraph.tag != f"{W}p":
            return ""
        paragraphs.append(paragraph)
        for mark_ in paragraph.iter(f"{W}fldChar"):
            depth += {"begin": 1, "end": -1}.get(mark_.get(f"{W}fldCharType", ""), 0)
        if depth <= 0:
            _swap(paragraphs)
            return instruction
        paragraph = paragraph.getnext()
    return ""


def _swap(paragraphs: list[etree._Element]) -> None:
    parent = paragraphs[0].getparent()
    if parent is None:
        return
    parent.insert(parent.index(paragraphs[0]), etree.Comment("contents"))
    for paragraph in paragraphs:
        parent.remove(paragraph)


def plain_text(xml: str) -> str:
    """The words of a run of XML, still escaped as they stood."""
    breaks = {"tab": " ", "br": " ", "noBreakHyphen": "\u2011"}
    return "".join(breaks[found[2]] if found[2] else found[1] for found in _TEXT.finditer(xml)).strip()


def _numbered(style: etree._Element, by_id: Mapping[str, etree._Element]) -> tuple[str, int]:
    """The list and the depth a style counts in, its own or the ones of the style it is based on."""
    number_id, depth = "", None
    seen: set[str] = set()
    while style is not None:
        properties = style.find(f"{W}pPr/{W}numPr")
        if properties is not None:
            number_id = number_id or _value(properties, "numId")
            depth = _value(properties, "ilvl") if depth is None and _value(properties, "ilvl") else depth
            if number_id:
                break
        base = _value(style, "basedOn")
        if base in seen or base not in by_id:
            break
        seen.add(base)
        style = by_id[base]
    return number_id, int(depth or 0)


def _value(element: etree._Element, child: str) -> str:
    found = element.find(f"{W}{child}")
    return "" if found is None else found.get(f"{W}val", "")


def _roman(count: int) -> str:
    out = ""
    for value, letters in ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        while count >= value:
            out, count = out + letters, count - value
    return out


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
