"""From the XML that Word saved to a program that fills it: tags joined, widened to their row or paragraph, compiled."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, NamedTuple
from xml.parsers import expat

from docxtpl import DocxTemplate
from jinja2 import Template, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError

from document_templates.contents import Outline
from document_templates.finding import in_paragraphs, places
from document_templates.finishing import ALL_MARKS, marked
from document_templates.fragments import CHIP_STYLES, CHIPS
from document_templates.lists import ListStyles
from document_templates.refusals import ForbiddenTag, UnreadableTemplate, Unrenderable
from document_templates.relationships import DECLARATION
from document_templates.rich_text import PAGE_MARK, PARAGRAPH_MARK
from document_templates.sandbox import (
    BREAKS,
    BUDGET,
    SHOWN,
    UNSETTLED,
    Budget,
    Forbidden,
    Missing,
    TagEnvironment,
    TooMuch,
)
from document_templates.soundness import proved
from document_templates.typed_notes import STYLES
from tenants.limits import TEMPLATE_PLACEHOLDERS

ENVIRONMENT = TagEnvironment()

_TAG = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}", re.DOTALL)
_MARKUP_OR_TAG = re.compile(r"{%.*?%}|{#.*?#}|(?P<xml><[^>]*>)|{{-?(?P<expression>.*?)-?}}", re.DOTALL)
_TEXT_ELEMENT = re.compile(r"<(?:w:t|w:instrText|w:delText|a:t|m:t)[ >]")
_WHOLE_CELLS = re.compile(r"{%-?\s*(?:tc|colspan|cellbg|hm|vm)\b|{{tc\b")
_STYLED_BY_TAG = re.compile(r'<w:pStyle w:val="[^"]*{[{%]')
_DECLARATION = DECLARATION.encode()
_UNSETTLED, _BREAKS = UNSETTLED.encode(), BREAKS.encode()
_MOST_READ = 200  # paragraphs with breaks; where there are more, the whole part is read as fast
_LAID_OUT = ("\n", "\t", "\a", "\f")  # what becomes a line, a tab, a paragraph, a page
_PARAGRAPH = re.compile(r"<w:p([ >])")


def has_tags(xml: str) -> bool:
    """Whether anything in the text of a part is a tag. Braces may be split over runs, so single ones count too."""
    return "{" in xml and bool(re.search(r"{(?:<[^>]*>)*[{%#]", xml))


def joined(xml: str) -> str:
    """The tag source: docxtpl's own pre-processing, then bare values of `{{p }}` and `{{r }}` wrapped where needed."""
    return "".join(_wrapped(_unescaped(DocxTemplate.patch_xml(None, xml))))


def _unescaped(source: str) -> str:
    return _TAG.sub(lambda tag: unescape(tag[0]), source)


def _wrapped(source: str) -> Iterator[str]:
    """A value printed outside a text element needs one: a run inside a paragraph, else a paragraph."""
    at, paragraphs, element = 0, 0, ""
    for match in _MARKUP_OR_TAG.finditer(source):
        expression = match["expression"]
        if match["xml"]:
            element = match["xml"]
            if element.startswith(("<w:p>", "<w:p ")) and not element.endswith("/>"):
                paragraphs += 1
            elif element == "</w:p>":
                paragraphs -= 1
        elif expression is not None and not _TEXT_ELEMENT.match(element):
            needed = "_run" if paragraphs else "_paragraph"
            yield source[at : match.start()]
            yield f"{{{{ ({expression})|{needed} }}}}"
            at = match.end()
    yield source[at:]


