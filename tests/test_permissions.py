"""Who is answered what, on every route: written by hand in permissions.csv, complete both ways.

Roles are the columns of the matrix. `op`: an operator who broke no glass; behind a broken one the rows of GLASS are
read. `conx`: a consultant without an assignment, in a consultancy that restricts its consultants. `off`: the
membership ended yesterday and the sign-in lives; it is the person's own and opens nothing but their own page.
Cells: Y answered, Y* for the person's own, 4 as if it did not exist, 3 seen but not allowed, L asked to sign in.
"""

import shutil
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from blueprints.identity import hashed
from tenants import permissions, sign_ins
from tenants.audit import AuditEntry
from tenants.models import Person, Tenant
from tenants.practices import seen
from tests.blueprints import conftest
from tests.blueprints.requests import ROLES, ROWS, asked, sign_in_fields
from tests.blueprints.visiting import Visitor, digest, without_marks, writes
from tests.factories import entered, make_break_glass, make_client
from tests.walls import connection_of

practice, stand, kept_cookies, signed_in = (
    conftest.practice, conftest.stand, conftest.kept_cookies, conftest.signed_in,
)  # fmt: skip


@contextmanager
def restricted(practice):
    """The practice, with consultants who see assigned clients only; all is rolled back."""
    app, stand = practice
    with conftest.rolled_back(app):
        with entered(app, stand.here.tenant) as session:
            tenant = session.get_one(Tenant, stand.here.tenant)
            tenant.restrict_consultants = True
            word = seen(tenant)
        employer = stand.here.employers[0]
        employer.ids["seen"], before = word, employer.ids["seen"]
        yield app
        employer.ids["seen"] = before


@pytest.fixture
def app(practice):
    with restricted(practice) as app:
        yield app


@pytest.fixture(autouse=True)
def files_that_come_back(request, practice, tmp_path):
    """What destroys records does it to a copy of the storage: a rollback brings back the rows and no files."""
    row = request.node.callspec.params.get("row") if hasattr(request.node, "callspec") else None
    if row is None or row["id"] not in ("M.A6", "M.C5", "M.H3"):
        yield
        return
    config = practice[0].config
    before = config["STORAGE_URL"]
    config["STORAGE_URL"] = str(shutil.copytree(before, tmp_path / "files"))
    yield
    config["STORAGE_URL"] = before


PEOPLE = {"out": ("out_own", "out_adm", "out_con", "out_cli")}
VERBS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE"}
NEEDED = {"3": 403, "4": 404}
CELLS = [(row, role) for row in ROWS for role in ROLES if row["route"] != "/static/<path:filename>"]
OTHERS = {"cli": "clix", "clix": "cli"}  # on the other employer's rows the two change places


def named(value: Any) -> str:
    return value if isinstance(value, str) else value["id"]


