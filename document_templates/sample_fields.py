"""A made-up document of every kind with all its fields: what templates are tried with, and what their names come from.

The same fields as the reports give; a test compares them, so that a list of names drawn from here is never stale.
"""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

from document_templates.pictures import Picture

SAMPLES = Path(__file__).with_name("samples")
_LANGUAGES = {"en": ("en-CA", "English"), "fr": ("fr-CA", "Français")}


def kinds() -> list[str]:
    return sorted(path.stem for path in SAMPLES.glob("*.json") if "." not in path.stem)


def sample(kind: str, language: str) -> dict[str, Any]:
    """A copy of the fields of one whole document, its words in the language."""
    fields = copy.deepcopy(_read(kind if language == "en" else f"{kind}.{language}"))
    fields["document"]["language"], fields["document"]["language_name"] = _LANGUAGES[language]
    return fields


def pictured(fields: dict[str, Any]) -> dict[str, Any]:
    """The sample as a person looks at it: where a report brings a picture of its own, a drawn one stands."""
    for one in fields.get("pictures", {}).get("figures", ()):
        one["picture"] = Picture((SAMPLES / "evidence.png").read_bytes(), alt=one["caption"], width_mm=100)
    return fields


@cache
def _read(name: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return fields
