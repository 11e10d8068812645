"""How long a page takes, for a consultancy that is alone and for the same one among a thousand; and while Word files
are written.

Real gunicorn, real PostgreSQL, requests over loopback on a kept connection. The two databases hold the measured
consultancy row for row alike; rounds are interleaved, so that a busy moment hits both.
"""

import http.client
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg
import sqlalchemy as sa
from flask import Flask

from blueprints.app import create_app
from blueprints.settings import Settings
from consultancy.actions import deliverables
from consultancy.calendar import today
from consultancy.models.engagement import Engagement
from ground.postgres import OWNER, WEB, Postgres
from ground.valkey import Valkey
from tenants.database import db
from tests.benchmarks.filling import SLUG, Filled, crowd, fill, plain
from tests.blueprints.visiting import TOKEN, cookie_of
from tests.factories import entered
from tests.practice import bare_app, let_go, migrate
from tests.running import Running
from workers.queues import DOCUMENTS, ring

ROUNDS, WARM_UP = 40, 5
IN_PRODUCTION, BATCHES = 6, 6  # deliverables on their way at any moment; how often a batch is measured
SECRET = "k" * 40  # noqa: S105 - what Running gives its processes
PEERS = (
    ("CISO Assistant, list of 20 / of 200", "56 / 295 ms", "50 statements"),
    ("CISO Assistant, assessment tree of 140", "256 ms", "293 statements"),
    ("gapps, list of 200", "68,800 ms", "56,205 statements"),
    ("gapps, assessment of 127", "1,078 ms", "926 statements"),
    ("CISO Assistant, list with 0 / 6 Word exports in flight", "65 / 4,845 ms", "median"),
)


