"""Rendering in a confined process: its limits hold, it knows no secrets, and the next document is written."""

import os
import pickle
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from document_templates.child import Child
from document_templates.intake import inspect_archive
from document_templates.pictures import Picture
from document_templates.refusals import BrokenFile, FileRefusal, TemplateRefusal, UnknownPlaceholder, Unrenderable
from document_templates.rendering import render
from document_templates.subdocuments import SubDocument
from tests.document_templates import child_work
from tests.document_templates.word_files import picture, template

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def child():
    with Child(cpu_seconds=1, wall_seconds=20) as confined:
        yield confined


def test_the_child_writes_the_same_document_as_the_room_itself():
    source = template("{{ a }}")
    with Child() as child:
        assert child(render, source, {"a": "x"}) == render(source, {"a": "x"})


def test_pictures_and_sub_documents_cross_to_the_child_as_plain_data():
    fields = {"p": Picture(picture(), "A guard", 20), "chapter": SubDocument(template("words of a chapter"))}
    source = template("{{ p }}", "{{p chapter }}")
    with Child() as child:
        assert child(render, source, fields) == render(source, fields)


def test_our_refusals_arrive_with_their_arguments():
    with Child() as child, pytest.raises(UnknownPlaceholder) as refused:
        child(render, template("{{ cleint }}"), {"client": "x"})
    assert refused.value.args[:2] == ("cleint", "client")


@pytest.mark.parametrize(
    ("work", "says"),
    [
        (child_work.eats_memory, "1024 MB"),
        (child_work.never_ends, "1 seconds of computing"),
        (child_work.dies, "broke down"),
    ],
)
def test_what_reaches_a_limit_fails_alone_and_the_next_document_is_written(child, work, says):
    with pytest.raises(Unrenderable, match=says):
        child(work)
    assert child(render, template("{{ a }}"), {"a": "x"}) == render(template("{{ a }}"), {"a": "x"})


def test_a_child_that_hangs_is_ended():
    with Child(wall_seconds=0.5) as confined:
        with pytest.raises(Unrenderable, match="longer than 0.5 seconds"):
            confined(child_work.sleeps)
        assert confined(child_work.plain, "next") == "next"


def test_many_documents_do_not_use_up_the_time_of_one(child):
    for _ in range(3):
        child(render, template("{% for i in range(200000) %}{% endfor %}"), {})


def test_the_child_holds_the_rendering_room_and_no_database(child):
    held = set(child(child_work.modules))
    rooms = {"blueprints", "workers", "consultancy", "wsgi", "sqlalchemy", "flask", "psycopg", "rq", "redis"}
    assert "document_templates.rendering" in held
    assert {name for name in held if name.split(".")[0] in rooms} == set()


def test_no_variable_of_the_parent_reaches_the_child(tmp_path):
    program = tmp_path / "flask_like.py"
    program.write_text(
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from document_templates.child import Child\n"
        "from tests.document_templates import child_work\n"
        "with Child() as child:\n"
        "    print(child(child_work.environment), child(child_work.main_module))\n"
    )
    secrets = {"DATABASE_URL": "postgresql://canary", "SECRET_KEY": "canary", "PYTHONPATH": "canary"}
    answer = subprocess.run(
        [sys.executable, str(program)], env={**os.environ, **secrets}, capture_output=True, text=True, check=True
    ).stdout
    assert "canary" not in answer
    assert "flask_like" not in answer  # the parent's program was not run again
    assert "DATABASE_URL" not in answer


def test_the_child_writes_no_files_and_lets_others_go_first(child, tmp_path):
    with pytest.raises(OSError, match="File too large"):
        child(child_work.writes_a_file, str(tmp_path / "x"))
    assert child(child_work.niceness) >= 10


def test_plain_values_dates_and_faults_come_back(child):
    value = {"a": [1, 2.5, None, "é", b"x"], "d": date(2026, 11, 1), "m": Decimal("1.10"), "s": {1, 2}, "t": (1,)}
    assert child(child_work.plain, value) == value
    with pytest.raises(ValueError, match="a fault of ours"):
        child(child_work.fails)


def test_an_answer_that_would_run_something_is_not_read(child):
    with pytest.raises(pickle.UnpicklingError, match="does not cross"):
        child(child_work.taken_over)
    assert pickle.loads(pickle.dumps(child_work.taken_over())) == 0  # read carelessly, it runs


def test_uploads_can_be_inspected_in_the_child(child):
    with pytest.raises(BrokenFile):
        child(inspect_workbook, b"PK\x03\x04 broken")


def inspect_workbook(data: bytes) -> None:
    inspect_archive(data, kind="xlsx")


@pytest.mark.parametrize("family", [TemplateRefusal, FileRefusal])
def test_every_refusal_survives_the_way_back(family):
    waiting = [family]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind is TemplateRefusal:
            continue
        for arguments in (("one",), ("one", "two"), ("one", "two", "three")):
            try:
                error = kind(*arguments)
            except TypeError:
                continue
            assert pickle.loads(pickle.dumps(error)).sentence == error.sentence
