"""A checklist on its way in, by the page and by the command line: all of it, or nothing and a reason."""

import io
import re
import zipfile

import openpyxl
import pytest
import sqlalchemy as sa

from consultancy.models.assessment import Observation, Rating
from consultancy.models.engagement import Engagement
from tenants.limits import MEGABYTE
from tests.consultancy.actions.conftest import close
from tests.consultancy.checklists.files import excel, row, with_part
from tests.factories import entered

pytestmark = pytest.mark.usefixtures("storage")

GOOD = excel(row("4.1", 2, observation="First seen."), row("4.2", 3, observation="Second seen."))
CSV = "Clause;Rating;Observation\r\n4.1;2;Présence confirmée à l’usine\r\n".encode("cp1252")


def large(content, token, boundary="a-line-between-the-parts"):
    """A large upload in one piece: the test's own browser would spool it to a file that nobody closes."""
    parts = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n',
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="checklist.xlsx"\r\n\r\n',
    )
    body = "".join(parts).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def bomb():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (200 * MEGABYTE))
    return data.getvalue()


@pytest.fixture
def path(stand):
    return f"/northgate/engagements/{stand.here.employers[0].ids['engagement']}/checklists"


@pytest.fixture
def send(consultant, path):
    def upload(content, name="checklist.xlsx", visitor=consultant):
        return visitor.post(path, {"file": (io.BytesIO(content), name)})

    return upload


@pytest.fixture
def recorded(app, stand):
    """What is rated and seen, as one word."""

    def look():
        with entered(app, stand.here.tenant) as session:
            return [
                sorted(map(tuple, session.execute(sa.select(*columns))), key=str)
                for columns in (
                    (Rating.id, Rating.requirement, Rating.level, Rating.state, Rating.revision),
                    (Observation.id, Observation.text, Observation.revision),
                )
            ]

    return look


def press_apply(consultant, address):
    page = consultant.get(address).text
    revision = page.split('name="revision" value="')[1].split('"')[0]
    return consultant.post(f"{address}/apply", {"revision": revision})


def test_a_good_file_is_shown_before_it_changes_anything(consultant, send, recorded):
    before = recorded()
    answer = send(GOOD)
    assert answer.status_code == 303
    page = consultant.get(answer.location).text
    assert "First seen." in page
    assert recorded() == before
    assert press_apply(consultant, answer.location).status_code == 303
    assert len(recorded()[0]) == len(before[0]) + 2


def test_the_same_file_twice_was_already_imported(consultant, send, recorded):
    press_apply(consultant, send(GOOD).location)
    before = recorded()
    again = send(GOOD)
    assert again.status_code == 303
    page = consultant.get(again.location)
    assert re.search(r"This file was already imported on [^<]+ by [^<.]+[.]", page.text)
    assert "This file was applied." in page.text
    assert recorded() == before


def test_a_file_looked_at_twice_is_applied_once(consultant, send, recorded):
    first, second = send(GOOD).location, send(GOOD).location
    assert press_apply(consultant, first).status_code == 303
    before = recorded()
    assert consultant.post(f"{first}/apply", {"revision": "1"}).status_code == 409
    assert consultant.post(f"{second}/apply", {"revision": "1"}).status_code == 409
    assert recorded() == before


def test_ratings_that_moved_after_the_preview_keep_it_from_applying(consultant, send, path, recorded):
    preview = send(GOOD).location
    fields = consultant.get(preview).text.split('name="revision" value="')[1].split('"')[0]
    consultant.post(path.replace("/checklists", "/assessment/9.1.1"), {"rating": "3", "revision": 0})
    before = recorded()
    assert consultant.post(f"{preview}/apply", {"revision": fields}).status_code == 409
    assert recorded() == before
    assert press_apply(consultant, preview).status_code == 303


@pytest.mark.parametrize("revision", [None, "", "x", "1x", "-1"])
def test_applying_without_the_revision_that_was_shown_is_422(consultant, send, recorded, revision):
    preview, before = send(GOOD).location, recorded()
    fields = {} if revision is None else {"revision": revision}
    assert consultant.post(f"{preview}/apply", fields).status_code == 422
    assert recorded() == before


def formula(workbook, sheet):
    sheet.write_formula("C3", "=1/0", None, "#REF!")


