"""Phrases that come with the product: what is often found, and what helps. Our own words, never a standard's."""

import csv
from dataclasses import dataclass
from pathlib import Path

PARTS = ("statement", "recommendation")
FILE = Path(__file__).with_name("phrases.csv")


@dataclass(frozen=True)
class Shipped:
    """`key` names it in a form; `words` by language."""

    key: str
    standard: str
    requirement: str
    part: str
    words: dict[str, str]


def _read() -> dict[str, Shipped]:
    with FILE.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    found: dict[str, Shipped] = {}
    for number, line in enumerate(lines, 1):
        key = f"shipped-{number}"
        words = {"en": line["en"], "fr": line["fr"]}
        found[key] = Shipped(key, line["standard"], line["requirement"], line["part"], words)
    return found


SHIPPED = _read()


def on_requirement(standard: str, requirement: str) -> list[Shipped]:
    return [one for one in SHIPPED.values() if (one.standard, one.requirement) == (standard, requirement)]
