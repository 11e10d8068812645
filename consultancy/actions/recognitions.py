"""Preparing an application for recognition, making it, and keeping what came of it."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions.clients import ChangedMeanwhile
from consultancy.certification import ACCREDITED, in_force_on
from consultancy.models.certificate import Certificate
from consultancy.models.client import Client
from consultancy.models.evidence import Evidence
from consultancy.models.recognition import Recognition, RecognitionPaper
from consultancy.queries import recognitions
from consultancy.recognition import AGAINST, ANSWERS, QUESTIONS, SLOTS, Clock, Question, answer_of
from tenants import audit
from tenants.database import db
from tenants.refusal import NotValid, Refusal

FIELDS = ("planned_on", "recognized_on", "number", "listed_on", "maintained_on", "revoked_on", "declined_on", "note")


class AlreadyPrepared(Refusal):
    """One application of a client is prepared at a time."""


class AlreadyApplied(Refusal):
    """The application was made; it is not made twice."""


class ApplicationStays(Refusal):
    """The application was made, so it stays on record; it can be declined or given up."""


class CertificateOfOthers(NotValid):
    """The certificate is another client's, or for a standard that gives no right to recognition."""


class CertificateNotInForce(NotValid):
    """The certificate is expired, suspended, withdrawn or not issued on the day of the application."""


class CertificateFixed(NotValid):
    """The application was made on the strength of this certificate: another would rewrite what was applied with."""


class AuditNotClosed(NotValid):
    """Recognition rests on a closed audit: every issue corrected to the lead auditor's satisfaction."""


class BeforeClosing(NotValid):
    """The application comes after the audit was closed."""


class AuditTooOld(NotValid):
    """More than 12 months lie between the audit and the application."""


class AppliedInFuture(NotValid):
    """What was applied for lies behind us; a day to come is planned."""


class CriterionAgainst(NotValid):
    """What the employer answered speaks against recognition. Carries the keys of the questions."""


class StillOpenItems(NotValid):
    """Recognition asks for closed, not for planned."""


class DecisionOutOfOrder(NotValid):
    """Applied, recognised, listed or revoked: one after the other; declined instead of recognised."""


class PaperOfOthers(NotValid):
    """The file is not among the client's clean evidence."""


def open_recognition(client: Client, *, by: UUID | None) -> Recognition:
    """Begin to prepare. Raises AlreadyPrepared."""
    db.session.execute(sa.select(Client.id).where(Client.id == client.id).with_for_update())
    if any(one.applied_on is None for one in recognitions.of_client(client)):
        raise AlreadyPrepared
    recognition = Recognition(client_id=client.id, answers={})
    db.session.add(recognition)
    db.session.flush()
    audit.record("recognition.begun", recognition, by=by)
    return recognition


def keep_recognition(
    recognition: Recognition,
    *,
    revision: int,
    certificate_id: UUID | None,
    answers: dict[str, dict[str, str]],
    today: date,
    by: UUID | None,
    **fields: Any,
) -> None:
    """Keep the answers, the certificate it rests on, and the decision. Raises ChangedMeanwhile, CertificateFixed,
    CertificateOfOthers, DecisionOutOfOrder."""
    if recognition.revision != revision:
        raise ChangedMeanwhile(recognition.number or recognition.client.name)
    if recognition.applied_on and recognition.certificate_id not in (None, certificate_id):
        raise CertificateFixed(recognition.applied_on)
    certificate = db.session.get(Certificate, (recognition.tenant_id, certificate_id)) if certificate_id else None
    if certificate_id and not _gives_a_right(certificate, recognition):
        raise CertificateOfOthers
    known = {one.key for one in QUESTIONS}
    kept = {key: one for key, one in answers.items() if key in known and one.get("answer") in ANSWERS}
    wanted = {name: fields[name] for name in FIELDS if name in fields} | {
        "certificate_id": certificate_id, "answers": dict(recognition.answers) | kept,
    }  # fmt: skip
    _refuse_disorder(recognition, wanted, today)
    changed = [name for name, value in wanted.items() if getattr(recognition, name) != value]
    for name in changed:
        setattr(recognition, name, wanted[name])
    db.session.flush()
    if changed:
        audit.record("recognition.changed", recognition, by=by, fields=changed)


