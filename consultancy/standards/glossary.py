"""Official names of laws, bodies and programs in both languages, each with its source and how sure we are of it."""

import json
from dataclasses import dataclass
from pathlib import Path

CERTAINTIES = ("sure", "likely", "unsure")


@dataclass(frozen=True)
class Term:
    """An official name; `never` are French variants that people use and that no text of ours may."""

    en: str
    en_short: str
    fr: str
    fr_short: str
    source: str
    certainty: str
    never: tuple[str, ...]

    def name(self, language: str) -> str:
        return self.fr if language == "fr" else self.en

    def short(self, language: str) -> str:
        return self.fr_short if language == "fr" else self.en_short


GLOSSARY: dict[str, Term] = {
    key: Term(**entry | {"never": tuple(entry["never"])})
    for key, entry in json.loads(Path(__file__).with_name("glossary.json").read_text(encoding="utf-8")).items()
}


def official_names(language: str) -> dict[str, str]:
    """What our texts put in for `{official[ohsa]}` and, for the initials, `{official[ohsa_short]}`."""
    names = {key: term.name(language) for key, term in GLOSSARY.items()}
    return names | {f"{key}_short": term.short(language) for key, term in GLOSSARY.items()}
