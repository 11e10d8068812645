"""What assessment, findings and import must not be made to swallow, beside what the nouns test themselves."""

import io
import re
from datetime import date

import openpyxl
import pytest
import sqlalchemy as sa
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from markupsafe import escape
from wtforms.fields.core import UnboundField

from blueprints.forms import only_one
from consultancy.models.assessment import Rating
from consultancy.models.finding import Finding
from tests.blueprints.requests import FINDING
from tests.blueprints.visiting import digest
from tests.consultancy.checklists.files import excel, row
from tests.factories import entered
from tests.walls import connection_of

pytestmark = pytest.mark.usefixtures("storage")


@pytest.fixture
def engagement(stand):
    return f"/northgate/engagements/{stand.here.employers[0].ids['engagement']}"


@pytest.fixture
def desk(engagement):
    return f"{engagement}/assessment/4.1"


@pytest.fixture
def rated(app, stand):
    def look():
        with entered(app, stand.here.tenant) as session:
            columns = (Rating.state, Rating.level, Rating.site_id, Rating.revision, Rating.recommendation)
            mine = Rating.assessment_id == stand.here.employers[0].ids["assessment"]
            return session.execute(sa.select(*columns).where(mine, Rating.requirement == "4.1")).one()

    return look


@pytest.fixture
def unchanged(app, stand):
    before = digest(connection_of(app), stand.here.tenant, stand.elsewhere.tenant)
    return lambda: digest(connection_of(app), stand.here.tenant, stand.elsewhere.tenant) == before


def test_a_requirement_marked_twice_in_one_form_is_marked_once(consultant, engagement, rated):
    fields = {"requirement": ["4.1", "4.1"], "reason": "No such work."}
    assert consultant.post(f"{engagement}/assessment", fields).status_code == 303
    assert (rated().state, rated().revision) == ("not_applicable", 1)


def test_one_unknown_requirement_among_those_marked_keeps_all_from_being_marked(consultant, engagement, unchanged):
    for code in ("99.9", "4", "1"):  # none, a heading, another standard's
        fields = {"requirement": ["4.1", code], "reason": "No such work."}
        assert consultant.post(f"{engagement}/assessment", fields).status_code == 422
    assert unchanged()


def test_a_colleagues_newer_rating_among_those_marked_is_a_conflict_in_words(consultant, engagement, desk, rated):
    page = consultant.get(f"{engagement}/assessment").text
    assert 'value="4.1:0"' in page
    assert consultant.post(desk, {"rating": "3", "revision": 0}).status_code == 303
    answer = consultant.post(
        f"{engagement}/assessment", {"requirement": ["4.1:0", "4.2:0"], "reason": "No such work."}
    )
    assert answer.status_code == 409
    assert "Somebody judged 4.1 after you opened this page, and nothing was marked." in answer.text
    assert "No such work." in answer.text
    assert re.findall(r'value="(4[.]\d:\d+)"[^>]* checked', answer.text) == ["4.2:0"]
    assert (rated().state, rated().level) == ("rated", 3)


def test_a_question_answered_twice_in_one_form_is_refused_and_nothing_is_saved(consultant, desk, unchanged):
    answer = consultant.post(desk, {"rating": ["1", "3"], "revision": 0})
    assert answer.status_code == 422
    assert unchanged()


def test_the_same_answer_sent_twice_is_one(consultant, desk, rated):
    assert consultant.post(desk, {"rating": ["2", "2"], "revision": 0}).status_code == 303
    assert rated().level == 2


def test_a_question_of_another_standard_is_answered_like_one_that_nobody_asks(consultant, engagement, unchanged):
    answers = [consultant.post(f"{engagement}/assessment/{code}", {"rating": "2", "revision": 0})
               for code in ("1", "99.9", "4", "own-1")]  # of another standard, none, a heading  # fmt: skip
    assert {one.status_code for one in answers} == {404}
    assert unchanged()


@pytest.mark.parametrize(
    "level", ["NaN", "Infinity", "1e309", "-0", "true", "3.0000001", " 3", "4", "-1", "0x1", "\uff13", "\x003"]
)
def test_a_level_is_one_of_the_four_as_the_form_writes_them(consultant, desk, unchanged, level):
    assert consultant.post(desk, {"rating": level, "revision": 0}).status_code == 422
    assert unchanged()


TYPED = "a\x00b\x0bc\ufffed\u202ee 🦺 " + "z" + "\u0301" * 5000


def test_what_no_document_holds_is_taken_out_of_a_note_and_the_rest_is_kept(consultant, desk, rated):
    assert consultant.post(desk, {"recommendation": TYPED, "revision": 0}).status_code == 303
    kept = rated().recommendation
    assert kept == "abcd\u202ee 🦺 " + "z" + "\u0301" * 5000 + "\u202c"
    assert "🦺" in consultant.get(desk).text


