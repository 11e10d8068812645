"""Client and partner see what was meant for them, and nothing of anybody else."""

from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import expect

from blueprints.demo.files import rows
from consultancy.models.deliverable import Deliverable
from tests.factories import entered

STRANGERS = [row["trade_name"] for row in rows("employers") if row["client_id"] != "tolmie"]


def test_a_client_sees_their_released_documents_and_no_other_employer(served, browsing):
    page = browsing("client")
    page.goto(served.url)
    expect(page.get_by_role("heading", name="Your documents")).to_be_visible()
    links = page.locator("main a[href$='/file']")
    assert sorted(links.evaluate_all("all => all.map((one) => one.href)")) == sorted(
        served.address("portal.download", deliverable=one) for one in released_to_client(served)
    )
    assert [name for name in STRANGERS if name in page.content()] == []
    assert [word for word in ("Draft", "Superseded", "Withdrawn") if page.get_by_text(word, exact=True).count()] == []
    with page.expect_download() as download:
        links.last.click()  # last year’s report, released first, is a row without a file
    assert Path(download.value.suggested_filename).suffix == ".docx"


def released_to_client(served):
    with entered(served.app, served.tenant) as session:
        mine = sa.and_(Deliverable.client_id == served.places["client"], Deliverable.standing == "released")
        return session.scalars(sa.select(Deliverable.id).where(mine)).all()


def test_a_partner_sees_consented_engagements_in_six_columns_and_no_way_further(served, browsing):
    page = browsing("partner")
    page.goto(served.url)
    expect(page.get_by_role("heading", name="Your members")).to_be_visible()
    assert page.locator("thead th").count() == 6
    assert page.locator("tbody tr").count() > 0
    assert page.locator("tbody a").count() == 0
