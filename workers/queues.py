"""The doorbell: queues that can run only what is listed here.

Redis is not a place to trust: RQ would run any dotted path it finds in a job, and stock maintenance unpickles. So the
allow-list sits on the Job class, and the Job class and the JSON serializer sit on the Queue class, which is used
everywhere (a worker's maintenance cleans with the classes of its queues). No worker-pool, no bare Queue.
"""

from typing import Any

import structlog
from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from workers.deliverables import write_deliverables

log = structlog.get_logger()

DOCUMENTS = "documents"
JOBS = {job.__name__: job for job in (write_deliverables,)}  # a plain word in Redis, never a dotted path
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


class ListedWorker(Worker):
    """A worker on the listed queues. An idle one would otherwise block for seven minutes before its maintenance."""

    def __init__(self, connection: Redis, **options: Any) -> None:
        queue = ListedQueue(DOCUMENTS, connection=connection)
        super().__init__(
            [queue],
            connection=connection,
            queue_class=ListedQueue,
            job_class=ListedJob,
            serializer=JSONSerializer,
            worker_ttl=60,
            maintenance_interval=20,
            **options,
        )


def connect(app: Flask) -> Redis:
    return Redis.from_url(app.config["REDIS_URL"], socket_connect_timeout=2, health_check_interval=30)


def ring(queue_name: str = DOCUMENTS, *, always: bool = False) -> str | None:
    """Wake a worker, after the commit; answers the ring's id. A bell that cannot be rung is no loss: housekeeping
    rings for every due row. Rings that wait already are enough, unless this one must be heard itself."""
    try:
        queue = ListedQueue(queue_name, connection=connect(current_app))
        if always or queue.count < RINGS_KEPT:
            job = queue.enqueue_call(write_deliverables.__name__, timeout=120, result_ttl=60, failure_ttl=3600, ttl=600)
            return job.id
    except RedisError as error:
        log.warning("ring.unheard", kind=type(error).__name__)
    return None


def heard(ring_id: str | None) -> bool:
    """Did a worker take this ring?"""
    if ring_id is None:
        return False
    job = ListedJob.fetch(ring_id, connection=connect(current_app), serializer=JSONSerializer)
    return not job.is_queued
