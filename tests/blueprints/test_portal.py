"""What a client user sees: what was released to their own employer, and not a word more."""

import pytest
import sqlalchemy as sa

from consultancy.models.deliverable import Deliverable
from tenants.audit import AuditEntry
from tenants.models import Membership
from tests.blueprints.canaries import canaries_of, seen_in
from tests.factories import entered


@pytest.fixture
def coordinator(signed_in):
    return signed_in("cli")


@pytest.fixture
def mine(stand):
    return stand.here.employers[0].ids


def path(deliverable):
    return f"/northgate/portal/deliverables/{deliverable}/file"


def stand_as(app, stand, deliverable, **columns):
    with entered(app, stand.here.tenant) as session:
        row = session.get_one(Deliverable, (stand.here.tenant, deliverable))
        for name, value in columns.items():
            setattr(row, name, value)


def test_the_released_file_is_listed_and_handed_over(app, stand, coordinator, mine):
    assert path(mine["released"]) in coordinator.get("/northgate/portal").text
    answer = coordinator.get(path(mine["released"]))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Type"].endswith("wordprocessingml.document")


def test_a_download_is_noted_with_who_took_it(app, stand, coordinator, mine):
    coordinator.get(path(mine["released"]))
    with entered(app, stand.here.tenant) as session:
        last = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert (last.verb, last.subject_id) == ("deliverable.downloaded", mine["released"])
        member = session.scalar(sa.select(Membership).where(Membership.id == last.by_id))
        assert member.person_id == stand.people["cli"][0]


@pytest.mark.parametrize("word", ["draft", "queued", "failed"])
def test_what_was_not_released_is_not_there(coordinator, mine, word):
    assert coordinator.get(path(mine[word])).status_code == 404
    assert str(mine[word]) not in coordinator.get("/northgate/portal").text


@pytest.mark.parametrize("standing", ["draft", "in_review", "approved", "superseded", "withdrawn"])
def test_what_is_superseded_or_taken_back_vanishes_at_once(app, stand, coordinator, mine, standing):
    assert coordinator.get(path(mine["released"])).status_code == 200
    stand_as(app, stand, mine["released"], standing=standing)
    assert coordinator.get(path(mine["released"])).status_code == 404
    assert str(mine["released"]) not in coordinator.get("/northgate/portal").text


def test_another_employers_file_is_not_there(stand, signed_in, mine):
    other = signed_in("clix")
    assert other.get(path(mine["released"])).status_code == 404
    assert str(mine["released"]) not in other.get("/northgate/portal").text


@pytest.mark.parametrize("word", ["cli", "clix", "out_cli"])
def test_the_portal_shows_its_few_words_and_no_others(app, stand, signed_in, word):
    """Every text of both consultancies is a word that stands nowhere else."""
    slug, place = {"cli": ("northgate", 0), "clix": ("northgate", 1), "out_cli": ("lakeshore", 0)}[word]
    office = stand.here if slug == "northgate" else stand.elsewhere
    ids = office.employers[place].ids
    page = signed_in(word).get(f"/{slug}/portal").text
    allowed = {
        ("client", ids["client"]): {"legal_name", "trade_name", "code"},
        ("engagement", ids["engagement"]): {"title"},
        ("engagement", ids["program"]): {"title"},
        ("engagement", ids["pre_audit"]): {"title"},
        ("deliverable", ids["released"]): {"title", "number", "version"},
    }
    shown = seen_in(page, canaries_of(app, stand))
    assert {
        (table, key, column) for table, key, column in shown if column not in allowed.get((table, key), ())
    } == set()
    assert len(shown) >= 4


class TestThePartnersBoard:
    def test_shows_six_columns(self, signed_in):
        page = signed_in("par").get("/partner").text
        heads = page.split("<thead>")[1].split("</thead>")[0]
        assert heads.count("<th ") == 6
        assert page.split("<tbody>")[1].count("<tr>") == 1

    def test_shows_none_of_the_texts_of_a_consultancy(self, app, stand, signed_in):
        partner = signed_in("par")
        pages = [partner.get(address).text for address in ("/partner", "/me", "/")]
        shown = seen_in(" ".join(pages), canaries_of(app, stand))
        engagement = stand.here.employers[0].ids["engagement"]
        assert shown <= {("engagement", engagement, "audit_window")}

    def test_without_consent_it_is_empty(self, app, stand, signed_in):
        page = signed_in("parx").get("/partner")
        assert page.status_code == 200
        assert seen_in(page.text, canaries_of(app, stand)) == set()
        assert "<tbody>" not in page.text

    def test_leads_to_no_page_of_a_consultancy(self, stand, signed_in):
        partner = signed_in("par")
        assert "/northgate/" not in partner.get("/partner").text
        for address in (f"/partner/engagements/{stand.here.employers[0].ids['engagement']}", "/partner/export"):
            assert partner.get(address).status_code == 404


def test_the_canaries_are_there_to_be_found(app, stand, signed_in):
    """Positive control: a consultant's pages are full of them."""
    words = canaries_of(app, stand)
    ids = stand.here.employers[0].ids
    page = signed_in("con").get(f"/northgate/findings/{ids['finding']}").text
    columns = {column for table, key, column in seen_in(page, words) if key == ids["finding"]}
    assert {"title", "statement", "why", "recommendation", "legal_duty"} <= columns