def test_a_name_that_is_written_backwards_turns_no_page(consultant, engagement, desk):
    """What a line opens it closes, wherever it is shown: the page, the report, the mail."""
    consultant.post(f"{engagement}/findings", FINDING | {"title": "\u202eGuard\u2067", "revision": 0})
    page = consultant.get(f"{engagement}/findings").text
    assert "\u202eGuard\u2067\u2069\u202c" in page
    assert page.count("\u202e") == page.count("\u202c")
    content = excel(row("4.1", 2, observation="\u202eseen"))
    sent = consultant.post(f"{engagement}/checklists", {"file": (io.BytesIO(content), "list.xlsx")}).location
    assert "\u202eseen\u202c" in consultant.get(sent).text


def test_half_a_character_is_kept_as_the_three_bytes_it_is_no_text_of(consultant, desk, rated):
    """A lone surrogate is no text in UTF-8; what a browser never sends is shown, not dropped."""
    body = f"csrf_token={consultant.token}&revision=0&recommendation=a%ED%A0%80b"
    kind = "application/x-www-form-urlencoded"
    assert consultant.client.post(desk, data=body, content_type=kind).status_code == 303
    assert rated().recommendation == "a%ED%A0%80b"


def test_a_note_holds_fifty_thousand_characters_however_many_lines_they_are(consultant, desk, rated):
    lines = "a" + "\n" * 49_998 + "b"
    assert consultant.post(desk, {"recommendation": lines + "c", "revision": 0}).status_code == 422
    assert consultant.post(desk, {"recommendation": lines, "revision": 0}).status_code == 303
    assert rated().recommendation == lines


def test_a_hundred_thousand_fields_are_refused_before_one_of_them_is_made(consultant, desk, unchanged):
    body = f"csrf_token={consultant.token}&rating=2&revision=0&" + "&".join(f"k{n}=" for n in range(100_000))
    kind = "application/x-www-form-urlencoded"
    assert consultant.client.post(desk, data=body, content_type=kind).status_code == 413
    assert unchanged()


def test_as_many_fields_as_a_long_list_has_are_read(consultant, desk, rated):
    fields = {f"k{n}": "" for n in range(4_000)}
    assert consultant.post(desk, {"rating": "2", "revision": 0} | fields).status_code == 303
    assert rated().level == 2


@pytest.mark.parametrize(
    "body", ["[" * 5_000 + "]" * 5_000, '{"rating": "2", "revision": "0"}', '{"revision": 0}', "[1]", "null", "{"],
    ids=lambda body: body[:20],
)  # fmt: skip
def test_json_is_no_form(consultant, desk, unchanged, body):
    answer = consultant.client.post(
        desk, data=body, content_type="application/json", headers={"X-CSRFToken": consultant.token}
    )
    assert answer.status_code == 422
    assert unchanged()


def test_two_files_where_one_is_asked_for_are_refused(consultant, engagement, unchanged):
    files = [(io.BytesIO(excel(row(code, 2))), f"{code}.xlsx") for code in ("4.1", "4.2")]
    answer = consultant.post(f"{engagement}/checklists", {"file": files})
    assert (answer.status_code, "Choose one file, not several." in answer.text) == (422, True)
    assert unchanged()


def test_a_note_of_ten_megabytes_is_refused(consultant, desk, unchanged):
    assert consultant.post(desk, {"recommendation": "x" * 10_000_000, "revision": 0}).status_code == 413
    assert unchanged()


def test_fields_that_no_form_offers_change_nothing(app, stand, consultant, desk, rated):
    smuggled = {"tenant_id": str(stand.elsewhere.tenant), "assessment_id": "x", "site_id": "x", "id": "x",
                "state": "not_applicable", "approved_by": "me", "__class__": "x"}  # fmt: skip
    assert consultant.post(desk, {"rating": "2", "revision": 0} | smuggled).status_code == 303
    assert (rated().state, rated().level, rated().site_id) == ("rated", 2, None)


@pytest.mark.parametrize("day", ["2026-02-30", "0001-01-01", "9999-12-31", "2026-11-01T25:00", "2026-11-01T01:30Z"])
def test_a_day_that_is_none_or_far_away_is_refused(consultant, desk, unchanged, day):
    assert consultant.post(desk, {"due": day, "revision": 0}).status_code == 422
    assert unchanged()