BAD = {
    "an unknown clause": (excel(row("4.1", 2), row("99.9", 2)), "checklist.xlsx", ("Checklist", "A3")),
    "a clause twice": (excel(row("4.1", 2), row("4.1", 3)), "checklist.xlsx", ("Checklist", "A3")),
    "a rating of 4": (excel(row("4.2", 4)), "checklist.xlsx", ("Checklist", "C2")),
    "an error in a cell": (excel(row("4.1", 2), row("4.2", 2), after=formula), "checklist.xlsx", ("Checklist", "C3")),
    "one bad row of fifty": (
        excel(*(row("4.1", 2) for _ in range(1)), *(row("8.1.1", 2),), row("10.2", -1)),
        "checklist.xlsx",
        ("Checklist", "C4"),
    ),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "checklist.xls", ()),
    "a program in disguise": (b"MZ\x90\x00" + b"\0" * 512, "checklist.xlsx", ()),
    "a program under another ending": (b"MZ\x90\x00" + b"\0" * 512, "checklist.csv", ()),
    "a zip bomb": (bomb(), "checklist.xlsx", ()),
    "half a workbook": (GOOD[: len(GOOD) // 2], "checklist.xlsx", ()),
    "a workbook without its parts": (with_part(GOOD, "xl/workbook.xml", lambda _old: b"<nothing/>"), "a.xlsx", ()),
    "an empty file": (b"", "checklist.xlsx", ()),
    "only a header": (excel(), "checklist.xlsx", ()),
    "too many rows": (excel(*(row("4.1", 2) for _ in range(5001))), "checklist.xlsx", ()),
    "a web page": (b"<html><table><tr><td>4.1</td></tr></table></html>", "checklist.xlsx", ()),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "checklist.csv", ()),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_taken_over_says_where_and_changes_nothing(consultant, send, recorded, name):
    content, file_name, words = BAD[name]
    before, answer = recorded(), send(content, file_name)
    assert answer.status_code in (303, 422)
    page = answer
    if answer.status_code == 303:
        page = consultant.get(answer.location)
        assert page.status_code == 200
        assert "To mend in the file first" in page.text
        for revision in ("1", page.text.split('name="revision" value="')[1].split('"')[0]):
            assert consultant.post(f"{answer.location}/apply", {"revision": revision}).status_code == 409
    for word in words:
        assert word in page.text
    assert recorded() == before


def test_a_file_of_thirty_megabytes_is_too_large(consultant, path, recorded):
    before = recorded()
    answer = consultant.client.post(path, **large(b"PK\x03\x04" + b"\0" * (30 * MEGABYTE), consultant.token))
    assert answer.status_code == 413
    assert "25 MB" in answer.text
    assert recorded() == before


def test_a_file_just_over_the_limit_is_refused_in_words(consultant, path):
    answer = consultant.client.post(path, **large(b"PK\x03\x04" + b"\0" * (26 * MEGABYTE), consultant.token))
    page = answer if answer.status_code != 303 else consultant.get(answer.location)
    assert answer.status_code in (303, 422)
    assert "25 MB" in page.text


def test_no_file_at_all_is_422(consultant, path):
    assert consultant.post(path, {}).status_code == 422
    assert consultant.post(path, {"file": "text in place of a file"}).status_code == 422


def test_accents_of_an_old_encoding_are_read_and_shown(consultant, send):
    answer = send(CSV, "liste.csv")
    assert answer.status_code == 303
    page = consultant.get(answer.location).text
    assert "Présence confirmée à l’usine" in page


def test_a_word_of_two_meanings_is_asked_about(consultant, send, recorded):
    before, asked = recorded(), send(excel(row("4.1", "partial"))).location
    page = consultant.get(asked).text
    assert "What does this mean?" in page
    assert consultant.post(f"{asked}/apply", {"revision": "1"}).status_code == 409
    assert consultant.post(f"{asked}/answers", {}).status_code == 422
    assert consultant.post(f"{asked}/answers", {"question_0": "no such answer"}).status_code == 422
    assert recorded() == before
    fields = {"question_0": page.split('name="question_0"')[1].split('value="')[1].split('"')[0]}
    assert consultant.post(f"{asked}/answers", fields).location == asked
    assert press_apply(consultant, asked).status_code == 303


NAMES = {
    "../../etc/passwd.xlsx": "passwd.xlsx",
    "C:\\folder\\list.xlsx": "list.xlsx",
    "x" * 5000 + ".xlsx": "x" * 115 + ".xlsx",
    "报告.xlsx": "报告.xlsx",
    "<img src=x>.xlsx": "&lt;img src=x&gt;.xlsx",
    "\u202eevil.xlsx": "evil.xlsx",
    "nul\x00l.xlsx": "null.xlsx",
    ".xlsx": "file.xlsx",
}


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_a_files_name_is_shown_without_tricks_and_never_reaches_the_disk(consultant, send, storage, path, name):
    answer = send(GOOD, name)
    assert answer.status_code == 303
    assert NAMES[name] in consultant.get(answer.location).text
    kept = [file for file in storage.rglob("*") if file.is_file()]
    assert [len(file.stem) for file in kept] == [64]


def test_a_files_name_writes_no_header_of_ours(consultant, send):
    answer = send(GOOD, "a\r\nSet-Cookie: x=1.xlsx")
    assert answer.status_code in (303, 422)
    assert not any(value.startswith("x=1") for value in answer.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize("name", ["../../etc/passwd", "passwd", "list.docm", "", "list.xlsx.exe"])
def test_a_file_that_does_not_end_like_a_checklist_is_refused(consultant, send, recorded, name):
    before, answer = recorded(), send(GOOD, name)
    assert answer.status_code in (303, 422)
    if answer.status_code == 303:
        assert "To mend in the file first" in consultant.get(answer.location).text
    assert recorded() == before


def test_a_checklist_of_another_engagement_is_404(stand, consultant, path):
    theirs = stand.here.employers[1].ids["whole"]
    for rest in ("", "/apply", "/answers"):
        address = f"{path}/{theirs}{rest}"
        answer = consultant.post(address, {"revision": "1"}) if rest else consultant.get(address)
        assert answer.status_code == 404


class TestOurOwnWorkbook:
    """Downloaded from the grid, changed elsewhere, brought back by the same page."""

    @pytest.fixture
    def workbook(self, consultant, path):
        def download(**cells):
            answer = consultant.get(f"{path}/workbook")
            assert (answer.status_code, answer.mimetype.rpartition(".")[2]) == (200, "sheet")
            book = openpyxl.load_workbook(io.BytesIO(answer.data))
            for cell, value in cells.items():
                book.worksheets[0][cell] = value
            stream = io.BytesIO()
            book.save(stream)
            return stream.getvalue()

        return download

    def rate(self, consultant, path, rating, revision):
        fields = {"rating": rating, "revision": revision}
        consultant.post(path.replace("/checklists", "/assessment/4.1"), fields)

    def test_it_is_shown_by_cell_and_applied(self, consultant, send, recorded, workbook):
        before, sent = recorded(), send(workbook(D2="3 effective", F2="Seen elsewhere."))
        page = consultant.get(sent.location).text
        assert "1 cells changed, 1 new, 0 in conflict" in page
        assert "Seen elsewhere." in page
        assert recorded() == before
        assert press_apply(consultant, sent.location).status_code == 303
        assert len(recorded()[1]) == len(before[1]) + 1

    def test_a_conflict_waits_for_a_choice_and_keeps_it(self, consultant, send, path, recorded, workbook):
        content = workbook(D2="3 effective")
        self.rate(consultant, path, "1", 0)
        sent, before = send(content).location, recorded()
        page = consultant.get(sent).text
        assert "1 in conflict" in page
        refused = press_apply(consultant, sent)
        assert refused.status_code == 422
        assert "Choose which of the two stays" in refused.text
        assert recorded() == before
        revision = page.split('name="revision" value="')[1].split('"')[0]
        chosen = {"revision": revision, "choice:4.1@:rating": "nonsense"}
        assert consultant.post(f"{sent}/apply", chosen).status_code == 422
        chosen["choice:4.1@:rating"] = "yours"
        assert consultant.post(f"{sent}/apply", chosen).status_code == 303
        before_ids = {row[0] for row in before[0]}
        assert before_ids == {row[0] for row in recorded()[0]}
        assert [row[2] for row in recorded()[0] if row not in before[0]] == [3]

    def test_a_problem_is_named_with_its_cell(self, consultant, send, recorded, workbook):
        before, sent = recorded(), send(workbook(D2="excellent")).location
        page = consultant.get(sent).text
        assert "To mend in the file first" in page
        assert "D2" in page
        assert press_apply(consultant, sent).status_code == 409
        assert recorded() == before

    def test_it_asks_nothing_so_takes_no_answers(self, consultant, send, workbook):
        sent = send(workbook(D2="3 effective")).location
        assert consultant.post(f"{sent}/answers", {}).status_code == 404

    def test_ratings_that_moved_after_the_preview_keep_it_from_applying(
        self, consultant, send, path, recorded, workbook
    ):
        sent = send(workbook(D3="3 effective")).location
        revision = consultant.get(sent).text.split('name="revision" value="')[1].split('"')[0]
        self.rate(consultant, path, "1", 0)
        before = recorded()
        assert consultant.post(f"{sent}/apply", {"revision": revision}).status_code == 409
        assert recorded() == before

    def test_the_same_file_twice_was_already_imported(self, consultant, send, workbook):
        content = workbook(D2="3 effective")
        press_apply(consultant, send(content).location)
        assert "already imported on" in consultant.get(send(content).location).text


class TestTheCommandLine:
    @pytest.fixture
    def run(self, app, stand, tmp_path):
        def run_it(content, *more, name="checklist.xlsx", tenant="northgate", engagement=None):
            file = tmp_path / name
            file.write_bytes(content)
            target = engagement or stand.here.employers[0].ids["engagement"]
            words = ["checklist", "import", str(file), "--tenant", tenant, "--engagement", str(target), *more]
            return app.test_cli_runner().invoke(args=words)

        return run_it

    def test_takes_a_good_file_over(self, run, recorded):
        before = recorded()
        done = run(GOOD)
        assert (done.exit_code, done.output.splitlines()[-1]) == (0, "2 requirements were taken over.")
        assert len(recorded()[0]) == len(before[0]) + 2

    def test_says_what_would_change_and_changes_nothing(self, run, recorded):
        before = recorded()
        done = run(GOOD, "--dry-run")
        assert done.exit_code == 0
        assert "4.1" in done.output
        assert recorded() == before

    @pytest.mark.parametrize("name", ["an unknown clause", "a rating of 4", "a zip bomb", "an empty file"])
    def test_takes_over_nothing_of_a_bad_file(self, run, recorded, name):
        before, done = recorded(), run(BAD[name][0])
        assert done.exit_code == 1
        assert "Traceback" not in done.output
        assert recorded() == before

    def test_says_that_a_file_was_already_imported(self, run):
        run(GOOD)
        again = run(GOOD)
        assert again.exit_code == 1
        assert "already imported on" in again.output

    def test_sends_our_own_workbook_to_its_page(self, run, recorded, consultant, path):
        before, done = recorded(), run(consultant.get(f"{path}/workbook").data)
        assert done.exit_code == 1
        assert "Bring it in on its page" in done.output
        assert recorded() == before

    def test_asks_and_takes_answers(self, run, recorded):
        unsure, before = excel(row("4.1", "partial")), recorded()
        asked = run(unsure)
        assert asked.exit_code == 1
        assert recorded() == before
        key = asked.output.split("--answer ")[1].split("=")[0]
        assert run(unsure, "--answer", "nonsense").exit_code == 1
        assert run(unsure, "--answer", f"{key}=2").exit_code == 0

    @pytest.mark.parametrize("where", ["another consultancy's", "a consultancy of no name"])
    def test_knows_no_engagement_of_others(self, run, stand, where):
        theirs = stand.elsewhere.employers[0].ids["engagement"]
        done = run(GOOD, engagement=theirs) if where.startswith("another") else run(GOOD, tenant="nobody")
        assert done.exit_code == 1
        assert "Traceback" not in done.output

    def test_tells_that_the_engagement_is_closed(self, app, stand, run, recorded):
        with entered(app, stand.here.tenant) as session:
            close(session.get_one(Engagement, (stand.here.tenant, stand.here.employers[0].ids["engagement"])))
        before, done = recorded(), run(GOOD)
        assert done.exit_code == 1
        assert "is closed" in done.output
        assert recorded() == before
