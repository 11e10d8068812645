"""A Word workbook that is filled on site without a network: one row per requirement, content controls for the answers.

Every control is named twice, by its tag and by a bookmark around it (LibreOffice drops tags when it saves, bookmarks
it keeps), and both names end with a code that only whoever knows the workbook's secret can make. The secret never
stands in the file. The same content and the same secret are the same bytes.
"""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from document_templates import archive
from document_templates.field_workbook_parts import (
    COLUMNS,
    DOCUMENT_END,
    DOCUMENT_START,
    WIDTH,
    constant_members,
    content_properties,
    footer,
    styles,
)

RATING, NOTE, VISIT = "r", "n", "v"  # fields of a name; a tick has its own letter, d, i or o
COVER = 0  # the row that the controls of the cover count as
UNTICKED = "☐"
_CODE_BYTES = 8  # of the authentication code; 13 characters when written
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")


class Row(NamedTuple):
    """What the consultant reads of one requirement, and the rating that stands already (a key of `ratings`, or "")."""

    code: str
    title: str
    text: str
    hint: str = ""
    seen: str = ""
    rating: str = ""


class Group(NamedTuple):
    """A clause with the rows under it."""

    number: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Words:
    """What the workbook says in its own language. `choose`, `write` and `pick` stand in empty controls."""

    requirement: str
    seen: str
    rating: str
    note: str
    visit: str
    choose: str
    write: str
    pick: str
    page: str


@dataclass(frozen=True)
class Workbook:
    """Everything that stands in the file. `ratings` and `ticks` are pairs of a key and its word; a tick's key is its
    field's letter."""

    id: str  # 32 hexadecimal digits
    language: str
    title: str
    subtitle: str
    author: str
    made_on: str
    cover: tuple[tuple[str, str], ...]
    instructions: tuple[str, ...]
    words: Words
    ratings: tuple[tuple[str, str], ...]
    ticks: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    colour: str = "1F5A73"
    heading_font: str = "Cambria"
    body_font: str = "Calibri"
    codes: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", tuple(row.code for group in self.groups for row in group.rows))


class Name(NamedTuple):
    """A control's two names. Word allows 64 characters for a tag and 40 for a bookmark."""

    tag: str
    bookmark: str


def new_secret() -> bytes:
    """For one workbook; whoever keeps it can tell its own names from any others."""
    return secrets.token_bytes(32)


def short_id(workbook_id: str) -> str:
    return f"w{workbook_id[:12]}"


def name_of(workbook_id: str, secret: bytes, place: int, code: str, letter: str) -> Name:
    """The names of one control; the code at their end also vouches for the requirement."""
    code_bytes = hmac.digest(secret, f"{workbook_id}:{code}:{letter}".encode(), "sha256")[:_CODE_BYTES]
    mac = base64.b32encode(code_bytes).decode().rstrip("=").lower()
    tag = f"{short_id(workbook_id)}.{place}.{letter}.{mac}"
    return Name(tag, tag.replace(".", "_"))


def names(workbook_id: str, secret: bytes, codes: tuple[str, ...], letters: str) -> Iterator[tuple[int, str, Name]]:
    """Every control that a workbook was made with."""
    yield COVER, VISIT, name_of(workbook_id, secret, COVER, "", VISIT)
    for place, code in enumerate(codes, 1):
        for letter in letters:
            yield place, letter, name_of(workbook_id, secret, place, code, letter)


def row_digest(row: Row) -> str:
    """One word for what a row says, to notice that somebody changed the requirement itself."""
    return text_digest("".join((row.code, row.title, row.text, row.hint, row.seen)))


def text_digest(text: str) -> str:
    """Blanks, line ends and invisible marks do not count: programs move them about when they save."""
    bare = "".join(text.split())
    if not bare.isascii():
        bare = _INVISIBLE.sub("", unicodedata.normalize("NFC", bare)).replace("\u2011", "-")
    bare = _UNWRITABLE.sub("", bare)
    return hashlib.sha256(bare.encode()).hexdigest()[:24]


