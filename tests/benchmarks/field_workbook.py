"""How long a field workbook takes: written, filled, read back and verified, and what LibreOffice leaves of it.

400 requirements with two controls each, and the same with the three ticks that ours have beside them.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from document_templates import archive
from document_templates.field_workbook import Group, Row, Words, Workbook, build, row_digest
from document_templates.field_workbook_checking import Filled, Issued, verify
from document_templates.field_workbook_reading import read_parts, take_in
from tests.document_templates.filled_workbooks import filled

ROWS, ROUNDS = 400, 15
SECRET = bytes(range(32))
RATINGS = (("0", "0 Absent"), ("1", "1 Informal"), ("2", "2 Developing"), ("3", "3 Effective"))
TICKS = (("d", "Document"), ("i", "Interview"), ("o", "Observation"))
WORDS = Words("Requirement", "Seen so far", "Rating", "Notes", "Day", "Choose…", "Write here…", "Pick the day…", "Page")
TEXT = "Make workers aware of the policy and objectives, their part and its benefits, and what happens otherwise. "


def workbook(ticks: tuple[tuple[str, str], ...]) -> Workbook:
    rows = [
        Row(f"{number // 40}.{number % 40}", f"Requirement {number} & its <aim>", TEXT, "Who knows it?", "Seen in May.")
        for number in range(ROWS)
    ]
    groups = tuple(Group(str(at), "Clause", tuple(rows[at * 40 : at * 40 + 40])) for at in range(ROWS // 40))
    return Workbook(
        id="0123456789abcdef" * 2, language="en", title="Field workbook", subtitle="Acme", author="Priya",
        made_on="2026-03-02", cover=(("Client", "Acme"),), instructions=("Fill it.",), words=WORDS, ratings=RATINGS,
        ticks=ticks, groups=groups,
    )  # fmt: skip


def typed(one: Workbook) -> dict[str, dict[str, str]]:
    return {
        code: {"r": RATINGS[number % 4][1], "n": f"Guard {number} was “open”.\nNobody had signed <it>."}
        | {letter: "☒" for letter, _word in one.ticks if number % 3 == 0}
        for number, code in enumerate(one.codes)
    }


def issued(one: Workbook) -> Issued:
    rows = tuple((row.code, row_digest(row)) for group in one.groups for row in group.rows)
    letters = "".join(letter for letter, _word in one.ticks)
    return Issued(one.id, SECRET, rows, dict(RATINGS), letters, (WORDS.choose, WORDS.write, WORDS.pick))


def right(got: Filled, one: Workbook) -> int:
    """How many controls say what was put into them."""
    words, wanted, answers = dict(RATINGS), typed(one), {answer.code: answer for answer in got.answers}
    count = 0
    for code, fields in wanted.items():
        answer = answers.get(code)
        if answer:
            count += words.get(answer.rating) == fields["r"]
            count += answer.note == fields["n"]
            count += sum((letter in answer.ticks) == (letter in fields) for letter, _word in one.ticks)
    return count


def run() -> dict[str, Any]:
    results: dict[str, Any] = {"processors": os.cpu_count(), "rows": ROWS, "controls": {}}
    for ticks in ((), TICKS):
        one = workbook(ticks)
        results["controls"][ROWS * (2 + len(ticks))] = measured(one)
    _print(results["controls"])
    return results


def measured(one: Workbook) -> dict[str, Any]:
    content = filled(build(one, secret=SECRET), typed(one))
    expected = issued(one)
    ways: dict[str, Callable[[], Any]] = {
        "build": lambda: build(one, secret=SECRET),
        "read_and_verify": lambda: verify(read_parts(archive.read(content)), expected),
        "gate_read_and_verify": lambda: verify(take_in(content), expected),
    }
    found: dict[str, Any] = {way: times(work) for way, work in ways.items()}
    found["exact"] = right(ways["read_and_verify"](), one)
    found["bytes"] = len(content)
    saved = resaved(content)
    if saved:
        after = verify(take_in(saved), expected)
        found["exact_after_libreoffice"], found["false_alarms"] = right(after, one), len(after.issues)
    return found


def times(work: Callable[[], Any]) -> dict[str, float]:
    taken = []
    for turn in range(ROUNDS + 1):  # the first warms up
        started = time.perf_counter()
        work()
        if turn:
            taken.append((time.perf_counter() - started) * 1e3)
    return {"median_ms": round(statistics.median(taken), 1), "fastest_ms": round(min(taken), 1)}


def resaved(content: bytes) -> bytes:
    """The file as LibreOffice saves it; nothing where there is none."""
    office = shutil.which("soffice")
    if office is None:
        return b""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "book.docx"
        source.write_bytes(content)
        subprocess.run(  # noqa: S603
            [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
             "docx:MS Word 2007 XML", "--outdir", f"{folder}/out", source],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return (Path(folder) / "out" / "book.docx").read_bytes()


def _print(table: dict[int, dict[str, Any]]) -> None:
    lines = [f"\n{'controls':<12}{'':<24}{'median ms':>12}{'fastest ms':>12}"]
    for controls, found in table.items():
        for way, label in (("build", "build"), ("read_and_verify", "read back and verify"),
                           ("gate_read_and_verify", "with the upload gate")):  # fmt: skip
            lines.append(f"{controls:<12}{label:<24}{found[way]['median_ms']:>12.1f}{found[way]['fastest_ms']:>12.1f}")
        lines.append(f"{controls:<12}exact {found['exact']} of {controls}")
        if "exact_after_libreoffice" in found:
            kept, alarms = found["exact_after_libreoffice"], found["false_alarms"]
            lines.append(f"{'':<12}after a LibreOffice save {kept} of {controls}, {alarms} false alarms")
    sys.stdout.write("\n".join(lines) + "\n")
