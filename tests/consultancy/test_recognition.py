"""Worked examples of the clock of an application, the years of the rebate, and the data behind the questions."""

from datetime import date

import pytest

from consultancy.recognition import QUESTIONS, SLOTS, Clock, answer_of, rebate_years, slots


def day(text):
    return date.fromisoformat(text) if text else None


# last day of the audit, closed, day of the application -> refused for, doubtful
CLOCKS = [
    ("2026-03-11", None, "2026-06-01", "not_closed", False),
    ("2026-03-11", "2026-05-30", "2026-05-29", "before_closing", False),
    ("2026-03-11", "2026-05-30", "2026-05-30", "", False),
    ("2026-03-11", "2026-05-30", "2027-03-11", "", False),
    ("2026-03-11", "2026-05-30", "2027-03-12", "", True),
    ("2026-03-11", "2026-05-30", "2027-05-30", "", True),
    ("2026-03-11", "2026-05-30", "2027-05-31", "too_late", False),
    (None, "2024-02-29", "2025-02-28", "", False),
    (None, "2024-02-29", "2025-03-01", "too_late", False),
    (None, "2026-08-31", "2027-08-31", "", False),
]


@pytest.mark.parametrize(("ended", "closed", "applied", "why", "doubtful"), CLOCKS)
def test_an_application_is_in_time_or_refused_or_doubtful(ended, closed, applied, why, doubtful):
    clock = Clock.of(day(ended), day(closed), "iso45001")
    assert (clock.refuses(day(applied)), clock.doubtful(day(applied))) == (why, doubtful)


@pytest.mark.parametrize(
    ("recognized", "revoked", "begins"),
    [
        ("2024-05-21", None, ["2024-05-21", "2025-05-21", "2026-05-21"]),
        ("2024-02-29", None, ["2024-02-29", "2025-02-28", "2026-02-28"]),
        ("2024-05-21", "2025-05-21", ["2024-05-21"]),
        ("2024-05-21", "2025-05-22", ["2024-05-21", "2025-05-21"]),
    ],
)
def test_the_rebate_has_up_to_three_years_in_a_row(recognized, revoked, begins):
    assert [one.begins.isoformat() for one in rebate_years(day(recognized), day(revoked))] == begins


def test_an_answer_speaks_for_it_against_it_or_is_open():
    wanted = {one.key: one for one in QUESTIONS}
    found = [wanted["convictions"].stands(answer) for answer in ("no", "yes", "not_known", "")]
    assert found == ["fulfilled", "against", "open", "open"]
    assert wanted["accredited"].stands("yes") == "fulfilled"


def test_what_nobody_answered_is_not_known():
    assert answer_of({}, "convictions") == ("not_known", "")


def test_cor_asks_for_the_action_plan_too():
    today = date(2026, 11, 22)
    iso, cor = ([one.key for one in slots(standard, today)] for standard in ("iso45001", "cor2020"))
    assert cor == [*iso, "action_plan"]


@pytest.mark.parametrize(
    ("name", "file_name"),
    [
        ("Tolmie Metal Fabrication Ltd.", "Tolmie Metal Fabrication Ltd_E.R.Application_Signed.pdf"),
        ("Boulangerie Le Four à Bois inc", "Boulangerie Le Four à Bois inc_E.R.Application_Signed.pdf"),
        ("../../A/B: C", "_.._A_B_ C_E.R.Application_Signed.pdf"),
        ("...", "Organization_E.R.Application_Signed.pdf"),
    ],
)
def test_the_form_is_named_as_the_guideline_says(name, file_name):
    form = next(one for one in SLOTS if one.key == "form")
    assert form.file_name(name, "pdf") == file_name


def test_every_question_and_paper_says_how_sure_it_is():
    for one in (*QUESTIONS, *SLOTS):
        assert one.source
        assert one.certainty in ("sourced", "general", "unsure")
