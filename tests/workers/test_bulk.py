"""A bulk request is collected and written by the same workers, beside everybody else's documents."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from consultancy.actions import bulk_requests
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.standards.catalogue import UnknownStandard
from tenants.database import db
from tenants.models import Membership
from tests.factories import entered, make_client
from tests.workers.documents import Eye, Office, open_office, rated_engagement
from workers.bulk_requests import collect_next
from workers.deliverables import write_deliverables


def run(app: Flask) -> int:
    with app.app_context():
        return write_deliverables()


def ask(office: Office, how_many: int, of_clients: int = 1) -> list:
    """A bulk request about so many rated engagements; their ids."""
    with entered(office.app, office.tenant) as session:
        client = session.get_one(Client, (office.tenant, office.client))
        lead = session.get_one(Membership, (office.tenant, office.member))
        clients = [client, *(make_client() for _ in range(of_clients - 1))]
        ids = [rated_engagement(clients[number % of_clients], lead) for number in range(how_many)]
        chosen = [session.get_one(Engagement, (office.tenant, one)) for one in ids]
        bulk_requests.request_in_bulk(chosen, kind="gap_report", language="", request_key="k" * 24, by=lead.id)
        return ids


def test_every_engagement_of_a_bulk_request_gets_its_document(office: Office, eye: Eye):
    ask(office, 5)
    assert run(office.app) == 5
    assert eye.counts() == {"ready": 5}
    assert eye.rows("select count(*) from bulk_item where deliverable_id is null") == [(0,)]
    assert run(office.app) == 0


def test_engagements_of_one_client_get_numbers_of_their_own(office: Office, eye: Eye):
    ask(office, 6, of_clients=2)
    assert run(office.app) == 6
    numbers = [number for (number,) in eye.rows("select number from deliverable order by 1")]
    assert len(set(numbers)) == 6
    assert [number[-2:] for number in numbers] == ["01", "02", "03"] * 2


@pytest.mark.parametrize("of_clients", [1, 3])
def test_data_that_nobody_foresaw_fails_its_item_alone(office: Office, eye: Eye, of_clients: int):
    ids = ask(office, 3, of_clients)
    eye.set("update engagement set standard = 'lost' where id = %s", ids[0])
    eye.set("update assessment set standard = 'lost' where engagement_id = %s", ids[0])
    with pytest.raises(UnknownStandard):
        run(office.app)
    run(office.app)
    assert eye.counts() == {"ready": 2}
    assert eye.rows("select problem from bulk_item where engagement_id = %s", ids[0]) == [("fault",)]


def test_two_workers_never_collect_the_same_item(office: Office, eye: Eye):
    ask(office, 12, of_clients=12)
    with office.app.app_context():
        item = bulk_requests.next_item()
        assert item is not None
        db.session().enter(item.tenant_id)
        held = set(bulk_requests.batch(item.item_id))
        assert len(held) == bulk_requests.BATCH
        assert collect_next(office.app)
        assert {one for (one,) in eye.rows("select id from bulk_item where deliverable_id is null")} == held
        with office.app.app_context():
            db.session().enter(item.tenant_id)
            assert bulk_requests.batch(item.item_id) == []
    assert run(office.app) == 12
    assert eye.counts() == {"ready": 12}


def test_workers_that_collect_the_same_clients_at_once_do_not_block_each_other(office: Office, eye: Eye):
    """Two requests about the same engagements, whose items lie in any order."""
    ids = ask(office, 8, of_clients=8)
    with office.inside():
        again = [db.session.get_one(Engagement, (office.tenant, one)) for one in ids]
        bulk_requests.request_in_bulk(again, kind="roadmap", language="en", request_key="l" * 24, by=office.member)
    with ThreadPoolExecutor(2) as both:
        while any(list(both.map(collect_next, [office.app, office.app]))):
            pass
    assert eye.rows("select count(*), count(deliverable_id) from bulk_item") == [(16, 16)]


def test_one_document_of_another_consultancy_does_not_wait_for_a_bulk_request(office: Office, eye: Eye):
    ask(office, 6)
    other = open_office(office.app, slug="lakeshore")
    row = other.queue()
    run(office.app)
    place = "select count(*) from deliverable where ready_at < (select ready_at from deliverable where id = %s)"
    assert eye.rows(place, row)[0][0] <= 1


def test_a_worker_that_dies_while_it_collects_loses_nothing(office: Office, eye: Eye):
    ask(office, 2, of_clients=2)
    with office.app.app_context():
        item = bulk_requests.next_item()
        assert item is not None
        db.session().enter(item.tenant_id)
        bulk_requests.collect(*bulk_requests.batch(item.item_id), today=today())
        db.session.rollback()
    assert eye.counts() == {}
    assert run(office.app) == 2
    assert eye.counts() == {"ready": 2}
