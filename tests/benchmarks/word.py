"""How long a report takes and how much memory: ours in this process and in the confined child, and everybody else.

All write the gap report as shipped from the same data. Rounds are interleaved, so a busy moment hits all alike: read
the ratios, not the milliseconds. Every round has other words.
"""

import os
import statistics
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from document_templates import archive
from document_templates.child import Child
from document_templates.rendering import render
from tests.benchmarks import bulk, manual
from tests.benchmarks.contenders import (
    bare,
    planned,
    with_docxtpl,
    with_docxtpl_and_matplotlib,
    with_python_docx,
)
from tests.benchmarks.reports import CHARTS, cells, fields, template, with_pictures

ROUNDS = 9
SIZES = (60, 400, 2000)
WITH_CHARTS = (60, 400)
LIMIT_ROWS, LIMIT_LEVEL = 400, 6
MEMORY_ROWS = 2000
GATES = {
    "render_vs_docxtpl": {60: 12, 400: 7, 2000: 5.5},
    "render_vs_python_docx": {60: 32, 400: 28, 2000: 25},
    "report_vs_docxtpl_matplotlib": {60: 75, 400: 33},
    "time_vs_limit": {400: 2.2},
    "child_peak_mb": {2000: 40},
    "bulk_per_second": 40,
    "manual_ms": 1000,
}
_AT_MOST = ("time_vs_limit", "child_peak_mb", "manual_ms")
Way = Callable[[], bytes]


def run(*, rounds: int = ROUNDS, sizes: tuple[int, ...] = SIZES, with_bulk: bool = True) -> dict[str, Any]:
    results: dict[str, Any] = {"processors": os.cpu_count(), "rounds": rounds, "rows": {}, "report": {}}
    results |= {name: {} for name, gate in GATES.items() if isinstance(gate, dict)}
    with Child() as in_child:
        for rows in sizes:
            table = measured(_renders(rows, in_child), rounds)
            results["rows"][rows] = table
            _print(f"{rows} rows", table)
            for name, other in (("render_vs_docxtpl", "docxtpl"), ("render_vs_python_docx", "python-docx")):
                results[name][rows] = table[other]["times_ours"]
    results["child_peak_mb"][MEMORY_ROWS] = child_peak(MEMORY_ROWS)
    for rows in WITH_CHARTS:
        results["report"][rows] = table = measured(_reports(rows), rounds)
        _print(f"{rows} rows, 3 charts", table)
        results["report_vs_docxtpl_matplotlib"][rows] = table["docxtpl + matplotlib"]["times_ours"]
    with squeezed_by_zlib(LIMIT_LEVEL):
        table = measured(_limit(LIMIT_ROWS), rounds, base="bare zip")
    _print(f"{LIMIT_ROWS} rows, zlib-{LIMIT_LEVEL}", table)
    results["time_vs_limit"][LIMIT_ROWS] = table["ours"]["times_ours"]
    if with_bulk:
        written = manual.run()
        results["manual_ms"] = max(written["manual_ms_en"], written["manual_ms_fr"])
        results["bulk_per_second"] = bulk.run()["bulk_per_second"]
    _print_gates(results)
    return results


def _renders(rows: int, in_child: Child) -> Callable[[int], dict[str, Way]]:
    source = template()

    def ways(turn: int) -> dict[str, Way]:
        given = fields(rows, turn)
        plan = planned(render(source, given))
        if not turn and cells(with_docxtpl(source, given)) != cells(render(source, given)):
            raise AssertionError("the reports compared do not say the same")
        return {
            "ours": lambda: render(source, given),
            "ours, in child": lambda: in_child(render, source, given),
            "docxtpl": lambda: with_docxtpl(source, given),
            "python-docx": lambda: with_python_docx(plan),
        }

    return ways


def _same_pictures(ours: bytes, theirs: bytes) -> None:
    """As many charts in ours as pictures of charts in theirs: nobody draws what nobody sees."""
    drawn = [
        sum(name.startswith(folder) and name.endswith(ending) for name in archive.read(document))
        for document, folder, ending in ((ours, "word/charts/chart", ".xml"), (theirs, "word/media/", ".png"))
    ]
    if drawn != [CHARTS, CHARTS]:
        raise AssertionError(f"the reports compared draw {drawn} charts, not {CHARTS} each")


