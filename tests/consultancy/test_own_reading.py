"""Tables of requirements as consultancies keep them, and as they go wrong."""

import pytest

from consultancy.standards.reading import read_requirements
from consultancy.standards.rules import Frame
from tests.consultancy.checklists.files import excel

OWN = Frame("standard")
COR = Frame("questions", "cor2020", by_points=True)
HEAD = ["Code", "Title", "Paraphrase", "Question", "Element", "Points", "Rule", "D/I/O", "Legislated", "Must", "Weight"]
GOOD = ["3.01", "Hierarchy", "Own words.", "Who chose it?", "3", 4, "All or nothing", "D, I", "yes", "x", 2]


def read(*rows, frame=COR, head=HEAD):
    return read_requirements(excel(*rows, header=head), "questions.xlsx", frame)


def told(reading):
    return [(one["cell"], one["kind"]) for one in reading["problems"]]


def test_a_row_is_taken_as_it_stands():
    reading = read(GOOD)
    assert reading["problems"] == []
    assert reading["rows"] == [
        {
            "code": "3.01", "title": "Hierarchy", "element": "3", "paraphrase": "Own words.",
            "question": "Who chose it?", "points": 4, "rule": "all_or_nothing", "documentation": 4, "interview": 4,
            "observation": None, "legislated": True, "must": True, "weight": 2,
        }
    ]  # fmt: skip


def test_french_column_names_and_words_are_understood():
    head = ["Numéro", "Titre", "Élément", "Points", "Règle", "Méthodes", "Législatif"]
    reading = read(["3.01", "Hiérarchie", 3, 4, "tout ou rien", "entrevue; observation", "oui"], head=head)
    (row,) = reading["rows"]
    assert (row["rule"], row["interview"], row["observation"], row["legislated"]) == ("all_or_nothing", 4, 4, True)


def test_a_csv_file_is_read_alike():
    text = b"code;title;element;points;rule;D/I/O\n3.01;Hierarchy;3;4;range;D\n"
    assert read_requirements(text, "q.csv", COR)["rows"][0]["documentation"] == 4


@pytest.mark.parametrize(
    ("dio", "points", "expected"),
    [
        ("D", 4, (4, None, None)), ("D, I, O", 4, (4, 4, 4)), ("D/O", 4, (4, None, 4)), ("D 2, I 1", 3, (2, 1, None)),
        ("D2; I1", "", (2, 1, None)), ("Document + Observation", 1, (1, None, 1)),
    ],
)  # fmt: skip
def test_methods_are_letters_or_letters_with_points(dio, points, expected):
    reading = read([*GOOD[:5], points, "range", dio])
    (row,) = reading["rows"]
    assert reading["problems"] == []
    assert (row["documentation"], row["interview"], row["observation"]) == expected
    assert row["points"] == (points or 3)


FAULTS = {
    "a code with a space": (0, "3 01", ("A2", "own_code")),
    "no code": (0, "", ("A2", "own_code")),
    "no title": (1, "", ("B2", "own_title")),
    "an element COR does not have": (4, "15", ("E2", "own_element")),
    "no points": (5, 0, ("F2", "own_points")),
    "half a point": (5, 1.5, ("F2", "own_whole")),
    "points in words": (5, "four", ("F2", "own_whole")),
    "minus one point": (5, -1, ("F2", "own_whole")),
    "a rule that is none": (6, "sometimes", ("G2", "own_rule")),
    "no method": (7, "", ("H2", "own_methods")),
    "a method that is none": (7, "D, X", ("H2", "own_dio")),
    "a method twice": (7, "D, D", ("H2", "own_dio")),
    "points that do not add up": (7, "D 1, I 1", ("H2", "own_dio")),
    "points for one of two methods": (7, "D 3, I", ("H2", "own_dio")),
    "perhaps": (8, "perhaps", ("I2", "own_yes_or_no")),
    "no weight at all": (10, 0, ("K2", "own_weight")),
    "a title that is too long": (1, "x" * 201, ("B2", "too_long")),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_is_named_with_its_cell(name):
    column, value, expected = FAULTS[name]
    assert expected in told(read([*GOOD[:column], value, *GOOD[column + 1 :]]))


def test_a_code_that_stands_there_twice_is_named_at_the_second():
    """Excel makes 3.10 and 3.1 the same number."""
    assert told(read([3.1, *GOOD[1:]], [3.10, *GOOD[1:]])) == [("A3", "own_code_twice")]


def test_every_fault_of_a_file_is_told_at_once():
    assert len(told(read(["3 01", "", *GOOD[2:]], ["3.02", "", *GOOD[2:]]))) == 3


def test_columns_that_mean_nothing_are_named_and_column_names_twice_are_refused():
    assert read([*GOOD, "x"], head=[*HEAD, "Colour"])["left_out"] == ["Colour"]
    assert told(read([*GOOD, "x"], head=[*HEAD, "Points"])) == [("L1", "duplicate_header")]


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"", "q.xlsx", "empty"), (b"%PDF-1.7", "q.xlsx", "wrong_kind"), (b"PK\x03\x04 nothing", "q.xlsx", None),
        (excel(["a", "b"], header=["Name", "Colour"]), "q.xlsx", "own_no_header"),
        (excel(header=HEAD), "q.xlsx", "own_no_rows"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_of_requirements_is_refused_in_words(content, name, kind):
    (problem,) = read_requirements(content, name, OWN)["problems"]
    assert kind in (None, problem["kind"])


def test_an_overlay_takes_the_titles_of_the_standard_below_and_refuses_other_clauses():
    overlay = Frame("overlay", "csa-z45001-2019")
    reading = read(["5.4", "", "From our copy."], ["99", "", "x"], frame=overlay, head=HEAD[:3])
    assert reading["rows"][0]["title"] == "Consultation and participation of workers"
    assert ("A3", "own_code_unknown") in told(reading)
