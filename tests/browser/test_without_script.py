"""The whole way from signing in to a requested deliverable, in a browser that runs no script."""

from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.screens import PEOPLE
from tests.browser.walking import recorded


def test_an_engagement_is_worked_through_without_a_script(served, browsing):
    page = browsing(java_script_enabled=False)
    sign_in(page, served.url, PEOPLE["consultant"])
    page.get_by_role("link", name="Tolmie").first.click()
    page.get_by_role("link", name="New engagement").click()
    page.get_by_label("Title").fill("Without a script")
    page.get_by_role("button", name="Open the engagement").click()
    expect(page.get_by_text("The engagement is open.")).to_be_visible()
    engagement = page.url.rsplit("/", 1)[1]

    page.get_by_role("link", name="Rate 4.1").click()
    page.locator("label[for=rating-0]").click()
    page.get_by_label("Observation", exact=True).fill("No context register.")
    page.get_by_role("button", name="Save and next").first.click()
    expect(page.locator("h1 .n")).to_have_text("4.2")

    page.get_by_role("link", name="Findings").first.click()
    page.get_by_role("link", name="Write it 4.1").click()
    page.get_by_label("Title").fill("Nobody wrote the context down")
    page.get_by_role("button", name="Save the finding").click()
    page.get_by_role("link", name="Nobody wrote the context down").click()
    page.get_by_role("link", name="Plan a corrective action").click()
    page.get_by_label("Corrective action", exact=False).last.fill("Write the register")
    page.get_by_role("button", name="Save the action").click()
    expect(page.get_by_role("link", name="Write the register")).to_be_visible()

    page.get_by_role("link", name="Deliverables").first.click()
    page.get_by_label("Deliverable", exact=True).select_option("gap_report")
    page.get_by_role("button", name="Write it").click()
    expect(page.get_by_text("Waiting for its turn.")).to_be_visible()
    assert recorded(served, engagement)["4.1"] == (0, "", ["No context register."])
