"""One served practice and one Chromium for the whole session."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from blueprints.demo.practice import PASSWORD, TOTP_SECRET
from ground.ports import free_port
from ground.postgres import OWNER, WEB, Postgres
from ground.valkey import Valkey
from tenants.credentials import code_now
from tests.browser.screens import PEOPLE
from tests.browser.served import Served, load
from tests.browser.serving import make_app, served_at, settings_for
from tests.browser.watch import Watch
from tests.practice import let_go

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 10_000  # ms until something that should be on a page counts as missing
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Look:
    theme: str
    width: int
    language: str = "en"

    def __str__(self) -> str:
        return f"{self.theme} {self.width} {self.language}"


@pytest.fixture(scope="session")
def served(
    postgres: Postgres, valkey: Valkey, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    postgres.create_database("served", template=template_database)
    settings = settings_for(postgres.url(WEB, "served"), postgres.url(OWNER, "served"), valkey.url, folder)
    app = make_app(settings)
    practice = load(app)
    with served_at(settings, free_port(), folder / "web.log") as practice.url:
        yield practice
    let_go(app)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=ARGUMENTS
        )
        yield browser
        browser.close()


def sign_in(page: Page, url: str, email: str) -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: not address.endswith("/sign-in"))
    if "/sign-in/code" in page.url:
        page.get_by_label("Code").fill(code_now(TOTP_SECRET))
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(lambda address: "/sign-in" not in address)


@pytest.fixture(scope="session")
def cookies(served: Served, chromium: Browser) -> dict[str, dict]:
    """What the browser of each person keeps after signing in."""
    kept = {}
    for role, email in PEOPLE.items():
        context = chromium.new_context()
        if email:
            sign_in(context.new_page(), served.url, email)
        kept[role] = context.storage_state()
        context.close()
    return kept


@dataclass
class Reader:
    """A person at a screen."""

    page: Page
    watch: Watch


@pytest.fixture(scope="session")
def at_desk(served: Served, chromium: Browser, cookies: dict[str, dict]) -> Iterator[Callable[[str, Look], Reader]]:
    """The page of a role in a look; kept open between screens."""
    open_now: dict[tuple[str, Look], tuple[BrowserContext, Reader]] = {}
    speaking: dict[str, str] = {}

    def reader(role: str, look: Look) -> Reader:
        if PEOPLE[role] and speaking.get(role, "en") != look.language:
            served.speak(PEOPLE[role], look.language)
            speaking[role] = look.language
        if (role, look) not in open_now:
            context = chromium.new_context(
                storage_state=cookies[role], color_scheme=look.theme, viewport={"width": look.width, "height": 900},
                locale=f"{look.language}-CA", reduced_motion="reduce",
            )  # fmt: skip
            context.set_default_timeout(PATIENCE)
            watch = Watch(context, served.url)
            open_now[role, look] = context, Reader(context.new_page(), watch)
        open_now[role, look][1].watch.forget()
        return open_now[role, look][1]

    yield reader
    for context, _reader in open_now.values():
        context.close()


@pytest.fixture
def browsing(served: Served, chromium: Browser, cookies: dict[str, dict]) -> Iterator[Callable[..., Page]]:
    """A new window of a person, closed when the test ends; nobody's when no role is named."""
    contexts: list[BrowserContext] = []

    def window(role: str = "nobody", **options: object) -> Page:
        context = chromium.new_context(storage_state=cookies[role], viewport={"width": 1440, "height": 900}, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield window
    for context in contexts:
        context.close()
