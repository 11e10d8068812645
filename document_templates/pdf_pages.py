"""What a PDF tells about a document: how many pages, on which of them each heading lies, and what a page looks like.

Runs in the confined child: the PDF was made of somebody else's file.
"""

import ctypes
import io
import re
from dataclasses import dataclass, field

import pypdfium2
from pypdfium2 import raw

from document_templates import page_numbers
from document_templates.refusals import TemplateRefusal
from tenants.limits import PAGE_IMAGE_WIDTH

IMAGE_KIND = "webp"
_QUALITY = 80
_MOST_DESTINATIONS = 20_000
_HEADING = re.compile(r"(?:_|5F)(Toc\d{6})")  # LibreOffice writes an underline as its code
_NAME_BYTES = 1_024


class UnreadablePdf(TemplateRefusal):
    """The PDF cannot be opened."""

    @property
    def sentence(self) -> str:
        return "The PDF that LibreOffice made cannot be read."


@dataclass(frozen=True)
class PageFacts:
    """`headings`: the page, counted from 1, on which each bookmarked heading begins."""

    pages: int
    headings: dict[str, int] = field(default_factory=dict)


def facts(pdf: bytes) -> PageFacts:
    with _opened(pdf) as document:
        headings = {}
        for number in range(min(raw.FPDF_CountNamedDests(document), _MOST_DESTINATIONS)):
            name, page = _destination(document, number)
            if found := _HEADING.fullmatch(name):
                headings[f"_{found[1]}"] = page + 1
        return PageFacts(len(document), dict(sorted(headings.items())))


def numbers(pdf: bytes, word: bytes) -> tuple[int, dict[str, str]]:
    """How many pages, and the number to print in the contents for each bookmark."""
    found = facts(pdf)
    return found.pages, page_numbers.shown_on(word, found.headings)


def images(pdf: bytes, first: int, count: int) -> list[bytes]:
    """Pictures of the pages from `first`, counted from 1: `count` of them, or as many as there are."""
    with _opened(pdf) as document:
        return [_image(document[number]) for number in range(first - 1, min(first - 1 + count, len(document)))]


def _opened(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise UnreadablePdf from error


def _destination(document: pypdfium2.PdfDocument, number: int) -> tuple[str, int]:
    length = ctypes.c_long(_NAME_BYTES)
    name = ctypes.create_string_buffer(_NAME_BYTES)
    found = raw.FPDF_GetNamedDest(document, number, name, length)
    if not found or length.value <= 0:  # without a name, or one longer than any of ours
        return "", 0
    return name.raw[: length.value].decode("utf-16-le").rstrip("\0"), raw.FPDFDest_GetDestPageIndex(document, found)


def _image(page: pypdfium2.PdfPage) -> bytes:
    try:
        picture = page.render(scale=PAGE_IMAGE_WIDTH / page.get_width()).to_pil()
    finally:
        page.close()
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=2)
    return out.getvalue()
