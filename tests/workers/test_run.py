"""The two long-running processes as they are started in the field: real processes, real signals."""

import os
import signal

import pytest
from redis import Redis

from ground.valkey import Valkey
from tests.conftest import CopiedDatabase
from tests.practice import let_go
from tests.running import Running, children, horse_of, runs, until
from tests.workers.documents import Eye, Office


@pytest.fixture
def own_valkey(tmp_path):
    """A queue server that a test may stop."""
    server = Valkey(tmp_path / "queue").start()
    yield server
    server.stop()


def listening(queue: Redis) -> bool:
    """Whether a worker waits for rings."""
    return any(queue.hget(name, "state") == b"idle" for name in queue.smembers("rq:workers"))


def test_a_due_document_is_written_although_nobody_rang(office: Office, product: Running, eye: Eye):
    row = office.queue()
    product.work()
    product.housekeep()
    until(lambda: eye.production(row) == "ready", what="a written document")
    assert eye.entries(row) == ["requested", "written"]


def told_to_stop(queue: Redis) -> bool:
    return any(queue.hexists(name, "shutdown_requested_date") for name in queue.smembers("rq:workers"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_worker_stops_when_asked(product: Running, queue: Redis, number: signal.Signals):
    worker = product.work()
    until(lambda: listening(queue), what="a listening worker")
    worker.send_signal(number)
    assert worker.wait(30) == 0


def test_housekeeping_stops_when_asked(product: Running, office: Office, queue: Redis):
    office.queue()
    housekeeping = product.housekeep()
    until(lambda: queue.llen("rq:queue:documents"), what="a ring")
    housekeeping.terminate()
    assert housekeeping.wait(30) == 0


def test_a_worker_that_is_to_stop_finishes_the_document_in_hand_and_takes_no_other(
    office: Office, product: Running, queue: Redis, eye: Eye
):
    rows = [office.queue() for _ in range(5)]
    with eye.holding_the_trail(office.tenant):
        worker = product.work()
        product.housekeep()
        until(product.stored, what="a stored document")
        worker.terminate()
        until(lambda: told_to_stop(queue), what="a worker that was told")
        assert eye.counts() == {"queued": 4, "writing": 1}
    assert worker.wait(60) == 0
    assert eye.counts() == {"queued": 4, "ready": 1}
    assert sorted(eye.column("attempts", row) for row in rows) == [0, 0, 0, 0, 1]


def test_whoever_writes_ends_with_its_worker(office: Office, product: Running, eye: Eye):
    office.queue()
    with eye.holding_the_trail(office.tenant):
        worker = product.work()
        product.housekeep()
        until(product.stored, what="a stored document")
        horse = horse_of(worker)
        assert horse is not None
        renderers = children(horse)
        os.kill(worker.pid, signal.SIGKILL)
        until(lambda: not runs(horse), what="the end of the horse")
        until(lambda: not [one for one in renderers if runs(one)], what="the end of the renderer")


def test_a_horse_speaks_on_no_connection_of_its_workers(office: Office, product: Running, eye: Eye):
    """The worker itself never opens one; after many horses the database has nobody left connected for long."""
    rows = [office.queue() for _ in range(3)]
    product.work()
    product.housekeep()
    until(lambda: all(eye.production(row) == "ready" for row in rows), what="written documents")
    ours = "select count(*) from pg_stat_activity where usename = 'consultancy_web' and datname = current_database()"
    let_go(office.app)
    until(lambda: eye.rows(ours)[0][0] <= 1, what="closed connections")  # housekeeping keeps one


def test_a_worker_outlives_the_queue_server(
    office: Office, copied_database: CopiedDatabase, own_valkey: Valkey, eye: Eye, tmp_path
):
    with Running(
        tmp_path / "product", database_url=copied_database.url, owner_url=copied_database.owner_url,
        redis_url=own_valkey.url,
    ) as product:  # fmt: skip
        worker, housekeeping = product.work(), product.housekeep()
        queue = Redis.from_url(own_valkey.url)
        until(lambda: listening(queue), what="a listening worker")
        port = own_valkey.port
        own_valkey.stop()
        row = office.queue()
        own_valkey.start()
        assert own_valkey.port == port
        until(lambda: eye.production(row) == "ready", what="a document after the queue server came back")
        assert (worker.poll(), housekeeping.poll()) == (None, None)
        queue.close()


def test_a_worker_waits_for_a_queue_server_that_is_not_there_yet_and_still_stops_when_asked(
    office: Office, copied_database: CopiedDatabase, own_valkey: Valkey, eye: Eye, tmp_path
):
    url = own_valkey.url
    own_valkey.stop()
    with Running(
        tmp_path / "product", database_url=copied_database.url, owner_url=copied_database.owner_url, redis_url=url
    ) as product:
        worker = product.work()
        until(lambda: "worker.waits" in product.words(), what="a worker that waits")
        row = office.queue()
        own_valkey.start()
        product.housekeep()
        until(lambda: eye.production(row) == "ready", what="a document once the queue server is there")
        own_valkey.stop()
        worker.terminate()
        worker.wait(60)


def test_two_housekeepers_ring_as_one(office: Office, product: Running, queue: Redis):
    office.queue()
    product.housekeep()
    product.housekeep()
    until(lambda: queue.llen("rq:queue:documents") >= 2, what="rings")
    assert all(process.poll() is None for process in product.processes)
