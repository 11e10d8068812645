"""Files reach the requirement from wherever a consultant has them, and nothing typed beside them is lost."""

from playwright.sync_api import expect

from tests.document_templates.test_evidence import EICAR, photograph
from tests.document_templates.word_files import picture

LONG = 30_000  # ms: each file is opened in a process of its own
WORDS = "Two of five presses ran without a guard."

# A picture from the clipboard, or a file carried over the page.
HAND_OVER = """([kind, place, name, bytes]) => {
    const carried = new DataTransfer();
    carried.items.add(new File([Uint8Array.from(bytes)], name));
    const init = {bubbles: true, cancelable: true, [kind === 'paste' ? 'clipboardData' : 'dataTransfer']: carried};
    const happened = kind === 'paste' ? new ClipboardEvent(kind, init) : new DragEvent(kind, init);
    document.querySelector(place).dispatchEvent(happened);
}"""


def desk_of(served, browsing, **options):
    page, engagement = browsing("consultant", **options), served.fresh_engagement()
    page.goto(served.address("assessments.show", engagement=engagement, requirement="6.1.3"))
    return page


def test_files_are_sent_one_by_one_beside_words_that_are_not_saved_yet(served, browsing):
    page = desk_of(served, browsing)
    page.locator("#observation").fill(WORDS)
    page.get_by_label("Files", exact=True).set_input_files([
        {"name": "guard.jpg", "mimeType": "image/jpeg", "buffer": photograph()},
        {"name": "tool.exe", "mimeType": "text/plain", "buffer": b"MZ"},
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": EICAR},
    ])  # fmt: skip
    expect(page.locator("[data-sent] .done")).to_have_count(2, timeout=LONG)
    expect(page.locator("[data-sent] .bad")).to_contain_text("tool.exe: Files of this kind are not taken.")
    expect(page.locator(".ev .name")).to_have_text(["guard", "notes"])
    assert page.locator(".ev img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 300
    assert page.locator("#observation").input_value() == WORDS


def test_a_screenshot_is_pasted_and_a_file_is_dropped(served, browsing):
    page = desk_of(served, browsing)
    for kind, place, name in (("paste", "body", "image.png"), ("drop", "[data-drop]", "plan.png")):
        content = picture("PNG", size=(40, 30 if kind == "paste" else 20))
        page.evaluate(HAND_OVER, [kind, place, name, list(content)])
        expect(page.locator("[data-sent]")).to_contain_text(f"{name}: kept.", timeout=LONG)
    expect(page.locator(".ev .name")).to_have_text(["image", "plan"])


def test_a_broken_connection_is_said_and_the_words_stay(served, browsing):
    page = desk_of(served, browsing)
    page.locator("#observation").fill(WORDS)
    page.context.set_offline(True)
    page.get_by_label("Files", exact=True).set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    expect(page.locator("[data-sent] .bad")).to_contain_text("a.txt: Not sent")
    assert page.locator("#observation").input_value() == WORDS
    page.context.set_offline(False)


def test_without_the_script_the_form_sends_the_files(served, browsing):
    page = desk_of(served, browsing, java_script_enabled=False)
    page.get_by_label("Files", exact=True).set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    page.get_by_role("button", name="Bring in").click()
    expect(page.get_by_text("a.txt: kept.")).to_be_visible()
    expect(page.locator(".ev .name")).to_have_text(["a"])
