"""A gap in training on its way through an engagement: a finding once, and when closed, evidence for the clause."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from consultancy import training
from consultancy.actions import evidence, findings
from consultancy.actions.engagements import refuse_closed
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from consultancy.queries import training as reading
from consultancy.reports.training_words import duty
from consultancy.reports.wording import counted, text
from consultancy.standards import catalogue
from consultancy.standards.courses import Course
from tenants.database import db
from tenants.refusal import NotValid, Refusal

GRADES = ("major", "minor", "ofi")


class NotThisClients(NotValid):
    """The engagement is another client's."""


class NoGap(Refusal):
    """Nobody lacks the course any more."""


class AlreadyRaised(Refusal):
    """A finding of the engagement speaks of this gap already. Carries its label."""


class NoPlaceForTraining(NotValid):
    """The engagement's standard has no requirement that the course belongs to."""


class UnknownGrade(NotValid):
    """A gap is graded as a major or a minor, or as an opportunity."""


class GapStillOpen(Refusal):
    """People still lack the course; how many."""


class NoFileShowsIt(Refusal):
    """Evidence is a file: no clean file shows a verified record of the course."""


def raise_gap(
    client: Client, *, course: str, engagement: Engagement | None, grade: str, today: date, by: UUID
) -> Finding:
    """One finding for a course, with people counted by role and nobody named. The law's section becomes the legal duty,
    due within a month; where we are unsure of it, it says so and is due when people agree.

    Raises NotThisClients, EngagementClosed, NoGap, AlreadyRaised, NoPlaceForTraining, UnknownGrade.
    """
    if engagement is None or engagement.client_id != client.id:
        raise NotThisClients
    refuse_closed(engagement)
    if grade not in GRADES:
        raise UnknownGrade(grade)
    seen = reading.overview(client, today)
    lacking = training.gaps(seen.rows).get(course, [])
    if not lacking:
        raise NoGap(course)
    if same := finding_of(engagement, course):
        raise AlreadyRaised(same.label)
    rule, language = seen.shelf.find(course, today), engagement.language
    doubtful = f" {duty(rule, language)}." if duty(rule, language) and not training.legal(rule) else ""
    title = rule.title(language)
    needing = sum(course in row.cells and row.cells[course].status != training.EXEMPT for row in seen.rows)
    return findings.raise_finding(
        engagement,
        by=by,
        raised_on=today,
        requirement=place_of(rule, engagement),
        grade=grade,
        title=text("training_gap_title", language, course=title)[:200],
        statement=counted("training_gap_statement", len(lacking), language, of=needing, course=title)
        + " "
        + text(
            "training_by_role",
            language,
            roles=training.told_by_role(
                training.counted_by_role(lacking, seen.needs, course), text("training_everybody", language)
            ),
        ),
        evidence=text("training_gap_evidence", language, day=today.isoformat()) + doubtful,
        recommendation=counted("training_gap_recommendation", len(lacking), language, course=title),
        legal_duty=rule.citation(language) if training.legal(rule) else "",  # what stands there counts as a breach
        due=training.close_by(rule, today),
        training_course=course,
    )


def show_closed(client: Client, *, course: str, engagement: Engagement | None, today: date, by: UUID) -> int:
    """The gap is closed: the files that show the records speak for the clause of its finding, which waits for
    verification then. Answers how many files.

    Raises NotThisClients, EngagementClosed, GapStillOpen, NoGap (without a finding), NoFileShowsIt.
    """
    if engagement is None or engagement.client_id != client.id:
        raise NotThisClients
    refuse_closed(engagement)
    finding = finding_of(engagement, course)
    if finding is None:
        raise NoGap(course)
    lacking = training.gaps(reading.overview(client, today).rows).get(course, [])
    if lacking:
        raise GapStillOpen(len(lacking))
    files = reading.files_showing(client, course)
    if not files:
        raise NoFileShowsIt(course)
    for piece in files:
        evidence.link(piece, engagement=engagement, requirement=finding.requirement, by=by)
    if finding.status == "open":
        findings.change_finding(finding, revision=finding.revision, by=by, status="verification")
    return len(files)


def finding_of(engagement: Engagement, course: str) -> Finding | None:
    """The finding that speaks of the gap; one that was closed speaks of an earlier gap."""
    return db.session.scalar(
        sa.select(Finding).where(
            Finding.engagement_id == engagement.id, Finding.training_course == course, Finding.status != "closed"
        )
    )


def place_of(course: Course, engagement: Engagement) -> str:
    """The nearest requirement of the engagement's standard. Raises NoPlaceForTraining."""
    standard = catalogue.find(engagement.standard)
    place = reading.place_of(course, standard)
    if not place:
        raise NoPlaceForTraining(standard.name)
    return place

