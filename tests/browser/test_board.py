"""The board of corrective actions, dragged and by its form; phrases taken with a key."""

import pytest
from playwright.sync_api import expect

from consultancy.actions import findings
from consultancy.queries import engagements
from consultancy.standards import phrases
from tests.browser.served import Served
from tests.factories import DAY, entered

WORDS = {one.requirement: one.words["en"] for one in phrases.SHIPPED.values() if one.part == "recommendation"}


@pytest.fixture
def board(served: Served):
    """The address of a board with two planned actions."""
    engagement_id = served.fresh_engagement()
    with entered(served.app, served.tenant):
        engagement = engagements.find(engagement_id)
        fields = {"requirement": "8.1.2", "grade": "major", "title": "Damaged racking carries load.", "statement": "S"}
        finding = findings.raise_finding(engagement, by=engagement.lead_id, raised_on=DAY, **fields)
        for words in ("Unload the bays.", "Fit bollards."):
            findings.plan_action(finding, by=engagement.lead_id, action=words, status="planned", owner_text="Kim")
    return served.address("corrective_actions.index", engagement=engagement_id) + "?view=board&owner=Kim"


def lane(page, status):
    return page.locator(f"[data-lane={status}]")


def test_a_card_is_dragged_to_another_column_and_the_filter_stays(browsing, board):
    page = browsing("consultant")
    page.goto(board)
    with page.expect_navigation():
        page.locator(".card-f", has_text="Fit bollards.").drag_to(lane(page, "done"))
    expect(lane(page, "done").locator(".card-f")).to_contain_text("Fit bollards.")
    expect(page.get_by_label("Owner", exact=True)).to_have_value("Kim")


def test_a_card_is_moved_without_dragging_and_without_the_script(browsing, board):
    page = browsing("consultant", java_script_enabled=False)
    page.goto(board)
    card = page.locator(".card-f", has_text="Unload the bays.")
    card.get_by_text("Move to…").click()
    card.get_by_label("Move CA-01 to").select_option("done")
    card.get_by_role("button", name="Move").click()
    expect(lane(page, "done").locator(".card-f")).to_contain_text("Unload the bays.")


def test_a_slash_opens_the_phrases_and_enter_takes_the_first(served, browsing):
    page, engagement = browsing("consultant"), served.fresh_engagement()
    page.goto(served.address("assessments.show", engagement=engagement, requirement="8.1.2"))
    box = page.get_by_label("Recommendation")
    box.fill("First and/or second.\n")
    box.press("/")
    page.keyboard.press("Enter")
    expect(box).to_have_value(f"First and/or second.\n{WORDS['8.1.2']}")
    expect(page.locator("#save-state")).to_contain_text("Saved")
    page.goto(served.address("findings.new", engagement=engagement, requirement="8.1.2"))
    expect(page.get_by_label("Recommendation")).to_have_value(f"First and/or second.\n{WORDS['8.1.2']}")
