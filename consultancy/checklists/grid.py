"""A sheet as a grid of values, whatever file it came from."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from tenants.direction import kept_to_itself

# C0 controls except tab and line feed, lone surrogates and noncharacters: Word cannot hold them.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


class Unreadable(Exception):
    """The file or a sheet cannot be read as a checklist; `kind` names the sentence."""

    def __init__(self, kind: str, value: str = "", sheet: str = "") -> None:
        super().__init__(kind, value, sheet)
        self.kind = kind
        self.value = value
        self.sheet = sheet


@dataclass
class Sheet:
    """`faults` are cells whose value cannot be trusted: (kind, value) by (row, column), counted from 0.
    `merged` are ((first row, first column), (last row, last column)). `refused` says why a sheet was not read."""

    name: str
    cells: list[list[Any]] = field(default_factory=list)
    faults: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    hidden: bool = False
    refused: str = ""
    encoding: str = ""


def clean(text: str) -> str:
    """The documented normalisation: line ends become LF, what cannot be printed goes, outer white space goes."""
    return kept_to_itself(UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip())


def plain(value: Any) -> str:
    """A word to compare by: no case, no accents, no punctuation."""
    text = unicodedata.normalize("NFKD", str(value).casefold().replace("œ", "oe"))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", "".join(c for c in text if not unicodedata.combining(c))).split())


def column_name(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def cell_name(row: int, column: int) -> str:
    return f"{column_name(column)}{row + 1}"
