"""What the pages load is ours, unchanged and on our own origin; nothing on a page needs a looser policy."""

import hashlib
import json
import re
from pathlib import Path

import pytest

BLUEPRINTS = Path(__file__).resolve().parents[2] / "blueprints"
STATIC = BLUEPRINTS / "static"
TEMPLATES = sorted((BLUEPRINTS / "templates").rglob("*.html"))
VENDORED = json.loads((STATIC / "vendor" / "vendor.json").read_text())
OWN = [*sorted((STATIC / "css").glob("*.css")), *sorted((STATIC / "js").glob("*.js"))]

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=|\bhx-on", re.IGNORECASE | re.DOTALL),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a script address": re.compile(r"javascript:|hx-vals=['\"]js:", re.IGNORECASE),
    "a foreign asset": re.compile(r"(?:src|href|action|hx-\w+)=['\"](?:https?:)?//", re.IGNORECASE),
}


def named(path):
    return path.relative_to(BLUEPRINTS).as_posix()


@pytest.mark.parametrize("package", VENDORED, ids=lambda package: package["name"])
def test_vendored_files_are_those_that_were_fetched(package):
    for path, expected in package["files"].items():
        assert hashlib.sha256((STATIC / path).read_bytes()).hexdigest() == expected, path


def test_nothing_lies_among_the_vendored_files_that_no_manifest_names():
    listed = {path for package in VENDORED for path in package["files"]}
    found = {path.relative_to(STATIC).as_posix() for path in (STATIC / "vendor").rglob("*") if path.is_file()}
    assert found - {"vendor/vendor.json"} <= listed


@pytest.mark.parametrize("package", VENDORED, ids=lambda package: package["name"])
def test_each_vendored_package_brings_its_licence(package):
    assert package["licence"]
    assert [path for path in package["files"] if path.endswith("/LICENSE")]


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_a_page_template_holds_no(path, what):
    assert FORBIDDEN[what].findall(COMMENT.sub("", path.read_text())) == []


@pytest.mark.parametrize("path", OWN, ids=named)
def test_our_own_styles_and_scripts_load_nothing_from_elsewhere(path):
    addresses = re.findall(r"https?://[^\s'\")]+", path.read_text())
    assert set(addresses) <= {"http://www.w3.org/2000/svg"}


def test_every_icon_on_a_page_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    asked = set()
    for path in TEMPLATES:
        asked |= set(re.findall(r"\bicon\('([a-z0-9-]+)'", path.read_text()))
        asked |= set(re.findall(r": \('([a-z0-9-]+)', '[a-z0-9]*'\)", path.read_text()))
    assert asked
    assert asked <= drawn


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_page_that_posts_carries_its_token(path):
    text = COMMENT.sub("", path.read_text())
    assert len(re.findall(r'<form[^>]*method="post"', text)) <= len(re.findall(r"\bhidden\(", text))
