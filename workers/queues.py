"""The doorbell: queues that can run only what is listed here.

Redis is not a place to trust: RQ would run any dotted path it finds in a job, and stock maintenance unpickles. So the
allow-list sits on the Job class, and the Job class and the JSON serializer sit on the Queue class, which is used
everywhere (a worker's maintenance cleans with the classes of its queues). No worker-pool, no bare Queue.
"""

import os
from contextlib import suppress
from threading import Event
from typing import Any

import structlog
from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.exceptions import DeserializationError, NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from tenants import platform
from tenants.database import transaction
from workers.deliverables import write_deliverables
from workers.leash import FINISH, die_with_parent, finish_when_told
from workers.previews import make_previews

log = structlog.get_logger()

DOCUMENTS, PREVIEWS = "documents", "previews"


def write_then_show() -> int:
    """What was written is laid out next."""
    written = write_deliverables()
    if written:
        ring(PREVIEWS)
    return written


JOBS = {"write_deliverables": write_then_show, "make_previews": make_previews}  # plain words in Redis, no dotted path
JOB_OF = {DOCUMENTS: "write_deliverables", PREVIEWS: "make_previews"}
TIMEOUTS = {DOCUMENTS: 120, PREVIEWS: 900}  # seconds; the last layout of a turn may ask LibreOffice four times
RINGS_KEPT = 4  # as many rings as could be answered at once; more would only repeat each other


class ForeignJob(RuntimeError):
    """Redis holds a job that this application never wrote."""


class ListedJob(Job):
    """A job that runs only what is listed, and has neither callbacks nor webhooks."""

    @property
    def func(self) -> Any:
        try:
            return JOBS[self.func_name or ""]
        except KeyError:
            raise ForeignJob(self.func_name) from None

    def restore(self, raw_data: Any) -> None:
        super().restore(raw_data)
        self._success_callback_name = self._failure_callback_name = self._stopped_callback_name = None
        self.webhooks = []


class ListedQueue(Queue):
    """A queue that can only be made safe, whatever its maker asks for."""

    def __init__(self, name: str = DOCUMENTS, connection: Any = None, **_: Any) -> None:
        super().__init__(name, connection=connection, job_class=ListedJob, serializer=JSONSerializer)


def sound_alarm(job: Job, kind: type[BaseException], _error: BaseException, _trace: Any) -> bool:
    """Somebody writes to Redis who is not us: the platform's trail counts it, and the next handler goes on."""
    if issubclass(kind, ForeignJob | DeserializationError):
        log.error("queue.foreign_job", job=job.id)
        with current_app._get_current_object().app_context(), transaction():  # type: ignore[attr-defined]
            platform.note("queue.foreign_job", by=None, job=job.id)
    return True


class ListedWorker(Worker):
    """A worker on the listed queues. An idle one would otherwise block for seven minutes before its maintenance.

    `stopping` is set when it was asked to stop, by whatever end it then comes to.
    """

    max_connection_wait_time = 5.0  # seconds between two tries to reach a queue that is away

    def __init__(
        self, connection: Redis, stopping: Event | None = None, queue_name: str = DOCUMENTS, **options: Any
    ) -> None:
        self.stopping = stopping or Event()
        queue = ListedQueue(queue_name, connection=connection)
        super().__init__(
            [queue],
            connection=connection,
            queue_class=ListedQueue,
            job_class=ListedJob,
            serializer=JSONSerializer,
            worker_ttl=60,
            exception_handlers=[sound_alarm],
            maintenance_interval=20,
            **options,
        )

    def main_work_horse(self, job: Any, queue: Any) -> None:
        assert self.pid is not None
        die_with_parent(self.pid)
        finish_when_told()
        super().main_work_horse(job, queue)

    def request_stop(self, signum: Any, frame: Any) -> None:
        self.stopping.set()
        super().request_stop(signum, frame)

    def handle_warm_shutdown_request(self) -> None:
        super().handle_warm_shutdown_request()
        if self.horse_pid:
            with suppress(ProcessLookupError):
                os.kill(self.horse_pid, FINISH)

    def teardown(self) -> None:
        try:
            super().teardown()
        except RedisError as error:  # the queue went first; what it knew of this worker lapses by itself
            log.warning("worker.unregistered", kind=type(error).__name__)
            if self.pubsub_thread:
                self.pubsub_thread.stop()


def connect(app: Flask, **options: Any) -> Redis:
    return Redis.from_url(app.config["REDIS_URL"], socket_connect_timeout=2, health_check_interval=30, **options)


def ring(queue_name: str = DOCUMENTS, *, always: bool = False) -> str | None:
    """Wake a worker, after the commit; answers the ring's id. A bell that cannot be rung is no loss: housekeeping
    rings for every due row. Rings that wait already are enough, unless this one must be heard itself. Without
    LibreOffice nobody listens for layouts."""
    if queue_name == PREVIEWS and not current_app.config["OFFICE"]:
        return None
    try:
        with connect(current_app, socket_timeout=2, retry=None) as bell:  # a page waits for this, but not for long
            queue = ListedQueue(queue_name, connection=bell)
            if always or queue.count < RINGS_KEPT:
                job = queue.enqueue_call(
                    JOB_OF[queue_name], timeout=TIMEOUTS[queue_name], result_ttl=60, failure_ttl=3600, ttl=600
                )
                return job.id
    except RedisError as error:
        log.warning("ring.unheard", kind=type(error).__name__)
    return None


def heard(ring_id: str | None) -> bool:
    """Did a worker take this ring?"""
    if ring_id is None:
        return False
    try:
        with connect(current_app, socket_timeout=2) as bell:
            return not ListedJob.fetch(ring_id, connection=bell, serializer=JSONSerializer).is_queued
    except (RedisError, NoSuchJobError):  # the queue is away, or was emptied
        return False