def listed(app) -> set[tuple[str, str]]:
    return {
        (method, rule.rule.replace("<tenant_slug>", "<tenant>").replace(app.static_url_path, "/static"))
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def test_every_route_has_a_row_and_every_row_a_route(app):
    assert {(row["method"], row["route"]) for row in ROWS} == listed(app)
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert ROLES == ["op", "own", "adm", "con", "conx", "cli", "clix", "par", "parx", "out", "off", "ano"]


def send(visitor: Visitor, row: dict[str, str], request: Any, stand: Any) -> Any:
    if row["method"] == "GET":
        return visitor.get(request.path)
    return visitor.post(request.path, sign_in_fields(stand) if row["id"] == "S2" else request.fields)


def kind(answer: Any) -> str:
    """The cell that an answer belongs in."""
    if answer.status_code == 303 and answer.location.startswith("/sign-in?next="):
        return "L"
    return {200: "Y", 303: "Y", 403: "3", 404: "4"}.get(answer.status_code, str(answer.status_code))


@pytest.mark.parametrize(("row", "role"), CELLS, ids=named)
def test_a_role_is_answered_as_the_matrix_says(app, stand, signed_in, untouched, now, row, role):
    for word in PEOPLE.get(role, (role,)):
        own = stand.people[word][2] if word != "ano" else uuid4()
        request = asked(row, slug="northgate", employer=stand.here.employers[0], sign_in=own)
        answer = send(signed_in(word), row, request, stand)
        assert (word, kind(answer)) == (word, row[role].rstrip("*"))
        if kind(answer) in NEEDED:
            assert untouched == now()


@pytest.fixture(scope="module")
def untouched(practice):
    _app, stand = practice
    with restricted(practice) as app:
        return digest(connection_of(app), stand.here.tenant, stand.elsewhere.tenant)


@pytest.fixture
def now(app, stand, untouched):
    """What is recorded now, to compare with `untouched`; read anew as soon as anything was written since."""
    began = writes(connection_of(app))

    def look():
        if writes(connection_of(app)) == began:
            return untouched
        return digest(connection_of(app), stand.here.tenant, stand.elsewhere.tenant)

    return look


def test_whatever_is_written_is_noticed(app, stand, untouched, now):
    """What the cells below rely on: an insert, an update, a deletion, and one that was undone again."""
    assert now() == untouched
    with entered(app, stand.here.tenant) as session:
        began = writes(connection_of(app))
        client = make_client()
        assert writes(connection_of(app)) == began + 1
        client.note = "Changed."
        session.flush()
        session.delete(client)
        session.flush()
        assert writes(connection_of(app)) == began + 3
        session.rollback()
    assert writes(connection_of(app)) == began + 3
    with entered(app, stand.here.tenant):
        make_client()
    assert now() != untouched


WITH_IDS = [
    (row, role)
    for row, role in CELLS
    if "<uuid:" in row["route"] and not (role == "op" and "<uuid:consultancy>" in row["route"])  # all are theirs
]
SENDS_A_FILE = ("M.G2", "M.T4", "M.D15", "M.S6", "M.V1", "M.W4", "M.J16")  # which is read to its end once only
OWN_TENANT = [row for row in ROWS if row["route"].startswith("/<tenant>/")]
UNSAFE = [row for row in ROWS if row["method"] == "POST"]


@pytest.mark.parametrize(("row", "role"), WITH_IDS, ids=named)
def test_what_belongs_to_others_is_answered_like_what_does_not_exist(app, stand, signed_in, untouched, now, row, role):
    for word in PEOPLE.get(role, (role,)):
        visitor = signed_in(word)
        mine, theirs = stand.here.employers[0], stand.elsewhere.employers[0]
        nowhere = asked(row, slug="northgate", employer=mine, ids=lambda _word: uuid4())
        foreign = asked(row, slug="northgate", employer=theirs, sign_in=stand.people["out_conx"][2])
        # Fields as good as they come: the id in the address is all that differs.
        fields = asked(row, slug="northgate", employer=mine, sign_in=uuid4()).fields
        answers = []
        for request in (nowhere, foreign):
            if row["id"] not in SENDS_A_FILE:
                request = type(request)(request.path, fields, request.ids)
            answer = send(visitor, row, request, stand)
            assert (word, kind(answer)) == (word, {"ano": "L"}.get(role, "4"))
            answers.append((sorted(answer.headers.keys()), without_marks(answer, *request.ids)))
        assert role == "ano" or answers[0] == answers[1]
        assert untouched == now()


@pytest.mark.parametrize(("row", "role"), [cell for cell in WITH_IDS if cell[0]["id"] != "M.U6"], ids=named)
def test_another_employer_of_the_consultancy_is_open_to_its_staff_alone(
    app, stand, signed_in, untouched, now, row, role
):
    for word in PEOPLE.get(role, (role,)):
        request = asked(row, slug="northgate", employer=stand.here.employers[1])
        answer = send(signed_in(word), row, request, stand)
        assert (word, kind(answer)) == (word, row[OTHERS.get(role, role)])
        if kind(answer) == "4":
            assert untouched == now()


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("ano", "out")])
def test_a_consultancy_one_does_not_belong_to_looks_like_none(app, stand, signed_in, role):
    visitor = signed_in(role)
    for row in OWN_TENANT:
        answers = []
        for slug in ("lakeshore", "no-such-consultancy"):
            request = asked(row, slug=slug, employer=stand.elsewhere.employers[0])
            answer = send(visitor, row, request, stand)
            assert (row["id"], answer.status_code) == (row["id"], 404)
            answers.append((sorted(answer.headers.keys()), without_marks(answer, slug)))
        assert answers[0] == answers[1]


