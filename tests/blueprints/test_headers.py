"""What every answer carries, header by header, and what no answer gives away."""

import pytest
from flask import Flask

from blueprints.app import create_app
from blueprints.guards import public, refuse_unguarded_routes
from blueprints.settings import Settings
from tests.blueprints.visiting import Visitor

EVERYWHERE = ("/health", "/sign-in", "/northgate/clients", "/nothing/here", "/northgate/clients/new")


def settings(app: Flask, **more) -> Settings:
    return Settings(
        DATABASE_URL=app.config["SQLALCHEMY_DATABASE_URI"],
        REDIS_URL=app.config["REDIS_URL"],
        SECRET_KEY="k" * 32,
        **more,
    )


@pytest.fixture(scope="module")
def production(practice) -> Flask:
    """The application as it is served in production: over HTTPS, under its own name."""
    return create_app(
        settings(
            practice[0],
            CONSULTANCY_MODE="production",
            PUBLIC_BASE_URL="https://office.example",
            TRUSTED_HOSTS="office.example",
        )
    )


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Referrer-Policy", "same-origin"),
        ("X-Frame-Options", "DENY"),
        ("Permissions-Policy", "geolocation=(), microphone=(), payment=()"),
    ],
)
def test_every_answer_carries(consultant, path, name, value):
    assert consultant.get(path).headers[name] == value


@pytest.mark.parametrize("path", EVERYWHERE)
def test_scripts_and_styles_come_from_this_site_only(consultant, path):
    policy = dict(part.split(" ", 1) for part in consultant.get(path).headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"


@pytest.mark.parametrize("path", EVERYWHERE[1:])
@pytest.mark.parametrize("word", ["con", "ano"])
def test_no_answer_is_kept_by_a_cache(signed_in, word, path):
    assert signed_in(word).get(path).headers["Cache-Control"] == "private, no-store"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(signed_in):
    cookie = signed_in("ano").get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_in_production_the_cookie_travels_encrypted_and_belongs_to_this_host_alone(production):
    answer = production.test_client().get("/sign-in", base_url="https://office.example")
    assert answer.headers["Set-Cookie"].startswith("__Host-practice=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example"]
)
def test_another_hosts_name_is_refused(consultant, host):
    answer = consultant.get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_a_forwarded_hosts_name_is_not_believed(consultant):
    answer = consultant.get("/", headers={"X-Forwarded-Host": "evil.example"})
    assert answer.location == "/northgate/clients"


class TestAFault:
    @pytest.fixture
    def broken(self, practice):
        app = create_app(settings(practice[0]))

        @app.get("/broken")
        @public
        def broken():
            raise ZeroDivisionError("select secret from /srv/place")

        return Visitor(app)

    def test_gives_a_number_and_nothing_else(self, broken, caplog):
        answer = broken.get("/broken")
        assert answer.status_code == 500
        for word in ("ZeroDivision", "select secret", "/srv/place", "Traceback", ".py", "blueprints"):
            assert word not in answer.text
        number = answer.text.split('<span class="hash">')[1][:12]
        assert number in caplog.text  # who looks after the practice finds it in the log

    def test_is_the_same_page_for_a_browser_that_wants_json(self, broken, caplog):
        answer = broken.get("/broken", headers={"Accept": "application/json"})
        assert answer.status_code == 500
        assert "secret" not in answer.text


@pytest.mark.parametrize(
    "path", ["/nothing", "/northgate/nothing", "/northgate/clients/not-an-id", "/%00", "/northgate/%ff"]
)
def test_an_address_that_is_nothing_is_404(consultant, path):
    answer = consultant.get(path)
    assert answer.status_code == 404
    assert "werkzeug" not in answer.text.lower()


def test_a_route_that_forgets_its_guard_keeps_the_application_from_starting(practice):
    app = create_app(settings(practice[0]))
    app.add_url_rule("/<tenant_slug>/secrets", "secrets", lambda: "all of them")
    with pytest.raises(RuntimeError, match="secrets"):
        refuse_unguarded_routes(app)


def test_a_guarded_route_does_not(practice):
    refuse_unguarded_routes(create_app(settings(practice[0])))


def test_health_says_only_that_it_is_well(signed_in):
    answer = signed_in("ano").get("/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_health_without_a_database_says_it_is_not_ready(practice, caplog):
    app = create_app(settings(practice[0]).model_copy(update={"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}))
    answer = app.test_client().get("/health")
    assert answer.status_code == 503
    assert "127.0.0.1" not in answer.text
