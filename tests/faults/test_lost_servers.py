"""The queue server emptied or gone, the database restarted, the store full: nothing that was promised is lost."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis

from ground.postgres import OWNER, WEB, Postgres
from ground.valkey import Valkey
from tests.conftest import CopiedDatabase
from tests.faults.aftermath import all_ready
from tests.faults.conftest import Figures
from tests.practice import bare_app, let_go, migrate
from tests.running import Running, until
from tests.workers.documents import Eye, Office, open_office
from workers.queues import ring

pytestmark = pytest.mark.faults


def test_the_queue_server_emptied_while_ten_documents_wait(
    practice: Flask, office: Office, product: Running, queue: Redis, eye: Eye, figures: Figures, full: bool
):
    """Housekeeping begins only afterwards, so that it is the one who makes up for the lost rings."""
    rows = [office.queue() for _ in range(200 if full else 10)]
    with practice.app_context():
        assert ring()
    queue.flushall()
    assert list(queue.scan_iter("rq:*")) == []
    product.work()
    until(lambda: queue.smembers("rq:workers"), what="a worker without rings")
    assert eye.counts() == {"queued": len(rows)}
    product.housekeep()
    figures(**all_ready(product, eye, rows), emptied=1)


def test_the_queue_server_stopped_and_started_again(
    practice: Flask, copied_database: CopiedDatabase, office: Office, eye: Eye, figures: Figures, tmp_path: Path
):
    server = Valkey(tmp_path / "queue").start()
    practice.config["REDIS_URL"] = server.url
    try:
        with Running(
            tmp_path / "product", database_url=copied_database.url, owner_url=copied_database.owner_url,
            redis_url=server.url,
        ) as product:  # fmt: skip
            rows = [office.queue()]
            product.work()
            product.housekeep()
            until(lambda: eye.counts() == {"ready": 1}, what="the first document")
            server.stop()
            with practice.app_context():
                for _ in range(5):
                    rows.append(office.queue())
                    assert ring() is None  # a request is taken all the same
            until(lambda: "ring.unheard" in product.words(), what="housekeeping that rings in vain")
            server.start()
            figures(**all_ready(product, eye, rows), stopped=1)
            assert all(process.poll() is None for process in product.processes)
    finally:
        server.stop()


def test_the_database_crashed_and_restarted_during_work(
    valkey: Valkey, queue: Redis, tmp_path: Path, figures: Figures, full: bool
):
    """Immediate shutdown, as a crash: no checkpoint, every connection cut. What was committed is there afterwards."""
    server = Postgres(tmp_path / "postgres", settings={"fsync": "off"}).start()
    try:
        server.create_database("practice")
        url, owner_url = server.url(WEB, "practice"), server.url(OWNER, "practice")
        migrate(url, owner_url)
        app, eye = bare_app(url), Eye(server.superuser_url("practice"))
        office = open_office(app)
        rows = [office.queue(kind="gap_report") for _ in range(500 if full else 15)]
        let_go(app)
        crashes = 0
        with Running(tmp_path / "product", database_url=url, owner_url=owner_url, redis_url=valkey.url) as product:
            product.work()
            product.work()
            product.housekeep()
            for crash in range(3 if full else 1):
                reached = min(len(rows) - 1, 3 + crash * 150)
                until(lambda reached=reached: eye.counts().get("ready", 0) >= reached, what="work under way")
                before = eye.counts()
                assert server.process is not None
                os.kill(server.process.pid, signal.SIGQUIT)
                server.process.wait()
                server.start()
                crashes += before != {"ready": len(rows)}
                assert eye.counts().get("ready", 0) >= before.get("ready", 0)
            figures(**all_ready(product, eye, rows), crashes=crashes)
            assert crashes
            assert all(process.poll() is None for process in product.processes)
    finally:
        server.remove()


def test_the_queue_server_emptied_again_and_again_and_then_gone(
    practice: Flask, copied_database: CopiedDatabase, office: Office, eye: Eye, figures: Figures, tmp_path: Path,
    full: bool,
):  # fmt: skip
    """The long form: emptied every five seconds while requests come in, then stopped for thirty."""
    if not full:
        pytest.skip("the short forms are the two tests before")
    server, rows, answered = Valkey(tmp_path / "queue").start(), [], []
    practice.config["REDIS_URL"] = server.url
    try:
        with Running(
            tmp_path / "product", database_url=copied_database.url, owner_url=copied_database.owner_url,
            redis_url=server.url,
        ) as product:  # fmt: skip
            product.work()
            product.work()
            product.housekeep()
            for turn in range(10):
                if turn == 6:
                    server.stop()
                for _ in range(25):
                    began = time.monotonic()
                    rows.append(office.queue(kind="gap_report"))
                    with practice.app_context():
                        ring()
                    answered.append(time.monotonic() - began)
                if turn < 6:
                    with Redis.from_url(server.url) as connection:
                        connection.flushall()
                time.sleep(5 if turn < 6 else 7.5)
            server.start()
            slowest = round(max(answered), 1)
            figures(**all_ready(product, eye, rows), emptied=6, stopped_seconds=30, slowest_request=slowest)
            assert all(process.poll() is None for process in product.processes)
    finally:
        server.stop()


def test_a_full_disk_that_is_enlarged_later(office: Office, product: Running, eye: Eye, figures: Figures, full: bool):
    """A disk of 400 kB: documents are stored until it is full, the others wait and follow."""
    if not full or os.geteuid() != 0 or not mounted(product.files, "400k"):
        pytest.skip("a small disk of its own asks for the long form and for the system's administrator")
    try:
        rows = [office.queue(kind="gap_report") for _ in range(60)]
        product.work()
        product.work()
        product.housekeep()
        until(lambda: "deliverable.postponed" in product.words(), what="a full disk")
        before = eye.counts().get("ready", 0)
        assert before < len(rows)
        assert mounted(product.files, "200m", "remount,")
        seen = all_ready(product, eye, rows)
        figures(**seen, ready_before=before)
        assert (seen["half_files"], seen["most_tries"]) == (0, 1)
    finally:
        for process in product.processes:
            product.kill(process)
        subprocess.run(["umount", product.files], check=True)


def mounted(folder: Path, size: str, how: str = "") -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"{how}size={size}", "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_a_store_that_takes_nothing_for_a_while(office: Office, product: Running, eye: Eye, figures: Figures):
    product.files.write_bytes(b"")  # a file where the folder would be: nothing can be stored
    rows = [office.queue() for _ in range(5)]
    product.work()
    product.housekeep()
    until(lambda: eye.rows("select min(fence) from deliverable")[0][0] >= 1, what="a try of each")
    assert "ready" not in eye.counts()
    assert eye.counts().get("failed") is None
    product.files.unlink()
    seen = all_ready(product, eye, rows)
    assert seen["most_tries"] == 1
    figures(**seen)
