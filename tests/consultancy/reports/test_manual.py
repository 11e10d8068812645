"""The manual: a chapter for each document the client needs, and every place that only the client can fill in."""

import re
from datetime import date

import pytest

from consultancy.program_documents import DOCUMENTS
from consultancy.queries import register
from consultancy.reports import MissingData
from consultancy.reports.problems import problems_of
from tests.consultancy.reports.practice import (
    TODAY,
    assemble,
    assessed,
    engagement,
    practice,
    words_of,
    written,
)
from tests.factories import make_client, make_register_entry


def program(states=None, **given):
    """A program whose register names all 32 documents, missing where nothing else is said."""
    made = engagement("program_development", **given)
    assessed(made)
    for document in DOCUMENTS:
        make_register_entry(engagement=made, document=document.code, state=(states or {}).get(document.code, "missing"))
    return made


def test_every_document_the_client_needs_is_a_chapter_with_revision_and_owner(database_app):
    with practice(database_app):
        made = program({"O2": "not_needed"})
        _, fields = assemble("manual", made)
        words = words_of(written("manual", fields))
    codes = [one["code"] for one in fields["chapters"]]
    assert codes == [one.code for one in DOCUMENTS if one.code not in ("P1", "O2")]
    assert [one for one in DOCUMENTS if one.code in codes and f"{one.title_en} ({one.code})" not in words] == []
    assert all(one["revision"] and one["owner"] and one["approver"] for one in fields["chapters"])
    assert "Hazardous energy control" not in words


@pytest.mark.parametrize(
    ("language", "printed"),
    [
        ("en", ("Master list of documents", "HS-07, B", "Dana Cole", "1 Sep 2026", "1 Sep 2027")),
        ("fr", ("Liste maîtresse des documents", "HS-07, B", "Dana Cole", "1er sept. 2026")),
    ],
)
def test_the_master_list_prints_what_the_register_knows_and_a_dash_for_the_rest(database_app, language, printed):
    with practice(database_app):
        made = program({"O2": "not_needed"})
        entry = register.of_engagement(made)["D3"]
        entry.number, entry.issue, entry.approver = "HS-07", "B", "Dana Cole"
        entry.dated, entry.effective_on, entry.review_due = date(2026, 8, 20), date(2026, 9, 1), date(2027, 9, 1)
        for other in register.of_engagement(made).values():
            if other.document == "R1":
                other.number = other.issue = other.approver = ""
                other.dated = other.effective_on = other.review_due = None
        _, fields = assemble("manual", made, language=language)
        words = words_of(written("manual.fr" if language == "fr" else "manual", fields))
    rows = {one["code"]: one for one in fields["master"]}
    assert list(rows) == [one.code for one in DOCUMENTS if one.code != "O2"]
    assert [rows["R1"][name] for name in ("number", "issue", "approver", "in_force", "next_review")] == [
        "–", "", "–", "–", "–",
    ]  # fmt: skip
    assert [one for one in printed if one not in words] == []


@pytest.mark.parametrize("contacts", [True, False])
def test_the_count_of_places_to_fill_in_is_the_count_in_the_document(database_app, contacts):
    with practice(database_app):
        made = program(contacts=contacts)
        _, fields = assemble("manual", made)
        words = words_of(written("manual", fields))
        [left] = [one for one in problems_of(made, kind="manual", today=TODAY) if one.what == "placeholders_left"]
    printed = len(re.findall(r"\[[^\[\]]+\]", words))
    assert printed > 50
    assert fields["manual"]["placeholders"] == printed == dict(left.facts)["count"]
    assert sum(one["count"] for one in fields["to_fill"]) == printed


def test_what_was_typed_takes_the_place_of_what_is_to_be_filled_in(database_app):
    typed = {"scope": "Both plants.", "context": "Labour market", "parties": "Neighbours: quiet nights"}
    with practice(database_app):
        made = program(texts=typed)
        words = words_of(written("manual", assemble("manual", made)[1]))
    assert "Both plants." in words
    assert "Labour market" in words
    assert "Neighbours: quiet nights" in words
    assert "[matters inside" not in words


def test_a_text_the_client_has_of_its_own_is_not_passed_over(database_app):
    with practice(database_app):
        _, fields = assemble("manual", program({"R1": "have"}))
    notices = {one["code"]: one["notice"] for one in fields["chapters"]}
    assert "already has its own issue" in notices["R1"]
    assert notices["R2"] == ""


def test_each_requirement_leads_to_its_chapters_and_one_without_says_so(database_app):
    with practice(database_app):
        _, fields = assemble("manual", program())
    matrix = {one["code"]: one["chapters"] for one in fields["matrix"]}
    assert len(matrix) == 40
    assert matrix["9.3"] == "C4"
    assert matrix["6.1.2.1"] == "P2, R1, O9"
    assert matrix["10.3"] == ""


def test_a_client_under_federal_law_is_told_of_the_code(database_app):
    with practice(database_app):
        client = make_client()
        client.jurisdiction = "federal"
        _, fields = assemble("manual", program(client=client))
    assert "Canada Labour Code" in " ".join(fields["manual"]["representation"])
    assert "OHSA" not in " ".join(fields["manual"]["representation"])


def test_a_register_without_documents_gives_no_manual(database_app):
    with practice(database_app):
        made = engagement("program_development")
        assessed(made)
        with pytest.raises(MissingData) as refused:
            assemble("manual", made)
        assert [one.what for one in problems_of(made, kind="manual", today=TODAY)][0] == "nothing_in_register"
    assert refused.value.sentence.startswith("No document of the program is in the register")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_all_thirty_two_documents_are_chapters_of_one_manual_in_their_order(database_app, language):
    with practice(database_app):
        _, fields = assemble("manual", program(), language=language)
    chapters = [one["code"] for one in fields["chapters"]]
    assert chapters == [one.code for one in DOCUMENTS if one.code != "P1"]  # the policy is its first page
