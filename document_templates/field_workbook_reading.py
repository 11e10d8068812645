"""A filled field workbook, read back: first what stands in the file, then what of it can be believed.

`take_in` runs in the confined child and knows no secret; `verify` compares what it found with what was issued. Word and
LibreOffice save differently: a control is known by its tag, by the bookmark around it, or by both.
"""

import contextlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from xml.parsers import expat

from document_templates import archive
from document_templates.field_workbook import COVER, NOTE, RATING, VISIT, names, short_id, text_digest
from document_templates.intake import inspect_archive
from document_templates.refusals import BrokenFile, WrongKindOfFile

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_USUAL = re.compile(rb'<w:document\s[^>]*xmlns:w="' + _WORD.encode() + rb'"')
_NAMED = re.compile(r"w[0-9a-f]{12}[._]\d{1,5}[._][a-z][._][a-z2-7]{13}")
_OURS = re.compile(r"(w[0-9a-f]{12})[._](\d{1,5})[._]([a-z])[._]")
_ID = re.compile(r"[0-9a-f]{32}")
_TICKED = frozenset("☒☑✔✓⊠")
_READ_COLUMNS = 2  # of a row: what the consultant reads; the others are filled in


class Control(NamedTuple):
    """A content control, or a bookmark that is left of one, as the file has it."""

    tag: str
    bookmark: str
    text: str
    is_empty: bool  # the program says that only the placeholder stands in it
    is_tracked: bool
    row: int


class RawWorkbook(NamedTuple):
    """What stands in the file. `rows`: of every table row, what its cells say outside the controls."""

    id: str
    controls: tuple[Control, ...]
    rows: tuple[tuple[str, ...], ...]


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


def take_in(content: bytes) -> RawWorkbook:
    """What an uploaded workbook says. Raises the gate's refusals, and WrongKindOfFile when it is no field workbook."""
    inspect_archive(content, kind="docx")
    return read_parts(archive.read(content))


def read_parts(parts: Mapping[str, bytes]) -> RawWorkbook:
    """The same, of a file that passed the gate before."""
    main = parts.get("word/document.xml")
    if main is None:
        raise WrongKindOfFile("The Word document is not a field workbook made here.")
    # every program we know writes w: before the names; looking namespaces up takes a third longer
    usual = _USUAL.search(main[:8192]) is not None
    body = _Body("w:" if usual else f"{_WORD} ")
    try:
        body.read(main, None if usual else " ")
        found = _property(parts.get("docProps/custom.xml", b""))
    except expat.ExpatError as error:
        raise BrokenFile("The file is damaged: it cannot be read as a Word document (.docx).") from error
    controls = body.controls()
    if not controls and not found:
        raise WrongKindOfFile("The Word document is not a field workbook made here.")
    return RawWorkbook(found, controls, tuple(tuple("".join(cell) for cell in row) for row in body.rows))


def claimed(raw: RawWorkbook) -> tuple[str, str]:
    """Which workbook the file says it is: its whole id where a program kept that, and the short one of its controls."""
    shorts = Counter(name[:13] for one in raw.controls for name in (one.tag, one.bookmark) if name)
    return raw.id, next((short for short, _count in shorts.most_common(1)), "")


def _property(custom: bytes) -> str:
    """The workbook's id in the custom properties."""
    if not custom:
        return ""
    state = {"ours": False}
    text: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("property"):
            state["ours"] = attributes.get("name") == "FieldWorkbook"

    def characters(data: str) -> None:
        if state["ours"]:
            text.append(data)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.CharacterDataHandler = start, characters
    parser.Parse(custom, True)
    found = _ID.search("".join(text))
    return found[0] if found else ""


class _Open:
    """A control or a bookmark while the reader is inside it."""

    __slots__ = ("empty", "name", "pair", "pieces", "row", "tag", "tracked")

    def __init__(self, row: int, *, name: str = "") -> None:
        self.tag, self.name, self.row = "", name, row
        self.pieces: list[str] = []
        self.empty = self.tracked = False
        self.pair: _Open | None = None


