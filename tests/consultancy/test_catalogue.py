"""The shipped standards: complete, pinned, and never changed under an engagement."""

import hashlib
import pickle
from collections import Counter

import pytest

from consultancy.standards import catalogue

ISO = catalogue.find("iso45001-2018-amd1")
COR = catalogue.find("cor2020")
PINNED = {
    "iso45001-2018-amd1.csv": "72f014ec14d9501e3315fb12b754fb67fd12fdaeb06e573a1d30b02cd2a8192d",
    "hsep-2026.csv": "c1a4367e1b644ed184e7d24bf33282af9315cb3dc2a12e2929cb385145e2ce82",
    "cor2020.csv": "921ed099e9fe33b84912f89d4722837e8322dce440618b96ab355797e2d6ede1",
}


@pytest.mark.parametrize("name", PINNED)
def test_a_version_of_a_standard_never_changes(name):
    """A correction is a new file and a new key: an engagement pinned this one."""
    assert hashlib.sha256((catalogue.SHELF / name).read_bytes()).hexdigest() == PINNED[name]


def test_iso_45001_has_forty_leaf_clauses_under_sixteen_headings():
    assert len(ISO.requirements) == 40
    assert len(ISO.headings) == 16
    assert [(clause.number, len(clause.requirements)) for clause in ISO.clauses()] == [
        ("4", 4), ("5", 4), ("6", 8), ("7", 9), ("8", 7), ("9", 5), ("10", 3),
    ]  # fmt: skip
    assert ISO.clauses()[0].title == "Context of the organization"


def test_the_must_items_of_iso_45001_are_all_leaf_clauses():
    assert [requirement.code for requirement in ISO.must_items()] == [
        "5.2", "5.4", "6.1.2.1", "6.1.3", "8.2", "9.2.1", "9.2.2", "9.3", "10.2",
    ]  # fmt: skip


def test_leadership_stands_in_the_middle_of_the_cycle_and_context_belongs_to_planning():
    assert {requirement.code for requirement in ISO.requirements if requirement.step == "lead"} == {
        "5.1", "5.2", "5.3", "5.4",
    }  # fmt: skip
    assert ISO.requirement("4.1").step == "plan"
    assert {requirement.step for requirement in ISO.requirements} == set(catalogue.STEPS)


def test_cor_2020_has_fourteen_elements_each_a_clause_of_its_own():
    assert [requirement.code for requirement in COR.requirements] == [str(number) for number in range(1, 15)]
    assert COR.requirement("14").title == "Management Review and Management of Change"
    assert [clause.title for clause in COR.clauses()][3] == "Procurement and Contractor Management"
    assert COR.kind_of_requirement == "element"


@pytest.mark.parametrize("code", ["6.1.2", "4", "99", ""])
def test_a_heading_or_a_number_of_nothing_is_no_requirement(code):
    with pytest.raises(catalogue.UnknownRequirement):
        ISO.requirement(code)


def test_a_standard_that_is_not_offered_is_refused():
    with pytest.raises(catalogue.UnknownStandard):
        catalogue.find("iso45001-2027")


def test_a_standard_travels_to_a_child_process():
    assert pickle.loads(pickle.dumps(ISO)).requirement("5.2") == ISO.requirement("5.2")


def test_the_canadian_edition_has_the_clauses_of_iso_45001_without_the_amendment_of_2024():
    csa = catalogue.find("csa-z45001-2019")
    assert [one.code for one in csa.requirements] == [one.code for one in ISO.requirements]
    assert "climate" in ISO.requirement("4.1").paraphrase
    assert "climate" not in str(csa.requirement("4.1")).casefold()
    assert csa.certainty == "unsure"


def test_hsep_has_41_topics_and_says_which_names_are_verified():
    hsep = catalogue.find("hsep-2026")
    counted = Counter((one.clause, one.certainty) for one in hsep.requirements)
    assert len(hsep.requirements) == 41
    assert counted == {
        ("Foundation", "sourced"): 10, ("Intermediate", "unsure"): 17, ("Advanced", "unsure"): 9,
        ("P1", "sourced"): 1, ("P2", "unsure"): 1, ("U1", "unknown"): 1, ("U2", "unknown"): 1, ("U3", "unknown"): 1,
    }  # fmt: skip


def test_every_version_says_where_it_comes_from_and_how_sure_that_is():
    assert all(one.source and one.certainty in ("sourced", "general", "unsure") for one in catalogue.OFFERED.values())
    assert not catalogue.find("hsep-2026").opens_engagements
