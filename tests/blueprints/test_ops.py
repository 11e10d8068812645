"""The operator's pages: consultancies as a whole, suspended and opened again, and never their content."""

import re

import pytest
import sqlalchemy as sa

from tenants import credentials
from tenants.database import db
from tenants.messages import Message
from tenants.models import Person, Tenant
from tenants.platform import PlatformAudit
from tests.blueprints.visiting import digest
from tests.factories import entered
from tests.walls import connection_of


@pytest.fixture
def operator(signed_in):
    return signed_in("op")


@pytest.fixture
def own_page(stand):
    return f"/ops/consultancies/{stand.here.tenant}"


def test_an_operator_is_led_to_the_platforms_door(operator):
    assert operator.get("/").location == "/ops"


def test_the_list_names_the_consultancies_and_nothing_in_them(operator, own_page):
    for path in ("/ops", own_page, "/ops/audit"):
        page = operator.get(path)
        assert page.status_code == 200
        words = set(re.findall(r"canary-[0-9a-f]{12}", page.text))
        assert words <= set(re.findall(r"canary-[0-9a-f]{12}", operator.get("/me").text))
    assert "/northgate" in operator.get("/ops").text
    assert "/lakeshore" in operator.get("/ops").text


def test_suspending_shuts_everybody_out_at_once_and_resuming_lets_them_in(signed_in, operator, own_page):
    owner, client = signed_in("own"), signed_in("cli")
    assert owner.get("/northgate/clients").status_code == 200
    assert operator.post(f"{own_page}/suspend", {"suspend-reason": "They asked us to."}).status_code == 303
    assert owner.get("/northgate/clients").status_code == 404
    assert client.get("/northgate/portal").status_code == 404
    assert "Suspended" in operator.get("/ops").text
    assert signed_in("out_own").get("/lakeshore/clients").status_code == 200
    assert operator.post(f"{own_page}/resume").status_code == 303
    assert owner.get("/northgate/clients").status_code == 200
    trail = operator.get("/ops/audit").text
    assert "The platform suspended the consultancy" in trail
    assert "The platform opened the consultancy again" in trail
    assert "They asked us to." in trail


@pytest.mark.parametrize("reason", ["", "  ", "\x00\x07", "x" * 50_001])
def test_suspending_needs_a_reason_that_can_be_read(app, stand, operator, own_page, reason):
    before = digest(connection_of(app), stand.here.tenant)
    assert operator.post(f"{own_page}/suspend", {"suspend-reason": reason}).status_code == 422
    assert digest(connection_of(app), stand.here.tenant) == before


def test_suspending_twice_is_suspending_once(app, stand, operator, own_page):
    for _time in range(2):
        operator.post(f"{own_page}/suspend", {"suspend-reason": "They asked us to."})
    with app.app_context():
        verbs = sa.select(sa.func.count()).where(PlatformAudit.verb == "consultancy.suspended")
        assert db.session.scalar(verbs) == 1


def test_markup_in_a_reason_is_shown_as_it_was_typed(operator, own_page):
    operator.post(f"{own_page}/suspend", {"suspend-reason": "<script>alert(1)</script>"})
    page = operator.get("/ops/audit").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_a_lost_second_factor_is_taken_off_by_who_runs_the_platform(app, stand, signed_in):
    run = app.test_cli_runner()
    owner, email = signed_in("own"), stand.emails["own"]
    assert owner.get("/northgate/clients").status_code == 200
    with app.app_context():
        credentials.install(stand.people["own"][0], secret="A" * 32)
        db.session.commit()
    taken = run.invoke(args=["second-factor", "take-off", email, "--reason", "Seen in person."])
    assert taken.exit_code == 0, taken.output
    assert owner.get("/northgate/clients").location.startswith("/sign-in")
    again = run.invoke(args=["second-factor", "take-off", email, "--reason", "Seen in person."])
    assert (again.exit_code, "has no second factor" in again.output) == (1, True)
    assert run.invoke(args=["second-factor", "take-off", "nobody@x.example", "--reason", "-"]).exit_code == 1


