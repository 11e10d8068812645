"""What a filled checklist turns into: rows, the questions it raises, and what could not be read.

Every part is plain and can be pickled: the reading happens in a confined child process.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

SENTENCES: dict[str, dict[str, dict[str, str]]] = json.loads(
    (Path(__file__).parent / "sentences.json").read_text(encoding="utf-8")
)


def place(sheet: str, cell: str, language: str) -> str:
    """Where it is, as the consultant finds it in Excel."""
    if not sheet:
        return ""
    key = "cell" if cell else "sheet"
    return SENTENCES["places"][key][language].format(sheet=sheet, cell=cell)


@dataclass(frozen=True)
class Row:
    """One requirement as the consultant filled it. Texts are word for word, empty where the cell was empty.

    `reason` says why a requirement is not applicable or not verified; where the checklist has no column for it, it
    repeats the observation.
    """

    code: str
    level: int | None
    state: str
    reason: str
    observation: str
    evidence: str
    recommendation: str
    priority: str | None
    effort_text: str
    owner_text: str
    due: date | None
    sheet: str
    row_number: int


@dataclass(frozen=True)
class Choice:
    key: str
    words: tuple[str, str]

    def label(self, language: str = "en") -> str:
        return self.words[language == "fr"]


@dataclass(frozen=True)
class Question:
    """Something the checklist leaves open. It is asked, never guessed; the answer goes back under `key`."""

    key: str
    kind: str
    sheet: str
    cell: str
    value: str
    choices: tuple[Choice, ...]

    def sentence(self, language: str = "en") -> str:
        return place(self.sheet, self.cell, language) + SENTENCES["questions"][self.kind][language].format(
            value=self.value
        )


@dataclass(frozen=True)
class Problem:
    """A cell, a sheet or the whole file that cannot be taken as it is. Nothing is imported while one is left."""

    sheet: str
    cell: str
    kind: str
    value: str = ""

    def sentence(self, language: str = "en") -> str:
        return place(self.sheet, self.cell, language) + SENTENCES["problems"][self.kind][language].format(
            value=self.value
        )


@dataclass(frozen=True)
class Ignored:
    """A sheet, column or row that was left out on purpose, so that it is never left out silently."""

    sheet: str
    cell: str
    kind: str
    value: str = ""

    def sentence(self, language: str = "en") -> str:
        return place(self.sheet, self.cell, language) + SENTENCES["ignored"][self.kind][language].format(
            value=self.value
        )


@dataclass(frozen=True)
class Checklist:
    rows: tuple[Row, ...] = ()
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    missing: tuple[str, ...] = ()
    normalised_cells: int = 0
    encoding: str = ""

    @property
    def complete(self) -> bool:
        """Nothing left to ask and nothing wrong: it may be applied, all of it or none."""
        return bool(self.rows) and not self.questions and not self.problems
