"""Keeping certificates: what is refused, and what is noted."""

from datetime import date

import pytest

from consultancy.actions import certificates as acting
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.queries import certificates
from tests.factories import make_certificate, make_client

TODAY = date(2026, 11, 22)
GOOD = {
    "standard": "iso45001", "standing": "in_force", "issued_on": date(2026, 3, 2), "expires_on": date(2029, 3, 1),
    "scope": "Milling, Barrie", "number": "A-1",
}  # fmt: skip


@pytest.fixture
def client(office):
    return make_client()


def add(client, **fields):
    return acting.add_certificate(client, today=TODAY, by=None, **GOOD | fields)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"expires_on": date(2026, 3, 2)}, acting.ExpiresBeforeIssue),
        ({"expires_on": date(2025, 3, 2)}, acting.ExpiresBeforeIssue),
        ({"issued_on": None}, acting.IssueMissing),
        ({"issued_on": date(2026, 11, 23)}, acting.IssuedInFuture),
        ({"standard": "other"}, acting.NameMissing),
        ({"stage_1_on": date(2026, 2, 1), "stage_2_on": date(2026, 1, 31)}, acting.StagesOutOfOrder),
        ({"audit_on": date(2026, 2, 1), "audit_closed_on": date(2026, 1, 31)}, acting.ClosedBeforeAudit),
        ({"second_year_on": date(2026, 11, 23)}, acting.HeldInFuture),
        ({"audit_on": date(2026, 2, 1), "audit_closed_on": date(2026, 11, 23)}, acting.HeldInFuture),
        ({"third_year_on": date(2026, 3, 1)}, acting.YearsOutOfOrder),
        ({"second_year_on": date(2026, 10, 1), "third_year_on": date(2026, 9, 1)}, acting.YearsOutOfOrder),
        ({"further_on": date(2026, 11, 23)}, acting.HeldInFuture),
        ({"fourth_year_on": date(2026, 11, 23)}, acting.HeldInFuture),
        ({"further_on": date(2026, 10, 1), "fourth_year_on": date(2026, 9, 1)}, acting.YearsOutOfOrder),
        ({"third_year_on": date(2026, 10, 1), "further_on": date(2026, 9, 1)}, acting.YearsOutOfOrder),
    ],
)
def test_a_certificate_that_contradicts_itself_is_refused(client, fields, refusal):
    with pytest.raises(refusal):
        add(client, **fields)
    assert certificates.of_client(client) == []


class TestOverlaps:
    def test_two_of_one_standard_and_scope_are_refused(self, client):
        add(client)
        with pytest.raises(acting.Overlapping):
            add(client, issued_on=date(2026, 6, 1), expires_on=date(2029, 5, 31), scope="milling,  BARRIE")

    def test_one_without_an_end_overlaps_whatever_comes_later(self, client):
        add(client, issued_on=date(2020, 1, 1), expires_on=None)
        with pytest.raises(acting.Overlapping):
            add(client)

    @pytest.mark.parametrize(
        "fields",
        [
            {"scope": "Warehouse, Milton"},
            {"standard": "cor2020"},
            {"standard": "other", "title": "ISO 9001:2015"},
            {"standing": "withdrawn"},
            {"standing": "planned"},
            {"issued_on": date(2023, 3, 2), "expires_on": date(2026, 3, 2)},
        ],
    )
    def test_another_scope_standard_or_term_is_not(self, client, fields):
        add(client)
        add(client, **fields)
        assert len(certificates.of_client(client)) == 2

    def test_a_renewal_issued_before_the_old_end_is_not_and_takes_its_place(self, client):
        former = add(client, issued_on=date(2023, 12, 4), expires_on=date(2026, 12, 3))
        renewal = add(client, issued_on=date(2026, 11, 20), expires_on=date(2029, 12, 3))
        acting.change_certificate(former, revision=1, today=TODAY, by=None, number="A-0")
        assert {each.certificate.id for each in certificates.dated([former, renewal], TODAY)} == {renewal.id}

    def test_one_that_begins_long_before_the_old_end_is_no_renewal(self, client):
        add(client, issued_on=date(2025, 1, 1), expires_on=date(2027, 12, 31))
        with pytest.raises(acting.Overlapping):
            add(client, issued_on=date(2026, 11, 20), expires_on=date(2029, 12, 3))

    def test_another_clients_does_not_count(self, client):
        add(client)
        add(make_client())
        assert len(certificates.of_client(client)) == 1

    def test_a_certificate_does_not_overlap_itself(self, client):
        one = add(client)
        acting.change_certificate(one, revision=1, today=TODAY, by=None, number="A-2")
        assert one.number == "A-2"

    def test_a_change_into_another_ones_term_is_refused(self, client):
        add(client)
        one = add(client, scope="Warehouse")
        with pytest.raises(acting.Overlapping):
            acting.change_certificate(one, revision=1, today=TODAY, by=None, scope=GOOD["scope"])


def test_a_change_on_an_old_page_is_refused(client):
    one = make_certificate(client=client)
    with pytest.raises(ChangedMeanwhile):
        acting.change_certificate(one, revision=one.revision - 1, today=TODAY, by=None, number="A-9")


def test_a_renewal_takes_the_place_of_the_former(client):
    former = add(client, issued_on=date(2023, 3, 2), expires_on=date(2026, 3, 2))
    renewal = add(client)
    shown = {each.certificate.id for each in certificates.dated([former, renewal], TODAY)}
    assert shown == {renewal.id}


@pytest.mark.parametrize("standard", ["iso45001", "cor2020"])
def test_the_audit_for_recertification_can_be_said_to_be_held(client, standard):
    one = add(client, standard=standard, issued_on=date(2023, 12, 15), expires_on=date(2026, 12, 15))
    acting.change_certificate(one, revision=1, today=TODAY, by=None, fourth_year_on=date(2026, 11, 20))
    [event] = [each.event for each in certificates.dated([one], TODAY) if each.event.key == "fourth_year"]
    assert (event.done_on, event.state(TODAY)) == (date(2026, 11, 20), "done")