class FilledPart:
    """One part of the template that holds tags, ready to be filled any number of times."""

    def __init__(
        self,
        name: str,
        xml: str,
        *,
        plain: bool = False,
        styles: ListStyles | None = None,
        outline: Outline | None = None,  # of the body
    ) -> None:
        self.name = name
        self.styles = styles or ListStyles(None, None)
        self.whole_cells = not plain and bool(_WHOLE_CELLS.search(xml))
        self.source = _unescaped(xml) if plain else joined(xml)
        if len(_TAG.findall(self.source)) > TEMPLATE_PLACEHOLDERS * 2:
            raise UnreadableTemplate(f"it holds more than {TEMPLATE_PLACEHOLDERS:,} placeholders")
        settling = plain or any(sign in self.source for sign in _LAID_OUT) or bool(_STYLED_BY_TAG.search(self.source))
        settling = settling or not CHIP_STYLES.isdisjoint(outline.styles if outline else ())
        self.refers = "REF " in self.source
        self._heading = outline.heading if outline else None
        self._settles = settling or self.whole_cells
        try:
            source = self.source if self._settles else marked(self.source.encode(), self._heading).decode()
            self.program, self.proved = _proved_program(source, name)
        except (TemplateSyntaxError, Forbidden):
            self._explain_source()
            raise
        except (RecursionError, SyntaxError, MemoryError, OverflowError) as error:
            raise UnreadableTemplate("its tags are nested too deeply") from error

    def words(self, fields: Mapping[str, Any]) -> str:
        """The text of a part that is no XML."""
        return self.fill(fields).xml.translate(None, ALL_MARKS).decode().removeprefix(DECLARATION)

    def fill(self, fields: Mapping[str, Any]) -> "Filled":
        """The part with its fields, as XML that still wants its finishing where a mark says so."""
        try:
            xml: bytes = self.program.render(fields, **self._own())  # type: ignore[assignment]  # see its `concat`
        except Missing as missing:
            raise Misfit(missing, self.located(fields)) from missing
        except TooMuch as error:
            raise Unrenderable(str(error)) from error
        except SecurityError as error:
            raise ForbiddenTag(str(error), self.located(fields).place) from error
        except (TypeError, ValueError, ArithmeticError) as error:
            raise UnreadableTemplate(f"a tag cannot be worked out, {error}", self.located(fields).place) from error
        except RecursionError as error:
            raise Unrenderable("its fields are nested too deeply") from error
        finally:
            SHOWN.clear()
        if self._settles or _UNSETTLED in xml:
            return Filled(self._settled(xml.removeprefix(_DECLARATION)), plain=False, proved=False)
        xml, sound = _laid_out(xml)
        return Filled(xml, plain=True, proved=self.proved and sound)

    def _own(self) -> dict[str, Any]:
        return {BUDGET: Budget(), STYLES: self.styles, CHIPS: {}}

    def _settled(self, xml: bytes) -> bytes:
        """Breaks laid out, then marked anew: values have brought what the template did not hold."""
        xml = xml.translate(None, ALL_MARKS)
        for mark, character in ((PARAGRAPH_MARK, b"\a"), (PAGE_MARK, b"\f")):
            xml = xml.replace(mark.encode(), character)
        return self.marked(_with_breaks(xml))

    def marked(self, xml: bytes) -> bytes:
        return marked(xml, self._heading)

    def located(self, fields: Mapping[str, Any]) -> "Location":
        """Where filling fails: filled once more with one paragraph a line, which the fast way does not keep."""
        source = _PARAGRAPH.sub(r"\n<w:p\1", self.source)
        try:
            _program(source, self.name).render(fields, **self._own())
        except Exception as error:  # noqa: BLE001 - the same failure again, only its line is wanted
            line = 0
            trace = error.__traceback__
            while trace is not None:
                if trace.tb_frame.f_code.co_filename == self.name:
                    line = trace.tb_lineno
                trace = trace.tb_next
            return Location(self.name, source, line)
        return Location(self.name, source, 0)

    def _explain_source(self) -> None:
        source = _PARAGRAPH.sub(r"\n<w:p\1", self.source)
        try:
            _program(source, self.name)
        except Forbidden as error:
            raise ForbiddenTag(error.what, Location(self.name, source, error.line).place) from error
        except TemplateSyntaxError as error:
            reason = _plain(error.message or "a tag is not closed")
            raise UnreadableTemplate(reason, Location(self.name, source, error.lineno).place) from error


class Filled(NamedTuple):
    """One part with its fields. Plain: no value brought pictures, links, lists or breaks."""

    xml: bytes
    plain: bool
    proved: bool  # well-formed without reading it