class Browser:
    """Somebody signed in, on one kept connection."""

    def __init__(self, url: str, cookie: str) -> None:
        self.line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self.headers = {"Cookie": f"practice={cookie}"}
        self.token = TOKEN.search(self.get("/me"))[1]

    def get(self, path: str) -> str:
        return self._ask("GET", path, None, self.headers)

    def post(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        kinds = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        return json.loads(self._ask("POST", path, urlencode(fields | {"csrf_token": self.token}), self.headers | kinds))

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> str:
        self.line.request(method, path, body, headers)
        try:
            answer = self.line.getresponse()
        except http.client.RemoteDisconnected:  # unused for some seconds, the server let go of it
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
        text = answer.read().decode()
        if answer.status != 200:  # a page that answers something else is no page that was measured
            raise AssertionError(f"{path} answered {answer.status}")
        if cookie := answer.getheader("Set-Cookie"):  # the token of forms is kept in it
            self.headers["Cookie"] = cookie.partition(";")[0]
        return text


@dataclass
class Autosave:
    """One field of a rating, typed into again and again."""

    browser: Browser
    path: str
    revision: int = 1
    turn: int = 0

    def __call__(self) -> None:
        self.turn += 1
        text = {"recommendation": f"Name an owner for guard {self.turn}.", "revision": str(self.revision)}
        self.revision = self.browser.post(self.path, text)["revision"]


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        postgres, valkey = Postgres(Path(folder) / "postgres").start(), Valkey(Path(folder) / "valkey").start()
        try:
            return _measured(Path(folder), postgres, valkey)
        finally:
            valkey.stop()
            postgres.remove()


def _measured(folder: Path, postgres: Postgres, valkey: Valkey) -> dict[str, Any]:
    postgres.create_database("alone")
    migrate(postgres.url(WEB, "alone"), postgres.url(OWNER, "alone"))
    seeding = bare_app(postgres.url(WEB, "alone"), postgres.url(OWNER, "alone"))
    filled = fill(seeding, postgres, "alone")
    let_go(seeding)
    postgres.create_database("crowd", template="alone")
    crowd(postgres, "crowd", filled)
    apps = {name: _app(postgres, valkey, name, folder) for name in ("alone", "crowd")}
    with _product(folder, postgres, valkey, "alone") as few, _product(folder, postgres, valkey, "crowd") as many:
        browsers = {
            name: Browser(product.serve(), cookie_of(apps[name], filled.token))
            for name, product in (("alone", few), ("crowd", many))
        }
        found = _pages(apps["crowd"], browsers, filled)
        found["while_writing"] = _while_writing(apps["crowd"], many, browsers["crowd"], postgres, filled)
    for app in apps.values():
        let_go(app)
    _print(found)
    return {"processors": os.cpu_count(), "rounds": ROUNDS, **found}


def _app(postgres: Postgres, valkey: Valkey, database: str, folder: Path) -> Flask:
    return create_app(
        Settings(
            SECRET_KEY=SECRET, DATABASE_URL=postgres.url(WEB, database), REDIS_URL=valkey.url,
            OWNER_DATABASE_URL=postgres.url(OWNER, database), STORAGE_URL=str(folder / database / "files"),
        )
    )  # fmt: skip


def _product(folder: Path, postgres: Postgres, valkey: Valkey, database: str) -> Running:
    return Running(
        folder / database, database_url=postgres.url(WEB, database), owner_url=postgres.url(OWNER, database),
        redis_url=valkey.url, lease_seconds=60, heartbeat_seconds=20,
    )  # fmt: skip


def visits(browser: Browser, filled: Filled) -> dict[str, Callable[[], Any]]:
    """The pages that a consultant opens all day, by their names in the results."""
    engagement = f"/{SLUG}/engagements/{filled.engagement}"
    return {
        "portfolio": lambda: browser.get(f"/{SLUG}/clients?page=3"),
        "assessment of 40": lambda: browser.get(f"{engagement}/assessment"),
        "assessment of 130": lambda: browser.get(f"/{SLUG}/engagements/{filled.long}/assessment"),
        "clause": lambda: browser.get(f"{engagement}/assessment/6.1.2.1"),
        "autosave": Autosave(browser, f"{engagement}/assessment/6.1.2.1"),
        "findings": lambda: browser.get(f"{engagement}/findings?page=2"),
        "search": lambda: browser.get(f"/{SLUG}/search?q=guard+line"),
    }


def _pages(app: Flask, browsers: dict[str, Browser], filled: Filled) -> dict[str, Any]:
    ways = {name: visits(browser, filled) for name, browser in browsers.items()}
    pages, growth = {}, {}
    for page in ways["crowd"]:
        times: dict[str, list[float]] = {"alone": [], "crowd": []}
        for turn in range(WARM_UP + ROUNDS):
            for name in sorted(times, reverse=bool(turn % 2)):
                took = _took(ways[name][page])
                if turn >= WARM_UP:
                    times[name].append(took)
        ratios = [among / alone for alone, among in zip(times["alone"], times["crowd"], strict=True)]
        pages[page] = _figures(times["crowd"]) | {"statements": _statements(app, filled, page)}
        growth[page] = round(statistics.median(ratios), 2)
    return {"pages": pages, "growth": growth}


def _figures(times: list[float]) -> dict[str, float]:
    return {
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(statistics.quantiles(times, n=20)[18], 1),
    }


def _took(visit: Callable[[], Any]) -> float:
    began = time.perf_counter()
    visit()
    return (time.perf_counter() - began) * 1e3


class _InProcess(Browser):
    """The same visits without a network, to count statements where they reach the cursor."""

    def __init__(self, app: Flask, cookie: str) -> None:
        self.client = app.test_client()
        self.client.set_cookie("practice", cookie)
        self.token = TOKEN.search(self.get("/me"))[1]

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        if answer.status_code != 200:
            raise AssertionError(f"{path} answered {answer.status_code}")
        return answer.text

    def post(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        answer = self.client.post(
            path, data=fields | {"csrf_token": self.token}, headers={"Accept": "application/json"}
        )
        if answer.status_code != 200:
            raise AssertionError(f"{path} answered {answer.status_code}")
        return answer.get_json()


def _statements(app: Flask, filled: Filled, page: str) -> int:
    browser, seen = _InProcess(app, cookie_of(app, filled.token)), []
    with app.app_context():
        engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    visit = visits(browser, filled)[page]
    if isinstance(visit, Autosave):
        visit.revision = _revision_of(app, filled)
    visit()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        visit()
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def _revision_of(app: Flask, filled: Filled) -> int:
    """Of the rating that was typed into over the network meanwhile."""
    with entered(app, filled.tenant) as session:
        return session.scalar(
            sa.text(
                "select r.revision from rating r join assessment a on (a.tenant_id, a.id) = (r.tenant_id,"
                " r.assessment_id) where a.engagement_id = :one and r.requirement = '6.1.2.1' and r.site_id is null"
            ),
            {"one": filled.engagement},
        )


def _while_writing(
    app: Flask, product: Running, browser: Browser, postgres: Postgres, filled: Filled
) -> dict[str, Any]:
    """The portfolio with nothing else to do, and with six deliverables or more in production all the time."""
    visit = visits(browser, filled)["portfolio"]
    idle = [_took(visit) for _ in range(WARM_UP + ROUNDS * 2)][WARM_UP:]
    product.housekeep()
    for _ in range(2):
        product.work()
    busy: list[float] = []
    with psycopg.connect(plain(postgres, "crowd"), autocommit=True) as connection:
        question = "select count(*) from deliverable where production in ('queued', 'writing')"
        for batch in range(BATCHES + 1):
            _ask(app, filled, batch)
            while connection.execute(question).fetchone()[0] >= IN_PRODUCTION:
                took = _took(visit)
                if batch:  # in the first batch the workers are still starting
                    busy.append(took)
    if len(busy) < ROUNDS:
        raise AssertionError(f"only {len(busy)} looks while deliverables were written")
    return {
        "idle": _figures(idle),
        "six_in_production": _figures(busy),
        "looks": len(busy),
        "p95_ratio": round(_figures(busy)["p95_ms"] / _figures(idle)["p95_ms"], 2),
    }


def _ask(app: Flask, filled: Filled, batch: int, how_many: int = 40) -> None:
    with entered(app, filled.tenant) as session:
        chosen = session.scalars(
            sa.select(Engagement).order_by(Engagement.title).offset(1 + batch * how_many).limit(how_many)
        ).all()
        for one in chosen:
            deliverables.request_deliverable(
                one, kind="gap_report", language="en", request_key=f"{one.id.hex}", by=None, today=today()
            )
    with app.app_context():
        for _ in range(2):
            ring(DOCUMENTS, always=True)


def _print(found: dict[str, Any]) -> None:
    lines = [f"\n{'page, one tenant of 1,000':<28}{'p50 ms':>9}{'p95 ms':>9}{'statements':>12}{'growth':>9}"]
    for page, row in found["pages"].items():
        numbers = f"{row['p50_ms']:>9.1f}{row['p95_ms']:>9.1f}{row['statements']:>12}{found['growth'][page]:>9.2f}"
        lines.append(f"  {page:<26}{numbers}")
    loaded = found["while_writing"]
    for label, row in (("idle", loaded["idle"]), ("six in production", loaded["six_in_production"])):
        lines.append(f"  {'portfolio, ' + label:<26}{row['p50_ms']:>9.1f}{row['p95_ms']:>9.1f}")
    lines.append(f"  p95 with six in production is {loaded['p95_ratio']} times idle")
    lines.append("\nElsewhere, measured side by side on another day:")
    lines += [f"  {what:<56}{time_:>16}  {how}" for what, time_, how in PEERS]
    sys.stdout.write("\n".join(lines) + "\n")
