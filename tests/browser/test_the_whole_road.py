"""One employer goes the whole way on pages alone: from the first gap to the rebate, with the Word files on the way."""

from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from playwright.sync_api import Page, expect

from consultancy.actions.document_templates import STARTER
from consultancy.calendar import today
from tests.browser.served import Served
from tests.document_templates.test_evidence import pdf
from workers.deliverables import write_deliverables

SIX = ("P1", "R1", "S1", "O3", "E1", "A1")  # six documents of the program
NO = {"answer-convictions", "answer-prosecution", "answer-charges", "answer-fatality"}  # asked the other way round
GAP, ABSENT = "9.3", "10.2"
DAY = today()


class Walk:
    """A consultant at a browser, with an employer that is new."""

    def __init__(self, served: Served, page: Page) -> None:
        self.served, self.page = served, page

    def type(self, **fields: str) -> None:
        """Into the fields of these names; what is picked is picked by its value."""
        for name, value in fields.items():
            box = self.page.locator(f"main [name='{name}']").first
            kind = box.evaluate("one => one.tagName === 'SELECT' ? 'select' : one.type")
            if kind == "select":
                box.select_option(value)
            elif kind == "checkbox":
                box.check()
            else:
                box.fill(value)

    def press(self, words: str, *, exact: bool = True) -> None:
        with self.page.expect_navigation() as answer:
            self.page.get_by_role("button", name=words, exact=exact).first.click()
        self.page.wait_for_load_state()
        assert answer.value.status == 200, self.page.locator(
            "main .field-error, main [role=alert], .notice"
        ).all_inner_texts()

    def follow(self, words: str) -> None:
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("link", name=words).first.click()
        self.page.wait_for_load_state()

    def open_engagement(self, kind: str, title: str, **fields: str) -> str:
        self.page.goto(self.client)
        self.follow("New engagement")
        self.type(kind=kind, title=title, opened_on=DAY.isoformat(), **fields)
        self.press("Open the engagement")
        return self.page.url

    def rate(self, engagement: str, requirement: str, level: str, seen: str = "") -> None:
        self.page.goto(f"{engagement}/assessment/{requirement}")
        self.page.locator(f"label[for='rating-{level}']").click()
        if seen:
            self.type(observation=seen)
        self.press("Save")

    def written(self, engagement: str, kind: str, subject: str = "") -> bytes:
        """Asked for on the page, written as the worker does, downloaded from its own page."""
        self.page.goto(f"{engagement}/deliverables")
        self.type(kind=kind, **({"subject": subject} if subject else {}))
        if self.page.locator(f"[name=template] option[value={STARTER}]").count():
            self.type(template=STARTER)  # the consultancy has templates of its own
        self.press("Write it")
        with self.served.app.app_context():
            assert write_deliverables() >= 1
        self.page.reload()
        with self.page.expect_download() as download:
            self.page.locator("main a[href*='/file']").first.click()
        return download.value.path().read_bytes()


@pytest.fixture
def walk(served, browsing):
    return Walk(served, browsing("owner"))


def words_of(document: bytes) -> str:
    opened = docx.Document(BytesIO(document))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in opened.paragraphs), *cells])


