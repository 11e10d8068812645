"""The report that every contender writes: the gap report as shipped, with twelve clauses and other words each turn."""

import io
import re
from typing import Any

import docx
from lxml import etree

from document_templates import archive
from document_templates.library import starter
from document_templates.sample_fields import sample

CLAUSES = 12
CHARTS = 3
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN = "word/document.xml"
_DRAWN = re.compile(r"<w:drawing>.*?</w:drawing>", re.DOTALL)


def template() -> bytes:
    """The gap report as it ships."""
    return starter("gap_report").content


def with_pictures(source: bytes) -> bytes:
    """The same template for who makes pictures of charts: a tag stands where each chart is drawn."""
    parts = archive.read(source)
    numbers = iter(range(100))

    def tag(drawn: re.Match[str]) -> str:
        kept = "<c:chart " not in drawn[0]
        return drawn[0] if kept else f"<w:t>{{{{ chart_{next(numbers)} }}}}</w:t>"

    parts[_MAIN] = _DRAWN.sub(tag, parts[_MAIN].decode()).encode()
    return archive.write([archive.pack(name, parts[name]) for name in archive.ordered(parts)])


def fields(rows: int, turn: int) -> dict[str, Any]:
    """`rows` requirements over twelve clauses; each stands in the table of its clause and again in the annex."""
    given = sample("gap_report", "en")
    share = -(-rows // CLAUSES)
    pattern = given["clauses"][0]
    given["clauses"] = [
        pattern | {
            "number": str(clause + 1), "title": f"Clause {clause + 1}", "findings": [], "requirement_count": share,
            "requirements": [_row(n, turn, clause) for n in range(clause * share, min((clause + 1) * share, rows))],
        }
        for clause in range(CLAUSES)
    ]  # fmt: skip
    for late in list(given["charts"])[CHARTS:]:  # a chart without figures is left out, by every contender
        given["charts"][late] = {}
    return given


def _row(number: int, turn: int, clause: int) -> dict[str, Any]:
    seen = f"Visit {turn}: guard {number} was open on the press line & nobody had signed the <check>. " * 2
    return {
        "code": f"{clause + 1}.{number}", "title": f"Requirement {number} and its aim", "pdca": "Plan",
        "paraphrase": "", "rating": str((number + turn) % 4), "reason": "", "seen": seen,
        "evidence": f"Photo {number}; interview W{number % 9}",
        "next_step": f"Close guard {number}, name an owner, look again within {number % 30 + 1} days.",
        "recommendation": f"Close guard {number}, name an owner.", "priority": "Medium", "effort": "2 d",
        "owner": f"Supervisor {number % 9}", "due": f"{number % 28 + 1} June 2027", "findings": "",
        "observations": [{"method": "Document", "text": seen}],
    }  # fmt: skip


def cells(document: bytes) -> list[str]:
    """The words of all tables in reading order: what is compared must be the same report."""
    body = docx.Document(io.BytesIO(document)).element.body
    return [_words(cell) for cell in body.iter(f"{W}tc")]


def _words(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t")).strip()