class Misfit(Exception):
    """A missing field with the place that asked for it; becomes UnknownPlaceholder where the names are known."""

    def __init__(self, missing: Missing, location: "Location") -> None:
        super().__init__(missing, location)
        self.missing, self.location = missing, location


class Location:
    """A line of tag source, told the way an author sees it in Word."""

    def __init__(self, part: str, source: str, line: int) -> None:
        self.part, self.line = part, line
        self.before = source.split("\n")[:line]
        self.text = self.before[-1] if self.before else ""

    @property
    def place(self) -> str:
        if not self.line:
            return ""
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", self.text)).strip()
        words = f"{words[:117]}…" if len(words) > 118 else words
        before = "".join(self.before[:-1])
        where = self._part_in_words()
        if before.count("<w:tbl>") > before.count("</w:tbl>"):
            where += f"in table {before.count('<w:tbl>')}, "
        else:
            where += f"in paragraph {len(self.before) - 1}, "
        return f"{where}“{words}”" if words else where.rstrip(", ")

    def _part_in_words(self) -> str:
        for kind in ("header", "footer", "footnotes", "endnotes", "comments", "chart"):
            if kind in self.part:
                return f"in the {kind} "
        return ""

    def names(self) -> list[str]:
        """The dotted names that the tags of this line ask for."""
        found: list[str] = []
        for tag in _TAG.findall(self.text):
            inside = re.sub(r"^\s*(?:if|elif|for\s.+?\sin|set\s.+?=)\s", "", tag[2:-2].strip("- "))
            try:
                tree = ENVIRONMENT.parse("{{" + inside + "}}")
            except (TemplateSyntaxError, SecurityError):
                continue
            chains = [chain for node in tree.find_all((nodes.Getattr, nodes.Name)) if (chain := _dotted(node))]
            found += [c for c in chains if not any(other.startswith(f"{c}.") for other in chains)]
        return found


def _dotted(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and (start := _dotted(node.node)):
        return f"{start}.{node.attr}"
    return ""


def _program(source: str, name: str) -> Template:
    return _proved_program(source, name)[0]


def _proved_program(source: str, name: str) -> tuple[Template, bool]:
    """What fills it, and whether all it can become is well-formed."""
    tree = ENVIRONMENT.parse(source, name, name)
    sound = proved(tree, source)
    code = ENVIRONMENT.compile(tree, name, name)
    return Template.from_code(ENVIRONMENT, code, ENVIRONMENT.make_globals(None)), sound


def _plain(message: str) -> str:
    message = re.sub(r"<[^>]+>", "", message)
    return message[:1].lower() + message[1:].rstrip(".")


def _laid_out(xml: bytes) -> tuple[bytes, bool]:
    """As below, where a mark says so; and whether each of these paragraphs is still whole."""
    changed: list[bytes] = []

    def settled(paragraph: bytes) -> bytes:
        paragraph = paragraph.replace(_BREAKS, b"")
        changed.append(DocxTemplate.resolve_listing(None, paragraph.decode()).encode())
        return changed[-1]

    xml = in_paragraphs(xml, _BREAKS, settled)
    return xml, len(changed) <= _MOST_READ and all(map(_is_paragraph, changed))


def _is_paragraph(xml: bytes) -> bool:
    if not xml.startswith(b"<w:p") or xml.count(b"</w:p>") != 1:
        return False
    try:
        expat.ParserCreate().Parse(xml.translate(None, ALL_MARKS), True)
    except expat.ExpatError:
        return False
    return True


def _with_breaks(xml: bytes) -> bytes:
    """Line breaks and tabs typed into a field become Word's own, in the paragraphs that hold any."""
    pieces: list[bytes] = []
    done = 0
    for at in sorted(place for mark in _LAID_OUT for place in places(xml, mark.encode())):
        if at < done:
            continue
        start = max(xml.rfind(b"</w:p>", done, at), done)
        end = xml.find(b"</w:p>", at)
        if end < 0:
            break
        end += len(b"</w:p>")
        pieces += (xml[done:start], DocxTemplate.resolve_listing(None, xml[start:end].decode()).encode())
        done = end
    return b"".join([*pieces, xml[done:]])
