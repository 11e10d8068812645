"""What an attack costs us: time and memory until it is refused, the most of each kind."""

import sys
import time
from pathlib import Path
from typing import Any

from document_templates.intake import inspect_archive
from document_templates.refusals import FileRefusal, TemplateRefusal
from document_templates.rendering import render
from tests.document_templates.hostile import KINDS
from tests.document_templates.test_sandbox import FIELDS, HOSTILE
from tests.document_templates.word_files import template

MILLISECONDS, MEGABYTES = 100, 20


def run() -> dict[str, Any]:
    results: dict[str, Any] = {}
    sys.stdout.write(f"{'attacks':<16}{'number':>8}{'refused':>9}{'slowest ms':>12}{'most MB':>9}\n")
    inspect_archive(template("x"), kind="docx")
    for kind, attacks in KINDS.items():
        found = [_measured(inspect_archive, attack.hostile(), kind="docx") for attack in attacks.values()]
        results[kind] = _told(kind, found)
    render(template("x"), {})
    results["sandbox"] = _told("sandbox", [_measured(render, template(tag), FIELDS) for tag in HOSTILE])
    return results


def _measured(refuse: Any, *arguments: Any, **named: Any) -> tuple[bool, float, float]:
    """The least time of three, as others use this machine too; the most memory."""
    found = [_once(refuse, *arguments, **named) for _ in range(3)]
    return all(one[0] for one in found), min(one[1] for one in found), max(one[2] for one in found)


def _once(refuse: Any, *arguments: Any, **named: Any) -> tuple[bool, float, float]:
    before, refused = _memory_from_now(), False
    started = time.perf_counter()
    try:
        refuse(*arguments, **named)
    except (FileRefusal, TemplateRefusal):
        refused = True
    return refused, (time.perf_counter() - started) * 1e3, (_memory("VmHWM") - before) / 1024


def _told(kind: str, found: list[tuple[bool, float, float]]) -> dict[str, Any]:
    told = {
        "number": len(found),
        "refused": sum(refused for refused, _, _ in found),
        "slowest_ms": round(max(ms for _, ms, _ in found), 1),
        "most_mb": round(max(mb for _, _, mb in found), 1),
    }
    kept = told["refused"] == told["number"] and told["slowest_ms"] < MILLISECONDS and told["most_mb"] < MEGABYTES
    figures = f"{told['number']:>8}{told['refused']:>9}{told['slowest_ms']:>12}{told['most_mb']:>9}"
    sys.stdout.write(f"{kind:<16}{figures}  {'kept' if kept else 'MISSED'}\n")
    return told


def _memory_from_now() -> int:
    """What is held now, with the high-water mark set back to it."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(what: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:"))
