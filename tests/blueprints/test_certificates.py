"""The pages of certificates: what a form keeps, and what the calendar and its reminder count."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from blueprints.demo.certifying import certified
from blueprints.demo.files import rows
from consultancy.calendar import months_after, today
from consultancy.certification import OPEN
from consultancy.models.certificate import Certificate
from consultancy.queries import certificates
from tests.blueprints.visiting import fields_of
from tests.factories import entered, make_certificate, make_client


@pytest.fixture
def ids(stand):
    return stand.here.employers[0].ids


@pytest.fixture
def base(ids):
    return f"/northgate/clients/{ids['client']}/certificates"


def test_the_form_keeps_every_audit_of_a_cycle(app, stand, ids, consultant, base):
    page = f"{base}/{ids['certificate']}"
    days = {"second_year_on": "2026-03-20", "third_year_on": "2026-04-20", "further_on": "2026-05-20",
            "fourth_year_on": "2026-06-20"}  # fmt: skip
    answer = consultant.post(page, consultant.form(page, f"/certificates/{ids['certificate']}") | days)
    assert answer.status_code == 303
    with entered(app, stand.here.tenant):
        kept = certificates.find(ids["certificate"])
        assert {name: str(getattr(kept, name)) for name in days} == days
    assert consultant.form(page, f"/certificates/{ids['certificate']}").items() >= days.items()


def counts(visitor, page):
    """How many certificates are overdue and due soon, as a page says it."""
    text = visitor.get(page).text
    found = [re.search(rf"(\d+) certificates? {words}", text) for words in ("overdue", "due within 60 days")]
    return tuple(int(one[1]) if one else 0 for one in found)


class TestCounts:
    """Certificates, not days: one with three audits missed is one that somebody looks at."""

    PAGES = ("/northgate/clients", "/northgate/certification")

    def neglected(self, app, stand, **columns):
        """Overdue twice, and expiring soon."""
        told = {"issued_on": months_after(today(), -35), "expires_on": today() + timedelta(days=20)} | columns
        undone = dict.fromkeys(
            ("stage_1_on", "stage_2_on", "audit_on", "audit_closed_on", "second_year_on", "third_year_on",
             "further_on", "fourth_year_on", "next_audit_on")
        )  # fmt: skip
        with entered(app, stand.here.tenant):
            client = make_client(sector="manufacturing")
            make_certificate(client=client, number="N-1", **undone | told)
            return client.id

    def test_the_reminder_and_the_calendar_count_certificates_alike(self, app, stand, consultant):
        before = [counts(consultant, page) for page in self.PAGES]
        client = self.neglected(app, stand)
        days = consultant.get(f"/northgate/certification?client={client}").text.count("N-1")
        after = [counts(consultant, page) for page in self.PAGES]
        assert days > 2
        assert before[0] == before[1]
        assert after == [(overdue + 1, soon) for overdue, soon in before]

    def test_one_that_is_only_due_soon_is_counted_there(self, app, stand, consultant):
        overdue, soon = counts(consultant, self.PAGES[0])
        self.neglected(app, stand, issued_on=months_after(today(), -11), expires_on=months_after(today(), 25))
        assert [counts(consultant, page) for page in self.PAGES] == [(overdue, soon + 1)] * 2

    def test_nothing_to_remind_of_is_no_reminder(self, app, stand, consultant):
        with entered(app, stand.here.tenant) as session:
            session.execute(sa.update(Certificate).values(standing="withdrawn"))
        assert "due within 60 days" not in consultant.get(self.PAGES[0]).text
        assert counts(consultant, self.PAGES[1]) == (0, 0)

    def test_the_calendar_is_filtered_by_client_kind_and_state(self, app, stand, consultant):
        client = self.neglected(app, stand)

        def rows(**asked):
            text = consultant.get("/northgate/certification", query_string=asked).text
            return text.count('<th scope="row">'), text.count("N-1")

        every, mine = rows()
        assert every > mine
        assert rows(client=client) == (mine, mine)
        assert rows(client=client, kind="expiry") == (1, 1)
        assert rows(client=client, state="overdue", kind="second_year") == (1, 1)
        assert rows(client=client, state="done") == (0, 0)
        assert rows(client="nobody", kind="nothing", state="nowhere") == (every, mine)


def test_the_demo_opens_without_false_alarms(app, stand):
    """On the day that its files speak of nothing is overdue, and what is soon is what their notes say."""
    opened, found = date(2026, 11, 22), {}
    with entered(app, stand.here.tenant):
        for employer in ("tolmie", "orsa", "cedarline", "stonebridge", "huronshore", "southlarkfield"):
            client = make_client()
            certified(client, employer)
            dated = certificates.dated(certificates.of_client(client), opened)
            found[employer] = sorted(each.event.key for each in dated if each.event.state(opened) in OPEN[:2])
            assert certificates.owed(dated, opened).overdue == 0
    assert {row["client_id"] for row in rows("certificates")} == set(found)
    assert found == {
        "tolmie": [], "orsa": ["expiry", "fourth_year", "next_audit"], "cedarline": [],
        "stonebridge": ["expiry", "fourth_year", "next_audit"], "huronshore": [], "southlarkfield": [],
    }  # fmt: skip


def test_what_somebody_else_saved_meanwhile_costs_nothing_that_was_typed(app, stand, ids, consultant, signed_in, base):
    page, at = f"{base}/{ids['certificate']}", f"/certificates/{ids['certificate']}"
    mine, owner = consultant.form(page, at), signed_in("own")
    theirs = owner.form(page, at) | {"number": "THEIRS-1", "standing": "suspended"}
    assert owner.post(page, theirs).status_code == 303
    answer = consultant.post(page, mine | {"number": "MINE-1", "note": "A note that took long."})
    assert answer.status_code == 409
    assert "Somebody saved this after you opened the page." in answer.text
    for place, said in (("Number", "THEIRS-1"), ("Standing", "Suspended")):
        assert f'{place}: stored now</p><div class="as-typed">{said}</div>' in answer.text
    kept = fields_of(answer.text, at)
    assert (kept["number"], kept["note"], kept["standing"]) == ("MINE-1", "A note that took long.", "in_force")
    with entered(app, stand.here.tenant):
        assert certificates.find(ids["certificate"]).number == "THEIRS-1"
    assert consultant.post(page, kept).status_code == 303
    with entered(app, stand.here.tenant):
        assert certificates.find(ids["certificate"]).number == "MINE-1"


def test_an_audit_held_after_its_last_day_is_said_to_be_late_in_words_and_colour(app, stand, consultant):
    undone = dict.fromkeys(("further_on", "fourth_year_on", "next_audit_on", "stage_1_on", "stage_2_on", "audit_on"))
    for held_on, words in (("2026-01-13", "held 2026-01-13<"), ("2026-01-15", "held 2026-01-15, late<")):
        with entered(app, stand.here.tenant):
            client = make_client()
            make_certificate(
                client=client, standard="cor2020", issued_on=date(2025, 1, 15), expires_on=date(2028, 1, 15),
                second_year_on=date.fromisoformat(held_on), third_year_on=None, **undone,
            )  # fmt: skip
            page = f"/northgate/clients/{client.id}/certificates"
        text = consultant.get(page).text
        assert words in text
        assert ("sub due-late" in text) is ("late" in words)
