"""What a document promises is read back from the very file that leaves, with LibreOffice and without."""

import math
from pathlib import Path

import pytest
from rq.timeouts import JobTimeoutException

from consultancy.actions import previews
from document_templates.checking import Problem, Report
from document_templates.child import Child
from tests.factories import make_client
from tests.workers.documents import Eye, Office, fields
from tests.workers.test_previews import laid_out, needs_office, show, stand_in, taken
from tests.workers.test_writing import run
from tests.workers.test_writing import taken as written_next
from workers.claims import holding
from workers.deliverables import check, check_each, write
from workers.previews import make

__all__ = ["laid_out"]


def test_a_written_document_is_checked_without_libreoffice_too(office: Office, eye: Eye):
    row = office.queue()
    run(office.app)
    assert eye.column("preview", row) == "unavailable"
    assert eye.column("check_report", row) == {"checks": 19, "count": 0, "problems": []}


def test_the_name_of_another_client_in_a_document_is_found(office: Office, eye: Eye):
    with office.inside():
        other = make_client(legal_name="Fonderie Saint-Ours inc.").id
    said = fields("policy")
    said["policy"]["statement"] += " As agreed with Fonderie Saint-Ours inc."
    row = office.queue(snapshot=said)
    run(office.app)
    report = eye.column("check_report", row)
    assert (report["checks"], [one[:2] for one in report["problems"]]) == (20, [["name", str(other)]])  # its id alone


def test_nobody_waits_for_the_check_of_a_document_that_is_ready(office: Office, eye: Eye):
    first, second = office.queue(), office.queue()
    with Child() as child:
        assert write(office.app, written_next(office.app), child)
    assert sorted(eye.production(row) for row in (first, second)) == ["queued", "ready"]
    assert [eye.column("check_report", row) for row in (first, second)] == [None, None]
    run(office.app)
    assert [bool(eye.column("check_report", row)) for row in (first, second)].count(True) == 1


def test_a_check_gives_way_to_what_is_due(office: Office, eye: Eye):
    first, second = office.queue(), office.queue()
    with Child() as child:
        ready = write(office.app, written_next(office.app), child)
        check_each(office.app, [ready], child, until=math.inf)
        assert [eye.column("check_report", row) for row in (first, second)] == [None, None]
        later = write(office.app, written_next(office.app), child)
        check_each(office.app, [ready, later], child, until=0)  # the time for it is over
        assert [eye.column("check_report", row) for row in (first, second)] == [None, None]
        check_each(office.app, [ready, later], child, until=math.inf)
    assert all(eye.column("check_report", row) for row in (first, second))


def test_the_end_of_the_time_for_a_job_is_no_fault_of_a_check(office: Office, eye: Eye):
    office.queue()
    with Child() as child:
        ready = write(office.app, written_next(office.app), child)

        class Late(Child):
            def __call__(self, *_: object) -> None:
                raise JobTimeoutException

        with pytest.raises(JobTimeoutException):
            check(office.app, ready, Late())


def test_a_check_that_cannot_be_made_harms_neither_its_document_nor_the_next(office: Office, eye: Eye):
    row = office.queue()
    claim = written_next(office.app)
    with Child() as child:
        ready = write(office.app, claim, child)
        assert ready
        check(office.app, ready._replace(file_key="t/nowhere.docx"), child)
    assert (eye.production(row), eye.column("check_report", row), eye.column("failure", row)) == ("ready", None, "")


@needs_office
def test_the_file_that_leaves_is_the_one_that_was_checked(laid_out: Office, eye: Eye):
    """With page numbers it is another file: what was found in the first says nothing about it."""
    row = laid_out.queue(kind="gap_report")
    run(laid_out.app)
    assert eye.column("check_report", row) is None
    claim = taken(laid_out.app)
    first = Report(1, 1, (Problem("title", "2"),))
    with holding(laid_out.app, claim):
        previews.note_check(claim, first)
    with Child() as child:
        make(laid_out.app, claim, child)
    assert eye.column("replaced_key", row)
    assert eye.column("check_report", row) == {"checks": 19, "count": 0, "problems": []}


def test_a_document_whose_layout_fails_is_checked_all_the_same(office: Office, eye: Eye, tmp_path: Path):
    stand_in(office, tmp_path, "exit 1")
    row = office.queue()
    run(office.app)
    show(office.app)
    assert eye.column("check_report", row)["count"] == 0
