"""The two long-running processes; started by `flask work` and `flask housekeep`."""

import gc
import os
import signal
from contextlib import suppress
from functools import partial
from threading import Event
from typing import Any

import structlog
from flask import Flask
from redis.exceptions import RedisError
from rq.exceptions import StopRequested

from tenants.database import db
from workers.housekeeping import keep_house
from workers.queues import DOCUMENTS, ListedWorker, connect

log = structlog.get_logger()

PAUSE_SECONDS = 2  # before a worker that lost the queue begins anew


def work(app: Flask, queue_name: str = DOCUMENTS) -> None:
    """Take rings of a queue until told to stop. All rooms are imported before the first fork: a horse starts at
    once."""
    stopping = Event()
    with app.app_context(), suppress(StopRequested):
        # A horse never speaks on a connection of its worker's; it leaves them open for the worker.
        os.register_at_fork(after_in_child=partial(db.engine.dispose, close=False))
        gc.freeze()  # what was imported stays: no horse searches it for garbage, nor copies it by doing so
        while not stopping.is_set():
            try:
                # RQ's worker also returns when something unforeseen happened to it: that is no reason to stop.
                ListedWorker(connect(app), stopping, queue_name).work(logging_level="WARNING")
            except RedisError as error:
                log.error("worker.waits", kind=type(error).__name__)
            stopping.wait(PAUSE_SECONDS)


def housekeep(app: Flask) -> None:
    stop = Event()

    def end(*_: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    keep_house(app, stop)
