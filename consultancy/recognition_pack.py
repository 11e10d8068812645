"""The application pack for recognition: one zip with each paper under the name that the guideline gives it."""

from datetime import date
from typing import IO
from zipfile import ZIP_STORED, ZipFile

from consultancy.models.recognition import Recognition
from consultancy.queries import recognitions
from consultancy.recognition import Slot, slots
from tenants.files import Files

SCHEMELESS = "iso45001"  # the papers that every scheme asks for, until a certificate is chosen
READ_ME = {
    "en": (
        "Application for recognition (SOSE): papers of {name}\n\n{lines}\n\n"
        "The guideline shows the name of the form cut off after “E.R.Application_Signe”; its end is our reading.\n"
        "Compare the names with the guideline before you upload.\n"
    ),
    "fr": (
        "Demande de reconnaissance (SOSE) : documents de {name}\n\n{lines}\n\n"
        "Le guide montre le nom du formulaire coupé après « E.R.Application_Signe »; la suite est notre lecture.\n"
        "Comparez les noms avec le guide avant de téléverser.\n"
    ),
}
MISSING = {"en": "MISSING", "fr": "MANQUE"}


def slots_of(recognition: Recognition, today: date) -> list[Slot]:
    standard = recognition.certificate.standard if recognition.certificate else SCHEMELESS
    return slots(standard, today)


def write_pack(recognition: Recognition, *, files: Files, to: IO[bytes], language: str, today: date) -> list[str]:
    """Write what is there, with a list of what is missing; answers the slots that were filled. A file that the storage
    lost is told as missing."""
    filled, lines = [], []
    held, name = recognitions.papers(recognition), recognition.client.legal_name
    with ZipFile(to, "w", ZIP_STORED) as archive:  # PDFs and pictures are compressed already
        for slot in slots_of(recognition, today):
            piece = held.get(slot.key)
            content = None
            if piece and piece.can_be_opened and piece.file_key:
                try:
                    content = files.get(piece.file_key)
                except FileNotFoundError:
                    content = None
            if content is None or piece is None:
                lines.append(f"{MISSING[language]}: {slot.missing[language]}")
                continue
            file_name = slot.file_name(name, piece.kind)
            archive.writestr(file_name, content)
            filled.append(slot.key)
            lines.append(f"{slot.title[language]}: {file_name}")
        archive.writestr("README.txt", READ_ME[language].format(name=name, lines="\n".join(lines)))
    return filled
