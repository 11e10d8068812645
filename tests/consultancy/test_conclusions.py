"""How a pre-audit ends, and the reasons it gives."""

import pytest

from consultancy.conclusions import Reason, conclude
from consultancy.scoring import UNRATED, Rated

SOUND = {"5.2": Rated(3), "9.3": Rated(2), "10.2": Rated(1)}


def test_nothing_open_and_every_must_item_seen_is_ready():
    assert conclude([], SOUND).code == "ready"
    assert conclude([("F-01", "ofi"), ("F-02", "strength")], SOUND).code == "ready"


def test_an_open_major_is_not_ready():
    conclusion = conclude([("F-01", "minor"), ("F-02", "major")], SOUND)
    assert conclusion.code == "not_ready"
    assert conclusion.reasons == (Reason("open_major", ("F-02",)), Reason("open_minor", ("F-01",)))


def test_an_absent_must_item_is_not_ready_whatever_the_findings_say():
    conclusion = conclude([], {**SOUND, "9.3": Rated(0)})
    assert conclusion.code == "not_ready"
    assert conclusion.reasons == (Reason("must_absent", ("9.3",)),)


def test_an_open_minor_or_an_unverified_must_item_is_ready_with_conditions():
    assert conclude([("F-03", "minor")], SOUND).code == "conditions"
    assert conclude([], {**SOUND, "5.2": Rated(state="not_verified")}).code == "conditions"


def test_ready_never_rests_on_a_must_item_nobody_has_seen():
    assert conclude([], {**SOUND, "5.2": UNRATED}).code == "conditions"
    assert conclude([], {**SOUND, "5.2": Rated(state="not_applicable")}).code == "conditions"


@pytest.mark.parametrize("level", [0, 3])
def test_what_was_carried_over_and_not_confirmed_was_verified_by_nobody(level):
    conclusion = conclude([], {**SOUND, "5.2": Rated(level, carried_over=True)})
    assert conclusion.reasons == (Reason("must_not_verified", ("5.2",)),)


def test_reasons_are_sentences_in_both_languages():
    reason = Reason("open_major", ("F-02", "F-05"))
    assert reason.sentence() == "Major findings are open: F-02, F-05."
    assert reason.sentence("fr") == "Des constats majeurs sont ouverts\u00a0: F-02, F-05."
