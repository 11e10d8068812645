"""Lists of people and courses as clients keep them: every refusal names its row and column."""

from dataclasses import replace
from datetime import date

import pytest

from consultancy.checklists.parts import Problem
from consultancy.training_list import Known, read_training_list
from tests.consultancy.checklists.files import excel

HEAD = ("Name", "Employee number", "Job", "Site", "Shift", "Course", "Completed on", "Expires on", "Proof")
KNOWN = Known(
    courses={"wah": "WAH", "working at heights": "WAH", "whmis": "WHMIS"}, sites={"main": "id-of-main"},
    shared_names=frozenset({"ann"}), today=date(2026, 3, 2),
)  # fmt: skip


def reading(rows, head=HEAD):
    return read_training_list(excel(*rows, header=head), "people.xlsx", KNOWN)


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        (("", "", "Welder", "", "", "WAH", "2025-01-01", "", "seen"), "A2", "the row names nobody"),
        (("A", "", "", "Elsewhere", "", "", "", "", ""), "D2", "no site called “Elsewhere”"),
        (("A", "", "", "", "", "Juggling", "2025-01-01", "", ""), "F2", "“Juggling” is not a course"),
        (("A", "", "", "", "", "WAH", "03/04/2025", "", ""), "G2", "which is the month"),
        (("A", "", "", "", "", "WAH", "2025-02-30", "", ""), "G2", "does not exist"),
        (("A", "", "", "", "", "WAH", "soon", "", ""), "G2", "is not a date"),
        (("A", "", "", "", "", "WAH", "2026-03-03", "", ""), "G2", "has not come yet"),
        (("A", "", "", "", "", "WAH", "2025-03-03", "2025-03-02", ""), "H2", "before the day of the course"),
        (("A", "", "", "", "", "", "2025-03-03", "", ""), "G2", "no course stands in the row"),
        (("A" * 121, "", "x", "", "", "", "", "", ""), "A2", "at most 120 characters"),
        (("Ann", "", "", "", "", "WAH", "2025-01-01", "", ""), "A2", "two people here are called Ann"),
    ],
)
def test_a_refusal_names_row_and_column(row, cell, words):
    (problem,) = reading([row])["problems"]
    assert problem["cell"] == cell
    assert words in Problem(**problem).sentence("en")
    assert Problem(**problem).sentence("fr") != Problem(**problem).sentence("en")


def named(*people, unnumbered=(), numbers=()):
    known = replace(KNOWN, unnumbered=frozenset(unnumbered), numbers=frozenset(numbers))
    rows = [(name, number, "", "", "", "WAH", "2025-01-01", "", "") for name, number in people]
    found = read_training_list(excel(*rows, header=HEAD), "people.xlsx", known)
    return [(one["cell"], one["kind"]) for one in found["problems"]]


@pytest.mark.parametrize(
    ("people", "record", "cells"),
    [
        ((("John", "12"), ("John", "13")), {"unnumbered": ["john"]}, ["A2", "A3"]),  # which of them is on record?
        ((("John", "12"), ("John", "")), {"unnumbered": ["john"]}, ["A2", "A3"]),
        ((("John", "12"), ("John", "")), {}, ["A3"]),
        ((("John", "12"), ("John", "13")), {"unnumbered": ["john"], "numbers": ["#12", "#13"]}, []),
        ((("John", "12"), ("John", "13")), {}, []),  # two new people, told apart by their numbers
        ((("John", "12"), ("John", "")), {"numbers": ["#12"]}, []),  # the one on record
        ((("John", "12"),), {"unnumbered": ["john"]}, []),  # the number is learnt
        ((("Ann", "12"),), {"unnumbered": ["ann"]}, ["A2"]),  # two on record are called Ann
        ((("Ann", "12"),), {"numbers": ["#1", "#2"]}, []),
    ],
)
def test_a_name_that_two_people_bear_needs_a_number(people, record, cells):
    assert named(*people, **record) == [(cell, "training_name_shared") for cell in cells]


def test_the_roles_of_all_rows_of_a_person_fit_or_are_refused():
    half = "; ".join(f"Role {number:02}" for number in range(14))  # 124 characters
    other = half.replace("Role", "Work")
    rows = [("A", "", words, "", "", "WAH", day, "", "") for words, day in
            ((half, "2025-01-01"), (half, "2025-01-02"), (other, "2025-01-03"), (other, "2025-01-04"))]  # fmt: skip
    assert [(one["cell"], one["kind"], one["value"]) for one in reading(rows)["problems"]] == [
        ("C4", "training_too_long", "240")
    ]
    assert reading(rows[:2])["problems"] == []


def test_two_rows_that_contradict_each_other_are_named():
    rows = [(name, "T-1", "", "", "", "WAH", "2025-01-01", "", "") for name in ("Rui", "Roy")]
    assert [(one["cell"], one["kind"]) for one in reading(rows)["problems"]] == [
        ("B3", "training_number_twice"), ("F3", "training_twice"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "rows", "kind"),
    [
        (("Clause", "Rating"), [("4.1", 2)], "training_no_header"),
        (HEAD, [], "training_no_rows"),
        (("Name", "Nom", "Course"), [("A", "A", "WAH")], "duplicate_header"),
        (("Name", "Course"), [(f"P {number}", "WAH") for number in range(5_001)], "too_many_rows"),
    ],
)
def test_a_file_that_is_no_such_list_says_why(head, rows, kind):
    assert [one["kind"] for one in reading(rows, head)["problems"]] == [kind]


def test_a_file_that_is_no_table_says_why():
    assert [one["kind"] for one in read_training_list(b"%PDF-1.7", "people.xlsx", KNOWN)["problems"]] == ["wrong_kind"]


def test_titles_above_the_columns_and_columns_of_another_kind_do_not_matter():
    rows = [("Name", "Course", "Date", "Shoe size"), ("A", "Working at heights", "2025-01-05", 43)]
    found = reading(rows, ("Training 2026", "", ""))
    assert [(row["name"], row["course"], row["row"]) for row in found["rows"]] == [("A", "WAH", 3)]
    assert (found["left_out"], found["problems"]) == (["Shoe size"], [])


def test_a_column_verified_wins_over_the_words_of_the_proof():
    head = ("Nom", "Formation", "Date", "Preuve", "Vérifié")
    rows = [("A", "WAH", "2025-01-01", "carte vue", "non"), ("B", "WAH", "2025-01-01", "x", "oui")]
    assert [row["verified"] for row in reading(rows, head)["rows"]] == [False, True]
    assert reading([(*rows[0][:4], "maybe")], head)["problems"][0]["kind"] == "own_yes_or_no"


def test_a_csv_file_with_semicolons_is_read_too():
    found = read_training_list("nom;poste;formation;date\nZoé;Soudeuse;WHMIS;2026-01-05\n".encode(), "p.csv", KNOWN)
    assert [(row["name"], row["roles"], row["done_on"]) for row in found["rows"]] == [("Zoé", "Soudeuse", "2026-01-05")]
