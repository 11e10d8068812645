"""Checklists as consultants keep them are read word for word."""

import pickle
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from consultancy.checklists import read_checklist
from consultancy.standards.catalogue import find
from tests.consultancy.checklists.files import ISO, excel, filled, left_out, problems, read, read_rows, row

DEMO = Path(__file__).parents[3] / "blueprints" / "demo" / "checklists"
CLIENTS = ("cedarline", "fourabois", "orsa", "southlarkfield", "tolmie")
STATES = {"N/A": "not_applicable", "not verified": "not_verified"}


def as_another_reader_sees_it(path):
    def text(cell):
        return (cell or "").replace("\r\n", "\n").strip()

    sheet = openpyxl.load_workbook(path)["Checklist"]
    for cells in sheet.iter_rows(min_row=2, values_only=True):
        code, _, rating, observation, evidence, recommendation, priority, effort, owner, due = cells
        yield (
            code, None if rating in STATES else rating, STATES.get(rating, "rated"), text(observation), text(evidence),
            text(recommendation), priority.lower() if priority else None, text(effort), text(owner),
            due.date() if due else None,
        )  # fmt: skip


@pytest.mark.parametrize("client", CLIENTS)
def test_a_filled_checklist_reads_as_another_reader_sees_it(client):
    path = DEMO / f"{client}.xlsx"
    checklist = read(path.read_bytes(), path.name)
    seen = [
        (
            row.code, row.level, row.state, row.observation, row.evidence, row.recommendation, row.priority,
            row.effort_text, row.owner_text, row.due,
        )
        for row in checklist.rows
    ]  # fmt: skip
    assert seen == list(as_another_reader_sees_it(path))
    assert [row.code for row in checklist.rows] == [requirement.code for requirement in ISO.requirements]
    assert checklist.complete
    assert checklist.missing == ()


def test_the_about_sheet_is_left_out_and_listed():
    checklist = read((DEMO / "tolmie.xlsx").read_bytes())
    assert [(one.sheet, one.kind) for one in checklist.ignored][0] == ("About", "sheet_not_checklist")
    assert checklist.ignored[0].sentence() == "Sheet “About”: not a checklist, left out."


def test_what_is_not_applicable_takes_its_reason_from_the_observation():
    checklist = read((DEMO / "fourabois.xlsx").read_bytes())
    outside = [row for row in checklist.rows if row.state == "not_applicable"]
    assert [row.reason for row in outside] == ["Only bookkeeping is bought in; no outsourced work touches OH&S."]


def test_a_checklist_travels_to_and_from_a_child_process():
    checklist = read((DEMO / "tolmie.xlsx").read_bytes())
    assert pickle.loads(pickle.dumps(checklist)) == checklist


def test_french_headers_title_rows_section_rows_and_french_words_are_understood():
    lines = [
        ["Analyse des écarts", "", "", "", ""],
        ["Boulangerie Le Four à Bois inc.", "", "", "", ""],
        [],
        ["Article", "Exigence", "Cote (0 à 3)", "Constat", "Preuve", "Recommandation", "Priorité", "Responsable",
         "Échéance visée"],
        ["4 Contexte de l’organisme"],
        ["Article 4.1", "Contexte", "informel", "Rien d’écrit.", "Entretien", "Une page.", "Faible", "L. C.",
         "30 octobre 2026"],
        ["Clause 4.2 — Parties", "", "efficace", "Vu.", "", "", "Élevée", "", date(2026, 10, 30)],
        [4.3, "", "s. o.", "Une seule adresse.", "", "", "Moyenne", "", "1er mai 2027"],
        [4.4, "", "non vérifié", "", "", "", "", "", ""],
        ["Leadership"],
        ["§ 5.1.", "", "3 - efficace", "Vu.", "", "", "", "", ""],
        ["Moyenne", "", 1.4],
    ]  # fmt: skip
    checklist = read(excel(*lines, header=None))
    assert checklist.problems == ()
    assert checklist.questions == ()
    assert [(row.code, row.level, row.state, row.priority, row.due) for row in checklist.rows] == [
        ("4.1", 1, "rated", "low", date(2026, 10, 30)),
        ("4.2", 3, "rated", "high", date(2026, 10, 30)),
        ("4.3", None, "not_applicable", "medium", date(2027, 5, 1)),
        ("4.4", None, "not_verified", None, None),
        ("5.1", 3, "rated", None, None),
    ]
    assert left_out(checklist) == [
        ("B4", "column_unknown"), ("A1", "row_above"), ("A2", "row_above"), ("A5", "row_heading"),
        ("A10", "row_section"), ("A12", "row_total"),
    ]  # fmt: skip
    assert len(checklist.missing) == 35


@pytest.mark.parametrize(
    "headers",
    [
        ("Ref", "Score", "What we saw", "Target date"),
        ("Clause", "Level", "Finding", "By when"),
        ("ISO 45001 clause", "RATING", "Observations", "Due"),
        ("No. d’article", "Niveau", "Constatations", "Date cible"),
        ("Requirement", "Maturity level", "Notes", "Deadline"),
        ("Exigence", "Pointage", "Commentaires", "Délai"),
    ],
)
def test_other_names_of_the_columns_are_understood(headers):
    checklist = read(excel(["10.1", 2, "Seen.", date(2026, 4, 30)], header=headers))
    assert [(row.code, row.level, row.observation, row.due) for row in checklist.rows] == [
        ("10.1", 2, "Seen.", date(2026, 4, 30))
    ]
    assert checklist.complete


