"""The guard loads the row: not signed in, CSRF, not mine, not allowed, then the view. One order for every route.

A view that says neither @requires nor @public is refused when the app starts.
"""

import functools
from collections.abc import Callable
from typing import Any

from flask import Flask, abort, g, redirect, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect

from blueprints import identity
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.queries import reach
from tenants import platform, sign_ins
from tenants.database import db, transaction
from tenants.permissions import GRANTS, Permission, Role, knows

csrf = CSRFProtect()
View = Callable[..., Any]


def requires(
    permission: Permission, *, half_way: tuple[str, ...] = (), **rows: Callable[..., Any]
) -> Callable[[View], View]:
    """`rows`: the name of a URL variable and the query that finds it within the entered tenant, or None.

    `half_way`: somebody who gave the password and still owes the second factor stands before one of two pages
    (identity.way_in); a view is open to them where it names that page, and no other view is.
    """

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(**values: Any) -> Any:
            if not current_user.is_authenticated:
                return redirect(url_for("sign_in.show", next=_here()), 303)
            if (way_in := identity.way_in()) and way_in not in half_way:
                return redirect(url_for(way_in, next=_here()), 303)
            if request.method == "POST":
                csrf.protect()
            g.standing = _standing(permission)
            if g.standing is None or not knows(g.standing.role, permission):
                abort(404)
            for name, find in rows.items():
                values[name] = find(values[name]) or abort(404)
                if (member := identity.restricted_to()) and not reach.reaches(member, values[name]):
                    abort(404)
            if permission not in GRANTS[g.standing.role]:
                abort(403)
            if identity.behind_glass():
                with transaction():  # no entry, no page
                    platform.page_read(g.standing.membership_id, request.path)
            remember_place(values)
            return view(**values)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def public(view: View) -> View:
    """A page for people who are not signed in. Its posts are checked for CSRF all the same."""

    @functools.wraps(view)
    def open_to_all(**values: Any) -> Any:
        if request.method == "POST":
            csrf.protect()
        return view(**values)

    open_to_all.permission = None  # type: ignore[attr-defined]
    return open_to_all


def _standing(permission: Permission) -> identity.Standing | None:
    if g.get("tenant_slug"):
        return identity.enter(g.tenant_slug)
    if permission is Permission.ME:
        return identity.Standing(Role.CONSULTANT)  # everybody owns their own page; no tenant is entered
    if permission is Permission.OPS:
        return identity.Standing(Role.OPERATOR) if current_user.person.operator else None
    return identity.Standing(Role.PARTNER) if current_user.person.partner_id else None


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def remember_place(values: dict[str, Any]) -> None:
    """The client and the engagement of this page, for its head: the wrong client is the costliest error."""
    for row in values.values():
        subject = getattr(row, "finding", row)
        engagement = subject if isinstance(subject, Engagement) else getattr(subject, "engagement", None)
        if engagement is not None:
            g.engagement, g.client = engagement, engagement.client
        elif isinstance(row, Client):
            g.client = row


def note_presence(response: Any) -> Any:
    """After the answer: the sign-in was used. Its own small transaction, at most once a minute."""
    if g.get("_login_user") and current_user.is_authenticated and sign_ins.is_due(current_user.last_seen_at):
        sign_ins.note_seen(current_user.sign_in)
        db.session.commit()
    return response


def refuse_unguarded_routes(app: Flask) -> None:
    bare = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "permission")
    ]
    if bare:
        raise RuntimeError(f"routes without @requires or @public: {', '.join(sorted(bare))}")


def first_segments(app: Flask) -> frozenset[str]:
    """Words that open a platform address and therefore can never name a consultancy."""
    return frozenset(rule.rule.split("/")[1] for rule in app.url_map.iter_rules() if not rule.rule.startswith("/<")) - {
        ""
    }
