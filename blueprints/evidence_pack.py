"""The evidence of an HSEp plan in one archive: a folder for each topic, in it one for each step."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import NamedTuple

from consultancy.queries.hsep_plans import Worked
from consultancy.standards.words import say
from tenants.files import Files
from tenants.limits import MEGABYTE

UNFIT = re.compile(r"[^\w .,()’&-]+")
LONGEST = 60


class Packed(NamedTuple):
    """Where a file lies in the archive, and its key in the storage."""

    name: str
    key: str


def contents(topics: Iterable[Worked], language: str) -> list[Packed]:
    """Only what the virus scanner found clean goes out, and no interview, whatever it was called when it was linked."""
    return [
        Packed(f"{folder(one, step.step, language)}/{number:02d} {fit_file(evidence.file_name)}", evidence.file_key)
        for one in topics
        for step, shown in one.steps
        for number, (_proof, evidence) in enumerate(shown, start=1)
        if evidence.can_leave and evidence.file_key
    ]


def blocks(packed: list[Packed], files: Files) -> Iterator[bytes]:
    """The archive piece by piece; it is put together on the disk once somebody reads it."""
    with TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for one in packed:
                archive.writestr(one.name, files.get(one.key))
        file.seek(0)
        while block := file.read(MEGABYTE):
            yield block


def folder(one: Worked, step: int, language: str) -> str:
    return f"{fit(f'{one.topic.code} {one.title}')}/{step} {fit(say('hsep_steps', str(step), language))}"


def fit(words: str) -> str:
    """A name that every system takes for a folder's."""
    return " ".join(UNFIT.sub(" ", words).split())[:LONGEST].rstrip(" .")


def fit_file(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{fit(stem)}.{ending}" if dot and ending.isalnum() else fit(name)
