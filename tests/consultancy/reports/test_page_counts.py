"""How long each document is in print: long enough to say what it must, short enough to be read."""


import pypdfium2
import pytest

from document_templates import library
from document_templates.rendering import render
from document_templates.sample_fields import sample
from tests.consultancy.reports.practice import assemble, practice
from tests.consultancy.reports.test_manual import program
from tests.office import converted

PAGES = {
    "gap_report": (20, 45),
    "roadmap": (4, 8),
    "pre_audit_report": (10, 20),
    "sose_letter": (1, 3),  # one or two, and the checklist
    "manual": (60, 150),  # with all the documents of the program
}


@pytest.mark.office
def test_every_document_has_as_many_pages_as_its_kind_is_to_have(database_app, tmp_path):
    with practice(database_app):
        _, manual = assemble("manual", program(), language="fr")
    written = {kind: render(library.starter(kind).content, sample(kind, "en")) for kind in PAGES if kind != "manual"}
    written["manual"] = render(library.starter("manual", "fr").content, manual)
    for kind, content in written.items():
        (tmp_path / f"{kind}.docx").write_bytes(content)
    out = converted(tmp_path, "pdf", *(tmp_path / f"{kind}.docx" for kind in written))
    pages = {kind: len(pypdfium2.PdfDocument(out / f"{kind}.pdf")) for kind in written}
    assert {kind: n for kind, n in pages.items() if not PAGES[kind][0] <= n <= PAGES[kind][1]} == {}
