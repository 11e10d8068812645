"""What of a filled field workbook can be believed: what was read of the file, compared with what was issued."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from document_templates.field_workbook import COVER, NOTE, RATING, VISIT, names, short_id, text_digest
from document_templates.field_workbook_reading import Control, RawWorkbook

_OURS = re.compile(r"(w[0-9a-f]{12})[._](\d{1,5})[._]([a-z])[._]")
_TICKED = frozenset("☒☑✔✓⊠")
_READ_COLUMNS = 2  # of a row: what the consultant reads; the others are filled in


@dataclass(frozen=True)
class Issued:
    """What was handed out: every row's requirement with the digest of its text, and the words of the lists."""

    id: str
    secret: bytes
    rows: tuple[tuple[str, str], ...]
    ratings: Mapping[str, str]  # key: word
    ticks: str  # letters
    placeholders: tuple[str, ...]


class Issue(NamedTuple):
    """What is wrong with a requirement's row. `kind`: changed_name, missing, duplicated, moved, text_edited,
    not_in_list, tracked, beside or foreign (then without a code)."""

    code: str
    kind: str
    letter: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Answer:
    """What was filled in for one requirement."""

    code: str
    rating: str = ""
    note: str = ""
    ticks: str = ""

    @property
    def says(self) -> bool:
        return bool(self.rating or self.note or self.ticks)


@dataclass(frozen=True)
class Filled:
    """Everything that can be believed, and what cannot."""

    answers: tuple[Answer, ...]
    issues: tuple[Issue, ...]
    visited: str = ""


def verify(raw: RawWorkbook, issued: Issued) -> Filled:
    """What of the file can be believed, requirement by requirement, and what is to be told about the rest."""
    codes = tuple(code for code, _digest in issued.rows)
    known: dict[str, tuple[int, str]] = {}
    wanted: list[tuple[int, str]] = []
    for place, letter, name in names(issued.id, issued.secret, codes, RATING + NOTE + issued.ticks):
        known[name.tag] = known[name.bookmark] = (place, letter)
        wanted.append((place, letter))
    check = _Check(issued, codes, known)
    for control in raw.controls:
        check.take(control)
    check.rows(raw)
    return check.filled(wanted)


class _Check:
    """Collects what belongs to which requirement, and what is wrong with it."""

    def __init__(self, issued: Issued, codes: tuple[str, ...], known: Mapping[str, tuple[int, str]]) -> None:
        self.issued, self.codes, self.known = issued, codes, known
        self.values: dict[tuple[int, str], list[str]] = defaultdict(list)
        self.refused: set[tuple[int, str]] = set()
        self.issues: dict[Issue, None] = {}  # each once, in order
        self.places: dict[int, set[int]] = defaultdict(set)  # table row: the requirements whose controls stand in it
        self.beside: dict[int, str] = {}  # typed into the cell of the notes, outside the control
        self.empty = {_squeezed(text) for text in issued.placeholders}
        self.keys = {_squeezed(word): key for key, word in issued.ratings.items()}
        self.short = short_id(issued.id)

    def say(self, place: int, kind: str, letter: str = "", detail: str = "") -> None:
        if 0 <= place <= len(self.codes):
            self.issues[Issue(self.codes[place - 1] if place else "", kind, letter, detail)] = None

    def take(self, control: Control) -> None:
        by_tag, by_mark = self.known.get(control.tag), self.known.get(control.bookmark)
        self._doubt(control, by_tag, by_mark)
        key = by_tag or by_mark
        if key is None:
            return
        if by_tag and by_mark and by_tag != by_mark:
            for place, letter in (by_tag, by_mark):
                self.refused.add((place, letter))
                self.say(place, "moved", letter)
            return
        place, letter = key
        self.places[control.row].add(place)
        if control.is_tracked:
            self.say(place, "tracked", letter)
        empty = control.is_empty or _squeezed(control.text) in self.empty
        self.values[key].append("" if empty else control.text)

    def _doubt(self, control: Control, by_tag: tuple[int, str] | None, by_mark: tuple[int, str] | None) -> None:
        """A name that is not one of ours: changed by hand, or of another workbook."""
        for name, found in ((control.tag, by_tag), (control.bookmark, by_mark)):
            if not name or found:
                continue
            match = _OURS.match(name)
            if match is None or match[1] != self.short:
                self.issues[Issue("", "foreign")] = None
            else:
                self.say(int(match[2]), "changed_name", match[3])

    def rows(self, raw: RawWorkbook) -> None:
        """A requirement's controls stand in its own row, and the row says what it said."""
        for number, places in self.places.items():
            here = places - {COVER}
            if len(here) > 1:
                for place in sorted(here):
                    self.say(place, "moved")
                    self.refused |= {(place, letter) for letter in RATING + NOTE + self.issued.ticks}
            elif here and 0 <= number < len(raw.rows):
                (place,) = here
                self._row(place, raw.rows[number])

    def _row(self, place: int, cells: tuple[str, ...]) -> None:
        said = "".join(cells[:_READ_COLUMNS])
        if text_digest(said) != self.issued.rows[place - 1][1]:
            self.say(place, "text_edited")
        beside = cells[-1].strip() if len(cells) > _READ_COLUMNS + 1 else ""
        if beside:
            self.beside[place] = beside
            self.say(place, "beside", NOTE)

    def filled(self, wanted: Iterable[tuple[int, str]]) -> Filled:
        answers: dict[int, dict[str, str]] = defaultdict(dict)
        visited = ""
        for place, letter in wanted:
            value = self._one(place, letter)
            if letter == VISIT:
                visited = value
            elif value:
                answers[place][letter] = value
        read = [self._answer(place, answers[place]) for place in sorted({*answers, *self.beside})]
        return Filled(
            answers=tuple(answer for answer in read if answer.says),
            issues=tuple(sorted(self.issues, key=self._order)),
            visited=visited,
        )

    def _one(self, place: int, letter: str) -> str:
        found = self.values.get((place, letter))
        if not found:
            if (place, letter) not in self.refused and letter != VISIT:
                self.say(place, "missing", letter)
            return ""
        if len(found) > 1:
            differ = len({_squeezed(one) for one in found}) > 1
            self.say(place, "duplicated", letter, "differ" if differ else "")
            if differ:
                return ""
        return "" if (place, letter) in self.refused else found[0]

    def _answer(self, place: int, fields: Mapping[str, str]) -> Answer:
        code = self.codes[place - 1]
        rating = fields.get(RATING, "")
        key = self.keys.get(_squeezed(rating), "")
        if rating and not key:
            self.say(place, "not_in_list", RATING, rating)
        ticks = "".join(letter for letter in self.issued.ticks if set(fields.get(letter, "")) & _TICKED)
        note = "\n".join(part for part in (fields.get(NOTE, ""), self.beside.get(place, "")) if part)
        return Answer(code, key, note, ticks)

    def _order(self, issue: Issue) -> tuple[int, str, str]:
        place = self.codes.index(issue.code) + 1 if issue.code else 0
        return place, issue.kind, issue.letter


def _squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()
