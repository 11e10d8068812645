"""What a consultant at a page notices of a queue server that is away: nothing."""

from pathlib import Path

import pytest
from redis import Redis

from blueprints.app import create_app
from blueprints.identity import hashed
from blueprints.settings import Settings
from ground.ports import LOOPBACK, free_port
from tests.blueprints.visiting import Visitor, cookie_of
from tests.conftest import CopiedDatabase
from tests.factories import entered, found_tenant, make_client, make_member, make_person, make_sign_in
from tests.practice import let_go
from tests.running import Running, until
from tests.workers.documents import Eye, rated_engagement

TOKEN = "a random value"


@pytest.fixture
def pages(copied_database: CopiedDatabase, tmp_path: Path):
    """The product's own pages, with a queue server that is not there, and the address of a rated gap analysis."""
    app = create_app(
        Settings(
        OFFICE="none",
            DATABASE_URL=copied_database.url, REDIS_URL=f"redis://{LOOPBACK}:{free_port()}/0",
            STORAGE_URL=str(tmp_path / "files"), TRUSTED_HOSTS="localhost", SECRET_KEY="k" * 32,
        )
    )  # fmt: skip
    tenant = found_tenant(app, slug="northgate")
    with entered(app, tenant):
        person = make_person()
        make_sign_in(person=person, token_sha256=hashed(TOKEN))
        engagement = rated_engagement(make_client(code="TOLMIE"), make_member(person=person))
    yield Visitor(app, cookie_of(app, TOKEN)), f"/northgate/engagements/{engagement}/deliverables"
    let_go(app)


def test_a_report_is_requested_while_the_queue_server_is_away_and_written_when_it_is_back(
    pages: tuple[Visitor, str], copied_database: CopiedDatabase, queue: Redis, product: Running, eye: Eye
):
    visitor, address = pages
    form = visitor.form(address, "/deliverables") | {"kind": "gap_report"}
    answers = [visitor.post(address, form) for _ in range(2)]  # a double click
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert visitor.get(answers[0].location).status_code == 200
    assert eye.counts() == {"queued": 1}
    product.work()
    product.housekeep()
    until(lambda: eye.counts() == {"ready": 1}, what="the report, although nobody rang for it")
    first, second = (visitor.get(f"{answers[0].location}/file") for _ in range(2))
    assert first.data == second.data == product.stored()[0].read_bytes()
    row = eye.rows("select id from deliverable")[0][0]
    assert eye.entries(row) == ["requested", "written", "downloaded", "downloaded"]


def test_the_form_of_a_page_that_was_sent_already_and_changed_is_refused(pages: tuple[Visitor, str], eye: Eye):
    visitor, address = pages
    form = visitor.form(address, "/deliverables") | {"kind": "gap_report"}
    assert visitor.post(address, form).status_code == 303
    assert visitor.post(address, form | {"kind": "roadmap"}).status_code == 422
    assert eye.rows("select kind from deliverable") == [("gap_report",)]
