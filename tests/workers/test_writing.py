"""The job itself, without a queue: each document once, with its own tries, whatever happens around it."""

import hashlib
import os
import subprocess
import sys
import threading
import time
from io import BytesIO
from pathlib import Path
from uuid import UUID

import docx
import pytest
from flask import Flask

from consultancy.actions import deliverables
from consultancy.actions.deliverables import Claim, ClaimLost
from consultancy.actions.pauses import LONGEST_PAUSE_SECONDS, STORAGE_TRIES
from document_templates.child import Child
from ground.ports import LOOPBACK, free_port
from tenants.files import HALF, Folder, content_key, file_store, open_files
from tenants.limits import DOCUMENT_ATTEMPTS
from tests.running import CHECKOUT, until
from tests.workers.documents import Eye, Office, fields, open_office
from workers.claims import give_back, holding, kept_lease
from workers.deliverables import claim_next, write, write_deliverables


def run(app: Flask) -> int:
    """One ring answered: how many documents it took on."""
    with app.app_context():
        return write_deliverables()


def taken(app: Flask) -> Claim:
    claim = claim_next(app)
    assert claim is not None
    return claim


def files(app: Flask) -> list[Path]:
    return [path for path in Path(app.config["STORAGE_URL"]).rglob("*") if path.is_file()]


def test_a_document_is_written_once_and_what_was_written_is_what_is_kept(office: Office, eye: Eye):
    row = office.queue(kind="gap_report")
    assert run(office.app) == 1
    key, sha256, size = eye.rows("select file_key, sha256, size from deliverable")[0]
    content = file_store(office.app.config).get(key)
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (sha256, size)
    assert docx.Document(BytesIO(content)).paragraphs
    assert eye.entries(row) == ["requested", "written"]


def test_a_second_ring_for_a_written_document_changes_nothing(office: Office, eye: Eye):
    row = office.queue()
    assert run(office.app) == 1
    before = eye.rows("select to_jsonb(d) from deliverable d")
    assert [run(office.app), run(office.app)] == [0, 0]
    assert eye.rows("select to_jsonb(d) from deliverable d") == before
    assert len(files(office.app)) == 1
    assert eye.entries(row) == ["requested", "written"]


def test_consultancies_take_turns_however_many_documents_one_of_them_waits_for(practice: Flask, eye: Eye):
    busy, quiet = open_office(practice, "busy"), open_office(practice, "quiet")
    for _ in range(6):
        busy.queue()
    quiet.queue()
    quiet.queue()
    assert run(practice) == 8
    order = [tenant for (tenant,) in eye.rows("select tenant_id from deliverable order by ready_at")]
    assert sorted(order[:4]) == sorted([busy.tenant, busy.tenant, quiet.tenant, quiet.tenant])
    assert order[0] != order[1]


def test_a_writer_that_lost_its_claim_completes_nothing(office: Office, eye: Eye):
    row = office.queue()
    stale = taken(office.app)
    eye.set("update deliverable set lease_until = now() - interval '1 second'")
    fresh = taken(office.app)
    assert (stale.deliverable_id, fresh.fence) == (row, stale.fence + 1)
    for act in (
        lambda claim: deliverables.complete(claim, file_key="t/x", sha256="0" * 64, size=1),
        lambda claim: deliverables.fail(claim, reason="no"),
        lambda claim: deliverables.postpone(claim, reason="no", fault_of_document=True),
        lambda claim: deliverables.keep_lease(claim, 30),
        lambda claim: deliverables.manuscript(claim, files=file_store(office.app.config)),
    ):
        with pytest.raises(ClaimLost), holding(office.app, stale):
            act(stale)
    with Child() as child:
        write(office.app, stale, child)  # as the job sees it: noted, not raised
        assert eye.production(row) == "writing"
        write(office.app, fresh, child)
    assert (eye.production(row), eye.entries(row)) == ("ready", ["requested", "written"])


