"""Every answer that is not the page asked for: one sentence, a request id, a way out."""

import secrets
from typing import Any

import structlog
from flask import Flask, g, render_template, request
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from blueprints.refusals import say_refusal
from tenants.database import db
from tenants.refusal import Refusal

log = structlog.get_logger()

UNIQUE_VIOLATION = "23505"  # PostgreSQL's SQLSTATE


def sentences() -> dict[int, tuple[str, str]]:
    return {
        400: (
            _("That could not be read"),
            _("The page may have been open too long. Go back, reload it and send it again."),
        ),
        403: (_("You may see this, but not do that"), _("Ask the owner of your consultancy if you need to.")),
        404: (_("There is nothing here for you"), _("The address may be wrong, or it belongs to somebody else.")),
        405: (_("This address does not take that"), _("Go back and use the buttons of the page.")),
        409: (_("Somebody else was here first"), _("Reload the page to see what changed, then try again.")),
        413: (
            _("That is too large"),
            _("Files of up to 25 MB and forms of up to 500 kB are taken. Nothing was saved."),
        ),
        422: (_("That cannot be saved as it is"), _("Go back, mend it and send it again. Nothing was changed.")),
        429: (_("Too many tries"), _("Wait a few minutes and try again.")),
        500: (_("Something broke on our side"), _("It was written down. Try again; nothing you saved before is lost.")),
        503: (_("Not ready"), _("The practice is starting or a part of it is down. Try again in a minute.")),
    }


def answer(status: int, sentence: str = "") -> tuple[str, int]:
    title, way_out = sentences().get(status, sentences()[500])
    g.setdefault("request_id", secrets.token_hex(6))
    return (
        render_template(
            "errors/error.html", status=status, title=title, sentence=sentence or way_out, request_id=g.request_id
        ),
        status,
    )


def register(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Any:
        if isinstance(error, SecurityError):  # another host's name: no address can be built, so no page either
            return "That could not be read.", 400
        if error.code is not None and error.code < 400:
            return error
        return answer(error.code or 500)

    @app.errorhandler(CSRFError)
    def csrf_error(_error: CSRFError) -> Any:
        return answer(400)

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Any:
        return answer(refusal.status, say_refusal(refusal))

    @app.errorhandler(StaleDataError)
    def stale(_error: StaleDataError) -> Any:
        return answer(409)

    @app.errorhandler(IntegrityError)
    def taken(error: IntegrityError) -> Any:
        """Two people wrote the same new row at once: the second is told, and nothing of theirs is written."""
        if getattr(error.orig, "sqlstate", "") != UNIQUE_VIOLATION:
            return broken(error)
        db.session.rollback()
        return answer(409)

    @app.errorhandler(OperationalError)
    def down(error: OperationalError) -> Any:
        """The database does not answer. The page says so without asking it who is signed in."""
        db.session.rollback()
        g._login_user = AnonymousUserMixin()
        log.error("database.down", kind=type(error.orig).__name__)
        return answer(503)

    @app.errorhandler(ChildProcessError)
    def short_of_room(_error: ChildProcessError) -> Any:
        return answer(503)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Any:
        db.session.rollback()
        g.setdefault("request_id", secrets.token_hex(6))
        log.error("request.broken", request_id=g.request_id, endpoint=request.endpoint, kind=type(error).__name__)
        app.logger.exception("request %s", g.request_id)
        return answer(500)