def _reports(rows: int) -> Callable[[int], dict[str, Way]]:
    source = template()
    pictured = with_pictures(source)

    def ways(turn: int) -> dict[str, Way]:
        given = fields(rows, turn)
        if not turn:
            _same_pictures(render(source, given), with_docxtpl_and_matplotlib(pictured, given))
        return {
            "ours": lambda: render(source, given),
            "docxtpl + matplotlib": lambda: with_docxtpl_and_matplotlib(pictured, given),
        }

    return ways


def _limit(rows: int) -> Callable[[int], dict[str, Way]]:
    source = template()

    def ways(turn: int) -> dict[str, Way]:
        given = fields(rows, turn)
        return {"ours": lambda: render(source, given), "bare zip": bare(render(source, given)).write}

    return ways


def measured(
    ways: Callable[[int], dict[str, Way]], rounds: int, base: str = "ours"
) -> dict[str, dict[str, float]]:
    times: dict[str, list[float]] = {}
    sizes: dict[str, int] = {}
    for turn in range(rounds + 1):  # the first round warms up and is not counted
        for way, write in ways(turn).items():
            started = time.perf_counter()
            sizes[way] = len(write())
            if turn:
                times.setdefault(way, []).append((time.perf_counter() - started) * 1e3)
    least = statistics.median(times[base])
    return {
        way: {
            "median_ms": round(statistics.median(taken), 2),
            "fastest_ms": round(min(taken), 2),
            "times_ours": round(statistics.median(taken) / least, 2),
            "bytes": sizes[way],
        }
        for way, taken in times.items()
    }


@contextmanager
def squeezed_by_zlib(level: int) -> Iterator[None]:
    """Both sides by the same, slower library: the limit is set by what every machine has.

    Its checksum too, so that nothing of isal runs here: after isal's wide instructions zlib takes half as long again,
    which would make the limit look easy.
    """

    def deflate(data: bytes) -> bytes:
        packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9)
        return packer.compress(data) + packer.flush()

    before = archive._deflate, archive.crc32
    archive._deflate, archive.crc32 = deflate, zlib.crc32
    try:
        yield
    finally:
        archive._deflate, archive.crc32 = before


def child_peak(rows: int) -> float:
    """How far the child's memory rises above what it holds when warm, in MB, while it writes one document."""
    source = template()
    with Child() as fresh:
        fresh(render, source, fields(60, 0))
        warm = _memory(fresh, "VmRSS")
        fresh(render, source, fields(rows, 1))
        peak = _memory(fresh, "VmHWM")
    found = round((peak - warm) / 1024, 1)
    sys.stdout.write(f"\nthe child above warm, {rows} rows: {found:.1f} MB (warm {warm / 1024:.0f} MB)\n")
    return found


def _memory(child: Child, what: str) -> int:
    process = child._process
    lines = Path(f"/proc/{process.pid if process else 0}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:"))


def _print(title: str, table: dict[str, dict[str, float]]) -> None:
    lines = [f"\n{title:<24}{'median ms':>12}{'fastest ms':>12}{'x':>9}{'bytes':>11}"]
    for way, found in table.items():
        times = f"{found['median_ms']:>12.1f}{found['fastest_ms']:>12.1f}{found['times_ours']:>9.1f}"
        lines.append(f"  {way:<22}{times}{found['bytes']:>11,}")
    sys.stdout.write("\n".join(lines) + "\n")


def _print_gates(results: dict[str, Any]) -> None:
    sys.stdout.write(f"\n{'figure':<36}{'measured':>10}{'gate':>8}\n")
    for name, gates in GATES.items():
        for rows, gate in gates.items() if isinstance(gates, dict) else [("", gates)]:
            found = results.get(name, {})
            value = found.get(rows) if isinstance(found, dict) else found
            if value is None:
                continue
            kept = value <= gate if name in _AT_MOST else value >= gate
            sys.stdout.write(f"{f'{name} {rows}':<36}{value:>10}{gate:>8}  {'kept' if kept else 'MISSED'}\n")
