"""The document templates shipped with the product, filled with their samples and read back."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from document_templates.intake import inspect_archive
from document_templates.rendering import render
from tests.document_templates.word_files import body, opened, parts

ROOT = Path(__file__).resolve().parents[2]
STARTERS = sorted((ROOT / "document_templates" / "starters").glob("*.docx"))
SAMPLES = Path(__file__).parent / "samples"
OFFICE = shutil.which("soffice")

starters = pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)


def written(path: Path) -> bytes:
    return render(path.read_bytes(), json.loads((SAMPLES / f"{path.stem}.json").read_text()))


def test_there_are_starters():
    assert len(STARTERS) >= 3


@starters
def test_a_starter_passes_the_gate_for_uploads_and_so_does_what_it_becomes(path):
    inspect_archive(path.read_bytes(), kind="docx")
    inspect_archive(written(path), kind="docx")


@starters
def test_a_starter_becomes_a_document_without_leftovers(path):
    document = written(path)
    everything = b"".join(data for name, data in parts(document).items() if name.endswith(".xml")).decode()
    assert re.findall(r"\{\{|\{%|TOC-IS-FILLED|>None<|undefined", everything) == []
    assert "updateFields" not in everything
    assert opened(document).core_properties.title


@starters
def test_bookmarks_and_drawings_are_unique_and_every_reference_has_its_bookmark(path):
    xml = body(written(path))
    starts = re.findall(r'<w:bookmarkStart w:id="(\d+)" w:name="([^"]+)"', xml)
    assert len({number for number, _ in starts}) == len(starts) == len({name for _, name in starts})
    assert sorted(number for number, _ in starts) == sorted(re.findall(r'<w:bookmarkEnd w:id="(\d+)"', xml))
    drawings = re.findall(r'<wp:docPr [^>]*\bid="(\d+)"', xml)
    assert len(set(drawings)) == len(drawings)
    wanted = set(re.findall(r"\s(?:PAGE)?REF\s+(\S+)", xml)) | set(re.findall(r'w:anchor="([^"]+)"', xml))
    assert wanted <= {name for _, name in starts}


@starters
def test_every_style_in_use_exists(path):
    found = parts(written(path))
    defined = set(re.findall(r'w:styleId="([^"]+)"', found["word/styles.xml"].decode()))
    used = set(re.findall(r'<w:(?:pStyle|rStyle|tblStyle) w:val="([^"]+)"', found["word/document.xml"].decode()))
    assert used - defined == set()


@starters
def test_a_starter_is_the_same_bytes_each_time(path):
    assert written(path) == written(path)


@pytest.mark.office
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed (apt-get install libreoffice-writer)")
def test_libreoffice_opens_what_the_starters_become(tmp_path):
    for path in STARTERS:
        (tmp_path / path.name).write_bytes(written(path))
    subprocess.run(
        [str(OFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), *(str(tmp_path / path.name) for path in STARTERS)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    assert sorted(pdf.stem for pdf in tmp_path.glob("*.pdf")) == [path.stem for path in STARTERS]
