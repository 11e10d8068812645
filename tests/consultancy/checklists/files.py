"""Checklists made on the spot, as consultants send them and as they should not."""

import io
import zipfile

import xlsxwriter

from consultancy.checklists import read_checklist
from consultancy.standards.catalogue import find

ISO = find("iso45001-2018-amd1")
HEADER = (
    "Clause", "Title", "Rating", "Observation", "Evidence", "Recommendation", "Priority", "Effort", "Owner", "Due",
)  # fmt: skip


def row(clause="4.1", rating=2, observation="Seen.", priority="High", due="", **more):
    return [
        clause, "Title", rating, observation, more.get("evidence", ""), more.get("recommendation", ""), priority,
        more.get("effort", ""), more.get("owner", ""), due,
    ]  # fmt: skip


def filled(workbook, sheet, lines, dates="yyyy-mm-dd"):
    style = workbook.add_format({"num_format": dates})
    for place, line in enumerate(lines):
        for column, value in enumerate(line):
            if hasattr(value, "year"):
                sheet.write_datetime(place, column, value, style)
            elif isinstance(value, str):
                sheet.write_string(place, column, value)
            elif value is not None:
                sheet.write(place, column, value)


def excel(*lines, header=HEADER, after=None, name="Checklist", **options):
    """A workbook of one sheet; `after(workbook, sheet)` spoils it."""
    data = io.BytesIO()
    workbook = xlsxwriter.Workbook(data, {"in_memory": True, **options})
    sheet = workbook.add_worksheet(name)
    filled(workbook, sheet, [header, *lines] if header else lines)
    if after:
        after(workbook, sheet)
    workbook.close()
    return data.getvalue()


def with_part(data, name, change):
    """The same archive with one part rewritten."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, change(old.read(entry)) if entry == name else old.read(entry))
    return out.getvalue()


def read(data, filename="checklist.xlsx", **answers):
    return read_checklist(data, filename, ISO, answers=answers.get("answers"))


def read_rows(*lines, answers=None, **options):
    return read(excel(*lines, **options), answers=answers)


def problems(checklist):
    return [(problem.cell, problem.kind) for problem in checklist.problems]


def left_out(checklist):
    return [(ignored.cell, ignored.kind) for ignored in checklist.ignored]
