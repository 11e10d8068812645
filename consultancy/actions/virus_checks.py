"""What the virus scanner says of a file: until it answered nobody opens it, and what is infected is destroyed."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.evidence import Evidence
from consultancy.privacy import inventory
from consultancy.standards.words import say
from tenants import audit, messages
from tenants.database import db, now
from tenants.files import Files
from tenants.messages import BadAddress
from tenants.models import Membership, Person
from tenants.permissions import Role

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 15, 600
VIRUS_CHARACTERS = 120


def claim(evidence_id: UUID) -> Evidence | None:
    """Take a file in hand: its next turn moves on by a growing pause, so that a scanner that is away is not besieged
    and nobody else takes it. None when it was answered, or is in somebody else's hand."""
    mine = (
        sa.select(Evidence)
        .where(Evidence.id == evidence_id, Evidence.state == "quarantined", Evidence.check_after <= now())
        .with_for_update(skip_locked=True)
    )
    evidence = db.session.scalar(mine)
    if evidence is None:
        return None
    pause = min(FIRST_PAUSE_SECONDS * 2 ** min(evidence.checks, 10), LONGEST_PAUSE_SECONDS)
    evidence.checks = min(evidence.checks + 1, 30_000)
    evidence.check_after = now() + timedelta(seconds=pause)
    db.session.flush()
    return evidence


def answered(evidence: Evidence, *, virus: str, by: UUID | None) -> None:
    """The scanner's answer: no virus, or the name of one. Every piece of the same content is judged alike, and the
    owners are told by mail of an infected one. Saying it twice changes nothing."""
    if evidence.state != "quarantined":
        return
    same = db.session.scalars(
        sa.select(Evidence)
        .where(Evidence.sha256 == evidence.sha256, Evidence.state != "infected")
        .order_by(Evidence.id)
        .with_for_update()
    )
    for one in same:
        if virus or one.state == "quarantined":
            one.state, one.virus, one.checked_at = "infected" if virus else "clean", virus[:VIRUS_CHARACTERS], now()
            audit.record("evidence.infected" if virus else "evidence.cleared", one, by=by)
    db.session.flush()
    if virus:
        _tell_owners(evidence)


def remove_infected(files: Files) -> int:
    """Destroy the content of infected pieces, except what a piece still in use shares with them, as two photographs may
    the small picture; may be done again. Answers of how many."""
    infected = db.session.scalars(
        sa.select(Evidence).where(Evidence.state == "infected", Evidence.file_key.is_not(None)).with_for_update()
    ).all()
    doomed: set[str] = set()
    for one in infected:
        doomed.update(key for key in (one.file_key, one.small_file_key, one.large_file_key) if key)
        one.file_key = one.small_file_key = one.large_file_key = None
    db.session.flush()
    for key in sorted(doomed - inventory.still_named(doomed)):
        files.delete(key)
    return len(infected)


def _tell_owners(evidence: Evidence) -> None:
    owners = db.session.execute(
        sa.select(Person.email, Person.language)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role == Role.OWNER, Membership.left_on.is_(None))
        .order_by(Person.email)
    )
    for email, language in owners:
        body = say("letters", "infected_body", language)
        try:
            messages.write(
                to_email=email,
                subject=say("letters", "infected_subject", language),
                body=body.format(title=evidence.title, client=evidence.engagement.client.legal_name),
            )
        except BadAddress:  # an address of before there was a check; the trail and the page tell them all the same
            continue
