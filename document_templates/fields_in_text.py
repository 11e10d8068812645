"""Word fields that run or fetch something when a reader opens or refreshes the document."""

import re
from dataclasses import dataclass, field
from typing import Any

from document_templates.refusals import ActiveContent

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_STARTS = re.compile(
    r'^[\s"\\]*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|LINK|IMPORT|DATABASE|MACROBUTTON|EMBED|PRINT|RD)\b', re.I
)
_ANYWHERE = re.compile(r"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE)\b", re.IGNORECASE)
_NAMED = re.compile(r"\s*(?:=|\S+\s)")  # the name of a field, or a formula, stands before what may lie inside
_ELEMENTS = {
    "altChunk": "another document",
    "object": "an embedded object",
    "control": "a control",
    "subDoc": "a sub-document",
}


class FieldCodes:
    """Follows the fields of one part while it is parsed; their code may be split over runs and paragraphs.

    A field may lie in the code of another, as in `{ IF { PAGE } = 1 … }`. What it shows is then part of that code. Only
    the name of a field is never left to another: whoever does that has something to hide.
    """

    def __init__(self, parser: Any) -> None:
        self.open: list[_Field] = []
        self.depth = 0
        self.reading = ""
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if not tag.startswith(_W):
            return
        name = tag[len(_W) :]
        if name in _ELEMENTS:
            raise ActiveContent(f"The document holds {_ELEMENTS[name]}; remove it and save again.")
        if name in ("instrText", "delInstrText", "t"):
            self.reading = name
        elif name == "fldSimple":
            _judge(attributes.get(f"{_W}instr", ""))
        elif name == "fldChar":
            self._mark(attributes.get(f"{_W}fldCharType", ""))

    def _mark(self, kind: str) -> None:
        if kind == "begin":
            if self.open and self.open[-1].in_code and not _NAMED.match("".join(self.open[-1].code)):
                raise ActiveContent("The document holds a field whose name is made by another field; remove it.")
            self.open.append(_Field())
        elif kind == "separate" and self.open:
            _judge("".join(self.open[-1].code))
            self.open[-1].in_code = False
        elif kind == "end" and self.open:
            _judge("".join(self.open.pop().code))

    def _end(self, tag: str) -> None:
        self.depth -= 1
        if tag.startswith(_W):
            self.reading = ""
        if not self.depth:
            for left_open in self.open:
                _judge("".join(left_open.code))

    def _text(self, text: str) -> None:
        if not self.reading:
            return
        if self.reading == "t":
            for one in self.open[:-1]:
                if one.in_code:
                    one.code.append(text)
            return
        for one in self.open:
            if one.in_code:
                one.code.append(text)
        if not self.open:
            _judge(text)


@dataclass
class _Field:
    code: list[str] = field(default_factory=list)
    in_code: bool = True


def _judge(code: str) -> None:
    found = _STARTS.search(code) or _ANYWHERE.search(code)
    if found:
        name = found[1].upper()
        raise ActiveContent(f"The document holds a field that fetches or runs something ({name}); remove it.")
