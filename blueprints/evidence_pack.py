"""The evidence of an HSEp plan in one archive: a folder for each topic, in it one for each step."""

import re
import zipfile
from collections.abc import Iterable
from typing import IO, NamedTuple

from flask_babel import gettext as _

from consultancy.queries.hsep_plans import Worked
from consultancy.standards.words import say
from tenants.files import Files

UNFIT = re.compile(r"[^\w .,()’&-]+")
LONGEST = 60


class Packed(NamedTuple):
    """Where a file lies in the archive, and its key in the storage."""

    name: str
    key: str


class Written(NamedTuple):
    """How many files lie in the archive, and how many the storage lost."""

    files: int
    missing: int


def contents(topics: Iterable[Worked], language: str) -> list[Packed]:
    """Only what the virus scanner found clean goes out, and no interview, whatever it was called when it was linked."""
    return [
        Packed(f"{folder(one, step.step, language)}/{number:02d} {fit_file(evidence.file_name)}", evidence.file_key)
        for one in topics
        for step, shown in one.steps
        for number, (_proof, evidence) in enumerate(shown, start=1)
        if evidence.can_leave and evidence.file_key
    ]


def write(packed: list[Packed], *, files: Files, to: IO[bytes]) -> Written:
    """The archive whole, before its first byte goes out. A file that the storage lost is told inside as missing."""
    lost = []
    with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as archive:  # PDFs and pictures are compressed already
        for one in packed:
            try:
                content = files.get(one.key)
            except FileNotFoundError:
                lost.append(one.name)
            else:
                archive.writestr(one.name, content)
        if lost:
            archive.writestr("README.txt", "\n".join([_("Missing here, because the storage lost them:"), *lost, ""]))
    return Written(len(packed) - len(lost), len(lost))


def folder(one: Worked, step: int, language: str) -> str:
    return f"{fit(f'{one.topic.code} {one.title}')}/{step} {fit(say('hsep_steps', str(step), language))}"


def fit(words: str) -> str:
    """A name that every system takes for a folder's."""
    return " ".join(UNFIT.sub(" ", words).split())[:LONGEST].rstrip(" .")


def fit_file(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{fit(stem)}.{ending}" if dot and ending.isalnum() else fit(name)
