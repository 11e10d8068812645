"""The readiness letter says of nothing that it is there unless somebody typed or recorded it."""

from datetime import date

import pytest

from consultancy.actions.recognitions import clock_of
from consultancy.queries import recognitions
from consultancy.reports.problems import problems_of
from tenants.database import db
from tests.blueprints.test_statements import counted
from tests.consultancy.reports.practice import TODAY, assemble, assessed, engagement, practice, words_of, written
from tests.factories import (
    make_certificate,
    make_corrective_action,
    make_engagement,
    make_evidence,
    make_finding,
    make_member,
    make_recognition,
    make_recognition_paper,
)

EVERYTHING = {
    "sose_certificate": "ISO 45001, BSI 700123, valid to 10 Feb 2029",
    "sose_audit_on": "2026-02-10",
    "sose_auditor": "Jo Park, PECB 12345",
    "sose_closed_on": "2026-03-01",
    "sose_registration": "Extract of 1 Mar 2026",
    "sose_report": "38 pages",
    "sose_form": "Signed by Dale Tolmie",
    "sose_convictions": "Statement of 2 Mar 2026",
    "sose_participation": "Committee minutes",
}  # fmt: skip


def states(fields):
    return [one["state"] for one in fields["checklist"]]


def test_nothing_recorded_is_nothing_shown(database_app):
    with practice(database_app):
        made = engagement("pre_audit")
        assessed(made)
        _, fields = assemble("sose_letter", made)
        words = words_of(written("sose_letter", fields))
        [missing] = [one for one in problems_of(made, kind="sose_letter", today=TODAY) if one.what == "sose_not_shown"]
    assert set(states(fields)) == {"not_shown"}
    assert "● Have" not in words
    assert dict(missing.facts)["count"] == len(fields["checklist"]) == 8
    assert "No date can be suggested" in words
    assert "decision of the Chief Prevention Officer" in words
    assert "Rebates are decided by the WSIB" in words


def test_all_shown_lets_the_client_apply_until_a_year_after_the_audit(database_app):
    with practice(database_app):
        _, fields = assemble("sose_letter", engagement("pre_audit", texts=EVERYTHING))
    assert set(states(fields)) == {"shown"}
    assert fields["letter"]["answer"].endswith("can apply for recognition.")
    assert "10 February 2027" in fields["letter"]["window"]


@pytest.mark.parametrize(
    ("today", "changed", "state"),
    [
        (date(2027, 2, 10), {}, "shown"),
        (date(2027, 2, 11), {}, "too_old"),
        (TODAY, {"sose_apply_on": "2027-02-11"}, "too_old"),
        (TODAY, {"sose_audit_on": "2026-04-01"}, "planned"),
        (TODAY, {"sose_auditor": ""}, "not_shown"),
    ],
)
def test_an_audit_serves_for_twelve_months_and_needs_its_auditor(database_app, today, changed, state):
    with practice(database_app):
        _, fields = assemble("sose_letter", engagement("pre_audit", texts=EVERYTHING | changed), today=today)
    assert fields["checklist"][1]["state"] == state
    assert (state == "shown") == fields["letter"]["answer"].endswith("can apply for recognition.")


def test_an_audit_closed_before_it_ended_is_not_closed(database_app):
    with practice(database_app):
        made = engagement("pre_audit", texts=EVERYTHING | {"sose_closed_on": "2026-02-01"})
        _, fields = assemble("sose_letter", made)
    assert fields["checklist"][2]["state"] == "not_shown"


def test_a_finding_of_ours_that_is_open_stands_in_the_way(database_app):
    with practice(database_app):
        made = engagement("pre_audit", texts=EVERYTHING)
        raised = make_finding(engagement=made, grade="minor", number=1, status="open")
        _, open_ = assemble("sose_letter", made)
        raised.status = "closed"
        _, closed = assemble("sose_letter", made)
    assert (states(open_)[-1], open_["checklist"][-1]["proof"]) == ("not_shown", "Still open: F-01")
    assert states(closed)[-1] == "shown"


