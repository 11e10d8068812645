"""A consultant rates a whole standard without touching the mouse."""

from playwright.sync_api import expect

from consultancy.standards import catalogue
from tests.browser.walking import CLAUSES, desk, recorded, saved

CODES = [one.code for one in catalogue.find("iso45001-2018-amd1").requirements]
WORDS = {code: f"Seen at {code}." for code in CODES}


def test_forty_clauses_are_rated_and_annotated_from_first_to_last_with_keys_alone(served, browsing):
    page, engagement = browsing("consultant"), served.fresh_engagement()
    desk(served, page, engagement, CODES[0])
    for number, code in enumerate(CODES):
        expect(page.locator("h1 .n")).to_have_text(code)
        page.keyboard.press("nv0123"[2 + number % 4])
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


def test_the_question_mark_lists_every_key(served, browsing):
    page, engagement = browsing("consultant"), served.fresh_engagement()
    desk(served, page, engagement, "4.1")
    page.keyboard.press("?")
    expect(page.locator("#rating-help dl")).to_contain_text("Still true")
    page.keyboard.press("?")
    expect(page.locator("#rating-help dl")).to_be_hidden()


def test_going_on_by_itself_is_off_until_somebody_switches_it_on(served, browsing):
    page, engagement = browsing("consultant"), served.fresh_engagement()
    desk(served, page, engagement, "4.1")
    page.keyboard.press("3")
    saved(page)
    expect(page.locator("h1 .n")).to_have_text("4.1")
    page.locator("h1").click()
    page.keyboard.press("?")
    page.get_by_label("save and go on by itself").check()
    page.locator("h1").click()
    page.keyboard.press("2")
    expect(page.locator("h1 .n")).to_have_text("4.2")


def test_what_is_suggested_and_carried_over_is_decided_with_one_key_each(served, browsing):
    page, engagement = browsing("consultant"), served.places["decided_by_keys"]
    desk(served, page, engagement, "7.4.1")
    with page.expect_navigation():
        page.keyboard.press("x")
    expect(page.locator("#rating-2")).to_be_checked()
    desk(served, page, engagement, "4.1")
    with page.expect_navigation():
        page.keyboard.press("y")
    expect(page.locator("[data-still-true]")).to_have_count(0)
    assert recorded(served, engagement)["4.1"][0] == 1
