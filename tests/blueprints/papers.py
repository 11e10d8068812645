"""Small Word files that pass for finished documents."""

from io import BytesIO

import docx

from tests.document_templates.word_files import picture


def paper(number: str, *paragraphs: str, picture_under: str = "") -> bytes:
    """`picture_under`: a heading, with a picture below that has no alternative text."""
    document = docx.Document()
    document.core_properties.identifier = number
    document.core_properties.language = "en-CA"
    document.core_properties.title = "Health and safety policy"
    document.add_heading("Health and safety policy", 0)
    document.add_paragraph(number)
    for words in paragraphs:
        document.add_paragraph(words)
    if picture_under:
        document.add_heading(picture_under, 1)
        document.add_picture(BytesIO(picture()))
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()
