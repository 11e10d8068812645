"""Many deliverables at once: one request, an item for each engagement, and only the failures are tried again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consultancy.actions import bulk_requests, deliverables
from consultancy.actions.bulk_requests import NothingChosen, NothingFailed, OtherRequest, TooManyChosen
from consultancy.actions.engagements import open_engagement
from consultancy.calendar import today
from consultancy.models.bulk_request import BulkItem
from consultancy.models.deliverable import Deliverable
from consultancy.queries import assessments
from consultancy.queries import bulk_requests as asked
from tenants.database import db, now
from tenants.limits import BULK_ITEMS
from tests.consultancy.actions.conftest import ISO
from tests.consultancy.reports.practice import rate
from tests.factories import (
    DAY,
    make_assignment,
    make_client,
    make_contact,
    make_engagement_site,
    make_evidence,
    make_evidence_link,
    make_finding,
    make_register_entry,
    make_site,
)
from tests.practice import statements_of

KEY = "k" * 24


@pytest.fixture
def engagements(office):
    """Two that are rated, one that is not."""
    made = [office.open(title=f"Gap {number}") for number in range(3)]
    for one in made[:2]:
        rate(assessments.of_engagement(one), "4.1", 2)
    return made


def ask(office, engagements, **changes):
    given = {"kind": "gap_report", "language": "en", "request_key": KEY, "by": office.member.id}
    return bulk_requests.request_in_bulk(engagements, **(given | changes))


def collect_all(request):
    for item in db.session.scalars(sa.select(BulkItem).where(BulkItem.bulk_request_id == request.id)).all():
        bulk_requests.collect(item.id, today=today())
    return asked.progress([request])[request.id]


def test_each_engagement_becomes_a_deliverable_or_a_reason(office, engagements):
    request = ask(office, engagements)
    assert asked.progress([request])[request.id].waiting == 3
    progress = collect_all(request)
    assert (progress.queued, progress.failed, progress.total) == (2, 1, 3)
    problems = {item.engagement.title: item.problem for item in asked.items(request)}
    assert problems["Gap 0"] == problems["Gap 1"] == ""
    assert "rated" in problems["Gap 2"]


def test_collecting_twice_makes_nothing_twice(office, engagements):
    request = ask(office, engagements)
    collect_all(request)
    collect_all(request)
    assert db.session.scalar(sa.select(sa.func.count(Deliverable.id))) == 2


def test_what_is_collected_together_is_what_is_collected_alone_at_the_price_of_one(office):
    def open_for_new_client(number):
        client = make_client(code=f"C{number}", legal_name=f"Employer {number} Ltd.")
        make_contact(client=client, part="sponsor", name=f"Sponsor {number}")
        site = make_site(client=client, name=f"Site {number}", address=f"{number} Mill Street, Guelph, ON")
        one = open_engagement(
            client, kind="gap_analysis", standard=ISO, title="Gap", language=("en", "fr")[number % 2], opened_on=DAY,
            by=office.member.id, lead=(office.member, office.other)[number % 2],
        )  # fmt: skip
        assessment = assessments.of_engagement(one)
        rate(assessment, "4.1", number % 4, f"Seen at {number}.", "Seen again.")
        rate(assessment, "4.2", 1, f"Seen at the site of {number}.", site_id=site.id)
        make_finding(engagement=one, grade=("major", "ofi")[number % 2], requirement="4.1", title=f"Finding {number}")
        make_evidence_link(
            evidence=make_evidence(engagement=one, title=f"Photo {number}", state="clean"), assessment=assessment,
            requirement="4.1",
        )  # fmt: skip
        make_engagement_site(engagement=one, site=site)
        make_assignment(engagement=one, member=(office.other, office.member)[number % 2])
        make_register_entry(engagement=one, document=f"P{number + 1}", state=("have", "missing")[number % 2])
        return one

    made = [open_for_new_client(number) for number in range(5)]
    request = ask(office, made, language=bulk_requests.BOTH)
    office.session.commit()
    ids = [item.id for item in asked.items(request)]

    def collected(*groups):
        """What became of them, and how many statements the first group took."""
        took = []
        for group in groups:
            with statements_of(db.engine) as seen:
                bulk_requests.collect(*group, today=today())
            took.append(len(seen))
        frozen = {
            (one.number, one.language): (one.title, one.snapshot, one.brand, one.requested_by_id)
            for one in db.session.scalars(sa.select(Deliverable))
        }
        db.session.rollback()
        return frozen, took[0]

    alone, price_of_one = collected(*([one] for one in ids))
    together, price_of_all = collected(ids)
    assert len(alone) == 10
    assert together == alone
    assert price_of_all <= price_of_one + 2


def test_the_same_form_sent_twice_is_one_request_and_with_another_choice_is_refused(office, engagements):
    assert ask(office, engagements).id == ask(office, engagements).id
    with pytest.raises(OtherRequest):
        ask(office, engagements[:1])


def test_nothing_and_too_much_are_refused(office, engagements):
    with pytest.raises(NothingChosen):
        ask(office, [])
    with pytest.raises(TooManyChosen):
        ask(office, engagements[:1] * (BULK_ITEMS + 1))


def test_only_the_failures_are_tried_again(office, engagements):
    request = ask(office, engagements)
    collect_all(request)
    items = {item.engagement.title: item for item in asked.items(request)}
    written, broken = items["Gap 0"].deliverable, items["Gap 1"].deliverable
    written.production, written.sha256 = "ready", "0" * 64
    broken.production = "failed"
    rate(assessments.of_engagement(engagements[2]), "4.1", 1)
    assert bulk_requests.retry_failed(request, by=office.other.id) == 2
    assert (written.production, broken.production) == ("ready", "queued")
    progress = collect_all(request)
    assert (progress.ready, progress.queued, progress.failed) == (1, 2, 0)
    db.session.refresh(items["Gap 2"])
    assert items["Gap 2"].asked_by_id == office.other.id


@pytest.mark.parametrize("bad", ["failed", "cancelled"])
def test_an_edition_that_was_written_is_not_written_again_because_the_other_was_not(office, engagements, bad):
    request = ask(office, engagements[:1], language="both")
    collect_all(request)
    (item,) = asked.items(request)
    good, other = item.editions
    good.production, good.sha256, good.file_key = "ready", "0" * 64, "t/one"
    other.production, frozen = bad, other.snapshot_sha256
    assert bulk_requests.retry_failed(request, by=office.other.id) == 1
    collect_all(request)
    db.session.refresh(item)
    assert [one.id for one in item.editions] == [good.id, other.id]
    assert (good.production, other.production) == ("ready", "queued")
    assert (other.snapshot_sha256, other.requested_by_id) == (frozen, office.other.id)
    assert db.session.scalar(sa.select(sa.func.count(Deliverable.id))) == 2


def test_without_failures_there_is_nothing_to_try_again(office, engagements):
    request = ask(office, engagements[:2])
    collect_all(request)
    with pytest.raises(NothingFailed):
        bulk_requests.retry_failed(request, by=office.member.id)


def test_what_was_cancelled_is_collected_anew(office, engagements):
    request = ask(office, engagements[:1])
    collect_all(request)
    (item,) = asked.items(request)
    deliverables.cancel(item.deliverable, by=office.member.id)
    assert asked.progress([request])[request.id].failed == 1
    bulk_requests.retry_failed(request, by=office.member.id)
    assert collect_all(request).queued == 1


def test_an_engagement_closed_meanwhile_and_a_requester_who_left_are_named(office, engagements):
    request = ask(office, engagements[:2])
    engagements[0].closed_on = DAY
    collect_all(request)
    assert [item.problem for item in asked.items(request) if item.engagement is engagements[0]] == ["closed"]
    other = ask(office, engagements[1:2], request_key="l" * 24)
    office.member.left_on = today() - timedelta(days=1)
    collect_all(other)
    assert [item.problem for item in asked.items(other)] == ["left"]


def test_no_item_comes_before_its_time(office, engagements):
    ask(office, engagements[:1], not_before=now() + timedelta(hours=1))
    office.session.commit()
    assert bulk_requests.next_item() is None
    assert deliverables.due() == 0
    ask(office, engagements[1:2], request_key="l" * 24)
    office.session.commit()
    assert deliverables.due() == 1
    assert bulk_requests.next_item() is not None