def test_the_column_with_the_numbers_of_the_standard_is_the_clause_column():
    header = ("Réf.", "Exigence", "Niveau de conformité", "Constat", "Statut")
    checklist = read(excel(["5.2", "Politique", "informel", "Affichée.", "ouvert"], header=header))
    assert [(row.code, row.level, row.observation) for row in checklist.rows] == [("5.2", 1, "Affichée.")]
    assert left_out(checklist) == [("B1", "column_unknown"), ("E1", "column_unknown")]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (4.1, "4.1"), (10.1, "10.1"), ("10.1", "10.1"), ("Clause 6.1.2.1 Hazard identification", "6.1.2.1"),
        ("6.1.2.1: hazards", "6.1.2.1"), ("cl. 9.3", "9.3"), ("ISO 45001:2018 8.1.4.2", "8.1.4.2"), ("4,1", "4.1"),
        (" 5.2 ", "5.2"), ("8.1.4.1.", "8.1.4.1"),
    ],
)  # fmt: skip
def test_a_clause_is_recognised_however_it_is_written(cell, code):
    assert [row.code for row in read_rows(row(clause=cell)).rows] == [code]


@pytest.mark.parametrize(
    ("cell", "level", "state"),
    [
        (0, 0, "rated"), ("2", 2, "rated"), ("3.0", 3, "rated"), ("Absent", 0, "rated"), ("EFFECTIVE", 3, "rated"),
        ("effectif", 3, "rated"), ("en développement", 2, "rated"), ("1 (informal)", 1, "rated"),
        ("Level 2", 2, "rated"), ("● effective", 3, "rated"), ("n/a", None, "not_applicable"),
        ("S.O.", None, "not_applicable"), ("sans objet", None, "not_applicable"),
        ("Not verified", None, "not_verified"), ("à vérifier", None, "not_verified"), ("", None, "not_rated"),
        ("—", None, "not_rated"), ("TBD", None, "not_rated"), (-0.0, 0, "rated"),
    ],
)  # fmt: skip
def test_a_rating_is_recognised_in_figures_and_in_words(cell, level, state):
    checklist = read_rows(row(rating=cell))
    assert checklist.problems == ()
    assert [(one.level, one.state) for one in checklist.rows] == [(level, state)]


@pytest.mark.parametrize(
    "cell",
    [date(2026, 4, 30), datetime(2026, 4, 30, 1, 30), "2026-04-30", "2026/4/30", "30/04/2026", "04/30/2026",
     "30 April 2026", "April 30, 2026", "30 avril 2026", "2026-04-30T01:30"],
)  # fmt: skip
def test_a_due_date_is_a_day_without_a_time(cell):
    checklist = read_rows(row(due=cell))
    assert checklist.problems == ()
    assert [one.due for one in checklist.rows] == [date(2026, 4, 30)]


def test_a_workbook_that_counts_from_1904_keeps_its_days():
    checklist = read_rows(row(due=date(2026, 4, 30)), date_1904=True)
    assert [one.due for one in checklist.rows] == [date(2026, 4, 30)]


def test_words_are_kept_and_what_cannot_be_printed_is_removed_and_counted():
    kept = '<5 mg/m³, R&D, {{7*7}}, =HYPERLINK("http://e"), 😀, \u202eabc\ttab\nline'
    checklist = read_rows(row(observation=f"  a\x0bb\x00{kept}\r\n"), row(clause="4.2"))
    assert checklist.rows[0].observation == f"ab{kept}".replace("\nline", "\u202c\nline")  # it ends with its line
    assert checklist.normalised_cells == 1


def test_figures_in_text_columns_stay_as_they_are_seen():
    read_as_text = read_rows(row(effort=2, owner=10.1, evidence=date(2026, 3, 1))).rows[0]
    assert (read_as_text.effort_text, read_as_text.owner_text, read_as_text.evidence) == ("2", "10.1", "2026-03-01")


def test_calculated_values_are_taken_as_they_were_worked_out():
    checklist = read_rows(row(rating=0), after=lambda _, sheet: sheet.write_formula("C2", "=1+1", None, 2))
    assert [one.level for one in checklist.rows] == [2]


def test_cor_elements_are_read_like_clauses():
    data = excel(["Element 4", 1, "Thin file."], [1, 3, "Signed."], header=("Element", "Rating", "Finding"))
    checklist = read(data)
    assert problems(checklist) == [("B2", "heading_rated"), ("A3", "unknown_clause")]
    checklist = read_checklist(data, "cor.xlsx", find("cor2020"))
    assert [(one.code, one.level) for one in checklist.rows] == [("4", 1), ("1", 3)]


def test_every_sheet_can_be_one_clause_when_the_consultant_says_so():
    def second(workbook, _):
        filled(workbook, workbook.add_worksheet("Clause 5"), [["Clause", "Rating"], ["5.1", 3]])

    data = excel(["4.1", 1], header=("Clause", "Rating"), name="Clause 4", after=second)
    asked = read(data)
    assert asked.rows == ()
    assert [(question.key, question.value) for question in asked.questions] == [("sheet", "Clause 4, Clause 5")]
    assert [one.code for one in read(data, answers={"sheet": "*"}).rows] == ["4.1", "5.1"]
    chosen = read(data, answers={"sheet": "Clause 5"})
    assert [one.code for one in chosen.rows] == ["5.1"]
    assert [(one.sheet, one.kind) for one in chosen.ignored] == [("Clause 4", "sheet_not_chosen")]


def test_five_thousand_rows_are_read_to_the_last():
    lines = [row(clause=requirement.code) for requirement in ISO.requirements]
    checklist = read(excel(*lines, *[["Section of the plant"]] * 4_960))
    assert len(checklist.rows) == 40
    assert left_out(checklist)[-1] == ("A5001", "row_section")
