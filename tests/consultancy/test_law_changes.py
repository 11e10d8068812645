"""When a change of the law makes a document worth a second look: worked examples."""

from datetime import date

import pytest

from consultancy.duties import DUTIES
from consultancy.law_changes import CHANGES, coming, concerning, overtaken
from consultancy.program_documents import DOCUMENTS
from consultancy.standards.words import WORDS

ISO, COR = "iso45001-2018-amd1", "cor2020"


def keys(changes):
    return {one.key for one in changes}


@pytest.mark.parametrize(
    ("document", "looked_at", "on", "expected"),
    [
        ("D3", date(2026, 6, 30), date(2026, 7, 1), {"jhsc_training"}),
        ("D3", date(2026, 6, 30), date(2026, 6, 30), set()),
        ("D3", date(2026, 7, 1), date(2026, 11, 27), set()),
        ("D3", None, date(2026, 11, 27), {"jhsc_training"}),
        ("P3", date(2024, 10, 27), date(2026, 1, 1), {"virtual_harassment"}),
        ("P3", date(2024, 10, 28), date(2026, 1, 1), set()),
        ("R2", date(2025, 12, 31), date(2026, 1, 1), {"oreg_364_25", "washroom_record"}),
        ("R4", date(2026, 7, 30), date(2026, 7, 31), {"hsep_rebate"}),  # the day within the month is not known
        ("R4", date(2026, 7, 31), date(2026, 8, 1), set()),
        ("O9", date(2025, 12, 30), date(2025, 12, 31), {"hsep_topics"}),
        ("D1", date(2024, 2, 22), date(2028, 1, 1), {"iso_amendment_1"}),  # a revision without a day overtakes nothing
    ],
)
def test_a_document_in_use_is_looked_at_again(document, looked_at, on, expected):
    assert keys(overtaken(document, state="have", looked_at=looked_at, on=on)) == expected


@pytest.mark.parametrize("state", ["missing", "not_needed"])
def test_what_is_not_in_use_is_not_looked_at(state):
    assert overtaken("D3", state=state, looked_at=None, on=date(2027, 1, 1)) == []


def test_what_is_still_to_come_is_said_as_such():
    assert keys(coming("D3", on=date(2026, 6, 30))) == {"jhsc_training"}
    assert keys(coming("C3", on=date(2026, 11, 27))) == {"iso_revision"}


@pytest.mark.parametrize(
    ("given", "left_out"),
    [
        ({"jurisdiction": "ontario", "sector": "construction", "standard": ISO}, set()),
        ({"jurisdiction": "ontario", "sector": "food", "standard": ISO}, {"aed_construction"}),
        ({"jurisdiction": "ontario", "sector": "construction", "standard": COR}, {"iso_amendment_1", "iso_revision"}),
        (
            {"jurisdiction": "federal", "sector": "construction", "standard": ISO},
            keys(CHANGES) - {"iso_amendment_1", "iso_revision"},
        ),
    ],
)
def test_only_what_concerns_the_employer_counts(given, left_out):
    assert keys(CHANGES) - keys(concerning(**given)) == left_out


def test_every_change_names_documents_and_duties_that_exist_and_its_source():
    documents, duties = {one.code for one in DOCUMENTS}, {one.key for one in DUTIES}
    for one in CHANGES:
        assert set(one.documents) <= documents and one.documents
        assert set(one.duties) <= duties
        assert one.source and one.certainty in WORDS["certainties"]
        assert all(one.what.values()) and bool(one.left_open["en"]) == bool(one.left_open["fr"])
