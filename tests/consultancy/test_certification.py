"""Worked examples of the certification calendar: leap years, month ends, both schemes, what asks for nothing more."""

from datetime import date

import pytest

from consultancy import certification
from consultancy.certification import Held, calendar_of, find_rule, in_force_on, overlaps, renews, same_scope

TODAY = date(2026, 11, 22)

# standard, issued, expires -> by when the audits of years 2, 3 and 4 are held
CYCLES = [
    ("iso45001", "2026-03-02", "2029-03-01", ("2027-03-02", "2028-12-31", "2029-03-01")),
    ("iso45001", "2024-12-31", "2027-12-30", ("2025-12-31", "2026-12-31", "2027-12-30")),
    ("iso45001", "2024-02-29", "2027-02-28", ("2025-02-28", "2026-12-31", "2027-02-28")),
    ("csa_z45001", "2025-01-01", None, ("2026-01-01", "2027-12-31", "2028-01-01")),
    ("iso45001", "2024-02-29", None, ("2025-02-28", "2026-12-31", "2027-02-28")),
    ("cor2020", "2023-12-15", "2026-12-15", ("2024-12-14", "2025-12-14", "2026-12-14")),
    ("cor2020", "2024-02-29", "2027-02-28", ("2025-02-27", "2026-02-27", "2027-02-27")),
    ("cor2020", "2024-03-01", "2027-03-01", ("2025-02-28", "2026-02-28", "2027-02-28")),
    ("cor2020", "2025-01-01", "2028-01-01", ("2025-12-31", "2026-12-31", "2027-12-31")),
    ("cor2020", "2025-03-01", "2028-03-01", ("2026-02-28", "2027-02-28", "2028-02-29")),
]  # fmt: skip

# last day of the audit, closed -> last day of an application
APPLICATIONS = [
    ("2026-03-11", None, "2027-03-11"),
    ("2026-03-11", "2026-05-30", "2027-03-11"),  # the earlier day, as it is not said which counts
    (None, "2026-05-31", "2027-05-31"),
    ("2024-02-29", None, "2025-02-28"),
    ("2023-02-28", None, "2024-02-28"),
    ("2026-12-31", None, "2027-12-31"),
]

# day of a COR audit -> from when evidence counts
WINDOWS = [
    ("2026-12-01", "2025-12-01"), ("2028-02-29", "2027-02-28"), ("2027-02-28", "2026-02-28"),
    ("2027-08-31", "2026-08-31"),
]  # fmt: skip


def day(text):
    return date.fromisoformat(text) if text else None


SURVEILLANCE = ("second_year", "third_year")

# issued, expires, surveillance held -> by when each is due, and when it was held
SURVEILLANCES = [
    ("2026-03-02", "2029-03-01", ["2026-12-10"], ["2027-03-02 2026-12-10", "2027-12-31", "2028-12-31"]),
    ("2026-03-02", "2030-03-01", [], ["2027-03-02", "2028-12-31", "2029-12-31"]),
    ("2025-01-01", "2027-12-31", ["2025-12-10"], ["2026-01-01 2025-12-10", "2026-12-31"]),
    ("2025-01-01", "2027-12-31", [], ["2026-01-01"]),
    ("2026-03-02", None, ["2026-12-10"], ["2027-03-02 2026-12-10", "2027-12-31", "2028-12-31"]),
    (
        "2026-03-02", "2029-03-01", ["2026-12-10", "2027-11-02", "2028-10-30"],
        ["2027-03-02 2026-12-10", "2027-12-31 2027-11-02", "2028-12-31 2028-10-30"],
    ),
    # two in one year do not make up for the next
    ("2026-03-02", "2029-03-01", ["2027-01-12", "2027-12-01"], ["2027-03-02 2027-01-12", "2028-12-31"]),
    # a year that was missed is made good by the next one, which counts for its own year as well
    (
        "2026-03-02", "2029-03-01", ["2026-12-10", "2028-02-01"],
        ["2027-03-02 2026-12-10", "2027-12-31 2028-02-01", "2028-12-31 2028-02-01"],
    ),
]  # fmt: skip


def only(held, key, today=TODAY):
    [found] = [one for one in calendar_of(held, today) if one.key == key]
    return found


def keys(held, today=TODAY):
    return [one.key for one in calendar_of(held, today)]


@pytest.mark.parametrize(("issued", "expires", "held", "wanted"), SURVEILLANCES)
def test_surveillance_is_due_within_a_year_and_then_in_each_calendar_year(issued, expires, held, wanted):
    days = dict(zip(("second_year_on", "third_year_on", "further_on"), map(day, held), strict=False))
    one = Held("iso45001", issued_on=day(issued), expires_on=day(expires), **days)
    found = [each for each in calendar_of(one, day(issued)) if each.key in SURVEILLANCE]
    assert [" ".join(str(each) for each in (one.due, one.done_on) if each) for one in found] == wanted


