"""A consultancy with one assessed engagement, as large or as small as a test needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from flask import Flask

from consultancy.models.assessment import Assessment, Observation, Rating
from consultancy.models.engagement import Engagement
from consultancy.reports import ASSEMBLE
from consultancy.standards import catalogue
from document_templates.rendering import render
from tenants.database import db
from tests.factories import (
    make_assessment,
    make_assignment,
    make_client,
    make_contact,
    make_engagement,
    make_engagement_site,
    make_member,
    make_site,
    make_tenant,
)

STARTERS = Path(__file__).resolve().parents[3] / "document_templates" / "starters"
TODAY = date(2026, 3, 26)
ISO = catalogue.find("iso45001-2018-amd1")


@contextmanager
def practice(app: Flask) -> Iterator[None]:
    with app.app_context():
        make_tenant(slug="northgate")
        yield
        db.session.rollback()


def engagement(kind: str = "gap_analysis", *, contacts: bool = True, client: Any = None, **columns: Any) -> Engagement:
    client = client or make_client(legal_name="Tolmie Metal Fabrication Ltd.", trade_name="Tolmie")
    lead, reviewer = make_member(), make_member()
    texts = columns.pop("texts", {})
    made = make_engagement(client=client, kind=kind, lead=lead, texts=texts, closed_on=None, **columns)
    made.closed_on = None
    make_assignment(engagement=made, member=lead, part="lead")
    make_assignment(engagement=made, member=reviewer, part="reviewer")
    site = make_site(client=client, name="Main plant", address="1190 Foundrymen Rd, Brantford ON  N3T 9Z9")
    make_engagement_site(engagement=made, site=site)
    if contacts:
        make_contact(client=client, part="sponsor", name="Dale Tolmie", title="President")
        make_contact(client=client, part="coordinator", name="Marie-Ève Gagnon", title="H&S Coordinator")
        make_contact(client=client, part="jhsc_worker", name="Rui Figueiredo", title="Welder")
    db.session.flush()
    return made


def assessed(made: Engagement) -> Assessment:
    return make_assessment(engagement=made)


def rate(assessment: Assessment, code: str, level: int | None, *seen: str, **columns: Any) -> Rating:
    rating = Rating(
        assessment_id=assessment.id,
        requirement=code,
        level=level,
        state=columns.pop("state", "rated" if level is not None else "not_verified"),
        **columns,
    )
    db.session.add(rating)
    db.session.flush()
    for place, words in enumerate(seen):
        db.session.add(Observation(rating_id=rating.id, text=words, method="document", evidence=f"E {code} {place}"))
    db.session.flush()
    return rating


def rate_all(assessment: Assessment, count: int = 40) -> list[str]:
    """Rate the first requirements, every level in turn; the observations made."""
    said = []
    for place, requirement in enumerate(ISO.requirements[:count]):
        code = requirement.code
        words = [f'{code}: seen <first> & "quoted", {"x" * 300}', f"{code}: line one\nline two"]
        said += words
        rate(assessment, requirement.code, place % 4, *words, recommendation=f"Mend {requirement.code}",
             effort_text=("2 d", "4 h", "1 d + capital", "")[place % 4], priority=("high", "low")[place % 2],
             due=(None, date(2026, 3, 1), date(2026, 4, 2), date(2026, 8, 1), date(2028, 1, 1))[place % 5])  # fmt: skip
    return said


def assemble(kind: str, made: Engagement, subject: str = "", **changed: Any) -> tuple[str, dict[str, Any]]:
    given = {"number": "TOLMIE-X-2026-01", "version": "1.0", "language": "en", "today": TODAY} | changed
    return ASSEMBLE[kind](made, subject=subject, **given)


def written(kind: str, fields: dict[str, Any]) -> docx.document.Document:
    return docx.Document(BytesIO(render((STARTERS / f"{kind}.docx").read_bytes(), fields)))


def words_of(document: docx.document.Document) -> str:
    """All paragraphs, those in tables too, one a line; a break inside a paragraph is a line as well."""
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    text, line = f"{space}t", f"{space}br"
    return "\n".join(
        "".join("\n" if piece.tag == line else piece.text or "" for piece in one.iter(text, line))
        for one in document.element.body.iter(f"{space}p")
    )
