"""Which block of an older document became which of a newer one, and which words of a paragraph stayed."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Generic, Literal, Protocol, TypeVar

from document_templates.blocks import Block, Row
from document_templates.pieces import Piece

State = Literal["", "ins", "del"]
_CELLS_AT_ONCE = 160_000  # of the table of similarities; longer stretches are aligned slice by slice
_MATCHES_AT_ONCE = 100_000  # of equal things with each other; difflib takes minutes where thousands are equal
_ALIKE = 0.4  # of the words in common: below, it is another paragraph and not a changed one
_KEPT = 0.2  # of the words in common: below, all is shown as replaced, which reads better than confetti


class Comparable(Protocol):
    @property
    def key(self) -> tuple[object, ...]: ...
    @property
    def words(self) -> frozenset[str]: ...


Thing = TypeVar("Thing", bound=Comparable)


@dataclass(eq=False)
class Pair(Generic[Thing]):
    """One thing before and after; `mark` says what becomes of the end of the paragraph."""

    before: Thing | None
    after: Thing | None
    mark: State = ""

    @property
    def state(self) -> State:
        return "ins" if self.before is None else "del" if self.after is None else ""


def aligned(before: Sequence[Thing], after: Sequence[Thing]) -> list[Pair[Thing]]:
    """Every thing of both sides once, in an order that is the order of each."""
    pairs: list[Pair[Thing]] = []
    for kind, i, j, k, m in _opcodes([one.key for one in before], [one.key for one in after]):
        if kind == "equal":
            pairs += [Pair(a, b) for a, b in zip(before[i:j], after[k:m], strict=True)]
        else:
            pairs += _replaced(before[i:j], after[k:m])
    for pair in pairs:
        pair.mark = pair.state
    return pairs


def aligned_text(before: Sequence[Block], after: Sequence[Block]) -> list[Pair[Block]]:
    """The same for a body or a cell, whose last paragraph can never be taken away: its end stays, whatever it says."""
    pairs = aligned(before, after)
    start = len(pairs)
    while start and pairs[start - 1].state:
        start -= 1
    tail = pairs[start:]
    deleted, inserted = ([pair for pair in tail if pair.state == state] for state in ("del", "ins"))
    if deleted and inserted:
        last_before, last_after = deleted[-1].before, inserted[-1].after
        if _are_paragraphs(last_before, last_after):
            kept = [pair for pair in tail if pair is not deleted[-1] and pair is not inserted[-1]]
            return [*pairs[:start], *kept, Pair(last_before, last_after)]
    elif tail and start:
        anchor, state = pairs[start - 1], tail[0].state
        if not _are_paragraphs(anchor.before, anchor.after):
            return pairs
        if all(_are_paragraphs(pair.before or pair.after) for pair in tail):
            anchor.mark, tail[-1].mark = state, ""
        elif state == "del" and _are_paragraphs(tail[-1].before):
            pairs[start - 1 :] = [Pair(anchor.before, None, "del"), *tail[:-1], Pair(tail[-1].before, anchor.after)]
        elif state == "ins" and _are_paragraphs(tail[-1].after):
            pairs[start - 1 :] = [Pair(None, anchor.after, "ins"), *tail[:-1], Pair(anchor.before, tail[-1].after)]
    return pairs


def _opcodes(old: Sequence[Hashable], new: Sequence[Hashable]) -> Sequence[tuple[str, int, int, int, int]]:
    """What stays and what goes; where too much repeats, only what is equal at the start and at the end stays."""
    times = Counter(new)
    if sum(count * times[key] for key, count in Counter(old).items()) <= _MATCHES_AT_ONCE:
        return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    shorter = min(len(old), len(new))
    start = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    left = shorter - start
    end = next((n for n in range(left) if old[-1 - n] != new[-1 - n]), left)
    i, k = len(old) - end, len(new) - end
    stretches = [("equal", 0, start, 0, start), ("replace", start, i, start, k), ("equal", i, len(old), k, len(new))]
    return [stretch for stretch in stretches if stretch[1] < stretch[2] or stretch[3] < stretch[4]]


def _are_paragraphs(*blocks: Block | None) -> bool:
    return all(block is not None and block.kind == "paragraph" for block in blocks)


def _replaced(before: Sequence[Thing], after: Sequence[Thing]) -> list[Pair[Thing]]:
    """The pairing with the most words in common that crosses nowhere; the rest is deleted and inserted."""
    slices = -(-len(before) * len(after) // _CELLS_AT_ONCE)
    if slices > 1:
        cuts = [(len(before) * n // slices, len(after) * n // slices) for n in range(slices + 1)]
        return [
            pair for (i, k), (j, m) in zip(cuts, cuts[1:], strict=False) for pair in _replaced(before[i:j], after[k:m])
        ]
    rows, columns = len(before), len(after)
    likeness = [[_likeness(a, b) for b in after] for a in before]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        line, below, alike = best[i], best[i + 1], likeness[i]
        for k in range(columns - 1, -1, -1):
            line[k] = max(below[k], line[k + 1], below[k + 1] + alike[k])
    pairs: list[Pair[Thing]] = []
    i = k = 0
    while i < rows and k < columns:
        if likeness[i][k] and best[i][k] == best[i + 1][k + 1] + likeness[i][k]:
            pairs.append(Pair(before[i], after[k]))
            i, k = i + 1, k + 1
        elif best[i][k] == best[i + 1][k]:
            pairs.append(Pair(before[i], None))
            i += 1
        else:
            pairs.append(Pair(None, after[k]))
            k += 1
    return [*pairs, *(Pair(one, None) for one in before[i:]), *(Pair(None, one) for one in after[k:])]


def _likeness(a: Comparable, b: Comparable) -> float:
    """0 for what must not be taken for one thing that changed."""
    total = len(a.words) + len(b.words)
    common = 2 * len(a.words & b.words) / total if total else 1.0
    if isinstance(a, Row) and isinstance(b, Row):
        return common if common >= _ALIKE and len(a.cells) == len(b.cells) else 0.0
    if isinstance(a, Block) and isinstance(b, Block):
        if a.kind != b.kind:
            return 0.0
        if a.kind == "table":
            if a.columns != b.columns:
                return 0.0
            same_name = bool(a.name) and a.name == b.name
            return common + 0.5 * same_name if common >= _KEPT or same_name else 0.0
    return common if common >= _ALIKE else 0.0


class _Word:
    """A word with the white space and the invisible marks after it."""

    def __init__(self, piece: Piece | None) -> None:
        self.piece, self.trail = piece, list[Piece]()
        self.key = piece.key if piece else "\0start"
        self.weight = max(len(piece.text), 1) if piece else 0


def worded(before: list[Piece], after: list[Piece]) -> Iterator[tuple[State, Piece]]:
    """The pieces of both in reading order; what is invisible comes from the newer one only and is never marked."""
    old, new = _trailed([piece for piece in before if piece.key]), _trailed(after)
    for equal, i, j, k, m in _operations(old, new):
        if equal:
            for was, now in zip(old[i:j], new[k:m], strict=True):
                if now.piece:
                    yield "", now.piece
                yield from _spaces(was.trail, now.trail)
        else:
            last_trails = (old[j - 1].trail, new[m - 1].trail) if j > i and m > k else ([], [])
            yield from (("del", piece) for piece in _all(old[i:j], without=last_trails[0]))
            yield from (_added(piece) for piece in _all(new[k:m], without=last_trails[1]))
            yield from _spaces(*last_trails)


def _trailed(pieces: list[Piece]) -> list[_Word]:
    words = [_Word(None)]
    for piece in pieces:
        if piece.joins:
            words[-1].trail.append(piece)
        else:
            words.append(_Word(piece))
    return words


def _all(words: list[_Word], *, without: list[Piece]) -> Iterator[Piece]:
    for word in words:
        if word.piece:
            yield word.piece
        if word.trail is not without:
            yield from word.trail


def _spaces(was: list[Piece], now: list[Piece]) -> Iterator[tuple[State, Piece]]:
    if "".join(piece.key for piece in was) == "".join(piece.key for piece in now):
        yield from (("", piece) for piece in now)
    else:
        yield from (("del", piece) for piece in was)
        yield from (_added(piece) for piece in now)


def _added(piece: Piece) -> tuple[State, Piece]:
    return ("ins" if piece.key else "", piece)


def _operations(old: list[_Word], new: list[_Word]) -> list[tuple[bool, int, int, int, int]]:
    """Stretches that stay and stretches that are replaced, in turns, from the first word on."""
    found = _opcodes([word.key for word in old], [word.key for word in new])
    kept = sum(word.weight for kind, i, j, _, _ in found if kind == "equal" for word in old[i:j])
    total = sum(word.weight for words in (old, new) for word in words)
    if 2 * kept < _KEPT * total:
        return [(True, 0, 1, 0, 1), (False, 1, len(old), 1, len(new))]
    operations: list[tuple[bool, int, int, int, int]] = []
    for number, (kind, i, j, k, m) in enumerate(found):
        is_equal = kind == "equal" and not (
            0 < number < len(found) - 1
            and sum(word.weight for word in old[i:j]) < 4
            and found[number - 1][0] == found[number + 1][0] == "replace"
        )
        if operations and not is_equal and not operations[-1][0]:
            _, first_old, _, first_new, _ = operations[-1]
            operations[-1] = (False, first_old, j, first_new, m)
        else:
            operations.append((is_equal, i, j, k, m))
    return operations
