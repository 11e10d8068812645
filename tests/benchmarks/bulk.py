"""How many reports a second: 200 gap reports of 400 observations, from bulk request to ready, with two workers.

Everything is real and durable: the bulk request through its verb, PostgreSQL that syncs every commit, files that are
synced, two worker processes. Each engagement has words of its own. Collecting the data is part of the time. What is
done with a document that is ready - its pages counted, its promises checked - is the work of the previews' worker,
not started here; where LibreOffice is missing the two workers check as well, when nothing is due any more.
"""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from flask import Flask

from consultancy.actions import bulk_requests
from consultancy.actions.engagements import open_engagement
from consultancy.calendar import today
from consultancy.models.engagement import Engagement
from consultancy.standards import catalogue
from ground.postgres import OWNER, WEB, Postgres
from ground.valkey import Valkey
from tests.benchmarks.filling import RATINGS
from tests.factories import entered, found_tenant, make_client, make_member
from tests.practice import bare_app, let_go, migrate
from tests.running import PATIENCE, Running, computing
from workers.queues import DOCUMENTS, ring

REPORTS, OBSERVATIONS = 200, 10  # observations on each of the 40 requirements
STANDARD = "iso45001-2018-amd1"

SEEN = """
  insert into observation (tenant_id, id, rating_id, text, method, evidence, imported, created_at, revision)
  select r.tenant_id, gen_random_uuid(), r.id,
         'Round ' || n || ' at ' || left(r.id::text, 8) || ': the guard was open & nobody had signed the <check>.',
         'observation', 'Photo ' || n, false, now(), 1
  from rating r cross join generate_series(1, %s) n
"""


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="bulk-") as folder:
        postgres, valkey = Postgres(Path(folder) / "postgres").start(), Valkey(Path(folder) / "valkey").start()
        try:
            return _measured(Path(folder), postgres, valkey)
        finally:
            valkey.stop()
            postgres.remove()


def _measured(folder: Path, postgres: Postgres, valkey: Valkey) -> dict[str, Any]:
    postgres.create_database("bulk")
    migrate(postgres.url(WEB, "bulk"), postgres.url(OWNER, "bulk"))
    app = bare_app(postgres.url(WEB, "bulk"), postgres.url(OWNER, "bulk"))
    app.config |= {"REDIS_URL": valkey.url, "STORAGE_URL": str(folder / "files")}
    tenant = _fill(app, postgres)
    with Running(
        folder / "product", database_url=postgres.url(WEB, "bulk"), owner_url=postgres.url(OWNER, "bulk"),
        redis_url=valkey.url, lease_seconds=60, heartbeat_seconds=20,
        OFFICE=shutil.which("soffice") or "none",
    ) as product:  # fmt: skip
        product.housekeep()
        for _ in range(2):
            product.work()
        _warm(app, tenant, postgres)
        began, computed = time.perf_counter(), computing()
        _ask(app, tenant, REPORTS)
        _wait(postgres, REPORTS + 2)
        seconds, computed = time.perf_counter() - began, computing() - computed
        sizes = [path.stat().st_size for path in product.stored()]
    let_go(app)
    found = {
        "processors": os.cpu_count(),
        "reports": REPORTS,
        "rows": OBSERVATIONS * len(catalogue.find(STANDARD).requirements),
        "seconds": round(seconds, 2),
        "bulk_per_second": round(REPORTS / seconds, 1),
        "cpu_ms_per_report": round(1000 * computed / REPORTS, 1),
        "mean_bytes": sum(sizes) // len(sizes),
    }
    sys.stdout.write("\n".join(f"{name:<18}{value:>12}" for name, value in found.items()) + "\n")
    return found


def _fill(app: Flask, postgres: Postgres) -> UUID:
    tenant = found_tenant(app, slug="northgate")
    with entered(app, tenant):
        lead = make_member()
        for number in range(REPORTS + 2):
            open_engagement(
                make_client(legal_name=f"Employer {number} Ltd."), kind="gap_analysis", standard=STANDARD,
                title="Gap analysis", language="en", opened_on=today(), by=lead.id, lead=lead,
            )  # fmt: skip
    with psycopg.connect(_plain(postgres)) as connection:
        codes = [one.code for one in catalogue.find(STANDARD).requirements]
        connection.execute(RATINGS, [codes, STANDARD])
        connection.execute(SEEN, [OBSERVATIONS])
        connection.execute("analyze")
    return tenant


def _warm(app: Flask, tenant: UUID, postgres: Postgres) -> None:
    """Both workers have written one: what a process does once is not what is measured."""
    _ask(app, tenant, 2)
    _wait(postgres, 2)


def _ask(app: Flask, tenant: UUID, how_many: int) -> None:
    with entered(app, tenant) as session:
        lead = session.scalars(sa.select(Engagement.lead_id)).first()
        without = sa.text("not exists (select from bulk_item b where b.engagement_id = engagement.id)")
        chosen = session.scalars(sa.select(Engagement).where(without).limit(how_many)).all()
        bulk_requests.request_in_bulk(
            chosen, kind="gap_report", language="en", request_key=f"{how_many:024d}", by=lead
        )
    with app.app_context():
        for _ in range(2):
            ring(DOCUMENTS, always=True)


def _wait(postgres: Postgres, ready: int) -> None:
    """One connection and few questions: whoever watches takes nothing from those who work."""
    with psycopg.connect(_plain(postgres), autocommit=True) as connection:
        question = """select count(*) filter (where production = 'ready'), count(*) filter (where production = 'failed')
                      from deliverable"""
        until = time.monotonic() + PATIENCE
        while True:
            done, failed = connection.execute(question).fetchone()
            if failed or time.monotonic() > until:
                raise AssertionError(f"{done} of {ready} reports are ready, {failed} failed")
            if done == ready:
                return
            time.sleep(0.05)


def _plain(postgres: Postgres) -> str:
    return postgres.superuser_url("bulk").replace("+psycopg", "", 1)
