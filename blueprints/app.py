"""The application: built here, imported by wsgi.py and by nobody else."""

import hashlib
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, g, request
from flask_babel import Babel
from flask_login import current_user
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from blueprints import (
    assessments,
    audit,
    audit_plans,
    brand,
    bulk_requests,
    carry_overs,
    certificates,
    checklists,
    clients,
    comments,
    consents,
    corrective_actions,
    courses,
    deliverables,
    document_events,
    document_templates,
    engagements,
    errors,
    evidence,
    field_workbooks,
    findings,
    followed_trails,
    health,
    hsep_plans,
    insight,
    interviews,
    invitation,
    me,
    members,
    ops,
    partner,
    phrase_imports,
    phrases,
    portal,
    practice,
    presence,
    previews,
    privacy,
    problems,
    rating_grid,
    rating_history,
    rating_locks,
    rebates,
    recognitions,
    redlines,
    register,
    reset,
    reviews,
    roadmap,
    sampling,
    saved_filters,
    search,
    second_factor,
    sign_in,
    stage1,
    standard_moves,
    standards,
    suggestions,
    team,
    training,
    training_gaps,
    training_imports,
    training_needs,
)
from blueprints.cli import register_commands
from blueprints.guards import csrf, note_presence, refuse_unguarded_routes
from blueprints.headers import secure, secure_static
from blueprints.identity import login_manager
from blueprints.page import member_words, page
from blueprints.posted import FormRequest
from blueprints.rated_site import keep_site
from blueprints.settings import HOME, Settings, from_environment
from consultancy.standards.words import choices, say
from tenants.database import db
from tenants.roles import refuse_unsuitable

STATIC = Path(__file__).with_name("static")


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or from_environment()
    app = Flask(__name__, static_folder=STATIC, static_url_path=f"/static/{digest_of(STATIC)}")
    app.request_class = FormRequest
    app.config.from_mapping(settings.for_flask())
    app.config["MAX_CONTENT_LENGTH"] = 27 * 1024 * 1024  # an upload of 25 MB and its form fields
    app.json.sort_keys = False  # type: ignore[attr-defined]
    structlog.configure(processors=[structlog.processors.TimeStamper(fmt="iso"), structlog.processors.JSONRenderer()])

    db.init_app(app)
    watch_connections(app)
    Migrate(app, db, directory=str(HOME / "migrations"))
    csrf.init_app(app)
    login_manager.init_app(app)
    Babel(app, locale_selector=language)

    for module in (health, sign_in, second_factor, reset, invitation, me, partner, ops):
        app.register_blueprint(module.bp)
    for module in (
        portal,
        clients,
        certificates,
        recognitions,
        engagements,
        assessments,
        rating_grid,
        rating_history,
        rating_locks,
        presence,
        carry_overs,
        suggestions,
        checklists,
        field_workbooks,
        evidence,
        findings,
        corrective_actions,
        saved_filters,
        phrases,
        phrase_imports,
        register,
        roadmap,
        reviews,
        redlines,
        deliverables,
        document_events,
        document_templates,
        bulk_requests,
        comments,
        practice,
        previews,
        brand,
        standards,
        standard_moves,
        members,
        consents,
        audit,
        privacy,
        problems,
        search,
        insight,
        sampling,
        interviews,
        hsep_plans,
        rebates,
        team,
        audit_plans,
        stage1,
        followed_trails,
        training,
        training_needs,
        training_gaps,
        training_imports,
        courses,
    ):
        app.register_blueprint(module.bp, url_prefix="/<tenant_slug>")
    app.url_value_preprocessor(take_tenant)
    app.url_defaults(keep_tenant)
    app.url_defaults(keep_site)
    app.context_processor(page)
    app.jinja_env.globals.update(say=lambda group, key: say(group, key, member_words()), choices=choices)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.after_request(note_presence)
    app.after_request(secure)
    errors.register(app)
    register_commands(app)

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=STATIC,
        prefix=app.static_url_path,
        immutable_file_test=lambda _path, _url: True,  # the folder's digest is in the path
        add_headers_function=secure_static,
    )
    if hops := app.config["PROXY_HOPS"]:  # what more distant proxies and strangers write there is not believed
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    refuse_unguarded_routes(app)
    return app


def watch_connections(app: Flask) -> None:
    """No process of ours serves with a login the walls do not hold against, nor a demo practice in production."""

    def check(connection: Any, _record: Any) -> None:
        refuse_unsuitable(connection, production=app.config["PRODUCTION"])

    with app.app_context():
        sa.event.listen(db.engine, "first_connect", check)


def digest_of(folder: Path) -> str:
    """One short string for the whole folder: a changed file changes every address, imported modules included."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def take_tenant(_endpoint: str | None, values: dict[str, str] | None) -> None:
    g.tenant_slug = values.pop("tenant_slug", None) if values else None


def keep_tenant(endpoint: str, values: dict[str, str]) -> None:
    slug = g.get("tenant_slug")
    if slug and "tenant_slug" not in values and endpoint.split(".")[0] in TENANT_ROOMS:
        values["tenant_slug"] = slug


TENANT_ROOMS = frozenset(
    (
        "portal",
        "clients",
        "certificates",
        "recognitions",
        "insight",
        "sampling",
        "interviews",
        "team",
        "audit_plans",
        "stage1",
        "followed_trails",
        "engagements",
        "assessments",
        "rating_grid",
        "rating_history",
        "rating_locks",
        "presence",
        "carry_overs",
        "suggestions",
        "checklists",
        "field_workbooks",
        "evidence",
        "findings",
        "corrective_actions",
        "saved_filters",
        "phrases",
        "phrase_imports",
        "register",
        "document_events",
        "roadmap",
        "reviews",
        "redlines",
        "previews",
        "bulk_requests",
        "deliverables",
        "document_templates",
        "comments",
        "practice",
        "brand",
        "standards",
        "standard_moves",
        "members",
        "consents",
        "audit",
        "privacy",
        "problems",
        "search",
        "hsep_plans",
        "rebates",
        "training",
        "training_needs",
        "training_gaps",
        "training_imports",
        "courses",
    )
)


def language() -> str:
    """The person's own language once they are signed in, else the browser's."""
    if current_user and current_user.is_authenticated:
        return current_user.person.language
    return request.accept_languages.best_match(["en", "fr"]) or "en" if request else "en"
