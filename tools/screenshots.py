"""Pictures of the main screens for the README, taken from a running demo practice.

./dev run                                                      # in one window
.venv/bin/python -m tools.screenshots http://127.0.0.1:8000    # in another; writes docs/screenshots/*.png

It rates one requirement of the demo on the way.
"""

import shutil
import struct
import sys
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from blueprints.demo.practice import PASSWORD, TOTP_SECRET
from tenants.credentials import code_now

SHELF = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
SIZE = {"width": 1440, "height": 900}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
OWNER, CLIENT, PARTNER = (
    "p.oyelaran@northfield-ridge.example",
    "dale@tolmie-metalfab.example",
    "i.solheim@gltfa.example",
)

OBSERVATION = "Hazard assessments for 38 of 44 tasks, done with the operators. Missing: dock at night, battery room."

# The 256 colours used most stay as they are; each other one becomes the nearest of them. Pages have few colours, so the
# eye sees no difference and the file is a quarter of the size.
REDUCE = """async address => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height), brush = canvas.getContext('2d');
    brush.drawImage(image, 0, 0);
    const dots = new Uint32Array(brush.getImageData(0, 0, image.width, image.height).data.buffer);
    const counts = new Map();
    for (const dot of dots) counts.set(dot, (counts.get(dot) ?? 0) + 1);
    const parts = colour => [colour & 255, colour >> 8 & 255, colour >> 16 & 255];
    const kept = [...counts].sort((one, other) => other[1] - one[1]).slice(0, 256).map(([colour]) => parts(colour));
    const far = (one, other) => one.reduce((sum, part, at) => sum + (part - other[at]) ** 2, 0);
    const place = new Map();
    for (const colour of counts.keys()) {
        const wanted = parts(colour);
        let best = 0;
        for (let at = 1; at < kept.length; at++) if (far(kept[at], wanted) < far(kept[best], wanted)) best = at;
        place.set(colour, best);
    }
    const places = Uint8Array.from(dots, dot => place.get(dot));
    let text = '';
    for (let at = 0; at < places.length; at += 8192) text += String.fromCharCode(...places.subarray(at, at + 8192));
    return {width: image.width, height: image.height, palette: kept.flat(), places: btoa(text)};
}"""


def portfolio(page: Page) -> None:
    page.get_by_role("link", name="Clients").first.click()


def engagement(page: Page) -> None:
    portfolio(page)
    page.get_by_role("link", name="Cedarline").click()
    page.get_by_role("link", name="Pre-audit before Stage 1").click()


def clause_desk(page: Page) -> None:
    engagement(page)
    page.get_by_role("link", name="Assess").click()
    page.get_by_role("link", name="6.1.2.1").first.click()
    page.wait_for_load_state()
    if page.locator("form.seen").count() == 0:  # the demo's open pre-audit has nothing yet: rate as a consultant would
        page.get_by_label("Observation", exact=True).fill(OBSERVATION)
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/6.1.2.2")
        page.get_by_role("link", name="6.1.2.1").first.click()
        page.wait_for_load_state()
    page.locator("h1").click()
    page.keyboard.press("2")
    page.get_by_label("Recommendation").fill("Finish the six open assessments, the night shift first.")
    page.get_by_label("Recommendation").blur()
    page.wait_for_timeout(2000)  # ms; long enough for the page to save by itself
    page.reload()  # the tree shows the new rating


def deliverable(page: Page) -> None:
    portfolio(page)
    page.get_by_role("link", name="Tolmie MetalFab").click()
    page.get_by_role("link", name="ISO 45001 gap analysis, Brantford").click()
    page.get_by_role("link", name="Gap analysis report").first.click()


def home(_page: Page) -> None:
    """Signing in led there."""


PICTURES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "portfolio": (OWNER, portfolio),
    "engagement": (OWNER, engagement),
    "clause-desk": (OWNER, clause_desk),
    "deliverable": (OWNER, deliverable),
    "portal": (CLIENT, home),
    "partner": (PARTNER, home),
}


def take(browser: Browser, address: str, email: str, go: Callable[[Page], None], kept: dict[str, Any]) -> bytes:
    """`kept`: the cookies of those who signed in before; a code of the second factor works once."""
    context = browser.new_context(
        viewport=SIZE, color_scheme="light", locale="en-CA", reduced_motion="reduce", storage_state=kept.get(email)
    )
    page = context.new_page()
    page.goto(address)
    if email not in kept:
        sign_in(page, email)
        kept[email] = context.storage_state()
    go(page)
    page.wait_for_load_state()
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")
    picture = page.screenshot()
    context.close()
    return picture


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in?" not in url)
    if "/sign-in/code" in page.url:
        page.get_by_label("Code").fill(code_now(TOTP_SECRET))
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)


def reduced(page: Page, picture: bytes) -> bytes:
    """The same picture with a palette of 256 colours."""
    drawn = page.evaluate(REDUCE, "data:image/png;base64," + b64encode(picture).decode())
    width, height, places = drawn["width"], drawn["height"], b64decode(drawn["places"])
    lines = b"".join(b"\0" + places[at : at + width] for at in range(0, width * height, width))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", bytes(drawn["palette"])),
            (b"IDAT", zlib.compress(lines, 9)),
            (b"IEND", b""),
        )
    )


def main(address: str) -> None:
    SHELF.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        workbench = browser.new_page()
        kept: dict[str, Any] = {}
        for name, (email, go) in PICTURES.items():
            picture = reduced(workbench, take(browser, address.rstrip("/"), email, go, kept))
            (SHELF / f"{name}.png").write_bytes(picture)
            print(f"{name}.png {len(picture) // 1000} kB")
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tools.screenshots ADDRESS")
    main(sys.argv[1])
