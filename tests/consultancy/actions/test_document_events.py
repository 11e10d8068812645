"""What the register takes over from the life of a document: the latest that stands, in whatever order it was typed."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from consultancy.actions import document_events as acting
from consultancy.actions.register import ApprovedByAuthor, keep_register
from consultancy.calendar import today
from consultancy.queries import register
from tests.factories import make_deliverable

TODAY = today()
MAY, JUNE, JULY = TODAY - timedelta(days=90), TODAY - timedelta(days=60), TODAY - timedelta(days=30)
SOON, LATER = TODAY + timedelta(days=100), TODAY + timedelta(days=300)


@pytest.fixture
def life(office):
    """A document of a program with its verbs; `state()` is what the register says of its approval and its review."""
    entry = register.of_engagement(office.open("program_development"))["P1"]
    entry.state = "needs_work"
    by = office.member.id

    def approve(who, on, due=LATER):
        given = {"approved_on": on, "effective_on": on, "review_due": due, "note": ""}
        return acting.approve(entry, who=who, by=by, **given)

    def review(on, *, stays=True, due=None):
        return acting.record_review(entry, held_on=on, who="Sam", outcome="Read.", stays=stays, review_due=due, by=by)

    def strike(event):
        acting.strike(event, reason="A slip.", by=by)

    def state():
        return entry.approver, entry.dated, entry.effective_on, entry.state, entry.review_due

    return SimpleNamespace(entry=entry, approve=approve, review=review, strike=strike, state=state)


def test_an_approval_typed_afterwards_does_not_overwrite_a_newer_one(life):
    life.approve("Dana", JULY)
    life.approve("Old Boss", MAY, due=SOON)
    assert life.state() == ("Dana", JULY, JULY, "have", LATER)


def test_an_approval_before_a_review_names_the_approver_and_leaves_what_the_review_said(life):
    life.review(JULY, stays=False, due=SOON)
    life.approve("Dana", JUNE)
    assert life.state() == ("Dana", JUNE, JUNE, "needs_work", SOON)


def test_a_review_typed_afterwards_leaves_what_a_later_approval_said(life):
    life.approve("Dana", JULY)
    life.review(JUNE, stays=False, due=SOON)
    assert life.state() == ("Dana", JULY, JULY, "have", LATER)


def test_a_review_without_a_next_one_keeps_the_one_to_come_and_ends_the_one_that_was_due(life):
    life.approve("Dana", JUNE)
    life.review(JULY)
    assert life.entry.review_due == LATER
    life.entry.review_due = JULY
    life.review(TODAY)
    assert life.entry.review_due is None


def test_of_two_on_one_day_the_one_recorded_last_holds(life):
    life.approve("Dana", JULY)
    life.approve("Lee", JULY, due=SOON)
    assert life.state() == ("Lee", JULY, JULY, "have", SOON)


def test_an_approval_that_is_struck_out_gives_way_to_the_one_before(life):
    life.approve("Dana", MAY, due=SOON)
    last = life.approve("Lee", JULY)
    life.strike(last)
    assert life.state() == ("Dana", MAY, MAY, "have", SOON)


def test_a_struck_approval_that_was_not_the_latest_changes_nothing(life):
    first = life.approve("Dana", MAY, due=SOON)
    life.approve("Lee", JULY)
    life.strike(first)
    assert life.state() == ("Lee", JULY, JULY, "have", LATER)


def test_the_only_approval_struck_out_leaves_a_document_that_needs_work(life):
    life.strike(life.approve("Dana", JULY))
    assert life.state() == ("", None, None, "needs_work", None)


def test_a_struck_review_gives_way_to_the_approval_before_it(life):
    life.approve("Dana", JUNE)
    life.strike(life.review(JULY, stays=False, due=SOON))
    assert life.state() == ("Dana", JUNE, JUNE, "have", LATER)


def test_what_was_typed_in_the_register_since_stays_when_an_approval_is_struck_out(life):
    event = life.approve("Dana", JULY)
    life.entry.approver, life.entry.review_due, life.entry.state = "Dana Cole, President", SOON, "missing"
    life.strike(event)
    assert life.state() == ("Dana Cole, President", JULY, JULY, "missing", SOON)


@pytest.mark.parametrize(
    "typed", [{"approver": "priya nair, CRSP"}, {"approver": "Priya Nair", "author": "Sam"}, {"author": "Sam"}]
)
def test_who_wrote_the_word_file_is_not_typed_as_its_approver_either(office, life, typed):
    office.member.name = "Priya Nair"
    engagement = life.entry.engagement
    make_deliverable(engagement=engagement, by=office.member, kind="policy", subject="P1")
    life.entry.approver = "" if "approver" in typed else "Priya Nair"
    with pytest.raises(ApprovedByAuthor) as refused:
        keep_register(engagement, entries={"P1": typed}, revisions={}, by=office.member.id)
    assert refused.value.args == ("P1", "Priya Nair")
