"""Behind an invitation's link: somebody new, somebody known, somebody else, and links that open nothing any more."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consultancy.calendar import today
from tenants import invitations
from tenants.database import db, now
from tenants.models import Membership, Person, Tenant
from tenants.platform import PlatformAudit
from tenants.tokens import Token
from tests.blueprints.offices import PASSWORD
from tests.blueprints.visiting import Visitor, digest, without_marks
from tests.factories import entered
from tests.walls import connection_of

GOOD = "seven lamps over a quiet harbour"


@pytest.fixture
def nobody(signed_in):
    return signed_in("ano")


def invited(app, stand, email, *, office="elsewhere", role="consultant", **grants):
    """The path of a link that an owner of the office has sent to the address."""
    place = getattr(stand, office)
    word = {"here": "own", "elsewhere": "out_own"}[office]
    secret = invitations.new_secret()
    with entered(app, place.tenant) as session:
        by = session.scalar(sa.select(Membership.id).where(Membership.person_id == stand.people[word][0]))
        invitations.invite(email=email, role=role, secret=secret, subject="s", body="b", by=by, today=today(), **grants)
    return f"/invitation/{secret}"


def signs_in(visitor, stand, word, **fields):
    answer = visitor.post("/sign-in", {"email": stand.emails[word], "password": PASSWORD} | fields)
    visitor._token = ""  # the pages after it have another
    return answer


def unchanged(app, stand):
    return digest(connection_of(app), stand.here.tenant, stand.elsewhere.tenant)


def test_somebody_new_joins_and_is_signed_in(app, stand, nobody):
    path = invited(app, stand, "new@example.org")
    assert "new@example.org" in nobody.get(path).text
    assert nobody.post(path, {"name": "Nadia Roy", "password": GOOD}).location == "/"
    assert nobody.get("/").location == "/lakeshore/clients"
    assert nobody.get("/lakeshore/members").status_code == 200
    assert Visitor(app).post("/sign-in", {"email": "new@example.org", "password": GOOD}).status_code == 303


def test_a_new_client_user_enters_the_portal_of_their_employer(app, stand, nobody):
    client = stand.elsewhere.employers[1].ids["client"]
    path = invited(app, stand, "jo@example.org", role="client", client_id=client, client_part="sponsor")
    nobody.post(path, {"name": "Jo", "password": GOOD})
    assert nobody.get("/").location == "/lakeshore/portal"
    assert nobody.get("/lakeshore/clients").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [{"name": "", "password": GOOD}, {"name": "x" * 121, "password": GOOD}, {"name": "\x00\x01", "password": GOOD},
     {"name": "Nadia", "password": ""}, {"name": "Nadia", "password": "fourteen chars"}, {"name": "Nadia"},
     {"name": "Nadia", "password": "y" * 129}, {"name": "Nadia", "password": "é" * 50_000}],
)  # fmt: skip
def test_a_bad_name_or_password_lets_nobody_in_and_uses_nothing_up(app, stand, nobody, fields):
    path = invited(app, stand, "new@example.org")
    before = unchanged(app, stand)
    assert nobody.post(path, fields).status_code == 422
    assert unchanged(app, stand) == before
    assert nobody.post(path, {"name": "Nadia Roy", "password": GOOD}).status_code == 303


def test_a_form_over_500_kb_is_refused_in_words_and_uses_nothing_up(app, stand, nobody):
    path = invited(app, stand, "new@example.org")
    before = unchanged(app, stand)
    answer = nobody.post(path, {"name": "Nadia", "password": "é" * 100_000})  # 600 kB as it travels
    assert (answer.status_code, "500 kB" in answer.text) == (413, True)
    assert unchanged(app, stand) == before


def test_the_page_does_not_say_who_has_an_account(app, stand, nobody):
    known, new = stand.emails["con"], "new@example.org"
    nobody.get("/sign-in")  # which sets the cookie
    pages = [nobody.get(invited(app, stand, email)) for email in (known, new)]
    secrets = [page.request.path.rsplit("/", 1)[1] for page in pages]
    assert without_marks(pages[0], known, secrets[0]) == without_marks(pages[1], new, secrets[1])
    assert sorted(pages[0].headers.keys()) == sorted(pages[1].headers.keys())


def test_a_password_set_for_a_known_address_changes_nothing(app, stand, nobody):
    path = invited(app, stand, stand.emails["con"])
    before = unchanged(app, stand)
    assert nobody.post(path, {"name": "Mallory", "password": GOOD}).status_code == 422
    assert unchanged(app, stand) == before


def test_a_known_person_signs_in_joins_and_switches(app, stand, nobody):
    path = invited(app, stand, stand.emails["con"])
    assert signs_in(nobody, stand, "con", next=path).location == path
    assert nobody.post(path).location == "/"
    doors = nobody.get("/").text
    assert "/northgate/clients" in doors
    assert "/lakeshore/clients" in doors
    for slug in ("northgate", "lakeshore"):
        assert nobody.get(f"/{slug}/members").status_code == 200


def test_one_person_reads_for_employers_of_two_consultancies(app, stand, signed_in):
    reader, client = signed_in("cli"), stand.elsewhere.employers[0].ids["client"]
    path = invited(app, stand, stand.emails["cli"], role="client", client_id=client, client_part="coordinator")
    assert reader.post(path).status_code == 303
    assert [reader.get(f"/{slug}/portal").status_code for slug in ("northgate", "lakeshore")] == [200, 200]


def test_an_invitation_to_another_address_is_not_taken_up(app, stand, signed_in):
    path, somebody = invited(app, stand, "new@example.org"), signed_in("con")
    before = unchanged(app, stand)
    assert somebody.post(path, {"name": "Priya", "password": GOOD}).location == path
    page = somebody.get(path)
    assert (page.status_code, "is for another address" in page.text) == (200, True)
    assert unchanged(app, stand) == before


def test_somebody_between_password_and_code_gives_the_code_first(app, stand, nobody):
    path = invited(app, stand, stand.emails["own"])
    signs_in(nobody, stand, "own")
    for answer in (nobody.get(path), nobody.post(path)):
        assert (answer.status_code, answer.location.startswith("/invitation")) == (303, False)


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("used", "taken up already"),
        ("revoked", "taken back"),
        ("expired", "seven days"),
        ("member", "a member already"),
    ],
)
def test_a_closed_link_says_why_in_plain_words(app, stand, nobody, signed_in, why, sentence):
    email = stand.emails["con"] if why == "member" else "new@example.org"
    path = invited(app, stand, email)
    if why == "member":
        signed_in("con").post(path)
        path = "/invitation/again"
        with app.app_context():
            row = db.session.scalars(sa.select(Token).where(Token.email == email)).one()
            row.token_sha256, row.used_at = invitations.hashed("again"), None
            db.session.commit()
        page = signed_in("con").post(path)
        assert (page.status_code, sentence in page.text) == (409, True)
        return
    with app.app_context():
        row = db.session.scalars(sa.select(Token).where(Token.email == email)).one()
        moment = now() - timedelta(seconds=1)
        setattr(row, {"used": "used_at", "revoked": "revoked_at", "expired": "expires_at"}[why], moment)
        db.session.commit()
    before = unchanged(app, stand)
    for answer in (nobody.get(path), nobody.post(path, {"name": "Nadia Roy", "password": GOOD})):
        assert (answer.status_code, sentence in answer.text) == (409, True)
    assert unchanged(app, stand) == before


@pytest.mark.parametrize("secret", ["x", "a" * 43, "a" * 5000, "%00", "..%2f..%2fetc", "é"])
def test_a_link_that_was_never_sent_is_nothing(nobody, secret):
    assert nobody.get(f"/invitation/{secret}").status_code == 404
    assert nobody.post(f"/invitation/{secret}", {"name": "N", "password": GOOD}).status_code == 404


class TestFoundingOnTheCommandLine:
    @pytest.fixture
    def run(self, app):
        before, app.config["PUBLIC_BASE_URL"] = app.config["PUBLIC_BASE_URL"], "https://practice.example"
        yield lambda *words: app.test_cli_runner().invoke(args=["consultancy", "open", *words])
        app.config["PUBLIC_BASE_URL"] = before

    def test_a_consultancy_is_founded_and_its_owner_joins(self, app, run, nobody):
        result = run("Harbour Safety", "--owner", "dana@example.org")
        assert (result.exit_code, "/harbour-safety/" in result.output) == (0, True)
        link = result.output.split()[-1]
        assert link.startswith("https://practice.example/invitation/")
        path = link.removeprefix("https://practice.example")
        assert "Harbour Safety" in nobody.get(path).text
        assert nobody.post(path, {"name": "Dana Wu", "password": GOOD}).status_code == 303
        with app.app_context():
            person = db.session.scalars(sa.select(Person).where(Person.email == "dana@example.org")).one()
            tenant = db.session.scalars(sa.select(Tenant).where(Tenant.slug == "harbour-safety")).one()
            assert not tenant.demo
            assert db.session.scalars(sa.select(PlatformAudit.verb)).all() == ["consultancy.opened"]
            db.session().enter(tenant.id)
            owner = db.session.scalars(sa.select(Membership)).one()
            assert (owner.person_id, owner.role) == (person.id, "owner")

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("Me", "--owner", "a@example.org"), "No consultancy can be called me"),
            (("Static", "--owner", "a@example.org"), "No consultancy can be called static"),
            (("Sign in", "--owner", "a@example.org"), "No consultancy can be called sign-in"),
            (("Northgate", "--owner", "a@example.org"), "Another consultancy is called northgate"),
            (("!!!", "--owner", "a@example.org"), "No consultancy can be called"),
            (("x" * 121, "--owner", "a@example.org"), "1 to 120 characters"),
            (("Bay\nSafety", "--owner", "a@example.org"), "1 to 120 characters"),
            (("Bay Safety", "--owner", "dana"), "not an email address"),
            (("Bay Safety", "--owner", "a@example.org", "--slug", "a/b"), "No consultancy can be called"),
        ],
    )
    def test_what_cannot_be_founded_is_said_in_one_sentence(self, app, stand, run, words, sentence):
        before = unchanged(app, stand)
        result = run(*words)
        assert (result.exit_code, sentence in result.stderr, result.stderr.count("\n")) == (1, True, 1)
        assert unchanged(app, stand) == before
