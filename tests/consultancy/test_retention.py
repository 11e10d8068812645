"""Records are kept as long as they must be and not longer; a held engagement is untouched."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from consultancy.actions import evidence as acting_evidence
from consultancy.actions import retention as acting
from consultancy.models.assessment import ChecklistImport, Observation
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import Evidence, EvidenceLink
from consultancy.models.hsep_plan import HsepProof
from consultancy.models.interview import Interview
from consultancy.models.retention import DeletionCertificate, RetentionRule
from consultancy.models.training import TrainingImport, TrainingProof, TrainingRecord, Worker
from consultancy.privacy import inventory, retention
from consultancy.privacy.deletion import remove_files
from tenants.audit import AuditEntry
from tenants.boundary import owned_models
from tenants.messages import Message
from tests.factories import (
    make_assessment,
    make_engagement,
    make_evidence_link,
    make_message,
    make_training_proof,
)

CLOSED = date(2026, 3, 31)
LAST_DAY = date(2033, 3, 31)
DAY_AFTER = LAST_DAY + timedelta(days=1)
DAY_BEFORE = LAST_DAY - timedelta(days=1)


@pytest.fixture
def shelf(kept) -> SimpleNamespace:
    """Of four engagements of two clients one is closed on the day, the others are open; `closed` is it. No evidence
    shows a training: what does outlives its engagement, as a test of its own says."""
    for engagement in kept.session.scalars(sa.select(Engagement)):
        engagement.closed_on = None
    kept.closed = kept.session.get(Engagement, (kept.tenant, kept.first[Engagement][1]))
    kept.closed.closed_on = CLOSED
    for message in kept.session.scalars(sa.select(Message)):
        kept.session.delete(message)
    for shows in (TrainingProof, HsepProof):
        for proof in kept.session.scalars(sa.select(shows)):
            kept.session.delete(proof)
    kept.session.commit()
    return kept


def due(today: date) -> list[tuple[str, int]]:
    return [(one.record_class, sum(one.counts.values())) for one in retention.purge_plan(today)]


def purge(shelf, today: date) -> list[DeletionCertificate]:
    seen = retention.word_for(retention.purge_plan(today))
    made = acting.purge(seen=seen, today=today, by=shelf.owner.id)
    shelf.session.commit()
    return made


def test_an_engagement_is_due_on_the_day_after_its_last(shelf):
    (plan,) = retention.purge_plan(DAY_AFTER)
    assert plan.engagement is shelf.closed
    below = inventory.rows_below(Engagement, [shelf.closed.id])
    assert plan.counts == inventory.counts(below)
    assert set(plan.counts) >= {"engagement", "rating", "observation", "finding", "deliverable", "checklist_import"}


@pytest.mark.parametrize("today", [LAST_DAY, DAY_BEFORE, CLOSED])
def test_nothing_is_due_before_its_time(shelf, today):
    assert due(today) == []


def test_a_held_engagement_is_never_due(shelf):
    acting.hold(shelf.closed, reason="Counsel: a claim of 2031.", by=shelf.owner.id)
    shelf.session.commit()
    assert due(date(2099, 1, 1)) == []
    assert [one.id for one in retention.held()] == [shelf.closed.id]
    acting.lift_hold(shelf.closed, by=shelf.owner.id)
    shelf.session.commit()
    assert len(due(DAY_AFTER)) == 1
    verbs = shelf.session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.number)).all()
    assert verbs == ["engagement.held", "engagement.hold_lifted"]


def test_a_hold_says_who_and_why(shelf):
    with pytest.raises(acting.HoldWithoutReason):
        acting.hold(shelf.closed, reason="  ", by=shelf.owner.id)


def test_an_open_engagement_is_never_due(shelf):
    shelf.closed.closed_on = None
    shelf.session.commit()
    assert due(date(2099, 1, 1)) == []


def test_a_period_that_begins_on_a_leap_day_ends_on_the_last_of_february():
    assert retention.last_day(date(2028, 2, 29), 7) == date(2035, 2, 28)
    assert retention.last_day(date(2028, 2, 29), 8) == date(2036, 2, 29)


def test_the_purge_takes_what_was_due_and_nothing_else(shelf):
    doomed = inventory.rows_below(Engagement, [shelf.closed.id])
    before = {model: shelf.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in doomed}
    keys = inventory.file_keys(doomed)
    (certificate,) = purge(shelf, DAY_AFTER)
    remove_files(certificate, shelf.files)
    for model, ids in doomed.items():
        now = shelf.session.scalar(sa.select(sa.func.count()).select_from(model))
        assert (model, now) == (model, before[model] - len(ids))
    assert set(certificate.files_sha256) == keys
    assert all(not shelf.files.path(key).exists() for key in keys)
    assert all(shelf.files.get(key) for key in shelf.keys[1])
    assert due(DAY_AFTER) == []


def test_a_purge_destroys_only_the_plan_that_was_seen(shelf):
    seen = retention.word_for(retention.purge_plan(DAY_AFTER))
    acting.hold(shelf.closed, reason="A claim.", by=shelf.owner.id)
    with pytest.raises(acting.PlanMoved):
        acting.purge(seen=seen, today=DAY_AFTER, by=shelf.owner.id)
    with pytest.raises(acting.PlanMoved):
        acting.purge(seen="", today=DAY_BEFORE, by=shelf.owner.id)
    assert shelf.session.get(Engagement, (shelf.tenant, shelf.closed.id)) is not None


def test_a_consultancys_own_period_holds_instead_of_ours(shelf):
    acting.set_period(record_class="engagement", years=10, by=shelf.owner.id)
    acting.set_period(record_class="interview_notes", years=2, by=shelf.owner.id)
    shelf.session.commit()
    assert due(date(2028, 4, 1)) == [("interview_notes", 1), ("interview_notes", 1)]
    assert due(DAY_AFTER) == [
        ("interview_notes", 1), ("interview_notes", 1), ("evidence", 1),
        ("imported_checklists", 1), ("imported_checklists", 1),
    ]  # fmt: skip
    assert [kind for kind, _count in due(date(2036, 4, 1))] == ["engagement"]


def test_a_purge_of_interview_notes_leaves_the_engagement(shelf):
    acting.set_period(record_class="interview_notes", years=2, by=shelf.owner.id)
    shelf.session.commit()
    notes, sheets = purge(shelf, date(2028, 4, 1))
    assert notes.counts == {"observation": 1, "files": 0}
    assert sheets.counts == {"interview": 1, "interview_answer": 1, "files": 0}
    assert shelf.session.get(Interview, (shelf.tenant, shelf.first[Interview][0])) is None
    assert shelf.session.get(Observation, (shelf.tenant, shelf.first[Observation][0])) is None
    assert shelf.session.get(Engagement, (shelf.tenant, shelf.closed.id)) is not None
    assert shelf.session.get(ChecklistImport, (shelf.tenant, shelf.first[ChecklistImport][0])) is not None


def test_files_from_interviews_go_with_the_notes_and_other_evidence_stays(shelf):
    acting.set_period(record_class="interview_notes", years=2, by=shelf.owner.id)
    piece = shelf.session.get(Evidence, (shelf.tenant, shelf.first[Evidence][0]))
    shelf.session.commit()
    assert due(date(2028, 4, 1)) == [("interview_notes", 1)] * 2
    piece.source = "interview"
    shelf.session.commit()
    assert due(date(2028, 4, 1)) == [("interview_notes", 1)] * 3


@pytest.fixture
def needed(shelf) -> SimpleNamespace:
    """The closed engagement's `piece` speaks for a requirement of the client's `other` one too, which is open."""
    own = shelf.session.get(Evidence, (shelf.tenant, shelf.first[Evidence][0]))
    own.engagement_id = shelf.closed.id
    other = make_engagement(client=shelf.closed.client, standard="iso45001-2018-amd1", legal_hold="")
    other.closed_on = None
    make_evidence_link(evidence=own, assessment=make_assessment(engagement=other), requirement="5.4")
    shelf.session.commit()
    return SimpleNamespace(piece=own, other=other)


def links_of(shelf, piece) -> int:
    wanted = sa.select(sa.func.count()).select_from(EvidenceLink).where(EvidenceLink.evidence_id == piece.id)
    return shelf.session.scalar(wanted)


@pytest.mark.parametrize("held", [False, True])
def test_evidence_that_an_open_or_held_engagement_rests_on_outlives_the_one_it_came_with(shelf, needed, held):
    if held:
        needed.other.closed_on, needed.other.legal_hold = CLOSED - timedelta(days=900), "A claim."
        shelf.session.commit()
    everything = inventory.counts(inventory.rows_below(Engagement, [shelf.closed.id]))
    (plan,) = retention.purge_plan(DAY_AFTER)
    assert plan.counts.get("evidence", 0) == everything["evidence"] - 1
    (certificate,) = purge(shelf, DAY_AFTER)
    remove_files(certificate, shelf.files)
    assert {key: count for key, count in certificate.counts.items() if key not in ("files", "consent")} == plan.counts
    shelf.session.expire_all()
    assert needed.piece.engagement_id == needed.other.id
    assert links_of(shelf, needed.piece) == 1
    assert shelf.files.get(needed.piece.file_key)
    told = shelf.session.scalars(sa.select(AuditEntry.subject_id).where(AuditEntry.verb == "evidence.handed_on"))
    assert told.all() == [needed.piece.id]


def test_the_shorter_periods_of_evidence_and_interviews_spare_it_too(shelf, needed):
    acting.set_period(record_class="engagement", years=20, by=shelf.owner.id)
    acting.set_period(record_class="evidence", years=2, by=shelf.owner.id)
    acting.set_period(record_class="interview_notes", years=2, by=shelf.owner.id)
    shelf.session.commit()
    for source in ("document", "interview"):
        needed.piece.source = source
        shelf.session.commit()
        taken = {key for one in retention.purge_plan(date(2028, 4, 1)) if one.top is Evidence for key in one.ids}
        assert needed.piece.id not in taken
    needed.other.closed_on = CLOSED
    shelf.session.commit()
    assert needed.piece.id in {key for one in retention.purge_plan(date(2028, 4, 1)) for key in one.ids}


@pytest.mark.parametrize("state", ["open", "held", "closed"])
def test_a_card_that_shows_a_persons_training_stays_while_the_client_has_an_engagement(shelf, state):
    card = shelf.session.get(Evidence, (shelf.tenant, shelf.first[Evidence][0]))
    card.engagement_id = shelf.closed.id
    shelf.session.execute(sa.delete(EvidenceLink))
    record = shelf.session.get(TrainingRecord, (shelf.tenant, shelf.first[TrainingRecord][0]))
    make_training_proof(record=record, evidence=card)
    proofs = sa.select(TrainingProof.id).where(TrainingProof.evidence_id == card.id)
    others = shelf.session.scalars(
        sa.select(Engagement).where(Engagement.client_id == shelf.closed.client_id, Engagement.id != shelf.closed.id)
    ).all()
    for other in others:
        if state != "open":
            other.closed_on = DAY_AFTER
        if state == "held":
            other.legal_hold = "A claim."
    shelf.session.commit()
    purge(shelf, DAY_AFTER)
    shelf.session.expire_all()
    if state == "closed":
        assert shelf.session.get(Evidence, (shelf.tenant, shelf.first[Evidence][0])) is None
    else:
        assert card.engagement_id in [one.id for one in others]
        assert shelf.session.scalars(proofs).all()


@pytest.fixture
def gone(shelf) -> SimpleNamespace:
    """The client of the closed engagement has no other: nothing of it is worked on."""
    for one in shelf.session.scalars(sa.select(Engagement).where(Engagement.client_id == shelf.closed.client_id)):
        one.closed_on = CLOSED - timedelta(days=0 if one is shelf.closed else 400)
    for list_ in shelf.session.scalars(sa.select(TrainingImport)):
        list_.applied_at = None
    acting.set_period(record_class="engagement", years=20, by=shelf.owner.id)
    acting.set_period(record_class="training_records", years=2, by=shelf.owner.id)
    shelf.session.commit()
    return shelf


def people_due(today: date) -> list[str]:
    plan = retention.purge_plan(today)
    return [one.top.__tablename__ for one in plan if one.record_class == "training_records"]


def test_a_clients_people_go_some_years_after_its_last_engagement_closed(gone):
    assert people_due(date(2028, 3, 31)) == []
    assert people_due(date(2028, 4, 1)) == ["worker", "training_import"]
    others = gone.session.scalar(sa.select(sa.func.count(Worker.id)).where(Worker.client_id != gone.closed.client_id))
    certificates = purge(gone, date(2028, 4, 1))
    certificate = next(one for one in certificates if "worker" in one.counts)
    assert (certificate.subject, certificate.subject_id) == ("training_records", gone.closed.client_id)
    assert certificate.counts["training_record"] == 1
    left = gone.session.scalars(sa.select(Worker.client_id)).all()
    assert (len(left), gone.closed.client_id in left) == (others, False)
    assert gone.session.get(Engagement, (gone.tenant, gone.closed.id)) is not None
    assert people_due(date(2028, 4, 1)) == []


@pytest.mark.parametrize("state", ["open", "held"])
def test_a_clients_people_stay_while_one_of_its_engagements_is_open_or_held(gone, state):
    if state == "open":
        gone.closed.closed_on = None
    else:
        gone.closed.legal_hold = "A claim."
    gone.session.commit()
    assert people_due(date(2099, 1, 1)) == []


def test_a_clients_people_go_too_when_no_engagement_is_left(gone):
    acting.set_period(record_class="engagement", years=1, by=gone.owner.id)
    purge(gone, date(2027, 4, 1))
    last = gone.session.scalar(
        sa.select(sa.func.max(TrainingRecord.recorded_at))
        .join(Worker, Worker.id == TrainingRecord.worker_id)
        .where(Worker.client_id == gone.client.id)
    )
    ends = retention.last_day(max(last, gone.client.created_at).date(), 2)
    assert people_due(ends) == []
    assert people_due(ends + timedelta(days=1)) == ["worker", "training_import"]


def test_a_held_engagement_gives_its_evidence_away_only_when_the_hold_is_lifted(shelf, needed):
    acting.hold(shelf.closed, reason="A claim.", by=shelf.owner.id)
    acting_evidence.link(needed.piece, engagement=needed.other, requirement="9.1.1", by=shelf.owner.id)
    assert needed.piece.engagement_id == shelf.closed.id
    acting.lift_hold(shelf.closed, by=shelf.owner.id)
    assert needed.piece.engagement_id == needed.other.id


def test_mail_is_due_two_years_after_it_was_sent_and_never_while_it_waits(shelf):
    for state in ("sent", "waiting"):
        make_message(state=state)
    shelf.session.commit()
    assert due(date(2028, 3, 2)) == []
    assert due(date(2028, 3, 3)) == [("messages", 1)]
    (certificate,) = purge(shelf, date(2028, 3, 3))
    assert (certificate.subject, certificate.counts["message"]) == ("messages", 1)
    assert shelf.session.scalars(sa.select(Message.state)).all() == ["waiting"]


@pytest.mark.parametrize(
    ("record_class", "years"), [("audit_trail", 1), ("engagement", 0), ("engagement", 61), ("x", 7)]
)
def test_a_period_that_may_not_be_chosen_is_refused(shelf, record_class, years):
    with pytest.raises(acting.PeriodNotAllowed):
        acting.set_period(record_class=record_class, years=years, by=shelf.owner.id)


def test_a_period_is_set_once_and_changed_afterwards(shelf):
    shelf.session.execute(sa.delete(RetentionRule))
    for years in (7, 9, 9, 7):
        acting.set_period(record_class="engagement", years=years, by=shelf.owner.id)
    shelf.session.commit()
    assert [rule.years for rule in shelf.session.scalars(sa.select(RetentionRule))] == [7]
    noted = shelf.session.scalars(sa.select(AuditEntry.details).order_by(AuditEntry.number)).all()
    assert [each["years"] for each in noted] == [9, 7]


def test_every_class_says_where_its_period_comes_from_and_that_counsel_confirms_it():
    assert all(one.source and one.certainty == "to_confirm" for one in retention.CLASSES.values())
    assert retention.CLASSES["engagement"].years == 7
    assert retention.CLASSES["audit_trail"].years is None
    assert {key for key in retention.CLASSES if len(key) > 24} == set()
    assert set(owned_models()) >= {"observation", "checklist_import", "message"}
