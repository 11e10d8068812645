"""Tables of phrases as consultancies keep them, and as they go wrong."""

import csv
import io

import pytest

from consultancy.privacy.spreadsheets import write_rows
from consultancy.standards.phrase_reading import HEADS, read_phrases
from tests.consultancy.checklists.files import excel

ISO = "iso45001-2018-amd1"
HEAD = ["Standard", "Clause", "Part", "Language", "Text"]
GOOD = ["ISO 45001", "6.1.2.1", "statement", "en", "Hazards were not looked for."]
ROW = {"standard": ISO, "requirement": "6.1.2.1", "part": "statement", "language": "en", "text": GOOD[4]}


def read(*rows, head=HEAD):
    return read_phrases(excel(*rows, header=head), "phrases.xlsx")


def table(*lines, encoding="utf-8", between=","):
    text = io.StringIO()
    csv.writer(text, delimiter=between).writerows([HEAD, *lines])
    return text.getvalue().encode(encoding)


def told(reading):
    return [(one["cell"], one["kind"]) for one in reading["problems"]]


def test_a_row_is_taken_as_it_stands():
    reading = read(GOOD)
    assert (reading["rows"], reading["problems"], reading["left_out"]) == ([ROW], [], [])


def test_french_names_and_words_are_understood_in_any_order():
    reading = read(
        ["Les dangers manquent.", "Français", "Constat", "6.1.2.1", ISO],
        head=["Texte", "Langue", "Partie", "Article", "Norme"],
    )
    assert reading["rows"] == [ROW | {"language": "fr", "text": "Les dangers manquent."}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_csv_file_is_read_in_the_encodings_and_separators_of_spreadsheets(encoding, between):
    words = "Le comité\nn’a pas vu l’été; ni, d’ailleurs, l’hiver."
    reading = read_phrases(table([*GOOD[:4], words], [], [""] * 5, encoding=encoding, between=between), "p.csv")
    assert (reading["rows"], reading["problems"]) == ([ROW | {"text": words}], [])


def test_a_phrase_that_stands_there_twice_is_one():
    assert read(GOOD, GOOD)["rows"] == [ROW]


def test_what_we_wrote_ourselves_comes_back_as_it_was():
    texts = ['=HYPERLINK("http://e","x")', "+1", "-1", "@SUM(A1)", "'quoted'", "plain"]
    out = io.StringIO()
    write_rows(out, HEADS, ([ISO, "6.1.2.1", "statement", "en", text] for text in texts))
    cells = [line[4] for line in csv.reader(io.StringIO(out.getvalue()))][1:]
    assert not [one for one in cells if one.startswith(("=", "+", "-", "@"))]
    assert [row["text"] for row in read_phrases(out.getvalue().encode(), "p.csv")["rows"]] == texts


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        (0, "ISO 9001", ("A3", "phrase_standard")), (0, "", ("A3", "phrase_standard")),
        (1, "99", ("B3", "unknown_clause")), (1, "", ("B3", "unknown_clause")), (1, "6", ("B3", "unknown_clause")),
        (2, "verdict", ("C3", "phrase_part")), (3, "de", ("D3", "phrase_language")),
        (4, "", ("E3", "phrase_no_text")), (4, "x" * 4_001, ("E3", "too_long")),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_row_and_column(column, value, expected):
    row = list(GOOD)
    row[column] = value
    assert told(read(GOOD, row)) == [expected]


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"", "p.csv", "empty"), (b"clause,text\n", "p.csv", "phrase_no_column"),
        (b"a,b\n1,2\n", "p.csv", "phrase_no_header"),
        (table(), "p.csv", "phrase_no_rows"), (table(*[GOOD] * 5_001), "p.csv", "too_many_rows"),
        (b"MZ" + b"x" * 99, "p.csv", "wrong_kind"), (b"PK\x03\x04" + b"x" * 99, "p.xlsx", "not_a_workbook"),
        (table(GOOD), "p.docx", "wrong_kind"), (b"\x00\x01\x02", "p.csv", "not_text"),
        (table(["x"] * 300), "p.csv", "too_many_columns"),
        (table(GOOD) + b'"open', "p.csv", "csv_quotes"),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_a_file_that_is_no_table_of_phrases_says_why(data, name, kind):
    reading = read_phrases(data, name)
    assert ([one["kind"] for one in reading["problems"]], reading["rows"]) == ([kind], [])


def test_two_columns_of_one_name_are_refused_and_unknown_ones_are_named():
    reading = read([*GOOD, "x", "y"], head=[*HEAD, "Texte", "Colour"])
    assert (told(reading), reading["left_out"]) == ([("F1", "duplicate_header")], ["Colour"])
