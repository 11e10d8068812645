"""A checklist filled in Excel on site becomes the ratings of an engagement."""

from playwright.sync_api import expect

from blueprints.demo.files import CHECKLISTS
from tests.browser.walking import CLAUSES, recorded

FILE = CHECKLISTS / "fourabois.xlsx"


def test_a_checklist_is_read_previewed_and_applied(served, browsing):
    page, engagement = browsing("consultant"), served.fresh_engagement()
    page.goto(served.address("checklists.upload", engagement=engagement))
    page.get_by_label("Checklist").set_input_files(FILE)
    page.get_by_role("button", name="Read the checklist").click()
    expect(page.get_by_role("heading", name="What will change")).to_be_visible()
    expect(page.locator("main .sub").first).to_contain_text(f"{CLAUSES} new")
    assert recorded(served, engagement) == {}
    page.get_by_role("button", name="Apply all of it").click()
    expect(page.get_by_text(f"{CLAUSES} requirements were taken over.")).to_be_visible()
    assert page.locator("tbody tr").count() == CLAUSES
    assert page.locator("tbody tr", has_text="Not rated").count() == 0
    page.goto(served.address("checklists.upload", engagement=engagement))
    page.get_by_label("Checklist").set_input_files(FILE)
    page.get_by_role("button", name="Read the checklist").click()
    expect(page.get_by_text("This file was already imported on")).to_be_visible()
    expect(page.get_by_text("This file was applied.")).to_be_visible()
