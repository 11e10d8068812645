"""What changed from one document to the next, as data that a page puts into words."""

import hashlib
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from lxml import etree

from document_templates.blocks import Block, Row, WordFile, blocks
from document_templates.comparing import Pair, aligned, aligned_text
from document_templates.contents import HeadingStyle, W
from document_templates.pieces import ATOM, name
from document_templates.relationships import OFFICE, rels_name, resolve

Where = Literal["text", "header", "footer", "footnote", "endnote", "picture", "chart"]
What = Literal["added", "removed", "changed", "moved"]
_BESIDE: tuple[tuple[str, Where], ...] = (
    ("header", "header"), ("footer", "footer"), ("footnotes", "footnote"), ("endnotes", "endnote"),
)  # fmt: skip
_DRAWN = ("drawing", "pict", "object")
_REFERENCES = (f"{{{OFFICE}}}id", f"{{{OFFICE}}}embed", f"{{{OFFICE}}}pict")
_MOVED_FROM_CHARACTERS = 20  # what is shorter repeats too easily to be taken for the same thing elsewhere


@dataclass(frozen=True)
class Change:
    """One difference. The place is the newer document's, for what was removed the older one's."""

    kind: What
    before: str = ""
    after: str = ""
    where: Where = "text"
    heading_number: str = ""
    heading: str = ""
    table: str = ""  # its caption or its name
    table_number: int = 0  # counted from the start of the document; 0 outside tables
    row: int = 0  # 0 for a whole table


@dataclass(frozen=True)
class _Place:
    heading_number: str = ""
    heading: str = ""
    table: str = ""
    table_number: int = 0


def changes(before: bytes, after: bytes) -> list[Change]:
    """The differences in reading order: text first, then pictures and charts, then headers, footers and notes."""
    return compared(WordFile(before), WordFile(after))


def compared(older: WordFile, newer: WordFile) -> list[Change]:
    found = list(_in_text(older, newer))
    found += _pictures(older, newer)
    for kind, where in _BESIDE:
        found += _beside(older, newer, kind, where)
    return _moved(found)


def _in_text(older: WordFile, newer: WordFile) -> Iterator[Change]:
    old_places, new_places = _places(older), _places(newer)
    for pair in aligned_text(older.blocks, newer.blocks):
        if pair.after:
            place = new_places[pair.after]
        elif pair.before:
            place = old_places[pair.before]
        if pair.before and pair.after and pair.after.kind == "table":
            yield from _in_table(pair.before, pair.after, place)
        else:
            yield from _one(pair, place)


def _in_table(before: Block, after: Block, place: _Place) -> Iterator[Change]:
    if before.key == after.key:
        return
    old_numbers = {row: number for number, row in enumerate(before.rows, 1)}
    new_numbers = {row: number for number, row in enumerate(after.rows, 1)}
    for pair in aligned(before.rows, after.rows):
        if pair.before and pair.after:
            row = new_numbers[pair.after]
            for was, now in zip(pair.before.cells, pair.after.cells, strict=True):
                for change in _inside_cell(was, now):
                    yield replace(change, **vars(place), row=row)
        else:
            row = new_numbers[pair.after] if pair.after else old_numbers[pair.before] if pair.before else 0
            yield from (replace(change, row=row) for change in _one(pair, place))


def _inside_cell(was: list[Block], now: list[Block]) -> Iterator[Change]:
    """A short cell is told as a whole, a long one by its paragraphs."""
    pairs = [pair for pair in aligned_text(was, now) if _differ(pair)]
    if len(was) == len(now) == 1 or len(pairs) < 2:
        for pair in pairs:
            yield from _one(pair, _Place())
    else:
        yield from _told("\n".join(block.text for block in was), "\n".join(block.text for block in now), _Place())


def _one(pair: Pair[Block] | Pair[Row], place: _Place) -> Iterator[Change]:
    if _differ(pair):
        yield from _told(pair.before.text if pair.before else "", pair.after.text if pair.after else "", place)


def _told(was: str, now: str, place: _Place) -> Iterator[Change]:
    was, now = was.strip(), now.strip()
    if was != now:
        kind: What = "added" if not was else "removed" if not now else "changed"
        yield Change(kind, was, now, "text", **vars(place))


def _differ(pair: Pair[Block] | Pair[Row]) -> bool:
    if isinstance(pair.before, Block) and isinstance(pair.after, Block) and pair.after.kind == "paragraph":
        return pair.before.wording != pair.after.wording
    return pair.before is None or pair.after is None or pair.before.key != pair.after.key


def _places(file: WordFile) -> dict[Block, _Place]:
    """Where each block stands: the heading above it with its number, and the table it is."""
    counters: dict[str, list[int]] = {}
    number = heading = caption = ""
    tables = 0
    found: dict[Block, _Place] = {}
    captions = {style for style, called in _style_names(file).items() if called == "caption"}
    for block in file.blocks:
        style = file.outline.styles.get(block.style) if block.kind == "paragraph" else None
        if style and block.text.strip():
            number, heading = file.outline.number(_own_list(file, block, style), counters), block.text.strip()
        if block.kind == "table":
            tables += 1
            found[block] = _Place(number, heading, caption or block.name, tables)
        else:
            found[block] = _Place(number, heading)
        caption = " ".join(block.text.split()) if block.style in captions else ""
    return found


