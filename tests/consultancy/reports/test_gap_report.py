"""The gap report says what was recorded, all of it, and nothing else."""

import json

import pytest

from consultancy.reports import MissingData
from tenants.database import db
from tests.consultancy.reports.practice import (
    assemble,
    assessed,
    engagement,
    practice,
    rate,
    rate_all,
    words_of,
    written,
)
from tests.factories import make_finding, make_register_entry, make_site
from tests.practice import statements_of

OPTIONAL = ("Roadmap", "Documented information", "Distribution", "Strengths to keep")


def test_an_engagement_without_a_rating_gets_no_report_and_is_told_where_to_rate(database_app):
    with practice(database_app):
        made = engagement()
        assessed(made)
        with pytest.raises(MissingData) as refused:
            assemble("gap_report", made)
    assert "assessment page" in refused.value.sentence


def test_every_observation_stands_word_for_word_in_the_document(database_app):
    with practice(database_app):
        made = engagement()
        said = rate_all(assessed(made))
        title, fields = assemble("gap_report", made)
        words = words_of(written("gap_report", fields))
    assert title == "Gap analysis report"
    assert [one for one in said if one not in words] == []
    assert "E 10.3 0" in words


def test_what_was_seen_at_one_site_stands_in_the_annex_with_the_site(database_app):
    with practice(database_app):
        made = engagement()
        assessment = assessed(made)
        rate(assessment, "8.2", 1, "for all")
        site = make_site(client=made.client, name="Depot")
        rate(assessment, "8.2", 2, "at the depot", site_id=site.id)
        _, fields = assemble("gap_report", made)
    row = next(one for clause in fields["clauses"] for one in clause["requirements"] if one["code"] == "8.2")
    assert [(one["method"], one["text"]) for one in row["observations"]] == [
        ("Document", "for all"),
        ("Document, At Depot", "at the depot"),
    ]


def test_the_fields_survive_being_stored_as_json(database_app):
    with practice(database_app):
        made = engagement(texts={"headline": "Good people, no system.", "strengths": "• Lockout\n- Talks"})
        rate_all(assessed(made))
        _, fields = assemble("gap_report", made)
    assert json.loads(json.dumps(fields)) == fields
    assert [one["title"] for one in fields["strengths"]] == ["Lockout", "Talks"]


def test_sums_over_all_clauses_are_the_sums_of_the_clauses(database_app):
    with practice(database_app):
        made = engagement()
        rate_all(assessed(made), 33)
        _, fields = assemble("gap_report", made)
    totals = fields["results"]["totals"]
    summed = {name: sum(one["counts"][name] for one in fields["clauses"]) for name in totals["counts"]}
    assert summed == totals["counts"]
    assert sum(summed.values()) == totals["requirement_count"] == 40
    assert sum(one["requirement_count"] for one in fields["results"]["steps"]) == 40
    series = {one["name"]: sum(one["values"]) for one in fields["charts"]["by_clause"]["series"]}
    assert series["Absent"] == totals["counts"]["absent"]


def test_readiness_is_withheld_until_four_fifths_are_decided(database_app):
    with practice(database_app):
        made = engagement()
        rate_all(assessed(made), 31)
        _, fields = assemble("gap_report", made)
    assert fields["summary"]["readiness"] == "–"
    assert "until 80% of the requirements are decided (77% so far)" in fields["summary"]["readiness_note"]


def test_the_gaps_to_close_first_name_their_finding_and_the_law_at_stake(database_app):
    with practice(database_app):
        made = engagement()
        assessment = assessed(made)
        rate(assessment, "6.1.3", 0)
        rate(assessment, "4.1", 1)
        make_finding(
            engagement=made, requirement="6.1.3", grade="major", title="Law unknown", legal_duty="OHSA 25(2)(h)"
        )
        _, fields = assemble("gap_report", made)
    assert fields["summary"]["gaps"] == [
        {"text": "Law unknown", "stake": "OHSA 25(2)(h)", "finding": "F-01"},
        {"text": "4.1 Understanding the organization and its context", "stake": "Informal", "finding": "–"},
    ]
    assert (fields["summary"]["legal"], fields["summary"]["conclusion"]) == (1, "not_ready")


def test_sections_without_content_are_not_printed(database_app):
    with practice(database_app):
        made = engagement(contacts=False)
        rate(assessed(made), "4.1", 3)
        _, fields = assemble("gap_report", made)
        words = words_of(written("gap_report", fields))
    assert set(OPTIONAL) & set(words.splitlines()) == set()
    assert "No finding is recorded yet." in words


def test_a_report_with_everything_shows_register_strengths_and_roadmap(database_app):
    with practice(database_app):
        made = engagement()
        rate_all(assessed(made))
        make_finding(engagement=made, grade="strength", title="Committee works", requirement="5.4")
        make_register_entry(engagement=made, document="A1", state="missing")
        _, fields = assemble("gap_report", made)
        words = words_of(written("gap_report", fields))
    assert set(OPTIONAL) - set(words.splitlines()) == set()
    assert "Write: Incident reporting" in words


def test_statements_do_not_grow_with_the_number_of_requirements(database_app):
    with practice(database_app):
        counts = []
        for size in (2, 40):
            made = engagement()
            rate_all(assessed(made), size)
            db.session.expire_all()
            with statements_of(db.session.connection()) as seen:
                assemble("gap_report", made)
            counts.append(len(seen))
    assert counts[0] == counts[1] <= 18
