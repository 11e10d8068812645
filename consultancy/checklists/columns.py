"""Which column holds what, by the words consultants write above them in English and French."""

from dataclasses import dataclass
from typing import Any

from consultancy.checklists.grid import plain

HEADER_WITHIN_ROWS = 30
EXACT, LOOSE, LAST_RESORT = 3, 2, 1

# In this order, because "Action owner" is an owner and "Evidence reference" is evidence.
FIELDS: dict[str, tuple[str, ...]] = {
    "due": ("due", "due date", "target", "target date", "deadline", "by when", "echeance", "date cible", "date limite",
            "date d echeance", "delai", "pour quand"),
    "owner": ("owner", "responsible", "responsibility", "who", "assigned to", "responsable", "qui", "attribue a"),
    "effort": ("effort", "days", "workload", "jours", "charge"),
    "priority": ("priority", "priorite", "urgency", "urgence"),
    "reason": ("reason", "justification", "raison", "motif"),
    "evidence": ("evidence", "proof", "preuve", "preuves", "elements probants", "evidence seen", "documents seen"),
    "recommendation": ("recommendation", "recommendations", "recommandation", "recommandations", "action", "actions",
                       "recommended action", "corrective action", "what to do", "action recommandee", "mesure"),
    "observation": ("observation", "observations", "finding", "findings", "constat", "constats", "constatation",
                    "constatations",
                    "what we saw", "what was seen", "ce que nous avons vu", "notes", "note", "comments", "comment",
                    "commentaire", "commentaires", "remarks", "remarques"),
    "rating": ("rating", "score", "cote", "niveau", "level", "cotation", "evaluation", "maturity", "maturite",
               "pointage"),
    "title": ("title", "titre", "clause title", "intitule", "name", "nom", "subject", "sujet"),
    "clause": ("clause", "clauses", "clause no", "no clause", "article", "articles", "iso clause", "iso 45001",
               "clause number", "numero", "ref clause", "element", "no article"),
}  # fmt: skip
# Words that name a field only where nothing better does: "Status" may be the status of an action.
LAST_RESORTS: dict[str, tuple[str, ...]] = {
    "rating": ("status", "statut", "etat", "conformity", "conformite", "compliance", "result", "resultat"),
    "clause": ("requirement", "requirements", "exigence", "exigences", "ref", "reference", "no", "n", "number", "item",
               "question"),
}  # fmt: skip
EXACTLY = {word: name for name, words in FIELDS.items() for word in words}
AT_LAST = {word: name for name, words in LAST_RESORTS.items() for word in words}


@dataclass(frozen=True)
class Header:
    """The row of column names. `columns` maps a field to its candidates (column, words); `unknown` belongs to none."""

    row: int
    columns: dict[str, tuple[tuple[int, str], ...]]
    unknown: tuple[tuple[int, str], ...]
    duplicates: tuple[tuple[int, str], ...]


def _meaning(words: str) -> tuple[str, int] | None:
    if words in EXACTLY:
        return EXACTLY[words], EXACT
    if words in AT_LAST:
        return AT_LAST[words], LAST_RESORT
    padded = f" {words} "
    for name, known in FIELDS.items():
        if any(f" {word} " in padded for word in known):
            return name, LOOSE
    return None


def read_header(row: int, cells: list[Any]) -> Header:
    meant: dict[str, list[tuple[int, int, str]]] = {}
    unknown, duplicates, seen = [], [], set()
    for column, cell in enumerate(cells):
        text = " ".join(str(cell).split()) if isinstance(cell, str) else ""
        words = plain(text)
        if not words:
            continue
        meaning = _meaning(words) if len(words) <= 60 else None
        if meaning is None:
            unknown.append((column, text))
        elif words in seen:
            duplicates.append((column, text))
        else:
            meant.setdefault(meaning[0], []).append((meaning[1], column, text))
        seen.add(words)
    columns = {}
    for name, candidates in meant.items():
        strongest = max(strength for strength, _, _ in candidates)
        # Any second rating column is worth a question: last year's levels must not become this year's.
        enough = LOOSE if name == "rating" and strongest >= LOOSE else strongest
        columns[name] = tuple((column, text) for strength, column, text in candidates if strength >= enough)
        unknown += [(column, text) for strength, column, text in candidates if strength < enough]
    if "clause" not in columns and "title" in columns:
        # "Requirement | Rating" without a column of numbers: the numbers then stand before the titles.
        columns["clause"] = columns.pop("title")
    return Header(row, columns, tuple(sorted(unknown)), tuple(duplicates))


def find_header(cells: list[list[Any]]) -> Header | None:
    """The first row that names a clause and a rating or an observation; title rows above it do not matter."""
    best = None
    for row, line in enumerate(cells[:HEADER_WITHIN_ROWS]):
        header = read_header(row, line)
        named = "clause" in header.columns and ("rating" in header.columns or "observation" in header.columns)
        if named and len(header.columns) > 1 and (best is None or len(header.columns) > len(best.columns)):
            best = header
    return best