def test_without_the_fence_the_stale_writer_would_have_completed(office: Office, eye: Eye):
    """The control: the same moves with a claim whose fence is always the row's own."""
    row = office.queue()
    stale = taken(office.app)
    eye.set("update deliverable set lease_until = now() - interval '1 second'")
    fresh = taken(office.app)
    unfenced = Claim(stale.tenant_id, stale.deliverable_id, eye.column("fence", row))
    with holding(office.app, unfenced):
        deliverables.complete(unfenced, file_key="t/stale", sha256="0" * 64, size=1)
    assert eye.column("file_key", row) == "t/stale"
    with pytest.raises(ClaimLost), holding(office.app, fresh):
        deliverables.complete(fresh, file_key="t/fresh", sha256="1" * 64, size=1)


def test_a_document_in_hand_is_not_given_out_again_before_its_lease_is_over(office: Office, eye: Eye):
    office.queue()
    taken(office.app)
    assert claim_next(office.app) is None
    assert eye.rows("select lease_until > now(), lease_until <= now() + interval '30 s' from deliverable") == [
        (True, True)
    ]


def test_a_lease_is_renewed_as_long_as_the_writing_lasts(office: Office, eye: Eye):
    row = office.queue()
    office.app.config["HEARTBEAT_SECONDS"] = 0.05
    claim = taken(office.app)
    first = eye.column("lease_until", row)
    with kept_lease(office.app, claim, deliverables.keep_lease):
        until(lambda: eye.column("lease_until", row) > first, what="a later lease")
    last = eye.column("lease_until", row)
    assert not [thread for thread in threading.enumerate() if "renew" in thread.name]
    assert eye.column("lease_until", row) == last


def test_the_clock_that_counts_is_the_databases(office: Office, eye: Eye):
    """A row due in a minute by the database's clock waits, whatever this machine believes."""
    row = office.queue()
    eye.set("update deliverable set run_after = now() + interval '1 minute'")
    assert claim_next(office.app) is None
    eye.set("update deliverable set run_after = now()")
    assert taken(office.app).deliverable_id == row


def test_what_is_wrong_with_the_document_fails_it_at_once_with_the_sentence(office: Office, eye: Eye):
    broken = fields("policy")
    del broken["client"]
    row = office.queue(snapshot=broken)
    fine = office.queue()
    run(office.app)
    assert (eye.production(row), eye.column("attempts", row)) == ("failed", 1)
    assert "client" in eye.column("failure", row)
    assert eye.entries(row) == ["requested", "failed"]
    assert eye.production(fine) == "ready"


def test_a_starter_that_changed_after_the_request_fails_with_what_to_do(office: Office, eye: Eye):
    row = office.queue()
    eye.set("update deliverable set template_sha256 = repeat('0', 64)")
    run(office.app)
    assert eye.production(row) == "failed"
    assert "Request the document anew" in eye.column("failure", row)


def test_five_crashes_are_enough(office: Office, eye: Eye):
    row = office.queue()
    for crash in range(DOCUMENT_ATTEMPTS):
        assert taken(office.app).fence == crash + 1
        eye.set("update deliverable set lease_until = now() - interval '1 second'")
    run(office.app)
    assert eye.production(row) == "failed"
    assert "five tries" in eye.column("failure", row)
    assert files(office.app) == []
    assert eye.entries(row) == ["requested", "failed"]


def test_a_failed_document_is_retried_with_all_its_tries(office: Office, eye: Eye):
    row = office.queue()
    claim = taken(office.app)
    with holding(office.app, claim):
        deliverables.fail(claim, reason="mend it")
    with office.inside():
        deliverables.retry(office.get(row), by=office.member)
    assert eye.rows("select production, failure, attempts, fence from deliverable") == [("queued", "", 0, 1)]
    run(office.app)
    assert eye.production(row) == "ready"
    assert eye.entries(row) == ["requested", "failed", "retried", "written"]


def test_what_nobody_foresaw_is_tried_again_heard_and_at_last_failed(office: Office, eye: Eye):
    class Bug(Exception):
        """Not one of the refusals that a renderer knows."""

    def renders_never(*_asked: object) -> bytes:
        raise Bug

    row = office.queue()
    for attempt in range(1, DOCUMENT_ATTEMPTS + 1):
        assert eye.production(row) == "queued"
        eye.set("update deliverable set run_after = now()")
        with pytest.raises(Bug):
            write(office.app, taken(office.app), renders_never)  # type: ignore[arg-type]
        assert eye.column("attempts", row) == attempt
    assert (eye.production(row), eye.entries(row)) == ("failed", ["requested", "failed"])
    assert "nobody foresaw" in eye.column("failure", row)


