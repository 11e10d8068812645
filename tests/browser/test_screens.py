"""Every screen that the address map offers, as each role sees it."""

import pytest

from tests.browser.conftest import Look
from tests.browser.screens import OUT, PAGES, PEOPLE, SCREENS, Screen
from tests.browser.watch import faults

LIGHT, DARK = Look("light", 1440), Look("dark", 390)
FULL = [
    Look(theme, width, language)
    for language in ("en", "fr")
    for theme in ("light", "dark")
    for width in (1440, 834, 390)
]


def visits(everything: bool) -> list[tuple[Look, str, Screen]]:
    """In the quick run staff share the work: the owner at a desk in the light, the consultant on a dark phone."""
    if everything:
        return [(look, role, screen) for look in FULL for screen in PAGES for role in screen.seen_by]
    absent = {LIGHT: "consultant", DARK: "owner"}
    return [
        (look, role, screen) for look in absent for screen in PAGES for role in screen.seen_by if role != absent[look]
    ]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    everything = metafunc.config.getoption("--full")
    if "hidden" in metafunc.fixturenames:
        asked = HIDDEN if everything else HIDDEN[::SOME]
        metafunc.parametrize("hidden", asked, ids=[f"{role}: {screen.name}" for role, screen in asked])
    if "guarded" in metafunc.fixturenames:
        doors = GUARDED if everything else GUARDED[::SOME]
        metafunc.parametrize("guarded", doors, ids=[screen.name for screen in doors])
    if "visit" in metafunc.fixturenames:
        offered = visits(everything)
        metafunc.parametrize("visit", offered, ids=[f"{look}, {role}: {screen.name}" for look, role, screen in offered])


def test_every_address_that_can_be_read_has_a_screen(served):
    readable = {
        rule.endpoint for rule in served.app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint != "static"
    }
    assert {screen.endpoint for screen in SCREENS} == readable


def test_a_screen_is_fit_to_be_seen(visit, served, at_desk):
    look, role, screen = visit
    reader = at_desk(role, look)
    answer = reader.page.goto(served.address(screen.endpoint, **screen.values))
    assert (answer.status, faults(reader.page, reader.watch)) == (200, [])


HIDDEN = [
    (role, screen) for screen in SCREENS for role in PEOPLE
    if role not in (*screen.seen_by, *OUT)
]  # fmt: skip
GUARDED = [screen for screen in SCREENS if "nobody" not in screen.seen_by]
SOME = 12  # of these the quick run asks every twelfth: the permission matrix asks every address for every role


def test_what_is_not_for_a_role_is_not_there(hidden, served, at_desk):
    role, screen = hidden
    answer = at_desk(role, LIGHT).page.request.get(served.address(screen.endpoint, **screen.values), max_redirects=0)
    assert answer.status in (403, 404)  # which of the two, the permission matrix says


def test_who_is_not_signed_in_is_led_to_the_door(guarded, served, at_desk):
    address = served.address(guarded.endpoint, **guarded.values)
    answer = at_desk("nobody", LIGHT).page.request.get(address, max_redirects=0)
    assert (answer.status, answer.headers["location"].split("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("screen", [screen for screen in SCREENS if screen.kind == "door"], ids=lambda one: one.name)
def test_who_has_one_door_is_led_through_it(screen, served, at_desk):
    answer = at_desk("client", LIGHT).page.request.get(served.address(screen.endpoint), max_redirects=0)
    assert (answer.status, answer.headers["location"]) == (303, f"/{served.slug}/portal")


@pytest.mark.parametrize("screen", [screen for screen in SCREENS if screen.kind == "part"], ids=lambda one: one.name)
def test_a_part_of_a_page_is_only_that_part(screen, served, at_desk):
    text = at_desk("owner", LIGHT).page.request.get(served.address(screen.endpoint, **screen.values)).text()
    assert (text.lstrip()[:4], "<html" in text) == ("<div", False)


@pytest.mark.parametrize("screen", [screen for screen in SCREENS if screen.kind == "file"], ids=lambda one: one.name)
def test_a_file_comes_as_a_file(screen, served, at_desk):
    role = screen.seen_by[0]
    answer = at_desk(role, LIGHT).page.request.get(served.address(screen.endpoint, **screen.values))
    assert (answer.status, answer.headers["content-type"].startswith("text/html")) == (200, False)


REFUSED = {
    "nothing here": ("owner", "clients.show", {"client": "foreign_client"}, 404),
    "not a page": ("owner", "findings.create", {"engagement": "gap"}, 200),
    "no such place": ("nobody", None, {}, 404),
    "takes no reading": ("owner", "sign_in.leave", {}, 405),
}


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=str)
@pytest.mark.parametrize(("role", "endpoint", "values", "status"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_is_a_page_like_any_other(role, endpoint, values, status, look, served, at_desk):
    reader = at_desk(role, look)
    address = served.address(endpoint, **values) if endpoint else f"{served.url}/nowhere"
    answer = reader.page.goto(address)
    assert (answer.status, faults(reader.page, reader.watch, refused=True)) == (status, [])
