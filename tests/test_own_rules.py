"""What a linter does not know of this house: habits that would undo a promise, looked for in the source itself."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("blueprints", "workers", "consultancy", "document_templates", "tenants", "ground")
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "dill", "jsonpickle", "telnetlib", "xmlrpc"}
# A parent hands its own data to the confined child it started, and what comes back is read by a reader of its own.
BETWEEN_OUR_OWN = {"document_templates/child.py"}
# Money and rates are never binary fractions.
MONEY = re.compile(r"amount|price|fee|cost|premium|rebate|dollar|money|salary|wage", re.IGNORECASE)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def sources() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), parsed(path)


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    for name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, kinds):
                yield f"{name}:{node.lineno}", node  # type: ignore[attr-defined]


def page_templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "blueprints/templates").rglob("*.html")):
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "habit",
    [
        r"\|\s*safe\b",  # what people typed is always escaped
        r"autoescape\s+false",
        r"url_for\([^)]*_external",  # a link made from the request's host can be poisoned
        r"\son[a-z]+\s*=\s*[\"']",  # the policy of the pages runs no inline script
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>",
        r"\bstyle\s*=\s*[\"']",
        r"https?://(?!www\.w3\.org)",  # nothing is loaded from another site
    ],
)
def test_no_page_template_has_a_habit_that_undoes_a_promise(habit):
    found = [f"{name}: {match[0]}" for name, text in page_templates() for match in re.finditer(habit, text)]
    assert found == []


def test_links_in_mail_are_made_from_the_base_address_and_never_from_the_request():
    wrong = [
        place
        for place, node in nodes(ast.Call)
        if ast.unparse(node.func).endswith("url_for") and any(word.arg == "_external" for word in node.keywords)
    ]
    assert wrong == []


def test_a_day_is_a_day_in_ontario_and_never_the_machines():
    """For hours of every evening the machine's day is another; the database compares with Ontario's as well."""
    paths = (ROOT / "tests").rglob("*.py")
    tests = [(path.relative_to(ROOT).as_posix(), parsed(path)) for path in paths]
    wrong = [
        f"{name}:{node.lineno}"
        for name, tree in (*sources(), *tests)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("date.today", "datetime.today")
    ]
    assert wrong == []


def test_nothing_is_unpickled_or_evaluated():
    imported = [
        place
        for place, node in nodes(ast.Import, ast.ImportFrom)
        for module in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
        if module.split(".")[0] in UNSAFE_MODULES and place.split(":")[0] not in BETWEEN_OUR_OWN
    ]
    called = [place for place, node in nodes(ast.Call) if ast.unparse(node.func) in ("eval", "exec", "compile")]
    assert imported + called == []


def test_a_request_is_never_spread_into_a_row():
    """Fields are named one by one: `populate_obj`, `**request.form` and the like would let anybody set any column."""
    calls = [place for place, node in nodes(ast.Call) if ast.unparse(node.func).endswith(".populate_obj")]
    spread = [
        place
        for place, node in nodes(ast.keyword)
        if node.arg is None
        and re.match(r"request\.(json|form|args|values|get_json)|.*\bform\.data\b", ast.unparse(node.value))
    ]
    assert calls + spread == []


def test_no_markup_is_made_out_of_strings():
    wrong = [
        place
        for place, node in nodes(ast.Call)
        if ast.unparse(node.func) in ("Markup", "markupsafe.Markup") and not isinstance(node.args[0], ast.Constant)
    ]
    assert wrong == []


def test_money_is_never_a_binary_fraction():
    wrong = [
        place
        for place, node in nodes(ast.AnnAssign, ast.arg)
        if node.annotation is not None
        and re.search(r"\bfloat\b", ast.unparse(node.annotation))
        and MONEY.search(ast.unparse(node.target) if isinstance(node, ast.AnnAssign) else node.arg)
    ]
    assert wrong == []


def test_a_row_of_a_tenant_is_found_through_a_query_and_never_by_its_model_in_a_page():
    """`Model.query` passes the rooms by; a page asks `consultancy/queries`."""
    wrong = [
        place
        for place, node in nodes(ast.Attribute)
        if place.startswith("blueprints/") and node.attr == "query" and ast.unparse(node.value)[:1].isupper()
    ]
    assert wrong == []


def test_the_audit_trail_is_told_ids_and_never_names():
    """The chain outlives what it tells of: a name in it could not be taken out again."""
    named = {
        "name",
        "email",
        "title",
        "text",
        "legal_name",
        "trade_name",
        "contact",
        "person_name",
        "address",
        "number",
    }
    wrong = [
        f"{place} {word.arg}"
        for place, node in nodes(ast.Call)
        if ast.unparse(node.func) == "audit.record"
        for word in node.keywords
        if word.arg in named
    ]
    assert wrong == []
