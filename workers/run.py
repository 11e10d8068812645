"""The two long-running processes; started by `flask work` and `flask housekeep`."""

import signal
import time
from threading import Event
from typing import Any

import structlog
from flask import Flask
from redis.exceptions import RedisError

from tenants.database import db
from workers.housekeeping import keep_house
from workers.queues import ListedWorker, connect

log = structlog.get_logger()


def work(app: Flask) -> None:
    """Take rings until told to stop. All rooms are imported before the first fork, so that a horse starts at once."""
    while True:
        with app.app_context():
            db.engine.dispose()  # a forked horse must never share a connection with its worker
            try:
                worker = ListedWorker(connect(app))
                worker.work(logging_level="WARNING")
                return
            except RedisError as error:
                log.error("worker.waits", kind=type(error).__name__)
        time.sleep(2)


def housekeep(app: Flask) -> None:
    stop = Event()

    def end(*_: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    keep_house(app, stop)
