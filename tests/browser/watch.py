"""What a person would be let down by, seen from inside the browser."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations'], preload: false})"
LISTEN = """
window.refusedByPolicy = [];
addEventListener('securitypolicyviolation', one => refusedByPolicy.push(one.violatedDirective + ' ' + one.blockedURI));
"""
NARROW = 320  # CSS pixels: WCAG 1.4.10
DOCUMENT_REFUSED = "Failed to load resource"  # what Chromium says of a page that answers 4xx on purpose


class Watch:
    """Notes what a context's pages complain of and whom they speak to."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.home = home
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        context.add_init_script(LISTEN)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.home + "/", "data:")):
            self.strangers.append(request.url)

    def forget(self) -> None:
        self.complaints.clear()
        self.strangers.clear()


def axe(page: Page) -> list[str]:
    """Every violation as one line: the rule, and the element it is about."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, TAGS)["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}" for one in found for node in one["nodes"]
    ]


def faults(page: Page, watch: Watch, *, refused: bool = False) -> list[str]:
    """Everything wrong with the page as it stands. `refused`: its status is an error on purpose."""
    complaints = [text for text in watch.complaints if not (refused and text.startswith(DOCUMENT_REFUSED))]
    return [
        *(f"console: {text}" for text in complaints),
        *(f"another origin: {url}" for url in watch.strangers),
        *(f"policy: {one}" for one in page.evaluate("window.refusedByPolicy")),
        *(f"axe: {one}" for one in axe(page)),
        *shape(page),
    ]


def shape(page: Page) -> list[str]:
    wrong = []
    if not page.evaluate("/^(en|fr)-CA$/.test(document.documentElement.lang)"):
        wrong.append("the page does not say its language")
    if page.locator(".btn-primary").count() > 1:
        wrong.append("more than one primary button")
    wrong += too_wide(page)
    return wrong


def too_wide(page: Page) -> list[str]:
    """Elements that make the page scroll sideways on the narrowest screen."""
    size = page.viewport_size
    page.set_viewport_size({"width": NARROW, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    culprits = [] if width <= NARROW else page.evaluate(
        """narrow => [...document.querySelectorAll('body *')]
           .filter(one => one.getBoundingClientRect().right > narrow + 1)
           .slice(0, 5).map(one => one.outerHTML.slice(0, 120))""", NARROW,
    )  # fmt: skip
    page.set_viewport_size(size)
    return [f"{width} px wide at {NARROW}: {one}" for one in culprits or ([""] if width > NARROW else [])]