def build(workbook: Workbook, *, secret: bytes) -> bytes:
    """The file, ready to be carried to the site."""
    members = constant_members(workbook.language)
    look = styles(workbook.colour, workbook.heading_font, workbook.body_font, workbook.language)
    varying = {
        "docProps/core.xml": content_properties(workbook.title, workbook.author, workbook.made_on, workbook.language),
        "docProps/custom.xml": _custom(workbook.id),
        "word/document.xml": _document(workbook, secret).encode(),
        "word/footer1.xml": footer(escaped(f"{workbook.title} · {workbook.subtitle}"), escaped(workbook.words.page)),
        "word/styles.xml": look,
    }
    packed = members | {name: archive.pack(name, data) for name, data in varying.items()}
    return archive.write([packed[name] for name in archive.ordered(packed)])


def escaped(text: str) -> str:
    """Text as it may stand in an element or an attribute."""
    text = _UNWRITABLE.sub("", text)
    if "&" in text or "<" in text or ">" in text or '"' in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text


def _custom(workbook_id: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="FieldWorkbook">'
        f"<vt:lpwstr>{workbook_id}</vt:lpwstr></property></Properties>"
    ).encode()


def _document(workbook: Workbook, secret: bytes) -> str:
    controls = _Controls(workbook, secret)
    pieces = [DOCUMENT_START, _paragraph("Title", workbook.title), _paragraph("Subtitle", workbook.subtitle)]
    pieces.append(_cover(workbook, controls))
    pieces.append(_paragraph("Small", ""))
    pieces += [_paragraph("Instruction", f"{number}. {line}") for number, line in enumerate(workbook.instructions, 1)]
    heads = (workbook.words.requirement, workbook.words.seen, workbook.words.rating, workbook.words.note)
    head = _head(heads)
    place = 0
    for group in workbook.groups:
        heading = f"{group.number} {group.title}".strip()
        pieces += (_paragraph("Heading1", heading), _table_start(heading), head)
        for row in group.rows:
            place += 1
            pieces.append(_row(row, place, controls))
        pieces.append("</w:tbl>")
    pieces += (_paragraph("Small", ""), DOCUMENT_END)
    return "".join(pieces)


def _cover(workbook: Workbook, controls: "_Controls") -> str:
    rows = [
        f"<w:tr>{_cell(2400, _paragraph('CoverLabel', label))}{_cell(12000, _paragraph('CoverValue', value))}</w:tr>"
        for label, value in workbook.cover
    ]
    label = _cell(2400, _paragraph("CoverLabel", workbook.words.visit))
    date = f'<w:p><w:pPr><w:pStyle w:val="CoverValue"/></w:pPr>{controls.visit()}</w:p>'
    rows.append(f"<w:tr>{label}{_cell(12000, date)}</w:tr>")
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Cover"/><w:tblW w:w="{WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '</w:tblPr><w:tblGrid><w:gridCol w:w="2400"/><w:gridCol w:w="12000"/></w:tblGrid>' + "".join(rows) + "</w:tbl>"
    )


def _table_start(caption: str) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in COLUMNS)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Workbook"/><w:tblW w:w="{WIDTH}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
        f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{escaped(caption)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>"
    )


