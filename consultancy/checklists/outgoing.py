"""An assessment as an Excel workbook that can be filled anywhere and brought back."""

import io
from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

import xlsxwriter

from consultancy.checklists.layout import (
    CELL_CHARACTERS,
    COLUMNS,
    HIDDEN_SHEET,
    MARK,
    RATING_COLUMNS,
    RATING_KEYS,
    SHEET,
    Line,
    rating_word,
    seal,
)
from consultancy.checklists.parts import SENTENCES
from consultancy.standards.catalogue import Standard
from consultancy.standards.words import choices
from tenants.limits import NAME_CHARACTERS

LOCKED = ("row", "revision")
WRAPPED = ("title", "question", "reason", "observation", "evidence", "recommendation")


def write_workbook(assessment: UUID, lines: Sequence[Line], standard: Standard, language: str) -> bytes:
    """One row per line. Every text is typed as text, so that nothing in it is worked out when the file is opened."""
    stream, workbook_id = io.BytesIO(), str(uuid4())
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": f"{standard.name} {standard.version}"})
    names = list(COLUMNS)
    if not any(line.site for line in lines):
        names.remove("site")
    sheet = book.add_worksheet(SHEET[language == "fr"])
    styles = _styles(book)
    for column, name in enumerate(names):
        english, french, width = COLUMNS[name]
        sheet.set_column(column, column, width, None, {"hidden": name in LOCKED})
        sheet.write_string(0, column, french if language == "fr" else english, styles["head"])
    sealed = []
    for place, line in enumerate(lines, start=1):
        kept = _write_line(sheet, place, names, line, standard, language, styles)
        sealed.append((line.row, line.revision, kept))
    _offer(sheet, names, len(lines), language)
    sheet.freeze_panes(1, names.index("title"))
    sheet.autofilter(0, 0, max(1, len(lines)), len(names) - 1)
    sheet.protect("", {"format_cells": True, "format_columns": True, "format_rows": True, "insert_rows": True,
                       "delete_rows": True, "sort": True, "autofilter": True})  # fmt: skip
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    _hide(book, workbook_id, str(assessment), sealed)
    book.close()
    return stream.getvalue()


def _styles(book: xlsxwriter.Workbook) -> dict[str, xlsxwriter.format.Format]:
    top = {"valign": "top"}
    return {
        "head": book.add_format({"bold": True, "bg_color": "#E6EBEF", "bottom": 1, "text_wrap": True, **top}),
        "text": book.add_format({"locked": False, "num_format": "@", **top}),
        "wrap": book.add_format({"locked": False, "num_format": "@", "text_wrap": True, **top}),
        "day": book.add_format({"locked": False, "num_format": "yyyy-mm-dd", "align": "left", **top}),
        "locked": book.add_format({"locked": True, "font_color": "#808080", **top}),
    }


def _write_line(sheet, place, names, line: Line, standard: Standard, language: str, styles) -> str:
    """Answers the fields that stay behind because no cell holds them."""
    requirement, too_long = standard.requirement(line.requirement), []
    values = line.values | {
        "clause": line.requirement,
        "site": line.site_name,
        "title": requirement.full_title,
        "question": requirement.audit_question,
        "rating": rating_word(line.values["rating"], language),
        "priority": dict(choices("priorities", language)).get(line.values["priority"], ""),
        "row": line.row,
    }
    for column, name in enumerate(names):
        style = styles["locked" if name in LOCKED else "wrap" if name in WRAPPED else "text"]
        value = values.get(name, "")
        if name == "due":
            if value:
                sheet.write_datetime(place, column, date.fromisoformat(value), styles["day"])
            else:
                sheet.write_blank(place, column, None, styles["day"])
        elif name == "revision":
            sheet.write_number(place, column, line.revision, style)
        elif not value:
            sheet.write_blank(place, column, None, style)
        elif len(value) > CELL_CHARACTERS and name in RATING_COLUMNS:
            too_long.append(name)
            sheet.write_string(place, column, SENTENCES["workbook"]["stays"][language], style)
        else:
            sheet.write_string(place, column, value, style)
    return " ".join(too_long)


def _offer(sheet, names: list[str], last: int, language: str) -> None:
    """Drop-downs, and limits where Excel can say them while somebody types."""
    lists = {
        "rating": [rating_word(key, language) for key in RATING_KEYS],
        "method": [word for _key, word in choices("methods", language)],
        "priority": [word for _key, word in choices("priorities", language)],
    }
    for name, offered in lists.items():
        column = names.index(name)
        sheet.data_validation(1, column, last, column, {"validate": "list", "source": offered})
    due = names.index("due")
    sheet.data_validation(
        1, due, last, due,
        {"validate": "date", "criteria": "between", "minimum": date(1990, 1, 1), "maximum": date(2100, 12, 31)},
    )  # fmt: skip
    for name in ("effort_text", "owner_text"):
        column = names.index(name)
        sheet.data_validation(
            1, column, last, column, {"validate": "length", "criteria": "<=", "value": NAME_CHARACTERS}
        )


def _hide(book: xlsxwriter.Workbook, workbook_id: str, assessment: str, sealed: list[tuple[str, int, str]]) -> None:
    sheet = book.add_worksheet(HIDDEN_SHEET)
    for place, text in enumerate((MARK, workbook_id, assessment, seal(workbook_id, assessment, sealed))):
        sheet.write_string(place, 0, text)
    for place, (row, revision, kept) in enumerate(sealed, start=4):
        sheet.write_string(place, 0, row)
        sheet.write_number(place, 1, revision)
        sheet.write_string(place, 2, kept)
    sheet.protect()
    sheet.very_hidden()
