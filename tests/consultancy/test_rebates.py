"""Worked examples of what the WSIB may pay back: a range where a rule can be read in two ways, nothing where it is
not known."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from consultancy import rebates
from consultancy.rebates import HIGH, LOW, UNKNOWN, Case, outlook
from consultancy.reports.rebate_words import line_words
from consultancy.standards.rebate_rules import BANDS, CONDITIONS, NEW, OLD, RULES, Band, rule

IN_2021, IN_2023, IN_2025, LAST_MONTH, AFTER = (
    date(2021, 6, 1), date(2023, 6, 1), date(2025, 6, 1), date(2026, 7, 15), date(2026, 8, 1),
)  # fmt: skip

# premium, topics, predictability, people, lowest, highest
OLD_RULE = [
    ("148210.40", 1, LOW, 150, "2964.21", "2964.21"),  # 2 %, to the cent
    ("148210.40", 1, HIGH, 150, "2074.95", "2074.95"),  # 1.4 %
    ("148210.40", 1, UNKNOWN, 150, "2074.95", "2964.21"),
    ("148210.40", 5, LOW, 150, "14821.05", "14821.05"),
    ("148210.40", 1, LOW, None, "2964.21", "2964.21"),  # above the minimum it does not matter how many people
    ("19155.60", 1, LOW, 40, "1000.00", "1000.00"),  # 383.11 is lifted to the minimum of a small business
    ("19155.60", 1, LOW, 99, "1000.00", "1000.00"),
    ("19155.60", 1, LOW, 100, "383.11", "1000.00"),  # 100 heads may be 99 full-time equivalents: with and without
    ("19155.60", 1, LOW, 900, "383.11", "1000.00"),
    ("19155.60", 1, LOW, None, "383.11", "1000.00"),  # not known whether it is small
    ("50000.00", 1, LOW, 40, "1000.00", "1000.00"),
    ("3000000.00", 1, LOW, 900, "50000.00", "50000.00"),  # 60,000 is cut to the most of a topic
    ("2500000.00", 1, LOW, 900, "50000.00", "50000.00"),
    ("20000000.00", 5, HIGH, 900, "250000.00", "250000.00"),
    ("3000.00", 5, LOW, 8, "2250.00", "3000.00"),  # 5,000 is cut to the premiums, or to the 75 % that were seen once
    ("3000.00", 1, LOW, 8, "1000.00", "1000.00"),
    ("0.01", 1, LOW, 8, "0.01", "0.01"),
]
# the same while small businesses had twice as much and 1,000 more
DOUBLED = [
    ("148210.40", 1, LOW, 150, "2964.21", "6928.42"),  # 150 heads do not disprove a small business
    ("148210.40", 1, LOW, 40, "6928.42", "6928.42"),  # 2 x 2,964.21 + 1,000
    ("19155.60", 1, LOW, 40, "2000.00", "3000.00"),  # 1,000 or 2,000 for the topic: minimum after or before doubling
    ("148210.40", 1, LOW, None, "2964.21", "6928.42"),
    ("3000.00", 2, LOW, 8, "2250.00", "4000.00"),  # whether the 1,000 lie under the cap is not known
    ("5000000.00", 1, LOW, 40, "51000.00", "51000.00"),
]
# the new rule: premium, topics, lowest and highest, none where it is not known
NEW_RULE = [
    ("11840.00", 3, "7000.00", "7000.00"),  # the demo's bakery
    ("11840.00", 1, "3000.00", "3000.00"),
    ("1.00", 1, "2.00", "1002.00"),  # 200 % of one dollar
    ("0.50", 1, "1.00", "1001.00"),
    ("50000.00", 5, "11000.00", "11000.00"),
    ("50000.99", 5, "11000.00", "11000.00"),
    ("50001.00", 5, None, None),
    ("148210.40", 5, None, None),
    ("5000000.00", 5, None, None),
    ("5000001.00", 5, "251000.00", "251000.00"),
    ("9000000.00", 1, "51000.00", "51000.00"),
    ("4000.00", 5, "8000.00", "9000.00"),  # cap of 8,000; the 1,000 under it or on top
    ("5500.00", 5, "11000.00", "11000.00"),
    ("5000.00", 5, "10000.00", "11000.00"),
]


def case(premium, topics, on, predictability=UNKNOWN, people=150):
    return Case(Decimal(premium), topics, on, predictability, people)


def amount(words):
    return None if words is None else Decimal(words)


@pytest.mark.parametrize(("premium", "topics", "predictability", "people", "low", "high"), OLD_RULE)
def test_the_old_rule_takes_a_share_of_the_premiums_for_each_topic(premium, topics, predictability, people, low, high):
    found = outlook(case(premium, topics, IN_2021, predictability, people))
    assert (found.stands, found.low, found.high) == ("old", Decimal(low), Decimal(high))


@pytest.mark.parametrize(("premium", "topics", "predictability", "people", "low", "high"), DOUBLED)
def test_from_2022_to_2024_small_businesses_had_twice_as_much(premium, topics, predictability, people, low, high):
    found = outlook(case(premium, topics, IN_2023, predictability, people))
    assert (found.low, found.high) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    ("people", "on", "keys"),
    [
        (99, IN_2021, {"minimum"}),
        (100, IN_2021, {"minimum_maybe"}),
        (None, IN_2021, {"minimum_maybe"}),
        (99, IN_2023, {"doubled", "bonus"}),
        (100, IN_2023, {"doubled_maybe", "bonus_maybe"}),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_working_says_where_it_is_not_known_whether_the_business_is_small(people, on, keys, language):
    [working] = outlook(case("19155.60", 1, on, LOW, people)).workings
    lines = {line.key: line_words(line, language) for line in working.lines}
    assert keys == lines.keys() - {"rate", "topics"}
    unsure = {"en": ("If it is a small", "if it is one"), "fr": ("S’il s’agit", "s’il s’agit")}[language]
    assert all(any(word in lines[key] for word in unsure) == key.endswith("_maybe") for key in keys)


@pytest.mark.parametrize(("premium", "topics", "low", "high"), NEW_RULE)
def test_the_rule_of_2025_knows_two_bands_and_says_so_of_the_others(premium, topics, low, high):
    found = outlook(case(premium, topics, AFTER))
    assert (found.stands, found.low, found.high) == ("new", amount(low), amount(high))
    assert ("band_unknown" in {line.key for line in found.workings[0].lines}) == (low is None)


# premium, day, which rule stands, lowest, highest
BOTH = [
    ("11840.00", IN_2025, "both", "3000.00", "3000.00"),  # new: 2,000 + 1,000; old: 236.80
    ("48000.00", date(2025, 1, 1), "both", "3000.00", "3000.00"),
    ("148210.40", IN_2025, "both", "2964.21", None),  # at least the old; how much more is not known
    ("6000000.00", IN_2025, "both", "51000.00", "51000.00"),
    ("148210.40", date(2024, 12, 31), "old", "2964.21", "6928.42"),  # doubled still, if 150 heads are a small business
    ("148210.40", date(2026, 6, 30), "both", "2964.21", None),
    ("148210.40", date(2026, 7, 1), "edge", None, None),  # July 2026: the day of the end is not known
    ("11840.00", LAST_MONTH, "edge", "3000.00", "3000.00"),
    ("148210.40", AFTER, "new", None, None),
]


@pytest.mark.parametrize(("premium", "on", "stands", "low", "high"), BOTH)
def test_until_july_2026_the_higher_of_both_is_paid(premium, on, stands, low, high):
    found = outlook(case(premium, 1, on, LOW))
    assert (found.stands, found.low, found.high) == (stands, amount(low), amount(high))


def test_a_band_that_the_consultancy_entered_fills_what_is_not_known_and_nothing_beside_it():
    own = Band(since=date(2025, 1, 1), until=None, source="Program Manual 2025, p. 9", certainty="own",
               lowest=100_001, highest=150_000, per_topic=Decimal(4000))  # fmt: skip
    bands = (*BANDS, own)
    found = outlook(case("148210.40", 2, AFTER), bands)
    assert (found.low, found.high) == (Decimal(9000), Decimal(9000))
    assert found.workings[0].lines[0].source == "Program Manual 2025, p. 9"
    assert outlook(case("150001.00", 2, AFTER), bands).high is None
    assert outlook(case("148210.40", 2, AFTER), (replace(own, until=date(2026, 1, 1)),)).high is None


@pytest.mark.parametrize("premium", ["0", "0.00", "-0.01", "-148210.40"])
def test_premiums_of_nothing_or_less_are_refused(premium):
    with pytest.raises(rebates.PremiumNotPositive):
        outlook(case(premium, 1, AFTER))


@pytest.mark.parametrize("topics", [0, -1, 6])
def test_a_plan_has_one_to_five_topics(topics):
    with pytest.raises(rebates.TopicsOutOfRange):
        outlook(case("11840.00", topics, AFTER))


def test_every_line_of_the_working_says_where_it_is_from_and_the_last_is_the_sum():
    for on in (IN_2021, IN_2023, IN_2025, AFTER):
        for people in (None, 8, 150):
            found = outlook(case("3000.00", 5, on, UNKNOWN, people))
            for working in found.workings:
                assert (working.lines[-1].low, working.lines[-1].high) == (working.low, working.high)
                assert all(line.source and line.certainty for line in working.lines)


def test_what_only_secondary_pages_say_is_not_laid_at_the_door_of_the_wsib():
    [paid] = [one for one in CONDITIONS if "quarterly" in one.words["en"]]
    assert (paid.certainty, "wsib.ca" in paid.source) == ("secondary", False)


def test_every_rule_carries_its_source_and_how_sure_it_is():
    assert {one.rule for one in RULES} == {OLD, NEW, "hsep"}
    rows = (*RULES, *BANDS, *CONDITIONS)
    assert all(one.source and one.certainty in ("sourced", "secondary", "unsure") for one in rows)
    assert [(band.lowest, band.highest) for band in BANDS] == [(1, 50_000), (5_000_001, None)]
    assert {one.certainty for one in BANDS} == {"secondary"}
    assert rule(OLD, "cap_percent_once", IN_2021).certainty == "unsure"
