"""What French typography of Canada asks of a text, and all French texts of ours."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from consultancy.program_documents import DOCUMENTS, REASONS
from consultancy.reports.wording import OFFICIAL, TEXTS
from consultancy.standards.words import WORDS
from document_templates.fragments import _CHIPS as CHIPS
from tools.starters.wording import french

ROOT = Path(__file__).parents[1]
NO_BREAK = "\u00a0"
TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{[\w\[\]]+\}", re.S)
FAULTS = {
    "a straight apostrophe or quotation mark": r"['\"]",
    "no no-break space before a colon": rf"(?<![{NO_BREAK}\d\w]):|(?<=[^\W\d]):|\d:(?!\d)",
    "a space before a semicolon, a question or an exclamation mark": rf"[ {NO_BREAK}][;?!](?:\s|$)",
    "no no-break space before % or $": rf"(?<!{NO_BREAK})[%$]",
    "no no-break space inside « »": rf"«(?!{NO_BREAK})|(?<!{NO_BREAK})»",
    "English quotation marks": "[“”]",
    "a decimal point": r"(?<![\d.])\d+\.\d+(?=\s?(?:[%$]|j\b|m/s|mg|km|kg|heures?|jours?))",
    "a date in English": r"\b\d{1,2}\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b(?!\.)",
    "a first of the month without er": r"(?<![\d.,/–-])\b1 (?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)",
}


def faults(words: str) -> list[str]:
    """What is wrong with how a French text is set."""
    plain = TAGS.sub("x", words)
    return [what for what, pattern in FAULTS.items() if re.search(pattern, plain)]


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from leaves(one)
    elif isinstance(value, str):
        yield value


def all_texts() -> dict[str, list[str]]:
    """Every French text that we ship, by where it stands; official names are put in."""
    read = {
        path.name: list(leaves(json.loads(path.read_text(encoding="utf-8"))))
        for path in (ROOT / "consultancy" / "reports").glob("*.fr.json")
    }
    for path in (ROOT / "consultancy" / "standards").glob("*.fr.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            read[path.name] = [cell for line in csv.DictReader(file) for cell in line.values() if cell]
    for path in (ROOT / "document_templates" / "samples").glob("*.fr.json"):
        read[f"sample {path.name}"] = list(leaves(json.loads(path.read_text(encoding="utf-8"))))
    named = re.compile(r"\{official\[(\w+)\]\}")
    return read | {
        "texts.json": [
            named.sub(lambda found: OFFICIAL["fr"][found[1]], one)
            for text in TEXTS.values()
            for one in leaves(text["fr"])
        ],
        "words.json": [word["fr"] for group in WORDS.values() for word in group.values()],
        "program documents": [one.title_fr for one in DOCUMENTS] + [one["fr"] for one in REASONS.values()],
        "starters": list(french().values()),
        "chips": [meaning[3] for scale in CHIPS.values() for meaning in scale.values()],
    }
