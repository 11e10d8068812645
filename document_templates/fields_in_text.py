"""Word fields that run or fetch something when a reader opens or refreshes the document."""

import re
from typing import Any

from document_templates.refusals import ActiveContent

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_STARTS = re.compile(
    r'^[\s"\\]*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|LINK|IMPORT|DATABASE|MACROBUTTON|EMBED|PRINT|RD)\b', re.I
)
_ANYWHERE = re.compile(r"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE)\b", re.IGNORECASE)
_ELEMENTS = {
    "altChunk": "another document",
    "object": "an embedded object",
    "control": "a control",
    "subDoc": "a sub-document",
}


class FieldCodes:
    """Follows the fields of one part while it is parsed; their code may be split over runs and paragraphs."""

    def __init__(self, parser: Any) -> None:
        self.open: list[list[str]] = []
        self.reading = False
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if not tag.startswith(_W):
            return
        name = tag[len(_W) :]
        if name in _ELEMENTS:
            raise ActiveContent(f"The document holds {_ELEMENTS[name]}; remove it and save again.")
        if name == "instrText":
            self.reading = True
        elif name == "fldSimple":
            _judge(attributes.get(f"{_W}instr", ""))
        elif name == "fldChar":
            kind = attributes.get(f"{_W}fldCharType", "")
            if kind == "begin":
                self.open.append([])
            elif kind == "separate" and self.open:
                _judge("".join(self.open[-1]))
            elif kind == "end" and self.open:
                _judge("".join(self.open.pop()))

    def _end(self, tag: str) -> None:
        if tag == f"{_W}instrText":
            self.reading = False

    def _text(self, text: str) -> None:
        if self.reading:
            for code in self.open or [[]]:
                code.append(text)
            if not self.open:
                _judge(text)


def _judge(code: str) -> None:
    found = _STARTS.search(code) or _ANYWHERE.search(code)
    if found:
        name = found[1].upper()
        raise ActiveContent(f"The document holds a field that fetches or runs something ({name}); remove it.")