@pytest.mark.parametrize(("standard", "issued", "expires", "dues"), CYCLES)
def test_a_certificate_asks_for_its_three_audits(standard, issued, expires, dues):
    found = calendar_of(Held(standard, issued_on=day(issued), expires_on=day(expires)), day(issued))
    audits = ("second_year", "third_year", "fourth_year")
    assert [(one.key, one.due.isoformat()) for one in found if one.key in audits] == list(
        zip(audits, dues, strict=True)
    )


@pytest.mark.parametrize(("ended", "closed", "last"), APPLICATIONS)
def test_an_audit_serves_an_application_for_twelve_months(ended, closed, last):
    held = Held("iso45001", issued_on=day("2024-01-01"), audit_on=day(ended), audit_closed_on=day(closed))
    assert only(held, "apply").due == day(last)


@pytest.mark.parametrize(("audit", "since"), WINDOWS)
def test_evidence_for_a_cor_audit_is_of_the_twelve_months_before(audit, since):
    held = Held("cor2020", issued_on=day("2026-01-15"), expires_on=day("2029-01-15"), next_audit_on=day(audit))
    assert only(held, "next_audit").since == day(since)


def test_iso_knows_no_window_of_evidence():
    assert only(Held("iso45001", issued_on=TODAY, next_audit_on=day("2027-08-31")), "next_audit").since is None


@pytest.mark.parametrize(
    ("today", "state"),
    [("2027-03-02", "soon"), ("2027-03-03", "overdue"), ("2027-01-01", "soon"), ("2026-12-31", "later")],
)
def test_a_day_is_later_then_soon_then_overdue(today, state):
    held = Held("iso45001", issued_on=day("2026-03-02"), expires_on=day("2029-03-01"))
    assert only(held, "second_year", day(today)).state(day(today)) == state


def test_a_surveillance_that_was_held_is_done():
    held = Held("iso45001", issued_on=day("2025-03-02"), second_year_on=day("2026-02-20"))
    assert only(held, "second_year").state(TODAY) == "done"


@pytest.mark.parametrize(
    ("key", "standard", "held_on", "late"),
    [
        ("second_year", "iso45001", "2026-03-02", False),
        ("second_year", "iso45001", "2026-03-03", True),
        ("second_year", "cor2020", "2026-03-01", False),
        ("second_year", "cor2020", "2026-03-02", True),
    ],
)
def test_an_audit_held_after_its_last_day_is_late(key, standard, held_on, late):
    held = Held(standard, issued_on=day("2025-03-02"), second_year_on=day(held_on))
    found = only(held, key)
    assert (found.state(TODAY), found.late) == ("done", late)


def test_what_is_not_held_is_overdue_and_not_late():
    assert not only(Held("cor2020", issued_on=day("2025-03-02")), "second_year").late


def test_what_expired_says_so_and_asks_for_no_surveillance():
    assert keys(Held("cor2020", issued_on=day("2021-06-30"), expires_on=day("2024-06-30"))) == ["expiry"]


@pytest.mark.parametrize(
    ("today", "state"),
    [
        ("2024-06-30", "soon"), ("2024-07-01", "overdue"), ("2025-06-30", "overdue"), ("2025-07-01", "ended"),
        ("2026-11-22", "ended"),
    ],
)  # fmt: skip
def test_what_expired_more_than_a_year_ago_is_over_by_our_own_reading(today, state):
    found = only(Held("other", issued_on=day("2021-06-30"), expires_on=day("2024-06-30")), "expiry", day(today))
    assert found.state(day(today)) == state
    assert (found.rule is not None and "own reading" in found.rule.source) == (state == "ended")


@pytest.mark.parametrize("ended", [{"standing": "withdrawn"}, {"replaced": True}])
def test_what_was_withdrawn_or_replaced_asks_for_nothing(ended):
    assert (
        calendar_of(Held("iso45001", issued_on=day("2026-03-02"), expires_on=day("2029-03-01"), **ended), TODAY) == []
    )


def test_a_planned_certificate_has_its_stages_and_no_cycle():
    held = Held("iso45001", standing="planned", stage_1_on=day("2027-01-20"), stage_2_on=day("2027-02-15"))
    assert keys(held) == ["stage_1", "stage_2"]


@pytest.mark.parametrize(
    ("days", "state", "done_on"),
    [
        ({}, "overdue", None),
        ({"second_year_on": "2026-11-17"}, "overdue", None),
        ({"second_year_on": "2026-11-18"}, "done", "2026-11-18"),
        ({"second_year_on": "2025-11-01", "third_year_on": "2026-11-19"}, "done", "2026-11-19"),
        ({"further_on": "2026-11-20"}, "done", "2026-11-20"),
        ({"fourth_year_on": "2026-11-21"}, "done", "2026-11-21"),
    ],
)
def test_an_agreed_audit_is_done_by_the_first_held_on_its_day_or_later(days, state, done_on):
    told = {name: day(each) for name, each in days.items()}
    held = Held("iso45001", issued_on=day("2024-11-14"), next_audit_on=day("2026-11-18"), **told)
    found = only(held, "next_audit")
    assert (found.state(TODAY), found.done_on, found.late) == (state, day(done_on), False)