class _Body:
    """One pass over the document, without a tree: text goes to the controls, bookmarks and cells that are open."""

    def __init__(self, prefix: str) -> None:
        self.val, self.name, self.id, self.pos, self.char = (f"{prefix}{name}" for name in ("val", "name", "id", "pos", "char"))
        self.rows: list[list[list[str]]] = []
        self.found: list[_Open] = []
        self.sdts: list[_Open] = []
        self.marks: dict[str, _Open] = {}
        self.targets: list[list[str]] = []
        self.in_text = False
        self.deleted = self.inserted = self.row_depth = 0
        self.starts = {
            f"{prefix}{name}": handler
            for name, handler in (
                ("t", self._text), ("p", self._paragraph), ("br", self._line), ("cr", self._line), ("tab", self._tab),
                ("noBreakHyphen", self._hyphen), ("sym", self._symbol),
                ("tr", self._row), ("tc", self._cell), ("sdt", self._sdt), ("tag", self._tag),
                ("showingPlcHdr", self._placeholder), ("bookmarkStart", self._mark), ("bookmarkEnd", self._end_mark),
                ("ins", self._insert), ("moveTo", self._insert), ("del", self._delete), ("moveFrom", self._delete),
            )
        }  # fmt: skip
        self.ends = {
            f"{prefix}{name}": handler
            for name, handler in (
                ("t", self._end_text), ("sdt", self._end_sdt), ("tr", self._end_row),
                ("ins", self._end_insert), ("moveTo", self._end_insert), ("del", self._end_delete),
                ("moveFrom", self._end_delete),
            )
        }  # fmt: skip

    def read(self, xml: bytes, separator: str | None) -> None:
        parser = expat.ParserCreate(namespace_separator=separator)
        parser.buffer_text = True
        starts, ends = self.starts, self.ends

        def start(tag: str, attributes: dict[str, str]) -> None:
            handler = starts.get(tag)
            if handler:
                handler(attributes)

        def end(tag: str) -> None:
            handler = ends.get(tag)
            if handler:
                handler()

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = self._characters
        parser.Parse(xml, True)

    def controls(self) -> tuple[Control, ...]:
        """A control with the bookmark that belongs to it is one; a bookmark alone stands for a control that is gone."""
        paired = {id(one.pair) for one in self.found if one.pair is not None}
        return tuple(
            _as_control(one)
            for one in self.found
            if (_NAMED.fullmatch(one.tag) or one.name or one.pair is not None) and id(one) not in paired
        )

    def _aim(self) -> None:
        """Where text goes now: the innermost control and the open bookmarks, else the cell."""
        targets = [mark.pieces for mark in self.marks.values()]
        if self.sdts and (self.sdts[-1].tag or targets):
            targets.append(self.sdts[-1].pieces)
        if not targets and self.rows and self.row_depth and self.rows[-1]:
            targets.append(self.rows[-1][-1])
        self.targets = targets

    def _characters(self, data: str) -> None:
        if self.in_text and not self.deleted:
            for target in self.targets:
                target.append(data)

    def _write(self, data: str) -> None:
        if not self.deleted:
            for target in self.targets:
                target.append(data)

    def _text(self, _attributes: dict[str, str]) -> None:
        self.in_text = True

    def _end_text(self) -> None:
        self.in_text = False

    def _paragraph(self, _attributes: dict[str, str]) -> None:
        self._write("\n")

    def _line(self, _attributes: dict[str, str]) -> None:
        self._write("\n")

    def _tab(self, attributes: dict[str, str]) -> None:
        if self.pos not in attributes:  # a tab, not the place of one
            self._write("\t")

    def _hyphen(self, _attributes: dict[str, str]) -> None:
        self._write("\u2011")

    def _symbol(self, attributes: dict[str, str]) -> None:
        """A character by its number in a font; those of symbol fonts stand in a range of their own."""
        with contextlib.suppress(ValueError, OverflowError):
            self._write(chr(int(attributes.get(self.char, ""), 16)))

    def _row(self, _attributes: dict[str, str]) -> None:
        self.row_depth += 1
        self.rows.append([])
        self._aim()

    def _end_row(self) -> None:
        self.row_depth -= 1
        self._aim()

    def _cell(self, _attributes: dict[str, str]) -> None:
        if self.rows:
            self.rows[-1].append([])
        self._aim()

    def _sdt(self, _attributes: dict[str, str]) -> None:
        one = _Open(len(self.rows) - 1)
        one.pair = next(reversed(self.marks.values()), None)
        one.tracked = self.inserted > 0 or self.deleted > 0
        self.sdts.append(one)
        self.found.append(one)
        self._aim()

    def _end_sdt(self) -> None:
        if self.sdts:
            self.sdts.pop()
        self._aim()

    def _tag(self, attributes: dict[str, str]) -> None:
        if self.sdts:
            self.sdts[-1].tag = attributes.get(self.val, "")
            self._aim()

    def _placeholder(self, attributes: dict[str, str]) -> None:
        if self.sdts and attributes.get(self.val, "1") not in ("0", "false", "off"):
            self.sdts[-1].empty = True

    def _mark(self, attributes: dict[str, str]) -> None:
        name = attributes.get(self.name, "")
        if not _NAMED.fullmatch(name):
            return
        one = _Open(len(self.rows) - 1, name=name)
        self.marks[attributes.get(self.id, "")] = one
        self.found.append(one)
        if self.sdts and self.sdts[-1].pair is None:  # LibreOffice may put the bookmark inside the control
            self.sdts[-1].pair = one
        self._aim()

    def _end_mark(self, attributes: dict[str, str]) -> None:
        if self.marks.pop(attributes.get(self.id, ""), None):
            self._aim()

    def _insert(self, _attributes: dict[str, str]) -> None:
        self.inserted += 1
        self._note_tracking()

    def _end_insert(self) -> None:
        self.inserted -= 1

    def _delete(self, _attributes: dict[str, str]) -> None:
        self.deleted += 1
        self._note_tracking()

    def _end_delete(self) -> None:
        self.deleted -= 1

    def _note_tracking(self) -> None:
        for one in (*self.sdts, *self.marks.values()):
            one.tracked = True


def _as_control(one: _Open) -> Control:
    mark = one.pair
    tag = one.tag if _NAMED.fullmatch(one.tag) else ""
    text, tracked = "".join(one.pieces).strip(), one.tracked
    empty = one.empty
    if mark is not None:
        whole = "".join(mark.pieces).strip()
        tracked = tracked or mark.tracked
        if empty and whole != text:  # the placeholder stands there, and somebody typed beside it
            whole, empty = whole.replace(text, "", 1).strip(), False
        text = whole or text
    name = mark.name if mark is not None else one.name
    return Control(tag, name, "" if empty else text, empty, tracked, one.row)


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