def test_the_whole_road_from_the_first_gap_to_the_rebate(walk, served):
    page = walk.page
    # An employer.
    page.goto(served.address("clients.new"))
    walk.type(
        legal_name="Whole Road Millwork Ltd.", trade_name="Whole Road", sector="manufacturing", jurisdiction="ontario",
        headcount="24", participation_body="jhsc", wsib_schedule="1",
    )  # fmt: skip
    walk.press("Save the client")
    walk.client = page.url

    # Gap analysis: two gaps, one of them a finding; the report in Word.
    gap = walk.open_engagement("gap_analysis", "Gap analysis")
    walk.rate(gap, "5.2", "3", "The policy hangs at the gate.")
    walk.rate(gap, GAP, "1", "One review, no minutes.")
    walk.rate(gap, ABSENT, "0", "Causes were never sought.")
    page.goto(f"{gap}/findings/new?requirement={ABSENT}")
    walk.type(requirement=ABSENT, grade="major", title="Causes are not sought", statement="3 of 3 reports name none.")
    walk.press("Save the finding")
    assert "Causes were never sought." in words_of(walk.written(gap, "gap_report"))

    # Program: roadmap from the gaps, six documents.
    program = walk.open_engagement("program_development", "Program")
    page.goto(f"{program}/roadmap")
    expect(page.locator("main")).to_contain_text(ABSENT)
    assert ABSENT in words_of(walk.written(program, "roadmap"))
    for code in SIX:
        document = walk.written(program, "policy" if code == "P1" else "procedure", code)
        assert "Whole Road" in words_of(document)

    # Training: a person, a course, the proof that was seen.
    page.goto(walk.client)
    walk.follow("Training")
    walk.follow("New person")
    walk.type(name="Ada Roy", roles="Welder")
    walk.press("Add the person")
    walk.type(course="WHMIS", done_on=(DAY - timedelta(days=30)).isoformat(), proof="Card seen.", verified="y")
    walk.press("Record it")
    expect(page.locator("main")).to_contain_text("Card seen.")

    # Corrective action, verified by another, closed; the finding closed.
    page.goto(f"{gap}/findings")
    walk.follow("Causes are not sought")
    finding = page.url
    walk.follow("Plan a corrective action")
    walk.type(
        action="Ask five times why.", owner_text="Dana", status="closed", completed_on=DAY.isoformat(), proof="Seen.",
        verified_by="Sam", verified_on=DAY.isoformat(), effect_result="effective", effect_check="4 of 4 name causes.",
    )  # fmt: skip
    walk.press("Save the action")
    page.goto(finding)
    walk.type(status="closed")
    walk.press("Save the finding")

    # Pre-audit: independence, plan, report with its conclusion.
    pre_audit = walk.open_engagement(
        "pre_audit", "Pre-audit", independence_note="The same lead; the registrar audits anew.",
        site_visit_from=DAY.isoformat(), site_visit_to=DAY.isoformat(),
    )  # fmt: skip
    walk.rate(pre_audit, ABSENT, "3", "4 of 4 reports name causes.")
    page.goto(pre_audit)
    walk.follow("Audit plan and meetings")
    assert "Whole Road" in words_of(walk.written(pre_audit, "pre_audit_report"))
    page.goto(f"{pre_audit}/evidence")
    walk.type(source="document")
    page.get_by_label("Files", exact=True).set_input_files(
        [{"name": "paper.pdf", "mimeType": "application/pdf", "buffer": pdf()}]
    )
    expect(page.locator("[data-sent] .done")).to_have_count(1, timeout=60_000)  # looked at in the confined child

    # Certificate.
    page.goto(walk.client)
    walk.follow("Certificates")
    walk.follow("New certificate")
    walk.type(
        standard="iso45001", standing="in_force", registrar="BSI", number="700123", lead_auditor="Jo Park, PECB 12345",
        issued_on=DAY.isoformat(), expires_on=date(DAY.year + 3, 1, 1).isoformat(),
        audit_on=(DAY - timedelta(days=20)).isoformat(), audit_closed_on=(DAY - timedelta(days=2)).isoformat(),
    )  # fmt: skip
    walk.press("Save the certificate")

    # SOSE: the application, its papers, the pack.
    page.goto(walk.client)
    walk.follow("Recognition")
    walk.press("Prepare an application")
    application = page.url
    certificate = page.locator("[name=certificate_id] option").nth(1).get_attribute("value")
    walk.type(certificate_id=certificate)
    for box in page.locator("select[name^='answer-']").all():
        box.select_option("no" if box.get_attribute("name") in NO else "yes")
    walk.press("Save the application")
    for number in range(page.locator("#pack form").count()):
        form = page.locator("#pack form").nth(number)
        form.locator("select").select_option(index=1)
        with page.expect_navigation():
            form.get_by_role("button", name="Lay it in").click()
    page.goto(application)
    with page.expect_download() as pack:
        page.get_by_role("link", name="Application pack").click()
    with ZipFile(pack.value.path()) as archive:
        assert any("E.R.Application_Signe" in name for name in archive.namelist())
    walk.type(applied_on=DAY.isoformat())
    walk.press("Record the application")
    expect(page.locator("main")).to_contain_text("Applied on")

    # HSEp: a plan with a topic from the open gaps.
    page.goto(walk.client)
    walk.follow("HSEp plans")
    walk.type(provider="Harbour Safety")
    walk.press("Begin the plan")
    walk.press("Choose", exact=False)

    # Rebate: premiums, outlook, the sheet.
    page.goto(walk.client)
    walk.follow("Rebates")
    walk.type(year=str(DAY.year - 1), amount="11840.00", predictability="low")
    walk.press("Save the premiums")
    expect(page.locator("main")).to_contain_text("estimate")
    assert "estimate" in words_of(walk.written(program, "rebate_sheet")).lower()
