"""How long a report takes: ours, in this process and in the confined child, beside docxtpl and plain python-docx.

All write the same report: twelve domains, one table each, six columns, header and footer. Runs are interleaved, so a
busy moment hits all alike: read the ratios, not the milliseconds. Every run has different text.
"""

import io
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import docx
from docx.document import Document
from docxtpl import DocxTemplate

from document_templates.child import Renderer
from document_templates.rendering import render

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOMAINS, COLUMNS = 12, ("No.", "Requirement", "Rating", "What we saw", "Recommendation", "Owner, date")
KEYS = ("code", "title", "rating", "seen", "recommendation", "owner")
SIZES = {60: 9, 400: 7, 2000: 3}  # rows in the report: interleaved rounds


def template() -> bytes:
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "{{ document.title }}\t{{ client.name }}"
    section.footer.paragraphs[0].text = "{{ document.number }}"
    document.add_heading("{{ document.title }}", 0)
    document.add_paragraph("{{ client.name }}, {{ client.site }}")
    document.add_paragraph("{%p for domain in domains %}")
    document.add_heading("{{ domain.name }}", 1)
    document.add_paragraph("{{ domain.intent }}")
    table = document.add_table(4, len(COLUMNS))
    table.style = "Table Grid"
    for cell, title in zip(table.rows[0].cells, COLUMNS, strict=True):
        cell.text = title
    table.rows[1].cells[0].text = "{%tr for r in domain.rows %}"
    for cell, key in zip(table.rows[2].cells, KEYS, strict=True):
        cell.text = f"{{{{ r.{key} }}}}"
    table.rows[3].cells[0].text = "{%tr endfor %}"
    document.add_paragraph("{%p endfor %}")
    return saved(document)


def saved(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def fields(rows: int, turn: int) -> dict[str, Any]:
    def row(number: int) -> dict[str, str]:
        return {
            "code": f"{number // 10}.{number % 10}",
            "title": f"Requirement {number} & its <aim>",
            "rating": ("Absent", "Informal", "Developing", "Effective")[(number + turn) % 4],
            "seen": f"Visit {turn}: guard {number} was open on the press line, and nobody had signed the check. " * 2,
            "recommendation": f"Close guard {number}, name an owner, look again within {number % 30 + 1} days.",
            "owner": f"Supervisor {number % 9}, {number % 28 + 1} June",
        }

    share = -(-rows // DOMAINS)
    return {
        "document": {"title": "Gap analysis report", "number": f"ACME-GAP-2026-{turn:02d} v1.0"},
        "client": {"name": "Acme Metalworks Ltd.", "site": "Kitchener, Ontario"},
        "domains": [
            {
                "name": f"Domain {domain + 1}",
                "intent": "What this part of the system is for, in two sentences. They are short.",
                "rows": [row(number) for number in range(domain * share, min((domain + 1) * share, rows))],
            }
            for domain in range(DOMAINS)
        ],
    }


def with_docxtpl(source: bytes, given: dict[str, Any]) -> bytes:
    document = DocxTemplate(io.BytesIO(source))
    document.render(given, autoescape=True)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_python_docx(_source: bytes, given: dict[str, Any]) -> bytes:
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = f"{given['document']['title']}\t{given['client']['name']}"
    section.footer.paragraphs[0].text = given["document"]["number"]
    document.add_heading(given["document"]["title"], 0)
    document.add_paragraph(f"{given['client']['name']}, {given['client']['site']}")
    for domain in given["domains"]:
        document.add_heading(domain["name"], 1)
        document.add_paragraph(domain["intent"])
        table = document.add_table(1, len(COLUMNS))
        table.style = "Table Grid"
        for cell, title in zip(table.rows[0].cells, COLUMNS, strict=True):
            cell.text = title
        for row in domain["rows"]:
            for cell, key in zip(table.add_row().cells, KEYS, strict=True):
                cell.text = row[key]
    return saved(document)


def run() -> dict[str, Any]:
    source = template()
    results: dict[str, Any] = {"processors": os.cpu_count(), "rows": {}}
    with Renderer() as in_child:
        ways: dict[str, Callable[[bytes, dict[str, Any]], bytes]] = {
            "ours": render,
            "ours, in child": in_child,
            "docxtpl": with_docxtpl,
            "python-docx": with_python_docx,
        }
        for rows, rounds in SIZES.items():
            results["rows"][rows] = measured(ways, source, rows, rounds)
            _print(rows, results["rows"][rows])
    return results


def measured(
    ways: dict[str, Callable[[bytes, dict[str, Any]], bytes]], source: bytes, rows: int, rounds: int
) -> dict[str, dict[str, float]]:
    times: dict[str, list[float]] = {way: [] for way in ways}
    sizes: dict[str, int] = {}
    for turn in range(rounds + 1):  # the first round warms up and is not counted
        given = fields(rows, turn)
        if not turn and len({tuple(_words(write(source, given))) for write in ways.values()}) != 1:
            raise AssertionError("the reports compared do not say the same")
        for way, write in ways.items():
            started = time.perf_counter()
            sizes[way] = len(write(source, given))
            if turn:
                times[way].append((time.perf_counter() - started) * 1e3)
    base = statistics.median(times["ours"])
    return {
        way: {
            "median_ms": round(statistics.median(taken), 2),
            "fastest_ms": round(min(taken), 2),
            "times_ours": round(statistics.median(taken) / base, 2),
            "bytes": sizes[way],
        }
        for way, taken in times.items()
    }


def _print(rows: int, table: dict[str, dict[str, float]]) -> None:
    lines = [f"\n{f'{rows} rows':<20}{'median ms':>12}{'fastest ms':>12}{'x ours':>9}{'bytes':>11}"]
    for way, found in table.items():
        times = f"{found['median_ms']:>12.1f}{found['fastest_ms']:>12.1f}{found['times_ours']:>9.1f}"
        lines.append(f"  {way:<18}{times}{found['bytes']:>11,}")
    sys.stdout.write("\n".join(lines) + "\n")


def _words(document: bytes) -> list[str]:
    """Every text in reading order: what is compared must be the same report."""
    return [text.text or "" for text in docx.Document(io.BytesIO(document)).element.body.iter(f"{{{W}}}t") if text.text]
