"""What stands in a filled field workbook. It runs in the confined child, knows no secret and believes nothing yet.

Word and LibreOffice save differently: a control is known by its tag, by the bookmark around it, or by both.
"""

import contextlib
import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple
from xml.parsers import expat

from document_templates import archive
from document_templates.intake import inspect_archive
from document_templates.refusals import BrokenFile, WrongKindOfFile

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_USUAL = re.compile(rb'<w:document\s[^>]*xmlns:w="' + _WORD.encode() + rb'"')
_NAMED = re.compile(r"w[0-9a-f]{12}[._]\d{1,5}[._][a-z][._][a-z2-7]{13}")
_ID = re.compile(r"[0-9a-f]{32}")


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
        names = ("val", "name", "id", "pos", "char")
        self.val, self.name, self.id, self.pos, self.char = (f"{prefix}{name}" for name in names)
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