@pytest.mark.parametrize("row", UNSAFE, ids=named)
def test_a_change_without_the_pages_token_is_refused_and_changes_nothing(app, stand, signed_in, untouched, now, row):
    """The strongest of those who may press the button: only the token is missing, then it is somebody else's."""
    word = {"portal": "cli", "platform": "op"}.get(row["resource"], "own")
    visitor = signed_in(word)
    for token in ({}, {"csrf_token": ""}, {"csrf_token": signed_in("adm").token}):
        request = asked(row, slug="northgate", employer=stand.here.employers[0], sign_in=stand.people[word][2])
        fields = sign_in_fields(stand) if row["id"] == "S2" else request.fields
        answer = visitor.client.post(request.path, data=fields | token)
        assert answer.status_code == 400
    assert untouched == now()
    with app.app_context():
        assert sign_ins.find(hashed(stand.people[word][1])) is not None  # nor was anybody signed out


@pytest.mark.parametrize("row", [row for row in ROWS if row["id"] != "W2"], ids=named)
def test_no_address_takes_another_verb(app, stand, signed_in, row):
    taken = {method for method, route in listed(app) if route == row["route"]}
    path = asked(row, slug="northgate", employer=stand.here.employers[0], sign_in=stand.people["own"][2]).path
    for word in ("own", "ano"):
        visitor = signed_in(word)
        for verb in VERBS - taken - ({"HEAD"} if "GET" in taken else set()):
            assert (verb, visitor.client.open(path, method=verb).status_code) == (verb, 405)


def test_no_request_pretends_to_be_another_verb(app, stand, signed_in, untouched, now):
    """Neither a field nor a header turns one verb into another."""
    visitor, path = signed_in("own"), f"/northgate/clients/{stand.here.employers[0].ids['client']}"
    assert visitor.get(path, headers={"X-HTTP-Method-Override": "POST"}).status_code == 200
    assert visitor.get(f"{path}?_method=DELETE").status_code == 200
    assert untouched == now()


@pytest.mark.parametrize("row", [row for row in ROWS if row["method"] == "GET" and row["id"] != "W2"], ids=named)
def test_looking_changes_nothing(app, stand, signed_in, untouched, now, row):
    word = {"portal": "cli", "partner": "par", "platform": "op"}.get(row["resource"], "own")
    request = asked(row, slug="northgate", employer=stand.here.employers[0])
    assert send(signed_in(word), row, request, stand).status_code in (200, 303)
    after = now()
    # Downloads are noted in the audit trail, and so is who read notes of interviews.
    if not row["action"].startswith("download_") and row["id"] not in ("M.G1g", "M.G1r", "M.S22", "M.I3", "M.I6"):
        assert after == untouched


