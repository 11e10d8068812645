"""From the request to the client's hands: numbers, versions, what is allowed when, and what the trail says."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from consultancy.actions import deliverables
from consultancy.actions.deliverables import Claim, ClaimLost, OtherRequest, PlacesLeft, WrongState
from consultancy.actions.engagements import EngagementClosed, open_engagement
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.reports import MissingData, UnknownKind
from tenants.audit import AuditEntry, broken_link
from tenants.database import db, transaction
from tests.conftest import CopiedDatabase
from tests.factories import DAY, entered, found_tenant, make_client, make_deliverable, make_member
from tests.workers.documents import rated_engagement

TODAY = date(2026, 11, 2)
TOGETHER = 20


@dataclass(frozen=True)
class Practice:
    """A consultancy with a rated gap analysis at Tolmie. Each `with` is a session of its own, committed at its end."""

    app: Flask
    tenant: UUID
    engagement: UUID
    member: UUID

    @contextmanager
    def at_work(self) -> Iterator[Engagement]:
        with self.app.app_context():
            db.session().enter(self.tenant)
            with transaction():
                yield db.session.get_one(Engagement, (self.tenant, self.engagement))

    def request(self, key: str, kind: str = "gap_report", **changed: Any) -> UUID:
        with self.at_work() as engagement:
            wanted = {"kind": kind, "language": "en", "request_key": key, "by": self.member, "today": TODAY} | changed
            return deliverables.request_deliverable(engagement, **wanted).id

    def do(self, verb: Callable[..., None], row: UUID, **more: Any) -> None:
        with self.at_work():
            verb(db.session.get_one(Deliverable, (self.tenant, row)), by=self.member, **more)

    def write(self, row: UUID) -> Claim:
        """As the queue does it: claimed, stored, ready."""
        with self.app.app_context(), transaction():
            claim = deliverables.claim_next(30)
        assert claim is not None
        assert claim.deliverable_id == row
        with self.at_work():
            deliverables.complete(claim, file_key=f"t/{row}", sha256="0" * 64, size=1)
        return claim

    def written(self, key: str, **changed: Any) -> UUID:
        row = self.request(key, **changed)
        self.write(row)
        return row

    def label(self, row: UUID) -> str:
        with self.at_work():
            one = db.session.get_one(Deliverable, (self.tenant, row))
            return f"{one.number} v{one.version}"

    def state(self, row: UUID) -> tuple[str, str]:
        with self.at_work():
            one = db.session.get_one(Deliverable, (self.tenant, row))
            return one.production, one.standing

    def entries(self, row: UUID) -> list[str]:
        with self.at_work():
            found = db.session.scalars(
                sa.select(AuditEntry.verb).where(AuditEntry.subject_id == row).order_by(AuditEntry.number)
            )
            return [verb.removeprefix("deliverable.") for verb in found]

    def rows(self) -> int:
        with self.at_work():
            return db.session.scalar(sa.select(sa.func.count(Deliverable.id))) or 0


def open_practice(app: Flask) -> Practice:
    tenant = found_tenant(app, slug="northgate")
    with entered(app, tenant):
        lead = make_member()
        return Practice(app, tenant, rated_engagement(make_client(code="TOLMIE"), lead), lead.id)


@pytest.fixture
def practice(database_app: Flask) -> Practice:
    return open_practice(database_app)


@pytest.fixture
def committed_practice(copied_database: CopiedDatabase) -> Practice:
    """Real commits, for what happens at the same time."""
    return open_practice(copied_database.app)


def together(act: Callable[[int], Any], many: int = TOGETHER) -> list[Any]:
    """Do it in so many threads that begin at the same moment; what each answered or raised."""
    barrier = threading.Barrier(many)

    def one(number: int) -> Any:
        barrier.wait(60)
        try:
            return act(number)
        except WrongState as refusal:
            return refusal

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(one, range(many)))


def test_the_first_report_of_a_client_is_number_one_version_one(practice: Practice):
    assert practice.label(practice.request("key-1")) == "TOLMIE-GAP-2026-01 v1.0"


def test_drafts_count_up_and_a_release_opens_the_next_version(practice: Practice):
    first, second = practice.written("key-1"), practice.written("key-2")
    assert practice.label(second) == "TOLMIE-GAP-2026-01 v1.1"
    practice.do(deliverables.release, second)
    third, fourth = practice.written("key-3"), practice.written("key-4")
    assert [practice.label(row)[-4:] for row in (first, third, fourth)] == ["v1.0", "v2.0", "v2.1"]
    practice.do(deliverables.release, fourth)
    assert practice.label(practice.request("key-5")) == "TOLMIE-GAP-2026-01 v3.0"


def test_versions_count_as_numbers_and_not_as_words(practice: Practice):
    labels = [practice.label(practice.request(f"key-{n}")) for n in range(12)]
    assert labels[-2:] == ["TOLMIE-GAP-2026-01 v1.10", "TOLMIE-GAP-2026-01 v1.11"]


def test_another_kind_and_another_engagement_have_numbers_of_their_own(practice: Practice):
    practice.request("key-1")
    assert practice.label(practice.request("key-2", kind="roadmap")).startswith("TOLMIE-")
    assert practice.label(practice.request("key-3", kind="roadmap")).endswith("v1.1")
    with practice.at_work() as engagement:
        again = rated_engagement(engagement.client, engagement.lead)
    other = Practice(practice.app, practice.tenant, again, practice.member)
    assert other.label(other.request("key-4")) == "TOLMIE-GAP-2026-02 v1.0"


def test_a_draft_older_than_what_the_client_has_is_not_released(practice: Practice):
    old, new = practice.written("key-1"), practice.written("key-2")
    practice.do(deliverables.release, new)
    with pytest.raises(WrongState):
        practice.do(deliverables.release, old)
    practice.do(deliverables.withdraw, new, reason="wrong site")
    with pytest.raises(WrongState):
        practice.do(deliverables.release, old)
    assert (practice.state(old), practice.state(new)) == (("ready", "draft"), ("ready", "withdrawn"))


def test_a_manual_with_places_to_fill_in_is_not_released(practice: Practice):
    with practice.at_work() as engagement:
        row = make_deliverable(engagement=engagement, kind="manual", snapshot={"manual": {"placeholders": 2}}).id
    with pytest.raises(PlacesLeft) as refused:
        practice.do(deliverables.release, row)
    assert refused.value.args[1] == 2
    assert practice.state(row) == ("ready", "draft")


@pytest.mark.parametrize(("kind", "left"), [("manual", 0), ("policy", 2)])
def test_a_manual_without_places_and_a_paper_with_some_are_released(practice: Practice, kind: str, left: int):
    with practice.at_work() as engagement:
        row = make_deliverable(engagement=engagement, kind=kind, snapshot={"manual": {"placeholders": left}}).id
    practice.do(deliverables.release, row)
    assert practice.state(row) == ("ready", "released")


def test_a_manual_filled_in_by_hand_is_released(practice: Practice):
    with practice.at_work() as engagement:
        written = {"engagement": engagement, "kind": "manual", "snapshot": {"manual": {"placeholders": 2}}}
        first = make_deliverable(number="TOLMIE-MAN-2026-01", **written)
        edited = make_deliverable(number="TOLMIE-MAN-2026-01", version="1.1", edited_from_id=first.id, **written).id
    practice.do(deliverables.release, edited)
    assert practice.state(edited) == ("ready", "released")


def test_a_release_supersedes_the_one_before_and_the_trail_says_both(practice: Practice):
    old, new = practice.written("key-1"), practice.written("key-2")
    practice.do(deliverables.release, old)
    practice.do(deliverables.release, new)
    assert (practice.state(old), practice.state(new)) == (("ready", "superseded"), ("ready", "released"))
    assert practice.entries(old) == ["requested", "written", "released", "superseded"]
    assert practice.entries(new) == ["requested", "written", "released"]


def test_what_is_not_written_is_neither_released_nor_downloaded(practice: Practice):
    row = practice.request("key-1")
    for verb in (deliverables.release, deliverables.hand_over, deliverables.retry):
        with pytest.raises(WrongState):
            practice.do(verb, row)
    with pytest.raises(WrongState):
        practice.do(deliverables.withdraw, row, reason="never released")
    assert practice.entries(row) == ["requested"]


def test_a_released_document_is_released_once_and_withdrawn_once(practice: Practice):
    row = practice.written("key-1")
    practice.do(deliverables.release, row)
    with pytest.raises(WrongState):
        practice.do(deliverables.release, row)
    practice.do(deliverables.withdraw, row, reason="wrong site")
    with pytest.raises(WrongState):
        practice.do(deliverables.withdraw, row, reason="again")
    assert practice.state(row) == ("ready", "withdrawn")
    assert practice.entries(row) == ["requested", "written", "released", "withdrawn"]


def test_every_download_is_one_entry(practice: Practice):
    row = practice.written("key-1")
    practice.do(deliverables.hand_over, row)
    practice.do(deliverables.hand_over, row)
    assert practice.entries(row) == ["requested", "written", "downloaded", "downloaded"]


def test_the_whole_way_is_recorded_in_one_unbroken_trail(practice: Practice):
    row = practice.written("key-1")
    practice.do(deliverables.release, row)
    practice.do(deliverables.hand_over, row)
    assert practice.entries(row) == ["requested", "written", "released", "downloaded"]
    with practice.at_work():
        assert broken_link() is None


def test_the_same_form_sent_twice_is_one_request(practice: Practice):
    assert practice.request("key-1") == practice.request("key-1")
    assert practice.rows() == 1


def test_a_form_that_was_changed_after_it_was_sent_needs_a_new_key(practice: Practice):
    practice.request("key-1")
    with pytest.raises(OtherRequest):
        practice.request("key-1", kind="roadmap")
    assert practice.rows() == 1


def test_a_report_of_nothing_and_a_kind_nobody_knows_are_refused(practice: Practice):
    with practice.at_work() as engagement:
        empty = open_engagement(
            engagement.client, kind="gap_analysis", standard="iso45001-2018-amd1", title="Nothing yet",
            language="en", opened_on=DAY, by=practice.member,
        ).id  # fmt: skip
    unrated = Practice(practice.app, practice.tenant, empty, practice.member)
    with pytest.raises(MissingData):
        unrated.request("key-1")
    with pytest.raises(UnknownKind):
        practice.request("key-2", kind="horoscope")
    assert practice.rows() == 0


def test_a_waiting_document_is_cancelled_and_one_in_hand_is_not(practice: Practice):
    waiting = practice.request("key-1")
    practice.do(deliverables.cancel, waiting)
    assert practice.entries(waiting) == ["requested", "cancelled"]
    with pytest.raises(WrongState, match="cancelled"):
        practice.do(deliverables.cancel, waiting)
    in_hand = practice.request("key-2")
    with practice.app.app_context(), transaction():
        assert deliverables.due() == 1
        claim = deliverables.claim_next(30)
    assert claim is not None
    assert claim.deliverable_id == in_hand
    with pytest.raises(WrongState, match="writing"):
        practice.do(deliverables.cancel, in_hand)
    with practice.app.app_context(), transaction():
        assert deliverables.due() == 0


def test_the_same_form_sent_twenty_times_at_once_is_one_request(committed_practice: Practice):
    answers = together(lambda _: committed_practice.request("key-1"))
    assert len(set(answers)) == 1
    assert committed_practice.rows() == 1
    assert committed_practice.entries(answers[0]) == ["requested"]


def test_twenty_requests_at_once_have_twenty_versions(committed_practice: Practice):
    rows = together(lambda number: committed_practice.request(f"key-{number}"))
    labels = {committed_practice.label(row) for row in rows}
    assert labels == {f"TOLMIE-GAP-2026-01 v1.{minor}" for minor in range(TOGETHER)}


def test_two_engagements_of_one_client_never_get_the_same_number(committed_practice: Practice):
    with committed_practice.at_work() as engagement:
        client, lead = engagement.client, engagement.lead
        others = [rated_engagement(client, lead) for _ in range(8)]
    practices = [
        Practice(committed_practice.app, committed_practice.tenant, one, committed_practice.member) for one in others
    ]
    rows = together(lambda number: practices[number].request(f"key-{number}"), many=8)
    assert {practices[0].label(row) for row in rows} == {f"TOLMIE-GAP-2026-{n:02d} v1.0" for n in range(1, 9)}


def test_drafts_released_at_once_leave_one_released(committed_practice: Practice):
    drafts = [committed_practice.written(f"key-{number}") for number in range(6)]
    together(lambda number: committed_practice.do(deliverables.release, drafts[number]), many=6)
    standings = [committed_practice.state(row)[1] for row in drafts]
    assert standings.count("released") == 1
    assert standings[-1] == "released"
    assert sum(committed_practice.entries(row).count("released") for row in drafts) == 6 - standings.count("draft")


def test_a_document_is_cancelled_or_claimed_and_never_both(committed_practice: Practice):
    def claim() -> Claim | None:
        with committed_practice.app.app_context(), transaction():
            return deliverables.claim_next(30)

    for number in range(8):
        row = committed_practice.request(f"key-{number}")
        acts = (claim, lambda row=row: committed_practice.do(deliverables.cancel, row))
        claimed, cancelled = together(lambda which, acts=acts: acts[which](), many=2)
        production, _ = committed_practice.state(row)
        assert (claimed is not None) == (production == "writing")
        assert isinstance(cancelled, WrongState) == (production == "writing")
        assert production in ("writing", "cancelled")


def test_a_document_is_claimed_by_one_of_many(committed_practice: Practice):
    rows = [committed_practice.request(f"key-{number}") for number in range(5)]

    def claim_all(_: int) -> list[Claim]:
        taken = []
        for _try in range(len(rows) * 3):
            with committed_practice.app.app_context(), transaction():
                claim = deliverables.claim_next(30)
            taken += [claim] if claim else []
        return taken

    claims = [claim for taken in together(claim_all, many=8) for claim in taken]
    assert sorted(claim.deliverable_id for claim in claims) == sorted(rows)
    assert {claim.fence for claim in claims} == {1}


def test_a_claim_is_worth_nothing_in_another_consultancy(committed_practice: Practice):
    row = committed_practice.request("key-1")
    with committed_practice.app.app_context(), transaction():
        claim = deliverables.claim_next(30)
    assert claim is not None
    elsewhere = found_tenant(committed_practice.app, slug="lakeshore")
    with committed_practice.app.app_context():
        db.session().enter(elsewhere)
        with pytest.raises(ClaimLost), transaction():
            deliverables.complete(claim, file_key="t/x", sha256="0" * 64, size=1)
    assert committed_practice.state(row)[0] == "writing"


def test_a_closed_engagement_takes_no_more_requests_but_answers_the_one_it_had(practice):
    first = practice.request("k" * 24)
    with practice.at_work():
        db.session.get_one(Engagement, (practice.tenant, practice.engagement)).closed_on = DAY
    assert practice.request("k" * 24) == first
    with pytest.raises(EngagementClosed):
        practice.request("l" * 24)
