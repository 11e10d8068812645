"""Writing the consultancy's own phrases, mending them, and retiring them."""

from uuid import UUID

from consultancy.actions.clients import ChangedMeanwhile
from consultancy.models.phrase import Phrase
from consultancy.standards import catalogue
from tenants import audit
from tenants.database import db, now

FIELDS = ("standard", "requirement", "language", "part", "text")


def write_phrase(*, standard: str, requirement: str, language: str, part: str, text: str, by: UUID) -> Phrase:
    """Raises UnknownStandard, UnknownRequirement."""
    catalogue.find(standard).requirement(requirement)
    phrase = Phrase(
        standard=standard, requirement=requirement, language=language, part=part, text=text, written_by_id=by
    )
    db.session.add(phrase)
    db.session.flush()
    audit.record("phrase.written", phrase, by=by)
    return phrase


def change_phrase(phrase: Phrase, /, *, revision: int, by: UUID, **fields: str) -> None:
    """Findings that took the earlier words keep them. Raises ChangedMeanwhile, UnknownRequirement."""
    if phrase.revision != revision:
        raise ChangedMeanwhile(phrase.requirement)
    wanted = {name: fields.get(name, getattr(phrase, name)) for name in FIELDS}
    catalogue.find(wanted["standard"]).requirement(wanted["requirement"])
    changed = [name for name, value in wanted.items() if getattr(phrase, name) != value]
    for name in changed:
        setattr(phrase, name, wanted[name])
    if changed:
        audit.record("phrase.changed", phrase, by=by, fields=changed)


def retire_phrase(phrase: Phrase, /, *, by: UUID) -> None:
    """It is no longer offered; retired again, it comes back into use."""
    phrase.retired_at = None if phrase.retired_at else now()
    audit.record("phrase.retired" if phrase.retired_at else "phrase.put_back", phrase, by=by)
