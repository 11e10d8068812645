"""Excel files: values only. Formulas are not worked out, external links are not followed, macros are not looked at."""

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from consultancy.checklists.grid import Sheet, Unreadable

# The reader builds the whole rectangle up to the last filled cell: one value in XFD1048576 would fill the memory.
ROWS_IN_A_SHEET = 20_000
COLUMNS_IN_A_SHEET = 256
CELLS_IN_A_SHEET = 500_000  # about four seconds to look at
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
Faults = dict[tuple[int, int], tuple[str, str]]


def read_workbook(data: bytes) -> list[Sheet]:
    """Every worksheet in order. A sheet too large to be a checklist comes back `refused` and without cells."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = dict(_parts_by_sheet(archive))
            return [
                _sheet(workbook, archive, parts[meta.name], meta.name, meta.visible != SheetVisibleEnum.Visible)
                for meta in workbook.sheets_metadata
                if meta.typ == SheetTypeEnum.WorkSheet and meta.name in parts
            ]
    except (CalamineError, zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, OSError) as broken:
        raise Unreadable("not_a_workbook") from broken


def _parts_by_sheet(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    parser = etree.XMLParser(**SAFE)
    relations = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {relation.get("Id"): relation.get("Target") for relation in relations}
    for sheet in etree.fromstring(archive.read("xl/workbook.xml"), parser).iter("{*}sheet"):
        relation = next((value for key, value in sheet.items() if key.endswith("}id")), None)
        target = targets.get(relation) or ""
        yield sheet.get("name", ""), target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _sheet(workbook: CalamineWorkbook, archive: zipfile.ZipFile, part: str, name: str, hidden: bool) -> Sheet:
    try:
        with archive.open(part) as stream:
            faults = _faults(stream)
    except Unreadable as refused:
        return Sheet(name, hidden=hidden, refused=refused.kind)
    read = workbook.get_sheet_by_name(name)
    return Sheet(
        name,
        cells=read.to_python(skip_empty_area=False),
        faults=faults,
        merged=list(read.merged_cell_ranges or ()),
        hidden=hidden,
    )


def _faults(stream) -> Faults:
    """Errors and formulas nobody worked out, which the reader shows as empty cells; also measures the sheet."""
    faults: Faults = {}
    row = column = -1
    cells = 0
    for event, element in etree.iterparse(stream, events=("start", "end"), tag=("{*}row", "{*}c"), **SAFE):
        is_row = element.tag.endswith("}row")
        if event == "start":
            if is_row:
                row = int(element.get("r", row + 2)) - 1
                column = -1
            continue
        if is_row:
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
            continue
        cells += 1
        if cells > CELLS_IN_A_SHEET:
            raise Unreadable("too_many_cells")
        column = _column(element.get("r")) if element.get("r") else column + 1
        value = element.findtext("{*}v")
        formula = element.find("{*}f") is not None
        if value or formula or element.find("{*}is") is not None:
            if row >= ROWS_IN_A_SHEET:
                raise Unreadable("too_many_rows")
            if column >= COLUMNS_IN_A_SHEET:
                raise Unreadable("too_many_columns")
        if element.get("t") == "e":
            faults[row, column] = ("cell_error", value or "")
        elif formula and not value and element.get("t") != "str":
            faults[row, column] = ("formula_without_value", "")
    return faults


def _column(reference: str) -> int:
    found = REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
