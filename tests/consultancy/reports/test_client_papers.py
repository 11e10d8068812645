"""Policies and procedures: our text, the client's profile, and square brackets for what only the client knows."""

import json
import re

import pytest

from consultancy.program_documents import DOCUMENTS
from consultancy.reports import MissingData
from consultancy.reports.policy import POLICIES
from consultancy.reports.procedure import PROCEDURES
from tests.consultancy.reports.practice import assemble, engagement, practice, words_of, written
from tests.factories import make_client


def kind_of(code: str) -> str:
    return "policy" if code in POLICIES else "procedure"


def test_every_document_of_a_program_can_be_written(database_app):
    assert set(POLICIES) | set(PROCEDURES) == {document.code for document in DOCUMENTS}
    with practice(database_app):
        made = engagement("program_development")
        for document in DOCUMENTS:
            title, fields = assemble(kind_of(document.code), made, document.code)
            words = words_of(written(kind_of(document.code), fields))
            assert title == document.title_en
            assert title in words
            assert re.findall(r"[{}]", words) == []
            assert json.loads(json.dumps(fields)) == fields


def test_procedures_have_between_four_and_eight_steps():
    assert {code: len(one["steps"]) for code, one in PROCEDURES.items() if not 4 <= len(one["steps"]) <= 8} == {}


@pytest.mark.parametrize(
    ("profile", "speaker"),
    [
        ({"participation_body": "", "headcount": 20}, "jhsc"),
        ({"participation_body": "", "headcount": 19}, "hsr"),
        ({"participation_body": "", "headcount": 6}, "hsr"),
        ({"participation_body": "", "headcount": 5}, "workers"),
        ({"participation_body": "hsr", "headcount": 40}, "hsr"),
        ({"participation_body": "none", "headcount": 40}, "workers"),
    ],
)
def test_who_speaks_for_the_workers_follows_what_the_client_said_else_the_headcount(database_app, profile, speaker):
    with practice(database_app):
        client = make_client()
        client.participation_body, client.headcount = profile["participation_body"], profile["headcount"]
        _, fields = assemble("policy", engagement("program_development", client=client), "P1")
    assert fields["client"]["representation"] == speaker


def test_a_name_nobody_told_us_is_left_in_square_brackets(database_app):
    with practice(database_app):
        made = engagement("program_development", contacts=False)
        _, fields = assemble("policy", made, "P1")
        words = words_of(written("policy", fields))
    assert "[name of the most senior manager]" in words
    assert "[name of the JHSC worker co-chair]" in words


def test_an_employer_under_federal_law_is_not_told_ontario_law(database_app):
    with practice(database_app):
        client = make_client()
        client.jurisdiction = "federal"
        made = engagement("program_development", client=client)
        papers = [assemble(kind_of(code), made, code)[1] for code in ("P1", "A1")]
    assert "OHSA" not in papers[0]["policy"]["law"]
    assert [one for one in papers[1]["references"] if "OHSA" in one or "WSIA" in one] == []
    assert "federal law" in papers[1]["procedure"]["draft"]


@pytest.mark.parametrize(
    ("kind", "subject"), [("policy", ""), ("policy", "A1"), ("procedure", ""), ("procedure", "P1")]
)
def test_a_paper_needs_its_document_chosen(database_app, kind, subject):
    with practice(database_app):
        made = engagement("program_development")
        with pytest.raises(MissingData) as refused:
            assemble(kind, made, subject)
    assert refused.value.sentence.startswith("Choose which")
