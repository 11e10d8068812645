"""Which document answers which requirement, both ways, and what no document answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from consultancy.models.register_entry import RegisterEntry
from consultancy.program_documents import DOCUMENTS, ProgramDocument
from consultancy.standards.catalogue import Requirement, Standard

IN_PLACE = "have"


@dataclass(frozen=True)
class Answered:
    """A requirement with the documents that answer it here; those that are not needed do not count."""

    requirement: Requirement
    documents: tuple[ProgramDocument, ...]
    in_place: bool  # at least one of them is had


def by_requirement(standard: Standard, entries: Mapping[str, RegisterEntry]) -> list[Answered]:
    """Every requirement of the standard, in its order."""
    needed = [one for one in DOCUMENTS if one.code in entries and entries[one.code].state != "not_needed"]
    rows = []
    for requirement in standard.requirements:
        documents = tuple(one for one in needed if one.answers(requirement.code, by_elements=is_cor(standard)))
        in_place = any(entries[one.code].state == IN_PLACE for one in documents)
        rows.append(Answered(requirement, documents, in_place))
    return rows


def by_document(
    standard: Standard, entries: Mapping[str, RegisterEntry]
) -> list[tuple[ProgramDocument, list[Requirement]]]:
    """Every document of the register with the requirements it answers."""
    return [
        (one, [each for each in standard.requirements if one.answers(each.code, by_elements=is_cor(standard))])
        for one in DOCUMENTS
        if one.code in entries
    ]


def is_cor(standard: Standard) -> bool:
    return (standard.based_on or standard.key).startswith("cor")
