"""What a tag may put into a document besides text: chips, marked references, the dots of the cover.

A chip is a paragraph whose style carries the colour, so the meaning is always word and symbol and colour together.
The words are the defaults of this room; `fields["words"]` replaces them (`{"rating": {"3": "Effective"}, …}`).
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import escape

from document_templates.pictures import Picture
from document_templates.refusals import UnreadableTemplate
from document_templates.rich_text import Listing, RichParagraphs, RichText
from document_templates.subdocuments import SubDocument

RATING, DOCUMENT, STATUS = "rating", "document", "status"

# scale -> code -> style id, symbol, English, French (Canada). Only glyphs that Calibri and its substitutes hold.
_CHIPS: dict[str, dict[str, tuple[str, str, str, str]]] = {
    RATING: {
        "3": ("Rating3", "●●●", "Effective", "Efficace"),
        "2": ("Rating2", "●●○", "Developing", "En développement"),
        "1": ("Rating1", "●○○", "Informal", "Informel"),
        "0": ("Rating0", "○○○", "Absent", "Absent"),
        "NV": ("RatingNV", "?", "Not verified", "Non vérifié"),
        "NA": ("RatingNV", "○", "Not applicable", "Sans objet"),
        "": ("RatingNV", "?", "Not rated", "Non coté"),
    },
    DOCUMENT: {
        "have": ("LegalCompliant", "●", "Have", "En place"),
        "needs_work": ("LegalPartly", "◊", "Needs work", "À retravailler"),
        "missing": ("LegalNot", "×", "Missing", "Manquant"),
        "not_needed": ("LegalNotVerified", "○", "Not needed", "Pas nécessaire"),
    },
    STATUS: {
        "closed": ("StatusClosed", "●", "Closed", "Close"),
        "verified": ("StatusClosed", "●", "Verified", "Vérifiée"),
        "done": ("StatusDone", "◊", "To verify", "À vérifier"),
        "open": ("StatusOpen", "○", "Open", "Ouverte"),
        "planned": ("StatusPlanned", "○", "Planned", "Planifiée"),
        "overdue": ("StatusOverdue", "×", "Overdue", "En retard"),
    },
}
_SYNONYMS = {
    "effective": "3",
    "developing": "2",
    "informal": "1",
    "absent": "0",
    "not_verified": "NV",
    "nv": "NV",
    "not_applicable": "NA",
    "na": "NA",
    "none": "",
    "not_rated": "",
    "nr": "",
    "work": "needs_work",
}
CHIPS = "_chips"  # those that one document has shown so far
CHIP_STYLES = frozenset(meaning[0] for scale in _CHIPS.values() for meaning in scale.values())
_WHOLE = "whole paragraphs need a paragraph of their own, {{p … }}"
_REFERENCES = re.compile(r"(\[(?:(?:[EFO]|CA|PA)-\d\d+(?:, | to | à )?)+\])")


class Fragment:
    """A piece of WordprocessingML that our own filters made; the only thing that is printed unescaped.

    `whole`: it is runs or a chip, whole elements that want nothing more done to them.
    """

    __slots__ = ("whole", "xml")

    def __init__(self, xml: str, *, whole: bool = False) -> None:
        self.xml, self.whole = xml, whole

    def __html__(self) -> str:
        return self.xml

    __str__ = __html__


class Lines(list[str]):
    """The lines of a text: repeated over they are paragraphs of their own, printed they are line breaks."""

    def __str__(self) -> str:
        return "\n".join(self)

    def __html__(self) -> str:
        return str(escape(str(self)))


def run(text: object, style: str = "") -> str:
    """A run of text. A hyphen is left alone; see `marked` for numbers that may not break."""
    properties = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(str(text))}</w:t></w:r>'


def paragraph(runs: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{runs}</w:p>"


def _chip(context: Context, scale: str, code: object) -> Fragment:
    known: dict[tuple[str, object], Fragment] = context.parent.get(CHIPS, {})
    try:
        return known[scale, code]
    except (KeyError, TypeError):
        made = _made_chip(context, scale, code)
    if type(code) is str:  # never a number: 1, 1.0 and True are the same key
        known[scale, code] = made
    return made


def _made_chip(context: Context, scale: str, code: object) -> Fragment:
    key = "" if code is None else str(code)
    meanings = _CHIPS[scale]
    key = key if key in meanings else _SYNONYMS.get(key.lower(), key)
    if key not in meanings:
        raise UnreadableTemplate(f"“{code}” is no {scale} that a chip could show")
    style, symbol, english, french = meanings[key]
    document, words = context.parent.get("document"), context.parent.get("words")
    language = document.get("language", "") if isinstance(document, dict) else ""
    word = french if str(language).lower().startswith("fr") else english
    if isinstance(words, dict):
        word = words.get(scale, {}).get(key, word)
    return _chip_of(style, symbol, str(word))


@lru_cache(maxsize=256)
def _chip_of(style: str, symbol: str, word: str) -> Fragment:
    return Fragment(paragraph(run(f"{symbol} {word}"), style), whole=True)


@pass_context
def chip(context: Context, rating: object) -> Fragment:
    """`{{p r.rating|chip }}`: a rating as a paragraph of its own."""
    return _chip(context, RATING, rating)


@pass_context
def document_chip(context: Context, status: object) -> Fragment:
    return _chip(context, DOCUMENT, status)


@pass_context
def status_chip(context: Context, status: object) -> Fragment:
    return _chip(context, STATUS, status)


def marked(text: object) -> Fragment:
    """`{{r text|marked }}`: `[F-12, E-03]` in the style of references, its hyphens unbreakable."""
    pieces = []
    for piece in _REFERENCES.split("" if text is None else str(text)):
        if piece and _REFERENCES.fullmatch(piece):
            kept = '</w:t><w:noBreakHyphen/><w:t xml:space="preserve">'
            pieces.append(run(piece, "EvidenceRef").replace("-", kept) if "-" in piece else run(piece, "EvidenceRef"))
        elif piece:
            pieces.append(run(piece))
    return Fragment("".join(pieces), whole=True)


def dots(clauses: Iterable[Any]) -> Fragment:
    """`{{r clauses|dots }}`: one dot per requirement in the colour of its rating, clauses set apart."""
    groups = []
    for clause in clauses:
        ratings = [r["rating"] for r in clause["requirements"]] if isinstance(clause, dict) else [clause]
        codes = [_SYNONYMS.get(str(rating).lower(), str(rating)) for rating in ratings]
        groups.append("".join(map(_dot, codes)))
    apart = run(" ") if any(isinstance(clause, dict) for clause in clauses) else ""
    return Fragment(apart.join(groups), whole=True)


@lru_cache(maxsize=32)
def _dot(code: str) -> str:
    return run("●", f"Square{code if code in ('0', '1', '2', '3') else 'NV'}")


def lines(text: object) -> Lines:
    """`{%p for line in text|lines %}`: the lines that hold something, without the white space around them."""
    return Lines(line.strip() for line in ("" if text is None else str(text)).splitlines() if line.strip())


def printed(value: Any) -> Any:
    """A value of our own kinds inside a text: pictures and looks leave the run they stand in and begin a new one."""
    if type(value) in (Picture, RichText):
        return Fragment(f'</w:t></w:r>{value.runs()}<w:r><w:t xml:space="preserve">')
    if type(value) is Listing:
        return Fragment(value.inside())
    raise UnreadableTemplate(_WHOLE)


def _as_run(value: Any) -> Any:
    kind = type(value)
    if kind is Fragment:
        return value
    if kind in (Picture, RichText):
        return Fragment(value.runs())
    if kind is Listing:
        return Fragment(f'<w:r><w:t xml:space="preserve">{value.inside()}</w:t></w:r>')
    if kind in (RichParagraphs, SubDocument):
        raise UnreadableTemplate(_WHOLE)
    return Fragment(run("" if value is None else str(value)), whole=True)


def _as_paragraph(value: Any) -> Any:
    kind = type(value)
    if kind is Fragment:
        return value
    if kind in (RichParagraphs, SubDocument):
        return Fragment(value.xml())
    made = _as_run(value)
    return Fragment(paragraph(made.xml), whole=made.whole)


VALUES = frozenset({Picture, RichText, RichParagraphs, Listing, SubDocument})
FRAGMENT_FILTERS = {
    "chip": chip, "document_chip": document_chip, "status_chip": status_chip,
    "marked": marked, "dots": dots, "lines": lines, "_run": _as_run, "_paragraph": _as_paragraph,
}  # fmt: skip