@pytest.mark.parametrize(("issued", "state"), [(None, "overdue"), ("2026-11-10", "done")])
def test_a_stage_2_that_merely_passed_is_not_done(issued, state):
    held = Held("iso45001", issued_on=day(issued), stage_1_on=day("2026-09-01"), stage_2_on=day("2026-11-01"))
    assert only(held, "stage_2").state(TODAY) == state
    assert only(held, "stage_1").state(TODAY) == "done"


def test_a_clock_that_ran_out_is_over_and_not_overdue():
    held = Held("iso45001", issued_on=day("2024-01-01"), audit_on=day("2023-12-01"))
    assert only(held, "apply").state(TODAY) == "ended"


def test_another_standard_gives_no_right_to_apply():
    assert "apply" not in keys(Held("other", issued_on=day("2026-01-01"), audit_on=day("2025-12-01")))


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (("2023-12-15", "2026-12-15"), ("2026-12-15", "2029-12-15"), False),
        (("2023-12-15", "2026-12-15"), ("2026-12-14", "2029-12-14"), True),
        (("2023-12-15", "2026-12-15"), ("2024-01-01", "2025-01-01"), True),
        (("2021-06-30", "2024-06-30"), ("2026-01-01", "2029-01-01"), False),
    ],
)
def test_terms_overlap_where_they_share_more_than_the_day_of_renewal(one, other, shared):
    terms = [(day(first), day(last)) for first, last in (one, other)]
    assert overlaps(*terms) is shared
    assert overlaps(*reversed(terms)) is shared


@pytest.mark.parametrize(
    ("newer", "renewal"),
    [
        (("2026-03-02", "2029-03-01"), False),
        (("2026-06-29", "2029-06-29"), False),
        (("2026-06-30", "2029-06-29"), True),
        (("2027-06-29", "2030-06-29"), True),
        (("2027-06-30", "2030-06-29"), False),
        (("2027-01-01", "2027-06-30"), False),
        (("2027-01-01", "2027-07-01"), True),
    ],
)
def test_a_renewal_is_issued_in_the_last_year_and_ends_later(newer, renewal):
    former = (day("2024-06-30"), day("2027-06-30"))
    assert renews((day(newer[0]), day(newer[1])), former) is renewal
    assert renews(former, (day(newer[0]), day(newer[1]))) is False


def test_what_has_no_end_is_not_renewed_and_renews():
    ends, endless = (day("2024-06-30"), day("2027-06-30")), (day("2027-01-01"), date.max)
    assert renews(endless, ends)
    assert not renews((day("2027-02-01"), day("2030-02-01")), endless)


def test_scopes_are_compared_without_case_and_spaces():
    assert same_scope("Milling,  Barrie", "milling, barrie")


def test_every_rule_says_where_it_comes_from_in_both_languages():
    for one in certification.RULES:
        assert one.source
        assert one.certainty in ("sourced", "general", "unsure")
        assert all((one.what["en"], one.what["fr"], one.note["en"], one.note["fr"]))


def test_a_rule_holds_for_its_dates_only():
    old = certification.RULES[0]
    newer = type(old)(**{**old.__dict__, "first": date(2027, 1, 1), "months": 6})
    found = [find_rule("second_year", "iso", day(each), (old, newer)) for each in ("2026-12-31", "2027-01-01")]
    assert found == [old, newer]


@pytest.mark.parametrize(
    ("on", "standing", "expires", "holds"),
    [
        ("2026-03-01", "in_force", "2029-03-01", False),
        ("2026-03-02", "in_force", "2029-03-01", True),
        ("2029-03-01", "in_force", "2029-03-01", True),
        ("2029-03-02", "in_force", "2029-03-01", False),
        ("2029-03-02", "in_force", None, True),
        ("2027-01-01", "suspended", "2029-03-01", False),
        ("2027-01-01", "withdrawn", "2029-03-01", False),
        ("2027-01-01", "planned", "2029-03-01", False),
    ],
)
def test_a_certificate_holds_from_its_issue_to_its_last_day(on, standing, expires, holds):
    held = Held("iso45001", standing=standing, issued_on=day("2026-03-02"), expires_on=day(expires))
    assert in_force_on(held, day(on)) is holds


def test_what_has_no_day_of_issue_holds_on_none():
    assert not in_force_on(Held("iso45001"), TODAY)
