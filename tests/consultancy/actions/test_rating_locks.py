"""Once the client has the report, its ratings are locked; the lead or the office reopens them with a reason."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consultancy.actions import rating_grid, rating_history, rating_locks, ratings, standard_moves
from consultancy.actions.rating_locks import NotTheLead, RatingsLocked, ReopeningUnexplained
from tenants.audit import AuditEntry
from tenants.database import now
from tests.factories import make_deliverable


@pytest.fixture
def rating(office, assessment):
    return ratings.rate_requirement(
        assessment, requirement="4.1", revision=0, by=office.member.id, state="rated", level=1
    )


@pytest.fixture
def release(engagement):
    def release_one(kind="gap_report", standing="released", **columns):
        columns = {"released_at": now()} | columns
        return make_deliverable(engagement=engagement, kind=kind, standing=standing, **columns)

    return release_one


def rate(office, assessment, rating):
    return ratings.rate_requirement(
        assessment, requirement="4.1", revision=rating.revision, by=office.member.id, state="rated", level=2
    )


@pytest.mark.parametrize("kind", ["gap_report", "pre_audit_report"])
def test_nothing_about_a_rating_changes_once_its_report_is_released(kind, office, assessment, rating, release):
    seen = ratings.note_observation(rating, assessment=assessment, text="A list.", by=office.member.id)
    release(kind)
    by, forms = office.member.id, {"method": "", "evidence": "", "seen_on": None}
    with pytest.raises(RatingsLocked):
        rate(office, assessment, rating)
    with pytest.raises(RatingsLocked):
        ratings.note_observation(rating, assessment=assessment, text="Another.", by=by)
    with pytest.raises(RatingsLocked):
        ratings.correct_observation(seen, assessment=assessment, text="No list.", revision=1, by=by, **forms)
    with pytest.raises(RatingsLocked):
        ratings.remove_observation(seen, assessment=assessment, by=by)
    with pytest.raises(RatingsLocked):
        rating_grid.mark_not_applicable(assessment, requirements={"8.2": 0}, reason="None.", by=by)
    with pytest.raises(RatingsLocked):
        rating_history.undo_last(assessment, requirement="4.1", revision=1, by=by)
    with pytest.raises(RatingsLocked):
        standard_moves.move_to_standard(assessment.engagement, standard="csa-z45001-2019", revision=1, by=by)


@pytest.mark.parametrize(
    ("kind", "standing"), [("gap_report", "draft"), ("gap_report", "withdrawn"), ("roadmap", "released")]
)
def test_a_draft_a_withdrawn_report_and_another_document_lock_nothing(
    kind, standing, office, assessment, rating, release
):
    release(kind, standing)
    assert rate(office, assessment, rating).level == 2


def test_reopened_with_a_reason_it_takes_ratings_until_the_next_release(office, assessment, rating, release):
    release(released_at=now() - timedelta(days=1))
    engagement = assessment.engagement
    engagement.lead_id = office.member.id
    office.member.role = "consultant"
    rating_locks.reopen_ratings(engagement, reason="A training record turned up.", by=office.member.id)
    changed = rate(office, assessment, rating)
    office.session.commit()
    entry = office.session.scalar(sa.select(AuditEntry).where(AuditEntry.verb == "engagement.ratings_reopened"))
    assert entry.details["reason"] == "A training record turned up."
    release(released_at=now() + timedelta(seconds=1))
    with pytest.raises(RatingsLocked):
        rate(office, assessment, changed)


@pytest.mark.parametrize(("role", "may"), [("owner", True), ("admin", True), ("consultant", False)])
def test_of_those_who_do_not_lead_only_the_office_reopens(role, may, office, assessment, release):
    release()
    office.other.role = role
    if not may:
        with pytest.raises(NotTheLead):
            rating_locks.reopen_ratings(assessment.engagement, reason="An error.", by=office.other.id)
    else:
        rating_locks.reopen_ratings(assessment.engagement, reason="An error.", by=office.other.id)
        rating_locks.refuse_locked(assessment.engagement)


def test_reopening_needs_a_reason(office, assessment, release):
    release()
    office.member.role = "owner"
    with pytest.raises(ReopeningUnexplained):
        rating_locks.reopen_ratings(assessment.engagement, reason="  ", by=office.member.id)
