"""Two people write the same field: both see both texts, and nothing is lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import desk, recorded, saved
from tests.browser.watch import axe

FIRST, SECOND = "Post the policy in both languages.", "Have the president sign the policy."


@pytest.fixture
def clashing(served, browsing) -> tuple[Page, object]:
    """The owner's page, after the consultant saved another text in the field the owner is about to save."""
    engagement = served.fresh_engagement()
    mine, theirs = browsing("owner"), browsing("consultant")
    for page in (mine, theirs):
        desk(served, page, engagement, "5.2")
    theirs.get_by_label("Recommendation").fill(FIRST)
    saved(theirs)
    mine.get_by_label("Recommendation").fill(SECOND)
    expect(mine.locator("#conflict")).to_be_visible()
    return mine, engagement


def test_both_texts_stand_side_by_side_and_the_page_stays_readable(served, clashing):
    page, engagement = clashing
    expect(page.locator("#conflict")).to_be_focused()
    expect(page.locator("[data-theirs]")).to_have_text(FIRST)
    expect(page.locator("[data-yours]")).to_have_text(SECOND)
    expect(page.get_by_label("Recommendation")).to_have_value(SECOND)
    assert recorded(served, engagement)["5.2"][1] == FIRST
    assert axe(page) == []


CHOICES = {"Join both": f"{FIRST}\n\n{SECOND}", "Keep mine": SECOND, "Use theirs": FIRST}


@pytest.mark.parametrize(("choice", "outcome"), CHOICES.items(), ids=CHOICES)
def test_the_second_person_chooses(choice, outcome, served, clashing):
    page, engagement = clashing
    page.get_by_role("button", name=choice).click()
    expect(page.locator("#conflict")).to_have_count(0)
    expect(page.get_by_label("Recommendation")).to_have_value(outcome)
    page.wait_for_function("!document.querySelector('#save-state').textContent.includes('Conflict')")
    page.reload()
    expect(page.get_by_label("Recommendation")).to_have_value(outcome)
    assert recorded(served, engagement)["5.2"][1] == outcome


@pytest.fixture
def rewriting(served, browsing):
    """One observation, open for rewriting at two desks."""
    engagement = served.fresh_engagement()

    def at_desk(role: str, **options: object) -> Page:
        page = browsing(role, **options)
        desk(served, page, engagement, "7.3")
        return page

    first = at_desk("owner")
    first.get_by_label("Observation", exact=True).fill("Nobody knows the policy.")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.locator("form.seen")).to_have_count(1)
    return engagement, at_desk


def test_an_observation_rewritten_by_two_shows_both_wordings(served, rewriting):
    engagement, at_desk = rewriting
    mine, theirs = at_desk("owner"), at_desk("consultant")
    theirs.locator("form.seen textarea[name=text]").fill(FIRST)
    saved(theirs)
    mine.locator("form.seen textarea[name=text]").fill(SECOND)
    expect(mine.locator("[data-field=text] [data-theirs]")).to_have_text(FIRST)
    expect(mine.locator("[data-field=text] [data-yours]")).to_have_text(SECOND)
    assert recorded(served, engagement)["7.3"][2] == [FIRST]
    mine.get_by_role("button", name="Join both").click()
    saved(mine)
    assert recorded(served, engagement)["7.3"][2] == [f"{FIRST}\n\n{SECOND}"]


def test_without_a_script_an_observation_rewritten_by_two_shows_both_wordings_as_well(served, rewriting):
    engagement, at_desk = rewriting
    mine, theirs = at_desk("owner", java_script_enabled=False), at_desk("consultant")
    theirs.locator("form.seen textarea[name=text]").fill(FIRST)
    saved(theirs)
    mine.locator("form.seen textarea[name=text]").fill(SECOND)
    with mine.expect_navigation() as answer:
        mine.get_by_role("button", name="Save this observation").click()
    assert answer.value.status == 409
    expect(mine.locator("[data-theirs]")).to_have_text(FIRST)
    expect(mine.locator("form.seen textarea[name=text]")).to_have_value(SECOND)
    mine.get_by_role("button", name="Save this observation").click()
    assert recorded(served, engagement)["7.3"][2] == [SECOND]
