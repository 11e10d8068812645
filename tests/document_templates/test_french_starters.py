"""The French edition of every starter says everything in French, and is built from the very same places."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest

from document_templates import library
from document_templates.fragments import _CHIPS as CHIPS
from document_templates.rendering import render
from document_templates.sample_fields import kinds, sample
from tests.document_templates.word_files import parts
from tools import build_starters
from tools.starters import wording
from tools.starters.markup import p, run
from tools.starters.package import docx

TEXT = re.compile(
    r"<w:t(?: [^>]*)?>([^<]*)</w:t>|<(?:c|a):(?:v|t)>([^<]*)</(?:c|a):(?:v|t)>|w:tblCaption w:val=\"([^\"]*)\""
)
every = pytest.mark.parametrize("kind", kinds())


def said_in(content: bytes) -> set[str]:
    """Everything that a file says in one piece: runs, cells of charts, what a screen reader is told of tables."""
    whole = "".join(data.decode() for name, data in parts(content).items() if name.endswith(".xml"))
    return {
        "".join(found).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").strip()
        for found in TEXT.findall(whole)
    }


def english_only() -> set[str]:
    """English strings that are no French string too."""
    table = wording.french()
    french = {line.strip() for words in table.values() for line in words.split("\n")}
    return {line.strip() for words in table for line in words.split("\n")} - french


def test_every_starter_is_shipped_in_both_languages_as_it_is_built():
    built = dict(build_starters.built())
    shelf = {path.name for path in library.STARTERS.glob("*.docx")}
    assert set(built) == shelf
    assert [name for name, content in built.items() if (library.STARTERS / name).read_bytes() != content] == []
    assert {f"{kind}{suffix}.docx" for kind in kinds() for suffix in ("", ".fr")} == shelf


@every
def test_nothing_is_left_in_english_in_a_french_starter(kind):
    assert said_in(library.starter(kind, "fr").content) & english_only() == set()


@every
def test_nothing_is_left_in_english_in_what_it_becomes(kind):
    document = render(library.starter(kind, "fr").content, sample(kind, "fr"))
    french_chips = {meaning[3] for scale in CHIPS.values() for meaning in scale.values()}
    chips = {f"{meaning[1]} {meaning[2]}" for scale in CHIPS.values() for meaning in scale.values()
             if meaning[2] not in french_chips}  # fmt: skip
    assert said_in(document) & (english_only() | chips) == set()


@every
def test_a_french_file_says_that_it_is_french_everywhere(kind):
    for content in (
        library.starter(kind, "fr").content,
        render(library.starter(kind, "fr").content, sample(kind, "fr")),
    ):
        found = parts(content)
        assert b'w:val="fr-CA"' in found["word/styles.xml"]
        assert [name for name, data in found.items() if name.endswith(".xml") and b"en-CA" in data] == []
        assert b"<dc:language>fr-CA<" in found["docProps/core.xml"]


@every
def test_both_editions_ask_for_the_same_fields(kind):
    english, french = (
        set(
            re.findall(
                r"\{\{[pr]? ?(.*?)\}\}", parts(library.starter(kind, language).content)["word/document.xml"].decode()
            )
        )
        for language in ("en", "fr")
    )
    assert english == french


def test_words_without_french_stop_the_build_and_are_all_named():
    with pytest.raises(wording.Untranslated) as refused, wording.speaking("fr"):
        run("Words that nobody translated")
        p("BodyText", "Others with {{ a.tag }}")
    assert refused.value.missing == ["Words that nobody translated", "Others with {{ a.tag }}"]
    assert "Others with {{ a.tag }}" in str(refused.value)


def test_signs_between_tags_are_set_as_french_sets_them():
    with wording.speaking("fr"):
        assert "{{ x.term }}\u00a0: " in run("{{ x.term }}: ")
        assert "{{ r.code }} {{ r.title }}" in run("{{ r.code }} {{ r.title }}")
    assert "{{ x.term }}: " in run("{{ x.term }}: ")


def test_a_word_outside_the_tables_is_found_in_any_module():
    module = build_starters.MODULES[0]
    with pytest.raises(wording.Untranslated), wording.speaking("fr"):
        docx(replace(module.STARTER, body=module.body(), subject="A subject that nobody translated"))


def test_the_workbook_of_the_chart_is_french_too():
    with zipfile.ZipFile(
        BytesIO(parts(library.starter("gap_report", "fr").content)["word/embeddings/chart1.xlsx"])
    ) as book:
        shared = book.read("xl/sharedStrings.xml").decode()
    assert "Efficace" in shared
    assert "Effective" not in shared


def test_samples_say_the_same_in_both_languages():
    def facts(value):
        if isinstance(value, dict):
            return {key: facts(one) for key, one in value.items()}
        if isinstance(value, list):
            return [facts(one) for one in value]
        return bool(value) if isinstance(value, str) else value

    for kind in kinds():
        assert facts(sample(kind, "fr")) == facts(sample(kind, "en")), kind


def test_an_earlier_finding_is_closed_in_the_gender_of_a_finding():
    printed = said_in(render(library.starter("pre_audit_report", "fr").content, sample("pre_audit_report", "fr")))
    assert {"● Clos", "○ Ouvert"} <= printed
    assert not {"● Close", "○ Ouverte"} & printed
