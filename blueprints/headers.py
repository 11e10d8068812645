"""Security headers: one function for pages, one for static files. Each header has its own test."""

from typing import Any

from flask import current_app, request
from flask_login import current_user

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAGES = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


ASKED_AGAIN = "private, no-cache"  # a browser may keep it, and asks whether its reader still may see it

# For files that other people made: nothing in them runs, wherever they are opened.
OF_FILES = {"Content-Security-Policy": "sandbox; default-src 'none'"}


def secure(response: Any) -> Any:
    for name, value in (ALWAYS | PAGES).items():
        if not (name in OF_FILES and response.headers.get(name) == OF_FILES[name]):
            response.headers[name] = value
    if current_app.config["PRODUCTION"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if response.headers.get("Cache-Control") == ASKED_AGAIN:
        return response
    if request.endpoint != "static" and (current_user.is_authenticated or request.endpoint != "health.show"):
        response.headers["Cache-Control"] = "private, no-store"
    return response


def secure_static(headers: Any, _path: str, _url: str) -> None:
    """WhiteNoise answers before Flask does: after_request never sees these files."""
    for name, value in ALWAYS.items():
        headers[name] = value
