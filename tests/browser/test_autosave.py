"""What was typed is there again: after a reload, and after the network went away."""

import json

from playwright.sync_api import expect

from tests.browser.walking import desk, recorded, saved

TEXT = "Walk the line with the supervisor each Monday."


def test_what_was_typed_is_saved_and_there_after_a_reload(served, browsing):
    page, engagement = browsing("consultant"), served.fresh_engagement()
    desk(served, page, engagement, "6.1.3")
    page.get_by_label("Recommendation").press_sequentially(TEXT)
    saved(page)
    page.reload()
    expect(page.get_by_label("Recommendation")).to_have_value(TEXT)
    assert recorded(served, engagement)["6.1.3"][1] == TEXT


def test_what_was_typed_without_a_network_survives_a_reload_and_is_saved_then(served, browsing):
    page, engagement = browsing("consultant"), served.fresh_engagement()
    page.on("dialog", lambda dialog: dialog.accept())  # "leave without saving?"
    desk(served, page, engagement, "6.1.3")
    page.get_by_label("Recommendation").press_sequentially(TEXT[:20])
    page.context.set_offline(True)
    page.get_by_label("Recommendation").press_sequentially(TEXT[20:])
    page.get_by_label("Observation", exact=True).first.fill("Seen with the network down.")
    expect(page.locator("#save-state")).to_contain_text("kept here")
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_label("Recommendation")).to_have_value(TEXT)
    expect(page.get_by_label("Observation", exact=True).first).to_have_value("Seen with the network down.")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    assert recorded(served, engagement)["6.1.3"][1:] == (TEXT, ["Seen with the network down."])


def test_a_saving_answered_while_the_page_is_left_takes_nothing_out_of_what_is_kept(served, browsing):
    """The next page may have been drawn before that saving arrived: it compares, and then forgets."""
    page, engagement = browsing("consultant"), served.fresh_engagement()
    desk(served, page, engagement, "6.1.3")
    page.evaluate("dispatchEvent(new Event('beforeunload'))")
    page.get_by_label("Observation", exact=True).first.fill("Sent with the button only.")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label("Recommendation").fill(TEXT)
    expect(page.locator("#save-state")).to_contain_text("kept here until you save")
    kept = page.evaluate(
        "Object.keys(localStorage).filter(key => key.startsWith('kept:')).map(key => localStorage[key])"
    )
    assert [json.loads(one)["fields"] for one in kept] == [
        {"observation": "Sent with the button only.", "recommendation": TEXT}
    ]


def test_the_network_comes_back_and_the_text_goes_out_by_itself(served, browsing):
    page, engagement = browsing("consultant"), served.fresh_engagement()
    desk(served, page, engagement, "6.1.3")
    page.context.set_offline(True)
    page.get_by_label("Recommendation").press_sequentially(TEXT)
    expect(page.locator("#save-state")).to_contain_text("kept here")
    page.context.set_offline(False)
    saved(page)
    assert recorded(served, engagement)["6.1.3"][1] == TEXT


def test_what_was_carried_over_still_waits_after_somebody_typed_beside_it(served, browsing):
    page = browsing("consultant")
    desk(served, page, served.places["carried"], "4.1")
    page.get_by_label("Recommendation").fill(TEXT)
    saved(page)
    page.reload()
    expect(page.get_by_label("Recommendation")).to_have_value(TEXT)
    expect(page.locator("[data-still-true]")).to_have_count(1)


def test_what_somebody_else_saved_in_another_field_is_shown_and_never_written_over(served, browsing):
    engagement = served.fresh_engagement()
    mine, theirs = browsing("owner"), browsing("consultant")
    for page in (mine, theirs):
        desk(served, page, engagement, "5.2")
    theirs.get_by_label("Recommendation").fill(TEXT)
    saved(theirs)
    mine.get_by_label("Owner").fill("Dana")
    saved(mine)
    expect(mine.get_by_label("Recommendation")).to_have_value(TEXT)
    assert recorded(served, engagement)["5.2"][1] == TEXT


def test_what_is_being_typed_while_another_field_is_saved_meets_the_words_of_somebody_else(served, browsing):
    engagement = served.fresh_engagement()
    mine, theirs = browsing("owner"), browsing("consultant")
    for page in (mine, theirs):
        desk(served, page, engagement, "5.2")
    theirs.get_by_label("Recommendation").fill(TEXT)
    saved(theirs)
    mine.evaluate("""() => {
        const send = window.fetch;
        window.fetch = async (...request) => {
            window.fetch = send;
            const answer = await send(...request);
            const words = document.querySelector("#rating-form [name=recommendation]");
            words.value = "Mine.";
            words.dispatchEvent(new Event("input", { bubbles: true }));
            return answer;
        };
    }""")
    mine.get_by_label("Owner").fill("Dana")
    expect(mine.locator("[data-field=recommendation] [data-theirs]")).to_have_text(TEXT)
    assert recorded(served, engagement)["5.2"][1] == TEXT


def test_going_back_does_not_offer_a_saved_observation_for_saving_again(served, browsing):
    page, engagement = browsing("consultant"), served.fresh_engagement()
    desk(served, page, engagement, "7.2")
    page.get_by_label("Observation", exact=True).first.fill("Two of five had no training record.")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    page.go_back()
    expect(page.locator("h1 .n")).to_have_text("7.2")
    expect(page.locator("form.seen")).to_have_count(1)
    expect(page.locator("#observation")).to_have_value("")


def test_an_observation_is_rewritten_in_place(served, browsing):
    page, engagement = browsing("consultant"), served.fresh_engagement()
    desk(served, page, engagement, "7.2")
    page.get_by_label("Observation", exact=True).fill("Two of five had no training record.")
    page.get_by_role("button", name="Save", exact=True).click()
    seen = page.locator("form.seen textarea[name=text]")
    expect(seen).to_have_value("Two of five had no training record.")
    seen.fill("Three of five had no training record.")
    page.locator("form.seen summary").click()
    page.locator("form.seen").get_by_label("Seen on").fill("2026-03-10")
    saved(page)
    page.reload()
    expect(seen).to_have_value("Three of five had no training record.")
    expect(page.locator("form.seen time")).to_have_text("2026-03-10")
