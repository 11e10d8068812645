"""What one cell means: a clause number, a level, a date, a priority. Where it could mean two things it says so."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from consultancy.checklists.grid import plain

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
ERROR = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)")
CLAUSE = re.compile(
    r"(?:(?:iso\s*45001(?:\s*:\s*2018)?|cor\s*2020|clause|cl\.?|article|art\.?|exigence|requirement|[eé]l[eé]ment"
    r"|n[o°º]\.?|§|#)\s*[:.–-]?\s*)*([0-9]{1,2}(?:\.[0-9]{1,2})*)\.?(?=$|[\s:–—()|,;-])",
    re.IGNORECASE,
)
CLAUSE_WITH_COMMAS = re.compile(r"[0-9]{1,2}(?:,[0-9]{1,2})+")
TOTALS = ("total", "subtotal", "average", "mean", "sum", "overall", "readiness", "moyenne", "somme", "sous total")

LEVEL_WORDS = {
    **dict.fromkeys(("absent", "absente", "nothing", "rien", "missing", "manquant", "manquante", "inexistant",
                     "inexistante", "none", "aucun", "aucune"), 0),
    **dict.fromkeys(("informal", "informel", "informelle", "informal or partly documented",
                     "informel ou documente en partie"), 1),
    **dict.fromkeys(("developing", "en developpement", "documented and partly used",
                     "documente et utilise en partie"), 2),
    **dict.fromkeys(("effective", "effectif", "effective et prouvee", "efficace",
                     "documented used proven effective"), 3),
}  # fmt: skip
STATE_WORDS = {
    **dict.fromkeys(("n a", "na", "s o", "so", "sans objet", "not applicable", "non applicable",
                     "ne s applique pas", "does not apply"), "not_applicable"),
    **dict.fromkeys(("not verified", "non verifie", "non verifiee", "unverified", "n v", "nv", "not checked",
                     "to be verified", "to verify", "a verifier", "could not be checked"), "not_verified"),
    **dict.fromkeys(("not rated", "non cote", "non cotee", "not yet rated", "tbd", "a determiner"), "not_rated"),
}  # fmt: skip
PRIORITY_WORDS = {
    **dict.fromkeys(("high", "h", "haute", "haut", "elevee", "eleve", "forte"), "high"),
    **dict.fromkeys(("medium", "med", "m", "moyenne", "moyen", "moderate", "moderee"), "medium"),
    **dict.fromkeys(("low", "l", "faible", "basse", "bas", "b"), "low"),
}  # fmt: skip
DASHES = ("-", "–", "—", "…", "...")
MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan janvier janv", "february feb fevrier fevr fev", "march mar mars", "april apr avril avr",
         "may mai", "june jun juin", "july jul juillet juil", "august aug aout", "september sep sept septembre",
         "october oct octobre", "november nov novembre", "december dec decembre"), start=1,
    )
    for name in names.split()
}  # fmt: skip


@dataclass(frozen=True)
class Unclear:
    """A value that cannot be taken as it is; `kind` names the sentence."""

    kind: str


@dataclass(frozen=True)
class Word:
    """A word whose meaning has to be asked."""

    text: str


def number_text(value: float) -> str:
    """A number as a person reads it in the cell: 4.0 is "4", 10.1 is "10.1"."""
    return f"{value:.10g}"


def clause_in(value: Any) -> str | Unclear:
    """The clause number a cell begins with, or an empty text when it begins with none."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, (int, float)):
        return number_text(value) if math.isfinite(value) else ""
    if isinstance(value, date):
        return Unclear("clause_became_date")
    if not isinstance(value, str):
        return ""
    text = value.strip()
    if CLAUSE_WITH_COMMAS.fullmatch(text):
        return text.replace(",", ".")
    found = CLAUSE.match(text)
    return found[1] if found else ""


def is_total(value: Any) -> bool:
    words = plain(value).split() if isinstance(value, str) else []
    return bool(words) and (words[0] in TOTALS or " ".join(words[:2]) in TOTALS)


def number_in(value: Any) -> float | None:
    """A number in a rating cell, also when it was typed as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:e[+-]?[0-9]+)?", value.strip(), re.I):
        return float(value.strip().replace(",", "."))
    return None


def rating_in(value: Any) -> int | str | Unclear | Word:
    """A level, a state, a word to ask about, or what is wrong."""
    if isinstance(value, bool) or (isinstance(value, str) and plain(value) in ("true", "false", "vrai", "faux")):
        return Unclear("rating_is_true_or_false")
    number = number_in(value)
    if number is not None:
        if not math.isfinite(number):
            return Unclear("rating_not_a_number")
        return int(number) if number in (0, 1, 2, 3) else Unclear("rating_off_scale")
    if not isinstance(value, str):
        return Unclear("rating_is_a_date")
    words = plain(value)
    if value.strip() in ("", *DASHES):
        return "not_rated"
    if words in ("nan", "inf", "infinity"):
        return Unclear("rating_not_a_number")
    if words in LEVEL_WORDS:
        return LEVEL_WORDS[words]
    if words in STATE_WORDS:
        return STATE_WORDS[words]
    both = re.fullmatch(r"(?:(?:level|niveau|rating|cote|score) )?([0-3])(?: (.+))?", words)
    if both and (not both[2] or LEVEL_WORDS.get(both[2]) == int(both[1])):
        return int(both[1])
    return Word(words or value.strip())


def priority_in(value: Any) -> str | None | Unclear | Word:
    if isinstance(value, bool):
        return Unclear("priority_unclear")
    if isinstance(value, float) and math.isfinite(value):
        return Word(number_text(value))
    if not isinstance(value, str):
        return Unclear("priority_unclear")
    if value.strip() in ("", *DASHES) or plain(value) in ("none", "aucune", "n a", "s o"):
        return None
    return PRIORITY_WORDS.get(plain(value)) or Word(plain(value) or value.strip())


def due_in(value: Any, order: str | None) -> date | None | Unclear | Word:
    """A date. `order` is the answer "day_first" or "month_first"; without it 03/04/2026 has to be asked."""
    if isinstance(value, datetime):
        return _within_years(value.date())
    if isinstance(value, date):
        return _within_years(value)
    if not isinstance(value, str):
        return Unclear("due_not_a_date")
    text = value.strip()
    if text in ("", *DASHES):
        return None
    year_first = re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ][0-9:.]+Z?)?", text)
    if year_first:
        return _day(*map(int, year_first.groups()))
    year_last = re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", text)
    if year_last:
        first, second, year = map(int, year_last.groups())
        if first <= 12 and second <= 12 and first != second and order is None:
            return Word(text)
        month_first = second > 12 or (first <= 12 and order == "month_first")
        return _day(year, first, second) if month_first else _day(year, second, first)
    return _with_month_name(plain(text).split())


def _with_month_name(words: list[str]) -> date | Unclear:
    if len(words) == 3 and words[2].isdigit() and len(words[2]) == 4:
        for day, month in ((words[0], words[1]), (words[1], words[0])):
            figure = re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th|er)?", day)
            if month in MONTHS and figure:
                return _day(int(words[2]), MONTHS[month], int(figure[1]))
    return Unclear("due_not_a_date")


def _day(year: int, month: int, day: int) -> date | Unclear:
    try:
        return _within_years(date(year, month, day))
    except ValueError:
        return Unclear("due_impossible")


def _within_years(day: date) -> date | Unclear:
    return day if EARLIEST_YEAR <= day.year <= LATEST_YEAR else Unclear("due_out_of_range")