def apply(recognition: Recognition, *, applied_on: date, today: date, by: UUID | None) -> None:
    """The application was made on this day.

    Raises AlreadyApplied, AppliedInFuture, AuditNotClosed, BeforeClosing, AuditTooOld, CertificateNotInForce,
    CriterionAgainst, StillOpenItems.
    """
    if recognition.applied_on:
        raise AlreadyApplied(recognition.applied_on)
    if applied_on > today:
        raise AppliedInFuture(applied_on)
    clock = clock_of(recognition)
    match clock.refuses(applied_on):
        case "not_closed":
            raise AuditNotClosed
        case "before_closing":
            raise BeforeClosing(clock.closed_on)
        case "too_late":
            raise AuditTooOld(clock.latest)
    if not in_force_on(recognition.certificate, applied_on):
        raise CertificateNotInForce(applied_on)
    if against := [one.key for one in QUESTIONS if one.part == "eligibility" and _speaks_against(one, recognition)]:
        raise CriterionAgainst(against)
    if open_ := len(recognitions.open_findings(recognition.client)) + len(
        recognitions.open_actions(recognition.client)
    ):
        raise StillOpenItems(open_)
    recognition.applied_on = applied_on
    db.session.flush()
    audit.record("recognition.applied", recognition, by=by, on=applied_on.isoformat())


def remove_recognition(recognition: Recognition, *, by: UUID | None) -> None:
    """Take away what was begun by mistake, with its papers' places in the pack. Raises ApplicationStays."""
    if recognition.applied_on:
        raise ApplicationStays(recognition.applied_on)
    audit.record("recognition.removed", recognition, by=by)
    db.session.execute(sa.delete(RecognitionPaper).where(RecognitionPaper.recognition_id == recognition.id))
    db.session.delete(recognition)
    db.session.flush()


def clock_of(recognition: Recognition) -> Clock:
    one = recognition.certificate
    return Clock.of(one.audit_on, one.audit_closed_on, one.standard) if one else Clock(None, None, None)


def fill_slot(recognition: Recognition, *, slot: str, evidence_id: UUID | None, by: UUID | None) -> None:
    """Lay a file into the application pack, in place of another; none takes it out. Raises PaperOfOthers."""
    if slot not in {one.key for one in SLOTS}:
        raise PaperOfOthers(slot)
    if evidence_id and not _can_go_out(db.session.get(Evidence, (recognition.tenant_id, evidence_id)), recognition):
        raise PaperOfOthers(slot)
    paper = db.session.scalar(
        sa.select(RecognitionPaper).where(
            RecognitionPaper.recognition_id == recognition.id, RecognitionPaper.slot == slot
        )
    )
    if (paper.evidence_id if paper else None) == evidence_id:
        return
    if paper and evidence_id:
        paper.evidence_id = evidence_id
    elif paper:
        db.session.delete(paper)
    else:
        db.session.add(RecognitionPaper(recognition_id=recognition.id, slot=slot, evidence_id=evidence_id))
    db.session.flush()
    audit.record("recognition.paper_laid", recognition, by=by, slot=slot, evidence=evidence_id)


def note_pack(recognition: Recognition, *, papers: list[str], by: UUID | None) -> None:
    audit.record("recognition.pack_downloaded", recognition, by=by, papers=papers)


def _speaks_against(question: Question, recognition: Recognition) -> bool:
    return question.stands(answer_of(recognition.answers, question.key)[0]) == AGAINST


def _gives_a_right(certificate: Certificate | None, recognition: Recognition) -> bool:
    return (
        certificate is not None
        and certificate.client_id == recognition.client_id
        and certificate.standard in ACCREDITED
    )


def _can_go_out(piece: Evidence | None, recognition: Recognition) -> bool:
    return (
        piece is not None
        and piece.client_id == recognition.client_id
        and piece.can_leave
        and piece.retired_at is None
    )


def _refuse_disorder(recognition: Recognition, wanted: dict[str, Any], today: date) -> None:
    def said(name: str) -> date | None:
        return wanted.get(name, getattr(recognition, name))

    applied, recognized = recognition.applied_on, said("recognized_on")
    if recognized and (applied is None or recognized < applied or recognized > today):
        raise DecisionOutOfOrder("recognized_on")
    declined = said("declined_on")
    if declined and (applied is None or declined < applied or declined > today or recognized):
        raise DecisionOutOfOrder("declined_on")
    for name in ("listed_on", "maintained_on", "revoked_on"):
        day = said(name)
        if day and (recognized is None or day < recognized or day > today):
            raise DecisionOutOfOrder(name)