def test_the_clients_application_speaks_before_what_was_typed(database_app):
    with practice(database_app):
        made = engagement("pre_audit", texts={"sose_report": "38 pages"})
        held = make_certificate(
            client=made.client, standard="cor2020", registrar="IHSA", number="COR-7", lead_auditor="Ana Bell, 17024-9",
            expires_on=date(2029, 2, 10), audit_on=date(2026, 2, 10), audit_closed_on=date(2026, 3, 1),
        )  # fmt: skip
        said = {
            "convictions": {"answer": "no", "note": "Statement of 2 Mar 2026"}, "prosecution": {"answer": "no"},
            "participation": {"answer": "not_known", "note": "Minutes asked for"},
        }  # fmt: skip
        undecided = {"applied_on": None, "recognized_on": None, "listed_on": None, "maintained_on": None}
        applying = make_recognition(client=made.client, certificate=held, answers=said, planned_on=TODAY, **undecided)
        piece = make_evidence(engagement=made, by=make_member(), title="Form, signed", retired_at=None)
        piece.retired_at = None
        make_recognition_paper(recognition=applying, evidence=piece)
        _, fields = assemble("sose_letter", made)
    rows = [(one["state"], one["proof"]) for one in fields["checklist"]]
    assert rows[0] == ("shown", "IHSA COR 2020, IHSA, COR-7, valid until 10 Feb 2029")
    assert (rows[1][0], rows[1][1].splitlines()[-1]) == ("shown", "Ana Bell, 17024-9")
    assert rows[2][0] == "shown"
    assert [state for state, _proof in rows[3:8]] == ["not_shown", "shown", "shown", "shown", "not_shown"]
    assert [rows[4][1], rows[5][1], rows[6][1]] == ["38 pages", "Form, signed", "Statement of 2 Mar 2026"]


@pytest.mark.parametrize(
    ("columns", "planned", "state"),
    [
        ({}, None, "shown"),
        ({"standing": "suspended"}, None, "not_shown"),
        ({"standing": "withdrawn"}, None, "not_shown"),
        ({"expires_on": date(2026, 3, 25)}, None, "not_shown"),
        ({"expires_on": date(2026, 4, 30)}, date(2026, 5, 1), "not_shown"),
    ],
)
def test_a_certificate_counts_while_it_is_in_force_whatever_was_typed(database_app, columns, planned, state):
    with practice(database_app):
        made = engagement("pre_audit", texts=EVERYTHING)
        held = make_certificate(client=made.client, audit_on=None, audit_closed_on=None, **columns)
        undecided = {"applied_on": None, "recognized_on": None, "listed_on": None, "maintained_on": None}
        make_recognition(client=made.client, certificate=held, answers={}, planned_on=planned, **undecided)
        row = assemble("sose_letter", made)[1]["checklist"][0]
    assert row["state"] == state
    assert ("not in force" in row["proof"]) == (state == "not_shown")


@pytest.fixture
def undecided():
    return {"applied_on": None, "recognized_on": None, "listed_on": None, "maintained_on": None, "planned_on": None}


@pytest.mark.parametrize(
    ("today", "state", "words"),
    [
        (date(2027, 2, 10), "shown", "10 February 2027"),
        (date(2027, 2, 11), "shown", "ask the program first"),
        (date(2027, 3, 1), "shown", "ask the program first"),
        (date(2027, 3, 2), "too_old", "too old to apply with"),
    ],
)
def test_letter_and_page_read_one_clock(database_app, undecided, today, state, words):
    with practice(database_app):
        made = engagement("pre_audit", texts=EVERYTHING)
        held = make_certificate(client=made.client, audit_on=date(2026, 2, 10), audit_closed_on=date(2026, 3, 1))
        one = make_recognition(client=made.client, certificate=held, answers={}, **undecided)
        clock = clock_of(one)
        _, fields = assemble("sose_letter", made, today=today)
    assert fields["checklist"][1]["state"] == state
    assert words in fields["letter"]["window"]
    assert (clock.refuses(today) == "too_late", clock.doubtful(today)) == (state == "too_old", "ask" in words)


def test_what_is_open_elsewhere_at_the_client_stands_in_the_letter_as_on_the_page(database_app, undecided):
    with practice(database_app):
        made = engagement("pre_audit", texts=EVERYTHING)
        elsewhere = make_engagement(client=made.client, lead=make_member())
        make_finding(engagement=elsewhere, grade="minor", number=7, status="open")
        mended = make_finding(engagement=elsewhere, grade="minor", number=8, status="closed")
        make_corrective_action(finding=mended, number=3, status="done")
        typed_only = assemble("sose_letter", made)[1]["checklist"]
        make_recognition(client=made.client, answers={}, **undecided)
        applying = assemble("sose_letter", made)[1]["checklist"]
        page = [*recognitions.open_findings(made.client), *recognitions.open_actions(made.client)]
        labels = [one.label for one in page]
    assert len(typed_only) == 8
    assert (applying[-1]["state"], applying[-1]["proof"]) == ("not_shown", "Still open: " + ", ".join(labels))
    assert len(labels) == 2


def test_the_application_and_its_papers_are_asked_for_once(database_app, undecided):
    with practice(database_app):
        made = engagement("pre_audit", texts=EVERYTHING)
        make_recognition(client=made.client, answers={}, **undecided)
        with counted(db.session.connection()) as for_letter:
            assemble("sose_letter", made)
        with counted(db.session.connection()) as for_list:
            problems_of(made, kind="sose_letter", today=TODAY)
    for asked in (for_letter, for_list):
        found = [sum(f"FROM {table} " in one for one in asked) for table in ("recognition", "recognition_paper")]
        assert found == [1, 1]