# What an operator reads behind a broken glass; every other address of the consultancy stays closed to them.
GLASS = {
    "M.C1", "M.C2", "M.C6", "M.C7", "M.E1", "M.G1g", "M.G1r", "M.G1p", "M.G7",
    "M.V0", "M.V0c", "M.V2",
    "M.V2f", "M.V2s", "M.V2p", "M.F1", "M.F2", "M.K1", "M.K3", "M.Q1", "M.Q3", "M.Q4", "M.RM1", "M.RM3",
    "M.D0", "M.D0p",
    "M.D2", "M.D2p", "M.D2f", "M.D16", "M.D17", "M.D23", "M.D24", "M.D26", "M.D27",
    "M.CT1", "M.CT2", "M.CT4", "M.S22", "M.S23", "M.I1", "M.I3", "M.I6", "M.I7",
    "M.PA1", "M.PP1", "M.PP4", "M.PP8", "M.PS1", "M.PT1", "M.PT3",
}  # fmt: skip


@pytest.mark.parametrize("row", OWN_TENANT, ids=named)
def test_behind_a_broken_glass_an_operator_reads_and_changes_nothing(app, stand, signed_in, row):
    with entered(app, stand.here.tenant) as session:
        glass = make_break_glass(person=session.get_one(Person, stand.people["op"][0])).id
    before = digest(connection_of(app), stand.here.tenant, stand.elsewhere.tenant)
    answer = send(signed_in("op"), row, asked(row, slug="northgate", employer=stand.here.employers[0]), stand)
    assert kind(answer) == {True: "Y", False: "4"}[row["id"] in GLASS]
    with entered(app, stand.here.tenant) as session:
        read = sa.select(AuditEntry).where(AuditEntry.subject_id == glass, AuditEntry.verb == "glass.page_read")
        assert len(session.scalars(read).all()) == {True: 1, False: 0}[row["id"] in GLASS]
    if row["id"] not in GLASS:
        assert before == digest(connection_of(app), stand.here.tenant, stand.elsewhere.tenant)


class TestOrderOfAnswers:
    """405, not signed in, 400 CSRF, 404, 403, 422, 409: each fault beats those after it."""

    @pytest.fixture
    def path(self, stand):
        return f"/northgate/clients/{stand.here.employers[0].ids['client']}"

    def test_a_verb_that_is_not_taken_comes_before_signing_in(self, signed_in, path):
        assert signed_in("ano").client.put(path).status_code == 405

    def test_signing_in_comes_before_the_token(self, signed_in, path):
        assert signed_in("ano").client.post(path, data={}).location == "/sign-in?next=/"

    def test_the_token_comes_before_the_row(self, signed_in):
        assert signed_in("own").client.post(f"/northgate/clients/{uuid4()}", data={}).status_code == 400
        assert signed_in("cli").client.post(f"/northgate/clients/{uuid4()}", data={}).status_code == 400

    def test_the_row_comes_before_its_content(self, signed_in):
        assert signed_in("own").post(f"/northgate/clients/{uuid4()}", {}).status_code == 404

    def test_the_area_comes_before_the_row(self, signed_in, path):
        assert signed_in("cli").post(path, {}).status_code == 404

    def test_content_comes_before_the_revision(self, signed_in, path):
        assert signed_in("own").post(path, {"legal_name": "", "revision": "999"}).status_code == 422

    def test_a_stale_revision_comes_last(self, signed_in, path):
        good = {"legal_name": "Harrow", "jurisdiction": "ontario", "language": "en", "revision": "999"}
        assert signed_in("own").post(path, good).status_code == 409

    def test_what_one_may_see_but_not_do_comes_before_content(self, signed_in, path, stand):
        """No role is in this place yet; a consultant who may read clients and not write them stands in for it."""
        granted = permissions.GRANTS[permissions.Role.CONSULTANT]
        permissions.GRANTS[permissions.Role.CONSULTANT] = granted - {permissions.Permission.CLIENT_WRITE}
        try:
            assert signed_in("con").post(path, {}).status_code == 403
            assert signed_in("con").post(f"/northgate/clients/{uuid4()}", {}).status_code == 404
            assert signed_in("con").client.post(path, data={}).status_code == 400
            assert signed_in("con").get(path).status_code == 200
        finally:
            permissions.GRANTS[permissions.Role.CONSULTANT] = granted
