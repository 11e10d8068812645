"""`{{p note|markdown }}`: a note typed in Markdown becomes paragraphs in the template's own styles.

What consultants type: bold, italics, lists, numbered lists, lines, links, headings (bold: a note makes no chapters).
Everything else stays as typed, so "> 5 ppm", "<none>" or a line of dashes loses nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from jinja2 import pass_context
from jinja2.runtime import Context
from markdown_it import MarkdownIt
from markdown_it.token import Token

from document_templates.fragments import Fragment
from document_templates.lists import ListStyles, number_mark

STYLES = "_styles"
PLAIN, BULLET, NUMBER = "Body Text", "List Bullet", "List Number"
_NOT_READ = (
    "html_block",
    "html_inline",
    "image",
    "reference",
    "lheading",
    "fence",
    "hr",
    "blockquote",
    "code",
    "entity",
)
_READER = MarkdownIt("commonmark", {"maxNesting": 20}).disable(list(_NOT_READ))
_DEEPEST = 5  # Word has List Bullet to List Bullet 5


@dataclass
class _List:
    """A list that is open: its style, or the sign it is typed with where the template has no such style."""

    style: str
    counts: int = 0  # the next number, 0 for dots
    counted: bool = False  # the style numbers
    begun: bool = False


@dataclass
class _Note:
    styles: ListStyles
    plain: str
    out: list[str] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    item: bool = False  # the next paragraph is the first of its list entry
    heading: bool = False

    def read(self, text: str) -> str:
        for token in _READER.parse(text):
            self._block(token)
        return "".join(self.out) or f"<w:p>{self._properties(self.plain)}</w:p>"

    def _block(self, token: Token) -> None:
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            self.lists.append(self._opened(token))
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif kind == "list_item_open":
            self.item = True
        elif kind in ("heading_open", "heading_close"):
            self.heading = kind == "heading_open"
        elif kind == "inline":
            self.out.append(self._paragraph("".join(_runs(token.children or [], bold=self.heading))))
        elif kind == "list_item_close" and self.item:  # an entry of no words
            self.out.append(self._paragraph(""))

    def _opened(self, token: Token) -> _List:
        numbered = token.type == "ordered_list_open"
        name, deep = (NUMBER if numbered else BULLET), min(len(self.lists) + 1, _DEEPEST)
        names = ([f"{name} {deep}"] if deep > 1 else []) + [name]
        style = next((self.styles.ids[one.lower()] for one in names if one.lower() in self.styles.ids), "")
        return _List(style, int(token.attrs.get("start", 1)) if numbered else 0, style in self.styles.counted)

    def _paragraph(self, runs: str) -> str:
        if not (self.item and self.lists):
            return f"<w:p>{self._properties(self.plain)}{runs}</w:p>"
        self.item = False
        inner = self.lists[-1]
        number, sign = "", ""
        if inner.counts and inner.counted:
            number = number_mark(inner.style, len(self.lists), inner.counts, first=not inner.begun)
        elif inner.counts or not inner.style:
            sign = f"{inner.counts}. " if inner.counts else "• "
        inner.begun, inner.counts = True, inner.counts + (1 if inner.counts else 0)
        sign = f'<w:r><w:t xml:space="preserve">{sign}</w:t></w:r>' if sign else ""
        style = self.plain if sign else inner.style
        return f"<w:p>{self._properties(style, number)}{sign}{runs}</w:p>"

    @staticmethod
    def _properties(style: str, number: str = "") -> str:
        style = f'<w:pStyle w:val="{style}"/>' if style else ""
        return f"<w:pPr>{style}{number}</w:pPr>" if style or number else ""


def _runs(tokens: list[Token], *, bold: bool) -> Iterator[str]:
    strong, slanted = int(bold), 0
    shown, target = "", ""
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            strong += 1 if token.nesting > 0 else -1
        elif token.type in ("em_open", "em_close"):
            slanted += 1 if token.nesting > 0 else -1
        elif token.type == "link_open":
            shown, target = "", str(token.attrs.get("href", ""))
        elif token.type == "link_close":
            if shown.strip() not in (target, target.removeprefix("mailto:")):
                yield _run(f" ({target})", strong, slanted)
            target = ""
        elif token.type in ("softbreak", "hardbreak"):
            yield "<w:r><w:br/></w:r>"
        elif token.content:
            shown += token.content
            yield _run(token.content, strong, slanted)


def _run(text: str, strong: int, slanted: int) -> str:
    looks = ("<w:b/>" if strong else "") + ("<w:i/>" if slanted else "")
    looks = f"<w:rPr>{looks}</w:rPr>" if looks else ""
    return f'<w:r>{looks}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


@pass_context
def markdown(context: Context, text: Any, style: str = PLAIN) -> Fragment:
    """The paragraphs of a note; `style` names the one for plain text, `note|markdown("Table Text")` in a cell."""
    styles: ListStyles = context[STYLES]
    plain = styles.ids.get(str(style).lower(), "")
    return Fragment(_Note(styles, plain).read("" if text is None else str(text)))
