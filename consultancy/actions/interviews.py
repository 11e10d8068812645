"""Holding interviews: a number for each person asked, the sheet they answer, the sample that was agreed on."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from consultancy import sampling
from consultancy.actions.engagements import refuse_closed
from consultancy.actions.rating_locks import refuse_locked
from consultancy.calendar import today
from consultancy.models.engagement import Engagement
from consultancy.models.interview import Interview, InterviewAnswer
from consultancy.queries import interviews
from consultancy.standards import catalogue
from tenants import audit
from tenants.database import db, now
from tenants.limits import NOTE_CHARACTERS
from tenants.refusal import NotValid, Refusal

CONFIRMED = tuple(sampling.RULES["confirmed"])


class UnknownRole(NotValid):
    """People are asked as one of the roles of the sample."""


class NotYetHeld(NotValid):
    """An interview counts as held from the day on which somebody was asked. Carries the day that is still to come."""


class OutsideScope(NotValid):
    """People are asked at the client's workplaces, on one of at most six shifts."""


class NotConfirmed(NotValid):
    """An answer is yes, partly, no, or that the person did not know."""


class SheetTooLong(NotValid):
    """A note holds 50,000 characters at most. Carries the requirement, or nothing for the note on the whole."""


class SampleNotPossible(NotValid):
    """A sample is drawn of a number of people on one to six shifts."""


class FilledMeanwhile(Refusal):
    """Somebody saved this sheet after the page was opened. Carries its label."""


class Answer(NamedTuple):
    """What is on the sheet for one requirement; `confirmed` is empty where nobody asked."""

    confirmed: str
    note: str


def keep_sample(engagement: Engagement, *, people: int, shifts: int, by: UUID | None) -> None:
    """Agree on what the sample is drawn of; interviews held are counted against it. Raises SampleNotPossible,
    EngagementClosed, RatingsLocked."""
    _refuse_fixed(engagement)
    if not (0 <= people <= sampling.MOST_PEOPLE and 1 <= shifts <= sampling.MOST_SHIFTS):
        raise SampleNotPossible
    _write(engagement, sample_people=people, sample_shifts=shifts)
    audit.record("engagement.sample_kept", engagement, by=by, people=people, shifts=shifts)


def hold_interview(
    engagement: Engagement, *, role: str, site: UUID | None, shift: int | None, held_on: date, by: UUID | None
) -> Interview:
    """Somebody is asked, under the engagement's next number. Raises UnknownRole, OutsideScope, NotYetHeld,
    EngagementClosed, RatingsLocked."""
    _refuse_fixed(engagement)
    _refuse_to_come(held_on)
    _refuse_unplaced(engagement, role, site, shift)
    interview = Interview(
        engagement_id=engagement.id, number=_next_number(engagement), role=role, site_id=site, shift=shift,
        held_on=held_on, note="", by_id=by,
    )  # fmt: skip
    db.session.add(interview)
    db.session.flush()
    audit.record("interview.held", interview, by=by, role=role)
    return interview


def fill_sheet(
    interview: Interview,
    *,
    revision: int,
    role: str,
    site: UUID | None,
    shift: int | None,
    held_on: date,
    note: str,
    answers: Mapping[str, Answer],
    by: UUID | None,
) -> None:
    """Save the whole sheet as it lies on the page; requirements that are not on it keep their answers.

    Raises FilledMeanwhile, UnknownRole, OutsideScope, NotYetHeld, NotConfirmed, SheetTooLong, UnknownRequirement,
    EngagementClosed, RatingsLocked.
    """
    engagement = interview.engagement
    _refuse_fixed(engagement)
    wanted = sa.select(Interview.revision).where(Interview.id == interview.id).with_for_update()
    if db.session.scalar(wanted) != revision:
        raise FilledMeanwhile(interview.label)
    _refuse_to_come(held_on)
    _refuse_unplaced(engagement, role, None if site == interview.site_id else site, shift)
    _refuse_unanswerable(engagement, answers)
    if len(note) > NOTE_CHARACTERS:
        raise SheetTooLong("")
    interview.role, interview.site_id, interview.shift, interview.held_on = role, site, shift, held_on
    interview.note, interview.changed_at = note, now()
    kept = interviews.answers_of(interview)
    for code, answer in answers.items():
        row = kept.get(code)
        if not answer.confirmed:
            if row is not None:
                db.session.delete(row)
            continue
        if row is None:
            row = InterviewAnswer(interview_id=interview.id, standard=engagement.standard, requirement=code)
            db.session.add(row)
        row.confirmed, row.note = answer.confirmed, answer.note
    db.session.flush()
    audit.record("interview.changed", interview, by=by)


def remove_interview(interview: Interview, *, by: UUID | None) -> None:
    """Take an interview away with its answers; its number stays given. Raises EngagementClosed, RatingsLocked."""
    engagement = interview.engagement
    _refuse_fixed(engagement)
    audit.record("interview.removed", engagement, by=by, numbered=interview.number)
    db.session.execute(sa.delete(InterviewAnswer).where(InterviewAnswer.interview_id == interview.id))
    db.session.delete(interview)
    db.session.flush()


def _refuse_fixed(engagement: Engagement) -> None:
    """What a released report counted stays as it was counted."""
    refuse_closed(engagement)
    refuse_locked(engagement)


def _refuse_to_come(held_on: date) -> None:
    if held_on > today():
        raise NotYetHeld(held_on)


def _refuse_unplaced(engagement: Engagement, role: str, site: UUID | None, shift: int | None) -> None:
    if role not in sampling.ROLES:
        raise UnknownRole(role)
    if shift is not None and not 1 <= shift <= sampling.MOST_SHIFTS:
        raise OutsideScope(engagement.title)
    if site is not None and site not in {one.id for one in interviews.workplaces(engagement)}:
        raise OutsideScope(engagement.title)


def _refuse_unanswerable(engagement: Engagement, answers: Mapping[str, Answer]) -> None:
    standard = catalogue.find(engagement.standard)
    for code, answer in answers.items():
        standard.requirement(code)
        if answer.confirmed not in ("", *CONFIRMED) or (answer.note and not answer.confirmed):
            raise NotConfirmed(code)
        if len(answer.note) > NOTE_CHARACTERS:
            raise SheetTooLong(code)


def _next_number(engagement: Engagement) -> int:
    """One more than was ever given: two consultants at the same moment wait for each other at the engagement's row."""
    taken = db.session.scalar(
        sa.select(Engagement.interviews_numbered).where(Engagement.id == engagement.id).with_for_update()
    )
    number = (taken or 0) + 1
    _write(engagement, interviews_numbered=number)
    return number


def _write(engagement: Engagement, **columns: int) -> None:
    """Past the revision: who types the report's texts is not in the way of this."""
    db.session.execute(
        sa.update(Engagement)
        .where(Engagement.id == engagement.id)
        .values(**columns)
        .execution_options(synchronize_session=False)
    )
    for name, value in columns.items():
        set_committed_value(engagement, name, value)
