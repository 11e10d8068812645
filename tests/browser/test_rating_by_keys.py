"""A consultant rates a whole standard without touching the mouse."""

from playwright.sync_api import expect

from consultancy.standards import catalogue
from tests.browser.walking import CLAUSES, desk, recorded

CODES = [one.code for one in catalogue.find("iso45001-2018-amd1").requirements]
WORDS = {"5.4": "Committee minutes of June name no worker.", "9.3": "No management review was held."}


def test_forty_clauses_are_rated_from_first_to_last_with_keys_alone(served, browsing):
    page, engagement = browsing("consultant"), served.fresh_engagement()
    desk(served, page, engagement, CODES[0])
    for number, code in enumerate(CODES):
        expect(page.locator("h1 .n")).to_have_text(code)
        page.keyboard.press("nv0123"[2 + number % 4])
        if code in WORDS:
            page.keyboard.press("e")
            page.keyboard.type(WORDS[code])
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
    page.goto(served.address("rating_grid.show", engagement=engagement))
    expect(page.locator("main .sub").first).to_have_text(
        f"{CLAUSES} of {CLAUSES} rated, 0 not applicable, 0 not verified"
    )
    kept = recorded(served, engagement)
    assert [kept[code][0] for code in CODES] == [number % 4 for number in range(CLAUSES)]
    assert {code: kept[code][2] for code in WORDS} == {code: [words] for code, words in WORDS.items()}


def test_not_applicable_asks_for_its_reason_before_it_is_saved(served, browsing):
    page, engagement = browsing("consultant"), served.fresh_engagement()
    desk(served, page, engagement, "8.1.4.3")
    page.keyboard.press("n")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("Nothing is outsourced.")
    expect(page.locator("#save-state")).to_contain_text("Saved")
    page.reload()
    expect(page.get_by_label("Reason")).to_have_value("Nothing is outsourced.")
    assert page.locator("#rating-not_applicable").is_checked()


def test_single_keys_can_be_switched_off(served, browsing):
    page, engagement = browsing("consultant"), served.fresh_engagement()
    desk(served, page, engagement, "4.1")
    page.get_by_role("button", name="Single keys").click()
    page.locator("h1").click()
    page.keyboard.press("3")
    assert page.locator("input[name=rating]:checked").count() == 0
