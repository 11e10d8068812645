"""The shape of the workbook that goes out and comes back: its columns, its hidden sheet, and the seal over both."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from consultancy.scoring import NOT_APPLICABLE, NOT_VERIFIED
from consultancy.standards.words import say

HIDDEN_SHEET = "_checklist"
MARK = "consultancy checklist 1"
SHEET = ("Checklist", "Liste")
CELL_CHARACTERS = 32_767  # what one cell of Excel holds; a note may hold more
RATING_KEYS = ("0", "1", "2", "3", NOT_VERIFIED, NOT_APPLICABLE)

# field -> (English name, French name, width in characters)
COLUMNS: dict[str, tuple[str, str, int]] = {
    "clause": ("Clause", "Article", 10),
    "site": ("Site", "Lieu", 18),
    "title": ("Title", "Titre", 30),
    "question": ("Our question", "Notre question", 42),
    "rating": ("Rating", "Cote", 16),
    "reason": ("Reason", "Raison", 28),
    "observation": ("New observation", "Nouveau constat", 48),
    "method": ("How it was seen", "Mode de constat", 14),
    "evidence": ("Evidence", "Preuve", 30),
    "recommendation": ("Recommendation", "Recommandation", 42),
    "priority": ("Priority", "Priorité", 11),
    "effort_text": ("Effort", "Effort", 12),
    "owner_text": ("Owner", "Responsable", 20),
    "due": ("Due", "Échéance", 12),
    "row": ("Row id", "Id de ligne", 12),
    "revision": ("Revision", "Révision", 9),
}
RATING_COLUMNS = ("rating", "reason", "recommendation", "priority", "effort_text", "owner_text", "due")
OBSERVATION_COLUMNS = ("observation", "method", "evidence")
READ = (*RATING_COLUMNS, *OBSERVATION_COLUMNS)
ONE_LINE = ("effort_text", "owner_text")


@dataclass(frozen=True)
class Line:
    """A requirement, at one site or for the whole client, as it stood when the workbook was made.

    `values` are the rating columns as texts: the rating is a level as a figure, or a state; `revision` 0: none yet.
    """

    requirement: str
    site: UUID | None
    site_name: str
    revision: int
    values: dict[str, str]

    @property
    def row(self) -> str:
        return row_id(self.requirement, self.site)


def row_id(requirement: str, site: UUID | None) -> str:
    return f"{requirement}@{site}" if site else f"{requirement}@"


def rating_word(key: str, language: str) -> str:
    if key.isdigit():
        word = say("levels", key, language)
        return f"{key} {word}"
    return say("states", key, language) if key else ""


def seal(workbook: str, assessment: str, rows: Iterable[tuple[str, int, str]]) -> str:
    """Guards against accidents, not against forgery: who brings the file back may write every rating anyway."""
    written = json.dumps([MARK, workbook, assessment, [list(row) for row in rows]], separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
