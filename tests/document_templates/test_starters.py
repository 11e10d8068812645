"""The document templates shipped with the product, filled with their samples and read back."""

import json
import re
from html import unescape
from pathlib import Path

import pytest

from document_templates.fragments import _CHIPS as CHIPS
from document_templates.intake import inspect_archive
from document_templates.rendering import render
from tests.document_templates.word_files import body, opened, parts
from tests.office import converted

ROOT = Path(__file__).resolve().parents[2]
STARTERS = sorted((ROOT / "document_templates" / "starters").glob("*.docx"))
SAMPLES = ROOT / "document_templates" / "samples"

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CODES = ("charts", "grade", "rating", "code", "representation", "status", "state")

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


def without_content(value, entries: int, name: str = ""):
    """The sample with blank texts and lists of no or of one blank entry; codes and charts stay as they are."""
    if name in CODES:
        return value
    if isinstance(value, dict):
        return {key: without_content(one, entries, key) for key, one in value.items()}
    if isinstance(value, list):
        return [without_content(one, entries) for one in value[:entries]]
    return 0 if isinstance(value, int) else ""


@starters
@pytest.mark.parametrize("entries", [0, 1, None], ids=["no entries", "one blank entry", "everything"])
def test_tables_stay_whole_whatever_is_missing(path, entries):
    sample = json.loads((SAMPLES / f"{path.stem}.json").read_text())
    fields = sample if entries is None else without_content(sample, entries)
    document = opened(render(path.read_bytes(), fields)).element.body
    assert [cell for cell in document.iter(f"{W}tc") if cell[-1].tag != f"{W}p"] == []
    assert [table for table in document.iter(f"{W}tbl") if table.find(f"{W}tr") is None] == []
    followers = [table.getnext() for table in document.iter(f"{W}tbl")]
    assert [one for one in followers if one is None or one.tag == f"{W}tbl"] == []


@starters
def test_looks_come_from_styles_only(path):
    document = opened(written(path)).element.body
    assert {mark.tag for look in document.iter(f"{W}pPr") for mark in look} <= {f"{W}pStyle", f"{W}sectPr"}
    assert {mark.tag for look in document.iter(f"{W}tcPr") for mark in look} <= {f"{W}tcW", f"{W}vAlign"}


def test_chips_use_styles_that_every_starter_has():
    for path in STARTERS:
        defined = set(re.findall(r'w:styleId="([^"]+)"', parts(path.read_bytes())["word/styles.xml"].decode()))
        assert {style for scale in CHIPS.values() for style, *_ in scale.values()} - defined == set()


@starters
def test_a_starter_is_the_same_bytes_each_time(path):
    assert written(path) == written(path)


@pytest.mark.office
def test_libreoffice_opens_what_the_starters_become(tmp_path):
    for path in STARTERS:
        (tmp_path / path.name).write_bytes(written(path))
    out = converted(tmp_path, "pdf", *(tmp_path / path.name for path in STARTERS))
    assert sorted(pdf.stem for pdf in out.glob("*.pdf")) == [path.stem for path in STARTERS]


def test_words_put_into_french_beside_the_charts_still_stand_in_a_starter():
    """A sentence that was reworded would lose its French without a sound."""
    french = json.loads((ROOT / "tools" / "starters" / "french" / "charts.json").read_text(encoding="utf-8"))
    everything = (parts(path.read_bytes()) for path in STARTERS)
    shipped = unescape("".join(data.decode() for found in everything for name, data in found.items() if ".xml" in name))
    printed = {words.strip() for words in re.split(r'[<>]|w:tblCaption w:val="|"', shipped)}
    assert set(french) - printed == set()
    assert [words for words in french.values() if " ;" in words or " :" in words] == []


# Fields that came when documents were waiting already, whose frozen fields do not have them.
CAME_LATER = {
    "manual": ("master",),
    "gap_report": ("interviews",),
    "pre_audit_report": ("interviews", "audit"),
    "roadmap": ("after", "starts", "percent"),
}


def without_names(value, names):
    if isinstance(value, dict):
        return {key: without_names(one, names) for key, one in value.items() if key not in names}
    return [without_names(one, names) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("language", ["", ".fr"])
@pytest.mark.parametrize("kind", CAME_LATER)
def test_a_document_that_waited_when_a_field_was_added_can_still_be_written(kind, language):
    sample = json.loads((SAMPLES / f"{kind}{language}.json").read_text())
    older = without_names(sample, CAME_LATER[kind])
    assert older != sample
    document = render((STARTERS[0].parent / f"{kind}{language}.docx").read_bytes(), older)
    assert opened(document).core_properties.title
    assert re.findall(r"\{\{|\{%|>None<|undefined", body(document)) == []