def test_of_a_moment_that_the_clocks_have_twice_only_the_day_is_kept(app, stand, consultant, engagement, desk):
    assert consultant.post(desk, {"due": "2026-11-01T01:30", "revision": 0}).status_code == 303
    moment = FINDING | {"due": "2026-11-01T01:30", "title": "Twice", "revision": 0}
    assert consultant.post(f"{engagement}/findings", moment).status_code == 303
    with entered(app, stand.here.tenant) as session:
        rated = sa.select(Rating.due).where(
            Rating.assessment_id == stand.here.employers[0].ids["assessment"], Rating.requirement == "4.1"
        )
        assert session.scalar(rated) == date(2026, 11, 1)
        assert session.scalar(sa.select(Finding.due).where(Finding.title == "Twice")) == date(2026, 11, 1)


@pytest.mark.parametrize("day", ["2026-02-30", "0001-01-01", "9999-12-31", "2026-11-01T25:00"])
def test_a_findings_day_that_is_none_or_far_away_is_refused(consultant, engagement, unchanged, day):
    assert consultant.post(f"{engagement}/findings", FINDING | {"due": day, "revision": 0}).status_code == 422
    assert unchanged()


@pytest.mark.parametrize(
    "title", ["<img src=x onerror=alert(1)>", "{{7*7}}", '=HYPERLINK("http://e","x")', "'; DROP TABLE finding; --"]
)
def test_a_title_is_kept_as_it_was_typed_and_shown_as_text(app, stand, consultant, engagement, title):
    assert consultant.post(f"{engagement}/findings", FINDING | {"title": title, "revision": 0}).status_code == 303
    with entered(app, stand.here.tenant) as session:
        assert title in session.scalars(sa.select(Finding.title)).all()
    page = consultant.get(f"{engagement}/findings").text
    assert "<img src=x" not in page
    assert str(escape(title)) in page


def test_a_recommendation_that_looks_like_a_formula_goes_out_as_text(consultant, engagement, desk):
    consultant.post(desk, {"recommendation": '=HYPERLINK("http://e","x")', "revision": 0})
    book = openpyxl.load_workbook(io.BytesIO(consultant.get(f"{engagement}/checklists/workbook").data))
    cells = [cell for line in book.worksheets[0].iter_rows() for cell in line if str(cell.value).startswith("=HYPER")]
    assert [cell.data_type for cell in cells] == ["s"]


def test_the_same_file_sent_twenty_times_is_applied_once(consultant, engagement):
    content = excel(row("4.1", 2))
    sent = [
        consultant.post(f"{engagement}/checklists", {"file": (io.BytesIO(content), "list.xlsx")}).location
        for _time in range(20)
    ]
    revision = consultant.get(sent[0]).text.split('name="revision" value="')[1].split('"')[0]
    answers = [consultant.post(f"{address}/apply", {"revision": revision}).status_code for address in sent]
    assert answers == [303] + [409] * 19


def test_row_4999_of_a_long_file_is_named_and_nothing_is_taken_over(consultant, engagement, unchanged):
    headings = [["4", "Context", "", "", "", "", "", "", "", ""] for _line in range(4_996)]
    content = excel(row("4.1", 2), *headings, row("4.2", 7))
    sent = consultant.post(f"{engagement}/checklists", {"file": (io.BytesIO(content), "list.xlsx")}).location
    page = consultant.get(sent).text
    assert "C4999" in page
    revision = page.split('name="revision" value="')[1].split('"')[0]
    assert consultant.post(f"{sent}/apply", {"revision": revision}).status_code == 409
    good = excel(row("4.1", 2), *headings, row("4.2", 3))
    again = consultant.post(f"{engagement}/checklists", {"file": (io.BytesIO(good), "list.xlsx")}).location
    assert re.search(r"(?<!\d)2 new", consultant.get(again).text)


def test_every_form_that_asks_for_one_file_refuses_two(app):
    asked = [
        (form.__name__, name, field)
        for form in FlaskForm.__subclasses__()
        for name, field in vars(form).items()
        if isinstance(field, UnboundField) and field.field_class is FileField
    ]
    assert len(asked) >= 8
    assert [(form, name) for form, name, field in asked if only_one not in field.args[1]] == []


def test_a_form_over_its_limit_is_refused_before_it_is_read(consultant, desk, unchanged):
    body = b"rating=2&revision=0&observation=" + b"x" * 600_000
    for length in ({}, {"CONTENT_LENGTH": ""}):
        answer = consultant.client.post(
            desk, data=body, content_type="application/x-www-form-urlencoded", environ_overrides=length
        )
        assert answer.status_code in (400, 413)
    assert unchanged()


def test_a_revision_of_five_thousand_digits_is_no_revision(consultant, engagement, rated):
    marked = {"requirement": f"4.1:{'9' * 5_000}", "reason": "No such work."}
    assert consultant.post(f"{engagement}/assessment", marked).status_code in (303, 409)
