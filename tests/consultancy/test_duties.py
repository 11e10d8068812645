"""Which duties concern an employer follows from headcount and sector; what we do not know is asked, never assumed."""

import pytest

from consultancy.duties import APPLIES, CHECK, DUTIES, OUTSIDE, Employer

BY_KEY = {duty.key: duty for duty in DUTIES}
REPRESENTATIVE, COMMITTEE, CERTIFIED = BY_KEY["OHSA-09"], BY_KEY["OHSA-11"], BY_KEY["OHSA-14"]
POLICY, WHMIS, HEIGHTS, MACHINES = BY_KEY["OHSA-08"], BY_KEY["OHSA-16"], BY_KEY["OHSA-26"], BY_KEY["OHSA-28"]


def test_every_duty_is_said_in_both_languages_with_its_source_and_certainty():
    assert len(DUTIES) == len(BY_KEY) >= 30
    for duty in DUTIES:
        for words in (duty.title, duty.citation, duty.evidence):
            assert all(words[language].strip() for language in ("en", "fr")), duty.key
        assert duty.source
        assert " ;" not in duty.title["fr"] + duty.citation["fr"]
    assert {duty.certain for duty in DUTIES} == {True, False}


@pytest.mark.parametrize(
    ("headcount", "representative", "committee", "policy"),
    [
        (5, OUTSIDE, OUTSIDE, OUTSIDE),
        (6, APPLIES, OUTSIDE, APPLIES),
        (19, APPLIES, OUTSIDE, APPLIES),
        (20, OUTSIDE, APPLIES, APPLIES),
        (None, CHECK, CHECK, CHECK),
    ],
)
def test_representative_from_six_committee_from_twenty(headcount, representative, committee, policy):
    employer = Employer(headcount=headcount, sector="manufacturing")
    assert [duty.standing(employer) for duty in (REPRESENTATIVE, COMMITTEE, POLICY)] == [
        representative,
        committee,
        policy,
    ]


def test_sector_brings_its_own_duties_and_an_unknown_sector_is_asked_about():
    builders, factory, unknown = (Employer(40, sector) for sector in ("construction", "manufacturing", ""))
    assert [HEIGHTS.standing(one) for one in (builders, factory, unknown)] == [APPLIES, OUTSIDE, CHECK]
    assert [MACHINES.standing(one) for one in (builders, factory, unknown)] == [OUTSIDE, APPLIES, CHECK]
    assert [CERTIFIED.standing(one) for one in (builders, factory, Employer(50, "construction"))] == [
        CHECK,
        APPLIES,
        APPLIES,
    ]


def test_hazardous_products_are_asked_about_until_somebody_answered():
    answers = [WHMIS.standing(Employer(40, "food", None, told)) for told in (None, True, False)]
    assert answers == [CHECK, APPLIES, OUTSIDE]


@pytest.mark.parametrize(
    ("cited", "keys"),
    [
        ("OHSA 25(2)(c): competent supervisor", ["OHSA-03"]),
        ("OHSA s. 9(18)", ["OHSA-11"]),
        ("OHSA 32.0.7", ["OHSA-06"]),
        ("OHSA 25(2)(h)", []),
        ("LSST 52", ["OHSA-22"]),
        ("O. Reg. 297/13 s. 7", ["OHSA-26"]),
        ("Règl. de l’Ont. 632/05", ["OHSA-29"]),
        ("Reg. 851, s. 75", ["OHSA-28"]),
        ("Reg. 851 s. 51(2)", []),
        ("", []),
        ("our own rule 9", []),
        ("OHSA 43 - see the minutes", ["OHSA-24"]),
        ("OHSA 25.1-x, 9(", ["OHSA-11"]),
    ],
)
def test_a_finding_speaks_of_the_duty_whose_section_it_cites(cited, keys):
    assert [duty.key for duty in DUTIES if duty.spoken_of(cited)] == keys
