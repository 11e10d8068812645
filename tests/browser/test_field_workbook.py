"""The visit without a network, from the page: a workbook is downloaded, filled, brought back, decided on, applied."""

from playwright.sync_api import expect

from tests.browser.walking import recorded
from tests.document_templates.filled_workbooks import filled


def test_a_workbook_goes_to_the_site_and_comes_back(served, browsing, tmp_path):
    page, engagement = browsing("consultant"), served.fresh_engagement()
    page.goto(served.address("field_workbooks.index", engagement=engagement))
    expect(page.get_by_text("No workbook yet")).to_be_visible()
    page.get_by_role("button", name="Make the workbook").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the workbook").click()
    answers = {"4.1": {"r": "2 Developing", "n": "Seen on the floor."}, "4.2": {"r": "Not applicable"}}
    carried = tmp_path / "visit.docx"
    carried.write_bytes(filled(download.value.path().read_bytes(), answers, visited="2026-03-05"))
    page.get_by_label("Filled workbook").set_input_files(carried)
    page.get_by_role("button", name="Read the workbook").click()
    expect(page.get_by_role("heading", name="What the workbook changes")).to_be_visible()
    expect(page.get_by_label("Seen on")).to_have_value("2026-03-05")
    assert recorded(served, engagement) == {}
    page.get_by_role("button", name="Apply all of it").click()
    expect(page.get_by_text("Say why these do not apply: 4.2.")).to_be_visible()
    page.get_by_label("4.2: why does it not apply?").fill("One site only.")
    page.get_by_role("button", name="Apply all of it").click()
    expect(page.get_by_text("2 requirements were taken over.")).to_be_visible()
    assert set(recorded(served, engagement)) == {"4.1", "4.2"}
