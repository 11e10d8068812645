"""Premiums and the amounts that nobody publishes: what is refused, and what the outlook makes of them."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from consultancy import rebates
from consultancy.actions import premiums as acting
from consultancy.models.premium import Premium, SoseAmount
from consultancy.queries import premiums
from tenants.audit import AuditEntry
from tests.factories import entered, found_tenant, make_premium

TODAY = date(2026, 11, 27)


def enter(office, **changed):
    given = {"year": 2025, "amount": Decimal("11840.00"), "predictability": "unknown"} | changed
    return acting.enter_premium(office.client, today=TODAY, by=office.member.id, **given)


def enter_band(office, **changed):
    given = {
        "lowest": 50_001, "highest": 100_000, "per_topic": Decimal(3000), "source": "Manual, p. 9",
        "seen_on": date(2026, 11, 20),
    } | changed  # fmt: skip
    return acting.enter_band(today=TODAY, by=office.member.id, **given)


def enter_sose(office, **changed):
    given = {"program_year": 1, "amount": Decimal(2500), "source": "A letter", "seen_on": date(2026, 11, 20)} | changed
    return acting.enter_sose_amount(office.client, today=TODAY, by=office.member.id, **given)


class TestPremiums:
    def test_the_later_word_for_a_year_holds(self, office):
        office.client.wsib_schedule = 1
        enter(office)
        enter(office, amount=Decimal("12000.005"), predictability="low")
        [row] = premiums.of_client(office.client)
        assert (row.amount, row.predictability, row.by_id) == (Decimal("12000.01"), "low", office.member.id)

    def test_the_page_says_when_the_word_that_holds_was_entered(self, office):
        office.client.wsib_schedule = 1
        enter(office).entered_at = datetime(2026, 1, 5, tzinfo=UTC)
        office.session.flush()
        assert enter(office, amount=Decimal(12000)).entered_at > datetime(2026, 1, 5, tzinfo=UTC)

    @pytest.mark.parametrize("amount", ["0", "-1", "0.004"])
    def test_premiums_of_nothing_or_less_are_refused(self, office, amount):
        with pytest.raises(rebates.PremiumNotPositive):
            enter(office, amount=Decimal(amount))
        assert office.session.scalars(sa.select(Premium)).all() == []

    @pytest.mark.parametrize("year", [1999, 2027])
    def test_a_year_that_has_not_begun_is_refused(self, office, year):
        with pytest.raises(acting.PremiumYearUnlikely):
            enter(office, year=year)

    def test_an_employer_of_schedule_2_has_no_premium_and_no_outlook(self, office):
        office.client.wsib_schedule = 2
        with pytest.raises(rebates.ScheduleTwo):
            enter(office)
        with pytest.raises(rebates.ScheduleTwo):
            enter_sose(office)
        assert premiums.outlooks(office.client, make_premium(client=office.client), TODAY) == []

    def test_the_trail_says_who_entered_which_year_and_no_amount(self, office):
        acting.remove_premium(enter(office), by=office.member.id)
        office.session.commit()
        entries = office.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb.startswith("premium."))).all()
        assert [(one.verb, one.by_id) for one in entries] == [
            ("premium.entered", office.member.id), ("premium.removed", office.member.id),
        ]  # fmt: skip
        assert "11840" not in str([one.details for one in entries])


class TestBands:
    def test_a_band_fills_what_outlooks_did_not_know(self, office):
        office.client.wsib_schedule = 1
        premium = enter(office, amount=Decimal("96114.00"))
        assert premiums.outlooks(office.client, premium, TODAY)[1].high is None
        enter_band(office)
        two = premiums.outlooks(office.client, premium, TODAY)[1]
        assert (two.low, two.high) == (Decimal(7000), Decimal(7000))
        assert "Manual, p. 9" in two.workings[0].lines[0].source

    @pytest.mark.parametrize(
        ("lowest", "highest"), [(1, 10), (40_000, 60_000), (5_000_000, None), (6_000_000, 7_000_000), (1, None)]
    )
    def test_a_band_over_one_that_is_known_is_refused(self, office, lowest, highest):
        with pytest.raises(acting.BandsOverlap):
            enter_band(office, lowest=lowest, highest=highest)

    def test_two_own_bands_do_not_overlap_either(self, office):
        enter_band(office)
        with pytest.raises(acting.BandsOverlap):
            enter_band(office, lowest=100_000, highest=150_000)
        acting.remove_band(enter_band(office, lowest=100_001, highest=5_000_000), by=office.member.id)
        assert [one.lowest for one in premiums.own_bands()] == [50_001]

    def test_who_enters_a_band_waits_for_who_is_entering_one_and_sees_it(self, copied_database):
        app = copied_database.app
        tenant = found_tenant(app, slug="northgate")

        def press(lowest):
            acting.enter_band(
                lowest=lowest, highest=100_000, per_topic=Decimal(3000), source="Manual", seen_on=TODAY, today=TODAY,
                by=None,
            )  # fmt: skip

        def press_too():
            with entered(app, tenant):
                press(60_000)

        with ThreadPoolExecutor(1) as threads:
            with entered(app, tenant):
                press(50_001)
                other = threads.submit(press_too)
                wait([other], timeout=1)  # what is entered here is not committed yet
            with pytest.raises(acting.BandsOverlap):
                other.result(timeout=30)
        with entered(app, tenant):
            assert [one.lowest for one in premiums.own_bands()] == [50_001]

    @pytest.mark.parametrize(
        ("changed", "refusal"),
        [
            ({"per_topic": Decimal(0)}, acting.AmountNotPositive),
            ({"highest": 50_000}, acting.BandTurned),
            ({"source": ""}, acting.SourceMissing),
            ({"seen_on": date(2026, 11, 28)}, acting.SeenInFuture),
        ],
    )
    def test_a_band_without_its_ground_is_refused(self, office, changed, refusal):
        with pytest.raises(refusal):
            enter_band(office, **changed)


class TestSose:
    def test_an_amount_is_open_until_somebody_enters_it_with_its_source(self, office):
        enter_sose(office)
        enter_sose(office, amount=Decimal(2600))
        [row] = premiums.sose_amounts(office.client)
        assert (row.program_year, row.amount, row.source) == (1, Decimal(2600), "A letter")
        acting.remove_sose_amount(row, by=office.member.id)
        office.session.flush()
        assert office.session.scalars(sa.select(SoseAmount)).all() == []

    def test_an_amount_without_a_source_is_a_guess(self, office):
        with pytest.raises(acting.SourceMissing):
            enter_sose(office, source="")
