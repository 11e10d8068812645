"""How far a plan and its steps are, and which topics a gap feeds."""

from datetime import date
from types import SimpleNamespace

import pytest

from consultancy import hsep
from consultancy.hsep import Gap
from consultancy.standards import catalogue

ISO, COR = catalogue.find("iso45001-2018-amd1"), catalogue.find("cor2020")
APPROVED = date(2026, 8, 24)

# four days of a plan, the day it is looked at, how it stands
STANDINGS = [
    (None, None, None, None, date(2026, 9, 1), "joined"),
    (APPROVED, None, None, None, APPROVED, "developing"),
    (APPROVED, None, None, None, date(2027, 6, 24), "developing"),  # 61 days left
    (APPROVED, None, None, None, date(2027, 6, 25), "ending"),
    (APPROVED, None, None, None, date(2027, 8, 24), "ending"),  # the last day still counts
    (APPROVED, None, None, None, date(2027, 8, 25), "too_late"),
    (APPROVED, date(2027, 8, 1), None, None, date(2027, 9, 1), "submitted"),
    (APPROVED, date(2027, 8, 1), date(2027, 8, 20), None, date(2027, 9, 1), "returned"),
    (APPROVED, date(2027, 8, 1), date(2027, 8, 20), date(2027, 9, 1), date(2028, 9, 1), "achieved"),
    (date(2024, 2, 29), None, None, None, date(2025, 2, 28), "ending"),  # 29 February has the 28th
    (date(2024, 2, 29), None, None, None, date(2025, 3, 1), "too_late"),
]


@pytest.mark.parametrize(("approved", "submitted", "returned", "achieved", "today", "standing"), STANDINGS)
def test_the_clock_of_a_plan(approved, submitted, returned, achieved, today, standing):
    plan = SimpleNamespace(
        approved_on=approved, submitted_on=submitted, returned_on=returned, achieved_on=achieved
    )
    assert hsep.standing(plan, today) == standing


@pytest.mark.parametrize(
    ("due", "done_on", "status"),
    [
        (None, None, "open"),
        (date(2026, 9, 2), None, "open"),
        (date(2026, 9, 1), None, "open"),
        (date(2026, 8, 31), None, "overdue"),
        (date(2026, 8, 31), date(2026, 8, 31), "done"),
        (date(2026, 8, 30), date(2026, 8, 31), "done_late"),
        (None, date(2026, 8, 31), "done"),
    ],
)
def test_the_status_of_a_step(due, done_on, status):
    assert hsep.status(due, done_on, date(2026, 9, 1)) == status


# standard, requirement, topics
FED = [
    (ISO, "8.2", ["F10", "I5"]),
    (ISO, "5.3", ["F2", "I3"]),
    (ISO, "8.1.3", ["A1"]),
    (ISO, "9.3", ["A4"]),
    (COR, "11", ["F10", "I5"]),
]


@pytest.mark.parametrize(("standard", "requirement", "topics"), FED)
def test_a_gap_knows_the_topics_it_feeds(standard, requirement, topics):
    found = hsep.topics_of(Gap("F-01", standard, requirement))
    assert set(topics) <= set(found)
    assert len(found) == len(set(found))


def test_topics_with_the_most_open_gaps_come_first_and_none_is_lost():
    gaps = [Gap("F-01", ISO, "8.2"), Gap("F-02", ISO, "8.2"), Gap("F-02", ISO, "8.2"), Gap("F-03", ISO, "9.3")]
    by_topic = hsep.gaps_by_topic(gaps)
    assert by_topic["F10"] == ["F-01", "F-02"]
    topics = catalogue.find(hsep.KEY).requirements
    ordered = [one.code for one in hsep.most_wanted(topics, by_topic)]
    assert ordered[:3] == ["F10", "I5", "A4"]
    assert len(ordered) == 41


def test_a_name_is_unsure_until_the_source_or_the_consultancy_says_it():
    standard = catalogue.find(hsep.KEY)
    unsure = [one.code for one in standard.requirements if hsep.is_unsure(one)]
    assert len(unsure) == 30  # of 41; ten of the first level and one of 2025 are sourced
    assert not hsep.is_unsure(standard.requirement("I5"), "Emergency preparedness and response")
    assert (hsep.level_of(standard.requirement("F10")), hsep.level_of(standard.requirement("P1"))) == ("foundation", "")
