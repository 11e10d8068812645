"""Steps that several walks share."""

from uuid import UUID

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from consultancy.models.engagement import Engagement
from consultancy.queries import assessments
from tests.browser.served import Served
from tests.factories import entered

CLAUSES = 40


def desk(served: Served, page: Page, engagement: UUID, requirement: str) -> None:
    page.goto(served.address("assessments.show", engagement=engagement, requirement=requirement))


def saved(page: Page) -> None:
    """Wait until the page says that what was typed is on the server."""
    expect(page.locator("#save-state")).to_contain_text("Saved")


def recorded(served: Served, engagement: UUID) -> dict[str, tuple[int | None, str, list[str]]]:
    """Per requirement what the database holds: level, recommendation, observations."""
    with entered(served.app, served.tenant) as session:
        row = session.scalars(sa.select(Engagement).where(Engagement.id == engagement)).one()
        judged = assessments.judged(assessments.of_engagement(row))
        return {
            code: (one.rating.level, one.rating.recommendation, [seen.text for seen in one.observations])
            for code, one in judged.items()
        }
