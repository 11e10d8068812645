"""Passwords: long rather than odd. No rule about kinds of characters, and nothing that everybody would try first."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from tenants.refusal import NotValid

SHORTEST, LONGEST = 15, 128  # characters, after normalisation
RAW_LONGEST = 1024  # characters that are looked at at all; composed characters shrink when they are normalised
LEFT_OVER = 6  # letters that must remain when common words, names and runs are taken away
PERSONAL = 4  # letters of a name or an address that make it worth looking for
PHRASES = Path(__file__).with_name("blocklist.txt")
RUNS = (
    "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
    "qwertzuiop", "yxcvbnm", "qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "01234567890",
)  # fmt: skip
SPELT = str.maketrans({"@": "a", "4": "a", "3": "e", "0": "o", "1": "i", "!": "i", "5": "s", "$": "s", "7": "t"})

_hasher = PasswordHash((Argon2Hasher(),))


class PasswordRefused(NotValid):
    """`reason`: short, long, common (or made of what is common), personal (made of the person's own name)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def normalised(password: str) -> str:
    """One spelling whatever keyboard wrote it (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def too_long(password: str) -> bool:
    """Refused before any work is done for it, never cut."""
    return len(password) > RAW_LONGEST or len(normalised(password)) > LONGEST


def refuse_weak(password: str, *, about: Iterable[str] = ()) -> None:
    """`about`: names and addresses of the person and of their consultancies. Raises PasswordRefused."""
    if too_long(password):
        raise PasswordRefused("long")
    spelt = normalised(password)
    if len(spelt) < SHORTEST:
        raise PasswordRefused("short")
    if not spelt.isprintable():
        raise PasswordRefused("unreadable")
    common, phrases = _blocklist()
    readings = {_bare(spelt), _bare(spelt.translate(SPELT))}
    if readings & phrases or _left(readings, common) < LEFT_OVER:
        raise PasswordRefused("common")
    if _left(readings, common | _words_of(about)) < LEFT_OVER:
        raise PasswordRefused("personal")


def hashed(password: str) -> str:
    return _hasher.hash(normalised(password))


def fits(password: str, password_hash: str | None) -> tuple[bool, str | None]:
    """(does it fit, a newer hash to keep). Nobody's password costs the same work as a wrong one."""
    known = password_hash or _nobody()
    if too_long(password):
        return False, None  # nobody has one: the answer tells nothing, and costs nothing
    right, newer = _hasher.verify_and_update(normalised(password), known)
    return right and password_hash is not None, newer


@cache
def _nobody() -> str:
    return _hasher.hash("a password that nobody has")


def _bare(text: str) -> str:
    """Letters and digits as a guesser tries them first: no case, no accents, nothing between them."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if character.isalnum())


def _left(readings: Iterable[str], words: frozenset[str]) -> int:
    """How many letters remain once words, runs, figures and repetitions are taken out; the poorest reading counts."""
    return min(_remaining(reading, words) for reading in readings)


def _remaining(text: str, words: frozenset[str]) -> int:
    rest = _without_words(text, words)
    rest = _without_runs(rest)
    rest = re.sub(r"(?<![0-9])[0-9]{1,4}(?![0-9])", " ", rest)  # years, and the figures that every rule asked for
    rest = _without_words(rest.replace(" ", ""), words)
    return len(_unit(rest))


def _without_words(text: str, words: frozenset[str]) -> str:
    """The longest word first at each place; a space stays where something was taken out."""
    longest, kept, at = max(map(len, words), default=0), [], 0
    while at < len(text):
        for length in range(min(longest, len(text) - at), 2, -1):
            if text[at : at + length] in words:
                kept.append(" ")
                at += length
                break
        else:
            kept.append(text[at])
            at += 1
    return "".join(kept)


def _without_runs(text: str) -> str:
    """Without four or more neighbours on a keyboard or in the alphabet, and without one letter again and again."""
    text = re.sub(r"(.)\1{2,}", r"\1", text)
    kept, at = [], 0
    while at < len(text):
        length = next((length for length in range(len(text) - at, 3, -1) if _is_run(text[at : at + length])), 0)
        kept.append(" " if length else text[at])
        at += length or 1
    return "".join(kept)


def _is_run(part: str) -> bool:
    return any(part in run or part in run[::-1] for run in RUNS)


def _unit(text: str) -> str:
    """What is repeated: of `lampe lampe lampe`, one."""
    text = text.replace(" ", "")
    for length in range(1, len(text) // 2 + 1):
        if (text[:length] * (len(text) // length + 1))[: len(text)] == text:
            return text[:length]
    return text


def _words_of(about: Iterable[str]) -> frozenset[str]:
    parts = (part for text in about for part in re.split(r"[\W_]+", normalised(text)))
    return frozenset(bare for part in parts if len(bare := _bare(part)) >= PERSONAL)


@cache
def _blocklist() -> tuple[frozenset[str], frozenset[str]]:
    """(words that count for nothing, whole phrases), from the shipped file: phrases are its lines with a space."""
    lines = [line.strip() for line in PHRASES.read_text(encoding="utf-8").splitlines()]
    listed = [line for line in lines if line and not line.startswith("#")]
    words = frozenset(_bare(line) for line in listed if " " not in line)
    return words, frozenset(_bare(line) for line in listed if " " in line)
