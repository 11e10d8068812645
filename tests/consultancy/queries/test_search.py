"""Search: a few words, or a number as it is printed, find what holds all of them."""

import pytest

from consultancy.queries import search
from tests.factories import (
    MOMENT,
    entered,
    found_tenant,
    make_assignment,
    make_client,
    make_corrective_action,
    make_deliverable,
    make_engagement,
    make_evidence,
    make_finding,
    make_member,
)


@pytest.fixture
def session(database_app):
    with entered(database_app, found_tenant(database_app, slug="northgate")) as session:
        yield session


@pytest.fixture
def press(session):
    """An employer with a finding about a press, its action and a report."""
    client = make_client(code="ORSA", legal_name="Orsa Stamping Ltd.", trade_name="Orsa")
    engagement = make_engagement(client=client, title="Gap analysis 2026")
    finding = make_finding(engagement=engagement, number=3, title="Two presses run without guards")
    action = make_corrective_action(finding=finding, number=12, action="Fit light curtains to both presses")
    report = make_deliverable(engagement=engagement, number="ORSA-GAP-2026-02", version="1.1", title="gap report")
    make_evidence(engagement=engagement, title="Lockout training records", file_name="DSC2041.jpg", retired_at=None)
    return client, engagement, finding, action, report


def labels(hits):
    return [hit.label for hit in hits]


def test_every_word_must_be_held_but_not_in_one_place(press):
    found = search.search("orsa presses")
    assert labels(found.findings) == ["F-03"]
    assert labels(found.corrective_actions) == ["CA-12"]
    assert (found.clients, found.engagements, found.deliverables) == ([], [], [])


def test_a_number_is_found_as_it_is_printed(press):
    assert [hit.title for hit in search.search("f-03 orsa").findings] == ["Two presses run without guards"]
    assert labels(search.search("ORSA-GAP-2026-02 v1.1").deliverables) == ["ORSA-GAP-2026-02 v1.1"]


def test_evidence_is_found_by_its_title_and_by_the_name_of_its_file_while_it_is_in_use(press):
    for words in ("lockout", "dsc2041", "orsa records", "stamping jpg"):
        assert [hit.title for hit in search.search(words).evidence] == ["Lockout training records"]
    make_evidence(engagement=press[1], title="Lockout training records", file_name="old.pdf", retired_at=MOMENT)
    assert labels(search.search("lockout").evidence) == ["DSC2041.jpg"]


def test_the_name_people_use_and_the_legal_name_and_the_code_find_a_client(press):
    client = press[0]
    for word in ("stamping", "orsa", "ORSA"):
        assert [hit.id for hit in search.search(word).clients] == [client.id]


def test_signs_that_mean_something_to_the_database_are_plain_words(press):
    for word in ("%", "_", "\\", "'; drop table client; --"):
        assert not any(search.search(word))


def test_nothing_asked_is_nothing_found(press):
    assert not any(search.search("   "))


def test_ten_of_a_kind_are_shown_and_the_eleventh_is_not(session):
    engagement = make_engagement(client=make_client())
    for number in range(1, 12):
        make_finding(engagement=engagement, number=number, title="A loose handrail")
    assert len(search.search("handrail").findings) == search.MOST == 10


def test_a_restricted_consultant_finds_only_what_belongs_to_their_clients(press):
    member = make_member()
    assert not any(search.search("orsa", reached_by=member.id))
    make_assignment(engagement=press[1], member=member)
    found = search.search("orsa", reached_by=member.id)
    assert len(found.clients) == len(found.engagements) == len(found.findings) == len(found.evidence) == 1


def test_another_consultancy_is_never_searched(database_app, press):
    with entered(database_app, found_tenant(database_app, slug="lakeshore")):
        assert not any(search.search("orsa"))


def test_a_person_of_the_client_finds_no_evidence_not_even_their_own(database_app, press, session):
    tenant, client = press[0].tenant_id, press[0].id
    session.commit()
    with entered(database_app, tenant, client):
        found = search.search("orsa")
        assert [hit.id for hit in found.clients] == [client]
        assert found.evidence == []
