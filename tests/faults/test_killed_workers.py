"""kill -9 at the worst moments: the report is ready afterwards, once."""

import contextlib
import copy
import random
import subprocess
import time
from uuid import UUID

import pytest

from tests.faults.aftermath import all_ready
from tests.faults.conftest import Figures
from tests.running import Running, children, held_still, horse_of, runs, until
from tests.workers.documents import Eye, Office, fields

pytestmark = pytest.mark.faults

LONG = 40  # times the sample report: long enough to be met in the middle of it


def kill_in_the_middle(product: Running, eye: Eye, worker: subprocess.Popen[bytes], row: UUID) -> None:
    """Stop the clocks as soon as the report is seen in writing, make sure it is, then kill parent and horse."""
    until(lambda: eye.production(row) == "writing", what="a report in writing")
    horse = horse_of(worker)
    assert horse is not None
    with held_still(worker.pid, horse, *children(horse)):
        assert (eye.production(row), product.stored()) == ("writing", [])
        product.kill(worker)
    until(lambda: not runs(horse), what="the end of the horse")


def test_a_worker_killed_in_the_middle_of_a_report(office: Office, product: Running, eye: Eye, figures: Figures):
    row = office.queue(kind="gap_report", snapshot=fields(times=LONG))
    first = product.work()
    product.housekeep()
    kill_in_the_middle(product, eye, first, row)
    assert eye.production(row) == "writing"
    product.work()
    seen = all_ready(product, eye, [row])
    assert eye.entries(row) == ["requested", "written"]
    assert seen["claims"] == 2
    figures(**seen, kills=1)


def test_a_worker_killed_between_store_and_commit(office: Office, product: Running, eye: Eye, figures: Figures):
    """The end of the audit trail is held by the test: the file is stored, and the commit cannot come."""
    row = office.queue()
    with eye.holding_the_trail(office.tenant):
        first = product.work()
        product.housekeep()
        until(product.stored, what="a stored file")
        until(lambda: waits_for_the_trail(eye), what="a commit that waits")
        assert eye.production(row) == "writing"
        product.kill(first)
        # Its connection still waits in the database for the trail; the kernel closed it, so it ends as soon as it is
        # let go, with nothing committed.
        eye.set(f"select pg_terminate_backend(pid) {WAITING}")
    assert eye.production(row) == "writing"
    product.work()
    seen = all_ready(product, eye, [row])
    assert (seen["files"], eye.entries(row)) == (1, ["requested", "written"])
    figures(**seen, kills=1)


WAITING = (
    "from pg_stat_activity where usename = 'consultancy_web' and datname = current_database()"
    " and wait_event_type = 'Lock'"
)


def waits_for_the_trail(eye: Eye) -> bool:
    return bool(eye.rows(f"select 1 {WAITING}"))


def test_workers_killed_again_and_again(office: Office, product: Running, eye: Eye, figures: Figures, full: bool):
    """Whichever is at work is killed, three times, while documents are written."""
    if full:
        pytest.skip("the long form is the next test")
    rows = [office.queue(kind="gap_report") for _ in range(12)]
    kills, chance = 0, random.Random(20261102)
    workers = [product.work(), product.work()]
    product.housekeep()
    while kills < 3:
        at_work = until(
            lambda: [one for one in workers if horse_of(one)] or eye.counts().get("ready") == len(rows),
            what="a worker at work",
        )
        if at_work is True:
            break
        victim = chance.choice(at_work)
        before = eye.counts().get("ready", 0)
        product.kill(victim)
        kills += 1
        workers[workers.index(victim)] = product.work()
        until(lambda before=before: eye.counts().get("ready", 0) > before or eye.counts() == {"ready": len(rows)},
              what="work that goes on")  # fmt: skip
    assert kills >= 2
    figures(**all_ready(product, eye, rows), kills=kills)


def test_a_worker_killed_every_two_seconds(office: Office, product: Running, eye: Eye, figures: Figures, full: bool):
    """The long form: one of three, whatever it does just then, until 500 documents are written."""
    if not full:
        pytest.skip("the short form is the test before")
    rows = [office.queue(kind="gap_report") for _ in range(500)]
    kills, chance = 0, random.Random(20261102)
    workers = [product.work() for _ in range(3)]
    product.housekeep()
    until(lambda: eye.counts().get("ready", 0) > 0, what="the first document")
    while eye.counts() != {"ready": len(rows)}:
        place = chance.randrange(len(workers))
        product.kill(workers[place])
        kills += 1
        workers[place] = product.work()
        time.sleep(2)
    assert kills >= 3
    figures(**all_ready(product, eye, rows), kills=kills)


def test_workers_put_to_sleep_past_their_lease_and_woken(
    office: Office, product: Running, eye: Eye, figures: Figures, full: bool
):
    """The long form: whichever writes is stopped for longer than its lease, again and again, under 300 documents."""
    if not full:
        pytest.skip("the short form is the next test")
    product.environment["HEARTBEAT_SECONDS"] = "3600"
    said, chance = fields(times=4), random.Random(20261103)
    rows = [office.queue(kind="gap_report", snapshot=copy.deepcopy(said)) for _ in range(300)]
    workers, stops = [product.work(), product.work(), product.work()], 0
    product.housekeep()
    while eye.counts() != {"ready": len(rows)}:
        at_work = [horse for one in workers if (horse := horse_of(one))]
        if not at_work:
            time.sleep(0.05)
            continue
        victim = chance.choice(at_work)
        with contextlib.suppress(ProcessLookupError):
            with held_still(victim):
                time.sleep(2.6)  # the lease is two seconds
            stops += 1
        time.sleep(0.2)
    refused = product.words().count("deliverable.claim_lost")
    seen = all_ready(product, eye, rows)
    figures(**seen, stops=stops, refused=refused)
    assert refused >= 1


def test_a_worker_that_slept_past_its_lease(office: Office, product: Running, eye: Eye, figures: Figures):
    """Stopped in the middle of a report, woken when another has written it: its commit is refused."""
    product.environment["HEARTBEAT_SECONDS"] = "3600"  # else it might be stopped in the middle of one, holding the row
    row = office.queue(kind="gap_report", snapshot=fields(times=LONG))
    sleeper = product.work()
    product.housekeep()
    until(lambda: eye.production(row) == "writing", what="a report in writing")
    horse = horse_of(sleeper)
    assert horse is not None
    with held_still(sleeper.pid, horse):
        assert eye.production(row) == "writing"
        product.work()
        until(lambda: eye.production(row) == "ready", what="the report, written by another worker")
        assert "deliverable.claim_lost" not in product.words()
    until(lambda: "deliverable.claim_lost" in product.words(), what="the refusal of the sleeper")
    seen = all_ready(product, eye, [row])
    assert (seen["files"], eye.entries(row)) == (1, ["requested", "written"])
    figures(**seen, refused=product.words().count("deliverable.claim_lost"))
