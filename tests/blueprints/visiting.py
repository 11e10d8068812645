"""People at their browsers: cookies, CSRF tokens read from pages, forms sent as a browser sends them."""

import re
from html.parser import HTMLParser
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.walls import MODELS

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
NUMBER = re.compile(r'(<span class="hash">)[0-9a-f]{12}')
OPEN_TABLES = ("tenant", "person", "partner", "consent")


class Visitor:
    """A browser with or without somebody's cookie in it."""

    def __init__(self, app: Flask, cookie: str | None = None, token: str = "") -> None:
        self.app, self._token = app, token
        self.client: FlaskClient = app.test_client()
        if cookie:
            self.client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)

    @property
    def cookie(self) -> str | None:
        found = self.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return found.value if found else None

    @property
    def token(self) -> str:
        """The CSRF token of a page that this visitor can open."""
        if not self._token:
            page = self.client.get("/me")
            if page.status_code != 200:
                page = self.client.get("/sign-in")
            self._token = TOKEN.search(page.text)[1]
        return self._token

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, buffered=True, **options)  # a streamed file is closed

    def post(self, path: str, fields: dict[str, Any] | None = None, **options: Any) -> Any:
        """A form sent with the token of a page."""
        return self.client.post(path, data={"csrf_token": self.token} | (fields or {}), **options)

    def form(self, page: str, action: str) -> dict[str, Any]:
        """What a browser would send of the form on `page` that posts to `action`, nothing changed."""
        return fields_of(self.get(page).text, action)


def cookie_of(app: Flask, token: str) -> str:
    """The session cookie of somebody who signed in with this random value."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return signer.dumps({"_user_id": token, "_fresh": True})


class _Forms(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside, self.fields = action, False, {}
        self.select = self.area = None

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        if tag == "form":
            self.inside = at.get("action", "").endswith(self.action) and at.get("method") == "post"
        if not self.inside:
            return
        if tag == "input" and at.get("type") not in ("submit", "file", "radio", "checkbox"):
            self.fields[at["name"]] = at.get("value", "")
        elif tag == "input" and "checked" in at:
            self.fields[at["name"]] = at["value"]
        elif tag == "select":
            self.select = at["name"]
        elif tag == "option" and self.select and ("selected" in at or self.select not in self.fields):
            self.fields[self.select] = at.get("value", "")
        elif tag == "textarea":
            self.area = at["name"]
            self.fields[self.area] = ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data):
        if self.inside and self.area:
            self.fields[self.area] += data.removeprefix("\r\n").removeprefix("\n")


def fields_of(page: str, action: str) -> dict[str, Any]:
    reader = _Forms(action)
    reader.feed(page)
    assert reader.fields, f"no form posts to {action}"
    return reader.fields


def without_marks(page: Any, *words: object) -> str:
    """A page without what differs from one answer to the next: token, request id, and the ids that were asked for."""
    text = NUMBER.sub(r"\1", TOKEN.sub("", page.text))
    for word in words:
        text = text.replace(str(word), "")
    return text


def digest(connection: sa.Connection, *tenants: object) -> list[str | None]:
    """One word per consultancy for all that is recorded in it, and one for the tables of the platform."""
    one = "select md5(string_agg(t::text, '|' order by t.id)) as d from {} t"
    walled = " union all ".join(one.format(model.__tablename__) for model in MODELS)
    plain = " union all ".join(one.format(name) for name in OPEN_TABLES)
    words = []
    for tenant in tenants:
        connection.execute(
            sa.select(
                sa.func.set_config("app.tenant_id", str(tenant), True), sa.func.set_config("app.client_id", "", True)
            )
        )
        words.append(connection.scalar(sa.text(f"select string_agg(d, ' ') from ({walled}) all_rows")))
    return [*words, connection.scalar(sa.text(f"select string_agg(d, ' ') from ({plain}) all_rows"))]


def writes(connection: sa.Connection) -> int:
    """How many rows of those tables this transaction has written so far, what was rolled back to a savepoint included:
    a transaction that wrote none has changed none, and asking so is thirty times cheaper than reading them all."""
    tables = [*(model.__tablename__ for model in MODELS), *OPEN_TABLES]
    counted = " + ".join(f"pg_stat_get_xact_tuples_{how}(oid)" for how in ("inserted", "updated", "deleted"))
    question = sa.text(f"select sum({counted}) from pg_class where relname = any(:tables) and relkind = 'r'")
    return int(connection.scalar(question, {"tables": tables}) or 0)
