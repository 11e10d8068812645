"""A preview worker that dies in the middle: nothing is left behind, and the next one makes the preview."""

import tempfile
from pathlib import Path

import pytest

from tests.office import PROGRAM
from tests.running import Running, until
from tests.workers.documents import Eye, Office, fields
from tests.workers.test_previews import leftovers

pytestmark = pytest.mark.office


def test_a_preview_worker_killed_in_the_middle_leaves_nothing_and_the_next_makes_the_preview(
    office: Office, product: Running, eye: Eye, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "temporary").mkdir()  # folders of other runs lie elsewhere
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    product.environment["TMPDIR"] = str(tmp_path / "temporary")
    product.environment["OFFICE"] = PROGRAM
    row = office.queue(kind="gap_report", snapshot=fields(times=3))
    product.work()
    product.housekeep()
    first = product.work("previews")
    until(lambda: eye.column("preview", row) == "making" and leftovers(), what="a preview in the making")
    product.kill(first)
    until(lambda: not leftovers(), what="the folder of the killed one cleared away")
    assert eye.column("preview", row) == "making"
    product.work("previews")
    until(lambda: eye.column("preview", row) == "made", what="a preview by the next")
    assert (eye.column("preview_fence", row), eye.entries(row).count("pages_counted")) == (2, 1)
    until(lambda: not leftovers(), what="nothing left")
    named = {key for (key,) in eye.rows("select file_key from page_image")}
    named |= {key for keys in eye.rows("select file_key, pdf_key, replaced_key from deliverable") for key in keys}
    kept = {path.relative_to(product.files).as_posix() for path in product.files.rglob("*") if path.is_file()}
    assert kept == named
