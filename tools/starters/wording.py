"""The language a starter is being built in: static words pass through `said` on their way into Word.

`french/*.json` are tables {English as passed to run, p or says: French}. White space around the words is kept as it
is and stays out of the tables; tags in braces are part of the key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TABLES = Path(__file__).parent / "french"
LOCALES = {"en": "en-CA", "fr": "fr-CA"}
TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.S)
_BEFORE_HIGH_SIGNS = re.compile(r"[ \u00a0]?(?=[:%](?![:/]))")  # French sets a no-break space before : and %

_language = "en"
_table: dict[str, str] = {}
_missing: dict[str, None] = {}


class Untranslated(Exception):
    """A starter says something in English for which no table holds the French."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__("No French in tools/starters/french for:\n" + "\n".join(f"  {one!r}" for one in missing))
        self.missing = missing


def french() -> dict[str, str]:
    """All tables in one. Two tables that translate the same words differently are refused."""
    merged: dict[str, str] = {}
    for path in sorted(TABLES.glob("*.json")):
        for english, words in json.loads(path.read_text(encoding="utf-8")).items():
            if merged.setdefault(english.strip(), words.strip()) != words.strip():
                raise ValueError(f"{path.name} translates {english!r} differently from an earlier table")
    return merged


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Build in a language. Raises Untranslated at the end, with all the words that are missing."""
    global _language, _table
    _language, _table = language, french() if language == "fr" else {}
    _missing.clear()
    try:
        yield
    finally:
        _language = "en"
    if _missing:
        raise Untranslated(list(_missing))


def locale() -> str:
    return LOCALES[_language]


def said(words: str) -> str:
    """The words in the language that is being built."""
    core = words.strip()
    if _language == "en" or not core:
        return words
    if not any(letter.isalpha() for letter in TAG.sub("", core)):
        return _punctuated(words)
    if core not in _table:
        _missing[core] = None
        return words
    return words.replace(core, _table[core], 1)


def _punctuated(words: str) -> str:
    """Signs between tags, as French sets them: `{{ x.term }}: ` gets its no-break space."""
    pieces = TAG.split(words)
    return "".join(
        piece if place % 2 else _BEFORE_HIGH_SIGNS.sub("\u00a0", piece) for place, piece in enumerate(pieces)
    )
