"""Small Word files that pass for finished documents."""

from io import BytesIO

import docx


def paper(number: str, *paragraphs: str) -> bytes:
    document = docx.Document()
    document.core_properties.identifier = number
    document.core_properties.title = "Health and safety policy"
    document.add_heading("Health and safety policy", 0)
    document.add_paragraph(number)
    for words in paragraphs:
        document.add_paragraph(words)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()