class TestTheCommandLine:
    @pytest.fixture
    def run(self, app):
        return lambda *words: app.test_cli_runner().invoke(args=["operator", *words])

    def operators(self, app):
        with app.app_context():
            return set(db.session.scalars(sa.select(Person.email).where(Person.operator)))

    def verbs(self, app):
        with app.app_context():
            return list(db.session.scalars(sa.select(PlatformAudit.verb).order_by(PlatformAudit.at)))

    def test_a_person_is_appointed_and_dismissed(self, app, stand, run, signed_in):
        email = stand.emails["parx"]
        assert signed_in("parx").get("/ops").status_code == 404
        assert run("add", email.upper()).exit_code == 0
        assert email in self.operators(app)
        assert signed_in("parx").get("/ops").status_code == 200
        assert run("remove", email).exit_code == 0
        assert email not in self.operators(app)
        assert signed_in("parx").get("/ops").status_code == 404
        assert self.verbs(app) == ["operator.appointed", "operator.dismissed"]

    def test_an_unknown_address_needs_a_name(self, app, run):
        assert run("add", "new@example.org").exit_code == 1
        assert run("add", "new@example.org", "--name", "Noor Haddad").exit_code == 0
        assert "new@example.org" in self.operators(app)

    def test_nobody_is_dismissed_who_is_no_operator(self, app, stand, run):
        assert run("remove", stand.emails["own"]).exit_code == 1
        assert self.verbs(app) == []


def test_a_member_who_also_runs_the_platform_stays_a_member_in_their_consultancy(app, stand, signed_in):
    with app.app_context():
        db.session.get_one(Person, stand.people["own"][0]).operator = True
        db.session.commit()
    visitor = signed_in("own")
    visitor.post("/ops/break-glass", {"consultancy": stand.here.tenant, "reason": "Mine as well."})
    assert visitor.get("/northgate/clients/new").status_code == 200
    assert visitor.get("/northgate/settings").status_code == 200
    assert visitor.get("/lakeshore/clients").status_code == 404


def test_a_consultancy_carries_its_mark_of_suspension_in_its_own_trail(app, stand, operator, own_page):
    operator.post(f"{own_page}/suspend", {"suspend-reason": "They asked us to."})
    with entered(app, stand.here.tenant) as session:
        assert session.get_one(Tenant, stand.here.tenant).suspended_at is not None


class TestFounding:
    FIELDS = {"name": "Harbour Safety", "language": "fr", "owner": "Dana@example.org"}

    def test_an_operator_founds_a_consultancy_and_its_owner_is_invited(self, app, operator, signed_in):
        made = operator.post("/ops/consultancies", self.FIELDS)
        assert made.status_code == 303
        assert "Harbour Safety" in operator.get(made.location).text
        with app.app_context():
            tenant = db.session.scalars(sa.select(Tenant).where(Tenant.slug == "harbour-safety")).one()
            entry = db.session.scalars(sa.select(PlatformAudit).where(PlatformAudit.tenant_id == tenant.id)).one()
            operators = db.session.scalars(sa.select(Person.id).where(Person.operator))
            assert entry.verb == "consultancy.opened"
            assert entry.by_person_id in set(operators)
            key = tenant.id
        with entered(app, key) as session:
            assert [row.to_email for row in session.scalars(sa.select(Message))] == ["dana@example.org"]
        assert operator.get("/harbour-safety/clients").status_code == 404

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": ""}, {"name": "x" * 121}, {"owner": ""}, {"owner": "no-address"}, {"slug": "northgate"},
            {"slug": "ops"}, {"slug": "../me"}, {"slug": "Two Words"}, {"name": "Northgate", "slug": ""},
            {"language": "de"},
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_with_the_words_kept(self, app, operator, wrong):
        with app.app_context():
            before = db.session.scalar(sa.select(sa.func.count()).select_from(Tenant))
        answer = operator.post("/ops/consultancies", self.FIELDS | {"slug": "harbour"} | wrong)
        assert answer.status_code == 422
        with app.app_context():
            assert db.session.scalar(sa.select(sa.func.count()).select_from(Tenant)) == before
