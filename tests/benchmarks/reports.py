"""The report that every contender writes: the gap report as shipped, with twelve clauses and other words each turn."""

import copy
import io
import re
from typing import Any

import docx
from lxml import etree

from document_templates import archive
from document_templates.library import starter
from document_templates.relationships import rels_name
from document_templates.sample_fields import sample

CLAUSES = 12
CHARTS = 3
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN, _TYPES = "word/document.xml", "[Content_Types].xml"
_DRAWN = re.compile(r"<w:drawing>.*?</w:drawing>", re.DOTALL)


def template(charts: int = CHARTS) -> bytes:
    """The shipped template of the gap report, its first chart drawn as often as asked, each with data of its own."""
    parts = archive.read(starter("gap_report").content)
    body, rels = parts[_MAIN].decode(), parts[rels_name(_MAIN)].decode()
    have = len(set(re.findall(r'<c:chart [^>]*r:id="([^"]+)"', body)))
    paragraphs = re.findall(r"<w:p(?: [^>]*)?>(?:(?!<w:p[ >]).)*?</w:p>", body, re.DOTALL)
    paragraph = next(one for one in paragraphs if "<c:chart " in one)
    relation = re.search(r'<c:chart [^>]*r:id="([^"]+)"', paragraph)[1]
    row = re.search(rf'<Relationship [^>]*Id="{relation}"[^>]*/>', rels)[0]
    target = re.search(r'Target="([^"]+)"', row)[1]
    first = f"word/{target}"
    for number in range(have + 1, charts + 1):
        name, book = f"charts/more{number}.xml", f"more{number}.xlsx"
        parts[f"word/{name}"] = parts[first]
        links = parts[rels_name(first)].decode()
        old_book = re.search(r'Target="(?:\.\./)?embeddings/([^"]+)"', links)[1]
        parts[rels_name(f"word/{name}")] = links.replace(old_book, book).encode()
        parts[f"word/embeddings/{book}"] = parts[f"word/embeddings/{old_book}"]
        new = row.replace(f'"{relation}"', f'"rIdMore{number}"').replace(target, name)
        rels = rels.replace("</Relationships>", f"{new}</Relationships>")
        drawn = paragraph.replace(f'r:id="{relation}"', f'r:id="rIdMore{number}"')
        drawn = re.sub(r"charts\.\w+\.", f"charts.more{number}.", drawn)
        drawn = re.sub(r'(<wp:docPr [^>]*name=)"[^"]*"', rf'\1"more{number}"', drawn)
        body = body.replace(paragraph, paragraph + drawn, 1)
        types = parts[_TYPES].decode()
        override = re.search(rf'<Override [^>]*PartName="/{re.escape(first)}"[^>]*/>', types)[0]
        parts[_TYPES] = types.replace(override, override + override.replace(f"/{first}", f"/word/{name}")).encode()
    parts[_MAIN], parts[rels_name(_MAIN)] = body.encode(), rels.encode()
    return archive.write([archive.pack(name, parts[name]) for name in archive.ordered(parts)])


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
    chart = given["charts"]["by_clause"]
    for number in range(2, CHARTS + 1):
        given["charts"].setdefault(f"more{number}", copy.deepcopy(chart))
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
