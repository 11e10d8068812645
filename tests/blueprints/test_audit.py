"""The audit trail as an owner reads it: found by its filters, checked whole, carried out without harm."""

import ast
import csv
import io
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from blueprints.trail_words import GROUPS, VERBS
from consultancy.models.client import Client
from tenants import audit
from tenants.audit import AuditEntry
from tests.factories import entered
from tests.practice import statements_of
from tests.walls import connection_of

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("blueprints", "workers", "consultancy", "tenants")
VERB = re.compile(r"[a-z_]+\.(?!id$)[a-z_]+")  # a foreign key names its column


def verbs_in_the_code() -> dict[str, str]:
    """Every verb that the product records, and where. One that is handed over in a variable stands in the same file."""
    found = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
            for node in nodes:
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                    spoken = [node.args[0]] if strings(node.args[:1]) else nodes
                    found |= dict.fromkeys(strings(spoken), f"{path.relative_to(ROOT)}:{node.lineno}")
    return found


def strings(nodes: list[ast.AST]) -> list[str]:
    inside = [inner for node in nodes for inner in ast.walk(node)]
    texts = [node.value for node in inside if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [text for text in texts if VERB.fullmatch(text)]


def test_every_verb_that_is_recorded_has_a_sentence_and_a_group():
    found = verbs_in_the_code()
    assert len(found) > 40
    assert {verb: place for verb, place in found.items() if verb not in VERBS} == {}
    assert {verb.split(".")[0] for verb in VERBS} == set(GROUPS)


@pytest.fixture
def noted(app, stand) -> dict[str, object]:
    """A few entries of different people on different days."""
    ids = stand.here.employers[0].ids
    with entered(app, stand.here.tenant) as session:
        people = dict(
            session.execute(sa.text("select role, id from membership where role in ('owner', 'admin')")).all()
        )
        client = session.get(Client, (stand.here.tenant, ids["client"]))
        for verb, who in (
            ("client.changed", people["owner"]), ("deliverable.downloaded", people["admin"]),
            ("notes.read", people["admin"]), ("client.exported", people["owner"]), ("finding.raised", None),
        ):  # fmt: skip
            audit.record(verb, client, by=who, fields=["note"], key="x", size=1)
    return {"client": ids["client"], "owner": people["owner"], "admin": people["admin"]}


def listed(page) -> list[str]:
    return re.findall(r'<td data-k="What"><span>([^<]+)<', page.text)


def test_the_newest_stands_first_in_plain_words_with_names(signed_in, stand, noted):
    page = signed_in("own").get("/northgate/audit")
    assert listed(page)[:3] == ["Raised a finding", "Exported everything of a client", "Read notes of interviews"]
    assert "The platform" in page.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("group=finding", ["Raised a finding"]),
        ("reads=1&person={admin}", ["Read notes of interviews", "Downloaded a document"]),
        ("person={owner}&group=client&subject={client}&to=2099-01-01&from=2026-01-01",
         ["Exported everything of a client", "Changed a client&#39;s profile", "Exported everything of a client"]),
        ("from=2099-01-01", []),
        ("to=1999-01-01", []),
        ("subject=00000000-0000-4000-8000-000000000000", []),
    ],
)  # fmt: skip
def test_the_address_holds_every_filter(signed_in, noted, query, words):
    page = signed_in("own").get("/northgate/audit?" + query.format(**noted))
    assert page.status_code == 200
    assert listed(page) == words


@pytest.mark.parametrize(
    "query", ["person=x", "from=2026-02-30", "to=0001-01-01", "subject=%00", "page=x", "page=-1", "group='"]
)
def test_a_filter_that_cannot_be_read_breaks_nothing(signed_in, noted, query):
    assert signed_in("own").get(f"/northgate/audit?{query}").status_code == 200


def test_the_pages_lead_from_one_to_the_next(app, signed_in, stand, noted):
    with entered(app, stand.here.tenant) as session:
        client = session.get(Client, (stand.here.tenant, noted["client"]))
        for _time in range(60):
            audit.record("client.changed", client, by=noted["owner"])
    first = signed_in("own").get("/northgate/audit?group=client")
    assert len(listed(first)) == 50
    onward = re.search(r'rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")
    assert "group=client" in onward
    assert len(listed(signed_in("own").get(onward))) > 10


def test_the_number_of_statements_does_not_depend_on_what_is_shown(app, signed_in, stand, noted):
    counted = []
    for query in ("", "?group=finding", "?from=2099-01-01"):
        visitor = signed_in("own")
        with statements_of(connection_of(app)) as statements:
            visitor.get(f"/northgate/audit{query}")
        counted.append(len([one for one in statements if not one.startswith(("SAVEPOINT", "RELEASE"))]))
    assert len(set(counted)) == 1
    assert counted[0] <= 15


def test_a_whole_chain_is_said_to_be_whole_and_the_check_is_on_record(signed_in, noted):
    page = signed_in("adm").post("/northgate/audit/check")
    assert "The chain is whole" in page.text
    assert listed(page)[0] == "Checked the chain of the audit trail"


def test_a_broken_chain_names_the_entry(app, signed_in, stand, noted):
    with entered(app, stand.here.tenant) as session:
        number = session.scalar(sa.select(sa.func.max(AuditEntry.number))) + 7
        session.add(
            AuditEntry(number=number, at=sa.func.now(), verb="client.changed", subject="client", details={},
                       subject_id=noted["client"], digest=b"forged")
        )  # fmt: skip
    page = signed_in("own").post("/northgate/audit/check")
    assert f"broken at entry {number - 6}" in page.text


def test_the_trail_is_carried_out_as_text_that_no_spreadsheet_computes(app, signed_in, stand, noted):
    with entered(app, stand.here.tenant) as session:
        session.get(Client, (stand.here.tenant, noted["client"])).trade_name = "=1+1"
    answer = signed_in("own").post("/northgate/audit/export", {"group": "client"})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert {row["verb"].split(".")[0] for row in rows} == {"client"}
    assert rows[-1]["subject_name"] == "'=1+1"
    assert all(re.fullmatch("[0-9a-f]{64}", row["sha256"]) for row in rows)
    assert listed(signed_in("own").get("/northgate/audit"))[0] == "Exported the audit trail"


def test_reading_notes_of_interviews_is_on_record_once_a_day_and_person(app, signed_in, stand):
    path = f"/northgate/engagements/{stand.here.employers[0].ids['engagement']}/assessment"
    for word in ("con", "con", "adm"):
        signed_in(word).get(path)
        signed_in(word).get(f"{path}/6.1.2.1")
    with entered(app, stand.here.tenant) as session:
        found = session.scalars(sa.select(AuditEntry.by_id).where(AuditEntry.verb == "notes.read")).all()
    assert len(found) == len(set(found)) == 2


def test_a_requirement_without_an_interview_leaves_no_entry(app, signed_in, stand):
    path = f"/northgate/engagements/{stand.here.employers[0].ids['engagement']}/assessment/4.1"
    assert signed_in("con").get(path).status_code == 200
    with entered(app, stand.here.tenant) as session:
        assert session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "notes.read")).all() == []
