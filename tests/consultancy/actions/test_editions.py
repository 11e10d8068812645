"""One request in two languages: one number and version, one moment's data, two files that go their own way."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from consultancy.actions import bulk_requests, deliverables
from consultancy.actions.deliverables import OtherRequest
from consultancy.calendar import today
from consultancy.models.assessment import Rating
from consultancy.models.bulk_request import BulkItem
from consultancy.models.deliverable import Deliverable
from consultancy.queries import assessments
from consultancy.queries import bulk_requests as asked
from consultancy.queries import deliverables as reading
from tenants.audit import AuditEntry
from tenants.database import db, transaction
from tenants.moments import one_moment
from tests.consultancy.actions.test_deliverables import TODAY, Practice, committed_practice, practice  # noqa: F401
from tests.consultancy.reports.practice import rate
from tests.consultancy.reports.test_french_reports import facts
from tests.practice import statements_of

BOTH = ("en", "fr")


def request_both(here: Practice, key: str, **changed: Any) -> dict[str, UUID]:
    with here.at_work() as engagement:
        wanted = {"kind": "gap_report", "languages": BOTH, "request_key": key, "by": here.member, "today": TODAY}
        return {one.language: one.id for one in deliverables.request_editions(engagement, **(wanted | changed))}


def get(here: Practice, row: UUID) -> Deliverable:
    return db.session.get_one(Deliverable, (here.tenant, row))


def write_all(here: Practice) -> None:
    while True:
        with here.app.app_context(), transaction():
            claim = deliverables.claim_next(30)
        if claim is None:
            return
        with here.at_work():
            deliverables.complete(claim, file_key=f"t/{claim.deliverable_id}", sha256="0" * 64, size=1)


def test_both_editions_have_one_number_one_version_and_the_same_facts(practice):  # noqa: F811
    rows = request_both(practice, "key-1")
    with practice.at_work():
        english, french = (get(practice, rows[language]) for language in BOTH)
        assert english.number == french.number == "TOLMIE-GAP-2026-01"
        assert english.version == french.version == "1.0"
        assert [english.file_name[-12:], french.file_name[-12:]] == ["v1.0-EN.docx", "v1.0-FR.docx"]
        assert (english.title, french.title) == ("Gap analysis report", "Rapport d’analyse des écarts")
        assert facts(english.snapshot) == facts(french.snapshot)
        assert english.snapshot["document"]["created"] == french.snapshot["document"]["created"]
        assert (english.template, french.template) == ("gap_report", "gap_report.fr")
        noted = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.verb == "deliverable.requested").order_by(AuditEntry.number)
        ).all()
        assert [one.subject_id for one in noted] == [english.id, french.id]


def test_the_same_form_sent_twice_is_one_request_and_with_other_languages_is_refused(practice):  # noqa: F811
    assert request_both(practice, "key-1") == request_both(practice, "key-1")
    assert practice.rows() == 2
    for languages in (("en",), ("fr",)):
        with pytest.raises(OtherRequest):
            request_both(practice, "key-1", languages=languages)
    practice.request("key-2")
    with pytest.raises(OtherRequest):
        request_both(practice, "key-2")
    assert practice.rows() == 3


def test_each_edition_is_released_on_its_own_and_supersedes_its_own_language_only(practice):  # noqa: F811
    first = request_both(practice, "key-1")
    write_all(practice)
    practice.do(deliverables.release, first["en"])
    assert practice.state(first["fr"]) == ("ready", "draft")
    practice.do(deliverables.release, first["fr"])
    assert practice.state(first["en"]) == ("ready", "released")
    second = request_both(practice, "key-2")
    write_all(practice)
    assert practice.label(second["fr"]).endswith("v2.0")
    practice.do(deliverables.release, second["fr"])
    assert practice.state(first["fr"]) == ("ready", "superseded")
    assert practice.state(first["en"]) == ("ready", "released")
    with practice.at_work():
        english, french = (get(practice, second[language]) for language in BOTH)
        assert [one["version"] for one in english.snapshot["versions"]] == ["1.0", "2.0"]
        assert facts(english.snapshot) == facts(french.snapshot)
        assert reading.compared_with(french).id == first["fr"]
        assert reading.compared_with(english).id == first["en"]


def test_one_edition_after_the_other_is_a_version_of_its_own(practice):  # noqa: F811
    practice.request("key-1")
    assert practice.label(practice.request("key-2", language="fr")).endswith("v1.1")


def test_two_editions_cost_one_read_of_the_record(practice):  # noqa: F811
    def reads(languages: tuple[str, ...]) -> int:
        with practice.at_work() as engagement:
            given = {"kind": "gap_report", "request_key": "-".join(languages), "by": None, "today": TODAY}
            with statements_of(db.engine) as seen:
                deliverables.request_editions(engagement, languages=languages, **given)
        tables = ("rating", "finding", "contact", "site")
        return sum(words.startswith("SELECT") and any(f"FROM {name}" in words for name in tables) for words in seen)

    assert 0 < reads(("en", "fr")) == reads(("fr",))


def test_what_is_written_meanwhile_belongs_to_the_next_moment(committed_practice):  # noqa: F811
    def rated() -> int:
        return len(db.session.scalars(sa.select(Rating)).all())

    with committed_practice.at_work() as engagement:
        with one_moment():
            before = rated()
            with committed_practice.at_work() as again:
                rate(assessments.of_engagement(again), "10.3", 2)
            assert rated() == before
            assert db.session.scalars(sa.select(Rating).where(Rating.requirement == "10.3")).all() != []
        assert rated() == before + 1
        assert engagement.id == committed_practice.engagement


def test_a_bulk_request_makes_both_editions_and_is_as_far_as_the_one_that_lags(office):
    made = office.open()
    rate(assessments.of_engagement(made), "4.1", 2)
    request = bulk_requests.request_in_bulk(
        [made], kind="gap_report", language=bulk_requests.BOTH, request_key="k" * 24, by=office.member.id
    )
    item = db.session.scalars(sa.select(BulkItem)).one()
    bulk_requests.collect(item.id, today=today())
    db.session.expire_all()
    assert [one.language for one in item.editions] == ["en", "fr"]
    assert len({one.version for one in item.editions}) == 1
    assert asked.progress([request])[request.id].queued == 1
    english, french = item.editions
    english.production, english.sha256 = "ready", "0" * 64
    french.production, french.failure = "failed", "It was too long."
    db.session.flush()
    assert asked.progress([request])[request.id].failed == 1
    assert bulk_requests.retry_failed(request, by=office.member.id) == 1
    assert (english.production, french.production) == ("ready", "queued")
    assert asked.progress([request])[request.id].queued == 1
    french.production, french.sha256 = "ready", "0" * 64
    db.session.flush()
    assert asked.progress([request])[request.id].ready == 1


@pytest.mark.parametrize("own", ["en", "fr"])
def test_a_bulk_request_in_each_engagements_own_language(office, own):
    made = office.open(language=own)
    rate(assessments.of_engagement(made), "4.1", 2)
    bulk_requests.request_in_bulk([made], kind="gap_report", language="", request_key="k" * 24, by=office.member.id)
    item = db.session.scalars(sa.select(BulkItem)).one()
    bulk_requests.collect(item.id, today=today())
    assert [one.language for one in item.editions] == [own]
