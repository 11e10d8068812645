"""How somebody stands in a course on a day: leap years, month ends, two parts within a year, refreshers in time."""

from datetime import date

import pytest

from consultancy import training
from consultancy.calendar import months_after
from consultancy.standards.courses import CERTAINTIES, SHIPPED
from consultancy.training import Held, Need, Person

TODAY = date(2026, 3, 2)


def day(text):
    return date.fromisoformat(text) if text else None


def held(course, done, expires="as the rule says", verified=True):
    done_on = day(done)
    if expires == "as the rule says":
        return Held(course, done_on, training.expiry(SHIPPED.find(course, done_on), done_on), verified)
    return Held(course, done_on, day(expires), verified)


@pytest.mark.parametrize(
    ("done", "months", "ends"),
    [
        ("2024-02-29", 36, "2027-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-02-28", 36, "2028-02-28"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-12-15", 12, "2026-12-15"),
    ],
)
def test_a_validity_ends_on_the_same_day_or_on_the_last_of_a_shorter_month(done, months, ends):
    assert months_after(day(done), months) == day(ends)


HEIGHTS = [
    ([], "missing"),
    ([held("WAH", "2024-06-01")], "valid"),
    ([held("WAH", "2023-05-02")], "valid"),  # 61 days left
    ([held("WAH", "2023-05-01")], "expiring"),  # 60 days left
    ([held("WAH", "2023-03-02")], "expiring"),  # the last day counts
    ([held("WAH", "2023-03-01")], "expired"),
    ([held("WAH", "2024-06-01", verified=False)], "not_verified"),
    ([held("WAH", "", "")], "not_verified"),  # says so, shows nothing
    ([held("WAH", "2020-01-01", verified=False)], "expired"),
    ([held("WAH", "2020-01-01"), held("WAH", "2025-01-01")], "valid"),
    ([held("WAH", "2020-01-01"), held("WAH", "2025-01-01", verified=False)], "not_verified"),
    ([held("WAH", "2025-01-01", "2025-06-30")], "expired"),  # typed from the card
    ([held("WAH", "2026-03-03")], "missing"),  # booked, not done
    ([held("FA-S", "2025-01-01")], "missing"),
]


@pytest.mark.parametrize(("records", "status"), HEIGHTS)
def test_working_at_heights_holds_three_years_and_warns_sixty_days_ahead(records, status):
    assert training.standing("WAH", records, SHIPPED, TODAY).status == status


PARTS = [
    ([held("JHSC-1", "2024-01-31"), held("JHSC-2", "2025-01-31")], "valid", ""),  # the last day of the year
    ([held("JHSC-1", "2024-01-31"), held("JHSC-2", "2025-02-01")], "expired", "too_late"),
    ([held("JHSC-1", "2024-02-29"), held("JHSC-2", "2025-02-28")], "valid", ""),
    ([held("JHSC-1", "2024-02-29"), held("JHSC-2", "2025-03-01")], "expired", "too_late"),
    ([held("JHSC-2", "2025-02-01")], "not_verified", "no_first_part"),
    ([held("JHSC-1", "2025-03-01"), held("JHSC-2", "2025-02-01")], "not_verified", "no_first_part"),
    # Part One was taken again in time
    ([held("JHSC-1", "2022-01-01"), held("JHSC-1", "2024-06-01"), held("JHSC-2", "2025-02-01")], "valid", ""),
    ([held("JHSC-1", "2015-05-01"), held("JHSC-2", "2016-02-29")], "valid", ""),  # stays certified
    ([held("JHSC-1", "2015-05-01"), held("JHSC-2", "2016-03-01")], "expired", ""),
    ([held("JHSC-1", "2021-03-01"), held("JHSC-2", "2021-06-01")], "expired", ""),
    ([held("JHSC-1", "2021-03-01"), held("JHSC-2", "2021-06-01"), held("JHSC-R", "2024-06-01")], "valid", ""),
    ([held("JHSC-1", "2021-03-01"), held("JHSC-2", "2021-06-01"), held("JHSC-R", "2024-06-02")], "expired", ""),
]


@pytest.mark.parametrize(("records", "status", "because"), PARTS)
def test_part_two_counts_within_twelve_months_and_a_refresher_before_the_end(records, status, because):
    found = training.standing("JHSC-2", records, SHIPPED, TODAY)
    assert (found.status, found.because) == (status, because)


@pytest.mark.parametrize(
    ("records", "status", "until"),
    [
        ([held("JHSC-1", "2025-10-01")], "valid", "2026-10-01"),
        ([held("JHSC-1", "2025-03-15")], "expiring", "2026-03-15"),
        ([held("JHSC-1", "2025-03-01")], "expired", "2026-03-01"),
        ([held("JHSC-1", "2025-03-01"), held("JHSC-2", "2026-02-01")], "valid", ""),
        ([held("JHSC-1", "2018-03-01")], "valid", ""),  # of a time whose rule is not checked
    ],
)
def test_part_one_alone_serves_for_a_year(records, status, until):
    found = training.standing("JHSC-1", records, SHIPPED, TODAY)
    assert (found.status, found.until) == (status, day(until))


def test_awareness_has_no_end():
    assert training.standing("AWR-W", [held("AWR-W", "2015-01-01")], SHIPPED, TODAY).status == "valid"


WHMIS = [
    ([held("WHMIS", "2025-02-28")], "review_due"),  # the year is over: the review is due, the education stands
    ([held("WHMIS", "2015-02-28")], "review_due"),
    ([held("WHMIS", "2025-05-01")], "review_due"),  # within 60 days
    ([held("WHMIS", "2025-05-02")], "valid"),
    ([held("WHMIS", "2025-02-28"), held("WHMIS", "2026-02-28")], "valid"),
    ([held("WHMIS", "2025-02-28", verified=False)], "not_verified"),
    ([], "missing"),
]


@pytest.mark.parametrize(("records", "status"), WHMIS)
def test_whmis_is_reviewed_yearly_and_never_ends(records, status):
    assert training.standing("WHMIS", records, SHIPPED, TODAY).status == status


def test_a_review_that_is_due_is_listed_and_is_no_gap():
    rows = training.matrix(
        [Person(1, "A", (), "", "")], [Need("", "WHMIS")], {1: [held("WHMIS", "2025-01-01")]}, SHIPPED, TODAY
    )
    assert training.gaps(rows) == {}
    assert training.coverage(rows).percent == 100
    assert [(until, code) for until, _row, code in training.due(rows)] == [(date(2026, 1, 1), "WHMIS")]


NEEDS = [
    Need("", "WHMIS"),
    Need("Supervisor", "AWR-S"),
    Need("Office", "WHMIS", True, "No hazardous products."),
    Need("Welder", "WHMIS"),
]


@pytest.mark.parametrize(
    ("roles", "wanted"),
    [
        ([], {"WHMIS": False}),
        (["supervisor"], {"WHMIS": False, "AWR-S": False}),
        (["Office"], {"WHMIS": True}),
        (["Office", "Welder"], {"WHMIS": False}),
    ],
)
def test_a_role_says_what_is_needed_and_an_exemption_yields_to_another_role(roles, wanted):
    assert {code: need.exempt for code, need in training.needed(roles, NEEDS).items()} == wanted


def people():
    return [
        Person(1, "A", ("Welder",), "North", "days"),
        Person(2, "B", ("Welder", "Supervisor"), "North", "nights"),
        Person(3, "C", ("Office",), "South", "days"),
    ]


def rows():
    records = {
        1: [held("WHMIS", "2025-06-01")],
        2: [held("WHMIS", "2024-06-01", verified=False), held("AWR-S", "2020-01-01"), held("FA-S", "2025-01-01")],
        3: [held("AWR-S", "2020-01-01"), held("FA-E", "2020-01-01")],
    }
    return training.matrix(people(), NEEDS, records, SHIPPED, TODAY)


def test_coverage_leaves_the_exempt_out_and_is_never_rounded_up():
    assert training.coverage(rows()) == training.Coverage(people=3, needed=3, covered=2)
    assert training.coverage(rows()).percent == 66
    by_role = training.covered_by(rows(), lambda one: one.roles)
    assert {role: each.percent for role, each in by_role.items()} == {"Office": None, "Supervisor": 50, "Welder": 66}
    by_shift = training.covered_by(rows(), lambda one: [(one.site, one.shift)])
    assert by_shift["North", "nights"].percent == 50


def test_gaps_are_counted_by_role_and_due_dates_come_oldest_first():
    assert {code: [row.person.label for row in found] for code, found in training.gaps(rows()).items()} == {
        "WHMIS": ["B"]
    }
    assert training.counted_by_role(training.gaps(rows())["WHMIS"], NEEDS, "WHMIS") == {"Welder": 1}
    ends = [Person(1, "A", (), "", ""), Person(2, "B", (), "", "")], [Need("", "WAH")]
    did = {1: [held("WAH", "2023-03-03")], 2: [held("WAH", "2022-06-01")]}
    assert [(until, code) for until, _row, code in training.due(training.matrix(*ends, did, SHIPPED, TODAY))] == [
        (date(2025, 6, 1), "WAH"), (date(2026, 3, 3), "WAH"),
    ]  # fmt: skip


def test_first_aiders_and_supervisors_of_a_shift_are_counted_whatever_their_role_needs():
    assert training.holders(rows(), training.SUPERVISORS) == 2
    assert training.holders(rows(), training.FIRST_AID) == 1
    counted = {(one.site, one.shift): (one.first_aid, one.supervisors) for one in training.shifts(rows())}
    assert counted == {("North", "days"): (0, 0), ("North", "nights"): (1, 1), ("South", "days"): (0, 1)}


def test_the_law_comes_first_where_it_is_sure_and_then_what_most_people_lack():
    lacking = {"FORK": [0] * 9, "HSR": [0] * 5, "WAH": [0], "CSE": [0] * 3, "VIO": [0] * 2}
    courses = [SHIPPED.find(code, TODAY) for code in lacking]
    assert [one.code for one in training.by_weight(courses, lacking)] == ["CSE", "VIO", "WAH", "FORK", "HSR"]


@pytest.mark.parametrize(
    ("code", "grade", "days"),
    [
        ("WAH", "major", date(2026, 4, 1)), ("FORK", "major", None), ("MSI", "minor", None),
        ("CSE", "major", date(2026, 4, 1)),  # the regulation asks; how often is what we are unsure of
        ("HSR", "minor", None),  # nobody is sure that the law asks for it
    ],
)  # fmt: skip
def test_a_gap_under_the_law_weighs_most_and_is_closed_within_a_month(code, grade, days):
    course = SHIPPED.find(code, TODAY)
    assert training.grade(course) == grade
    assert training.close_by(course, TODAY) == days


def test_every_course_says_where_it_comes_from_and_how_sure_we_are():
    for code in SHIPPED.codes:
        for when in (date(2015, 1, 1), date(2020, 1, 1), TODAY, date(2027, 1, 1)):
            one = SHIPPED.find(code, when)
            assert one.source and one.certainty in CERTAINTIES
            assert one.title("en") != "" != one.title("fr")
            assert one.places("iso45001-2018-amd1") and one.places("cor2020")
    assert SHIPPED.find("JHSC-2", date(2026, 7, 1)).certainty == "unsure"
    assert SHIPPED.find("JHSC-2", date(2026, 6, 30)).certainty == "sourced"
