"""The training matrix in Word: counts by role, gaps with the law first, and what ends soon."""

from datetime import date

import pytest

from consultancy.models.client import Client
from consultancy.reports import MissingData
from consultancy.reports.problems import problems_of
from tenants.database import db
from tests.consultancy.reports.practice import TODAY, assemble, assessed, engagement, practice, words_of, written
from tests.factories import make_course_need, make_training_record, make_worker


@pytest.fixture
def made(database_app):
    with practice(database_app):
        one = engagement()
        assessed(one)
        yield one


def fill(made):
    client = db.session.get_one(Client, (made.tenant_id, made.client_id))
    make_course_need(client=client, role="", course="WHMIS")
    make_course_need(client=client, role="Office", course="WHMIS", exempt=True, reason="No products <there>.")
    make_course_need(client=client, role="Rigger", course="WAH")
    make_course_need(client=client, role="Rigger", course="FORK")
    rui = make_worker(client=client, name="Rui", roles="Rigger", shift="days")
    noor = make_worker(client=client, name="Noor", roles="Rigger", shift="nights")
    make_worker(client=client, name="Ada", roles="Office", shift="days")
    make_training_record(worker=rui, course="WAH", done_on=date(2023, 4, 1), expires_on=date(2026, 4, 1))
    make_training_record(worker=rui, course="WHMIS", done_on=date(2025, 1, 1), expires_on=date(2026, 1, 1))
    make_training_record(worker=rui, course="FA-S", done_on=date(2025, 1, 1), expires_on=date(2028, 1, 1))
    make_training_record(worker=noor, course="AWR-S", done_on=date(2025, 1, 1))  # no role of theirs needs it
    make_training_record(worker=noor, course="FORK", done_on=date(2025, 1, 1), verified=False)


def test_without_people_or_needs_it_says_what_is_missing(made):
    with pytest.raises(MissingData) as refusal:
        assemble("training_matrix", made)
    assert "enter or import the client’s people" in refusal.value.sentence
    (problem,) = problems_of(made, kind="training_matrix", today=TODAY)
    assert (problem.level, problem.what) == ("blocking", "nothing_in_training")
    fill(made)
    assert problems_of(made, kind="training_matrix", today=TODAY) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_counts_add_up_and_the_law_comes_first(made, language):
    fill(made)
    _title, fields = assemble("training_matrix", made, language=language)
    told = fields["training"]
    rigger = next(one for one in told["roles"] if one["name"] == "Rigger")
    assert (rigger["people"], rigger["coverage"].replace("\u00a0", "")) == (2, "33%")
    assert {one["code"]: one["counts"] for one in rigger["courses"]}["WAH"] == {
        "valid": 0, "expiring": 1, "review_due": 0, "expired": 0, "missing": 1, "not_verified": 0, "exempt": 0,
    }  # fmt: skip
    assert [(one["code"], one["people"], one["law"]) for one in told["gaps"]] == [
        ("WAH", 1, True), ("WHMIS", 1, True), ("FORK", 2, False),
    ]  # fmt: skip
    assert [one["name"] for one in told["due"]] == ["Rui", "Rui"]
    shifts = [(one["shift"], one["coverage"].replace("\u00a0", "")) for one in told["by_shift"]]
    assert shifts == [("days", "66%"), ("nights", "0%")]
    assert [(one["first_aid"], one["supervisors"]) for one in told["by_shift"]] == [(1, 0), (0, 1)]


def test_the_file_says_it_all_and_leaves_no_tag(made):
    fill(made)
    _title, fields = assemble("training_matrix", made)
    words = words_of(written("training_matrix", fields))
    for said in ("33%", "Exempt: No products <there>.", "O. Reg. 297/13 ss. 6-10", "? Not verified", "◑ Expiring",
                 "◑ Review due", "Rigger 2", "1 Apr 2026"):  # fmt: skip
        assert said in words
    assert "{{" not in words
    assert "None" not in words


def test_the_french_file_speaks_french(made):
    fill(made)
    _title, fields = assemble("training_matrix", made, language="fr")
    words = words_of(written("training_matrix.fr", fields))
    assert "Couverture par poste" in words
    assert "Règl. de l’Ont. 297/13 art. 6-10" in words
    assert "bientôt" in words.casefold()


def test_the_roadmap_takes_the_gaps_up(made):
    fill(made)
    _title, fields = assemble("roadmap", made)
    tasks = [task for phase in fields["roadmap"]["phases"] for task in phase["tasks"]]
    assert [(one["reference"], one["due"]) for one in tasks] == [
        ("WAH", "25 Apr 2026"), ("WHMIS", "25 Apr 2026"), ("FORK", ""),
    ]  # fmt: skip
    assert date(2026, 3, 26) == TODAY
