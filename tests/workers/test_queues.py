"""The doorbell: what stands in Redis can wake a worker and nothing else."""

import json
import os
import pickle
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from redis import Redis
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from ground.ports import LOOPBACK, free_port
from ground.valkey import Valkey
from tenants.database import db
from tenants.platform import PlatformAudit
from tests.running import held_still, until
from tests.workers.documents import Eye, Office
from workers.queues import RINGS_KEPT, ForeignJob, ListedJob, ListedQueue, ListedWorker, heard, ring

OURS = JSONSerializer.dumps(["write_deliverables", None, [], {}])


class Touch:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


LOOT = os.environ.setdefault("LOOT", "")


def called_back(job: Job, *_: object) -> None:
    """What a planted callback would reach: any function that can be imported."""
    Path(os.environ["LOOT"], f"callback-of-{job.id}").mkdir()


@pytest.fixture
def loot(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "loot"
    folder.mkdir()
    before, os.environ["LOOT"] = os.environ.get("LOOT", ""), str(folder)
    yield folder
    os.environ["LOOT"] = before


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port and who knocked at it."""
    knocks: list[object] = []
    with socket.create_server((LOOPBACK, 0)) as server:
        server.settimeout(0.05)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(5)
                    knocks.append(connection.recv(100))
                    connection.sendall(b"HTTP/1.0 204 No Content\r\n\r\n")

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], knocks
        over.set()
        thread.join()


def plant(queue: Redis, name: str, data: bytes, *, abandoned: bool = False, **columns: object) -> None:
    """What somebody who can write to Redis would put there."""
    status = "started" if abandoned else "queued"
    known = {"data": data, "status": status, "origin": "documents", "created_at": "2026-11-02T12:00:00.000000Z"}
    queue.hset(f"rq:job:{name}", mapping=known | columns)
    if abandoned:
        queue.zadd("rq:wip:documents", {f"{name}:execution": time.time() - 1000})
    else:
        queue.rpush("rq:queue:documents", name)


def attack(queue: Redis, loot: Path, port: int) -> None:
    """Every way in that we know of."""
    hook = json.dumps([{"url": f"http://{LOOPBACK}:{port}/", "job_status": "finished", "timeout": 5}])
    here = f"{__name__}.called_back"
    plant(queue, "dotted-path", JSONSerializer.dumps(["os.mkdir", None, [str(loot / "dotted-path")], {}]))
    plant(queue, "pickled", pickle.dumps(Touch(loot / "pickled-payload")))
    plant(queue, "callback", JSONSerializer.dumps(["os.getpid", None, [], {}]), success_callback_name=here)
    plant(queue, "failure", JSONSerializer.dumps(["os.strerror", None, [], {}]), failure_callback_name=here)
    plant(queue, "hook", JSONSerializer.dumps(["os.getpid", None, [], {}]), webhooks=hook)
    plant(queue, "abandoned", OURS, abandoned=True, failure_callback_name=here)
    plant(queue, "result", OURS, abandoned=True, result=pickle.dumps(Touch(loot / "pickled-result")))
    plant(queue, "unknown", JSONSerializer.dumps(["no_such_job", None, [], {}]))
    plant(queue, "arguments", JSONSerializer.dumps(["write_deliverables", None, ["more"], {}]))


def burst(worker: Worker) -> None:
    """What is there and no more, in this process; whose signals mean afterwards what they meant before."""
    meant = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        worker.clean_registries()
        worker.work(burst=True, logging_level="CRITICAL")
    finally:
        for number, handler in meant.items():
            signal.signal(number, handler)


def left(loot: Path) -> list[str]:
    return sorted(path.name for path in loot.iterdir())


def test_nothing_that_was_planted_in_redis_is_executed(
    office: Office, queue: Redis, loot: Path, listener: tuple[int, list[object]], eye: Eye
):
    port, knocks = listener
    row = office.queue()
    attack(queue, loot, port)
    with office.app.app_context():
        ring()
        assert queue.llen("rq:queue:documents") == 7  # a ring is not needed where others wait
        ring(always=True)
        burst(ListedWorker(queue))
    assert left(loot) == []
    assert knocks == []
    assert eye.production(row) == "ready"
    planted = ("dotted-path", "pickled", "callback", "failure", "hook", "unknown", "arguments")
    assert {name: queue.hget(f"rq:job:{name}", "status") for name in planted} == dict.fromkeys(planted, b"failed")
    foreign = set(planted) - {"arguments"}  # that one is ours, called wrongly
    with office.app.app_context():
        alarms = db.session.scalars(sa.select(PlatformAudit.details).where(PlatformAudit.verb == "queue.foreign_job"))
        assert {alarm["job"] for alarm in alarms} == foreign


@pytest.mark.parametrize("serializer", [JSONSerializer, None])
def test_a_stock_worker_would_have_executed_it(
    queue: Redis, loot: Path, listener: tuple[int, list[object]], serializer: type | None
):
    """The control: the same attack on RQ as it comes, with either serializer."""
    port, knocks = listener
    attack(queue, loot, port)
    stock = Queue("documents", connection=queue, serializer=serializer)
    burst(Worker([stock], connection=queue, serializer=serializer))
    if serializer:
        assert left(loot) == ["callback-of-abandoned", "callback-of-callback", "callback-of-failure", "dotted-path"]
        assert len(knocks) == 1
    else:
        assert {"callback-of-abandoned", "pickled-payload", "pickled-result"} <= set(left(loot))


def test_the_allow_list_on_the_worker_alone_would_not_do(queue: Redis, loot: Path):
    """Maintenance cleans with the classes of the queue: a bare queue still runs what was planted."""
    plant(queue, "abandoned", OURS, abandoned=True, failure_callback_name=f"{__name__}.called_back")
    plant(queue, "result", OURS, abandoned=True, result=pickle.dumps(Touch(loot / "pickled-result")))
    bare = Queue("documents", connection=queue)
    burst(Worker([bare], connection=queue, job_class=ListedJob, serializer=JSONSerializer))
    assert left(loot) == ["callback-of-abandoned", "pickled-result"]


def test_a_queue_stays_safe_whatever_its_maker_asks_for(queue: Redis):
    made = ListedQueue("documents", connection=queue, job_class=Job, serializer=None)
    assert (made.job_class, made.serializer) == (ListedJob, JSONSerializer)
    worker = ListedWorker(queue)
    assert (worker.queue_class, worker.job_class, worker.serializer) == (ListedQueue, ListedJob, JSONSerializer)
    assert [type(one) for one in worker.queues] == [ListedQueue]


def test_a_job_knows_only_what_is_listed(queue: Redis):
    for name in ("os.system", "workers.deliverables.write_deliverables", "", "write_deliverables.__globals__"):
        job = ListedJob(id="one", connection=queue, serializer=JSONSerializer)
        job.func_name = name
        with pytest.raises(ForeignJob):
            job.func  # noqa: B018 - reading it is the act


def test_rings_that_wait_already_are_enough(practice: Flask, queue: Redis):
    with practice.app_context():
        rings = [ring() for _ in range(RINGS_KEPT + 3)]
        assert rings[RINGS_KEPT:] == [None, None, None]
        assert queue.llen("rq:queue:documents") == RINGS_KEPT
        must_be_heard = ring(always=True)
        assert must_be_heard
        assert not heard(must_be_heard)


def test_a_ring_carries_no_data(office: Office, queue: Redis):
    row = office.queue()
    with office.app.app_context():
        ring_id = ring()
    kept = b"".join(queue.hgetall(f"rq:job:{ring_id}").values())
    for secret in (row, office.tenant, office.engagement):
        assert str(UUID(str(secret))).encode() not in kept


def test_a_ring_that_nobody_can_hear_is_no_fault_of_the_request(practice: Flask):
    practice.config["REDIS_URL"] = f"redis://{LOOPBACK}:{free_port()}/0"
    with practice.app_context():
        assert ring() is None
        assert not heard("some-ring")


def test_a_queue_server_that_hangs_does_not_hang_the_request(practice: Flask, valkey: Valkey, queue: Redis):
    assert valkey.process is not None
    answered: list[str | None] = []

    def request() -> None:
        with practice.app_context():
            answered.append(ring())

    with held_still(valkey.process.pid):
        thread = threading.Thread(target=request, daemon=True)
        thread.start()
        until(lambda: answered, what="an answer although the queue server is frozen")
    thread.join()
    assert answered == [None]


def test_a_ring_that_was_lost_with_redis_was_not_heard(practice: Flask, queue: Redis):
    with practice.app_context():
        ring_id = ring()
        queue.flushall()
        assert not heard(ring_id)
        assert not heard(None)
