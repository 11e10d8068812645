"""The priority of a task, its place in the twelve months, and what may wait for what: worked examples."""

from datetime import date

import pytest

from consultancy.roadmap import (
    PHASES,
    RULES,
    Placed,
    ToPlace,
    circle,
    natural_phase,
    phase_aim,
    phase_name,
    place_all,
    priority,
    window,
)

START = date(2026, 12, 1)
ISO, COR = "iso45001-2018-amd1", "cor2020"


@pytest.mark.parametrize(
    ("severity", "legal", "must", "days", "figure"),
    [
        ("major", False, False, 1, 3),
        ("major", True, False, 1, 6),
        ("major", True, True, 1, 12),
        ("major", True, True, 4, 3),
        ("minor", False, True, 2, 2),
        ("minor", True, False, 5, 0.8),
        ("ofi", False, False, 1, 1),
        ("absent", False, True, 3, 2),
        ("informal", False, False, 3, 0.67),
        ("developing", False, False, 1, 1),
        ("doubt", False, True, 1, 2),
        ("missing", True, False, 2, 2),
        ("needs_work", False, False, 4, 0.25),
        ("major", False, False, 0.1, 6),  # a quick win counts as half a day, not more
        ("major", True, True, None, 6),  # no estimate: two days are assumed
        ("ofi", False, False, None, 0.5),
    ],
)
def test_priority_is_severity_times_law_times_audit_over_effort(severity, legal, must, days, figure):
    worked = priority(severity=severity, legal=legal, must=must, days=days)
    assert worked.figure == figure
    assert worked.estimated == (days is not None)


def test_the_rule_says_that_it_is_our_own_and_speaks_both_languages():
    assert RULES["certainty"] == "ours"
    assert "own rule" in RULES["source"]["en"] and "propre règle" in RULES["source"]["fr"]
    words = [(phase_name(key, language), phase_aim(key, language)) for key in PHASES for language in ("en", "fr")]
    assert all(name and aim for name, aim in words) and len(set(words)) == 2 * len(PHASES)


@pytest.mark.parametrize(
    ("standard", "number", "severity", "legal", "step", "phase"),
    [
        (ISO, "5.2", "major", False, "lead", "lead"),
        (ISO, "5.4", "minor", False, "lead", "ground"),
        (ISO, "6.1.2.1", "major", False, "plan", "ground"),
        (ISO, "6.1.3", "major", True, "plan", "legal"),
        (ISO, "6.1.3", "ofi", True, "plan", "ground"),  # nothing is broken: no matter of 30 days
        (ISO, "7.2", "absent", False, "do", "build"),
        (ISO, "7.4.1", "absent", False, "do", "run"),
        (ISO, "9.1.1", "absent", False, "check", "run"),
        (ISO, "9.1.2", "absent", False, "check", "check"),
        (ISO, "9.2.1", "absent", False, "check", "check"),
        (ISO, "9.3", "absent", False, "check", "review"),
        (ISO, "10.2", "absent", False, "act", "review"),
        ("csa-z45001-2019", "8.2", "absent", False, "do", "build"),
        (COR, "1", "absent", False, "lead", "lead"),
        (COR, "13", "absent", False, "plan", "ground"),
        (COR, "14", "absent", False, "act", "review"),
        ("own-1", "A.7", "absent", False, "check", "check"),  # numbers of our own say nothing; their step does
        ("own-1", "A.7", "absent", False, "", "build"),
    ],
)
def test_a_task_belongs_into_the_phase_of_what_it_is_about(standard, number, severity, legal, step, phase):
    assert natural_phase(standard, number, severity=severity, legal=legal, step=step) == phase


@pytest.mark.parametrize(
    ("phase", "first", "last"),
    [
        ("legal", date(2026, 12, 1), date(2026, 12, 31)),
        ("lead", date(2026, 12, 1), date(2026, 12, 31)),
        ("ground", date(2027, 1, 1), date(2027, 2, 28)),
        ("build", date(2027, 3, 1), date(2027, 5, 31)),
        ("run", date(2027, 6, 1), date(2027, 8, 31)),
        ("check", date(2027, 9, 1), date(2027, 9, 30)),
        ("review", date(2027, 10, 1), date(2027, 10, 31)),
        ("preaudit", date(2027, 11, 1), date(2027, 11, 30)),
        ("audit", date(2027, 12, 1), date(2027, 12, 31)),
    ],
)
def test_phases_follow_each_other_over_twelve_months(phase, first, last):
    assert window(phase, START) == (first, last)


def test_phases_keep_their_months_where_a_month_is_shorter_and_over_a_leap_day():
    assert window("ground", date(2027, 12, 31)) == (date(2028, 1, 31), date(2028, 3, 30))
    assert window("lead", date(2028, 1, 31)) == (date(2028, 1, 31), date(2028, 2, 28))
    assert window("legal", date(2028, 2, 1)) == (date(2028, 2, 1), date(2028, 3, 2))


def test_a_phase_is_filled_by_priority_and_never_overflows():
    tasks = [ToPlace("late", 1, "lead", 10), ToPlace("urgent", 9, "lead", 20), ToPlace("small", 4, "lead", 1)]
    assert place_all(tasks, START) == [
        Placed("urgent", "lead", date(2026, 12, 1), date(2026, 12, 20)),
        Placed("small", "lead", date(2026, 12, 21), date(2026, 12, 21)),
        Placed("late", "lead", date(2026, 12, 22), date(2026, 12, 31)),
    ]


def test_breaches_of_the_law_are_due_within_thirty_days_whatever_was_agreed():
    tasks = [ToPlace(f"t{n}", n, "legal", 30, agreed=date(2027, 6, 1)) for n in range(9)]
    assert {placed.phase for placed in place_all(tasks, START)} == {"legal"}
    assert max(placed.due for placed in place_all(tasks, START)) <= date(2026, 12, 31)


def test_a_day_that_was_agreed_stays_and_says_the_phase():
    [placed] = place_all([ToPlace("x", 1, "lead", 5, agreed=date(2027, 4, 15))], START)
    assert (placed.phase, placed.due) == ("build", date(2027, 4, 15))
    assert placed.starts_on <= placed.due
    [before] = place_all([ToPlace("x", 1, "lead", 5, agreed=date(2026, 11, 1))], START)
    assert before.due == date(2026, 12, 31)  # a day that is over binds nobody


def test_what_waits_begins_after_what_it_waits_for_and_slips_into_a_later_phase_with_it():
    tasks = [ToPlace("a", 9, "lead", 2, after="b"), ToPlace("b", 1, "ground", 2), ToPlace("c", 1, "lead", 1, after="z")]
    placed = {one.key: one for one in place_all(tasks, START, {"z": date(2026, 12, 30)})}
    assert placed["a"].starts_on > placed["b"].due
    assert placed["a"].phase == "build"
    assert placed["c"].starts_on == date(2026, 12, 31)


def test_nothing_to_place_gives_no_plan():
    assert place_all([], START) == []


@pytest.mark.parametrize(
    ("after", "key", "wanted", "ring"),
    [
        ({}, "a", "b", []),
        ({}, "a", "", []),
        ({}, "a", "a", ["a", "a"]),
        ({"b": "a"}, "a", "b", ["a", "b", "a"]),
        ({"b": "c", "c": "a"}, "a", "b", ["a", "b", "c", "a"]),
        ({"b": "c"}, "a", "b", []),
        ({"a": "b"}, "a", "c", []),  # it waited for another before
    ],
)
def test_tasks_never_wait_for_each_other_in_a_ring(after, key, wanted, ring):
    assert circle(after, key, wanted) == ring
