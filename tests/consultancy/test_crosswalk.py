"""What the standards say about each other: only what is known, both ways, with who says so."""

import pytest

from consultancy.standards.catalogue import OFFERED, find
from consultancy.standards.crosswalk import CERTAINTIES, RELATIONS, TURNED, related, suggestions


def test_both_ends_of_every_relation_are_requirements_that_exist():
    loose = [
        one
        for one in RELATIONS
        if one.from_code not in OFFERED[one.from_standard] or one.to_code not in OFFERED[one.to_standard]
    ]
    assert loose == []


def test_every_relation_says_what_it_is_who_says_so_and_how_sure_that_is():
    assert {one.relation for one in RELATIONS} <= set(TURNED)
    assert {one.certainty for one in RELATIONS} <= set(CERTAINTIES)
    assert all(one.source for one in RELATIONS)
    assert len(set(RELATIONS)) == len(RELATIONS)


@pytest.mark.parametrize(("standard", "code", "to", "codes"), [
    ("cor2020", "11", "iso45001-2018-amd1", {"8.2"}),
    ("iso45001-2018-amd1", "8.2", "cor2020", {"11"}),
    ("iso45001-2018-amd1", "8.2", "hsep-2026", {"F10", "I5"}),
    ("hsep-2026", "F10", "cor2020", {"11"}),
    ("csa-z45001-2019", "8.2", "iso45001-2018-amd1", {"8.2"}),
])  # fmt: skip
def test_emergency_preparedness_meets_itself_everywhere(standard, code, to, codes):
    assert {one.to_code for one in related(standard, code, to)} == codes


def test_a_relation_turned_twice_is_itself_and_a_superset_turned_is_a_subset():
    one = related("csa-z45001-2019", "5.4", "iso45001-2018-amd1")[0]
    assert one.relation == "superset"
    assert one.turned().relation == "subset"
    assert one.turned().turned() == one
    assert related("iso45001-2018-amd1", "5.4", "csa-z45001-2019") == (one.turned(),)


def test_our_own_reading_is_marked_as_ours_and_what_rests_on_an_unverified_name_as_unsure():
    assert {one.certainty for one in related("cor2020", "11", "iso45001-2018-amd1")} == {"ours"}
    assert {one.certainty for one in related("hsep-2026", "I5")} == {"unsure"}


def test_the_canadian_edition_suggests_for_the_international_one_and_still_asks_for_its_own_evidence():
    """Z45001 asks for more: met there it is met here; met here, more has to be seen there."""
    iso, csa = find("iso45001-2018-amd1"), find("csa-z45001-2019")
    met_there = suggestions(iso, "5.4", ("cor2020", "csa-z45001-2019"))
    assert [(one.from_standard, one.needs_own_evidence) for one in met_there] == [
        ("csa-z45001-2019", False), ("cor2020", True),
    ]  # fmt: skip
    assert suggestions(csa, "5.4", ("iso45001-2018-amd1",))[0].needs_own_evidence
    assert suggestions(iso, "5.4", ()) == ()
