"""Which sheet is the checklist, and which of its columns holds what. Where two could be, it is asked."""

from consultancy.checklists.columns import Header, find_header
from consultancy.checklists.grid import Sheet, Unreadable, cell_name, column_name
from consultancy.checklists.meanings import clause_in
from consultancy.checklists.notes import Notes, choice
from consultancy.checklists.parts import Choice
from consultancy.standards.catalogue import Standard

ALL_SHEETS = "*"  # Excel allows no sheet of this name


def choose_sheets(sheets: list[Sheet], notes: Notes) -> list[tuple[Sheet, Header]]:
    """The sheets to read with their rows of column names; none while a question about them is open."""
    headers = {sheet.name: header for sheet in sheets if (header := find_header(sheet.cells)) is not None}
    likely = [sheet for sheet in sheets if sheet.name in headers and not sheet.hidden]
    if not likely:
        chosen = _choose_hidden(sheets, headers, notes)
    elif len(likely) == 1:
        chosen = likely
    else:
        names = [Choice(sheet.name, (sheet.name, sheet.name)) for sheet in likely]
        listed = ", ".join(sheet.name for sheet in likely)
        answer = notes.ask("sheet", "sheet", "", "", listed, (*names, Choice(ALL_SHEETS, choice("all_sheets").words)))
        chosen = [sheet for sheet in likely if answer in (sheet.name, ALL_SHEETS)]
    names_chosen = {sheet.name for sheet in chosen}
    for sheet in sheets:
        waiting = sheet.name in headers and bool(notes.questions)
        if sheet.name not in names_chosen and not waiting:
            notes.leave_out(sheet.name, "", _why_not(sheet, sheet.name in headers))
    return [(sheet, headers[sheet.name]) for sheet in chosen]


def _choose_hidden(sheets: list[Sheet], headers: dict[str, Header], notes: Notes) -> list[Sheet]:
    too_large = next((sheet for sheet in sheets if sheet.refused and not sheet.hidden), None)
    if too_large is not None:
        raise Unreadable(too_large.refused, sheet=too_large.name)
    hidden = next((sheet for sheet in sheets if sheet.name in headers), None)
    if hidden is None:
        raise Unreadable("no_header")
    answer = notes.ask("hidden_sheet", "hidden_sheet", hidden.name, "", hidden.name, (choice("yes"), choice("no")))
    if answer == "no":
        raise Unreadable("no_header")
    return [hidden] if answer == "yes" else []


def _why_not(sheet: Sheet, looks_like_one: bool) -> str:
    if sheet.hidden:
        return "sheet_hidden"
    if sheet.refused:
        return "sheet_too_large"
    return "sheet_not_chosen" if looks_like_one else "sheet_not_checklist"


def choose_columns(sheet: Sheet, header: Header, standard: Standard, notes: Notes) -> dict[str, int] | None:
    """Field to column, or None while that is not settled."""
    settled = True
    columns = {}
    for column, text in header.duplicates:
        notes.problem(sheet.name, cell_name(header.row, column), "duplicate_header", text)
        settled = False
    if "rating" not in header.columns:
        notes.problem(sheet.name, "", "no_rating_column")
        settled = False
    for name, candidates in header.columns.items():
        if name == "title":
            _leave_out(sheet, header, candidates, "column_title", notes)
        elif len(candidates) == 1:
            columns[name] = candidates[0][0]
        else:
            numbered = [column for column, _ in candidates if _holds_numbers(sheet, header, column, standard)]
            if name == "clause" and len(numbered) == 1:
                answer: str | None = column_name(numbered[0])
            else:
                answer = _ask_column(sheet, header, name, candidates, notes)
            settled = settled and answer is not None
            for column, text in candidates:
                if column_name(column) == answer:
                    columns[name] = column
                elif answer is not None:
                    _leave_out(sheet, header, ((column, text),), "column_unknown", notes)
    _leave_out(sheet, header, header.unknown, "column_unknown", notes)
    return columns if settled else None


def _holds_numbers(sheet: Sheet, header: Header, column: int, standard: Standard) -> bool:
    """Whether numbers of the standard stand in this column: that settles "Ref." beside "Requirement"."""
    lines = sheet.cells[header.row + 1 :]
    return any(clause_in(line[column]) in standard for line in lines if column < len(line))


def _leave_out(sheet: Sheet, header: Header, columns: tuple[tuple[int, str], ...], kind: str, notes: Notes) -> None:
    for column, text in columns:
        notes.leave_out(sheet.name, cell_name(header.row, column), kind, text)


def _ask_column(
    sheet: Sheet, header: Header, name: str, candidates: tuple[tuple[int, str], ...], notes: Notes
) -> str | None:
    choices = tuple(
        Choice(column_name(column), (f"{column_name(column)}: {text}", f"{column_name(column)}\u00a0: {text}"))
        for column, text in candidates
    )
    if name not in ("clause", "rating"):
        choices += (Choice("none", choice("none_of_them").words),)
    cell = cell_name(header.row, candidates[0][0])
    return notes.ask(f"column:{sheet.name}:{name}", f"column_{name}", sheet.name, cell, candidates[0][1], choices)