def _own_list(file: WordFile, block: Block, style: HeadingStyle) -> HeadingStyle:
    own = block.element.find(f"{W}pPr/{W}numPr")
    number = None if own is None else own.find(f"{W}numId")
    if own is None or number is None:
        return style
    level = own.find(f"{W}ilvl")
    depth = "0" if level is None else level.get(f"{W}val", "0")
    return style._replace(
        numbering=file.outline.numbers.get(number.get(f"{W}val", ""), ""),
        depth=int(depth) if depth in tuple("012345678") else 0,
    )


def _style_names(file: WordFile) -> dict[str, str]:
    names = {}
    for part in file.beside("styles"):
        for style in file.tree(part).iter(f"{W}style"):
            called = style.find(f"{W}name")
            names[style.get(f"{W}styleId", "")] = "" if called is None else called.get(f"{W}val", "").lower()
    return names


def _pictures(older: WordFile, newer: WordFile) -> Iterator[Change]:
    """Pictures, charts and text boxes by what they show; their place is not looked at."""
    was, now = list(_drawn(older)), list(_drawn(newer))
    for pair in aligned(was, now):
        if pair.before is None and pair.after:
            yield Change("added", "", pair.after.told, pair.after.where)
        elif pair.after is None and pair.before:
            yield Change("removed", pair.before.told, "", pair.before.where)
        elif pair.before and pair.after and pair.before.shows != pair.after.shows:
            yield Change("changed", pair.before.told, pair.after.told, pair.after.where)


@dataclass(frozen=True)
class _Drawn:
    where: Where
    told: str  # its alternative text, else its name
    shows: str  # a digest of what it is made of

    @property
    def key(self) -> tuple[object, ...]:
        return (self.where, self.told)

    @property
    def words(self) -> frozenset[str]:
        return frozenset((self.where,))


def _drawn(file: WordFile) -> Iterator[_Drawn]:
    targets = {relation.id: relation for relation in file.relations}
    for element in file.body.iter(*(f"{W}{kind}" for kind in _DRAWN)):
        if any(name(above) in _DRAWN for above in element.iterancestors()):
            continue
        digest = hashlib.sha256()
        where: Where = "picture"
        told = ""
        for inner in element.iter():
            if name(inner) == "docPr":
                told = told or inner.get("descr") or inner.get("title") or inner.get("name") or ""
            if inner.tag == f"{W}t":
                digest.update((inner.text or "").encode())
            for reference in _REFERENCES:
                relation = targets.get(inner.get(reference, ""))
                if relation and not relation.external:
                    part = resolve(file.main, relation.target)
                    where = "chart" if relation.kind.endswith("/chart") else where
                    digest.update(_shown_by(file, part))
        yield _Drawn(where, told, digest.hexdigest())


def _shown_by(file: WordFile, part: str) -> bytes:
    """A picture's bytes; of a chart the texts and figures, which another program writes with other looks."""
    data = file.parts.get(part, b"")
    if posixpath.splitext(part)[1].lower() != ".xml" or rels_name(part) == part:
        return data
    return "\n".join(text for leaf in file.tree(part).iter("{*}v", "{*}t") if (text := leaf.text)).encode()


def _beside(older: WordFile, newer: WordFile, kind: str, where: Where) -> Iterator[Change]:
    """Headers, footers and notes, each as the paragraphs of all its parts; the same one in several is told once."""
    was, now = (list(dict.fromkeys(_texts(file, kind))) for file in (older, newer))
    for pair in aligned([_Text(text) for text in was], [_Text(text) for text in now]):
        for change in _told(pair.before.text if pair.before else "", pair.after.text if pair.after else "", _Place()):
            yield replace(change, where=where)


@dataclass(frozen=True)
class _Text:
    text: str

    @property
    def key(self) -> tuple[object, ...]:
        return (self.text,)

    @property
    def words(self) -> frozenset[str]:
        return frozenset(self.text.lower().split())


def _texts(file: WordFile, kind: str) -> Iterator[str]:
    for part in file.beside(kind):
        root = file.tree(part)
        containers: Iterable[etree._Element] = [root] if kind in ("header", "footer") else root
        for container in containers:
            for block in blocks(container, file.links_of(part)):
                yield from _lines(block)


def _lines(block: Block) -> Iterator[str]:
    for line in block.text.replace(ATOM, "").splitlines():
        if line.strip():
            yield " ".join(line.split())


def _moved(found: list[Change]) -> list[Change]:
    """What went from one place and came word for word to another is one change."""
    gone = {one.before: one for one in found if one.kind == "removed" and len(one.before) >= _MOVED_FROM_CHARACTERS}
    taken: set[str] = set()
    kept: list[Change] = []
    for one in found:
        origin = gone.get(one.after) if one.kind == "added" else None
        if origin and one.after not in taken and origin.where == one.where:
            taken.add(one.after)
            kept.append(replace(one, kind="moved", before=origin.before))
        else:
            kept.append(one)
    return [one for one in kept if not (one.kind == "removed" and one.before in taken and gone[one.before] is one)]
