"""Looking for words in the XML of a whole report: a string is found a hundred times as fast as a pattern.

What changes is written once and what lies between is not copied before: memory for another whole report costs more time
than looking through it.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

Patch = tuple[int, int, bytes]  # from, to, what stands there instead


def places(xml: bytes, what: bytes) -> Iterator[int]:
    """Where some bytes stand."""
    at = xml.find(what)
    while at >= 0:
        yield at
        at = xml.find(what, at + 1)


def in_paragraphs(xml: bytes, word: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The text with a change made in the paragraphs that hold a word, and nothing looked at in the others."""
    pieces: list[bytes | memoryview] = []
    whole = memoryview(xml)
    done = 0
    at = xml.find(word)
    while at >= 0:
        start, end = paragraph_around(xml, at, done)
        pieces += (whole[done:start], change(xml[start:end]))
        done = end
        at = xml.find(word, end)
    return b"".join([*pieces, whole[done:]]) if pieces else xml


def paragraph_around(xml: bytes, at: int, done: int) -> tuple[int, int]:
    """From where to where the paragraph that holds a place goes; what is before `done` does not count."""
    start = xml.rfind(b"<w:p", done, at)
    while start >= 0 and xml[start + 4 : start + 5] not in (b">", b" "):
        start = xml.rfind(b"<w:p", done, start)
    end = xml.find(b"</w:p>", at)
    return max(start, done), len(xml) if end < 0 else end + len(b"</w:p>")



def patched(xml: bytes, patches: Iterable[Patch], start: int = 0, end: int | None = None) -> bytes:
    """From `start` to `end` with all changes at once; of two that overlap the first stands."""
    pieces: list[bytes | memoryview] = []
    whole = memoryview(xml)
    done = start
    for at, until, new in sorted(patches):
        if at >= done:
            pieces += (whole[done:at], new)
            done = until
    return b"".join([*pieces, whole[done:end]])


def between(patches: list[Patch], start: int, end: int) -> list[Patch]:
    """Those of sorted patches that begin there."""
    return patches[bisect_left(patches, (start,)) : bisect_left(patches, (end,))]
