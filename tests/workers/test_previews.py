"""The layout of a written document: counted, written once more with its page numbers, pictured, kept once."""

import io
import os
import re
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import docx
import pypdfium2
import pytest
from flask import Flask
from PIL import Image

from consultancy.actions import previews
from consultancy.actions.deliverables import ClaimLost, PagesBeingCounted, WrongState, release
from consultancy.actions.previews import Kept, Laid, PreviewClaim
from consultancy.privacy import inventory, sweeping
from document_templates.child import Child
from document_templates.office import FOLDER, sweep_folders
from tenants.files import content_key, file_store
from tenants.limits import PREVIEW_ATTEMPTS
from tests.office import PROGRAM
from tests.workers.documents import Eye, Office, open_office
from tests.workers.test_writing import files, run
from workers.claims import holding
from workers.previews import claim_next, make, make_previews

NEVER = "/nowhere/soffice"  # as on a machine from which it was taken away
needs_office = pytest.mark.office


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of the test's own for what LibreOffice needs: other tests kill their helpers and leave theirs."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


@pytest.fixture
def laid_out(office: Office) -> Office:
    """An office on a machine with LibreOffice."""
    office.app.config["OFFICE"] = PROGRAM or NEVER
    return office


def show(app: Flask) -> int:
    """One ring of the preview queue answered."""
    with app.app_context():
        return make_previews()


def stand_in(office: Office, folder: Path, script: str) -> None:
    """A program in LibreOffice's place that does as it is told."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    office.app.config["OFFICE"] = str(program)


def taken(app: Flask) -> PreviewClaim:
    claim = claim_next(app)
    assert claim is not None
    return claim


def contents_of(word: bytes) -> list[tuple[str, str]]:
    """What stands in the contents: each entry's words and its page number."""
    rows = []
    for paragraph in docx.Document(io.BytesIO(word)).paragraphs:
        if "PAGEREF" in paragraph._p.xml:
            *words, page = [text for text in re.findall(r"<w:t[^>]*>([^<]*)</w:t>", paragraph._p.xml) if text]
            rows.append((words[-1], page))
    return rows


