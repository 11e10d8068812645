"""The checklist of Stage 1: what a registrar would look for on the first day, in our words, as dated versions."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Item:
    code: str
    clause: str
    certainty: str
    words: dict[str, str]


@dataclass(frozen=True)
class Checklist:
    version: str
    starts: date
    source: dict[str, str]
    certainty: str
    items: tuple[Item, ...]


def _read() -> tuple[Checklist, ...]:
    read = json.loads((Path(__file__).parent / "standards" / "stage1.json").read_text(encoding="utf-8"))
    return tuple(
        Checklist(
            version=version,
            starts=date.fromisoformat(one["from"]),
            source=one["source"],
            certainty=one["certainty"],
            items=tuple(
                Item(item["code"], item["clause"], item["certainty"], {"en": item["en"], "fr": item["fr"]})
                for item in one["items"]
            ),
        )
        for version, one in read.items()
    )


VERSIONS = _read()


def asked_in(version: str) -> Checklist:
    return next(one for one in VERSIONS if one.version == version)


def latest(on: date) -> Checklist:
    """The list in force on a day; before the first, the first."""
    held = [one for one in VERSIONS if one.starts <= on]
    return max(held, key=lambda one: one.starts) if held else VERSIONS[0]
