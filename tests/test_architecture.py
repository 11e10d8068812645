"""The arrow of the rooms and the few rules that keep the code readable, read from the source itself."""

import ast
import re
import subprocess
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ARROW = ("wsgi", "blueprints", "workers", "consultancy", "document_templates", "tenants")
BESIDE = ("ground", "migrations", "tests", "tools")
HTTP = {
    "flask_login",
    "flask_wtf",
    "flask_babel",
    "flask_limiter",
    "flask_mailman",
    "werkzeug",
    "wtforms",
    "jinja2_fragments",
    "whitenoise",
}
ONLY_IN = {"docx": "document_templates", "docxtpl": "document_templates", "PIL": "document_templates", "rq": "workers"}
BANNED = {"utils", "util", "helpers", "helper", "common", "core", "manager", "managers", "misc", "base"}
FLASK_INSIDE = {"tenants": ("Flask",), "workers": ("Flask", "current_app")}  # the app as a thing, never a request
COMMITS = {"tenants/database.py", "blueprints/guards.py"}
# Where the database is reached past the session's guards: the guards themselves, and nobody else.
PAST_THE_GUARDS = {"connection", "get_bind", "engine", "engines", "get_engine"}
SQL_AS_TEXT = {"text", "literal_column", "DDL", "TextClause"}
LINES = 400
WORDS_OF_ELSEWHERE = re.compile(r"/home/\w|/Users/\w|/root/\w")