def printed_on(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


@needs_office
def test_the_contents_of_a_report_name_the_page_on_which_each_heading_is_printed(laid_out: Office, eye: Eye):
    app, store = laid_out.app, file_store
    row = laid_out.queue(kind="gap_report")
    run(app)
    first_key, first_sha = eye.rows("select file_key, sha256 from deliverable")[0]
    assert (eye.column("preview", row), contents_of(store(app.config).get(first_key))) == ("queued", [])
    assert show(app) == 1
    key, sha, size, pdf_key, pages, replaced = eye.rows(
        "select file_key, sha256, size, pdf_key, page_count, replaced_key from deliverable"
    )[0]
    word, pdf = store(app.config).get(key), store(app.config).get(pdf_key)
    assert (eye.column("preview", row), replaced, len(word)) == ("made", first_key, size)
    assert sha != first_sha
    assert key.endswith(f"{sha}.docx")
    printed = printed_on(pdf)
    assert pages == len(printed) > 10
    entries = contents_of(word)
    assert len(entries) > 20
    for words, page in entries:
        assert " ".join(words.split()) in printed[int(page) - 1], words
    kept = eye.rows("select page, file_key from page_image order by page")
    assert [page for page, _ in kept] == list(range(1, pages + 1))
    assert all(Image.open(io.BytesIO(store(app.config).get(key))).width == 1000 for _, key in kept[:2])
    assert eye.entries(row) == ["requested", "written", "pages_counted"]
    # the same input is the same bytes: LibreOffice asked once more changes nothing and leaves nothing behind
    before = sorted(files(app))
    eye.set("update deliverable set preview = 'failed', standing = 'in_review'")
    with laid_out.inside():
        previews.try_again(laid_out.get(row), by=laid_out.member)
    assert show(app) == 1
    assert sorted(files(app)) == before
    assert eye.rows("select file_key, sha256, pdf_key, replaced_key, preview from deliverable") == [
        (key, sha, pdf_key, first_key, "made")
    ]
    # and the file without numbers is swept once nobody can still be reading it
    with laid_out.inside():
        sweeping.sweep(store(app.config))
    assert first_key in {path.relative_to(app.config["STORAGE_URL"]).as_posix() for path in files(app)}
    eye.set("update deliverable set previewed_at = now() - interval '2 hours'")
    with laid_out.inside():
        sweeping.sweep(store(app.config))
    left = {path.relative_to(app.config["STORAGE_URL"]).as_posix() for path in files(app)}
    assert left == {key, pdf_key, *(key for _, key in kept)}
    with laid_out.inside():
        assert inventory.still_named(left) == left


@needs_office
def test_a_copy_edited_by_hand_is_pictured_and_never_written_again(laid_out: Office, eye: Eye):
    app = laid_out.app
    row = laid_out.queue(kind="pre_audit_report")
    run(app)
    key = eye.column("file_key", row)
    eye.set("update deliverable set edited_from_id = id")
    assert show(app) == 1
    assert eye.rows("select file_key, replaced_key, contents_pages, preview from deliverable") == [
        (key, None, {}, "made")
    ]
    assert eye.column("pdf_key", row)
    assert eye.rows("select count(*) from page_image")[0][0] == eye.column("page_count", row)


@needs_office
def test_what_was_released_before_is_pictured_and_stays_the_file_that_the_client_has(laid_out: Office, eye: Eye):
    app = laid_out.app
    row = laid_out.queue(kind="pre_audit_report")
    run(app)
    before = eye.rows("select file_key, sha256, size from deliverable")
    eye.set("update deliverable set standing = 'released'")
    assert show(app) == 1
    assert eye.rows("select file_key, sha256, size from deliverable") == before
    assert (eye.column("preview", row), eye.column("replaced_key", row)) == ("made", None)


@needs_office
def test_a_broken_file_fails_its_own_layout_with_a_sentence_and_the_next_is_made(laid_out: Office, eye: Eye):
    app = laid_out.app
    broken, fine = laid_out.queue(), laid_out.queue()
    run(app)
    content = b"PK\x03\x04 not a Word file"
    key = content_key(laid_out.tenant, "deliverables", content, "docx")
    file_store(app.config).put(key, content)
    eye.set("update deliverable set file_key = %s, edited_from_id = id where id = %s", key, broken)
    for _ in range(PREVIEW_ATTEMPTS):
        show(app)
        eye.set("update deliverable set preview_after = now()")
    assert (eye.column("preview", broken), eye.column("preview", fine)) == ("failed", "made")
    assert "could not be opened" in eye.column("preview_failure", broken)
    assert eye.column("preview_attempts", broken) == PREVIEW_ATTEMPTS
    with laid_out.inside():  # it can be released: the page says that there are no pages to show
        release(laid_out.get(broken), by=laid_out.member)


def test_a_release_waits_for_the_pages_for_a_while_and_no_longer(laid_out: Office, eye: Eye):
    row = laid_out.queue()
    run(laid_out.app)
    assert eye.column("preview", row) == "queued"
    with pytest.raises(PagesBeingCounted), laid_out.inside():
        release(laid_out.get(row), by=laid_out.member)
    eye.set("update deliverable set pages_asked_at = now() - interval '121 minutes'")
    with laid_out.inside():
        release(laid_out.get(row), by=laid_out.member)
    assert eye.column("standing", row) == "released"


def test_pages_that_are_asked_for_long_after_the_writing_are_waited_for_as_well(laid_out: Office, eye: Eye):
    row = laid_out.queue()
    run(laid_out.app)
    long_ago = "now() - interval '3 days'"
    eye.set(f"update deliverable set preview = 'failed', ready_at = {long_ago}, pages_asked_at = {long_ago}")
    with laid_out.inside():
        previews.try_again(laid_out.get(row), by=laid_out.member)
    with pytest.raises(PagesBeingCounted), laid_out.inside():
        release(laid_out.get(row), by=laid_out.member)


def test_without_libreoffice_a_document_is_as_it_was_and_can_be_released(office: Office, eye: Eye):
    row = office.queue()
    run(office.app)
    assert (eye.column("preview", row), show(office.app)) == ("unavailable", 0)
    with office.inside():
        release(office.get(row), by=office.member)


@needs_office
def test_a_layout_whose_claim_was_lost_on_the_way_leaves_no_files(laid_out: Office, eye: Eye, tmp_path: Path):
    """Another worker took it over while LibreOffice was at work: it stores what it makes, this one nothing."""
    app, marker, go = laid_out.app, tmp_path / "at-work", tmp_path / "go"
    stand_in(laid_out, tmp_path, f'touch {marker}; while [ ! -e {go} ]; do sleep 0.05; done; exec {PROGRAM} "$@"')
    row = laid_out.queue()
    run(app)
    before = sorted(files(app))
    with Child() as child:
        claim = taken(app)
        slow = threading.Thread(target=make, args=(app, claim, child))
        slow.start()
        while not marker.exists():
            time.sleep(0.05)
        eye.set("update deliverable set preview_fence = preview_fence + 1")
        go.touch()
        slow.join()
    assert (eye.column("preview", row), sorted(files(app))) == ("making", before)


def test_a_libreoffice_that_was_taken_away_is_told_by_the_worker(office: Office, eye: Eye):
    office.app.config["OFFICE"] = NEVER
    row = office.queue()
    run(office.app)
    assert eye.column("preview", row) == "queued"
    assert show(office.app) == 1
    assert eye.column("preview", row) == "unavailable"
    assert eye.column("check_report", row)["checks"]


def test_a_libreoffice_that_hangs_is_ended_and_leaves_nothing(office: Office, eye: Eye, tmp_path: Path):
    marker = tmp_path / "pid"
    stand_in(office, tmp_path, f"echo $$ > {marker}; sleep 300 & sleep 300")
    office.app.config["OFFICE_SECONDS"] = 1
    row = office.queue()
    run(office.app)
    claim = taken(office.app)
    with Child() as child:
        make(office.app, claim, child)
    assert (eye.column("preview", row), eye.column("preview_attempts", row)) == ("queued", 1)
    group = int(marker.read_text())
    assert living(group) == []
    eye.set("update deliverable set preview_after = now(), preview_attempts = %s", PREVIEW_ATTEMPTS - 1)
    with Child() as child:
        make(office.app, taken(office.app), child)
    assert eye.column("preview", row) == "failed"
    assert "longer than 1 seconds" in eye.column("preview_failure", row)
    assert leftovers() == []


def living(group: int) -> list[str]:
    """The processes of a group that still run; what ended and was not collected yet is none."""
    found = []
    for about in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, its_group = about.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state not in "ZX":
                found.append(about.parent.name)
    return found


def leftovers() -> list[Path]:
    """Folders that hold a document of this test's."""
    return [path for path in Path(tempfile.gettempdir()).glob(f"{FOLDER}*") if (path / "document.docx").exists()]


def test_what_a_killed_helper_left_is_swept_after_an_hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old, new = tmp_path / f"{FOLDER}old", tmp_path / f"{FOLDER}new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "document.docx").write_bytes(b"somebody's")
    os.utime(old, (time.time() - 4000,) * 2)
    assert sweep_folders() == 1
    assert (old.exists(), new.exists()) == (False, True)


def test_a_layout_that_lost_its_claim_completes_nothing(laid_out: Office, eye: Eye):
    row = laid_out.queue()
    run(laid_out.app)
    sha = eye.column("sha256", row)
    stale = taken(laid_out.app)
    assert claim_next(laid_out.app) is None
    eye.set("update deliverable set preview_lease_until = now() - interval '1 second'")
    fresh = taken(laid_out.app)
    assert (fresh.id, fresh.fence) == (row, stale.fence + 1)
    kept = Kept(content_key(laid_out.tenant, "previews", b"pdf", "pdf"), 3)
    word = Kept(content_key(laid_out.tenant, "deliverables", b"word", "docx"), 4)
    for act in (
        lambda claim: previews.complete(claim, Laid(1, kept, [], word, {"_Toc000001": "2"}), of_sha256=sha),
        lambda claim: previews.fail(claim, reason="no"),
        lambda claim: previews.postpone(claim, reason="no", fault_of_document=True),
        lambda claim: previews.keep_lease(claim, 30),
        lambda claim: previews.without_office(claim),
        lambda claim: previews.proof(claim, files=file_store(laid_out.app.config)),
    ):
        with pytest.raises(ClaimLost), holding(laid_out.app, stale):
            act(stale)
    assert (eye.column("preview", row), eye.column("sha256", row)) == ("making", sha)
    eye.set("update deliverable set standing = 'approved'")
    with pytest.raises(ClaimLost), holding(laid_out.app, fresh):  # somebody found the first file fit meanwhile
        previews.complete(fresh, Laid(1, kept, [], word, {"_Toc000001": "2"}), of_sha256=sha)
    with pytest.raises(ClaimLost), holding(laid_out.app, fresh):  # laid out was another file
        previews.complete(fresh, Laid(1, kept, []), of_sha256="0" * 64)
    with holding(laid_out.app, fresh):
        previews.complete(fresh, Laid(1, kept, []), of_sha256=sha)
    assert eye.entries(row) == ["requested", "written", "pages_counted"]
    with pytest.raises(WrongState), laid_out.inside():
        previews.try_again(laid_out.get(row), by=laid_out.member)


def test_five_crashes_are_not_needed_to_give_a_layout_up(laid_out: Office, eye: Eye):
    row = laid_out.queue()
    run(laid_out.app)
    for _ in range(PREVIEW_ATTEMPTS):
        taken(laid_out.app)
        eye.set("update deliverable set preview_lease_until = now() - interval '1 second'")
    show(laid_out.app)
    assert (eye.column("preview", row), leftovers()) == ("failed", [])
    assert "again and again" in eye.column("preview_failure", row)


def test_consultancies_take_turns_in_the_preview_queue_apart_from_the_writing(practice: Flask, eye: Eye):
    practice.config["OFFICE"] = NEVER
    busy, quiet = open_office(practice, "busy"), open_office(practice, "quiet")
    for _ in range(3):
        busy.queue()
    quiet.queue()
    run(practice)
    order: list[UUID] = [taken(practice).tenant_id for _ in range(4)]
    assert order[0] != order[1]
    assert order[2:] == [busy.tenant, busy.tenant]


def test_a_suspended_consultancys_pages_wait(laid_out: Office, eye: Eye):
    laid_out.queue()
    run(laid_out.app)
    eye.set("update tenant set suspended_at = now()")
    assert claim_next(laid_out.app) is None
    with laid_out.app.app_context():
        assert previews.due() == 0


@needs_office
def test_the_pdf_is_tagged_and_says_when_the_document_was_written(laid_out: Office, eye: Eye):
    row = laid_out.queue()
    run(laid_out.app)
    show(laid_out.app)
    pdf = file_store(laid_out.app.config).get(eye.column("pdf_key", row))
    assert b"/StructTreeRoot" in pdf
    assert b"pdfuaid:part" in pdf
    at = eye.rows("select to_char(ready_at at time zone 'UTC', 'YYYYMMDDHH24MISS') from deliverable")[0][0]
    assert f"/CreationDate(D:{at}".encode() in pdf
    with ZipFile(io.BytesIO(file_store(laid_out.app.config).get(eye.column("file_key", row)))) as word:
        assert "word/document.xml" in word.namelist()