def _head(titles: tuple[str, ...]) -> str:
    cells = (_cell(width, _paragraph("Head", text)) for width, text in zip(COLUMNS, titles, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"


def _cell(width: int, content: str, shade: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{content}</w:tc>'


def _paragraph(style: str, text: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_run(text)}</w:p>'


def _run(text: str) -> str:
    if not text:
        return ""
    written = escaped(text)
    if "\n" in written:
        written = written.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    return f'<w:r><w:t xml:space="preserve">{written}</w:t></w:r>'


def _row(row: Row, place: int, controls: "_Controls") -> str:
    read = (
        f'<w:p><w:pPr><w:pStyle w:val="Requirement"/></w:pPr>{_run(row.code)}<w:r><w:tab/></w:r>{_run(row.title)}</w:p>'
        f"{_paragraph('Body', row.text)}"
    )
    if row.hint:
        read += _paragraph("Hint", row.hint)
    return (
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + _cell(COLUMNS[0], read, _TO_READ)
        + _cell(COLUMNS[1], _paragraph("Body", row.seen), _TO_READ)
        + _cell(COLUMNS[2], controls.judgement(place, row))
        + _cell(COLUMNS[3], f'<w:p><w:pPr><w:pStyle w:val="Answer"/></w:pPr>{controls.note(place, row)}</w:p>')
        + "</w:tr>"
    )


_TO_READ = '<w:shd w:val="clear" w:color="auto" w:fill="F3F5F7"/>'
_TEXT = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
_EMPTY = '<w:r><w:rPr><w:rStyle w:val="PlaceholderText"/></w:rPr><w:t>{}</w:t></w:r>'


class _Controls:
    """Writes the content controls of one workbook, numbering them and their bookmarks as it goes."""

    def __init__(self, workbook: Workbook, secret: bytes) -> None:
        self.workbook, self.secret, self.count = workbook, secret, 0
        items = "".join(
            f'<w:listItem w:displayText="{escaped(word)}" w:value="{key}"/>' for key, word in workbook.ratings
        )
        self.list = f"<w:dropDownList>{items}</w:dropDownList>"
        self.word_of = dict(workbook.ratings)
        words = workbook.words
        self.choose, self.write, self.pick = (
            _EMPTY.format(escaped(word)) for word in (words.choose, words.write, words.pick)
        )
        self.rating_alias, self.note_alias = escaped(words.rating), escaped(words.note)
        self.ticks = tuple((letter, escaped(word)) for letter, word in workbook.ticks)

    def judgement(self, place: int, row: Row) -> str:
        """The rating, and below it how it was seen."""
        chosen = self.word_of.get(row.rating)
        content = _TEXT.format(escaped(chosen)) if chosen else self.choose
        code = escaped(row.code)
        listed = self._control(place, row.code, RATING, f"{code} {self.rating_alias}", self.list, content, not chosen)
        ticks = "".join(
            '<w:p><w:pPr><w:pStyle w:val="Tick"/></w:pPr>'
            + self._control(place, row.code, letter, f"{code} {word}", _CHECKBOX, _UNTICKED, False)
            + f'<w:r><w:t xml:space="preserve"> {word}</w:t></w:r></w:p>'
            for letter, word in self.ticks
        )
        return f'<w:p><w:pPr><w:pStyle w:val="Answer"/></w:pPr>{listed}</w:p>{ticks}'

    def note(self, place: int, row: Row) -> str:
        alias = f"{escaped(row.code)} {self.note_alias}"
        return self._control(place, row.code, NOTE, alias, _RICH, self.write, True)

    def visit(self) -> str:
        kind = (
            '<w:date><w:dateFormat w:val="yyyy-MM-dd"/><w:lid w:val="en-CA"/><w:storeMappedDataAs w:val="date"/>'
            '<w:calendar w:val="gregorian"/></w:date>'
        )
        return self._control(COVER, "", VISIT, escaped(self.workbook.words.visit), kind, self.pick, True)

    def _control(self, place: int, code: str, letter: str, alias: str, kind: str, content: str, is_empty: bool) -> str:
        self.count += 1
        tag, bookmark = name_of(self.workbook.id, self.secret, place, code, letter)
        showing = "<w:showingPlcHdr/>" if is_empty else ""
        return (
            f'<w:bookmarkStart w:id="{self.count}" w:name="{bookmark}"/><w:sdt><w:sdtPr><w:alias w:val="{alias}"/>'
            f'<w:tag w:val="{tag}"/><w:id w:val="{100_000 + self.count}"/><w:lock w:val="sdtLocked"/>{showing}{kind}'
            f'</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt><w:bookmarkEnd w:id="{self.count}"/>'
        )


_RICH = "<w:richText/>"  # a plain one loses its line ends when LibreOffice 7 saves it
_CHECKBOX = (
    '<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
    '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
)
_UNTICKED = (
    '<w:r><w:rPr><w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic" w:hint="eastAsia"/></w:rPr>'
    f"<w:t>{UNTICKED}</w:t></w:r>"
)
