"""The talk about a released document: sponsor, coordinator and JHSC of the employer, and their consultants."""

import csv
from pathlib import Path

import pytest
import sqlalchemy as sa

from consultancy.models.comment import Comment
from consultancy.models.deliverable import Deliverable
from consultancy.models.finding import Finding
from tenants.audit import AuditEntry
from tenants.models import Membership
from tests.blueprints.visiting import digest
from tests.factories import entered
from tests.walls import connection_of

with (Path(__file__).parents[1] / "client_parts.csv").open(encoding="utf-8", newline="") as file:
    CELLS = [(row, whose) for row in csv.DictReader(file) for whose in ("own", "other_employer")]
TEXT = {"text": "Which day suits the committee?"}
ANSWERS = {200: "Y", 303: "Y", 404: "4"}


@pytest.fixture
def client(signed_in):
    return signed_in("cli")


@pytest.fixture
def page(stand):
    return f"/northgate/portal/deliverables/{stand.here.employers[0].ids['released']}"


@pytest.fixture
def staff_page(stand):
    return f"/northgate/deliverables/{stand.here.employers[0].ids['released']}"


def said(app, stand):
    with entered(app, stand.here.tenant) as session:
        rows = session.scalars(sa.select(Comment).order_by(Comment.created_at))
        return [(row.text, row.by_name, row.client_id) for row in rows]


def change(app, stand, word, **columns):
    with entered(app, stand.here.tenant) as session:
        row = session.get_one(Deliverable, (stand.here.tenant, stand.here.employers[0].ids[word]))
        for name, value in columns.items():
            setattr(row, name, value)


@pytest.mark.parametrize(("row", "whose"), CELLS, ids=lambda value: value if isinstance(value, str) else value["act"])
def test_a_client_users_part_decides_what_they_may_do(app, stand, client, row, whose):
    with entered(app, stand.here.tenant) as session:
        user = session.scalars(sa.select(Membership).where(Membership.person_id == stand.people["cli"][0])).one()
        user.client_part = row["part"]
    before = digest(connection_of(app), stand.here.tenant)
    path = row["route"].format_map(stand.here.employers[("own", "other_employer").index(whose)].ids)
    answer = client.get(path) if row["method"] == "GET" else client.post(path, TEXT)
    assert ANSWERS[answer.status_code] == row[whose]
    if row[whose] == "4":
        assert digest(connection_of(app), stand.here.tenant) == before


def test_client_and_consultant_talk_in_one_thread(app, stand, client, signed_in, page, staff_page):
    assert client.post(f"{page}/comments", TEXT).location == f"{page}#comments"
    consultant = signed_in("con")
    assert TEXT["text"] in consultant.get(staff_page).text
    assert consultant.post(f"{staff_page}/comments", {"text": "Tuesday."}).location == f"{staff_page}#comments"
    thread = client.get(page).text
    assert thread.index(TEXT["text"]) < thread.index("Tuesday.")
    client_id = stand.here.employers[0].ids["client"]
    assert said(app, stand) == [(TEXT["text"], "Priya Raman", client_id), ("Tuesday.", "Priya Raman", client_id)]
    with entered(app, stand.here.tenant) as session:
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "comment.made")).all()
        assert len({entry.by_id for entry in entries}) == 2


def test_another_employers_people_read_nothing_of_it(client, signed_in, page):
    client.post(f"{page}/comments", TEXT)
    other = signed_in("clix")
    assert other.get(page).status_code == 404
    assert TEXT["text"] not in other.get("/northgate/portal").text


def test_drafts_notes_and_findings_never_stand_on_the_page(app, stand, client, page):
    text = client.get(page).text
    employer = stand.here.employers[0].ids
    with entered(app, stand.here.tenant) as session:
        finding = session.get_one(Finding, (stand.here.tenant, employer["finding"]))
        draft = session.get_one(Deliverable, (stand.here.tenant, employer["draft"]))
        hidden = [finding.title, finding.statement, draft.title, draft.number]
    assert [word for word in hidden if word in text] == []


@pytest.mark.parametrize("standing", ["draft", "in_review", "approved", "superseded", "withdrawn"])
def test_a_document_that_is_not_released_has_no_talk(app, stand, client, signed_in, page, staff_page, standing):
    client.post(f"{page}/comments", TEXT)
    change(app, stand, "released", standing=standing)
    assert client.get(page).status_code == 404
    assert client.post(f"{page}/comments", TEXT).status_code == 404
    assert signed_in("con").post(f"{staff_page}/comments", {"text": "Too soon."}).status_code == 409
    assert len(said(app, stand)) == 1


@pytest.mark.parametrize("text", ["", "   ", "\x00\x07\x0b", "\r\n", "x" * 5_001])
def test_what_says_nothing_or_too_much_is_refused(app, stand, client, signed_in, page, staff_page, text):
    for visitor, path in ((client, page), (signed_in("con"), staff_page)):
        answer = visitor.post(f"{path}/comments", {"text": text})
        assert answer.status_code == 422
        assert "Nothing was saved yet" in answer.text
    assert said(app, stand) == []


def test_the_longest_comment_is_taken(app, stand, client, page):
    assert client.post(f"{page}/comments", {"text": "é" * 5_000}).status_code == 303
    assert [len(text) for text, _by, _client in said(app, stand)] == [5_000]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{7*7}}", "a\nb"])
def test_text_is_kept_as_typed_and_shown_as_text(app, stand, client, signed_in, page, staff_page, text):
    client.post(f"{page}/comments", {"text": text})
    assert [row[0] for row in said(app, stand)] == [text]
    for shown in (client.get(page).text, signed_in("con").get(staff_page).text):
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert text.replace("<", "&lt;").replace(">", "&gt;") in shown


def test_control_characters_are_taken_out(app, stand, client, page):
    client.post(f"{page}/comments", {"text": " one\x00\x0b two\r\nthree "})
    assert [row[0] for row in said(app, stand)] == ["one two\nthree"]


def test_fields_that_the_form_does_not_have_decide_nothing(app, stand, client, page):
    other = stand.here.employers[1].ids
    client.post(
        f"{page}/comments",
        TEXT | {"client_id": other["client"], "deliverable_id": other["released"], "by_name": "Somebody else"},
    )
    assert said(app, stand) == [(TEXT["text"], "Priya Raman", stand.here.employers[0].ids["client"])]