def sources(*rooms: str) -> list[Path]:
    found = [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    return found + ([ROOT / "wsgi.py"] if "wsgi" in rooms else [])


def product() -> list[Path]:
    return sources(*ARROW)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    """(module, names) of every import of a file; a relative one is named by its dots."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(alias.name, ()) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append(("." * node.level + (node.module or ""), tuple(alias.name for alias in node.names)))
    return found


def calls(path: Path) -> list[tuple[str, int]]:
    """(last name of what is called, line) of every call of a file."""
    return [(_last_name(node), node.lineno) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def _last_name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_a_room_imports_itself_and_the_rooms_to_its_right():
    wrong = [
        f"{short(path)} imports {module}"
        for path in product()
        for module, _ in imports(path)
        for room in [module.split(".")[0]]
        if room in BESIDE or room in ARROW and ARROW.index(room) < ARROW.index(room_of(path))
    ]
    assert wrong == []


def test_the_ground_knows_nothing_of_the_product():
    wrong = [
        f"{short(path)}: {module}"
        for path in sources("ground")
        for module, _ in imports(path)
        if module.split(".")[0] in ARROW
    ]
    assert wrong == []


def test_no_files_import_each_other_in_a_circle():
    modules = {module_of(path): path for path in product()}
    graph = {
        name: {
            target
            for module, names in imports(path)
            for target in [*(f"{module}.{each}" for each in names), module]
            if target in modules and target != name
        }
        for name, path in modules.items()
    }
    TopologicalSorter(graph).prepare()


def test_imports_stand_at_the_top_and_are_absolute():
    wrong = [
        f"{short(path)}:{inner.lineno}"
        for path in [*product(), *sources("ground", "tests")]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    relative = [short(path) for path in product() for module, _ in imports(path) if module.startswith(".")]
    assert wrong + relative == []


def test_only_blueprints_speak_http():
    rooms = [path for path in product() if room_of(path) not in ("blueprints", "wsgi")]
    libraries = [
        f"{short(path)}: {module}" for path in rooms for module, _ in imports(path) if module.split(".")[0] in HTTP
    ]
    flask = [
        f"{short(path)}: flask.{name}"
        for path in rooms
        for module, names in imports(path)
        if module.split(".")[0] == "flask"
        for name in names or ("*",)
        if name not in FLASK_INSIDE.get(room_of(path), ())
    ]
    assert libraries + flask == []


@pytest.mark.parametrize(("library", "room"), ONLY_IN.items())
def test_a_library_has_one_room(library, room):
    wrong = [
        short(path)
        for path in product()
        for module, _ in imports(path)
        if module.split(".")[0] == library and room_of(path) != room
    ]
    assert wrong == []


def sql_as_text(path: Path) -> list[int]:
    """The lines on which a file turns a string into SQL."""
    own = {name for module, names in imports(path) if module.startswith("sqlalchemy") for name in names} & SQL_AS_TEXT
    return [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in SQL_AS_TEXT
        and isinstance(node.value, ast.Name)
        and node.value.id in ("sa", "sqlalchemy")
        or isinstance(node, ast.Attribute)
        and node.attr == "exec_driver_sql"
        or isinstance(node, ast.Name)
        and node.id in own
    ]


def test_sql_as_text_stands_in_the_room_of_the_database_only():
    """`text()` passes the session's wall unseen; an index's condition in a model is no statement."""
    wrong = []
    for path in product():
        conditions = {
            call.lineno
            for node in ast.walk(tree(path))
            if isinstance(node, ast.keyword) and node.arg == "postgresql_where"
            for call in ast.walk(node.value)
            if isinstance(call, ast.Call)
        }
        if room_of(path) != "tenants":
            wrong += [f"{short(path)}:{line}" for line in sql_as_text(path) if line not in conditions]
    assert wrong == []


def test_nobody_reaches_the_database_past_the_sessions_guards():
    """The engine is hung up before a fork, or watched as it connects; statements go through a session."""
    wrong = []
    for path in product():
        nodes = list(ast.walk(tree(path)))
        hung_up = {id(node.value) for node in nodes if isinstance(node, ast.Attribute) and node.attr == "dispose"}
        listened = [node.args for node in nodes if isinstance(node, ast.Call) and _last_name(node) == "listen"]
        hung_up |= {id(argument) for arguments in listened for argument in arguments}
        if room_of(path) != "tenants":
            wrong += [
                f"{short(path)}:{node.lineno} .{node.attr}"
                for node in nodes
                if isinstance(node, ast.Attribute) and node.attr in PAST_THE_GUARDS and id(node) not in hung_up
            ]
    assert wrong == []


def test_the_edge_commits_and_nobody_else():
    found = {short(path) for path in product() for name, _ in calls(path) if name == "commit"}
    assert found <= COMMITS


def test_a_room_does_not_ring_what_it_should_not_know():
    wrong = [short(path) for path in sources("consultancy") for name, _ in calls(path) if name in ("ring", "enqueue")]
    assert wrong == []


def test_no_file_is_named_for_everything():
    paths = [*product(), *sources("ground", "tests", "tools")]
    assert [short(path) for path in paths if {path.stem, path.parent.name} & BANNED] == []


def test_files_can_be_read_at_one_sitting():
    paths = [*product(), *sources("ground", "tests", "tools")]
    long = [f"{short(path)}: {count}" for path in paths if (count := len(path.read_text().splitlines())) > LINES]
    assert long == []


def test_no_file_names_a_persons_machine_or_how_the_work_was_organised():
    wrong = []
    for path in tracked():
        if path == Path(__file__).resolve() or path.suffix not in (
            ".py",
            ".md",
            ".toml",
            ".html",
            ".css",
            ".js",
            ".json",
            ".sql",
            ".txt",
            "",
        ):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        wrong += [
            f"{short(path)}: {match[0]}" for match in WORDS_OF_ELSEWHERE.finditer(text) if "vendor" not in path.parts
        ]
    assert wrong == []


def test_the_readme_says_how_to_try_and_how_to_test():
    text = (ROOT / "README.md").read_text()
    assert "./dev run" in text
    assert "./dev test" in text


def test_tests_do_not_replace_our_own_code_and_decide_nothing_inside_an_assert():
    patched = [
        short(path)
        for path in sources("tests")
        for module, names in imports(path)
        if module == "unittest.mock" or "mock" in names
    ]
    undecided = [
        f"{short(path)}:{node.lineno}"
        for path in sources("tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assert)
        for inner in ast.walk(node.test)
        if isinstance(inner, ast.IfExp)
    ]
    assert patched + undecided == []
