"""The document templates on offer: the starters shipped with the product, known by name and by their bytes."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STARTERS = Path(__file__).with_name("starters")


class TemplateGone(Exception):
    """The document template that was chosen at the request is not on the shelf in that form any more."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.sentence = f"The document template “{name}” changed after this was requested. Request the document anew."


@dataclass(frozen=True)
class DocumentTemplate:
    """A Word template in one exact form."""

    name: str
    sha256: str
    content: bytes


@cache
def starter(kind: str, language: str = "en") -> DocumentTemplate:
    """The shipped starter of a kind of deliverable: `policy` is the English one, `policy.fr` the French."""
    name = kind if language == "en" else f"{kind}.{language}"
    content = (STARTERS / f"{name}.docx").read_bytes()
    return DocumentTemplate(name, hashlib.sha256(content).hexdigest(), content)


def read(name: str, sha256: str) -> bytes:
    """The bytes frozen at the request; raises TemplateGone when a newer release of the product ships others."""
    kind, _, language = name.partition(".")
    template = starter(kind, language or "en")
    if template.sha256 != sha256:
        raise TemplateGone(name)
    return template.content
