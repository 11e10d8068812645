"""The documents of a program, and which of them a client probably needs."""

import pytest

from consultancy.program_documents import DOCUMENTS, Profile, effort_days, propose
from consultancy.standards.catalogue import find


def proposed(profile):
    return {proposal.document.code for proposal in propose(profile) if proposal.proposed}


def because(profile, code):
    return next(proposal.because for proposal in propose(profile) if proposal.document.code == code)


def test_there_are_thirty_two_documents_and_each_rests_on_the_standards():
    iso, cor = find("iso45001-2018-amd1"), find("cor2020")
    known = {requirement.code for requirement in iso.requirements} | iso.heading_codes
    assert len({document.code for document in DOCUMENTS}) == 32
    assert {clause for document in DOCUMENTS for clause in document.clauses} <= known
    assert {element for document in DOCUMENTS for element in document.elements} <= {
        requirement.code for requirement in cor.requirements
    }


def test_every_document_has_a_title_in_both_languages():
    assert all(document.title("en") and document.title("fr") for document in DOCUMENTS)


def test_a_manufacturer_of_sixty_gets_all_of_them_with_a_committee():
    tolmie = Profile(headcount=60, sector="manufacturing", hazardous_products=True)
    assert len(proposed(tolmie)) == 32
    assert because(tolmie, "D3") == "committee"


def test_a_bakery_of_fourteen_gets_twelve_and_a_representative():
    bakery = Profile(headcount=14, sector="food", hazardous_products=True)
    assert len(proposed(bakery)) == 12
    assert because(bakery, "D3") == "representative"
    assert because(bakery, "C3") == "merged"


def test_no_hazardous_products_means_no_whmis_program_but_not_knowing_keeps_it():
    assert "O3" not in proposed(Profile(headcount=60, hazardous_products=False))
    assert "O3" in proposed(Profile(headcount=60, hazardous_products=None))


def test_a_federal_carrier_is_not_given_ontario_policies():
    carrier = Profile(headcount=74, jurisdiction="federal", sector="transportation")
    assert because(carrier, "P2") == "not_ontario"
    assert because(carrier, "D3") == "consultation"


def test_every_proposal_can_say_why():
    assert all(
        proposal.reason(language).endswith(".")
        for profile in (Profile(headcount=5, sector="services", standard="cor2020"), Profile(headcount=50))
        for proposal in propose(profile)
        for language in ("en", "fr")
    )


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("4 d + capital", 4.0), ("0.5 d", 0.5), ("0,5 j", 0.5), ("2 days", 2.0), ("3 jours", 3.0), ("4 h", 0.5),
        ("1d", 1.0), ("ongoing", None), ("", None), (None, None), ("2 d - 3 d", None), ("about 2 d", None),
        ("2 dozen", None),
    ],
)  # fmt: skip
def test_effort_is_read_as_days_where_it_can_be(text, days):
    assert effort_days(text) == days