def full(path: Path) -> Path:
    """A store that takes no file: a file lies where its folder would be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


def test_a_store_that_takes_nothing_postpones_with_growing_pauses_and_never_counts(office: Office, eye: Eye):
    row = office.queue()
    blocked = full(Path(office.app.config["STORAGE_URL"]))
    pauses = []
    for _ in range(DOCUMENT_ATTEMPTS + 3):
        run(office.app)
        pauses += [pause for (pause,) in eye.rows("select extract(epoch from run_after - now()) from deliverable")]
        assert (eye.production(row), eye.column("attempts", row)) == ("queued", 0)
        assert claim_next(office.app) is None
        eye.set("update deliverable set run_after = now()")
    assert pauses == sorted(pauses)
    assert pauses[0] <= 2 < 60 < pauses[-1] <= LONGEST_PAUSE_SECONDS
    blocked.unlink()
    run(office.app)
    assert (eye.production(row), eye.column("attempts", row)) == ("ready", 1)
    assert eye.entries(row) == ["requested", "written"]


def test_a_store_that_takes_nothing_for_a_day_is_told_in_words(office: Office, eye: Eye):
    row = office.queue(fence=STORAGE_TRIES)
    full(Path(office.app.config["STORAGE_URL"]))
    run(office.app)
    assert eye.production(row) == "failed"
    assert "could not be stored" in eye.column("failure", row)


def test_a_full_disk_leaves_no_half_file(tmp_path: Path):
    """A file larger than the process may write is a disk that is full in the middle of it."""
    store, key = Folder(tmp_path), f"t/{UUID(int=1)}/deliverables/{'0' * 64}.docx"
    program = (
        "import resource, signal, sys; from pathlib import Path; from tenants.files import Folder;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
        "Folder(Path(sys.argv[1])).put(sys.argv[2], b'x' * 100_000)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path), key], cwd=CHECKOUT, capture_output=True)
    assert b"File too large" in done.stderr
    assert not list(tmp_path.rglob(f"{HALF}*"))
    assert not store.path(key).exists()


def test_a_bucket_that_does_not_answer_is_a_fault_like_a_disks(monkeypatch: pytest.MonkeyPatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    monkeypatch.setenv("AWS_ENDPOINT", f"https://{LOOPBACK}:{free_port()}")
    bucket = open_files("s3://practice/files")
    key = content_key(UUID(int=1), "deliverables", b"x", "docx")
    for act in (lambda: bucket.put(key, b"x"), lambda: bucket.get(key)):
        with pytest.raises(OSError, match="Error"):
            act()


def test_a_half_written_file_is_swept_away_after_an_hour_and_not_before(tmp_path: Path):
    old, new = tmp_path / f"{HALF}old", tmp_path / f"{HALF}new"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 4000,) * 2)
    assert Folder(tmp_path).sweep() == 1
    assert (old.exists(), new.exists()) == (False, True)


def test_a_document_whose_claim_was_lost_is_not_given_back(office: Office, eye: Eye):
    row = office.queue()
    stale = taken(office.app)
    eye.set("update deliverable set lease_until = now() - interval '1 second'")
    taken(office.app)
    give_back(office.app, stale, deliverables.postpone, reason="", fault_of_document=False)
    assert (eye.production(row), eye.column("fence", row)) == ("writing", 2)


def test_two_workers_share_the_documents_of_one_consultancy(office: Office, eye: Eye):
    for _ in range(12):
        office.queue()
    taken_on: list[int] = []
    threads = [threading.Thread(target=lambda: taken_on.append(run(office.app))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken_on) == 12
    assert eye.rows("select production, fence, count(*) from deliverable group by 1, 2") == [("ready", 1, 12)]
    assert eye.written() == (12, 12)
