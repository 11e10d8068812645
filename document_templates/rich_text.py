"""Text with looks of its own as a value: what docxtpl calls RichText, RichTextParagraph and Listing, as plain data.

Looks are checked when they are given, words are escaped when they are printed, and properties stand in the order that
Word's schema has them in.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from document_templates.links import MARK, SIGN, checked_link
from document_templates.refusals import UnusableLook
from document_templates.relationships import OFFICE

UNDERLINES = ("single", "double", "thick", "dotted", "dash", "dotDash", "dotDotDash", "wave")
_NAME = re.compile(r"[\w .,:()-]{1,120}")
_COLOUR = re.compile(r"#?([0-9A-Fa-f]{6})")
_REGIONS = ("eastAsia", "cs", "ascii", "hAnsi")
PARAGRAPH_MARK, PAGE_MARK = f"<!--{SIGN}paragraph-->", f"<!--{SIGN}page-->"  # a listing's own; values cannot forge them
_QUOTES = {'"': "&quot;"}


@dataclass(frozen=True)
class Run:
    """Words and their looks. `size` in half points, as Word counts; `font` may name a region, `eastAsia:SimSun`."""

    text: str
    style: str = ""
    color: str = ""
    highlight: str = ""
    size: int = 0
    subscript: bool = False
    superscript: bool = False
    bold: bool = False
    italic: bool = False
    underline: str | bool = ""
    strike: bool = False
    font: str = ""
    link: str = ""
    rtl: bool = False
    lang: str = ""

    def __post_init__(self) -> None:
        for name in (self.style, self.font, self.lang):
            if name and not _NAME.fullmatch(name):
                raise UnusableLook(name)
        for colour in (self.color, self.highlight):
            if colour and not _COLOUR.fullmatch(colour):
                raise UnusableLook(colour)
        if not 0 <= self.size <= 3276:
            raise UnusableLook(str(self.size))
        if self.link:
            checked_link(self.link)

    def xml(self) -> str:
        looks = self._looks()
        looks = f"<w:rPr>{looks}</w:rPr>" if looks else ""
        run = f'<w:r>{looks}<w:t xml:space="preserve">{escape(self.text)}</w:t></w:r>'
        if not self.link:
            return run
        target = escape(self.link, _QUOTES)
        return f'<w:hyperlink xmlns:r="{OFFICE}" r:id="{MARK}{target}" w:tgtFrame="_blank">{run}</w:hyperlink>'

    def _looks(self) -> str:
        found = []
        if self.style:
            found.append(f'<w:rStyle w:val="{escape(self.style, _QUOTES)}"/>')
        if self.font:
            found.append(self._fonts())
        for wanted, names in ((self.bold, ("b", "bCs")), (self.italic, ("i", "iCs"))):
            found += [f"<w:{name}/>" for name in names[: 2 if self.rtl else 1]] if wanted else []
        if self.strike:
            found.append("<w:strike/>")
        if self.color:
            found.append(f'<w:color w:val="{self.color.lstrip("#")}"/>')
        if self.size:
            found.append(f'<w:sz w:val="{self.size}"/><w:szCs w:val="{self.size}"/>')
        if self.underline:
            found.append(f'<w:u w:val="{self.underline if self.underline in UNDERLINES else "single"}"/>')
        if self.highlight:
            found.append(f'<w:shd w:val="clear" w:color="auto" w:fill="{self.highlight.lstrip("#")}"/>')
        if self.subscript or self.superscript:
            found.append(f'<w:vertAlign w:val="{"superscript" if self.superscript else "subscript"}"/>')
        if self.rtl:
            found.append('<w:rtl w:val="true"/>')
        if self.lang:
            found.append(f'<w:lang w:val="{escape(self.lang, _QUOTES)}"/>')
        return "".join(found)

    def _fonts(self) -> str:
        region, _, named = self.font.rpartition(":")
        name = escape(named, _QUOTES)
        fonts = {"ascii": name, "hAnsi": name, "cs": name}
        if region in _REGIONS:
            fonts[region] = name
        return f"<w:rFonts{''.join(f' w:{key}={chr(34)}{value}{chr(34)}' for key, value in fonts.items())}/>"


@dataclass(frozen=True)
class RichText:
    """`{{r text }}`: several runs inside a paragraph of the template."""

    pieces: tuple["Run | RichText | str", ...] = ()

    def runs(self) -> str:
        return "".join(
            piece.runs() if isinstance(piece, RichText) else (piece if isinstance(piece, Run) else Run(piece)).xml()
            for piece in self.pieces
        )


@dataclass(frozen=True)
class RichParagraph:
    text: RichText | str
    style: str = ""

    def __post_init__(self) -> None:
        if self.style and not _NAME.fullmatch(self.style):
            raise UnusableLook(self.style)

    def xml(self) -> str:
        style = f'<w:pPr><w:pStyle w:val="{escape(self.style, _QUOTES)}"/></w:pPr>' if self.style else ""
        text = self.text if isinstance(self.text, RichText) else RichText((self.text,))
        return f"<w:p>{style}{text.runs()}</w:p>"


@dataclass(frozen=True)
class RichParagraphs:
    """`{{p text }}`: paragraphs of their own, each with the name of its style."""

    paragraphs: tuple[RichParagraph, ...] = field(default=())

    def xml(self) -> str:
        return "".join(one.xml() for one in self.paragraphs)


@dataclass(frozen=True)
class Listing:
    r"""`{{ text }}` in the looks around it: `\n` a new line, `\t` a tab, `\a` a new paragraph, `\f` a new page."""

    text: Any

    def inside(self) -> str:
        return escape(str(self.text)).replace("\a", PARAGRAPH_MARK).replace("\f", PAGE_MARK)
