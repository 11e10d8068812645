"""What is wrong with a checklist is said in a sentence that names the sheet and the cell, and nothing is guessed."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from consultancy.checklists.parts import SENTENCES
from tests.consultancy.checklists.files import (
    HEADER,
    ISO,
    excel,
    filled,
    left_out,
    problems,
    read,
    read_rows,
    row,
    with_part,
)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (row(clause="12.4"), ("A2", "unknown_clause")),
        (row(clause="Appendix"), ("A2", "unknown_clause")),
        (row(clause=""), ("A2", "no_clause")),
        (row(clause=date(2026, 1, 4)), ("A2", "clause_became_date")),
        (row(clause="6.1.2"), ("C2", "heading_rated")),
        (row(clause=8.1), ("C2", "heading_rated")),
        (row(rating=4), ("C2", "rating_off_scale")),
        (row(rating=2.5), ("C2", "rating_off_scale")),
        (row(rating="3.0000001"), ("C2", "rating_off_scale")),
        (row(rating=-1), ("C2", "rating_off_scale")),
        (row(rating="NaN"), ("C2", "rating_not_a_number")),
        (row(rating="1e309"), ("C2", "rating_not_a_number")),
        (row(rating=True), ("C2", "rating_is_true_or_false")),
        (row(rating="vrai"), ("C2", "rating_is_true_or_false")),
        (row(rating=date(2026, 3, 1)), ("C2", "rating_is_a_date")),
        (row(rating="#REF!"), ("C2", "cell_error")),
        (row(rating="x" * 41), ("C2", "rating_unclear")),
        (row(rating="N/A", observation=""), ("C2", "reason_missing")),
        (row(observation="x" * 32_000 + "\n" * 10, owner="y" * 121), ("I2", "too_long")),
        (row(priority=True), ("G2", "priority_unclear")),
        (row(priority="as soon as the second shift has been told about it"), ("G2", "priority_unclear")),
        (row(due="ASAP"), ("J2", "due_not_a_date")),
        (row(due="Q3 2026"), ("J2", "due_not_a_date")),
        (row(due=46000), ("J2", "due_not_a_date")),
        (row(due=True), ("J2", "due_not_a_date")),
        (row(due="2026-02-30"), ("J2", "due_impossible")),
        (row(due="30/02/2026"), ("J2", "due_impossible")),
        (row(due="30 février 2026"), ("J2", "due_impossible")),
        (row(due=date(1989, 12, 31)), ("J2", "due_out_of_range")),
        (row(due=datetime(2101, 1, 1)), ("J2", "due_out_of_range")),
        (row(due="9999-12-31"), ("J2", "due_out_of_range")),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_else_is_lost(line, found):
    checklist = read_rows(line, row(clause="5.1", rating=0), row(clause="5.2", rating=3))
    assert problems(checklist) == [found]
    assert [one.level for one in checklist.rows if one.code.startswith("5")] == [0, 3]
    assert not checklist.complete


def test_the_sentence_names_sheet_and_cell_in_both_languages():
    found = read_rows(row(rating=4), row(clause="5.1", rating=0)).problems[0]
    assert found.sentence() == "Sheet “Checklist”, cell C2: the rating 4 is not 0, 1, 2 or 3."
    assert found.sentence("fr") == (
        "Feuille «\u00a0Checklist\u00a0», cellule C2\u00a0: la cote 4 n’est pas 0, 1, 2 ou 3."
    )


def test_a_clause_filled_twice_keeps_the_first_and_names_the_second():
    checklist = read_rows(row(rating=1), row(clause="5.1"), row(rating=3))
    assert problems(checklist) == [("A4", "duplicate_clause")]
    assert [(one.code, one.level) for one in checklist.rows] == [("4.1", 1), ("5.1", 2)]


def test_cells_that_show_an_error_are_named_even_when_the_reader_sees_nothing():
    def spoil(_, sheet):
        sheet.write_formula("C2", "=A1/0", None, "#DIV/0!")
        sheet.write_formula("D2", "=Gone!A1", None, "#REF!")

    checklist = read_rows(row(), after=spoil)
    assert [(one.cell, one.kind, one.value) for one in checklist.problems] == [
        ("C2", "cell_error", "#DIV/0!"),
        ("D2", "cell_error", "#REF!"),
    ]


def test_a_formula_nobody_worked_out_is_named():
    workbook = openpyxl.Workbook()
    workbook.active.append(HEADER)
    workbook.active.append(["4.1", "Title", "=1+1", "Seen."])
    workbook.active.append(["4.2", "Title", 2, '="Se"&"en"'])
    data = io.BytesIO()
    workbook.save(data)
    assert problems(read(data.getvalue())) == [("C2", "formula_without_value"), ("D3", "formula_without_value")]


def test_cells_merged_over_two_requirements_are_named():
    def merge(_, sheet):
        sheet.merge_range("D2:D3", "Seen for both.")
        sheet.merge_range("A4:J4", "Leadership")

    checklist = read_rows(row(), row(clause="4.2"), ["Leadership"], after=merge)
    assert [(one.cell, one.kind, one.value) for one in checklist.problems] == [("D2", "merged", "D2:D3")]
    assert ("A4", "row_section") in left_out(checklist)


def test_a_column_name_that_stands_twice_is_refused():
    header = ("Clause", "Rating", "Observation", "observation ")
    checklist = read(excel(["4.1", 2, "Seen.", "Also seen."], header=header))
    assert problems(checklist) == [("D1", "duplicate_header")]
    assert checklist.rows == ()


def test_columns_and_rows_that_are_not_taken_are_listed():
    header = ("Clause", "Rating", "Photo", "Previous observation", "Observation", "")
    checklist = read(excel(["4.1", 2, "IMG_1", "Old.", "New.", "margin"], ["see also"], header=header))
    assert [one.observation for one in checklist.rows] == ["New."]
    assert left_out(checklist) == [
        ("C1", "column_unknown"), ("D1", "column_unknown"), ("F1", "column_unnamed"), ("A3", "row_section"),
    ]  # fmt: skip


# What is asked instead of guessed


def test_yes_partial_and_no_are_asked_once_each():
    lines = [row(rating="Yes"), row(clause="4.2", rating="partial"), row(clause="4.3", rating="YES"),
             row(clause="4.4", rating="No")]  # fmt: skip
    asked = read_rows(*lines)
    assert [(question.key, question.cell) for question in asked.questions] == [
        ("rating:yes", "C2"), ("rating:partial", "C3"), ("rating:no", "C5"),
    ]  # fmt: skip
    assert asked.questions[0].sentence() == "Sheet “Checklist”, cell C2: What does the rating “Yes” mean?"
    assert [choice.label("fr") for choice in asked.questions[0].choices][:2] == ["0 absent", "1 informel"]
    assert [one.state for one in asked.rows] == ["not_rated"] * 4
    answered = read_rows(*lines, answers={"rating:yes": "3", "rating:partial": "2", "rating:no": "0"})
    assert [one.level for one in answered.rows] == [3, 2, 3, 0]
    assert answered.complete


def test_a_scale_of_five_is_asked_and_then_mapped():
    lines = [row(clause=code, rating=level) for level, code in enumerate(("4.1", "4.2", "4.3", "4.4", "5.1"), 1)]
    asked = read_rows(*lines)
    assert [(question.key, question.cell, question.value) for question in asked.questions] == [("scale", "C5", "5")]
    assert [one.level for one in asked.rows] == [None] * 5
    assert [one.level for one in read_rows(*lines, answers={"scale": "0,1,2,2,3"}).rows] == [0, 1, 2, 2, 3]
    assert problems(read_rows(*lines, answers={"scale": "mistyped"})) == [
        ("C5", "rating_off_scale"), ("C6", "rating_off_scale"),
    ]  # fmt: skip


def test_a_date_that_may_be_april_or_march_is_asked_and_plain_ones_are_not():
    lines = [row(due="03/04/2026"), row(clause="4.2", due="05/05/2026"), row(clause="4.3", due="2026-04-03")]
    asked = read_rows(*lines)
    assert [(question.key, question.cell) for question in asked.questions] == [("dates", "J2")]
    assert [one.due for one in asked.rows] == [None, date(2026, 5, 5), date(2026, 4, 3)]
    assert read_rows(*lines, answers={"dates": "day_first"}).rows[0].due == date(2026, 4, 3)
    assert read_rows(*lines, answers={"dates": "month_first"}).rows[0].due == date(2026, 3, 4)


def test_two_columns_of_ratings_are_asked():
    data = excel(["4.1", 1, 3], header=("Clause", "Rating 2025", "Rating 2026"))
    asked = read(data)
    assert asked.rows == ()
    assert [(question.key, [choice.key for choice in question.choices]) for question in asked.questions] == [
        ("column:Checklist:rating", ["B", "C"])
    ]
    answered = read(data, answers={"column:Checklist:rating": "C"})
    assert [one.level for one in answered.rows] == [3]
    assert left_out(answered) == [("B1", "column_unknown")]


def test_last_years_rating_never_slips_in_beside_this_years():
    asked = read(excel(["4.1", 1, 3], header=("Clause", "Previous rating", "Rating")))
    assert [question.kind for question in asked.questions] == ["column_rating"]


def test_a_priority_in_figures_is_asked():
    asked = read_rows(row(priority=1))
    assert [question.key for question in asked.questions] == ["priority:1"]
    assert read_rows(row(priority=1), answers={"priority:1": "high"}).rows[0].priority == "high"


def test_an_answer_nobody_offered_counts_as_none():
    asked = read_rows(row(rating="Yes"), answers={"rating:yes": "9"})
    assert [question.key for question in asked.questions] == ["rating:yes"]


def test_a_hidden_sheet_is_left_out_beside_a_visible_one():
    def hide(workbook, _):
        hidden = workbook.add_worksheet("Old")
        filled(workbook, hidden, [HEADER, row(rating=0)])
        hidden.hide()

    checklist = read_rows(row(), after=hide)
    assert [one.level for one in checklist.rows] == [2]
    assert [(one.sheet, one.kind) for one in checklist.ignored][0] == ("Old", "sheet_hidden")


def test_a_hidden_sheet_is_asked_about_when_it_is_the_only_checklist():
    def hide(workbook, sheet):
        filled(workbook, workbook.add_worksheet("Cover"), [["Gap analysis"]])
        workbook.get_worksheet_by_name("Cover").activate()
        workbook.get_worksheet_by_name("Cover").set_first_sheet()
        sheet.hide()

    data = excel(row(), after=hide)
    assert [(question.key, question.sheet) for question in read(data).questions] == [("hidden_sheet", "Checklist")]
    assert [one.code for one in read(data, answers={"hidden_sheet": "yes"}).rows] == ["4.1"]
    assert problems(read(data, answers={"hidden_sheet": "no"})) == [("", "no_header")]


# The file as a whole


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 120_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "filename", "kind"),
    [
        (b"", "a.xlsx", "empty"),
        (b"", "a.csv", "empty"),
        (b"x" * (30 << 20), "a.csv", "too_large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.xls", "old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.xlsx", "old_excel"),
        (b"MZ\x90\x00" * 200, "invoice.xlsx", "wrong_kind"),
        (b"MZ\x90\x00" * 200, "invoice.csv", "wrong_kind"),
        (b"<html></html>", "a.xlsx", "wrong_kind"),
        (b"Clause,Rating\n", "a.docx", "wrong_kind"),
        (excel(row()), "a.csv", "wrong_kind"),
        (b"\x00\x01\x02" * 50, "a.csv", "not_text"),
        (b"\xff\xfea", "a.csv", "not_text"),
        (b'Clause,Rating\n4.1,"2\n', "a.csv", "csv_quotes"),
        (b"Clause,Rating\n", "a.csv", "no_rows"),
        (b"one,two\n3,4\n", "a.csv", "no_header"),
    ],
)
def test_a_file_that_is_no_checklist_is_refused_with_a_sentence(data, filename, kind):
    checklist = read(data, filename)
    assert [problem.kind for problem in checklist.problems] == [kind]
    assert checklist.problems[0].sentence().endswith(".")
    assert checklist.rows == ()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (bomb(), "archive_too_large"),
        (excel(row())[:900], "not_a_workbook"),
        (b"PK\x03\x04junk", "not_a_workbook"),
        (with_part(excel(row()), "xl/workbook.xml", lambda _: b"<oops"), "not_a_workbook"),
        (with_part(excel(row()), "xl/workbook.xml", lambda part: part.replace(b"rId1", b"rId99")), "not_a_workbook"),
        (with_part(excel(row()), "xl/workbook.xml", lambda part: b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + part[55:]),
         "active_content"),
        (with_part(excel(row()), "[Content_Types].xml", lambda part: part.replace(b"sheet.main", b"slide.main")),
         "wrong_kind"),
        (with_part(excel(row()), "xl/worksheets/sheet1.xml", lambda part: part.replace(b'r="A1"', b'r="!"')),
         "not_a_workbook"),
    ],
)  # fmt: skip
def test_a_damaged_or_misleading_workbook_is_refused(data, kind):
    assert [problem.kind for problem in read(data).problems] == [kind]


@pytest.mark.parametrize("serial", [b"-5", b"0.5", b"0", b"60", b"2958466", b"1e300", b"99999999", b"oops"])
def test_a_date_no_calendar_knows_is_a_problem_and_not_a_crash(serial):
    data = excel(row(due=date(2026, 4, 30)))
    value = b"<v>" + serial + b"</v>"
    spoiled = with_part(data, "xl/worksheets/sheet1.xml", lambda part: part.replace(b"<v>46142</v>", value))
    assert spoiled != data
    assert len(read(spoiled).problems) == 1


def test_every_sentence_stands_in_both_languages():
    for group in SENTENCES.values():
        for said in group.values():
            assert set(said) == {"en", "fr"}
            assert said["en"].count("{") == said["fr"].count("{")


def test_an_empty_sheet_and_a_header_alone_are_refused():
    assert problems(read(excel(header=None))) == [("", "no_header")]
    assert problems(read(excel())) == [("", "no_rows")]
    assert problems(read(excel(["4.1", "Seen."], header=("Clause", "Observation")))) == [("", "no_rating_column")]


def test_five_thousand_and_one_rows_are_too_many():
    assert problems(read(excel(row(), *[["Section"]] * 5_000))) == [("", "too_many_rows")]
    assert read(excel(row(), *[["Section"]] * 5_000)).rows == ()


def test_a_value_in_the_last_corner_of_a_sheet_does_not_fill_the_memory():
    assert problems(read_rows(row(), after=lambda _, sheet: sheet.write("XFD1", "wide"))) == [("", "too_many_columns")]
    assert problems(read_rows(row(), after=lambda _, sheet: sheet.write("A1048576", "deep"))) == [("", "too_many_rows")]


def test_a_checklist_is_read_beside_a_sheet_far_too_large():
    def enlarge(workbook, _):
        workbook.add_worksheet("Raw").write("XFD1048576", 1)

    checklist = read_rows(row(), after=enlarge)
    assert [one.code for one in checklist.rows] == ["4.1"]
    assert [(one.sheet, one.kind) for one in checklist.ignored][0] == ("Raw", "sheet_too_large")


def test_a_note_over_the_limit_is_named():
    text = "Clause;Rating;Observation\n4.1;2;" + "x" * 50_001
    assert [(one.cell, one.kind) for one in read(text.encode(), "a.csv").problems] == [("C2", "too_long")]


# CSV


CSV = 'Clause{0}Rating{0}Observation\r\n4.1{0}2{0}"Été: « oui »{0}\r\nsecond ""line"""\r\n10.1{0}N/A{0}None\r\n\r\n\r\n'


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_csv_files_are_read_whatever_spreadsheet_saved_them(separator, encoding):
    data = CSV.format(separator).encode(encoding)
    checklist = read(data, "checklist.csv")
    assert [(one.code, one.level, one.observation) for one in checklist.rows] == [
        ("4.1", 2, f'Été: « oui »{separator}\nsecond "line"'),
        ("10.1", None, "None"),
    ]
    assert checklist.encoding == encoding


def test_a_csv_loses_what_word_cannot_hold():
    data = "Clause,Rating,Observation\n4.1,2,a\x00\x0bb\ufffe\uffff\U0001f600\n".encode()
    assert [one.kind for one in read(data, "a.csv").problems] == ["not_text"]
    checklist = read(data.replace(b"\x00", b""), "a.csv")
    assert [one.observation for one in checklist.rows] == ["ab\U0001f600"]
    assert checklist.normalised_cells == 1


def test_every_requirement_not_in_the_file_is_named():
    assert len(read_rows(row()).missing) == len(ISO.requirements) - 1
