"""Our standard texts, dates and numbers as a document writes them, in its own language."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from consultancy.standards.glossary import official_names
from consultancy.standards.words import LANGUAGES
from tenants.direction import kept_to_itself

SHELF = Path(__file__).parent
FILES = (
    "texts", "manual", "management_review", "sose_letter", "training_matrix", "rebate_sheet",
    "hsep_evidence_pack",
)  # fmt: skip
TEXTS: dict[str, dict[str, Any]] = {
    key: words
    for name in FILES
    for key, words in json.loads((SHELF / f"{name}.json").read_text(encoding="utf-8")).items()
}
CUT = " […]"
OFFICIAL = {language: official_names(language) for language in LANGUAGES}


def standard_texts(name: str) -> dict[str, dict[str, Any]]:
    """Our texts of whole documents, by language: the same documents, rows and blanks in each."""
    return {
        language: json.loads((Path(__file__).parent / f"{name}{suffix}.json").read_text(encoding="utf-8"))
        for language, suffix in (("en", ""), ("fr", ".fr"))
    }


def _of(key: str, language: str) -> Any:
    return TEXTS[key][language]


def text(key: str, language: str, **facts: object) -> str:
    """One of our standard sentences with its facts put in."""
    return _of(key, language).format(official=OFFICIAL[language], **facts)


def text_if_any(key: str, language: str) -> str:
    return text(key, language) if key in TEXTS else ""


def paragraphs(key: str, language: str, **facts: object) -> list[str]:
    return [line.format(official=OFFICIAL[language], **facts) for line in _of(key, language)]


def rows_of(key: str, language: str) -> list[list[str]]:
    """Rows of a table, their facts still to be put in."""
    rows: list[list[str]] = _of(key, language)
    return rows


def counted(key: str, number: int, language: str, **facts: object) -> str:
    """One or many: "1 finding", "2 findings"; in French nothing is singular too."""
    singular = number < 2 if language == "fr" else number == 1
    return _of(key, language)[0 if singular else 1].format(n=number, official=OFFICIAL[language], **facts)


def long_day(day: date | None, language: str) -> str:
    """30 November 2026, as covers and sentences say it."""
    return f"{_first(day, language)} {_of('months', language)[day.month - 1]} {day.year}" if day else ""


def short_day(day: date | None, language: str) -> str:
    """30 Nov 2026, as tables say it."""
    return f"{_first(day, language)} {_of('months_short', language)[day.month - 1]} {day.year}" if day else ""


def month_and_year(month: int, year: int, language: str) -> dict[str, str]:
    """A month counted on from January of `year`: Mar 26 over a narrow column, March 2026 in a sentence."""
    years, place = divmod(month - 1, 12)
    year += years
    return {
        "short": f"{_of('months_short', language)[place]}\n{year}",
        "long": f"{_of('months', language)[place]} {year}",
    }


def span(first: date | None, last: date | None, language: str) -> str:
    """9 to 12 November 2026, as short as it stays clear."""
    if first is None or last is None or first == last:
        return long_day(first or last, language)
    start = long_day(first, language)
    if first.year == last.year:
        start = start.removesuffix(f" {first.year}")
        if first.month == last.month:
            start = _first(first, language)
    return text("span", language, first=start, last=long_day(last, language))


def _first(day: date, language: str) -> str:
    return "1er" if language == "fr" and day.day == 1 else str(day.day)


def lines(typed: str) -> list[str]:
    """What somebody typed, one entry for each line that holds something; a leading bullet is our own to draw."""
    return [line.strip().lstrip("•*- ").strip() for line in typed.splitlines() if line.strip()]


def shortened(words: str, longest: int) -> str:
    """The words, or as many whole ones as fit, with a mark that something was left out."""
    words = " ".join(words.split())
    if len(words) <= longest:
        return words
    return kept_to_itself(words[: longest - len(CUT) + 1].rsplit(" ", 1)[0].rstrip(" ,;:")) + CUT


def capital(words: str) -> str:
    """The first letter large, the rest as it stands: JHSC stays JHSC."""
    return words[:1].upper() + words[1:]
