"""A draft is reviewed before it leaves: remarks are settled, and a colleague approves where that is wanted."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consultancy.actions import deliverables, reviews
from consultancy.actions.deliverables import AccessEndsTooEarly, Letter, NotApproved, NotesOpen, Recipient, WrongState
from consultancy.actions.reviews import ApproverWroteIt, NoSuchPage, NothingRemarked, RemarkTooLong
from consultancy.calendar import today
from consultancy.models.deliverable import Deliverable
from consultancy.queries import portal
from consultancy.queries import reviews as remarks
from tenants.limits import COMMENT_CHARACTERS
from tenants.messages import Message
from tenants.practices import practice
from tests.factories import entered, found_tenant, make_client, make_deliverable, make_engagement, make_member


@pytest.fixture
def drafted(office):
    engagement = make_engagement(client=office.client, lead=office.member)
    return make_deliverable(engagement=engagement, by=office.member), office.member.id, office.other.id


def test_a_draft_is_submitted_sent_back_submitted_again_and_approved(drafted):
    draft, author, colleague = drafted
    reviews.submit(draft, by=author)
    reviews.send_back(draft, reason="The summary names four gaps, not five.", by=colleague)
    assert draft.standing == "draft"
    with pytest.raises(WrongState):
        reviews.approve(draft, by=colleague)
    reviews.submit(draft, by=author)
    with pytest.raises(NotesOpen):
        reviews.approve(draft, by=colleague)
    (note,) = remarks.notes_on(draft)
    reviews.settle(note, by=author)
    reviews.settle(note, by=colleague)
    assert note.settled_by_id == author
    reviews.approve(draft, by=colleague)
    assert draft.standing == "approved"


def test_where_the_consultancy_wants_two_nobody_approves_or_releases_their_own(drafted):
    draft, author, colleague = drafted
    practice().approve_by_another = True
    with pytest.raises(NotApproved):
        deliverables.release(draft, by=author)
    reviews.submit(draft, by=author)
    with pytest.raises(ApproverWroteIt):
        reviews.approve(draft, by=author)
    with pytest.raises(NotApproved):
        deliverables.release(draft, by=colleague)
    reviews.approve(draft, by=colleague)
    deliverables.release(draft, by=author)
    assert draft.standing == "released"


def test_nothing_leaves_with_a_remark_open(drafted):
    draft, author, colleague = drafted
    note = reviews.remark(draft, text="The chart has no title.", page=3, by=colleague)
    with pytest.raises(NotesOpen):
        deliverables.release(draft, by=author)
    reviews.settle(note, by=author)
    deliverables.release(draft, by=author)
    with pytest.raises(WrongState):
        reviews.remark(draft, text="Too late.", by=colleague)


@pytest.mark.parametrize(
    ("text", "page", "refusal"),
    [("  ", None, NothingRemarked), ("x" * (COMMENT_CHARACTERS + 1), 1, RemarkTooLong), ("Why?", 0, NoSuchPage)],
    ids=str,
)
def test_a_remark_says_something_about_a_page_that_is_there(drafted, text, page, refusal):
    draft, _, colleague = drafted
    with pytest.raises(refusal):
        reviews.remark(draft, text=text, page=page, by=colleague)


def test_a_release_tells_the_chosen_people_and_no_one_else(drafted, office):
    draft, author, _ = drafted
    told = [Recipient("Dale Tolmie", "dale@tolmie.example"), Recipient("Rui", "rui@tolmie.example")]
    deliverables.release(draft, by=author, recipients=told, letter=Letter("A document", "It is ready."))
    mails = office.session.scalars(sa.select(Message)).all()
    assert sorted((one.to_email, one.subject) for one in mails) == [
        ("dale@tolmie.example", "A document"),
        ("rui@tolmie.example", "A document"),
    ]
    assert draft.recipients == [{"name": one.name, "email": one.email} for one in told]


def test_the_last_day_of_access_lies_ahead_and_closes_the_portal_when_it_has_passed(database_app):
    tenant = found_tenant(database_app, slug="northgate")
    with entered(database_app, tenant):
        author = make_member()
        draft = make_deliverable(engagement=make_engagement(client=make_client(), lead=author), by=author)
        with pytest.raises(AccessEndsTooEarly):
            deliverables.release(draft, by=author.id, expires_on=today())
        deliverables.release(draft, by=author.id, expires_on=today() + timedelta(days=1))
        ids = draft.id, draft.client_id
    for days, seen in ((1, True), (0, True), (-1, False)):
        with entered(database_app, tenant) as session:
            session.get(Deliverable, (tenant, ids[0])).expires_on = today() + timedelta(days=days)
        with entered(database_app, tenant, client=ids[1]):
            assert (portal.find_released(ids[0]) is not None) is seen
