"""A checklist filled on site becomes a report that quotes it word for word."""

from pathlib import Path

from consultancy.checklists import read_checklist
from tests.consultancy.reports.practice import (
    ISO,
    assemble,
    assessed,
    engagement,
    practice,
    rate,
    words_of,
    written,
)

CHECKLIST = Path(__file__).resolve().parents[3] / "blueprints" / "demo" / "checklists" / "tolmie.xlsx"


def filled(made) -> list[str]:
    """Rate everything the checklist says; the observations and the evidence in it."""
    assessment = assessed(made)
    said = []
    for row in read_checklist(CHECKLIST.read_bytes(), CHECKLIST.name, ISO).rows:
        rate(
            assessment,
            row.code,
            row.level,
            *filter(None, [row.observation]),
            state=row.state,
            reason=row.reason,
            recommendation=row.recommendation,
            priority=row.priority or "",
            effort_text=row.effort_text,
            owner_text=row.owner_text,
            due=row.due,
        )
        said.append(row.observation)
    return [one for one in said if one]


def test_a_filled_checklist_is_quoted_word_for_word(database_app):
    with practice(database_app):
        made = engagement()
        said = filled(made)
        _, fields = assemble("gap_report", made)
        words = words_of(written("gap_report", fields))
    assert len(said) > 30
    assert [one for one in said if one not in words] == []


def test_a_reason_that_only_repeats_the_observation_is_not_printed_twice(database_app):
    with practice(database_app):
        made = engagement()
        filled(made)
        _, fields = assemble("gap_report", made)
    rows = [row for clause in fields["clauses"] for row in clause["requirements"]]
    assert [row["code"] for row in rows if row["reason"] in [one["text"] for one in row["observations"]]] == []
