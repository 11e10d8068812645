"""The field's own words in both languages: data for pages and for Word alike."""

import json
from pathlib import Path

LANGUAGES = ("en", "fr")
WORDS: dict[str, dict[str, dict[str, str]]] = json.loads(
    (Path(__file__).parent / "words.json").read_text(encoding="utf-8")
)


def say(group: str, key: str | int, language: str = "en") -> str:
    """The word of one key, say("levels", 2, "fr"); an unknown key is a mistake in the code and raises KeyError."""
    return WORDS[group][str(key)][language]


def symbol(group: str, key: str | int) -> str:
    """The sign that stands beside the word, so that a colour never stands alone."""
    return WORDS[group][str(key)]["symbol"]


def choices(group: str, language: str = "en") -> tuple[tuple[str, str], ...]:
    """(key, word) in the field's own order, as a form lists them."""
    return tuple((key, word[language]) for key, word in WORDS[group].items())
